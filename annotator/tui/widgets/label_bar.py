"""The label bar: the schema's keys and what else works now, or what the keys do in a mode."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events

from annotator.core.safe_text import cell_width, safe
from annotator.core.schema import Schema
from annotator.tui.keymap import shown, unshown
from annotator.tui.widgets.keys_wanted import KeysWanted
from annotator.tui.widgets.text_line import Part, TextLine

Keys = tuple[tuple[str, str], ...]
"""Keys as they are shown, each with what it does."""

_LENGTHS = (60, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1, 0)
"""How many characters of each label are shown, from the whole of it to the key alone."""


class LabelBar(TextLine):
    """One line: ``key LABEL`` pairs, shortened together where they would not fit, and behind them
    the keys that work where the cursor is."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: tuple[Schema, str, Keys, str] | None = None
        self._mode: tuple[str, Keys] | None = None

    def show_labels(self, schema: Schema, state: str, keys: Keys, help: str) -> None:
        """Show the labels in the schema's order, the state of a selection before them if there is
        one, and the keys for what is in focus; ``help`` is the key that shows all others."""
        now = (schema, state, keys, help)
        if now == self._shown:
            return
        self._shown, self._mode = now, None
        width = self.size.width
        ending: tuple[Part, ...] = ((f"{help} help ", "dim"),) if help else ()
        right = (*_as_fits(keys, width // 3), *ending)
        beginning: tuple[Part, ...] = ((f" {state} ", "strong"),) if state else ()
        taken = _cells((*beginning, *right))
        self.show((*beginning, *_fitting(schema, width - taken - 1)), right)

    def on_resize(self, event: events.Resize) -> None:
        """Another width may show more of each label, or less."""
        before, self._shown = self._shown, None
        if before is not None:
            self.show_labels(*before)
        elif self._mode is not None:
            self.show_mode(*self._mode)

    def on_click(self, event: events.Click) -> None:
        """A click on a key, or on what it does, presses it."""
        key = self.key_at(event.x)
        if key is not None:
            self.post_message(KeysWanted((key,)))

    def key_at(self, x: int) -> str | None:
        """The key that stands, or whose title stands, in a cell of the line."""
        right = sum(cell_width(text) for text, _ in self._right)
        parts, column = self._left, 0
        if x >= self.size.width - right:
            parts, column = self._right, self.size.width - right
        key: str | None = None
        for text, kind in parts:
            if kind == "key":
                key = None if " " in text else unshown(text)
            elif kind == "dim":
                key = unshown(text.split()[0]) if text.endswith(" help ") else None
            column += cell_width(text)
            if x < column:
                return " " if key == "space" else key
        return None

    def show_mode(self, name: str, keys: Keys) -> None:
        """Show a mode's name and its keys in place of the labels."""
        self._shown = None
        self._mode = (name, keys)
        beginning = f" {name}  "
        room = self.size.width - cell_width(beginning)
        self.show(((beginning, "strong"), *_titled(keys, room)))


def _as_fits(keys: Keys, room: int) -> tuple[Part, ...]:
    """The keys behind a line, titled as there is room; nothing where not even the keys have it."""
    if not keys:
        return ()
    parts: tuple[Part, ...] = (("│ ", "dim"), *_titled(keys, room - 2))
    return parts if _cells(parts) <= room else ()


def _titled(keys: Keys, room: int) -> tuple[Part, ...]:
    """As many of the keys with their titles as so many cells have room for, the others alone."""
    parts: list[Part] = []
    for titled in range(len(keys), -1, -1):
        parts = []
        for number, (key, title) in enumerate(keys):
            parts += [(key, "key"), (f" {title}  " if number < titled else " ", "plain")]
        if _cells(parts) <= room:
            break
    return tuple(parts)


def _cells(parts: Iterable[Part]) -> int:
    return sum(cell_width(text) for text, _ in parts)


def _fitting(schema: Schema, room: int) -> tuple[Part, ...]:
    """The keys with as much of each label as has room in so many cells."""
    pairs = [(shown(key), safe(label.name)) for key, (_, label) in schema.keys().items()]
    if not pairs:
        return ((" enter picks a label", "dim"),)
    for length in _LENGTHS:
        gap = "  " if length > 8 else " "
        parts: list[Part] = [(" ", "plain")]
        for key, name in pairs:
            parts += [(key, "key"), (f" {name[:length]}{gap}" if length else " ", "plain")]
        if sum(cell_width(text) for text, _ in parts) <= room:
            break
    return tuple(parts)
