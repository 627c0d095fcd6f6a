"""What Label Studio needs beside the annotations: a configuration, and predictions."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from essence import essence
from msgspec.structs import replace
from reading import one, read, written

from annotator.core.annotation import AttributeValues, Origin, Relation, Span, Suggestion, UnitLabel
from annotator.core.document import Document
from annotator.core.schema import NO_SCHEMA, Schema
from annotator.formats.base import Record, Source, Target
from annotator.formats.jsonl import FORMAT as JSONL
from annotator.formats.label_studio import FORMAT
from annotator.formats.loss import Losses

TEXT = "Bob said it rained in Rome."


def config(schema: Schema) -> ElementTree.Element:
    sink = io.BytesIO()
    target = Target(file=sink, schema=schema, options={"part": "config"})
    assert FORMAT.export(iter(()), target) is None
    assert not sink.getvalue().startswith(b"<?xml")
    return ElementTree.fromstring(sink.getvalue())


def values(element: ElementTree.Element) -> list[str | None]:
    return [child.get("value") for child in element]


@pytest.mark.parametrize("name", ["news", "quotes", "checkworthy", "conll"])
def test_the_configuration_has_all_that_the_schema_allows(name: str, root: Path) -> None:
    from annotator.core.schema_file import parse_schema

    path = root / "schemas" / f"{name}.toml"
    schema = parse_schema(path.read_text("utf-8"), path.name)
    view = config(schema)
    controls = {e.get("name"): e for e in view if e.tag in ("Labels", "Choices")}
    assert len(controls) == len([e for e in view if e.tag in ("Labels", "Choices")])
    for layer in schema.layers:
        if layer.scope != "sentence":
            assert values(controls[layer.name]) == [label.name for label in layer.labels]
        if layer.scope == "span":
            assert controls[layer.name].tag == "Labels"
            for attribute in layer.attributes:
                assert controls[attribute.name].get("perRegion") == "true"
                assert {v.name for v in attribute.values} <= set(values(controls[attribute.name]))
    (text,) = view.findall("Text")
    assert (text.get("name"), text.get("value")) == ("text", "$text")
    assert all(control.get("toName") == "text" for control in controls.values())


def test_every_word_of_the_seed_is_in_the_configuration(root: Path, news: Schema) -> None:
    (record,) = JSONL.read(Source(root / "seeds" / "raqqa.jsonl", "raqqa", schema=news))
    assert isinstance(record, Record)
    (task,) = written(FORMAT, record, news)
    view = config(news)
    allowed = {(e.get("name"), v) for e in view for v in values(e)}
    relations = {v for e in view.findall("Relations") for v in values(e)}
    for result in task["annotations"][0]["result"]:
        if result["type"] == "relation":
            assert set(result["labels"]) <= relations
        else:
            words = result["value"].get("labels") or result["value"]["choices"]
            assert {(result["from_name"], word) for word in words} <= allowed
    assert "attribution" in relations


def test_a_schema_of_nothing_is_a_text_alone() -> None:
    assert [element.tag for element in config(NO_SCHEMA)] == ["Text"]


# -- predictions ---------------------------------------------------------------------------------


def proposed(n: int, start: int, end: int, origin: Origin, **more: Any) -> Suggestion:
    text = TEXT[start:end]
    span = Span(f"p{n}", "d", "", "entity", "PERSON", ((start, end),), text, origin=origin)
    return Suggestion(f"s{n}", "d", "", replace(span, **more))


RECORD = Record(
    document=Document("d", "one.txt", TEXT, ""),
    suggestions=(
        proposed(1, 0, 3, Origin("crf", "2", 0.5)),
        proposed(2, 22, 26, Origin("crf", "2", 1.0)),
        proposed(3, 0, 3, Origin("list", None, None), note="seen"),
        proposed(4, 0, 3, Origin(), attributes=(AttributeValues("mode", ("x",)),)),
        proposed(5, 0, 3, Origin("crf"), fragments=((0, 3), (22, 26)), text="Bob Rome"),
        replace(proposed(6, 4, 8, Origin("crf")), state="rejected"),
        Suggestion("s7", "d", "", UnitLabel("u", "d", "", "genre", "NEWS")),
        Suggestion("s8", "d", "", Relation("r", "d", "", "tie", ())),
    ),
)


def test_suggestions_are_predictions_and_come_back(tmp_path: Path) -> None:
    (task,) = written(FORMAT, RECORD)
    assert [(p["model_version"], p.get("score")) for p in task["predictions"]] == [
        ("crf 2", 0.75), ("list", None), ("prediction", None), ("crf", None),
    ]  # fmt: skip
    found = one(read(FORMAT, tmp_path / "tasks.json", [task]))
    target = Target(losses=Losses())
    reduced = FORMAT.reduce(RECORD, target)
    assert essence(found)["suggestions"] == essence(reduced)["suggestions"]
    assert Counter(s.proposed.origin for s in found.suggestions) == {
        Origin("crf 2", None, 0.5): 1, Origin("crf 2", None, 1.0): 1, Origin("list"): 1,
        Origin("prediction"): 1, Origin("crf"): 2,
    }  # fmt: skip
    assert {loss.kind: loss.count for loss in target.losses} == {
        "suggestion of no span": 2, "suggestion that was answered": 1,
        "attribute, actor, note or flag of a suggestion": 2, "suggested span with gaps": 1,
    }  # fmt: skip
    again = Target(losses=Losses())
    assert essence(FORMAT.reduce(reduced, again)) == essence(reduced)
    assert not list(again.losses)
