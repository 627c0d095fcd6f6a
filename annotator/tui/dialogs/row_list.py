"""A list of rows in small windows: each is one line; notes stand below each other."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import OptionList

from annotator.core.safe_text import cell_width, cut, cut_within, safe

_GAP = 2
_SIGN = "›"
"""Before the marked row, in the cell that every row keeps free for it."""
_BRIGHT = RichStyle(dim=False)


class Row(Visual):
    """A sign or key before it (``lead``), a title, and a dim note in the column of all notes.

    What has no room is cut with a sign: of the title its end, or with ``names`` its middle, since
    names of files differ at their ends.
    """

    def __init__(self, title: str, note: str = "", lead: str = "", *, names: bool = False) -> None:
        self._lead = safe(lead)
        self._title = safe(title)
        self._note = safe(note)
        self._cut = cut_within if names else cut
        self._titles = cell_width(self._title)
        self._notes = cell_width(self._note)

    def __str__(self) -> str:
        """All of it, be there room for it or not."""
        note = " " * _GAP + self._note if self._note else ""
        return f"{self._lead}{self._title}{note}"

    def line_up(self, titles: int, notes: int) -> None:
        """Stand in columns of so many cells, as far as there is room for them."""
        self._titles, self._notes = titles, notes

    @property
    def cells(self) -> tuple[int, int]:
        """What title and note take of their own."""
        return cell_width(self._title), cell_width(self._note)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """One line."""
        return 1

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Whatever says all."""
        return len(_SIGN) + cell_width(self._lead) + self._titles + _GAP + self._notes

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        """Title and note, each in its column."""
        return self._content(width).render_strips(width, 1, style, options)

    def _content(self, width: int) -> Content:
        room = width - len(_SIGN) - cell_width(self._lead)
        notes = min(self._notes, max(0, room // 2 - _GAP))
        column = min(self._titles, room - (notes + _GAP if notes else 0))
        title = self._cut(self._title, column)
        lead = Content(" " * len(_SIGN)) + Content.styled(self._lead, "bold") + Content(title)
        if not self._note:
            return lead
        gap = " " * (column - cell_width(title) + _GAP)
        return lead + Content.styled(gap + cut(self._note, room - column - _GAP), "dim")


class RowList(OptionList):
    """The marked row has a sign, so that it can be told without colour; its note is as bright as
    the rest, since dim cannot be read on its colour."""

    def render_line(self, y: int) -> Strip:
        """One row."""
        strip, place = super().render_line(y), self.scroll_offset.y + y
        if place != self.highlighted:
            return strip
        segments = [Segment(s.text, (s.style or _BRIGHT) + _BRIGHT, s.control) for s in strip]
        sign = Segment(_SIGN, segments[0].style)
        return Strip([sign, *Strip(segments).crop(len(_SIGN))], strip.cell_length)


def lined_up(rows: Sequence[Row]) -> None:
    """Put titles and notes of these rows into columns as wide as the widest of them."""
    cells = [row.cells for row in rows]
    titles = max((title for title, _ in cells), default=0)
    notes = max((note for _, note in cells), default=0)
    for row in rows:
        row.line_up(titles, notes)
