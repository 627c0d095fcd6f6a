"""Files of earlier formats, with data in them, open as they were and can do all that is new."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils.migrations import Migrations
from store_world import SqliteFactory, World, populate

from annotator.core.edits import create
from annotator.store.sqlite.connection import Connection
from annotator.store.sqlite.file_format import FORMAT
from annotator.store.sqlite.migrations import MIGRATIONS, migrate

FIRST = 5
"""The format that the first version made."""


def earlier(count: int) -> Migrations:
    """The migrations as an earlier version had them."""
    steps = Migrations("annotator")
    for step in MIGRATIONS._migrations[:count]:
        steps(name=step.name)(step.fn)
    return steps


def tables(raw: sqlite3.Connection, file: str) -> Iterator[str]:
    found = raw.execute(f"SELECT name FROM {file}.sqlite_schema WHERE type = 'table'").fetchall()
    yield from (name for (name,) in found if not name.startswith(("sqlite_", "_sqlite")))


def columns(raw: sqlite3.Connection, file: str, table: str) -> list[str]:
    return [f'"{row[1]}"' for row in raw.execute(f"PRAGMA {file}.table_info({table})")]


def stored_in(format_: int, new: Path, old: Path) -> None:
    """What lies in a project, as an earlier version would have stored it."""
    connection = Connection(old, "rwc")
    migrate(connection, earlier(format_))
    connection.close()
    raw = sqlite3.connect(old)
    raw.execute("ATTACH ? AS new", (str(new),))
    for table in tables(raw, "main"):
        known = [c for c in columns(raw, "main", table) if c in columns(raw, "new", table)]
        listed = ", ".join(known)
        raw.execute(f"INSERT INTO main.{table} ({listed}) SELECT {listed} FROM new.{table}")
    raw.commit()
    raw.close()


@pytest.fixture
def world(tmp_path: Path, schema_source: str) -> Iterator[World]:
    factory = SqliteFactory(tmp_path / "new.db")
    made = populate(factory.create(schema_source), factory)
    claim, source = made.span("Raqqa", "CLAIM", "claim"), made.span("Sillo", "SOURCE", "source")
    actor = made.actor()
    made.add(claim, source, actor, made.relation(("claim", claim), ("source", source)))
    yield made
    made.store.close()


@pytest.mark.parametrize("format_", range(FIRST, FORMAT))
def test_a_project_of_an_earlier_format_keeps_all_it_had(
    world: World, tmp_path: Path, schema_source: str, format_: int
) -> None:
    before = world.state()
    old = tmp_path / "old.db"
    stored_in(format_, tmp_path / "new.db", old)
    with SqliteFactory(old).open() as store:
        assert store._db.rows("PRAGMA user_version") == [(FORMAT,)]
        assert world.state(store) == before
        assert [e.edit.verb for e in store.log()] == ["label"]
        store.schema()
        assert store.undo_schema(world.session) is None
        changed = schema_source.replace("version = 1", "version = 2")
        assert store.change_schema(world.session, changed, ()).version == 2
        store.apply(world.bobs, world.document.id, "label", (create(world.span("SDF")),))
        assert store.undo(world.session, world.document.id) is not None
        assert store.redo(world.session, world.document.id) is not None
        assert store.undo(world.bobs, world.document.id) is not None
        assert world.state(store) == before
        undone = store.undo_schema(world.session)
        assert undone is not None
        assert (undone.version, store.schema_source()) == (1, schema_source)
