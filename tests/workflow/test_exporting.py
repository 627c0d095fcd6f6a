from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from random_records import projects

from annotator.core.annotation import Actor
from annotator.core.edits import create
from annotator.errors import ExitCode, InputError, NotFoundError, UsageError
from annotator.formats.base import Record, Refusal, Target
from annotator.formats.jsonl import FORMAT
from annotator.store.base import Store
from annotator.workflow.exporting import Request, default_target, export
from annotator.workflow.importing import Request as ImportRequest
from annotator.workflow.importing import import_paths

NewProject = Callable[..., Store]
ACTOR = "018f0000-0000-7000-8000-000000000001"


def take_in(store: Store, path: Path) -> None:
    for step in import_paths(store, ImportRequest(paths=(path,), default_annotator="me")):
        assert not isinstance(step.outcome, Refusal), step.outcome


def exported(store: Store, **options: Any) -> bytes:
    stream = io.BytesIO()
    export(store, Request(**{"annotator": "all", **options}), stream)
    return stream.getvalue()


def names(data: bytes) -> list[tuple[str, str | None]]:
    rows = [json.loads(line) for line in data.splitlines()]
    return [(r["name"], r["annotator"]) for r in rows]


@pytest.fixture
def store(new_project: NewProject, tmp_path: Path) -> Store:
    """Three documents: one of bob and alice, who is done; one of alice's; one of nobody's."""
    given = [
        {"name": "b.txt", "text": "Two.", "annotator": "bob"},
        {"name": "b.txt", "text": "Two.", "annotator": "alice", "status": "done"},
        {"name": "a.txt", "text": "One.", "annotator": "alice", "labels": [
            {"layer": "genre", "label": "NEWS"}]},
        {"name": "c.txt", "text": "Three."},
    ]  # fmt: skip
    given[0]["labels"] = [{"layer": "genre", "label": "OPINION"}]
    path = tmp_path / "given.jsonl"
    path.write_text("\n".join(json.dumps({"format": "annotator/1", **g}) for g in given))
    store = new_project()
    take_in(store, path)
    return store


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(records=projects())
def test_export_import_export_gives_the_same_bytes(
    records: list[Record], new_project: NewProject, tmp_path: Path
) -> None:
    sink = io.BytesIO()
    FORMAT.write(records, Target(file=sink))
    data = sink.getvalue()
    for name in ("one", "two"):
        path = tmp_path / f"{name}.jsonl"
        path.write_bytes(data)
        store = new_project()
        take_in(store, path)
        again = b"".join(
            exported(store, annotator=annotator, documents=(document,), may_be_new=True)
            for document, annotator in names(data)
            if annotator is not None
        )
        assert again == sink.getvalue()
        data = again
        store.close()


def test_documents_in_order_of_import_then_annotators_by_name(store: Store) -> None:
    expected = [("b.txt", "alice"), ("b.txt", "bob"), ("a.txt", "alice"), ("c.txt", None)]
    assert names(exported(store)) == expected
    assert exported(store) == exported(store)


def test_one_annotator_has_a_record_for_every_document(store: Store) -> None:
    found = names(exported(store, annotator="bob"))
    assert found == [("b.txt", "bob"), ("a.txt", "bob"), ("c.txt", "bob")]


def test_documents_by_name_or_those_done(store: Store) -> None:
    found = names(exported(store, annotator="alice", documents=("c.txt", "b.txt")))
    assert found == [("b.txt", "alice"), ("c.txt", "alice")]
    assert names(exported(store, documents=("done",))) == [("b.txt", "alice")]
    with pytest.raises(NotFoundError, match=r"d\.txt"):
        exported(store, documents=("d.txt",))


def test_an_annotator_nobody_knows_is_wrong_use_unless_it_is_oneself(store: Store) -> None:
    with pytest.raises(NotFoundError, match="carol"):
        exported(store, annotator="carol")
    assert len(names(exported(store, annotator="carol", may_be_new=True))) == 3
    with pytest.raises(NotFoundError, match="no gold") as caught:
        exported(store, annotator="gold")
    assert caught.value.code == ExitCode.USAGE


def test_a_format_that_only_reads_is_wrong_use(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not exported"):
        exported(store, format="text", target=tmp_path / "out.txt")
    assert not (tmp_path / "out.txt").exists()


def test_an_actor_without_a_mention_is_reported_and_strict_writes_nothing(
    store: Store, tmp_path: Path
) -> None:
    session = store.start_session(store.annotator("alice").id)
    store.apply(session, None, "create actor", (create(Actor(ACTOR, "Talal Sillo")),))
    target = tmp_path / "new" / "out.jsonl"
    report = export(store, Request(annotator="all", target=target), io.BytesIO())
    (loss,) = report.losses
    assert (loss.count, loss.examples) == (1, ("Talal Sillo",))
    assert names(target.read_bytes()) == names(exported(store))
    target.write_bytes(b"old")
    with pytest.raises(InputError, match="1 × actor that nothing mentions") as caught:
        export(store, Request(annotator="all", target=target, strict=True), io.BytesIO())
    assert caught.value.code == ExitCode.BAD_INPUT
    assert target.read_bytes() == b"old"
    stream = io.BytesIO()
    with pytest.raises(InputError):
        export(store, Request(annotator="all", strict=True), stream)
    assert stream.getvalue() == b""
    config = tmp_path / "config.xml"
    asked = Request(
        format="label-studio",
        options={"part": "config"},
        annotator="all",
        target=config,
        strict=True,
    )
    report = export(store, asked, io.BytesIO())
    assert (report.records, list(report.losses)) == (None, []), "it tells of no actors"
    assert config.read_bytes()


def test_strict_without_a_loss_writes(store: Store) -> None:
    assert exported(store, strict=True) == exported(store)


def test_the_default_place(store: Store) -> None:
    assert default_target(store, "jsonl", {}) == Path("exports") / f"{store.name}.jsonl"
