from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.core.annotation import Span
from annotator.errors import NotFoundError, UsageError
from annotator.formats.base import Refusal
from annotator.store.base import Store
from annotator.workflow import exporting
from annotator.workflow.importing import Request, import_paths
from annotator.workflow.taking_in import Taken

NewProject = Callable[..., Store]
TEXT = "Bob said it rained. Ann denied it."
CUT = [{"start": 0, "end": 19}, {"start": 20, "end": 34}]


def row(**changes: Any) -> dict[str, Any]:
    given = {"format": "annotator/1", "name": "rain.txt", "text": TEXT, "sentences": CUT}
    return {**given, "annotator": "alice", **changes}


def span(start: int, end: int, **changes: Any) -> dict[str, Any]:
    return {"layer": "thing", "label": "A", "start": start, "end": end, **changes}


FULL_ROW = row(
    spans=[span(0, 3, id="bob", actor="b"), span(9, 18, id="rain")],
    relations=[
        {"id": "r1", "type": "tie", "arguments": [{"role": "one", "relation": "r2"}]},
        {"id": "r2", "type": "tie", "arguments": [{"role": "two", "span": "bob"}]},
    ],
    actors=[{"id": "b", "name": "Bob"}],
    labels=[{"layer": "genre", "label": "NEWS"}],
    status="done",
)
FULL_ROW["sentences"] = [
    {"start": 0, "end": 19, "done": True, "labels": [{"layer": "worth", "label": "CHECK"}]},
    {"start": 20, "end": 34},
]


def outcomes(store: Store, *paths: Path, **options: Any) -> list[Taken | Refusal]:
    request = Request(paths=paths, default_annotator="me", **options)
    steps = list(import_paths(store, request))
    assert all(0 <= step.read <= step.total for step in steps)
    return [step.outcome for step in steps]


def taken(outcome: Taken | Refusal) -> Taken:
    assert isinstance(outcome, Taken), outcome
    return outcome


def refused(outcome: Taken | Refusal) -> Refusal:
    assert isinstance(outcome, Refusal), outcome
    return outcome


def file(tmp_path: Path, *rows: dict[str, Any], name: str = "in.jsonl") -> Path:
    path = tmp_path / name
    path.write_text("\n".join(json.dumps(r) for r in rows))
    return path


def exported(store: Store, annotator: str = "all") -> bytes:
    stream = io.BytesIO()
    exporting.export(store, exporting.Request(annotator=annotator), stream)
    return stream.getvalue()


def spans(store: Store, annotator: str) -> tuple[Span, ...]:
    document = store.documents("")[0].id
    return store.annotations(document, store.annotator(annotator).id).spans


# -- plain text ----------------------------------------------------------------------------------


