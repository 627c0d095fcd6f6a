"""The native record as a row of a Parquet table, where every field has one type, and back.

What is a map in JSON (attributes, links) is a list here, of which any library knows what to do;
metadata, which may hold anything, is JSON in a text.
"""

from __future__ import annotations

from typing import Any

import msgspec

from annotator.errors import InputError
from annotator.formats.jsonl_record import RecordRow


def table_schema() -> Any:
    """The columns, as pyarrow has them."""
    import pyarrow as pa

    def struct(**fields: Any) -> Any:
        return pa.struct(list(fields.items()))

    text, flag = pa.string(), pa.bool_()
    texts = pa.list_(text)
    place = {"start": pa.int32(), "end": pa.int32()}
    ranges = pa.list_(struct(**place))
    details = {
        "attributes": pa.list_(struct(name=text, values=texts, uncertain=flag)),
        "note": text, "flagged": flag,
        "origin": struct(engine=text, version=text, score=pa.float64()),
    }  # fmt: skip
    label = struct(id=text, layer=text, label=text, **details)
    span = struct(
        id=text, layer=text, label=text, **place, fragments=ranges, text=text, actor=text, **details
    )
    argument = struct(role=text, span=text, relation=text, actor=text)
    relation = struct(id=text, type=text, arguments=pa.list_(argument), **details)
    links = pa.list_(struct(scheme=text, value=text))
    columns = {
        "format": text, "id": text, "name": text, "text": text, "encoding": text, "sha256": text,
        "meta": text, "schema": struct(name=text, version=pa.int64()), "annotator": text,
        "annotator_kind": text, "status": text,
        "sentences": pa.list_(struct(id=text, **place, done=flag, labels=pa.list_(label))),
        "tokenizer": text, "tokens": ranges, "spans": pa.list_(span),
        "relations": pa.list_(relation),
        "actors": pa.list_(
            struct(id=text, name=text, kind=text, aliases=texts, links=links, note=text)
        ),
        "labels": pa.list_(label),
        "suggestions": pa.list_(
            struct(
                id=text, state=text, result=text, span=span, relation=relation, label=label,
                sentence=text,
            )
        ),
    }  # fmt: skip
    return pa.schema(list(columns.items()))


# -- writing -------------------------------------------------------------------------------------


def to_table_row(row: RecordRow) -> dict[str, Any]:
    """The row of a table; what it leaves out is null."""
    found: dict[str, Any] = msgspec.to_builtins(row)
    found["meta"] = msgspec.json.encode(row.meta).decode()
    found["tokens"] = _places(row.tokens)
    for sentence in found["sentences"] or ():
        sentence["labels"] = [_detailed(label) for label in sentence["labels"]]
    for key, made in _DETAILED.items():
        found[key] = [made(item) for item in found[key]]
    for actor in found["actors"]:
        actor["links"] = [
            {"scheme": scheme, "value": value}
            for scheme, given in actor["links"].items()
            for value in ([given] if isinstance(given, str) else given)
        ]
    for suggestion in found["suggestions"]:
        for kind, made in _PROPOSED.items():
            if kind in suggestion:
                suggestion[kind] = made(suggestion[kind])
    return found


def _places(pairs: Any) -> list[dict[str, int]]:
    return [{"start": start, "end": end} for start, end in pairs]


def _detailed(item: dict[str, Any]) -> dict[str, Any]:
    uncertain = item.pop("uncertain")
    item["attributes"] = [
        {"name": name, "values": values, "uncertain": name in uncertain}
        for name, values in item["attributes"].items()
    ]
    return item


def _span(item: dict[str, Any]) -> dict[str, Any]:
    item["fragments"] = _places(item["fragments"])
    return _detailed(item)


_DETAILED = {"spans": _span, "relations": _detailed, "labels": _detailed}
_PROPOSED = {"span": _span, "relation": _detailed, "label": _detailed}


# -- reading -------------------------------------------------------------------------------------


def from_table_row(row: dict[str, Any]) -> RecordRow:
    """The native row. Raises InputError where it is none."""
    try:
        return msgspec.convert(_native(row), RecordRow)
    except msgspec.ValidationError as error:
        raise InputError(f"not a record of ours: {error}") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"not a record of ours: its columns are others: {error}") from None


def _native(row: dict[str, Any]) -> dict[str, Any]:
    found = {key: value for key, value in row.items() if value is not None}
    try:
        found["meta"] = msgspec.json.decode(row.get("meta") or "{}")
    except (msgspec.DecodeError, RecursionError) as error:
        raise InputError(f"its metadata is no JSON: {error}") from None
    found["annotator"] = row.get("annotator")
    found["tokens"] = _pairs(row.get("tokens"))
    for sentence in found.get("sentences", ()):
        sentence["labels"] = [_plain(label) for label in sentence["labels"] or ()]
    for key, made in _PLAIN.items():
        found[key] = [made(item) for item in row.get(key) or ()]
    found["actors"] = [_actor(actor) for actor in row.get("actors") or ()]
    found["suggestions"] = [_suggestion(item) for item in row.get("suggestions") or ()]
    return found


def _pairs(places: list[dict[str, int]] | None) -> list[tuple[int, int]]:
    return [(place["start"], place["end"]) for place in places or ()]


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    given = item["attributes"] or ()
    item["attributes"] = {a["name"]: a["values"] for a in given}
    item["uncertain"] = [a["name"] for a in given if a["uncertain"]]
    if len(item["attributes"]) != len(given):
        raise InputError(f"{item['id']}: an attribute stands twice")
    return item


def _plain_span(item: dict[str, Any]) -> dict[str, Any]:
    item["fragments"] = _pairs(item["fragments"])
    return _plain(item)


def _plain_relation(item: dict[str, Any]) -> dict[str, Any]:
    item["arguments"] = [
        {key: value for key, value in argument.items() if value is not None}
        for argument in item["arguments"]
    ]
    return _plain(item)


def _actor(item: dict[str, Any]) -> dict[str, Any]:
    links: dict[str, list[str]] = {}
    for link in item["links"] or ():
        links.setdefault(link["scheme"], []).append(link["value"])
    return {**item, "links": links}


def _suggestion(item: dict[str, Any]) -> dict[str, Any]:
    found = {key: value for key, value in item.items() if value is not None}
    for kind, made in _PLAIN_PROPOSED.items():
        if kind in found:
            found[kind] = made(found[kind])
    return found


_PLAIN = {"spans": _plain_span, "relations": _plain_relation, "labels": _plain}
_PLAIN_PROPOSED = {"span": _plain_span, "relation": _plain_relation, "label": _plain}
