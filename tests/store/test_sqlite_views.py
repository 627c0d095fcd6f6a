"""The file as other tools see it: tables, views, no opaque values; and that it cannot be harmed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

import pytest
from store_world import World, attributes

from annotator.core.annotation import DocumentMark, Origin, Suggestion, mark_id
from annotator.core.ids import new_id


@pytest.fixture
def raw(world: World) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(world.store._db.path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    yield connection
    connection.close()


@pytest.fixture
def attributed(world: World) -> World:
    """A claim with two sources, one of them an actor, and a cue."""
    actor = world.actor()
    claim = world.span(
        "operations had begun", "CLAIM", "claim", attributes=attributes(mode=("indirect", "mixed"))
    )
    source = world.span("Talal Sillo", "SOURCE", "source", actor=actor.id)
    cue = world.span("confirmed", "CUE", "cue", origin=Origin("crf", "1", 0.5))
    relation = world.relation(("claim", claim), ("source", source), ("source", actor), ("cue", cue))
    suggestion = Suggestion(
        new_id(), world.document.id, world.alice, world.span("Raqqa", origin=Origin("crf"))
    )
    status = mark_id(world.document.id, world.alice)
    sentence = world.store.sentences(world.document.id)[0]
    world.add(actor, claim, source, cue, relation, suggestion, world.mark(sentence))
    world.add(DocumentMark(status, world.document.id, world.alice, "done"))
    return world


def test_the_annotation_view_shows_text_and_names(
    attributed: World, raw: sqlite3.Connection
) -> None:
    row = dict(raw.execute("SELECT * FROM annotation WHERE label = 'CLAIM'").fetchone())
    assert row.pop("id")
    assert row == {
        "document": "raqqa.txt",
        "annotator": "alice",
        "layer": "claim",
        "label": "CLAIM",
        "start": 48,
        "end": 68,
        "text": "operations had begun",
        "actor": None,
        "attributes": "mode=indirect; mode=mixed",
        "pieces": 1,
        "note": None,
        "flagged": 0,
        "engine": None,
        "score": None,
    }
    assert raw.execute("SELECT count(*) FROM annotation").fetchone()[0] == 3


def test_the_attribution_view_shows_claim_source_and_cue(
    attributed: World, raw: sqlite3.Connection
) -> None:
    rows = raw.execute("SELECT claim, source, source_actor, cue FROM attribution ORDER BY source")
    assert [tuple(row) for row in rows] == [
        ("operations had begun", "Talal Sillo", "Talal Sillo", "confirmed"),
    ] * 2


def test_the_progress_view_shows_each_person(attributed: World, raw: sqlite3.Connection) -> None:
    attributed.store.annotator("crf", kind="engine", create=True)
    rows = [tuple(row) for row in raw.execute("SELECT * FROM progress")]
    count = len(attributed.store.sentences(attributed.document.id))
    assert rows == [
        ("raqqa.txt", "alice", "done", count, 1, 3, 1),
        ("raqqa.txt", "bob", "open", count, 0, 0, 0),
    ]


def test_suggestions_can_be_queried_and_hold_the_proposal(
    attributed: World, raw: sqlite3.Connection
) -> None:
    row = raw.execute("SELECT * FROM suggestion").fetchone()
    assert (row["kind"], row["label"], row["text"], row["engine"]) == (
        *("span", "PERSON", "Raqqa", "crf"),
    )
    assert json.loads(row["proposed"])["text"] == "Raqqa"


def test_no_table_is_loose_and_no_value_is_a_blob(
    attributed: World, raw: sqlite3.Connection
) -> None:
    tables = [
        row["name"]
        for row in raw.execute("PRAGMA table_list")
        if row["type"] == "table" and not row["name"].startswith(("sqlite_", "_sqlite"))
    ]
    strict = {row["name"]: row["strict"] for row in raw.execute("PRAGMA table_list")}
    assert len(tables) == 25
    for table in tables:
        assert strict[table] == 1
        for row in raw.execute(f"SELECT * FROM {table}"):
            assert not [value for value in row if isinstance(value, bytes)]


def test_every_fragment_is_a_row_and_pieces_counts_them(
    world: World, raw: sqlite3.Connection
) -> None:
    world.add(world.span("Sillo"), world.span_at(((0, 5), (12, 20), (25, 30))))
    rows = raw.execute(
        "SELECT pieces, count(*) FROM span JOIN fragment ON span_id = span.id GROUP BY span.id"
    )
    assert sorted(tuple(row) for row in rows) == [(1, 1), (3, 3)]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM annotator",
        "DELETE FROM document",
        "DELETE FROM span",
        "DELETE FROM edit",
        "DELETE FROM actor",
        'UPDATE span SET start = "end"',
        "UPDATE span SET revision = 0",
        "UPDATE argument SET actor_id = relation_id",
        "UPDATE argument SET span_id = NULL, actor_id = NULL",
        "UPDATE attribute SET relation_id = 'x'",
        "UPDATE annotator SET kind = 'robot'",
        "UPDATE document SET meta = 'x'",
        "UPDATE change SET after = 'x'",
        "UPDATE edit SET time = '2026-01-01'",
        "INSERT INTO project (id, time) VALUES ('x', '2026-01-01T00:00:00.000Z')",
        "INSERT INTO schema (id, name, version, source, active, time)"
        " SELECT 'x', name, version, source, active, time FROM schema",
    ],
)
def test_the_file_refuses_what_would_harm_it(
    attributed: World, raw: sqlite3.Connection, statement: str
) -> None:
    before = "\n".join(raw.iterdump())
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute(statement)
    assert "\n".join(raw.iterdump()) == before
