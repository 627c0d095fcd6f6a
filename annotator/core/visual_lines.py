"""Wrapping a stretch of text into lines of terminal cells, and the way back from cells to text.

Offsets are code points of the document's text, half-open; columns are cells from the line's left
edge. Cells are not characters: a cluster of several code points may take one cell, or one code
point two. Text is laid out in logical order; right-to-left text keeps its offsets.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from annotator.core.safe_text import clusters, measure, safe

_ONE_CELL_EACH = re.compile(
    "[ -~\xa0-\xac\xae-\u02ff\u0370-\u0377\u0391-\u03a1\u03a3-\u03ff\u0400-\u0482\u048a-\u052f"
    "\u1e00-\u1eff\u2010-\u2027\u2030-\u2052\u2190-\u2193\u21b5\u2400-\u2426\ufffd]*"
)
"""Text of which every code point is a cluster of one cell: most of the news, and much faster."""

_BREAK = frozenset(" \t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u1680\u2028\u2029\u205f\u200b\u3000") | {
    chr(code) for code in range(0x2000, 0x200B) if code != 0x2007
}
"""White space a line may be broken behind: all but the no-break spaces."""

_IDEOGRAPHS = "\u2e80"
_NEVER_FIRST = frozenset("、。，．・：；？！）」』】〉》〕｝’”…‥ー々〻%％,.:;?!)]}")


class VisualLine:
    """One row of text: the code points [start, end) and where each of their clusters stands.

    ``text`` is what to show, safe to print, ``width`` the cells it takes. ``stand_ins`` are the
    half-open ranges of columns that show something else than the text holds (a control picture,
    ``↵`` for a line end …), for dimming.
    """

    __slots__ = ("_columns", "_offsets", "_places", "end", "stand_ins", "start", "text", "width")

    def __init__(
        self,
        start: int,
        end: int,
        text: str,
        stand_ins: tuple[tuple[int, int], ...] = (),
        ends: tuple[list[int], list[int], list[int]] | None = None,
    ) -> None:
        """``ends``: first offset, column and place in ``text`` of each cluster, and one past all.

        None where every code point is one cluster of one cell.
        """
        self.start = start
        self.end = end
        self.text = text
        self.stand_ins = stand_ins
        self._offsets: list[int] | None = None
        self._columns: list[int] | None = None
        self._places: list[int] | None = None
        if ends is not None:
            self._offsets, self._columns, self._places = ends
        self.width = self._columns[-1] if self._columns else end - start

    def __repr__(self) -> str:
        return f"VisualLine({self.start}, {self.end}, {self.text!r})"

    def column_of(self, offset: int) -> int:
        """The first column of the cluster at ``offset``; offsets outside are moved to the edge."""
        offset = min(max(offset, self.start), self.end)
        if self._offsets is None or self._columns is None:
            return offset - self.start
        return self._columns[bisect_right(self._offsets, offset) - 1]

    def offset_at(self, column: int) -> int:
        """The first code point of the cluster that covers ``column``; ``end`` right of the text."""
        if column < 0:
            return self.start
        if self._offsets is None or self._columns is None:
            return min(self.start + column, self.end)
        return self._offsets[min(bisect_right(self._columns, column), len(self._offsets)) - 1]

    def columns(self, start: int, end: int) -> tuple[int, int]:
        """The half-open columns of every cluster that [start, end) touches on this line."""
        start, end = max(start, self.start), min(end, self.end)
        if start >= end:
            column = self.column_of(start)
            return column, column
        if self._offsets is None or self._columns is None:
            return start - self.start, end - self.start
        first = bisect_right(self._offsets, start) - 1
        return self._columns[first], self._columns[bisect_left(self._offsets, end)]

    def piece(self, first: int, last: int) -> str:
        """What is shown in the columns [first, last), whole clusters only."""
        if self._columns is None or self._places is None:
            return self.text[max(first, 0) : max(last, 0)]
        last_place = len(self._places) - 1
        a, b = (min(bisect_left(self._columns, at), last_place) for at in (first, last))
        return self.text[self._places[a] : self._places[b]]


class Wrapped:
    """Lines of ``text[start:end]``, at most ``width`` cells each, laid out as they are asked for.

    A line is filled as far as whole words and the space behind them go; a word that is wider than
    a line is cut between clusters, and ideographs may be parted. A cluster wider than ``width``
    stands alone. There is always one line, if an empty one. Reaching line *n* costs what the lines
    up to *n* cost, once; nothing behind it is looked at. Raises ValueError for a width below 1.
    """

    def __init__(
        self, text: str, start: int, end: int, width: int, safe_glyphs: bool = False
    ) -> None:
        if width < 1:
            raise ValueError(f"a line of {width} cells holds nothing")
        self.start = start
        self.end = end
        self.width = width
        self._text = text
        self._safe_glyphs = safe_glyphs
        self._lines: list[VisualLine] = []

    @property
    def laid_out(self) -> int:
        """How many lines have been laid out so far."""
        return len(self._lines)

    @property
    def complete(self) -> bool:
        """Whether the last line has been laid out."""
        return bool(self._lines) and self._lines[-1].end == self.end

    def line(self, number: int) -> VisualLine | None:
        """Line ``number``, from 0; None behind the last. Raises IndexError where negative."""
        if number < 0:
            raise IndexError(number)
        while number >= len(self._lines):
            if self.complete:
                return None
            self._lines.append(self._next())
        return self._lines[number]

    def line_of(self, offset: int) -> int:
        """The number of the line that shows ``offset``: the first where before, the last behind."""
        while not self.complete and (not self._lines or self._lines[-1].end <= offset):
            self._lines.append(self._next())
        return max(0, bisect_right(self._lines, offset, key=lambda line: line.start) - 1)

    def count(self) -> int:
        """The number of lines; lays out all of them."""
        self.line_of(self.end)
        return len(self._lines)

    def __iter__(self) -> Iterator[VisualLine]:
        number = 0
        while (line := self.line(number)) is not None:
            yield line
            number += 1

    def _next(self) -> VisualLine:
        start = self._lines[-1].end if self._lines else self.start
        raw = self._text[start : min(start + self.width + 1, self.end)]
        shown = safe(raw)
        if "\r" not in raw and _ONE_CELL_EACH.fullmatch(shown):
            return self._simple_line(start, raw, shown)
        return self._line_of_clusters(start)

    def _simple_line(self, start: int, raw: str, shown: str) -> VisualLine:
        length = len(raw) if len(raw) <= self.width else _last_break(raw, self.width)
        stand_ins: tuple[tuple[int, int], ...] = ()
        if raw is not shown:
            raw, shown = raw[:length], shown[:length]
            if raw != shown:
                stand_ins = tuple((i, i + 1) for i in range(length) if raw[i] != shown[i])
        return VisualLine(start, start + length, shown[:length], stand_ins)

    def _line_of_clusters(self, start: int) -> VisualLine:
        """Measure clusters until a line is full, in ever longer looks ahead.

        The first look goes as far as the line before: clusters are much alike all through a text.
        """
        before = self._lines[-1].end - self._lines[-1].start if self._lines else 0
        look = max(self.width, before) + 64
        while True:
            raw = self._text[start : min(start + look, self.end)]
            line = _fill(raw, start + look >= self.end, self.width, self._safe_glyphs)
            if line is not None:
                return _visual_line(start, raw, line)
            look *= 2


class _Cluster(NamedTuple):
    length: int
    shown: str
    width: int


def wrap(
    text: str, start: int, end: int, width: int, safe_glyphs: bool = False
) -> list[VisualLine]:
    """All lines of ``text[start:end]``; see :class:`Wrapped`."""
    return list(Wrapped(text, start, end, width, safe_glyphs))


def _fill(raw: str, is_all: bool, width: int, safe_glyphs: bool) -> list[_Cluster] | None:
    """The clusters of the line ``raw`` begins with; None where it ends too soon to tell."""
    taken: list[_Cluster] = []
    used = at = break_at = 0
    for cluster in _measured(raw, safe_glyphs):
        if not is_all and at + cluster.length >= len(raw):
            return None
        if taken and _may_break(raw, at, taken[-1].length):
            break_at = len(taken)
        if taken and used + cluster.width > width:
            return taken[:break_at] or taken
        taken.append(cluster)
        used += cluster.width
        at += cluster.length
    return taken if is_all else None


def _last_break(raw: str, width: int) -> int:
    """Where to end a line within the first ``width`` of more code points of one cell each."""
    for at in range(width, 0, -1):
        if raw[at - 1] in _BREAK and raw[at] not in _BREAK:
            return at
    return width


def _may_break(raw: str, at: int, last_length: int) -> bool:
    """Whether a line may end before ``at``, where a cluster of ``last_length`` ends."""
    before, behind = raw[at - 1], raw[at]
    if before in _BREAK:
        return behind not in _BREAK
    if behind in _BREAK or behind in _NEVER_FIRST:
        return False
    ideographs = _is_ideograph(raw[at - last_length]) or _is_ideograph(behind)
    return ideographs and before not in "「『（《〈【〔“‘(["


def _is_ideograph(character: str) -> bool:
    """Whether text of this character is written without spaces between words (CJK, kana)."""
    return _IDEOGRAPHS <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff"


def _measured(raw: str, safe_glyphs: bool) -> Iterator[_Cluster]:
    """The clusters of ``raw`` as shown; CR LF is one, shown as its LF alone."""
    at = 0
    carried = 0
    for cluster in clusters(safe(raw)):
        length = len(cluster)
        at += length
        if length == 1 and raw[at - 1] == "\r" and raw[at : at + 1] == "\n":
            carried = 1
            continue
        yield _Cluster(length + carried, *measure(cluster, safe_glyphs))
        carried = 0


def _visual_line(start: int, raw: str, taken: list[_Cluster]) -> VisualLine:
    offsets = list(accumulate((c.length for c in taken), initial=start))
    columns = list(accumulate((c.width for c in taken), initial=0))
    places = list(accumulate((len(c.shown) for c in taken), initial=0))
    stand_ins = tuple(
        (columns[i], columns[i + 1])
        for i, c in enumerate(taken)
        if raw[offsets[i] - start : offsets[i + 1] - start] != c.shown
    )
    shown = "".join(c.shown for c in taken)
    return VisualLine(start, offsets[-1], shown, stand_ins, (offsets, columns, places))
