"""The unit of exchange: one document as one annotator left it, or a refusal in its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from msgspec import Struct

from annotator.core.annotation import Actor, Relation, Span, Suggestion, UnitLabel
from annotator.core.document import Document, Sentence
from annotator.core.ranges import Range
from annotator.core.sentences import sentences
from annotator.core.tokens import token_edges, tokens


class Record(Struct, frozen=True, kw_only=True):
    """One document as one annotator left it.

    ``sentences`` is None where the source has no cut; ``done`` holds ids of sentences. The field
    ``annotator`` of spans, relations, labels and suggestions means nothing here: the record has one
    annotator, given by name, or none at all (nobody touched it, or the file does not say who).
    ``place`` is where it was read, as ``file:line``, for messages. An id that is no UUID holds
    within its record only.
    """

    document: Document
    sentences: tuple[Sentence, ...] | None = None
    done: frozenset[str] = frozenset()
    spans: tuple[Span, ...] = ()
    relations: tuple[Relation, ...] = ()
    unit_labels: tuple[UnitLabel, ...] = ()
    actors: tuple[Actor, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    annotator: str | None = None
    annotator_kind: Literal["person", "engine"] = "person"
    status: Literal["open", "done"] = "open"
    schema_name: str = ""
    schema_version: int = 0
    place: str = ""


class Refusal(Struct, frozen=True):
    """A document, or a whole file, that was not taken in: what is wrong, where, and what to do."""

    place: str
    message: str
    hint: str = ""


ImportItem: TypeAlias = Record | Refusal


def sentence_ranges(record: Record) -> list[Range]:
    """The record's sentences as ranges in code points; where it has no cut, the segmenter's."""
    if record.sentences is None:
        return list(sentences(record.document.text))
    return [Range(s.start, s.end) for s in record.sentences]


def token_ranges(record: Record) -> list[list[Range]]:
    """The tokens of each sentence of the record, as ranges in code points of the document."""
    text = record.document.text
    return [tokens(text, start, end) for start, end in sentence_ranges(record)]


def token_edges_of(record: Record) -> list[tuple[int, int]]:
    """All tokens of the record, sentence after sentence, as plain pairs."""
    text = record.document.text
    return [e for start, end in sentence_ranges(record) for e in token_edges(text, start, end)]


def relations_by_place(record: Record) -> list[Relation]:
    """The relations by where their arguments stand in the text, in an order that no id decides."""
    spans = {s.id: (s.start, s.end, s.layer, s.label) for s in record.spans}
    nowhere = (len(record.document.text), 0, "", "")
    return sorted(
        record.relations,
        key=lambda r: (*(spans.get(a.target, nowhere) for a in r.arguments), r.type, r.id),
    )


def relations_in_order(record: Record) -> Iterator[Relation]:
    """The record's relations, each behind those that are its arguments."""
    relations = {r.id: r for r in record.relations}
    done: set[str] = set()
    for root in record.relations:
        stack = [root]
        while stack:
            relation = stack[-1]
            waiting = [
                relations[a.target]
                for a in relation.arguments
                if a.kind == "relation" and a.target in relations and a.target not in done
            ]
            if waiting:
                stack.extend(waiting)
                continue
            stack.pop()
            if relation.id not in done:
                done.add(relation.id)
                yield relation
