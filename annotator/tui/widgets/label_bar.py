"""The label bar: the schema's keys and what else works now, or what the keys do in a mode."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.geometry import Region
from textual.strip import Strip

from annotator.core.safe_text import cell_width, cut, cut_front, fit, safe
from annotator.core.schema import Schema
from annotator.tui.keymap import shown, unshown
from annotator.tui.widgets.keys_wanted import KeysWanted
from annotator.tui.widgets.text_line import Part, TextLine

Keys = tuple[tuple[str, str], ...]
"""Keys as they are shown, each with what it does."""
Parts = tuple[Part, ...]

_LENGTHS = (60, 14, 12, 10, 9, 8, 7, 6, 5, 4, 3, 0)
"""How many cells of each label are shown at most, from the whole of it to the key alone."""
_SIGNED = 5
"""Cells from which on a label that is cut says so; shorter ones are abbreviations."""
_LEAST = 23
"""Cells that the keys behind the labels have at least."""
_ALL_TITLED = 76
"""Cells in which each of them has its title."""
_TWO_ROWS_FROM = 12
"""Rows of a screen that has two to spare for the bar where labels need them."""
_SPARE_FROM = 20
"""Rows of one that has two to spare where what keys do needs them."""


class LabelBar(TextLine):
    """``key LABEL`` pairs below each other in one row or two, shortened together where they would
    not fit; beside them the keys that work where the cursor is.

    How many rows there are, and where each label stands, depends on schema and screen alone: a key
    is always found in the same place.
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: tuple[Schema, str, Keys, str] | None = None
        self._mode: tuple[str, Keys] | None = None
        self._rows: list[Parts] = [(), ()]
        self._laid: tuple[Schema, int, int] | None = None
        self._labels: list[Parts] = []
        self._room = 0

    def show_labels(self, schema: Schema, state: str, keys: Keys, help: str) -> None:
        """Show the labels in the schema's order, and beside them the state of a selection, if there
        is one, and the keys for what is in focus; ``help`` is the key that shows all others."""
        now = (schema, state, keys, help)
        if now == self._shown:
            return
        self._shown, self._mode = now, None
        self._lay(schema)
        beginning: Parts = ((f"{state}  ", "strong"),) if state else ()
        ending: Parts = ((f" {help} help", "dim"),) if help else ()
        beside = _beside(beginning, keys, ending, self._room, len(self._labels))
        self._put([self._joined(*pair) for pair in zip(self._labels, beside, strict=True)])

    def show_mode(self, name: str, keys: Keys) -> None:
        """Show a mode's name and its keys in place of the labels."""
        self._shown, self._mode = None, (name, keys)
        width, rows = self.app.size.width, max(1, len(self._labels))
        beginning: Parts = ((f"{name}  ", "strong"),)
        for titled in range(len(keys), -1, -1):
            lines = _flowing(beginning, _pairs(keys, titled), width - 1, rows, " ")
            if lines is not None:
                break
        else:
            lines = [((" ", "dim"), *beginning, *sum(_pairs(keys, 0), ()))]
        self._put([*lines, *[()] * (rows - len(lines))])

    @property
    def plain(self) -> str:
        """All that is shown, as plain text, row after row."""
        return " ".join("".join(text for text, _ in row) for row in self._rows)

    def render_line(self, y: int) -> Strip:
        """One row."""
        parts, width = self._rows[y] if y < len(self._rows) else (), self.size.width
        return self.line((width, parts), lambda: self.painted(parts, (), width))

    def on_resize(self, event: events.Resize) -> None:
        """Another size may show more of each label, or less."""
        before, self._shown = self._shown, None
        if before is not None:
            self.show_labels(*before)
        elif self._mode is not None:
            if self._laid is not None:
                self._lay(self._laid[0])
            self.show_mode(*self._mode)

    def on_click(self, event: events.Click) -> None:
        """A click on a key, or on what it does, presses it."""
        key = self.key_at(event.x, event.y)
        if key is not None:
            self.post_message(KeysWanted((key,)))

    def key_at(self, x: int, y: int) -> str | None:
        """The key that stands, or whose title stands, in a cell of the bar."""
        column, key = 0, None
        for text, kind in self._rows[y] if y < len(self._rows) else ():
            if kind == "key":
                key = None if " " in text else unshown(text)
            elif kind != "plain" or not text.strip():
                key = unshown(text.split()[0]) if text.endswith(" help") else None
            column += cell_width(text)
            if x < column:
                return " " if key == "space" else key
        return None

    # -- where everything stands -----------------------------------------------------------------

    def _lay(self, schema: Schema) -> None:
        """Give the labels their places, and take the rows that they need."""
        width, height = self.app.size
        if self._laid == (schema, width, height):
            return
        self._laid = (schema, width, height)
        alone = width - (_ALL_TITLED if height >= _SPARE_FROM else _LEAST)
        rows = 2 if height >= _TWO_ROWS_FROM else 1
        self._labels = laid_out(schema, alone, max(1, width - _LEAST), rows)
        taken = max(_cells(row) for row in self._labels)
        self._room = max(0, width - taken)
        self.styles.height = len(self._labels)

    def _joined(self, labels: Parts, beside: Parts) -> Parts:
        gap = self.app.size.width - self._room - _cells(labels)
        filler: Parts = ((" " * gap, "plain"),) if beside and gap > 0 else ()
        return (*labels, *filler, *beside)

    def _put(self, rows: list[Parts]) -> None:
        if rows != self._rows:
            self._rows = rows
            self.refresh(Region(0, 0, *self.size))


