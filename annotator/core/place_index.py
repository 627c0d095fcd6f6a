"""What lies where in a text, found by place in a time that does not grow with the text.

Entries are kept in buckets of ``BUCKET`` code points, so that what lies on a line costs what lies
near it and not what lies in the document. An entry of more than ``LONG`` buckets is kept apart.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from typing import Final

BUCKET: Final = 256
LONG: Final = 32

Entry = tuple[int, int, str]
"""Start, negative end (so that of those that start together the longest comes first), id."""
Stop = tuple[int, int, str]
"""Start, end, id: the order in which a person steps through what lies in a text."""


class PlaceIndex:
    """Ids by half-open ranges of code points. An empty range lies nowhere, but can be a stop."""

    def __init__(self) -> None:
        self._buckets: dict[int, list[Entry]] = {}
        self._long: list[Entry] = []

    def add(self, start: int, end: int, id: str) -> None:
        """Take an id in at [start, end)."""
        entry = (start, -end, id)
        first, last = start // BUCKET, max(start, end - 1) // BUCKET
        if last - first >= LONG:
            insort(self._long, entry)
            return
        for place in range(first, last + 1):
            bucket = self._buckets.get(place)
            if bucket is None:
                self._buckets[place] = [entry]
            else:
                bucket.append(entry)

    def remove(self, start: int, end: int, id: str) -> None:
        """Take an id out again; it must have been put in with just this range."""
        entry = (start, -end, id)
        first, last = start // BUCKET, max(start, end - 1) // BUCKET
        if last - first >= LONG:
            self._long.remove(entry)
            return
        for place in range(first, last + 1):
            self._buckets[place].remove(entry)
            if not self._buckets[place]:
                del self._buckets[place]

    def overlapping(self, start: int, end: int) -> list[Entry]:
        """What overlaps [start, end), by start, longest first, then id."""
        found = {
            entry
            for bucket in range(start // BUCKET, max(start, end - 1) // BUCKET + 1)
            for entry in self._buckets.get(bucket, ())
            if entry[0] < end and -entry[1] > start
        }
        found.update(e for e in self._long if e[0] < end and -e[1] > start)
        return sorted(found)

    def after(self, offset: int) -> Iterator[Stop]:
        """What starts at or behind ``offset``, by start, shortest first, then id."""
        for bucket in range(offset // BUCKET, self._last_bucket() + 1):
            yield from self._starting_in(bucket, offset, (bucket + 1) * BUCKET)

    def before(self, offset: int) -> Iterator[Stop]:
        """What starts before ``offset``: the order of ``after``, backwards."""
        for bucket in range(offset // BUCKET, -1, -1):
            yield from reversed(self._starting_in(bucket, 0, offset))

    def _starting_in(self, bucket: int, lower: int, upper: int) -> list[Stop]:
        lower, upper = max(lower, bucket * BUCKET), min(upper, (bucket + 1) * BUCKET)
        near = self._buckets.get(bucket, ())
        found = [(s, -e, id) for s, e, id in near if lower <= s < upper]
        found += [(s, -e, id) for s, e, id in self._long if lower <= s < upper]
        return sorted(found)

    def _last_bucket(self) -> int:
        longest = max((e[0] for e in self._long), default=-1) // BUCKET
        return max(max(self._buckets, default=-1), longest)
