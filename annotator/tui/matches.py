"""What a search found in the open document, by place: for marking it in the text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from annotator.core.page import Stop


class Matches:
    """Ranges of code points in order of their starts, found by place."""

    def __init__(self, stops: Sequence[Stop] = ()) -> None:
        self._starts = [stop.start for stop in stops]
        self._ends = [stop.end for stop in stops]
        self._longest = max((s.end - s.start for s in stops), default=0)

    def within(self, start: int, end: int) -> list[tuple[int, int]]:
        """Those that overlap [start, end)."""
        first = bisect_left(self._starts, start - self._longest)
        last = bisect_left(self._starts, end)
        pairs = zip(self._starts[first:last], self._ends[first:last], strict=True)
        return [pair for pair in pairs if pair[1] > start]


NO_MATCHES = Matches()
