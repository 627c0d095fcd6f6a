"""From the content of a row to a strip of styled cells.

A ``Row`` says all that its picture depends on, and so is the key under which the picture is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from annotator.core.lanes import LaneRow, LaneSegment
from annotator.core.schema import Schema
from annotator.core.visual_lines import VisualLine
from annotator.tui.matches import NO_MATCHES, Matches

if TYPE_CHECKING:
    from annotator.workflow.annotate import AnnotateSession

COMPONENTS = (
    "text",
    "match",
    "gutter",
    "current",
    "done",
    "cursor",
    "selection",
    "focus",
    "other",
    "suggestion",
    "next",
    "draft",
    "hint",
    "lane",
    "standin",
)

Hint = tuple[int, str | None, str]
"""Where (a code point), on which span if on one, and the letters to show."""


_BARE = Style(underline=False)
"""The space at which a line is broken has no line below it."""

TIED = "●"
"""Behind the hint of what is tied already."""


class TextMark(NamedTuple):
    """A half-open range of code points and the component that styles it; ``span`` takes a label."""

    start: int
    end: int
    component: str
    layer: str = ""
    label: str = ""


class Overlay(NamedTuple):
    """What lies over the document at the moment. Ranges are half-open, in code points."""

    ordinal: int = -1
    cursor: tuple[int, int] = (0, 0)
    selection: tuple[int, int] = (0, 0)
    focus: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()
    hints: tuple[Hint, ...] = ()
    draft: tuple[int, int, int] | None = None
    matches: Matches = NO_MATCHES
    tied: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        session: AnnotateSession,
        hints: tuple[Hint, ...],
        draft: tuple[int, int, int] | None,
        matches: Matches = NO_MATCHES,
        tied: frozenset[str] = frozenset(),
    ) -> Overlay:
        """What lies over a session's document."""
        reader = session.reader
        cursor, selection = reader.cursor, reader.selection
        return cls(
            reader.ordinal,
            (cursor.start, cursor.end),
            (selection.start, selection.end) if selection else (0, 0),
            session.in_focus,
            session.suggestions.waiting,
            hints,
            draft,
            matches,
            tied,
        )

    def touches(self, start: int, end: int) -> bool:
        """Whether anything lies over the text [start, end)."""
        cursor, selection, draft = self.cursor, self.selection, self.draft
        return (
            (cursor[0] < end and cursor[1] > start)
            or (selection[0] < end and selection[1] > start)
            or (draft is not None and draft[0] < end and draft[1] > start)
            or bool(self.hints)
            or bool(self.matches.within(start, end))
        )

    def marks_on(self, start: int, end: int) -> tuple[TextMark, ...]:
        """What lies over the text [start, end), the uppermost last."""
        found = (
            *(TextMark(*match, "match") for match in self.matches.within(start, end)),
            TextMark(*self.selection, "selection"),
            TextMark(*(self.draft[:2] if self.draft else (0, 0)), "draft"),
            TextMark(*(self.cursor if self.draft is None else _edge_cell(*self.draft)), "cursor"),
        )
        return tuple(m for m in found if m.start < end and m.end > start)

    def hints_on(self, start: int, end: int, in_lanes: bool) -> tuple[tuple[int, str], ...]:
        """The hints over the text [start, end); in lanes, those of spans are shown there."""
        return tuple(
            (offset, self._marked(span, letters))
            for offset, span, letters in self.hints
            if start <= offset < end and not (in_lanes and span is not None)
        )

    def _marked(self, span: str | None, letters: str) -> str:
        return f"{letters}{TIED}" if span in self.tied else letters

    def hints_of(self, lane: LaneRow) -> tuple[tuple[int, str], ...]:
        """The hints on a lane: number of the segment, letters."""
        return tuple(
            (number, self._marked(span, letters))
            for number, segment in enumerate(lane.segments)
            for _, span, letters in self.hints
            if span is not None and span == segment.span and segment.kind == "bracket"
        )