def _cells(parts: Sequence[Part]) -> int:
    return sum(cell_width(text) for text, _ in parts)


def laid_out(schema: Schema, alone: int, room: int, most: int) -> list[Parts]:
    """The labels in one row, if every name has room in ``alone`` cells, else in ``most`` rows of
    ``room`` cells, below each other, with as much of each as there is room for."""
    pairs = [(shown(key), safe(label.name)) for key, (_, label) in schema.keys().items()]
    if not pairs:
        return [((" enter picks a label ", "dim"),)]
    lines = _grid(pairs, _LENGTHS[0], 1)
    if _cells(lines[0]) <= alone:
        return lines
    for length in _LENGTHS:
        lines = _grid(pairs, length, most)
        if max(_cells(line) for line in lines) <= room:
            return lines
    return _as_many(pairs, room, most)


def _grid(pairs: list[tuple[str, str]], length: int, rows: int) -> list[Parts]:
    """Pairs row by row, each below another as wide."""
    names = _shortened([name for _, name in pairs], length)
    columns = -(-len(pairs) // rows)
    widths = [
        max(cell_width(key) + cell_width(name) for (key, _), name in column)
        for column in (
            [*zip(pairs[n::columns], names[n::columns], strict=True)] for n in range(columns)
        )
    ]
    lines = []
    for first in range(0, len(pairs), columns):
        parts: list[Part] = [(" ", "plain")]
        for (key, _), name, width in zip(
            pairs[first : first + columns], names[first : first + columns], widths, strict=False
        ):
            gap = width - cell_width(key) - cell_width(name) + (2 if length > _SIGNED else 1)
            parts += [(key, "key"), (f"{' ' if name else ''}{name}{' ' * gap}", "plain")]
        lines.append(tuple(parts))
    return lines


def _shortened(names: list[str], length: int) -> list[str]:
    """Names of up to so many cells, told apart where that can be."""
    if not length:
        return [""] * len(names)
    short = [cut(n, length) if length >= _SIGNED else fit(n, length)[0] for n in names]
    return [
        cut_front(name, length) if short.count(one) > 1 else one
        for name, one in zip(names, short, strict=True)
    ]


def _as_many(pairs: list[tuple[str, str]], room: int, rows: int) -> list[Parts]:
    """As many of the keys as there is room for, without their labels."""
    lines: list[Parts] = []
    rest = [key for key, _ in pairs]
    for _ in range(rows):
        parts: list[Part] = [(" ", "plain")]
        while rest and _cells(parts) + cell_width(rest[0]) + 2 < room:
            parts += [(rest.pop(0), "key"), (" ", "plain")]
        lines.append(tuple(parts))
    if rest:
        lines[-1] = (*lines[-1], ("… ", "dim"))
    return lines


def _pairs(keys: Keys, titled: int) -> list[Parts]:
    """The keys, the first so many with their titles."""
    return [
        ((key, "key"), (f" {title}  " if number < titled else " ", "plain"))
        for number, (key, title) in enumerate(keys)
    ]


def _beside(beginning: Parts, keys: Keys, ending: Parts, room: int, rows: int) -> list[Parts]:
    """What stands at the right of the labels: keys titled as there is room, and the way to help at
    the end of the last row. Where not even the keys have room, that alone."""
    kept = _cells(ending)
    for titled in range(len(keys), -1, -1):
        edge = "│ " if keys else ""
        lines = _flowing(beginning, _pairs(keys, titled), room - 1, rows, edge, kept)
        if lines is not None:
            break
    else:
        lines = [()]
    lines += [()] * (rows - len(lines))
    filler = room - 1 - _cells(lines[-1]) - kept
    if filler >= 0 and ending:
        lines[-1] = (*lines[-1], (" " * filler, "plain"), *ending)
    return lines


def _flowing(
    beginning: Parts, pairs: list[Parts], room: int, rows: int, edge: str, kept: int = 0
) -> list[Parts] | None:
    """Pairs one after the other in up to so many rows of ``room`` cells, each beginning with
    ``edge``; ``kept`` cells of the last row stay free. None where they do not fit."""
    lines: list[list[Part]] = [[(edge, "dim"), *beginning]]
    for pair in pairs:
        free = room - (kept if len(lines) == rows else 0)
        if _cells(lines[-1]) + _cells(_stripped(pair)) > free:
            if len(lines) == rows:
                return None
            lines.append([(edge, "dim")])
            free = room - (kept if len(lines) == rows else 0)
            if _cells(lines[-1]) + _cells(_stripped(pair)) > free:
                return None
        lines[-1] += pair
    return [_stripped(tuple(line)) for line in lines]


def _stripped(parts: Parts) -> Parts:
    """Without white space at the end."""
    *before, (text, kind) = parts
    return (*before, (text.rstrip(), kind))
