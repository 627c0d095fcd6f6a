"""Options of a command that formats declare: a format that is added brings its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import click

_PREFIX = "format_option_"


class FormatCommand(click.Command):
    """A command that takes, beside its own options, those that formats declare."""

    use: Literal["read", "write"] = "read"

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Its own options, then those of formats, then help."""
        own = super().get_params(ctx)
        return [*own[:-1], *_declared(self.use), *own[-1:]]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write its own options, those of formats, and what formats there are."""
        own = [p for p in super().get_params(ctx) if isinstance(p, click.Option)]
        with formatter.section("Options"):
            formatter.write_dl([found for p in own if (found := p.get_help_record(ctx))])
        if rows := list(_option_rows(self.use)):
            with formatter.section("Options of some formats, with their defaults"):
                formatter.write_dl(rows)
        with formatter.section("Formats"):
            formatter.write_dl(list(_format_rows(self.use)))


class ReadingCommand(FormatCommand):
    """A command that reads files."""

    use = "read"


class WritingCommand(FormatCommand):
    """A command that writes files."""

    use = "write"


def given(parameters: dict[str, str | None]) -> dict[str, str]:
    """The options of formats that were given, by their names."""
    return {
        name.removeprefix(_PREFIX).replace("_", "-"): value
        for name, value in parameters.items()
        if value is not None
    }


def _declared(use: Literal["read", "write"]) -> list[click.Option]:
    """Each option once, whatever formats take it: what they make of it they check themselves."""
    from annotator.formats import registry

    names = dict.fromkeys(option.name for _, option in registry.declared_options(use))
    return [click.Option([_PREFIX + n.replace("-", "_"), f"--{n}"]) for n in sorted(names)]


def _option_rows(use: Literal["read", "write"]) -> Iterator[tuple[str, str]]:
    """Each option with its help, and the formats that take it, by what they take without it."""
    from annotator.formats import registry

    takers: dict[tuple[str, str, str], dict[str | None, list[str]]] = {}
    for format, option in registry.declared_options(use):
        row = takers.setdefault((option.name, option.shown, option.help), {})
        row.setdefault(option.default, []).append(format)
    for (name, shown, help), formats in sorted(takers.items()):
        defaults = [
            ", ".join(names) + ("" if default is None else f": {default}")
            for default, names in formats.items()
        ]
        yield f"--{name} {shown}", f"{help}  [{'; '.join(defaults)}]"


def _format_rows(use: Literal["read", "write"]) -> Iterator[tuple[str, str]]:
    """Each format, and what it is; of one that is not installed, how it would be."""
    from annotator.formats import registry

    for format in registry.all_formats():
        if format.reads if use == "read" else format.writes:
            lacking = f"  (pip install 'annotator[{format.extra}]')" if format.missing else ""
            yield format.name, f"{format.title}{lacking}"
