"""Records of other hands: without names, with claims that are not true, too long, in a knot."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.core.document import Document, Sentence
from annotator.errors import InputError
from annotator.formats import jsonl_size
from annotator.formats.base import Refusal
from annotator.store.base import Store
from annotator.workflow import exporting
from annotator.workflow.importing import Request, import_paths
from annotator.workflow.taking_in import Taken

NewProject = Callable[..., Store]


def row(**changes: Any) -> dict[str, Any]:
    return {"format": "annotator/1", "name": "a.txt", "text": "Alice ran.", **changes}


def span(start: int = 0, end: int = 5, **changes: Any) -> dict[str, Any]:
    return {"layer": "thing", "label": "A", "start": start, "end": end, **changes}


def outcomes(store: Store, tmp_path: Path, *rows: dict[str, Any]) -> list[Taken | Refusal]:
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(json.dumps(r) for r in rows))
    request = Request(paths=(path,), default_annotator="me")
    return [step.outcome for step in import_paths(store, request)]


def taken(outcome: Taken | Refusal) -> Taken:
    assert isinstance(outcome, Taken), outcome
    return outcome


def refused(outcome: Taken | Refusal) -> Refusal:
    assert isinstance(outcome, Refusal), outcome
    return outcome


def exported(store: Store) -> list[dict[str, Any]]:
    stream = io.BytesIO()
    exporting.export(store, exporting.Request(annotator="all"), stream)
    return [json.loads(line) for line in stream.getvalue().splitlines()]


# -- whose it is ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "made",
    [
        {"spans": [span()]},
        {"relations": [{"type": "tie", "arguments": []}]},
        {"labels": [{"layer": "genre", "label": "NEWS"}]},
        {"suggestions": [{"id": "s", "state": "open", "span": span()}]},
        {"sentences": [{"start": 0, "end": 10, "done": True}]},
        {"status": "done"},
        {"actors": [{"name": "Alice"}]},
    ],
    ids=lambda made: next(iter(made)),
)
def test_what_names_no_annotator_is_the_default_annotators(
    made: dict[str, Any], new_project: NewProject, tmp_path: Path
) -> None:
    store = new_project()
    outcome = taken(outcomes(store, tmp_path, row(**made))[0])
    assert outcome.annotator == "me"
    assert outcome.annotations + outcome.marks == ("actors" not in made)
    assert bool(store.actors()) == ("actors" in made)
    again = taken(outcomes(store, tmp_path, row(**made))[0])
    assert (again.annotations, again.marks) == (0, 0)


def test_a_document_that_nobody_touched_is_nobodys(new_project: NewProject, tmp_path: Path) -> None:
    store = new_project()
    assert taken(outcomes(store, tmp_path, row())[0]).annotator is None
    assert store.annotators() == []
    assert exported(store)[0]["annotator"] is None


def test_who_has_only_suggestions_is_exported(new_project: NewProject, tmp_path: Path) -> None:
    store = new_project()
    suggestion = {"id": "s", "state": "open", "span": span()}
    outcomes(store, tmp_path, row(annotator="bob", suggestions=[suggestion]))
    (found,) = exported(store)
    assert found["annotator"] == "bob"
    assert [s["span"]["text"] for s in found["suggestions"]] == ["Alice"]


# -- which document it is of ---------------------------------------------------------------------


def test_a_hash_that_a_record_claims_decides_nothing(
    new_project: NewProject, tmp_path: Path
) -> None:
    store, claimed = new_project(), "0" * 64
    found = outcomes(
        store,
        tmp_path,
        row(sha256=claimed, annotator="bob"),
        row(sha256=claimed, annotator="bob", name="b.txt", text="Carol.", spans=[span()]),
    )
    assert [taken(o).new_document for o in found] == [True, True]
    assert [(r["text"], len(r["spans"])) for r in exported(store)] == [
        ("Alice ran.", 0),
        ("Carol.", 1),
    ]


def test_the_same_bytes_in_another_encoding_are_another_text(
    new_project: NewProject, tmp_path: Path
) -> None:
    store, path = new_project(), tmp_path / "price.txt"
    path.write_bytes(b"Five \x80 a piece.")
    found = []
    for encoding in ("latin-1", "cp1252", "cp1252"):
        request = Request(paths=(path,), default_annotator="me", encoding=encoding)
        found += [taken(step.outcome) for step in import_paths(store, request)]
    assert [o.new_document for o in found] == [True, True, False]
    assert [o.same_bytes for o in found] == [None, "price.txt", None]
    assert [r["text"] for r in exported(store)] == ["Five \x80 a piece.", "Five € a piece."]


# -- how long it may be --------------------------------------------------------------------------


def test_what_an_export_could_not_bring_back_is_not_taken_in(
    new_project: NewProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = new_project()
    text = "He ran. " * 400
    monkeypatch.setattr(jsonl_size, "LARGEST_RECORD", 60_000)
    message = refused(outcomes(store, tmp_path, row(text=text))[0]).message
    assert "a.txt: too long with its 400 sentences" in message
    assert store.documents("") == []
    monkeypatch.setattr(jsonl_size, "LARGEST_TEXT", 3_000)
    message = refused(outcomes(store, tmp_path, row(text=text))[0]).message
    assert "the text has 3,200 bytes; 3,000 are allowed" in message


def test_the_size_that_is_reckoned_is_the_size_of_the_line(
    new_project: NewProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = new_project()
    outcomes(store, tmp_path, row(text="He “ran” away.\r\n\x01 " * 2_000, name=""))
    info = store.documents("")[0]
    stream = io.BytesIO()
    exporting.export(store, exporting.Request(annotator="all"), stream)
    size = len(stream.getvalue())
    document, cut = store.document(info.id), store.sentences(info.id)
    monkeypatch.setattr(jsonl_size, "ROOM_FOR_ANNOTATIONS", 0)
    monkeypatch.setattr(jsonl_size, "LARGEST_RECORD", int(size * 1.1))
    jsonl_size.check_record_size(document, cut)
    monkeypatch.setattr(jsonl_size, "LARGEST_RECORD", int(size * 0.99))
    with pytest.raises(InputError, match="too long"):
        jsonl_size.check_record_size(document, cut)


def test_tokens_are_counted_only_where_they_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(jsonl_size, "tokens", fail)
    text = "He ran. " * 1000
    jsonl_size.check_record_size(Document("d", "d", text, ""), [Sentence("s", "d", 0, len(text))])


# -- in a knot -----------------------------------------------------------------------------------


def proposal(**relation: Any) -> dict[str, Any]:
    return {"id": "s", "state": "open", "relation": {"type": "tie", **relation}}


def tie(id: str, *arguments: str) -> dict[str, Any]:
    given = [{"role": "one", "relation": argument} for argument in arguments]
    return {"id": id, "type": "tie", "arguments": given}


def test_a_proposal_hides_no_relation_that_is_its_own_argument(
    new_project: NewProject, tmp_path: Path
) -> None:
    knot = row(relations=[tie("r", "r")], suggestions=[proposal(id="r", arguments=[])])
    store = new_project()
    message = refused(outcomes(store, tmp_path, knot)[0]).message
    assert "relation r: it is, by way of its arguments, an argument of itself" in message
    proposed = row(suggestions=[proposal(**tie("r", "r"))])
    assert "an argument of itself" in refused(outcomes(store, tmp_path, proposed)[0]).message


def test_an_annotation_rests_on_no_proposal_but_a_proposal_may(
    new_project: NewProject, tmp_path: Path
) -> None:
    store = new_project()
    wrong = row(relations=[tie("r", "p")], suggestions=[proposal(**tie("p"))])
    message = refused(outcomes(store, tmp_path, wrong)[0]).message
    assert "relation r: role one names the relation p, which is not in the record" in message
    second = {**proposal(**tie("q", "p", "r")), "id": "t"}
    fine = row(relations=[tie("r")], suggestions=[proposal(**tie("p")), second])
    assert taken(outcomes(store, tmp_path, fine)[0]).annotations == 3


# -- against the rules ---------------------------------------------------------------------------


def entity(start: int, end: int) -> dict[str, Any]:
    return {"layer": "entity", "label": "PERSON", "start": start, "end": end}


def test_spans_that_cross_and_relations_without_their_roles_are_refused(
    new_project: NewProject, tmp_path: Path
) -> None:
    store = new_project("news")
    crossing = row(annotator="al", spans=[entity(0, 7), entity(3, 9)])
    message = refused(outcomes(store, tmp_path, crossing)[0]).message
    assert "PERSON 'ce ran' at 3–9: layer entity allows nesting only" in message
    bare = row(annotator="al", relations=[{"type": "attribution", "arguments": []}])
    message = refused(outcomes(store, tmp_path, bare)[0]).message
    assert "a relation attribution has 0 of the role claim" in message
    assert store.documents("") == []


def test_what_is_there_counts_and_suggestions_do_not(
    new_project: NewProject, tmp_path: Path
) -> None:
    store = new_project("news")
    first = row(annotator="al", spans=[entity(0, 7)])
    across = row(annotator="al", spans=[{**entity(3, 9), "id": "across"}])
    assert taken(outcomes(store, tmp_path, first)[0]).annotations == 1
    assert "would cross PERSON" in refused(outcomes(store, tmp_path, across)[0]).message
    others = {**across, "annotator": "bo"}
    assert taken(outcomes(store, tmp_path, others)[0]).annotations == 1
    proposed = row(annotator="al", suggestions=[{"id": "s", "state": "open", "span": entity(3, 9)}])
    assert taken(outcomes(store, tmp_path, proposed)[0]).annotations == 1
