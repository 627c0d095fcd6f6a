"""Label Studio: a JSON array of tasks; annotations come back as regions, relations and choices.

Offsets are code points; old files that count UTF-16 units are known by the surface each region
holds. A region's layer is its control (``from_name``); its attributes are choices under its id.
Predictions are suggestions. Regions on HTML, images and sound are refused or left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from annotator.core.annotation import GOLD, Span, UnitLabel
from annotator.formats.base import Carries, Option, Record, Source, Target
from annotator.formats.json_format import NAME, JsonFormat
from annotator.formats.json_items import first_value
from annotator.formats.jsonl_text import TEXT_FIELD
from annotator.formats.label_names import LabelNames
from annotator.formats.label_studio_suggestions import open_suggestions
from annotator.formats.label_studio_task import read_task
from annotator.formats.options import Options
from annotator.formats.record import relations_by_place

_TEXT = "text"


class LabelStudioFormat(JsonFormat):
    """Reads exported tasks and writes tasks to import."""

    name = "label-studio"
    title = "Label Studio JSON"
    extensions = (".label-studio.json", ".json", ".jsonl")
    carries = Carries(
        name=True, metadata=True, document_labels=True, nesting="any", duplicates=True,
        attributes=True, attribute_lists=True, notes=True, relations=True, suggestions=True,
    )  # fmt: skip
    own_keys = frozenset((_TEXT,))
    read_options = (replace(TEXT_FIELD, default=None),)
    write_options = (
        Option(
            name="part", values=("tasks", "config"), default="tasks",
            help="The tasks, or the labelling configuration with which they open.",
        ),
    )  # fmt: skip
    hint = "Label Studio's documentation describes the JSON of tasks."

    def sniff(self, head: bytes, path: Path) -> float:
        """Sure where the first task holds data and annotations."""
        row = first_value(head)
        if not isinstance(row, dict) or not isinstance(row.get("data"), dict):
            return 0.0
        known = {"annotations", "predictions", "completions", "id"} & row.keys()
        return 0.95 if known else 0.6

    def records(
        self, row: dict[str, Any], source: Source, place: str, number: int
    ) -> Iterable[Record]:
        """A record for each annotation of a task; its predictions go with the first."""
        return read_task(row, source, place, number)

    def reduce(self, record: Record, target: Target) -> Record:
        """Of suggestions what predictions hold: spans that nobody has decided on."""
        record = super().reduce(record, target)
        return replace(
            record, actors=(), suggestions=tuple(open_suggestions(record, target.losses))
        )

    def ending(self, options: Options) -> str:
        """The configuration is XML, and stays beside the tasks."""
        return ".label-studio.xml" if _is_config(options) else super().ending(options)

    def export(self, records: Iterable[Record], target: Target) -> int | None:
        """The tasks, or the configuration, which needs no records but the schema."""
        if _is_config(target.options):
            from annotator.formats.label_studio_config import labelling_config

            target.file.write(labelling_config(target.schema))
            return None
        return super().export(records, target)

    def write(self, records: Iterable[Record], target: Target) -> int:
        """One task a record, one annotation a task, a prediction for each engine."""
        names = LabelNames(target.schema)
        number = 0
        target.file.write(b"[")
        for record in records:
            target.file.write(b",\n" if number else b"\n")
            number += 1
            target.file.write(msgspec.json.encode(_task(record, names, number)))
        target.file.write(b"\n]\n")
        return number


FORMAT = LabelStudioFormat()


def _is_config(options: Options) -> bool:
    return options.get("part") == "config"


def _task(record: Record, names: LabelNames, number: int) -> dict[str, Any]:
    spans = sorted(record.spans, key=lambda s: (s.start, -s.end, s.id))
    regions = {span.id: f"r{n}" for n, span in enumerate(spans, start=1)}
    result = [row for span in spans for row in _region(span, regions[span.id])]
    for relation in relations_by_place(record):
        first, second = relation.arguments
        result.append(
            {
                "type": "relation",
                "from_id": regions[first.target],
                "to_id": regions[second.target],
                "direction": "right",
                "labels": [names.written_pair(relation.type, first.role, second.role)],
            }
        )
    labels = sorted(record.unit_labels, key=lambda u: u.id)
    result += [_choice(label, f"d{n}") for n, label in enumerate(labels, start=1)]
    document = record.document
    return {
        "id": number,
        "data": {_TEXT: document.text, NAME: document.name, **document.meta},
        "annotations": [
            {
                "id": number,
                "was_cancelled": False,
                "ground_truth": record.annotator == GOLD,
                "result": result,
            }
        ],
        "predictions": list(_predictions(record)),
    }


def _predictions(record: Record) -> Iterator[dict[str, Any]]:
    """The suggestions of each engine; its score is the mean, where all have one."""
    engines: dict[str, list[Span]] = {}
    for suggestion in record.suggestions:
        span = suggestion.proposed
        if isinstance(span, Span):
            engines.setdefault(span.origin.engine or "", []).append(span)
    number = 0
    for engine, spans in engines.items():
        prediction: dict[str, Any] = {"model_version": engine, "result": []}
        scores = [s.origin.score for s in spans if s.origin.score is not None]
        if len(scores) == len(spans):
            prediction["score"] = sum(scores) / len(scores)
        for span in sorted(spans, key=lambda s: (s.start, -s.end, s.id)):
            number += 1
            (region,) = _region(span, f"p{number}")
            prediction["result"].append({**region, "score": span.origin.score})
        yield prediction


def _region(span: Span, id: str) -> Iterable[dict[str, Any]]:
    where = {"start": span.start, "end": span.end, "text": span.text}
    row: dict[str, Any] = {
        "id": id,
        "from_name": span.layer,
        "to_name": _TEXT,
        "type": "labels",
        "origin": "manual",
        "value": {**where, "labels": [span.label]},
    }
    if span.note is not None:
        row["meta"] = {"text": [span.note]}
    yield row
    for attribute in span.attributes:
        yield {
            "id": id,
            "from_name": attribute.name,
            "to_name": _TEXT,
            "type": "choices",
            "origin": "manual",
            "value": {**where, "choices": list(attribute.values)},
        }


def _choice(label: UnitLabel, id: str) -> dict[str, Any]:
    return {
        "id": id,
        "from_name": label.layer,
        "to_name": _TEXT,
        "type": "choices",
        "origin": "manual",
        "value": {"choices": [label.label]},
    }
