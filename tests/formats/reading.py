"""Short ways to read a file with a format, and to write records with it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from annotator.core.schema import NO_SCHEMA, Schema
from annotator.formats import options
from annotator.formats.base import Format, ImportItem, Record, Refusal, Source, Target


def read(
    format: Format, path: Path, data: bytes | str | object, schema: Schema = NO_SCHEMA, **given: Any
) -> tuple[list[ImportItem], Source]:
    """What the format makes of a file with this content, and the source with its losses."""
    if not isinstance(data, bytes | str):
        data = json.dumps(data)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    layer = given.pop("layer", None)
    largest = given.pop("largest_record", 1 << 20)
    checked = options.checked(format.name, format.read_options, given)
    source = Source(
        path, path.name, schema=schema, options=checked, layer=layer, largest_record=largest
    )
    return list(format.read(source)), source


def one(found: tuple[list[ImportItem], Source]) -> Record:
    """The only record."""
    (item,) = found[0]
    assert isinstance(item, Record), item
    return item


def refused(found: tuple[list[ImportItem], Source]) -> str:
    """Why the only item was refused."""
    (item,) = found[0]
    assert isinstance(item, Refusal), item
    return item.message


def spans(record: Record) -> list[tuple[str, str, str]]:
    return [(s.layer, s.label, s.text) for s in record.spans]


def relations(record: Record) -> list[tuple[str, list[tuple[str, str]]]]:
    texts = {s.id: s.text for s in record.spans}
    return [
        (r.type, [(a.role, texts.get(a.target, a.target)) for a in r.arguments])
        for r in record.relations
    ]


def losses(found: tuple[list[ImportItem], Source]) -> dict[str, int]:
    return {loss.kind: loss.count for loss in found[1].losses}


def written(format: Format, record: Record, schema: Schema = NO_SCHEMA, **given: str) -> Any:
    """The parsed content of the one JSON value written."""
    sink = io.BytesIO()
    checked = options.checked(format.name, format.write_options, given)
    format.export(iter([record]), Target(file=sink, schema=schema, options=checked))
    return json.loads(sink.getvalue())
