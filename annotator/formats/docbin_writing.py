"""A record as a document of a DocBin: its tokens, entities, groups of spans and user data.

Tokens are ours, cut once more where a span begins or ends, so that every offset is exact. White
space is as spaCy has it: one blank behind a token belongs to the token, the rest is a token.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from annotator.core.annotation import Span
from annotator.core.ranges import trim
from annotator.core.schema import Schema
from annotator.formats.docbin_columns import PackedDocument
from annotator.formats.docbin_words import Words
from annotator.formats.flattening import widest
from annotator.formats.label_names import LabelNames
from annotator.formats.record import Record, relations_by_place, token_ranges

ATTRIBUTES = ("ORTH", "ENT_IOB", "ENT_TYPE", "SENT_START")
REL_KEY = ("._.", "rel", None, None)
"""Where spaCy keeps ``doc._.rel``."""
SPAN = struct.Struct(">QQQllll")
"""Id, knowledge base id, label, first and last token, first and last character; half-open."""
INSIDE, OUTSIDE, BEGIN = 1, 2, 3
STARTS, STARTS_NOT = 1, 2**64 - 1


class Token(Struct):
    """A half-open range of code points, and whether a blank behind it belongs to it."""

    start: int
    end: int
    space: bool = False


class DocumentPacker:
    """Makes documents of records; ``layer`` is what becomes ``doc.ents``."""

    def __init__(self, schema: Schema, words: Words, layer: str) -> None:
        self._names = LabelNames(schema)
        self._layers = {layer.name: n for n, layer in enumerate(schema.layers)}
        self._scoped = [layer for layer in schema.layers if layer.scope == "document"]
        self._words = words
        self._layer = layer

    def packed(self, record: Record) -> PackedDocument:
        """The document of a reduced record."""
        tokens = list(doc_tokens(record))
        groups = self._groups(record)
        entities = groups.get(self._layer, [])
        return PackedDocument(
            tokens=self._rows(record, tokens, entities),
            spaces=bytes(token.space for token in tokens),
            cats=msgspec.msgpack.encode(self._cats(record)),
            flags=msgspec.msgpack.encode({"has_unknown_spaces": False}),
            span_groups=self._span_groups(groups, tokens),
            user_data=msgspec.msgpack.encode(self._user_data(record, groups, tokens)),
        )

    def _groups(self, record: Record) -> dict[str, list[Span]]:
        """The spans by layer, layers in the order of the schema and spans in that of the text."""
        found: dict[str, list[Span]] = {}
        order = self._layers
        for span in sorted(
            record.spans,
            key=lambda s: (order.get(s.layer, len(order)), s.layer, s.start, -s.end, s.label, s.id),
        ):
            found.setdefault(span.layer, []).append(span)
        return found

    def _rows(self, record: Record, tokens: list[Token], spans: list[Span]) -> array[int]:
        """A row for each token, of ATTRIBUTES."""
        text, word = record.document.text, self._words.number
        starts = {sentence.start for sentence in record.sentences or ()}
        iob, labels = [OUTSIDE] * len(tokens), [0] * len(tokens)
        begins_at = [token.start for token in tokens]
        for span in widest(_trimmed(span, text) for span in spans if span.text.strip())[0]:
            kind, n = BEGIN, bisect_right(begins_at, span.start) - 1
            while n < len(tokens) and tokens[n].start < span.end:
                iob[n], labels[n] = kind, word(span.label)
                kind, n = INSIDE, n + 1
        rows = array("Q")
        for n, token in enumerate(tokens):
            begins = 0 if record.sentences is None else STARTS_NOT
            begins = STARTS if token.start in starts else begins
            rows.extend((word(text[token.start : token.end]), iob[n], labels[n], begins))
        return rows

    def _cats(self, record: Record) -> dict[str, float]:
        """The labels of the document; the others of their layers are said not to hold."""
        given = {(u.layer, u.label) for u in record.unit_labels}
        used = {layer for layer, _ in given}
        names = [
            (layer.name, label.name)
            for layer in self._scoped if layer.name in used
            for label in layer.labels
        ]  # fmt: skip
        return {
            self._names.written(layer, label, "document"): float((layer, label) in given)
            for layer, label in (*names, *sorted(given.difference(names)))
        }

    def _span_groups(self, groups: dict[str, list[Span]], tokens: list[Token]) -> bytes:
        first = {token.start: n for n, token in enumerate(tokens)}
        last = {token.end: n for n, token in enumerate(tokens, start=1)}
        packed: dict[bytes, list[str]] = {}
        for layer, spans in groups.items():
            rows = [
                SPAN.pack(
                    0, 0, self._words.number(s.label), first[s.start], last[s.end], s.start, s.end
                )
                for s in spans
            ]
            group = msgspec.msgpack.encode({"name": layer, "attrs": {}, "spans": rows})
            packed[group] = [layer]
        return msgspec.msgpack.encode(packed)

    def _user_data(
        self, record: Record, groups: dict[str, list[Span]], tokens: list[Token]
    ) -> dict[Any, Any]:
        found: dict[Any, Any] = {"name": record.document.name}
        if record.annotator is not None:
            found["annotator"] = record.annotator
        if record.document.meta:
            found["meta"] = record.document.meta
        if not record.relations:
            return found
        first = {token.start: n for n, token in enumerate(tokens)}
        places = {s.id: [layer, n] for layer, spans in groups.items() for n, s in enumerate(spans)}
        spans = {s.id: s for s in record.spans}
        found["relations"] = []
        rel: dict[tuple[int, int], dict[str, float]] = {}
        for relation in relations_by_place(record):
            head, child = relation.arguments
            label = self._names.written_pair(relation.type, head.role, child.role)
            found["relations"].append(
                {"label": label, "head": places[head.target], "child": places[child.target]}
            )
            key = (first[spans[head.target].start], first[spans[child.target].start])
            rel.setdefault(key, {})[label] = 1.0
        found[REL_KEY] = rel
        return found


def _trimmed(span: Span, text: str) -> Span:
    """The span, which is not all white space, without white space at its ends."""
    inner = trim(text, span.start, span.end)
    return span if inner is None else replace(span, fragments=(tuple(inner),))


def doc_tokens(record: Record) -> Iterator[Token]:
    """The tokens of spaCy's text for a record: with the blanks behind them they are its text."""
    starts = {f[0] for span in record.spans for f in span.fragments}
    ends = {f[1] for span in record.spans for f in span.fragments}
    edges = sorted(starts | ends)
    text, at, cut = record.document.text, 0, 0
    before: Token | None = None
    ranges = [(t.start, t.end) for sentence in token_ranges(record) for t in sentence]
    for start, end in (*ranges, (len(text), len(text))):
        is_blank = before and text[at:start][:1] == " " and at not in starts and at + 1 not in ends
        if before and is_blank:
            before.space = True
            at += 1
        for begin, until in ((at, start), (start, end)):
            while begin < until:
                while cut < len(edges) and edges[cut] <= begin:
                    cut += 1
                stop = min(until, edges[cut]) if cut < len(edges) else until
                if before:
                    yield before
                before = Token(begin, stop)
                begin = stop
        at = end
    if before:
        yield before
