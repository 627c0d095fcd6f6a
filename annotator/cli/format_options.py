"""Options of a command that formats declare: a format that is added brings its own."""

from __future__ import annotations

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
    """Each option once, saying which formats take it."""
    from annotator.formats import registry

    return [
        click.Option(
            [_PREFIX + option.name.replace("-", "_"), f"--{option.name}"],
            metavar=option.shown,
            help=f"{option.help} ({', '.join(names)})",
        )
        for option, names in registry.declared_options(use)
    ]
