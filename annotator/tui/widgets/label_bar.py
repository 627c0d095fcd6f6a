"""The label bar: the schema's keys, or what the keys do in a mode."""

from __future__ import annotations

from textual import events

from annotator.core.safe_text import cell_width, safe
from annotator.core.schema import Schema
from annotator.tui.widgets.text_line import Part, TextLine

_HELP: tuple[Part, ...] = (("? help ", "dim"),)
_ANSWERS: tuple[Part, ...] = (("y", "key"), (" yes  ", "plain"), ("n", "key"), (" no ", "plain"))
_LENGTHS = (60, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1, 0)
"""How many characters of each label are shown, from the whole of it to the key alone."""


class LabelBar(TextLine):
    """One line of ``key LABEL`` pairs, shortened together where they would not fit."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._schema: Schema | None = None
        self._right_wanted = _HELP
        self._parts: tuple[Part, ...] = ()

    def show_schema(self, schema: Schema, *, answers: bool = False) -> None:
        """Show the keys of the labels, in the schema's order; with ``answers`` yes and no too."""
        right = _ANSWERS if answers else _HELP
        if schema is not self._schema or right is not self._right_wanted or not self._parts:
            self._schema, self._right_wanted = schema, right
            taken = sum(len(text) for text, _ in right)
            self._parts = _fitting(schema, self.size.width - taken - 1)
        self.show(self._parts, right)

    def on_resize(self, event: events.Resize) -> None:
        """Another width may show more of each label, or less."""
        self._parts = ()
        if self._schema is not None:
            self.show_schema(self._schema, answers=self._right_wanted is _ANSWERS)

    def show_mode(self, name: str, keys: tuple[tuple[str, str], ...]) -> None:
        """Show a mode's name and its keys in place of the labels."""
        parts: list[Part] = [(f" {name}  ", "strong")]
        for key, title in keys:
            parts += [(key, "key"), (f" {title}  ", "plain")]
        self.show(tuple(parts))


def _fitting(schema: Schema, room: int) -> tuple[Part, ...]:
    """The keys with as much of each label as has room in so many cells."""
    pairs = [(key, safe(label.name)) for key, (_, label) in schema.keys().items()]
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
