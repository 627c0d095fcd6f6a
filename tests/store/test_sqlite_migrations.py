"""Migrations: from blank, from an older format with and without rows, and what opening imports."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from real_disks import fill, small_disk
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations
from store_world import SqliteFactory, World, populate

from annotator.core.annotation import Span
from annotator.errors import BusyError, ProjectError
from annotator.store.sqlite import file_format, migrations
from annotator.store.sqlite.connection import Connection
from annotator.store.sqlite.file_format import FORMAT
from annotator.store.sqlite.migrations import MIGRATIONS, migrate
from annotator.store.sqlite.project import open_project

HERE = Path(__file__).parent


def later_format() -> Migrations:
    """The shipped steps and two that a later version might have."""
    steps = Migrations("annotator")
    for step in MIGRATIONS._migrations:
        steps(name=step.name)(step.fn)

    @steps()
    def add_annotator_email(db: Database) -> None:
        db.conn.execute("ALTER TABLE annotator ADD COLUMN email TEXT")

    @steps()
    def rebuild_annotator(db: Database) -> None:
        db["annotator"].transform(rename={"email": "address"})

    return steps


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Migrations:
    """This version, two formats on."""
    steps = later_format()
    monkeypatch.setattr(file_format, "FORMAT", FORMAT + 2)
    monkeypatch.setattr(migrations.migrate, "__defaults__", (steps,))
    return steps


def test_the_number_of_migrations_is_the_format() -> None:
    assert len(MIGRATIONS._migrations) == FORMAT


FORMATS = sorted(int(path.stem.partition("_")[2]) for path in HERE.glob("format_*.sql"))
"""The formats whose tables are written down."""


def steps_to(number: int) -> Migrations:
    """The steps that made a format."""
    steps = Migrations("annotator")
    for step in MIGRATIONS._migrations[:number]:
        steps(name=step.name)(step.fn)
    return steps


@pytest.mark.parametrize("number", FORMATS)
def test_the_tables_of_a_released_format_never_change(number: int, tmp_path: Path) -> None:
    connection = Connection(tmp_path / "p.db", "rwc")
    migrate(connection, steps_to(number))
    found = connection.rows(
        "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
        " AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE 'idx\\_\\_%' ESCAPE '\\'"
        " ORDER BY name"
    )
    connection.close()
    dump = "".join(f"{sql};\n" for _, sql in found)
    assert dump == HERE.joinpath(f"format_{number}.sql").read_text("utf-8")


def test_the_newest_format_is_written_down() -> None:
    assert FORMATS[-1] == FORMAT


def in_format(path: Path, number: int) -> None:
    """Put the rows of a project into the tables of an older format, in its place."""
    newer = path.with_name("newer.db")
    path.rename(newer)
    connection = Connection(path, "rwc")
    migrate(connection, steps_to(number))
    connection.rows("PRAGMA foreign_keys = OFF")
    connection.rows(f"ATTACH '{newer}' AS newer")
    tables = connection.rows(
        "SELECT name FROM main.sqlite_schema WHERE type = 'table'"
        " AND name NOT LIKE '\\_%' ESCAPE '\\'"
    )
    for (table,) in tables:
        columns = ", ".join(
            f'"{c[1]}"' for c in connection.rows(f"PRAGMA main.table_info({table})")
        )
        connection.rows(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}")
    connection.close()
    newer.unlink()


@pytest.mark.parametrize("number", FORMATS[:-1])
def test_a_project_of_every_released_format_comes_to_today(
    number: int, tmp_path: Path, schema_source: str
) -> None:
    factory = SqliteFactory(tmp_path / "project.db")
    world = populate(factory.create(schema_source), factory)
    actor = world.actor()
    world.add(actor, world.span("Sillo", actor=actor.id))
    world.add(world.span("SDF", "GROUP"))
    before = world.state()
    world.store.close()
    in_format(factory.path, number)
    with factory.open() as store:
        assert store._db.rows("PRAGMA user_version") == [(FORMAT,)]
        assert world.state(store) == before
        for table in ("edit", "document"):
            rows = store._db.rows(f"SELECT number, clock FROM {table}")
            assert rows
            assert all(place == clock for place, clock in rows)
        assert store.undo(world.session, world.document.id) is not None
        assert store._db.rows("SELECT max(clock) FROM edit") == [(3,)]


@pytest.mark.parametrize("rows", [False, True])
def test_an_older_project_is_backed_up_and_migrated(
    tmp_path: Path, schema_source: str, rows: bool, request: pytest.FixtureRequest
) -> None:
    factory = SqliteFactory(tmp_path / "project.db")
    store = factory.create(schema_source)
    if rows:
        world = populate(store, factory)
        actor = world.actor()
        world.add(actor, world.span("Sillo", actor=actor.id))
        before = world.state()
    store.close()
    old = factory.path.read_bytes()
    request.getfixturevalue("later")
    with factory.open() as migrated:
        assert migrated._db.rows("PRAGMA user_version") == [(FORMAT + 2,)]
        assert migrated._db.rows("PRAGMA foreign_keys") == [(1,)]
        columns = [row[1] for row in migrated._db.rows("PRAGMA table_info(annotator)")]
        assert columns == ["id", "name", "kind", "time", "address"]
        if rows:
            assert world.state(migrated) == before
            assert migrated.undo(world.session, world.document.id) is not None
    backups = list((tmp_path / "project.backups").iterdir())
    assert [p.name for p in backups] == [f"project.format-{FORMAT}.20261122T214400123Z.db"]
    with sqlite3.connect(backups[0]) as copy, sqlite3.connect(":memory:") as original:
        original.deserialize(old)
        assert list(copy.iterdump()) == list(original.iterdump())
    copy.close()
    original.close()


PROJECTS = Path(__file__).with_name("projects")
RELEASED = sorted(int(p.stem.rsplit("_", 1)[1]) for p in PROJECTS.glob("format_*.sql"))
"""Projects as the versions of that format wrote them, every kind of record in them."""


def released(path: Path, format: int) -> Path:
    raw = sqlite3.connect(path)
    raw.executescript((PROJECTS / f"format_{format}.sql").read_bytes().decode())
    raw.close()
    return path


def test_there_is_a_project_of_every_format() -> None:
    """What is missing is written by tools/build_project_dump.py."""
    tables = {int(p.stem.rsplit("_", 1)[1]) for p in PROJECTS.parent.glob("format_*.sql")}
    assert set(RELEASED) >= tables
    assert FORMAT in RELEASED


@pytest.mark.parametrize("format", RELEASED)
def test_a_project_of_any_format_is_whole_under_this_version(tmp_path: Path, format: int) -> None:
    path = released(tmp_path / "old.db", format)
    before = path.read_bytes()
    with open_project(path) as store:
        assert store._db.rows("PRAGMA user_version") == [(FORMAT,)]
        document = store.find_document("rain.txt")
        assert store.document(document).text.startswith("Ann says it rained.\r\n“It 👩‍👩‍👧")
        alice, bob = store.annotator("alice").id, store.annotator("bob").id
        made, theirs = store.annotations(document, alice), store.annotations(document, bob)
        assert [(s.text, s.label, len(s.fragments)) for s in made.spans] == [
            ("Ann", "A", 1), ("it It", "B", 2), ("Ann", "A", 1)
        ]  # fmt: skip
        assert [len(r.arguments) for r in made.relations] == [3, 2]
        assert [a.name for a in made.actors] == ["Ann"]
        assert [u.label for u in made.unit_labels] == ["NEWS", "CHECK"]
        assert [m.done for m in made.sentence_marks] == [True]
        assert [s.proposed.label for s in theirs.suggestions if isinstance(s.proposed, Span)] == [
            "A"
        ]
        assert store.position(document, alice) == 9
        upkeep = store.upkeep
        for place in (None, document):
            for record in upkeep.replayed(place):
                assert (record.stored, record.fault, record.gaps) == (record.logged, None, ())
        assert [*upkeep.faults_of_file(), *upkeep.faults_of_rows()] == []
        session = store.start_session(alice)
        undone = 0
        while store.undo(session, document) is not None:
            undone += 1
        assert undone >= 4
        assert store.annotations(document, alice).spans == ()
        while store.redo(session, document) is not None:
            undone -= 1
        assert undone == -1
    backups = list(tmp_path.glob("old.backups/*"))
    assert len(backups) == (format < FORMAT)
    for backup in backups:
        with sqlite3.connect(backup) as copy, sqlite3.connect(":memory:") as original:
            original.deserialize(before)
            assert list(copy.iterdump()) == list(original.iterdump())
        copy.close()
        original.close()


@pytest.mark.parametrize("format", [f for f in RELEASED if f < FORMAT])
def test_a_disk_that_fills_up_leaves_an_older_project_as_it_was(
    tmp_path: Path, format: int
) -> None:
    with small_disk(tmp_path / "disk", 2048) as folder:
        path = released(folder / "old.db", format)
        fill(folder)
        before = path.read_bytes()
        with pytest.raises(BusyError):
            open_project(path)
        assert path.read_bytes() == before
        assert not list(folder.glob("old.backups/*"))


def test_a_migration_that_fails_leaves_the_file_as_it_was(world: World, later: Migrations) -> None:
    @later()
    def divide(db: Database) -> None:
        db.conn.execute("DROP VIEW progress")
        db.conn.execute("SELECT nonsense")

    world.store.close()
    path = world.store._db.path
    before = path.read_bytes()
    with pytest.raises(ProjectError):
        open_project(path)
    assert path.read_bytes() == before


def test_a_migration_that_would_leave_dangling_rows_is_taken_back(
    world: World, later: Migrations
) -> None:
    @later()
    def forget_annotators(db: Database) -> None:
        db.conn.execute("DELETE FROM annotator")

    world.store.close()
    with pytest.raises(ProjectError, match="rows refer to rows that do not exist"):
        open_project(world.store._db.path)


def test_a_read_only_project_is_not_migrated(world: World, later: Migrations) -> None:
    world.store.close()
    with pytest.raises(ProjectError, match="older format"):
        open_project(world.store._db.path, read_only=True)


def test_migrating_twice_does_nothing(world: World) -> None:
    connection = world.store._db
    before = connection.rows("SELECT * FROM _sqlite_migrations")
    migrate(connection)
    assert connection.rows("SELECT * FROM _sqlite_migrations") == before
    assert [row[2] for row in before] == [m.name for m in MIGRATIONS._migrations]


OPENING = """
import sys
from pathlib import Path
from annotator.store.sqlite.project import open_project
with open_project(Path(sys.argv[1])) as store:
    alice = store.annotator("alice", create=True)
    session = store.start_session(alice.id)
    document = store.find_document("raqqa.txt")
    store.annotations(document, alice.id)
    store.apply(session, document, "label", ())
    store.undo(session, document)
wanted = {"sqlite_utils", "pysqlite3", "click", "sentencex", "annotator.store.sqlite.migrations"}
print(sorted(wanted & set(sys.modules)))
"""


def test_opening_an_up_to_date_project_does_not_import_sqlite_utils(
    world: World, root: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OPENING, str(world.store._db.path)],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
