"""One annotator's annotations of one document in memory, found by place in constant time.

Spans are kept in buckets of ``BUCKET`` code points, so that what lies on a line costs what lies
near it and not what lies in the document. A span of more than ``LONG`` buckets is kept apart.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Mapping

from annotator.core.annotation import Actor, Relation, Span, Suggestion, UnitLabel
from annotator.errors import NotFoundError

BUCKET = 256
LONG = 32


class AnnotationSet:
    """Spans, relations, unit labels, open suggestions and actors, by id and by place."""

    def __init__(
        self,
        spans: Iterable[Span] = (),
        relations: Iterable[Relation] = (),
        unit_labels: Iterable[UnitLabel] = (),
        suggestions: Iterable[Suggestion] = (),
        actors: Iterable[Actor] = (),
    ) -> None:
        self.spans: dict[str, Span] = {}
        self.relations: dict[str, Relation] = {}
        self.unit_labels: dict[str, UnitLabel] = {}
        self.suggestions: dict[str, Suggestion] = {}
        self.actors: dict[str, Actor] = {}
        self._buckets: dict[int, list[tuple[int, int, str]]] = {}
        self._long: list[tuple[int, int, str]] = []
        self._relations_of: dict[str, list[str]] = {}
        for group in (spans, relations, unit_labels, suggestions, actors):
            for record in group:
                self.add(record)

    def add(self, record: object) -> None:
        """Take a record in; kinds that are not annotations are passed over."""
        if isinstance(record, Span):
            self.spans[record.id] = record
            self._index(record)
        elif isinstance(record, Relation):
            self.relations[record.id] = record
            for target in {a.target for a in record.arguments}:
                self._relations_of.setdefault(target, []).append(record.id)
        elif isinstance(record, UnitLabel):
            self.unit_labels[record.id] = record
        elif isinstance(record, Suggestion):
            if record.state == "open":
                self.suggestions[record.id] = record
        elif isinstance(record, Actor):
            self.actors[record.id] = record

    def remove(self, record: object) -> None:
        """Take a record out again; it must be the one that is in."""
        if isinstance(record, Span):
            del self.spans[record.id]
            self._unindex(record)
        elif isinstance(record, Relation):
            del self.relations[record.id]
            for target in {a.target for a in record.arguments}:
                self._relations_of[target].remove(record.id)
        elif isinstance(record, UnitLabel):
            del self.unit_labels[record.id]
        elif isinstance(record, Suggestion):
            self.suggestions.pop(record.id, None)
        elif isinstance(record, Actor):
            del self.actors[record.id]

    def held(self, record: object) -> Span | Relation | UnitLabel | Suggestion | Actor | None:
        """What is in of this record's kind and id, if anything."""
        groups: tuple[
            tuple[type, Mapping[str, Span | Relation | UnitLabel | Suggestion | Actor]], ...
        ]
        groups = (
            *((Span, self.spans), (Relation, self.relations), (UnitLabel, self.unit_labels)),
            *((Suggestion, self.suggestions), (Actor, self.actors)),
        )
        for type_, group in groups:
            if isinstance(record, type_):
                return group.get(record.id)
        return None

    def span(self, id: str) -> Span:
        """The span with this id. Raises NotFoundError."""
        try:
            return self.spans[id]
        except KeyError:
            raise NotFoundError(f"no span {id} in this document") from None

    def relation(self, id: str) -> Relation:
        """The relation with this id. Raises NotFoundError."""
        try:
            return self.relations[id]
        except KeyError:
            raise NotFoundError(f"no relation {id} in this document") from None

    def relations_of(self, target: str) -> list[Relation]:
        """The relations that have this span, relation or actor as an argument, oldest first."""
        return sorted(
            (self.relations[id] for id in self._relations_of.get(target, ())), key=lambda r: r.id
        )

    def spans_in(self, start: int, end: int) -> list[Span]:
        """Spans one of whose fragments overlaps [start, end), by start, longest first, then id."""
        found = {
            entry
            for bucket in range(start // BUCKET, max(start, end - 1) // BUCKET + 1)
            for entry in self._buckets.get(bucket, ())
        }
        found.update(e for e in self._long if e[0] < end and -e[1] > start)
        spans = (self.spans[id] for _, _, id in sorted(found))
        return [s for s in spans if any(a < end and b > start for a, b in s.fragments)]

    def spans_at(self, offset: int) -> list[Span]:
        """Spans that cover this code point, innermost first (shortest, then the later made)."""
        found = self.spans_in(offset, offset + 1)
        found.reverse()
        return sorted(found, key=lambda s: s.end - s.start)

    def after(self, offset: int) -> Iterator[Span]:
        """Spans that start at or behind ``offset``, by start, shortest first, then id."""
        for bucket in range(offset // BUCKET, self._last_bucket() + 1):
            yield from self._starting_in(max(offset, bucket * BUCKET), (bucket + 1) * BUCKET)

    def before(self, offset: int) -> Iterator[Span]:
        """Spans that start before ``offset``: those of ``after``, backwards."""
        for bucket in range(offset // BUCKET, -1, -1):
            upper = min(offset, (bucket + 1) * BUCKET)
            yield from reversed(self._starting_in(bucket * BUCKET, upper))

    def _starting_in(self, lower: int, upper: int) -> list[Span]:
        if lower >= upper:
            return []
        found = (s for s in self.spans_in(lower, upper) if lower <= s.start < upper)
        return sorted(found, key=lambda s: (s.start, s.end, s.id))

    def _last_bucket(self) -> int:
        longest = max((-e[1] for e in self._long), default=0) // BUCKET
        return max(max(self._buckets, default=-1), longest)

    def _index(self, span: Span) -> None:
        start, end = span.fragments[0][0], span.fragments[-1][1]
        entry = (start, -end, span.id)
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

    def _unindex(self, span: Span) -> None:
        start, end = span.start, span.end
        entry = (start, -end, span.id)
        first, last = start // BUCKET, max(start, end - 1) // BUCKET
        if last - first >= LONG:
            self._long.remove(entry)
            return
        for place in range(first, last + 1):
            self._buckets[place].remove(entry)
            if not self._buckets[place]:
                del self._buckets[place]
