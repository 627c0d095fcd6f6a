"""Records of one Label Studio task: its annotations, and its predictions as suggestions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from annotator.core.annotation import GOLD, AttributeValues, Origin, Span
from annotator.core.offsets import OffsetMap
from annotator.errors import InputError
from annotator.formats.base import Record, Source
from annotator.formats.building import RecordBuilder
from annotator.formats.json_format import known, take_name, text_of
from annotator.formats.label_names import LabelNames
from annotator.formats.loss import quoted
from annotator.formats.reducing import OUT

UNNAMED_ENGINE = "prediction"
_REGIONS = ("labels", "hypertextlabels")


class Value(Struct):
    """Where a region is and what it says; offsets are strings in HTML."""

    start: int | str | None = None
    end: int | str | None = None
    text: Any = None
    labels: list[str] = field(default_factory=list)
    hypertextlabels: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)


class Meta(Struct):
    """The notes of a region."""

    text: list[str] = field(default_factory=list)


class Result(Struct):
    """A region, a relation, or a choice."""

    type: str
    id: str | None = None
    from_name: str = ""
    value: Value | None = None
    meta: Meta | None = None
    from_id: str = ""
    to_id: str = ""
    direction: str = "right"
    labels: list[str] | None = None
    score: float | None = None


class Annotation(Struct):
    """What one person, or one model, said of a task."""

    result: list[Result] = field(default_factory=list)
    completed_by: int | str | dict[str, Any] | None = None
    was_cancelled: bool | None = False
    ground_truth: bool | None = False
    model_version: str | None = None
    score: float | None = None


class Task(Struct):
    """One document."""

    data: dict[str, Any]
    annotations: list[Annotation] = field(default_factory=list)
    completions: list[Annotation] = field(default_factory=list)
    predictions: list[Annotation] = field(default_factory=list)
    drafts: list[Any] = field(default_factory=list)


def read_task(row: dict[str, Any], source: Source, place: str, number: int) -> Iterator[Record]:
    """A record for each annotation; predictions go with the first. Raises InputError."""
    task = known(row, Task)
    key = _text_key(task, source)
    text = text_of(task.data, key)
    meta = {k: v for k, v in task.data.items() if k != key}
    name = take_name(meta, source, number)
    given = []
    for annotation in [*task.annotations, *task.completions]:
        if annotation.was_cancelled:
            source.losses.add("annotation of a skipped task", OUT, place)
        else:
            given.append(annotation)
    drafts = sum(1 for draft in task.drafts if isinstance(draft, dict) and draft.get("result"))
    if drafts:
        source.losses.add("draft that was not submitted", OUT, place, drafts)
    for n, annotation in enumerate(given or [Annotation()]):
        build = RecordBuilder(
            source, text, name=name, place=place, meta=meta, annotator=_who(annotation)
        )
        reader = _Reader(build, source)
        reader.read(annotation)
        if n == 0:
            for prediction in task.predictions:
                reader.predict(prediction)
        yield build.record()


def _text_key(task: Task, source: Source) -> str:
    """The key of the data that holds the text: as asked, ``text``, or the only one that may."""
    asked = source.options.get("text-field")
    if asked is not None or isinstance(task.data.get("text"), str):
        return asked or "text"
    texts = [
        k for k, v in task.data.items()
        if isinstance(v, str) and not v.startswith(("http://", "https://", "s3://", "/data/"))
    ]  # fmt: skip
    if len(texts) == 1:
        return texts[0]
    keys = ", ".join(map(str, task.data)) or "none"
    raise InputError(
        f"the data holds no text, or several (keys: {keys[:200]})",
        "Say which key holds the text: --text-field NAME. What is behind an address is not read.",
    )


def _who(annotation: Annotation) -> str | None:
    if annotation.ground_truth:
        return GOLD
    who = annotation.completed_by
    if isinstance(who, dict):
        who = who.get("email") or who.get("id")
    return None if who is None else f"user {who}" if isinstance(who, int) else str(who)


class _Reader:
    """Builds a record of the results of one annotation."""

    def __init__(self, build: RecordBuilder, source: Source) -> None:
        self._build = build
        self._source = source
        self._names = LabelNames.of(source)
        self._layers = {layer.name for layer in source.schema.layers}
        self._utf16: OffsetMap | None = None

    def read(self, annotation: Annotation) -> None:
        """Add its regions with their attributes and notes, its choices and its relations."""
        regions = {r.id for r in annotation.result if r.id is not None and r.type in _REGIONS}
        attributes = self._attributes(annotation, regions)
        spans: dict[str, Span] = {}
        for result in annotation.result:
            if result.type in _REGIONS:
                for span in self._regions(result, attributes):
                    spans.setdefault(result.id or "", span)
            elif result.type == "choices":
                if result.id not in regions:
                    self._choices(result)
            elif result.type != "relation":
                self._source.losses.add(f"result of type {result.type}", OUT, result.from_name)
        for result in annotation.result:
            if result.type == "relation":
                self._relation(result, spans)

    def predict(self, prediction: Annotation) -> None:
        """Add its regions as suggestions."""
        engine = prediction.model_version or UNNAMED_ENGINE
        for number, result in enumerate(prediction.result):
            if result.type not in _REGIONS:
                self._source.losses.add(f"predicted {result.type}", OUT, engine)
                continue
            fragment = self._where(result)
            score = prediction.score if result.score is None else result.score
            for word in self._words(result):
                self._build.suggestion(
                    self._build.proposed_span(
                        *self._label(result, word), (fragment,),
                        f"{engine} {number} {word} {fragment[0]}-{fragment[1]}",
                        origin=Origin(engine, None, score),
                    )
                )  # fmt: skip

    def _attributes(
        self, annotation: Annotation, regions: set[str]
    ) -> dict[str, list[AttributeValues]]:
        """The choices made on regions, by the region's id."""
        found: dict[str, list[AttributeValues]] = {}
        for result in annotation.result:
            if result.type == "choices" and result.id in regions and result.value is not None:
                values = tuple(self._names.name(word) for word in result.value.choices)
                found.setdefault(result.id, []).append(
                    AttributeValues(self._names.name(result.from_name), values)
                )
        return found

    def _regions(
        self, result: Result, attributes: dict[str, list[AttributeValues]]
    ) -> Iterator[Span]:
        fragment = self._where(result)
        notes = result.meta.text if result.meta else []
        for word in self._words(result):
            yield self._build.span(
                *self._label(result, word), (fragment,),
                attributes=tuple(attributes.get(result.id or "", ())),
                note="\n".join(notes) if notes else None,
            )  # fmt: skip

    def _words(self, result: Result) -> list[str]:
        value = result.value or Value()
        words = value.labels or value.hypertextlabels
        if not words:
            self._source.losses.add("region without a label", OUT, result.id or "")
        return words

    def _label(self, result: Result, word: str) -> tuple[str, str]:
        """The layer is the control's name where the schema has it, else found by the label."""
        if self._source.layer is None and self._names_layer(result):
            return self._names.name(result.from_name), self._names.name(word)
        return self._names.label(word)

    def _names_layer(self, result: Result) -> bool:
        """Whether the control is called as a layer, or where there is no schema could be."""
        return result.from_name in self._layers or (not self._layers and result.from_name != "")

    def _where(self, result: Result) -> tuple[int, int]:
        """The region's code points: as they stand, unless its surface is found by UTF-16 units."""
        value = result.value or Value()
        start, end = value.start, value.end
        if not isinstance(start, int) or not isinstance(end, int):
            raise InputError(
                f"region {result.id}: {quoted(str(start))} is a place in HTML, not in a text",
                "Regions on HTML cannot be taken in.",
            )
        text = self._build.text
        if not isinstance(value.text, str) or value.text == text[start:end]:
            return start, end
        if self._utf16 is None:
            self._utf16 = OffsetMap(text, "utf-16")
        try:
            there = self._utf16.to_code_points(start), self._utf16.to_code_points(end)
        except ValueError:
            there = start, end
        if text[slice(*there)] != value.text:
            raise InputError(
                f"region {result.id}: its text is {quoted(value.text)}, but the offsets hold "
                f"{quoted(text[start:end])}"
            )
        return there

    def _choices(self, result: Result) -> None:
        value = result.value or Value()
        for word in value.choices:
            if self._names_layer(result):
                found = self._names.name(result.from_name), self._names.name(word)
            else:
                found = self._names.label(word, "document")
            self._build.unit_label(*found)

    def _relation(self, result: Result, spans: dict[str, Span]) -> None:
        ends = [result.from_id, result.to_id]
        if result.direction == "left":
            ends.reverse()
        missing = [id for id in ends if id not in spans]
        if missing:
            self._source.losses.add("relation with an end that is not there", OUT, missing[0])
            return
        for word in result.labels or ["related"]:
            type, first, second = self._names.pair(word)
            self._build.relation(type, [(first, spans[ends[0]]), (second, spans[ends[1]])])
