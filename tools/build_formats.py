"""Makes the tables of docs/formats.md from what the formats declare.

``python tools/build_formats.py`` writes the page, with ``--check`` it only says whether it is up to
date (exit code 1 where not). What stands outside of the marks is written by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from annotator.formats import registry
from annotator.formats.base import Format
from annotator.formats.carries import FEATURES

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "formats.md"
BEGIN, END = "<!-- {} -->\n", "<!-- end of {} -->\n"


def formats_table() -> Iterator[str]:
    """One row per format."""
    yield "| format | what it is | import | export | options | needs |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for format in registry.all_formats():
        ways = ["yes" if way else "" for way in (format.reads, format.writes)]
        if format.folder:
            ways[1] = "a folder"
        options = ", ".join(sorted(_options(format)))
        needs = f"`annotator[{format.extra}]`" if format.extra else ""
        cells = [f"`{format.name}`", format.title, *ways, options.replace("|", "\\|"), needs]
        yield f"| {' | '.join(cells)} |"


def _options(format: Format) -> Iterator[str]:
    """Each option once; where import and export allow other values of it, which take which."""
    ways: dict[str, dict[str, list[str]]] = {}
    for way, options in (("import", format.read_options), ("export", format.write_options)):
        for option in options:
            ways.setdefault(option.name, {}).setdefault(option.shown, []).append(way)
    for name, shown in ways.items():
        if len(shown) == 1:
            yield f"`--{name} {next(iter(shown))}`"
        else:
            told = ", ".join(f"{' '.join(taken)} `{values}`" for values, taken in shown.items())
            yield f"`--{name}`: {told}"


def loss_matrix() -> Iterator[str]:
    """Features down, exported formats across."""
    formats = [format for format in registry.all_formats() if format.writes]
    yield f"| | {' | '.join(f'`{format.name}`' for format in formats)} |"
    yield f"| --- |{' :-: |' * len(formats)}"
    for feature, title in FEATURES.items():
        cells = [_cell(getattr(format.carries, feature)) for format in formats]
        yield f"| {title} | {' | '.join(cells)} |"


def _cell(value: bool | str) -> str:
    if isinstance(value, bool):
        return "✓" if value else "–"
    return {"none": "–", "any": "✓"}.get(value, value)


def page(text: str) -> str:
    """The page with its tables made anew."""
    for name, rows in (("formats", formats_table()), ("loss matrix", loss_matrix())):
        head, _, rest = text.partition(BEGIN.format(name))
        _, _, tail = rest.partition(END.format(name))
        text = head + BEGIN.format(name) + "\n".join(rows) + "\n" + END.format(name) + tail
    return text


def main(arguments: list[str]) -> int:
    """Write the page, or check it. Returns the exit code."""
    text = PAGE.read_text("utf-8")
    made = page(text)
    if arguments == ["--check"]:
        if made != text:
            sys.stderr.write("docs/formats.md is not up to date: make exports\n")
        return int(made != text)
    PAGE.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
