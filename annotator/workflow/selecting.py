"""What of each record an export is to hold: some layers only, and sentence by sentence if asked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
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
    return _with(
        record,
        spans,
        frozenset(s.id for s in spans),
        unit_labels=tuple(u for u in record.unit_labels if u.layer in layers),
        suggestions=tuple(
            s for s in record.suggestions
            if not isinstance(s.proposed, Relation) and s.proposed.layer in layers
        ),
    )  # fmt: skip


def _with(record: Record, spans: tuple[Span, ...], held: frozenset[str], **rest: object) -> Record:
    """The record with these spans, and the relations among them."""
    kept: dict[str, Relation] = {}
    for relation in relations_in_order(record):
        if all(
            a.kind == "actor" or a.target in held or a.target in kept for a in relation.arguments
        ):
            kept[relation.id] = relation
    relations = tuple(r for r in record.relations if r.id in kept)
    used = {s.actor for s in spans} | {a.target for r in relations for a in r.arguments}
    actors = tuple(a for a in record.actors if a.id in used)
    return replace(record, spans=spans, relations=relations, actors=actors, **rest)


def _by_sentence(record: Record, losses: Losses) -> Iterator[Record]:
    ranges = sentence_ranges(record)
    starts = [r.start for r in ranges]
    spans: list[list[Span]] = [[] for _ in ranges]
    name = record.document.name
    for span in record.spans:
        n = bisect_right(starts, span.start) - 1
        if n >= 0 and span.end <= ranges[n].end:
            spans[n].append(span)
        else:
            losses.add("span across sentences", "left out", f"{name}: {quoted(span.text)}")
    for label in record.unit_labels:
        if label.sentence is None:
            losses.add("document label", "left out", f"{name}: {label.layer} {label.label}")
    for suggestion in record.suggestions:
        losses.add("suggestion", "left out", f"{name}: {suggestion.state}")
    written = 0
    for n, (start, end) in enumerate(ranges):
        part = _sentence_record(record, n, (start, end), spans[n])
        written += len(part.relations)
        yield part
    for _ in range(len(record.relations) - written):
        losses.add("relation across sentences", "left out", name)


def _sentence_record(
    record: Record, number: int, where: tuple[int, int], spans: list[Span]
) -> Record:
    """The record of one sentence, whose text is all there is; offsets count from its start."""
    start, end = where
    given = record.document
    text = given.text[start:end]
    id = derived_id(given.id, "sentence", str(number)) if given.id else ""
    document = Document(
        id=id, name=f"{given.name}#{number + 1}", text=text, meta=given.meta,
        sha256=content_hash(text.encode()), source=given.source,
    )  # fmt: skip
    moved = tuple(_moved(span, -start, text, id) for span in spans)
    cut: tuple[Sentence, ...] | None = None
    labels: tuple[UnitLabel, ...] = ()
    if record.sentences is not None:
        theirs = record.sentences[number].id
        cut = (Sentence(theirs, id, 0, end - start),)
        labels = tuple(u for u in record.unit_labels if u.sentence == theirs)
    return _with(
        record, moved, frozenset(s.id for s in moved), document=document, sentences=cut,
        done=record.done & {s.id for s in cut or ()}, unit_labels=labels, suggestions=(),
    )  # fmt: skip


def _moved(span: Span, by: int, text: str, document: str) -> Span:
    fragments = tuple((start + by, end + by) for start, end in span.fragments)
    return replace(span, document=document, fragments=fragments, text=surface(text, fragments))
