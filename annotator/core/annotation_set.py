"""One annotator's annotations of one document in memory, found by place in constant time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from annotator.core.annotation import Actor, Relation, Span, Suggestion, UnitLabel
from annotator.core.place_index import PlaceIndex
from annotator.core.suggestion_set import SuggestionSet
from annotator.errors import NotFoundError


class AnnotationSet:
    """Spans, relations, unit labels, suggestions and actors, by id and by place.

    ``suggestions`` are the open ones by id; ``suggested`` knows more of all of them.
    """

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
        self.suggested = SuggestionSet(self.spans, self.relations)
        self.suggestions = self.suggested.open
        self.actors: dict[str, Actor] = {}
        self._places = PlaceIndex()
        self._relations_of: dict[str, list[str]] = {}
        self._on_unit: dict[str | None, dict[str, None]] = {}
        for group in (spans, relations, unit_labels, suggestions, actors):
            for record in group:
                self.add(record)

    @property
    def count(self) -> int:
        """How many annotations there are."""
        return len(self.spans) + len(self.relations) + len(self.unit_labels)

    def add(self, record: object) -> None:
        """Take a record in; kinds that are not annotations are passed over."""
        if isinstance(record, Span):
            self.spans[record.id] = record
            self._places.add(record.start, record.end, record.id)
            self.suggested.target_changed(record.id)
        elif isinstance(record, Relation):
            self.relations[record.id] = record
            for target in {a.target for a in record.arguments}:
                self._relations_of.setdefault(target, []).append(record.id)
            self.suggested.target_changed(record.id)
        elif isinstance(record, UnitLabel):
            self.unit_labels[record.id] = record
            self._on_unit.setdefault(record.sentence, {})[record.id] = None
        elif isinstance(record, Suggestion):
            self.suggested.add(record)
        elif isinstance(record, Actor):
            self.actors[record.id] = record

    def remove(self, record: object) -> None:
        """Take a record out again; it must be the one that is in."""
        if isinstance(record, Span):
            del self.spans[record.id]
            self._places.remove(record.start, record.end, record.id)
            self.suggested.target_changed(record.id)
        elif isinstance(record, Relation):
            del self.relations[record.id]
            for target in {a.target for a in record.arguments}:
                self._relations_of[target].remove(record.id)
            self.suggested.target_changed(record.id)
        elif isinstance(record, UnitLabel):
            del self.unit_labels[record.id]
            del self._on_unit[record.sentence][record.id]
        elif isinstance(record, Suggestion):
            self.suggested.remove(record)
        elif isinstance(record, Actor):
            self.actors.pop(record.id, None)  # it may be one that nothing here mentions

    def clear(self) -> None:
        """Let go of all that is in, part by part."""
        self.spans.clear()
        self.relations.clear()
        self.unit_labels.clear()
        self.actors.clear()
        self.suggested.clear()
        self._places = PlaceIndex()
        self._relations_of.clear()
        self._on_unit.clear()

    def held(self, record: object) -> Span | Relation | UnitLabel | Suggestion | Actor | None:
        """What is in of this record's kind and id, if anything."""
        if isinstance(record, Suggestion):
            return self.suggested.get(record.id)
        groups: tuple[tuple[type, Mapping[str, Span | Relation | UnitLabel | Actor]], ...]
        groups = (
            *((Span, self.spans), (Relation, self.relations), (UnitLabel, self.unit_labels)),
            (Actor, self.actors),
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

    def labels_on(self, sentence: str | None) -> list[UnitLabel]:
        """The labels of a sentence (id) or, None, of the whole document, in the order made."""
        return [self.unit_labels[id] for id in sorted(self._on_unit.get(sentence, ()))]

    def unit_label(self, layer: str, sentence: str | None) -> UnitLabel | None:
        """The label that a layer has on a sentence (id) or, None, on the whole document."""
        return next((u for u in self.labels_on(sentence) if u.layer == layer), None)

    def spans_in(self, start: int, end: int) -> list[Span]:
        """Spans one of whose fragments overlaps [start, end), by start, longest first, then id."""
        spans = (self.spans[id] for _, _, id in self._places.overlapping(start, end))
        return [s for s in spans if any(a < end and b > start for a, b in s.fragments)]

    def spans_at(self, offset: int) -> list[Span]:
        """Spans that cover this code point, innermost first (shortest, then the later made)."""
        found = self.spans_in(offset, offset + 1)
        found.reverse()
        return sorted(found, key=lambda s: s.end - s.start)

    def after(self, offset: int) -> Iterator[Span]:
        """Spans that start at or behind ``offset``, by start, shortest first, then id."""
        return (self.spans[id] for _, _, id in self._places.after(offset))

    def before(self, offset: int) -> Iterator[Span]:
        """Spans that start before ``offset``: those of ``after``, backwards."""
        return (self.spans[id] for _, _, id in self._places.before(offset))
