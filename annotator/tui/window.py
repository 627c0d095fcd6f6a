"""Which rows are in sight: an anchored window over sentences, laid out only as far as it reaches.

A row's place is (ordinal, line, sub): the sentence, its visual line, and 0 for the text itself or
1… for the lanes and the blank row under it. Nothing before the anchor is ever laid out, except what
is scrolled back to.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple, Protocol


class Place(NamedTuple):
    """The address of one row of the view."""

    ordinal: int
    line: int
    sub: int = 0


class Layout(Protocol):
    """What the window asks about the document's layout."""

    def sentence_count(self) -> int:
        """How many sentences there are."""

    def has_line(self, ordinal: int, line: int) -> bool:
        """Whether the sentence has a visual line of this number."""

    def line_count(self, ordinal: int) -> int:
        """How many visual lines the sentence has; lays all of them out."""

    def rows_of(self, ordinal: int, line: int) -> int:
        """Rows of a visual line: 1 for the text, one per lane, one where a blank row follows."""


class Window:
    """The anchor of the view and its movements. Heights are rows."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self.anchor = Place(0, 0, 0)
        self.height = 0

    def places(self) -> list[Place]:
        """The rows in sight, from the top; fewer than ``height`` at the document's end."""
        found: list[Place] = []
        for place in self._forward(self.anchor):
            if len(found) >= self.height:
                break
            found.append(place)
        return found

    def clamp(self) -> None:
        """Put the anchor back onto a row that exists, after the layout has changed."""
        count = self._layout.sentence_count()
        if not count:
            self.anchor = Place(0, 0, 0)
            return
        ordinal, line, sub = self.anchor
        if ordinal >= count:
            ordinal, line, sub = count - 1, 0, 0
        if not self._layout.has_line(ordinal, line):
            line, sub = self._layout.line_count(ordinal) - 1, 0
        if sub >= self._layout.rows_of(ordinal, line):
            sub = 0
        self.anchor = Place(ordinal, line, sub)

    def scroll(self, rows: int) -> None:
        """Move the window by rows, down where positive, not beyond the document's ends."""
        if not self._layout.sentence_count():
            return
        step = self._next if rows > 0 else self._previous
        for _ in range(abs(rows)):
            place = step(self.anchor)
            if place is None:
                return
            self.anchor = place

    def reveal(self, ordinal: int, line: int, margin: int = 0) -> None:
        """Scroll as little as needed to have a visual line with its lanes in sight.

        A line far outside comes to a third of the height. ``margin`` rows stay around it where
        there are so many.
        """
        if self.height <= 0:
            return
        target = Place(ordinal, line, 0)
        rows = min(self._layout.rows_of(ordinal, line), self.height)
        margin = max(0, min(margin, (self.height - rows) // 2))
        place = self._row_of(target)
        if place is None:
            self.anchor = target
            self.scroll(-min(max(margin, self.height // 3), self.height - rows - margin))
        elif place < margin:
            self.anchor = target
            self.scroll(-margin)
        elif place + rows + margin > self.height:
            self.anchor = target
            self.scroll(-(self.height - rows - margin))

    def reveal_sentence(self, ordinal: int) -> None:
        """Scroll as little as needed to have the whole sentence in sight, where it has room."""
        if self._layout.has_line(ordinal, self.height):
            return
        lines = range(self._layout.line_count(ordinal))
        if sum(self._layout.rows_of(ordinal, line) for line in lines) > self.height:
            return
        self.reveal(ordinal, lines[-1])
        self.reveal(ordinal, 0)

    def fill(self) -> None:
        """Leave no row empty below the document's end while there is text above."""
        missing = self.height - len(self.places())
        if missing > 0:
            self.scroll(-missing)

    def _row_of(self, target: Place) -> int | None:
        """The target's row in the window, up to one height above (negative) or below it."""
        if target[:2] >= self.anchor[:2]:
            row = -self.anchor.sub
            for ordinal, line in self._lines(self.anchor.ordinal, self.anchor.line):
                if (ordinal, line) == target[:2]:
                    return row
                row += self._layout.rows_of(ordinal, line)
                if row > 2 * self.height:
                    return None
            return None
        above = self.anchor
        for row in range(1, self.height + 1):
            previous = self._previous(above)
            if previous is None:
                return None
            above = previous
            if above == target:
                return -row
        return None

    def _forward(self, place: Place) -> Iterator[Place]:
        """The rows from a place to the document's end."""
        first = place.sub
        for ordinal, line in self._lines(place.ordinal, place.line):
            for sub in range(first, self._layout.rows_of(ordinal, line)):
                yield Place(ordinal, line, sub)
            first = 0

    def _lines(self, ordinal: int, line: int) -> Iterator[tuple[int, int]]:
        """The visual lines from this one to the document's end."""
        count = self._layout.sentence_count()
        while ordinal < count:
            yield ordinal, line
            if self._layout.has_line(ordinal, line + 1):
                line += 1
            else:
                ordinal, line = ordinal + 1, 0

    def _next(self, place: Place) -> Place | None:
        return next(islice(self._forward(place), 1, None), None)

    def _previous(self, place: Place) -> Place | None:
        ordinal, line, sub = place
        if sub > 0:
            return Place(ordinal, line, sub - 1)
        if line == 0:
            if ordinal == 0:
                return None
            ordinal -= 1
            line = self._layout.line_count(ordinal)
        return Place(ordinal, line - 1, self._layout.rows_of(ordinal, line - 1) - 1)
