"""The unit of exchange: one document as one annotator left it, or a refusal in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

from msgspec import Struct

from annotator.core.annotation import Actor, Relation, Span, Suggestion, UnitLabel
from annotator.core.document import Document, Sentence
from annotator.core.ranges import Range
from annotator.core.sentences import sentences
from annotator.core.tokens import TOKENIZER, TOKENIZER_VERSION, token_edges, tokens

TOKENIZATION, SPACES = "tokenization", "spaces"
"""Metadata of a document whose text was put together from tokens: they are what spaces and line
ends part, and the tokenizer is not asked."""
_SPACED_TOKEN = re.compile(r"[^ \t\r\n]+")


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
    find = spaced_tokens if is_spaced(record.document) else tokens
    return [find(text, start, end) for start, end in sentence_ranges(record)]


def all_tokens(record: Record) -> list[Range]:
    """The tokens of the record in one row; a text put together from tokens needs no cut for it."""
    if record.sentences is None and is_spaced(record.document):
        return spaced_tokens(record.document.text, 0, len(record.document.text))
    return [token for found in token_ranges(record) for token in found]


def is_spaced(document: Document) -> bool:
    """Whether spaces and line ends part the tokens of a document, as its metadata says."""
    return document.meta.get(TOKENIZATION) == SPACES


def spaced_tokens(text: str, start: int, end: int) -> list[Range]:
    """What spaces and line ends part, as ranges in code points of ``text``."""
    return [Range(*match.span()) for match in _SPACED_TOKEN.finditer(text, start, end)]


def tokenizer_of(document: Document) -> str:
    """What makes the tokens of a document, with its version."""
    return SPACES if is_spaced(document) else f"{TOKENIZER}/{TOKENIZER_VERSION}"


def token_edges_of(record: Record) -> list[tuple[int, int]]:
    """All tokens of the record, sentence after sentence, as plain pairs."""
    text = record.document.text
    if is_spaced(record.document):
        return [*all_tokens(record)]
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
