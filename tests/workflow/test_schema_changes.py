"""Changing the schema of a project: preview, change, undo, and what is exported then."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from schema_pairs import FORMER, changed
from session_state import at, label, new_document, session_at, tie

from annotator.core.schema_file import parse_schema
from annotator.errors import RuleError, SchemaChangedError, SchemaError, StaleError
from annotator.formats.base import Source
from annotator.formats.check import schema_problems
from annotator.formats.jsonl import FORMAT
from annotator.store.base import Store
from annotator.workflow.exporting import Request, export
from annotator.workflow.schema_changes import (
    change_schema,
    preview,
    redo_schema,
    undo_schema,
)

NewProject = Callable[..., Store]
TEXT = "Bob of Raqqa said that it rained in Homs."

MERGED = changed(
    ('GPE = { key = "3" }\n', ""),
    ("MISC = {}", 'EVENT = { key = "3" }'),
    ('key = "1"', 'key = "9"'),
    migrate="""
[migrate.layer.entity.labels]
GPE = "LOC"
MISC = false
""",
)


@pytest.fixture
def store(new_project: NewProject, tmp_path: Path) -> Store:
    """Two documents: alice's in both, bob's in the first."""
    (tmp_path / "pair.toml").write_text(FORMER)
    store = new_project(str(tmp_path / "pair.toml"))
    for name in ("one.txt", "two.txt"):
        store.add_document(new_document(name, TEXT))
        session = session_at(store, name)
        bob, raqqa = label(session, "Bob", "1"), label(session, "Raqqa", "3")
        tie(session, label(session, "it rained in Homs", "c"), bob)
        at(session, "Bob")
        session.choose(raqqa)
    session = session_at(store, "one.txt", "bob")
    label(session, "Homs", "2")
    label(session, "Raqqa", "3")
    misc = session.schema.label("entity", "MISC")
    at(session, "rained")
    session.spans.label(session.schema.layer("entity"), misc)
    return store


def exported(store: Store) -> bytes:
    stream = io.BytesIO()
    export(store, Request(annotator="all"), stream)
    return stream.getvalue()


def test_a_preview_counts_and_changes_nothing(store: Store) -> None:
    before = exported(store)
    found = preview(store, MERGED, "new.toml")
    rows = [(d.kind, d.what, d.to, d.counts, d.annotators, d.documents) for d in found.differences]
    assert rows == [
        ("added", "label entity.EVENT", "", {}, {}, 0),
        ("changed", "label entity.PER", "key: 1 → 9", {}, {}, 0),
        ("merged", "label entity.GPE", "entity.LOC", {"span": 3}, {"alice": 2, "bob": 1}, 2),
        ("deleted", "label entity.MISC", "", {"span": 1}, {"bob": 1}, 1),
    ]
    assert (found.refused, found.findings, found.edit) == ((), (), None)
    assert found.notes == ()
    assert exported(store) == before


def test_a_change_is_what_the_preview_said_and_exports_are_valid_then(store: Store) -> None:
    before = exported(store)
    expected = preview(store, MERGED, "new.toml")
    done = change_schema(store, MERGED, "new.toml", "lead")
    assert done.differences == expected.differences
    assert done.edit is not None
    assert done.edit.changes == 4
    assert Path(done.edit.backup).is_file()
    data = exported(store)
    assert {json.loads(line)["schema"]["version"] for line in data.splitlines()} == {2}
    schema = parse_schema(MERGED, "new.toml")
    path = Path(done.edit.backup).with_name("out.jsonl")
    path.write_bytes(data)
    records = list(FORMAT.read(Source(path, "out.jsonl")))
    assert len(records) == 3
    assert [p for r in records for p in schema_problems(r, schema)] == []
    assert undo_schema(store, "lead").version == 1
    assert exported(store) == before
    assert redo_schema(store, "other").version == 2
    assert exported(store) == data


def test_what_is_not_named_is_refused_and_nothing_is_written(store: Store, tmp_path: Path) -> None:
    source = changed(('GPE = { key = "3" }\n', ""), ("MISC = {}\n", ""))
    before, files = exported(store), sorted(tmp_path.iterdir())
    found = preview(store, source, "new.toml")
    assert [(d.what, d.counts, d.documents) for d in found.refused] == [
        ("label entity.GPE", {"span": 3}, 2),
        ("label entity.MISC", {"span": 1}, 1),
    ]
    assert not [d for d in found.differences if d.kind == "removed"]
    with pytest.raises(SchemaError, match="nothing was changed") as caught:
        change_schema(store, source, "new.toml", "lead")
    assert "label entity.GPE is not in the new schema" in caught.value.message
    assert (exported(store), sorted(tmp_path.iterdir())) == (before, files)


def test_a_name_that_nothing_bears_may_go_unnamed(store: Store) -> None:
    source = changed(
        ("NO = {}\n", ""), ('[relation.says.attributes.tone]\nvalues = ["calm", "loud"]\n', "")
    )
    done = change_schema(store, source, "new.toml", "lead")
    assert [(d.kind, d.what) for d in done.differences] == [
        ("removed", "label worth.NO"),
        ("removed", "attribute says.tone"),
        ("removed", "value says.tone.calm"),
        ("removed", "value says.tone.loud"),
    ]
    assert done.edit is not None
    assert done.edit.changes == 0


def test_notes_say_what_may_be_a_mistake(store: Store) -> None:
    source = (
        FORMER + '\n[migrate.layer.entity.labels]\nPERSON = "PER"\n[migrate.layer.x]\nto = false\n'
    )
    assert preview(store, source, "new.toml").notes == (
        "both are pair 1: raise the version, so that exports can be told apart",
        "[migrate] names the label entity.PERSON, which the schema in force has not",
        "[migrate] names the layer x, which the schema in force has not",
    )
    with pytest.raises(RuleError, match="is the schema of this project already"):
        preview(store, FORMER, "new.toml")


def test_there_may_be_nothing_to_undo_or_redo(store: Store) -> None:
    for action in (undo_schema, redo_schema):
        with pytest.raises(RuleError, match="no change of schema"):
            action(store, "lead")


def test_a_session_at_work_writes_nothing_under_the_former_schema(store: Store) -> None:
    from annotator.workflow.projects import open_existing

    path = Path(str(store._db.path))  # type: ignore[attr-defined]
    other = open_existing(path)
    session = session_at(other, "two.txt", "carol")
    change_schema(store, MERGED, "new.toml", "lead")
    at(session, "Homs")
    layer, gpe = session.schema.layer("entity"), session.schema.label("entity", "GPE")
    with pytest.raises(SchemaChangedError, match="changed meanwhile by 'lead', to pair 2"):
        session.spans.label(layer, gpe)
    assert session.annotations.spans == {}
    again = session_at(other, "two.txt", "carol")
    assert label(again, "Homs", "2").label == "LOC"
    other.close()


def test_a_change_of_schema_waits_for_what_was_made_since_to_be_undone(store: Store) -> None:
    change_schema(store, MERGED, "new.toml", "lead")
    session = session_at(store, "two.txt", "carol")
    label(session, "Homs", "3")
    with pytest.raises(StaleError, match="EVENT 'Homs'"):
        undo_schema(store, "lead")
    session.undo()
    assert undo_schema(store, "lead").version == 1


def test_documents_are_read_one_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from annotator.store.sqlite.store import SqliteStore

    order: list[str] = []
    read, write = SqliteStore.annotations, SqliteStore._write

    def reading(self: SqliteStore, document: str, annotator: str) -> object:
        order.append(f"read {document}")
        return read(self, document, annotator)

    def writing(self: SqliteStore, changes: tuple[object, ...]) -> None:
        order.append("write")
        write(self, changes)  # type: ignore[arg-type]

    monkeypatch.setattr(SqliteStore, "annotations", reading)
    monkeypatch.setattr(SqliteStore, "_write", writing)
    change_schema(store, MERGED, "new.toml", "lead")
    one, two = (info.id for info in store.documents(""))
    tail = order[order.index("write") - 2 :]
    assert tail == [f"read {one}", f"read {one}", "write", f"read {two}", "write"]
