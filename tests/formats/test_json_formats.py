"""doccano, Label Studio, Prodigy and citron: shapes as the tools write them, and wrong ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from reading import losses, one, read, refused, relations, spans, written

from annotator.core.annotation import Origin
from annotator.core.schema import Label, Layer, Schema
from annotator.formats.base import Record, Refusal
from annotator.formats.citron import FORMAT as CITRON
from annotator.formats.doccano import FORMAT as DOCCANO
from annotator.formats.label_studio import FORMAT as LABEL_STUDIO
from annotator.formats.prodigy import FORMAT as PRODIGY

TEXT = "Bob said it rained 😀 in Rome."
ENTITIES = [
    {"id": 10, "label": "SOURCE", "start_offset": 0, "end_offset": 3},
    {"id": 11, "label": "CLAIM", "start_offset": 9, "end_offset": 18},
]


DANGLING = {"from_id": 1, "to_id": 10, "type": "t"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "in.json"


# -- doccano -------------------------------------------------------------------------------------


def test_doccano_triples_with_metadata(path: Path, news: Schema) -> None:
    row = {"id": 7, "text": TEXT, "label": [[0, 3, "PERSON"]], "source": "wire", "name": "a.txt"}
    record = one(read(DOCCANO, path, row, news))
    assert spans(record) == [("entity", "PERSON", "Bob")]
    assert record.document.name == "a.txt"
    assert record.document.meta == {"id": 7, "source": "wire"}


def test_doccano_entities_with_relations(path: Path, news: Schema) -> None:
    links = [{"id": 1, "from_id": 11, "to_id": 10, "type": "attribution"}]
    row = {"text": TEXT, "entities": ENTITIES, "relations": links, "Comments": []}
    record = one(read(DOCCANO, path, row, news))
    assert spans(record) == [("source", "SOURCE", "Bob"), ("claim", "CLAIM", "it rained")]
    assert relations(record) == [("attribution", [("claim", "it rained"), ("source", "Bob")])]
    assert written(DOCCANO, record, news)["relations"][0]["type"] == "attribution"
    flat = written(DOCCANO, record, news, shape="label")
    assert flat["label"] == [[0, 3, "SOURCE"], [9, 18, "CLAIM"]]
    assert "relations" not in flat


def test_doccano_old_exports_give_a_record_for_each_user(path: Path) -> None:
    old = [
        {"label": 12, "start_offset": 0, "end_offset": 3, "user": 1},
        {"label": 13, "start_offset": 4, "end_offset": 8, "user": 2},
    ]
    found, _ = read(DOCCANO, path, {"id": 1, "text": TEXT, "annotations": old, "meta": {}})
    assert [(r.annotator, spans(r)) for r in found if isinstance(r, Record)] == [
        ("user 1", [("entity", "12", "Bob")]),
        ("user 2", [("entity", "13", "said")]),
    ]


def test_labels_of_texts_and_names_no_schema_may_hold(path: Path) -> None:
    found = read(DOCCANO, path, {"text": TEXT, "label": ["very good!"], "cats": ["x"]})
    assert [(u.layer, u.label) for u in one(found).unit_labels] == [
        ("document", "very_good_"),
        ("document", "x"),
    ]
    assert losses(found) == {"name that no schema may hold": 1}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"label": []}, "there is no 'text'"),
        ({"text": 3}, "no text in 'text'"),
        ({"text": TEXT, "label": [[0, 99, "A"]]}, "outside of the text"),
        ({"text": TEXT, "label": [[3, 1, "A"]]}, "holds no text"),
        ({"text": TEXT, "label": [[-1, 2, "A"]]}, "outside of the text"),
        ({"text": TEXT, "label": [[0, True, "A"]]}, "[start, end, label] is expected"),
        ({"text": TEXT, "label": {"a": 1}}, "a list is expected"),
        ({"text": TEXT, "entities": [{"label": "A"}]}, "missing required field `start_offset`"),
        ({"text": TEXT, "entities": ENTITIES + ENTITIES[:1]}, "the id 10 is used twice"),
        (
            {"text": TEXT, "entities": ENTITIES, "relations": [DANGLING]},
            "there is no entity 1",
        ),
        ([], "an object is expected"),
    ],
)  # fmt: skip
def test_doccano_wrong_rows_are_refused_with_the_reason(row: Any, message: str, path: Path) -> None:
    assert message in refused(read(DOCCANO, path, [row]))


def test_doccano_keys_that_another_option_stands_for_are_metadata(path: Path) -> None:
    row = {"text": "a note", "body": TEXT, "label": [[0, 3, "OLD"]], "tags": [[0, 3, "X"]]}
    record = one(read(DOCCANO, path, row, **{"text-field": "body", "label-field": "tags"}))
    assert spans(record) == [("entity", "X", "Bob")]
    assert record.document.meta == {"text": "a note", "label": [[0, 3, "OLD"]]}


def test_a_label_of_two_layers_asks_which(path: Path, news: Schema) -> None:
    from msgspec.structs import replace

    entity = news.layer("entity")
    twice = replace(news, layers=(*news.layers, replace(entity, name="other")))
    row = {"text": TEXT, "label": [[0, 3, "PERSON"]]}
    assert "in the layers entity, other" in refused(read(DOCCANO, path, row, twice))
    record = one(read(DOCCANO, path, row, twice, layer="other"))
    assert spans(record) == [("other", "PERSON", "Bob")]
    assert written(DOCCANO, record, twice)["entities"][0]["label"] == "other/PERSON"


# -- Label Studio --------------------------------------------------------------------------------


def region(id: str, start: Any, end: Any, label: str, **rest: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": [label], **rest.pop("value", {})}
    return {
        "id": id,
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "value": value,
        **rest,
    }


def task(*result: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"id": 1, "data": {"text": TEXT}, "annotations": [{"result": list(result)}], **rest}


def test_label_studio_regions_attributes_notes_and_relations(path: Path, news: Schema) -> None:
    mode = {"id": "b", "from_name": "mode", "type": "choices", "value": {"choices": ["indirect"]}}
    tie = {
        "type": "relation",
        "from_id": "a",
        "to_id": "b",
        "direction": "left",
        "labels": ["attribution"],
    }
    result = [
        region("a", 0, 3, "SOURCE", meta={"text": ["who?"]}),
        region("b", 9, 18, "CLAIM"),
        mode,
        tie,
    ]
    record = one(read(LABEL_STUDIO, path, [task(*result)], news))
    assert spans(record) == [("source", "SOURCE", "Bob"), ("claim", "CLAIM", "it rained")]
    assert record.spans[0].note == "who?"
    assert [(a.name, a.values) for a in record.spans[1].attributes] == [("mode", ("indirect",))]
    assert relations(record) == [("attribution", [("claim", "it rained"), ("source", "Bob")])]


def test_label_studio_counts_code_points_and_knows_old_files_that_do_not(path: Path) -> None:
    for start in (24, 25):
        found = read(
            LABEL_STUDIO, path, [task(region("a", start, start + 4, "X", value={"text": "Rome"}))]
        )
        assert spans(one(found)) == [("label", "X", "Rome")]
    wrong = read(LABEL_STUDIO, path, [task(region("a", 3, 7, "X", value={"text": "Rome"}))])
    assert "its text is 'Rome', but the offsets hold ' sai'" in refused(wrong)


def test_label_studio_annotations_predictions_and_what_was_skipped(path: Path) -> None:
    row = task(
        region("a", 0, 3, "X"),
        predictions=[{"model_version": "m1", "score": 0.5, "result": [region("p", 4, 8, "Y")]}],
    )
    row["annotations"] += [
        {"completed_by": 3, "result": []},
        {"ground_truth": True, "result": []},
        {"was_cancelled": True, "result": [region("c", 0, 3, "X")]},
    ]
    found = read(LABEL_STUDIO, path, [row])
    records = [r for r in found[0] if isinstance(r, Record)]
    assert [r.annotator for r in records] == [None, "user 3", "gold"]
    (suggestion,) = records[0].suggestions
    assert suggestion.proposed.origin == Origin("m1", None, 0.5)
    assert losses(found) == {"annotation of a skipped task": 1}


def test_label_studio_drafts_are_told(path: Path) -> None:
    row = {**task(region("a", 0, 3, "X")), "drafts": [{"result": [region("b", 4, 8, "Y")]}, {}]}
    found = read(LABEL_STUDIO, path, [row])
    assert spans(one(found)) == [("label", "X", "Bob")]
    assert losses(found) == {"draft that was not submitted": 1}


def test_label_studio_choices_on_a_text_belong_to_the_layer_of_their_control(path: Path) -> None:
    layers = tuple(Layer(name, name, "document", (Label("YES"),)) for name in ("a", "b"))
    choice = {"type": "choices", "from_name": "b", "value": {"choices": ["YES"]}}
    found = read(LABEL_STUDIO, path, [task(choice)], Schema("two", 1, "", "", layers))
    assert [(u.layer, u.label) for u in one(found).unit_labels] == [("b", "YES")]
    assert losses(found) == {}


def test_label_studio_choices_without_a_control_are_labels_all_the_same(path: Path) -> None:
    found = read(LABEL_STUDIO, path, [task({"type": "choices", "value": {"choices": ["YES"]}})])
    assert [(u.layer, u.label) for u in one(found).unit_labels] == [("document", "YES")]


def test_label_studio_ends_that_dangle_and_other_results_are_told(path: Path) -> None:
    result = [
        region("a", 0, 3, "X"),
        {"type": "relation", "from_id": "a", "to_id": "gone"},
        {"type": "rating", "id": "r", "from_name": "stars", "value": {"rating": 3}},
    ]
    assert losses(read(LABEL_STUDIO, path, [task(*result)])) == {
        "relation with an end that is not there": 1,
        "result of type rating": 1,
    }


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (task(region("a", "/p[1]", "/p[2]", "X")), "a place in HTML"),
        ({"data": {"url": "https://a.b/c.txt"}, "annotations": []}, "the data holds no text"),
        ({"data": [], "annotations": []}, "Expected `object`, got `array`"),
        (task(region("a", 0, 99, "X")), "outside of the text"),
        (task({"id": "a"}), "missing required field `type`"),
    ],
)
def test_label_studio_wrong_tasks_are_refused_with_the_reason(
    row: Any, message: str, path: Path
) -> None:
    assert message in refused(read(LABEL_STUDIO, path, [row]))


# -- Prodigy -------------------------------------------------------------------------------------

HEAD, CHILD = {"start": 9, "end": 18, "label": "CLAIM"}, {"start": 0, "end": 3, "label": "SOURCE"}


def test_prodigy_spans_and_relations(path: Path, news: Schema) -> None:
    row = {
        "text": TEXT, "spans": [HEAD, CHILD], "answer": "accept", "_input_hash": 1,
        "meta": {"source": "wire"}, "_annotator_id": "news-alice", "priority": 0.5,
        "relations": [
            {"head": 3, "child": 0, "label": "attribution", "head_span": HEAD, "child_span": CHILD}
        ],
    }  # fmt: skip
    record = one(read(PRODIGY, path, row, news))
    assert relations(record) == [("attribution", [("claim", "it rained"), ("source", "Bob")])]
    assert record.annotator == "news-alice"
    assert record.document.meta == {"source": "wire", "priority": 0.5}
    made = written(PRODIGY, record, news)
    assert [(s["token_start"], s["token_end"]) for s in made["spans"]] == [(0, 0), (2, 3)]
    assert (made["relations"][0]["head"], made["relations"][0]["child"]) == (3, 0)
    assert made["tokens"][0] == {
        "text": "Bob", "start": 0, "end": 3, "id": 0, "ws": True, "disabled": False,
    }  # fmt: skip


@pytest.mark.parametrize("answer", ["reject", "ignore"])
def test_prodigy_rejected_and_ignored_tasks_bring_their_text_alone(answer: str, path: Path) -> None:
    row = {"text": TEXT, "spans": [HEAD], "accept": ["A", "B"], "answer": answer}
    found = read(PRODIGY, path, row)
    assert one(found).spans == ()
    assert losses(found) == {f"annotation with answer {answer}": 3}


def test_prodigy_tasks_without_a_text_are_refused_without_naming_an_option_of_others(
    path: Path,
) -> None:
    (refusal,) = read(PRODIGY, path, {"image": "a.png", "answer": "accept"})[0]
    assert isinstance(refusal, Refusal)
    assert "missing required field `text`" in refusal.message
    assert "--text-field" not in refusal.hint


def test_prodigy_classification_and_engines(path: Path) -> None:
    span = {**CHILD, "source": "en_core", "score": 0.5}
    record = one(
        read(PRODIGY, path, {"text": TEXT, "label": "A", "accept": ["B", 3], "spans": [span]})
    )
    assert [u.label for u in record.unit_labels] == ["A", "B", "3"]
    assert record.spans[0].origin == Origin("en_core", None, 0.5)


def test_prodigy_relations_of_bare_tokens_and_spans_without_labels_are_told(path: Path) -> None:
    bare = {"start": 4, "end": 8, "label": None}
    links = [{"head": 1, "child": 0, "label": "x", "head_span": bare, "child_span": CHILD}]
    found = read(PRODIGY, path, {"text": TEXT, "spans": [CHILD, bare], "relations": links})
    assert losses(found) == {"relation of tokens that are in no span": 1, "span without a label": 1}


# -- citron --------------------------------------------------------------------------------------


def test_citron_quotes(path: Path, news: Schema) -> None:
    quote = {
        "cue": {"start": 4, "end": 8, "text": "said"},
        "sources": [{"start": 0, "end": 3, "text": "Bob"}],
        "contents": [{"start": 9, "end": 11}, {"start": 12, "end": 18}],
        "coreferences": [{"start": 0, "end": 3}],
    }
    found = read(CITRON, path, {"text": TEXT, "quotes": [quote, {"contents": []}]}, news)
    record = one(found)
    assert relations(record) == [
        ("attribution", [("claim", "it rained"), ("source", "Bob"), ("cue", "said")])
    ]
    assert record.spans[0].fragments == ((9, 11), (12, 18))
    assert losses(found) == {"coreference of a quote": 1, "quote without contents": 1}
    wrong = {"text": TEXT, "quotes": [{"contents": [{"start": 0, "end": 3, "text": "Bop"}]}]}
    assert "holds 'Bob', not 'Bop'" in refused(read(CITRON, path, wrong, news))
