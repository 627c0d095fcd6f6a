"""What of each record an export is to hold: some layers only, and sentence by sentence if asked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec.structs import replace

from annotator.core.annotation import Relation, Span, UnitLabel, surface
from annotator.core.document import Document, Sentence, content_hash
from annotator.core.ids import derived_id
from annotator.core.schema import Schema
from annotator.formats.loss import Losses, quoted
from annotator.formats.record import Record, relations_in_order, sentence_ranges

Unit = Literal["document", "sentence"]


class Selection:
    """Which layers and which unit. Raises NotFoundError for a layer the schema lacks."""

    def __init__(self, schema: Schema, layers: tuple[str, ...], unit: Unit) -> None:
        self._layers = frozenset(schema.layer(name).name for name in layers)
        self._unit = unit

    def parts(self, record: Record, losses: Losses) -> Iterator[Record]:
        """The record, or one for each of its sentences, with the layers that were asked for.

        What was not asked for is no loss; what a sentence of its own cannot hold is.
        """
        if self._layers:
            record = _only(record, self._layers)
        if self._unit == "document":
            yield record
        else:
            yield from _by_sentence(record, losses)


def _only(record: Record, layers: frozenset[str]) -> Record:
    """The record with these layers alone; relations stay where all their arguments do."""
    spans = tuple(s for s in record.spans if s.layer in layers)
    kept = {s.id for s in spans}
    for relation in relations_in_order(record):
        if all(a.kind == "actor" or a.target in kept for a in relation.arguments):
            kept.add(relation.id)
    relations = tuple(r for r in record.relations if r.id in kept)
    used = _actors_of(spans, relations)
    return replace(
        record,
        spans=spans,
        relations=relations,
        actors=tuple(a for a in record.actors if a.id in used),
        unit_labels=tuple(u for u in record.unit_labels if u.layer in layers),
        suggestions=tuple(
            s for s in record.suggestions
            if not isinstance(s.proposed, Relation) and s.proposed.layer in layers
        ),
    )  # fmt: skip


def _actors_of(spans: Iterable[Span], relations: Iterable[Relation]) -> set[str | None]:
    """The ids of the actors that are mentioned or tied, among those of other arguments."""
    return {s.actor for s in spans} | {a.target for r in relations for a in r.arguments}


def _by_sentence(record: Record, losses: Losses) -> Iterator[Record]:
    parted = _Parted(record, losses)
    for number in range(len(parted.ranges)):
        yield parted.record(number)


class _Parted:
    """What lies in each sentence of a record; what lies in none of them is told.

    Found once for all sentences, however many there are.
    """

    def __init__(self, record: Record, losses: Losses) -> None:
        self._given = record
        self._losses = losses
        self.ranges = sentence_ranges(record)
        self._spans: list[list[Span]] = [[] for _ in self.ranges]
        self._relations: list[list[Relation]] = [[] for _ in self.ranges]
        self._labels: dict[str, list[UnitLabel]] = {}
        self._actors = {actor.id: actor for actor in record.actors}
        self._order = {id: n for n, id in enumerate(self._actors)}
        self._part_relations(self._part_spans())
        for label in record.unit_labels:
            if label.sentence is None:
                self._lose("document label", f"{label.layer} {label.label}")
            else:
                self._labels.setdefault(label.sentence, []).append(label)
        for suggestion in record.suggestions:
            self._lose("suggestion", suggestion.state)

    def _lose(self, kind: str, example: str = "") -> None:
        name = self._given.document.name
        self._losses.add(kind, "left out", f"{name}: {example}" if example else name)

    def _part_spans(self) -> dict[str, int]:
        """Sort the spans into sentences; gives the number of each one's."""
        starts = [r.start for r in self.ranges]
        homes: dict[str, int] = {}
        for span in self._given.spans:
            n = bisect_right(starts, span.start) - 1
            if n >= 0 and span.end <= self.ranges[n].end:
                self._spans[n].append(span)
                homes[span.id] = n
            else:
                self._lose("span across sentences", quoted(span.text))
        return homes

    def _part_relations(self, homes: dict[str, int]) -> None:
        """Sort those into sentences all of whose arguments in the text lie in one."""
        for relation in relations_in_order(self._given):
            held = {homes.get(a.target) for a in relation.arguments if a.kind != "actor"}
            home = held.pop() if len(held) == 1 else None
            if home is not None:
                homes[relation.id] = home
        for relation in self._given.relations:
            if relation.id in homes:
                self._relations[homes[relation.id]].append(relation)
            elif all(a.kind == "actor" for a in relation.arguments):
                self._lose("relation of no sentence")
            else:
                self._lose("relation across sentences")

    def record(self, number: int) -> Record:
        """The record of one sentence, whose text is all there is; offsets count from its start."""
        given, (start, end) = self._given, self.ranges[number]
        document = _document(given.document, number, given.document.text[start:end])
        spans = tuple(_moved(span, -start, document) for span in self._spans[number])
        relations = tuple(self._relations[number])
        used = (id for id in _actors_of(spans, relations) if id in self._actors)
        cut: tuple[Sentence, ...] | None = None
        if given.sentences is not None:
            cut = (Sentence(given.sentences[number].id, document.id, 0, end - start),)
        ids = {s.id for s in cut or ()}
        return replace(
            given, document=document, sentences=cut, done=given.done & ids, spans=spans,
            relations=relations, suggestions=(),
            unit_labels=tuple(label for id in ids for label in self._labels.get(id, ())),
            actors=tuple(self._actors[id] for id in sorted(used, key=self._order.__getitem__)),
        )  # fmt: skip


def _document(given: Document, number: int, text: str) -> Document:
    """The document that a sentence is by itself."""
    return Document(
        id=derived_id(given.id, "sentence", str(number)) if given.id else "",
        name=f"{given.name}#{number + 1}", text=text, meta=given.meta,
        sha256=content_hash(text.encode()), source=given.source,
    )  # fmt: skip


def _moved(span: Span, by: int, document: Document) -> Span:
    fragments = tuple((start + by, end + by) for start, end in span.fragments)
    return replace(
        span, document=document.id, fragments=fragments, text=surface(document.text, fragments)
    )
