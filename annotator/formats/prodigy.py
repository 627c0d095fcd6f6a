"""Prodigy's tasks: JSON Lines with spans, relations between spans, and an answer.

Offsets are code points; ``token_end`` is inclusive; ``head`` and ``child`` of a relation are the
indices of their spans' last tokens. Tasks that were rejected or ignored bring their text alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from annotator.core.annotation import BY_HAND, Origin, Span
from annotator.core.ranges import Range
from annotator.formats.base import Carries, Record, Source, Target
from annotator.formats.building import RecordBuilder
from annotator.formats.json_format import NAME, JsonFormat, known, take_name
from annotator.formats.json_items import first_value
from annotator.formats.label_names import LabelNames
from annotator.formats.record import relations_by_place, token_ranges

_HIDDEN = "_"
"""Keys that begin so are Prodigy's bookkeeping."""


class Piece(Struct):
    """A span, or the end of a relation."""

    start: int
    end: int
    label: str | None = None
    source: str | None = None
    score: float | None = None


class Link(Struct):
    """A relation; its ends are described again beside the token indices, which are not read."""

    label: str
    head_span: Piece | None = None
    child_span: Piece | None = None


class Keys(Struct):
    """What is read of a task."""

    text: str
    meta: dict[str, Any] | None = None
    spans: list[Piece] | None = None
    relations: list[Link] | None = None
    label: str | None = None
    accept: list[str | int] | None = None
    answer: str = "accept"


class ProdigyFormat(JsonFormat):
    """Reads and writes tasks with character spans."""

    name = "prodigy"
    title = "Prodigy JSON Lines"
    extensions = (".prodigy.jsonl", ".jsonl")
    carries = Carries(
        name=True, metadata=True, document_labels=True, nesting="any", sub_tokens=False,
        relations=True,
    )  # fmt: skip
    hint = "Prodigy's documentation describes tasks under annotation interfaces."

    def sniff(self, head: bytes, path: Path) -> float:
        """Sure by Prodigy's hashes or answers, likely by spans as it has them."""
        row = first_value(head)
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            return 0.0
        if "_input_hash" in row or "_view_id" in row or row.get("answer") in _ANSWERS:
            return 0.95
        spans = row.get("spans")
        if not isinstance(spans, list) or not spans or not isinstance(spans[0], dict):
            return 0.0
        return 0.8 if {"start", "end", "label"} <= spans[0].keys() else 0.0

    def records(
        self, row: dict[str, Any], source: Source, place: str, number: int
    ) -> Iterable[Record]:
        """The record of one task."""
        keys = known(row, Keys)
        meta = dict(keys.meta or {})
        for key, value in row.items():
            if key not in _TASK_KEYS and not key.startswith(_HIDDEN):
                meta.setdefault(key, value)
        who = row.get("_annotator_id")
        build = RecordBuilder(
            source, keys.text, name=take_name(meta, source, number), place=place,
            meta=meta, annotator=who if isinstance(who, str) and who.strip() else None,
        )  # fmt: skip
        if keys.answer in _ANSWERS[1:]:
            lists = (keys.spans, keys.relations, keys.accept)
            count = sum(len(found or ()) for found in lists) + (keys.label is not None)
            if count:
                source.losses.add(f"annotation with answer {keys.answer}", "left out", place, count)
            return [build.record()]
        _fill(build, keys, LabelNames.of(source), source)
        return [build.record()]

    def write(self, records: Iterable[Record], target: Target) -> int:
        """One line a record; tokens are ours."""
        names = LabelNames(target.schema)
        number = 0
        for record in records:
            target.file.write(msgspec.json.encode(_task(record, names)) + b"\n")
            number += 1
        return number


FORMAT = ProdigyFormat()
_ANSWERS = ("accept", "reject", "ignore")
_TASK_KEYS = frozenset(
    ("text", "meta", "spans", "tokens", "relations", "label", "accept", "answer")
)


# -- reading -------------------------------------------------------------------------------------


def _fill(build: RecordBuilder, keys: Keys, names: LabelNames, source: Source) -> None:
    spans: dict[tuple[int, int, str | None], Span] = {}
    for piece in keys.spans or ():
        if piece.label is None:
            source.losses.add("span without a label", "left out", f"{piece.start}–{piece.end}")
            continue
        key = (piece.start, piece.end, piece.label)
        span = build.span(
            *names.label(piece.label), ((piece.start, piece.end),), origin=_origin(piece)
        )
        spans.setdefault(key, span)
    words = [keys.label] if keys.label is not None else []
    for word in [*words, *map(str, keys.accept or ())]:
        build.unit_label(*names.label(word, "document"))
    for link in keys.relations or ():
        ends = [_end(piece, spans) for piece in (link.head_span, link.child_span)]
        if ends[0] is None or ends[1] is None:
            source.losses.add("relation of tokens that are in no span", "left out", link.label)
            continue
        type, first, second = names.pair(link.label)
        build.relation(type, [(first, ends[0]), (second, ends[1])])


def _end(piece: Piece | None, spans: dict[tuple[int, int, str | None], Span]) -> Span | None:
    return None if piece is None else spans.get((piece.start, piece.end, piece.label))


def _origin(piece: Piece) -> Origin:
    """Where a model proposed the span."""
    return BY_HAND if piece.source is None else Origin(piece.source, None, piece.score)


# -- writing -------------------------------------------------------------------------------------


def _task(record: Record, names: LabelNames) -> dict[str, Any]:
    text = record.document.text
    tokens = [t for found in token_ranges(record) for t in found]
    first = {t.start: n for n, t in enumerate(tokens)}
    last = {t.end: n for n, t in enumerate(tokens)}
    ordered = sorted(record.spans, key=lambda s: (s.start, -s.end, s.id))
    spans = {
        s.id: {
            "start": s.start,
            "end": s.end,
            "token_start": first[s.start],
            "token_end": last[s.end],
            "label": names.written(s.layer, s.label),
        }
        for s in ordered
    }
    row: dict[str, Any] = {
        "text": text,
        "meta": {NAME: record.document.name, **record.document.meta},
        "tokens": _tokens(text, tokens),
        "spans": list(spans.values()),
    }
    if record.relations:
        row["relations"] = [
            {
                "head": spans[head.target]["token_end"],
                "child": spans[child.target]["token_end"],
                "label": names.written_pair(relation.type, head.role, child.role),
                "head_span": spans[head.target],
                "child_span": spans[child.target],
            }
            for relation in relations_by_place(record)
            for head, child in [relation.arguments]
        ]
    if record.unit_labels:
        row["accept"] = [names.written(u.layer, u.label, "document") for u in record.unit_labels]
    row["answer"] = "accept"
    row["_view_id"] = "relations" if record.relations else "spans_manual"
    row["_session_id"] = None
    return row


def _tokens(text: str, tokens: list[Range]) -> list[dict[str, Any]]:
    return [
        {
            "text": text[start:end],
            "start": start,
            "end": end,
            "id": number,
            "ws": text[end : end + 1] == " ",
            "disabled": False,
        }
        for number, (start, end) in enumerate(tokens)
    ]
