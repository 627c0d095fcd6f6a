"""doccano: JSON Lines with spans as ``label`` triples, or as ``entities`` with ``relations``.

Offsets are code points. Labels of whole texts are ``cats``, or a ``label`` of plain words. All
other keys are metadata. Old exports (``annotations`` with a user each) give a record per user.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from annotator.core.annotation import Span
from annotator.errors import InputError
from annotator.formats.base import Carries, Option, Record, Source, Target
from annotator.formats.building import RecordBuilder
from annotator.formats.json_format import NAME, JsonFormat, known, take_name, text_of
from annotator.formats.json_items import first_value
from annotator.formats.jsonl_text import TEXT_FIELD
from annotator.formats.label_names import LabelNames
from annotator.formats.loss import quoted
from annotator.formats.record import relations_by_place
from annotator.formats.reducing import reduced

_SPAN_KEYS = ("label", "labels", "entities")
_TRIPLE = 3


class Entity(Struct):
    """A span of the shape with relations."""

    label: str
    start_offset: int
    end_offset: int
    id: int | str | None = None


class Link(Struct):
    """A relation of that shape."""

    from_id: int | str
    to_id: int | str
    type: str


class OldAnnotation(Struct):
    """A span, or with no offsets a label of the text, of exports before 1.0."""

    label: int | str
    start_offset: int | None = None
    end_offset: int | None = None
    user: int | str | None = None


class Keys(Struct):
    """The keys of either shape."""

    label: Any = None
    labels: Any = None
    entities: Any = None
    cats: list[str] = msgspec.field(default_factory=list)
    relations: list[Link] = msgspec.field(default_factory=list)
    annotations: list[OldAnnotation] = msgspec.field(default_factory=list)


class DoccanoFormat(JsonFormat):
    """Reads and writes both shapes."""

    name = "doccano"
    title = "doccano JSON Lines"
    extensions = (".doccano.jsonl", ".jsonl", ".json")
    carries = Carries(
        name=True, metadata=True, document_labels=True, nesting="any", duplicates=True,
        relations=True,
    )  # fmt: skip
    own_keys = frozenset(("text", "cats", "relations", "annotations", *_SPAN_KEYS))
    read_options = (
        TEXT_FIELD,
        Option(name="label-field", help="The key that holds the labels.", default=None),
    )
    write_options = (
        Option(
            name="shape", values=("entities", "label"), default="entities",
            help="Spans as entities with relations, or as label triples without.",
        ),
    )  # fmt: skip

    def sniff(self, head: bytes, path: Path) -> float:
        """Sure where the first object has spans in one of the shapes."""
        row = first_value(head)
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            return 0.0
        if "_input_hash" in row or "answer" in row or "quotes" in row:
            return 0.0
        return 0.9 if _has_spans(row) else 0.7 if _has_words(row) else 0.0

    def records(
        self, row: dict[str, Any], source: Source, place: str, number: int
    ) -> Iterable[Record]:
        """One record, or in an old export one for each user."""
        field = source.options.get("text-field") or "text"
        text = text_of(row, field)
        labels = source.options.get("label-field") or "label"
        keys = known({**row, "label": row.get(labels)}, Keys)
        own = self.own_keys - {"text", "label"} | {field, labels}
        meta = {key: value for key, value in row.items() if key not in own}
        name = take_name(meta, source, number)
        users: dict[str | None, list[OldAnnotation]] = {}
        for annotation in keys.annotations:
            users.setdefault(str(annotation.user), []).append(annotation)
        for user, made in users.items() or [(None, [])]:
            build = RecordBuilder(
                source, text, name=name, place=place, meta=meta,
                annotator=None if user in (None, "None") else f"user {user}",
            )  # fmt: skip
            reader = _Reader(build, LabelNames.of(source))
            if user is None:
                reader.spans(keys)
            else:
                reader.old(made)
            yield build.record()

    def reduce(self, record: Record, target: Target) -> Record:
        """Without relations where the shape has none."""
        if target.options.get("shape") == "label":
            record = reduced(record, replace(self.carries, relations=False), target.losses)
        return super().reduce(record, target)

    def write(self, records: Iterable[Record], target: Target) -> int:
        """One line a record."""
        names = LabelNames(target.schema)
        ids = count(1)
        number = 0
        for record in records:
            document = record.document
            row: dict[str, Any] = {"text": document.text}
            if target.options.get("shape") == "label":
                row["label"] = [
                    [s.start, s.end, names.written(s.layer, s.label)] for s in _sorted(record)
                ]
            else:
                row.update(_entities(record, names, ids))
            cats = [names.written(u.layer, u.label, "document") for u in record.unit_labels]
            if cats:
                row["cats"] = cats
            row[NAME] = document.name
            row.update(document.meta)
            target.file.write(msgspec.json.encode(row) + b"\n")
            number += 1
        return number


FORMAT = DoccanoFormat()


def _sorted(record: Record) -> list[Span]:
    return sorted(record.spans, key=lambda s: (s.start, -s.end, s.id))


def _entities(record: Record, names: LabelNames, ids: Iterator[int]) -> dict[str, Any]:
    spans = {s.id: (next(ids), s) for s in _sorted(record)}
    return {
        "entities": [
            {
                "id": id,
                "label": names.written(s.layer, s.label),
                "start_offset": s.start,
                "end_offset": s.end,
            }
            for id, s in spans.values()
        ],
        "relations": [
            {
                "id": next(ids),
                "from_id": spans[first.target][0],
                "to_id": spans[second.target][0],
                "type": names.written_pair(relation.type, first.role, second.role),
            }
            for relation in relations_by_place(record)
            for first, second in [relation.arguments]
        ],
    }


def _has_spans(row: dict[str, Any]) -> bool:
    """Whether the first span of any shape is there."""
    for key in _SPAN_KEYS:
        first = row[key][0] if isinstance(row.get(key), list) and row[key] else None
        if isinstance(first, list) and len(first) == _TRIPLE and isinstance(first[2], str):
            return True
        if isinstance(first, dict) and "start_offset" in first:
            return True
    old = row.get("annotations")
    return isinstance(old, list) and bool(old) and isinstance(old[0], dict) and "user" in old[0]


def _has_words(row: dict[str, Any]) -> bool:
    """Whether there are labels of the whole text, or an empty list of spans."""
    found = [row[key] for key in ("label", "labels", "cats", "entities") if key in row]
    return any(isinstance(v, list) and all(isinstance(w, str) for w in v) for v in found)


class _Reader:
    """Builds one record of the keys of an object."""

    def __init__(self, build: RecordBuilder, names: LabelNames) -> None:
        self._build = build
        self._names = names

    def spans(self, keys: Keys) -> None:
        """All that either shape holds. Raises InputError."""
        spans: dict[int | str, Span] = {}
        for key in _SPAN_KEYS:
            given = getattr(keys, key)
            if given is None:
                continue
            if isinstance(given, str | int) and not isinstance(given, bool):
                given = [str(given)]
            if not isinstance(given, list):
                raise InputError(f"{key}: a list is expected, and not {quoted(str(given))}")
            for item in given:
                self._item(item, key, spans)
        for word in keys.cats:
            self._text_label(word)
        for link in keys.relations:
            missing = [id for id in (link.from_id, link.to_id) if id not in spans]
            if missing:
                raise InputError(f"relation {link.type}: there is no entity {missing[0]}")
            type, first, second = self._names.pair(link.type)
            self._build.relation(type, [(first, spans[link.from_id]), (second, spans[link.to_id])])

    def _item(self, item: Any, key: str, spans: dict[int | str, Span]) -> None:
        if isinstance(item, str):
            self._text_label(item)
        elif isinstance(item, dict):
            entity = known(item, Entity)
            span = self._span(entity.label, entity.start_offset, entity.end_offset)
            if entity.id is not None and spans.setdefault(entity.id, span) is not span:
                raise InputError(f"{key}: the id {entity.id} is used twice")
        elif isinstance(item, list) and len(item) == _TRIPLE and _is_triple(item):
            self._span(item[2], item[0], item[1])
        else:
            raise InputError(f"{key}: [start, end, label] is expected, and not {quoted(str(item))}")

    def old(self, annotations: list[OldAnnotation]) -> None:
        """One user's annotations."""
        for item in annotations:
            if item.start_offset is None or item.end_offset is None:
                self._text_label(str(item.label))
            else:
                self._span(str(item.label), item.start_offset, item.end_offset)

    def _span(self, word: str, start: int, end: int) -> Span:
        return self._build.span(*self._names.label(word), ((start, end),))

    def _text_label(self, word: str) -> None:
        self._build.unit_label(*self._names.label(word, "document"))


def _is_triple(item: list[Any]) -> bool:
    start, end, label = item
    return type(start) is int and type(end) is int and isinstance(label, str)
