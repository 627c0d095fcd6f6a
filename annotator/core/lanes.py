"""Lanes: the rows of brackets under a line of text that say what lies on it.

Marks are put into rows once for a stretch of text (:func:`assign_rows`), so that a mark stays in
its row from line to line; :func:`lanes_for` then draws the rows of one line. Everything can be
read without colour: the focus has heavy brackets, a suggestion dotted ones and ``?`` before its
label, the one that is next double ones, doubt a ``?`` behind it, an uncertain attribute ``~``; what
another annotator made has square brackets and dots.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from msgspec import Struct

from annotator.core.annotation import Fragments, Span
from annotator.core.ranges import Range
from annotator.core.safe_text import cell_width, fit, safe
from annotator.core.visual_lines import VisualLine

State = Literal["plain", "focus", "suggestion", "next", "other"]
Kind = Literal["bracket", "join", "more"]

BLOCK = 2048
"""Code points within which marks keep their rows; longer sentences are cut into such blocks."""

MAX_ROWS = 8


class Mark(Struct, frozen=True):
    """One span as the lanes show it; ``fragments`` are code points as in a span.

    ``captions`` are what to write into the bracket, the first that fits; each holds ``suffix``, the
    signs of doubt, and the last ends with it. ``band`` 0 lies nearest to the text, higher bands
    below all of the lower ones. ``suggested`` is a suggestion, be it the focus or not.
    """

    id: str
    layer: str
    label: str
    captions: tuple[str, ...]
    fragments: Fragments
    band: int = 0
    state: State = "plain"
    suffix: str = ""
    suggested: bool = False

    @property
    def start(self) -> int:
        """First code point of the first fragment."""
        return self.fragments[0][0]

    @property
    def end(self) -> int:
        """One past the last code point of the last fragment."""
        return self.fragments[-1][1]


class LaneSegment(NamedTuple):
    """A piece of a lane: ``text`` takes the columns [column, column + cells) and is safe to print.

    A ``join`` runs between two fragments of a discontinuous span; ``more`` counts marks that have
    no row (its span, layer and label are empty).
    """

    column: int
    cells: int
    text: str
    span: str
    layer: str
    label: str
    kind: Kind
    state: State = "plain"


class LaneRow(NamedTuple):
    """One row under a line: segments from left to right that do not overlap."""

    segments: tuple[LaneSegment, ...]

    @property
    def text(self) -> str:
        """The row as plain text, without white space at its end."""
        pieces, at = [], 0
        for segment in self.segments:
            pieces += [" " * (segment.column - at), segment.text]
            at = segment.column + segment.cells
        return "".join(pieces)


class _Glyphs(NamedTuple):
    left: str
    fill: str
    right: str
    onward: str
    single: str


_GLYPHS: Mapping[State, _Glyphs] = {
    "plain": _Glyphs("╰", "─", "╯", "┄", "╵"),
    "focus": _Glyphs("┗", "━", "┛", "┅", "╹"),
    "suggestion": _Glyphs("╰", "╌", "╯", "┄", "┆"),
    "next": _Glyphs("╚", "═", "╝", "╍", "║"),
    "other": _Glyphs("└", "·", "┘", "·", "╵"),
}
_JOIN = "┈"


def mark_of(
    span: Span,
    tag: str = "",
    *,
    linked: bool = False,
    state: State = "plain",
    suggested: bool = False,
    by: str = "",
) -> Mark:
    """The mark of a span. ``tag`` is its number and ties ("c1 ← s1"); linked spans lie lower.

    A suggestion has no number: its tag begins with a space.

    ``suggested`` is for a suggestion that is the focus: heavy brackets, and still the ``?``. ``by``
    names another annotator whose span it is: it lies below all others, without number and ties.
    """
    if by:
        return _others_mark(span, by)
    label = safe(span.label)
    lead = "?" if suggested or state in ("suggestion", "next") else ""
    suffix = "?" * span.flagged + "~" * any(a.uncertain for a in span.attributes)
    captions = [f"{lead}{label}{suffix}"]
    if tag:
        number, _, ties = safe(tag).partition(" ")
        own = f" {number}{suffix}" if number else suffix
        captions = [f"{lead}{label}{own} {ties} "] if ties else []
        captions += [f"{lead}{label}{own}"]
        captions += [f"{lead}{number}{suffix}"] if number else []
    return Mark(
        span.id,
        span.layer,
        span.label,
        tuple(dict.fromkeys(captions)),
        span.fragments,
        int(linked),
        state,
        suffix,
        bool(lead),
    )


def _others_mark(span: Span, by: str) -> Mark:
    label = safe(span.label)
    captions = (f"{label} {safe(by)}", label)
    return Mark(span.id, span.layer, span.label, captions, span.fragments, 2, "other", "")


def block_of(line: VisualLine, start: int, end: int) -> Range:
    """The code points whose marks are put into rows together with those of ``line``.

    [start, end) is the line's sentence. The block is all of it, or of a long one the stretch of
    BLOCK code points in which the line begins, and what of the line lies behind that.
    """
    if end - start <= BLOCK:
        return Range(start, end)
    first = start + (line.start - start) // BLOCK * BLOCK
    return Range(first, max(min(first + BLOCK, end), line.end))


def assign_rows(marks: Iterable[Mark]) -> dict[str, int]:
    """Row of each mark by id, 0 next to the text: interval partitioning, first fit.

    Shorter before longer, so that what lies inside lies nearer to the text; within a row no two
    overlap, the gaps between fragments counted in. A higher band begins below the rows of the
    lower ones. Equal spans are ordered by id. Time grows with marks × rows.
    """
    rows: dict[str, int] = {}
    taken: list[list[Range]] = []
    full_below: dict[Range, int] = {}
    base = band = 0
    for mark in sorted(marks, key=lambda m: (m.band, m.end - m.start, m.start, m.id)):
        if mark.band != band:
            base, band = len(taken), mark.band
        hull = start, end = Range(mark.start, mark.end)
        row = max(base, full_below.get(hull, 0))
        while row < len(taken) and any(a < end and b > start for a, b in taken[row]):
            row += 1
        if row == len(taken):
            taken.append([])
        taken[row].append(hull)
        full_below[hull] = row + 1
        rows[mark.id] = row
    return rows


def lanes_for(
    line: VisualLine,
    marks: Sequence[Mark],
    rows: Mapping[str, int],
    *,
    max_rows: int = MAX_ROWS,
    width: int | None = None,
) -> list[LaneRow]:
    """The rows under ``line``: brackets in just the columns of what they mark.

    ``marks`` may hold others that do not touch the line; ``rows`` comes from :func:`assign_rows`.
    Rows that would be empty are left out. Where more than ``max_rows`` are needed the last says
    how many marks are hidden, in up to ``width`` cells (default: the line's); the focus is never
    hidden, nor what is next where there are three lanes. Raises ValueError for ``max_rows`` below
    2.
    """
    if max_rows < 2:
        raise ValueError(f"{max_rows} lanes cannot hold a mark and a count")
    here = [m for m in marks if m.start < line.end and m.end > line.start]
    if not here:
        return []
    lanes = _stacked(line, here, rows)
    hidden: list[Mark] = []
    if len(lanes) > max_rows:
        lanes, rest = lanes[: max_rows - 1], lanes[max_rows - 1 :]
        _bring_in_sight(lanes, rest)
        hidden = [m for lane in rest for m in lane]
    drawn = [LaneRow(tuple(s for m in lane for s in _draw(line, m))) for lane in lanes]
    if hidden:
        drawn.append(_more(line, hidden, line.width if width is None else width))
    return drawn


def _bring_in_sight(lanes: list[list[Mark]], rest: list[list[Mark]]) -> None:
    """Swap a hidden focus for the last lane, and then what is next for the last without focus."""
    for state in ("focus", "next"):
        for place, lane in enumerate(rest):
            at = -2 if state == "next" and _holds(lanes[-1], "focus") else -1
            if _holds(lane, state) and len(lanes) >= -at:
                lanes[at], rest[place] = lane, lanes[at]


def _holds(lane: Sequence[Mark], state: State) -> bool:
    return any(mark.state == state for mark in lane)


def _stacked(line: VisualLine, marks: Sequence[Mark], rows: Mapping[str, int]) -> list[list[Mark]]:
    """The marks row by row, from left to right, without empty rows.

    Two marks that part one cluster between them share its cells, and so cannot share a row.
    """
    lanes: dict[tuple[int, int], list[Mark]] = {}
    ends: dict[tuple[int, int], int] = {}
    for mark in sorted(marks, key=lambda m: m.start):
        first, last = line.columns(mark.start, mark.end)
        place = (rows[mark.id], 0)
        while ends.get(place, 0) > first:
            place = (place[0], place[1] + 1)
        lanes.setdefault(place, []).append(mark)
        ends[place] = last
    return [lanes[place] for place in sorted(lanes)]


def _draw(line: VisualLine, mark: Mark) -> list[LaneSegment]:
    """The segments of one mark on the line: its fragments, and what joins them."""
    segments = []
    glyphs = _GLYPHS[mark.state]
    at = 0 if mark.start < line.start else line.columns(mark.start, mark.end)[0]
    for number, (start, end) in enumerate(mark.fragments):
        if end <= line.start or start >= line.end:
            continue
        first, last = line.columns(start, end)
        first = max(first, at)
        if first > at:
            segments.append(_segment(mark, at, _JOIN * (first - at), first - at, "join"))
        if last > first:
            left = glyphs.left if start >= line.start else glyphs.onward
            right = glyphs.right if end <= line.end else glyphs.onward
            text = _bracket(
                mark, glyphs, left, right, last - first, start >= line.start and not number
            )
            segments.append(_segment(mark, first, text, last - first, "bracket"))
        at = max(at, last)
    if mark.end > line.end and at < line.width:
        segments.append(_segment(mark, at, _JOIN * (line.width - at), line.width - at, "join"))
    return segments


def _segment(mark: Mark, column: int, text: str, cells: int, kind: Kind) -> LaneSegment:
    return LaneSegment(column, cells, text, mark.id, mark.layer, mark.label, kind, mark.state)


def _bracket(
    mark: Mark, glyphs: _Glyphs, left: str, right: str, cells: int, captioned: bool
) -> str:
    """One bracket of just ``cells`` cells; doubt is shown even where the label finds no room."""
    doubt = mark.suffix[:1] if captioned else ""
    if cells == 1:
        if left == glyphs.onward:
            return right
        single = "?" if mark.suggested and mark.state == "focus" else glyphs.single
        return left if right == glyphs.onward else doubt or single
    if cells == 2:
        if mark.suggested and captioned:
            return "?" + right
        return left + (right if right == glyphs.onward else doubt or right)
    if cells == 3 and mark.suggested and captioned:
        # Not as ``╰?╯``, which is an annotation flagged as doubtful.
        return f"?{fit(mark.captions[0][1:], 1)[0] or glyphs.fill}{right}"
    room = cells - 2
    caption, used = _caption(mark.captions, mark.suffix, room) if captioned else ("", 0)
    lead = glyphs.fill if used and used < room else ""
    return f"{left}{lead}{caption}{glyphs.fill * (room - used - len(lead))}{right}"


@lru_cache(maxsize=4096)
def _caption(captions: tuple[str, ...], suffix: str, room: int) -> tuple[str, int]:
    """The first caption that fits into ``room`` cells, or the start of the last; and its cells."""
    for caption in captions:
        if cell_width(caption) <= room:
            return fit(caption, room)
    left = room - len(suffix)
    if left < 0:
        return fit(suffix, room)
    last = captions[-1].removesuffix(suffix)
    cut, used = fit(last, left) if left < 5 else fit(last, left - 1)
    ellipsis = "…" if left >= 5 else ""
    return f"{cut}{ellipsis}{suffix}", used + len(ellipsis) + len(suffix)


def _more(line: VisualLine, hidden: Sequence[Mark], width: int) -> LaneRow:
    """The row that counts the hidden marks, under the first of them where there is room."""
    text, cells = fit(f"+{len(hidden)} more", width)
    column = min(line.columns(m.start, m.end)[0] for m in hidden)
    column = max(0, min(column, width - cells))
    return LaneRow((LaneSegment(column, cells, text, "", "", "", "more"),))