def _edge_cell(start: int, end: int, edge: int) -> tuple[int, int]:
    """The code point that stands for the edge that moves: the first or the last inside."""
    return (end - 1, end) if edge == end else (start, start + 1)


class Row(NamedTuple):
    """All that one painted row depends on. ``sub`` is 0 for text, 1… for lanes and blank rows.

    ``hints`` are (code point, letters) in a row of text, (segment number, letters) in a lane.
    """

    line: VisualLine
    sub: int
    start: int
    end: int
    gutter: str
    gutter_style: str
    marks: tuple[TextMark, ...] = ()
    hints: tuple[tuple[int, str], ...] = ()
    lane: LaneRow | None = None
    blank: bool = False


class Painter:
    """Paints rows. ``style_of`` gives the style of a component class."""

    def __init__(self, style_of: Callable[[str], Style], schema: Schema) -> None:
        self._styles = {name: style_of(f"document--{name}") for name in COMPONENTS}
        self._base = self._styles["text"]
        self._colours = {
            (layer.name, label.name): Style(color=label.colour)
            for layer in schema.layers
            for label in layer.labels
        }

    def blank(self, width: int) -> Strip:
        """An empty row, ``width`` cells wide."""
        return Strip([Segment(" " * width, self._base)], width)

    def paint(self, row: Row, width: int) -> Strip:
        """The row's strip, ``width`` cells wide."""
        if row.blank:
            return self.blank(width)
        segments = [Segment(row.gutter, self._base + self._styles[row.gutter_style])]
        if row.lane is not None:
            segments += self._lane(row, row.lane)
        else:
            segments += self._text(row)
        return Strip(segments).adjust_cell_length(width, self._base)

    def _text(self, row: Row) -> Iterator[Segment]:
        line = row.line
        marks = [(*line.columns(m.start, m.end), self._mark_style(m)) for m in row.marks]
        marks += [(a, b, self._styles["standin"]) for a, b in line.stand_ins]
        hints = {line.column_of(offset): hint for offset, hint in row.hints}
        inked = line.width - (len(line.text) - len(line.text.rstrip(" ")))
        edges = {0, inked, line.width, *(e for a, b, _ in marks for e in (a, b))}
        for column, hint in hints.items():
            edges.update((column, line.column_of(line.offset_at(column + len(hint)))))
        ordered = sorted(edge for edge in edges if edge <= line.width)
        for first, last in pairwise(ordered):
            letters = hints.get(first)
            if letters is not None:
                text = letters[: last - first].ljust(last - first)
                yield Segment(text, self._base + self._styles["hint"])
                continue
            style = self._base
            for a, b, layered in marks:
                if a <= first and last <= b:
                    style += layered
            if first >= inked:
                style += _BARE
            yield Segment(line.piece(first, last), style)

    def _mark_style(self, mark: TextMark) -> Style:
        if not mark.label:
            return self._styles[mark.component]
        colour = self._colours.get((mark.layer, mark.label), self._base)
        suggested = mark.component == "suggestion"
        return colour + (self._styles["suggestion"] if suggested else Style(underline=True))

    def _lane(self, row: Row, lane: LaneRow) -> Iterator[Segment]:
        column = 0
        hints = dict(row.hints)
        for number, segment in enumerate(lane.segments):
            if segment.column > column:
                yield Segment(" " * (segment.column - column), self._base)
            hint = hints.get(number, "")[: segment.cells]
            if hint:
                yield Segment(hint, self._base + self._styles["hint"])
            yield Segment(segment.text[len(hint) :], self._lane_style(segment))
            column = segment.column + segment.cells

    def _lane_style(self, segment: LaneSegment) -> Style:
        own = self._colours.get((segment.layer, segment.label), self._styles["lane"])
        style = self._base + own
        if segment.state in ("focus", "next"):
            return style + Style(bold=True)
        return style + Style(dim=True) if segment.state in ("suggestion", "other") else style