def test_a_folder_of_texts(new_project: NewProject, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_bytes(b"One.\r\nTwo.")
    (folder / "sub" / "b.txt").write_bytes(b"Three.")
    (folder / "c.bin").write_bytes(b"\0\1\2")
    (folder / "d.txt").write_bytes(b"ab\xff")
    store = new_project()
    found = outcomes(store, folder)
    assert [taken(o).name for o in (found[0], found[3])] == ["a.txt", "sub/b.txt"]
    assert "binary" in refused(found[1]).message
    assert refused(found[1]).place == str(folder / "c.bin")
    assert "not utf-8 at byte 2" in refused(found[2]).message
    assert "--encoding" in refused(found[2]).hint
    info = store.documents("")[0]
    assert store.document(info.id).text == "One.\r\nTwo."
    assert [(s.start, s.end) for s in store.sentences(info.id)] == [(0, 4), (6, 10)]


def test_the_same_bytes_twice_are_said_not_doubled(new_project: NewProject, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Same.")
    (tmp_path / "c.txt").write_bytes(b"\xef\xbb\xbfSame.")
    store = new_project()
    found = [taken(o) for o in outcomes(store, *(tmp_path / f"{n}.txt" for n in "abc"))]
    assert [o.same_as for o in found] == [None, "a.txt", "a.txt"]
    assert [o.new_document for o in found] == [True, False, False]
    assert len(store.documents("")) == 1


def test_the_same_name_with_other_bytes_gets_a_name_of_its_own(
    new_project: NewProject, tmp_path: Path
) -> None:
    paths = []
    for folder, text in (("x", "One."), ("y", "Two."), ("z/y", "Three.")):
        path = tmp_path / folder / "a.txt"
        path.parent.mkdir(parents=True)
        path.write_text(text)
        paths.append(path)
    store = new_project()
    names = [(taken(o).wanted, taken(o).name) for o in outcomes(store, *paths)]
    assert names == [("a.txt", "a.txt"), ("a.txt", "y/a.txt"), ("a.txt", "a (2).txt")]


def test_an_unknown_format_is_wrong_use(new_project: NewProject, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no format 'brut'"):
        outcomes(new_project(), tmp_path, format="brut")


def test_a_format_can_be_forced(new_project: NewProject, tmp_path: Path) -> None:
    path = file(tmp_path, FULL_ROW)
    assert taken(outcomes(new_project(), path, format="text")[0]).name == "in.jsonl"


# -- records -------------------------------------------------------------------------------------


def test_a_record_comes_in_whole(new_project: NewProject, tmp_path: Path) -> None:
    store = new_project()
    outcome = taken(outcomes(store, file(tmp_path, FULL_ROW))[0])
    assert (outcome.new_document, outcome.annotator, outcome.annotations) == (True, "alice", 6)
    info = store.documents(store.annotator("alice").id)[0]
    assert (info.name, info.sentences, info.done, info.spans, info.relations, info.status) == (
        "rain.txt", 2, 1, 2, 2, "done",
    )  # fmt: skip
    assert [a.name for a in store.actors()] == ["Bob"]


def test_the_same_record_again_is_said_not_doubled(new_project: NewProject, tmp_path: Path) -> None:
    store, path = new_project(), file(tmp_path, FULL_ROW)
    outcomes(store, path)
    before = exported(store)
    again = taken(outcomes(store, path)[0])
    assert (again.new_document, again.annotations, again.marks) == (False, 0, 0)
    assert again.same_as == "rain.txt"
    assert exported(store) == before
    (tmp_path / "exported.jsonl").write_bytes(before)
    third = taken(outcomes(store, tmp_path / "exported.jsonl")[0])
    assert (third.annotations, third.marks) == (0, 0)


def test_an_id_taken_by_something_else_is_refused_and_nothing_of_it_stored(
    new_project: NewProject, tmp_path: Path
) -> None:
    store = new_project()
    outcomes(store, file(tmp_path, row(spans=[span(0, 3, id="s")])))
    before = exported(store)
    other = row(spans=[span(0, 3, id="s", label="B"), span(9, 18, id="new")])
    message = refused(outcomes(store, file(tmp_path, other))[0]).message
    assert "rain.txt: span" in message
    assert "differs from the one in the file" in message
    assert exported(store) == before


def test_ids_taken_in_another_document_are_refused(new_project: NewProject, tmp_path: Path) -> None:
    store, path = new_project(), tmp_path / "out.jsonl"
    outcomes(store, file(tmp_path, row(spans=[span(0, 3, id="s")])))
    stolen = json.loads(exported(store))
    stolen.update(id="other", text="Cat.", name="cat.txt", tokens=[], sha256="")
    stolen["sentences"] = [{"start": 0, "end": 4}]
    stolen["spans"][0].update(text="Cat")
    path.write_text(json.dumps(stolen))
    assert "taken" in refused(outcomes(store, path)[0]).message
    assert [d.name for d in store.documents("")] == ["rain.txt"]


def test_two_annotators_share_the_document(new_project: NewProject, tmp_path: Path) -> None:
    store = new_project()
    path = file(tmp_path, row(spans=[span(0, 3)]), row(annotator="bob", spans=[span(4, 8)]))
    assert [taken(o).new_document for o in outcomes(store, path)] == [True, False]
    assert [s.text for s in spans(store, "alice")] == ["Bob"]
    assert [s.text for s in spans(store, "bob")] == ["said"]
    assert [a.name for a in store.annotators()] == ["alice", "bob"]


def test_annotations_join_the_text_that_is_there_if_it_is_cut_alike(
    new_project: NewProject, tmp_path: Path
) -> None:
    store, text = new_project(), tmp_path / "plain.txt"
    text.write_text(TEXT)
    outcomes(store, text)
    outcome = taken(outcomes(store, file(tmp_path, FULL_ROW))[0])
    assert (outcome.new_document, outcome.name, outcome.annotations) == (False, "plain.txt", 6)
    other = row(annotator="bob", sentences=[{"start": 0, "end": 34}])
    message = refused(outcomes(store, file(tmp_path, other))[0]).message
    assert "cut into other sentences (1 in the file, 2 in the project)" in message


def test_the_id_of_a_document_with_another_text_is_refused(
    new_project: NewProject, tmp_path: Path
) -> None:
    store = new_project()
    outcomes(store, file(tmp_path, row()))
    other = row(id=store.documents("")[0].id, text="Cat.", sentences=[{"start": 0, "end": 4}])
    message = refused(outcomes(store, file(tmp_path, other))[0]).message
    assert "its id belongs to rain.txt, which has another text" in message


def test_a_layer_that_the_schema_lacks_is_said_before_anything_is_read(
    new_project: NewProject, tmp_path: Path
) -> None:
    store = new_project()
    request = Request(paths=(file(tmp_path, row()),), default_annotator="alice", layer="nonsense")
    with pytest.raises(NotFoundError, match="nonsense"):
        next(import_paths(store, request))
    assert store.documents("") == []


def test_what_the_schema_lacks_is_listed_and_the_rest_goes_on(
    new_project: NewProject, tmp_path: Path
) -> None:
    store = new_project()
    wrong = row(name="no.txt", text="Cat.", sentences=None, spans=[span(0, 3, label="Z")])
    found = outcomes(store, file(tmp_path, wrong, row()))
    assert "layer thing has no label Z (there is: A, B)" in refused(found[0]).message
    assert refused(found[0]).place.endswith("in.jsonl:1")
    assert taken(found[1]).new_document
    assert [d.name for d in store.documents("")] == ["rain.txt"]


def test_as_gold(new_project: NewProject, tmp_path: Path) -> None:
    store = new_project()
    outcomes(store, file(tmp_path, FULL_ROW), kind="gold")
    assert [a.name for a in store.annotators()] == ["gold"]
    assert len(spans(store, "gold")) == 2


def test_a_name_overrides_those_in_the_file_beside_them(
    new_project: NewProject, tmp_path: Path
) -> None:
    store, path = new_project(), file(tmp_path, FULL_ROW)
    outcomes(store, path)
    (tmp_path / "out.jsonl").write_bytes(exported(store))
    outcomes(store, tmp_path / "out.jsonl", annotator="carol")
    again = taken(outcomes(store, tmp_path / "out.jsonl", annotator="carol")[0])
    assert (again.annotations, again.marks) == (0, 0)
    assert sorted(s.text for s in spans(store, "carol")) == ["Bob", "it rained"]
    assert {s.id for s in spans(store, "carol")}.isdisjoint({s.id for s in spans(store, "alice")})


def test_as_suggestions(new_project: NewProject, tmp_path: Path) -> None:
    store, path = new_project(), file(tmp_path, FULL_ROW)
    outcome = taken(outcomes(store, path, kind="suggestions")[0])
    assert (outcome.annotator, outcome.annotations, outcome.marks) == ("me", 6, 0)
    found = store.annotations(store.documents("")[0].id, store.annotator("me").id)
    assert found.spans == ()
    assert {s.state for s in found.suggestions} == {"open"}
    assert {s.proposed.origin.engine for s in found.suggestions} == {"alice"}
    assert {type(s.proposed).__name__ for s in found.suggestions} == {
        "Span",
        "Relation",
        "UnitLabel",
    }
    assert taken(outcomes(store, path, kind="suggestions")[0]).annotations == 0
    assert len(outcomes(new_project(), file(tmp_path, *map(json.loads, [exported(store)])))) == 1


def test_the_undo_key_does_not_take_back_an_import(new_project: NewProject, tmp_path: Path) -> None:
    store = new_project()
    outcomes(store, file(tmp_path, FULL_ROW))
    session = store.start_session(store.annotator("alice").id)
    assert store.undo(session, store.documents("")[0].id) is None
