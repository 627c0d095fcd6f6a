"""Several processes on one project file, and processes that are killed."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from msgspec.structs import replace
from store_world import SqliteFactory, World, new_document, populate

from annotator.core.annotation_set import AnnotationSet
from annotator.core.edits import create, update
from annotator.errors import BusyError, StaleError
from annotator.store.sqlite import connection
from annotator.store.sqlite.connection import Connection
from annotator.store.sqlite.project import open_project

WRITER = Path(__file__).with_name("writer_process.py")
PER_WRITER = 10


def start_writer(root: Path, path: Path, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(WRITER), str(path), name, str(count)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )


@pytest.fixture
def project(tmp_path: Path, schema_source: str) -> Path:
    factory = SqliteFactory(tmp_path / "project.db")
    populate(factory.create(schema_source), factory).store.close()
    return factory.path


def intact(path: Path) -> bool:
    """SQLite's own checks of the file."""
    with sqlite3.connect(path) as raw:
        whole = raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        dangling = raw.execute("PRAGMA foreign_key_check").fetchall()
    raw.close()
    return whole and not dangling


def test_eight_writers_lose_nothing_and_never_see_a_lock(root: Path, project: Path) -> None:
    names = [f"writer {n}" for n in range(8)]
    writers = {name: start_writer(root, project, name, PER_WRITER) for name in names}
    for name, writer in writers.items():
        out, errors = writer.communicate(timeout=120)
        assert (writer.returncode, errors) == (0, "")
        with open_project(project) as store:
            annotator = store.annotator(name)
            document = store.find_document("raqqa.txt")
            spans = store.annotations(document, annotator.id).spans
            assert [s.id for s in spans] == sorted(out.split())
            assert len(spans) == PER_WRITER
    with open_project(project) as store:
        verbs = Counter(edit.verb for edit in store.edits())
    assert verbs == {"label": 8 * PER_WRITER, "undo": 16, "redo": 16}
    assert intact(project)


@pytest.mark.parametrize("after", [1, 2, 5, 11])
def test_a_killed_process_keeps_all_it_was_told_is_written(
    root: Path, project: Path, after: int
) -> None:
    writer = start_writer(root, project, "victim", 100_000)
    assert writer.stdout is not None
    told = [writer.stdout.readline().strip() for _ in range(after)]
    writer.send_signal(signal.SIGKILL)
    rest, _ = writer.communicate(timeout=60)
    assert writer.returncode == -signal.SIGKILL
    # The last line may be cut in two.
    told += [line for line in rest.split("\n")[:-1] if line]
    with open_project(project) as store:
        document = store.find_document("raqqa.txt")
        kept = store.annotations(document, store.annotator("victim").id).spans
        assert {s.id for s in kept} >= set(told)
        made = {c.record.id for e in store.edits() for c in e.changes if c.after is not None}
        assert {s.id for s in kept} <= made
    assert intact(project)


def test_two_stores_take_turns_without_losing_updates(world: World) -> None:
    """inception#2038: concurrent modification wiped a document's annotations."""
    other = world.another()
    mine, theirs = world.span("Talal"), world.span("Raqqa", annotator=world.bob)
    world.add(mine)
    other.apply(world.bobs, world.document.id, "label", (create(theirs),))
    loaded = AnnotationSet(other.annotations(world.document.id, world.alice).spans).span(mine.id)
    world.store.apply(
        world.session, world.document.id, "relabel", (update(mine, replace(mine, label="GROUP")),)
    )
    stale = update(loaded, replace(loaded, label="LOCATION"))
    with pytest.raises(StaleError, match="'alice'"):
        other.apply(world.bobs, world.document.id, "relabel", (stale,))
    kept = other.annotations(world.document.id, world.alice).spans
    assert [(s.text, s.label) for s in kept] == [("Talal", "GROUP")]
    assert [s.text for s in other.annotations(world.document.id, world.bob).spans] == ["Raqqa"]


class Turns:
    """Counts naps instead of taking them, and lets the lock go after so many."""

    def __init__(self, blocker: sqlite3.Connection, turns: int) -> None:
        self.blocker = blocker
        self.left = turns
        self.naps: list[float] = []

    def nap(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.left -= 1
        if self.left == 0:
            self.blocker.execute("ROLLBACK")


@pytest.mark.parametrize("lock", ["IMMEDIATE", "EXCLUSIVE"])
def test_a_locked_file_is_waited_for(project: Path, lock: str) -> None:
    """doccano#1236, label-studio#5755: "database is locked" while labelling lost labels."""
    blocker = sqlite3.connect(project, isolation_level=None)
    blocker.execute(f"BEGIN {lock}")
    turns = Turns(blocker, 40)
    # Opening only reads, which an exclusive lock keeps waiting as well.
    connection = Connection(project, nap=turns.nap)
    with connection.transaction():
        connection.write("UPDATE project SET time = time")
    connection.close()
    assert len(turns.naps) == 40
    assert max(turns.naps) < 0.01
    blocker.close()


def test_a_reader_delays_a_commit_but_does_not_break_it(project: Path) -> None:
    reader = sqlite3.connect(project, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM project").fetchall()
    turns = Turns(reader, 25)
    connection = Connection(project, nap=turns.nap)
    with connection.transaction():
        connection.write("UPDATE project SET time = time")
    assert turns.naps
    connection.close()
    reader.close()


def test_patience_ends_with_a_message_and_nothing_written(project: Path) -> None:
    blocker = sqlite3.connect(project, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with open_project(project, patience=0) as store:
        before = store.annotators()
        with pytest.raises(BusyError, match="in use") as error:
            store.annotator("late", create=True)
        assert "locked" in error.value.message
        assert store.annotators() == before
        blocker.execute("ROLLBACK")
        assert store.annotator("late", create=True).name == "late"
    blocker.close()


class Held:
    """A lock that another process gives up after so many naps; a nap takes 0.4 s of a clock."""

    def __init__(self, path: Path, naps: int) -> None:
        self._other = sqlite3.connect(path, isolation_level=None)
        self._other.execute("BEGIN EXCLUSIVE")
        self._naps = naps
        self.now = 100.0

    def nap(self, _: float) -> None:
        self.now += 0.4
        self._naps -= 1
        if self._naps == 0:
            self._other.execute("ROLLBACK")
            self._other.close()


@pytest.mark.parametrize(
    ("naps", "told"), [(1, []), (3, [0.8, 0.0]), (7, [0.8, 2.0, 0.0])], ids=["short", "1 s", "3 s"]
)
def test_waiting_is_told_before_anybody_thinks_that_the_program_hangs(
    world: World, tmp_path: Path, naps: int, told: list[float]
) -> None:
    heard: list[float] = []
    held = Held(tmp_path / "project.db", naps)
    connection = Connection(
        tmp_path / "project.db", waiting=heard.append, nap=held.nap, monotonic=lambda: held.now
    )
    assert connection.rows("SELECT count(*) FROM document") == [(1,)]
    connection.close()
    assert heard == pytest.approx(told)


def test_others_read_while_a_large_change_is_being_written(world: World) -> None:
    reader = open_project(world.store._db.path, patience=0)  # type: ignore[attr-defined]
    with world.store.transaction():
        new = new_document("large.txt", "Large.")
        large = replace(new.document, text="x" * 3_000_000)
        world.store.add_document(replace(new, document=large))
        assert len(reader.documents("")) == 1
    assert len(reader.documents("")) == 2
    reader.close()


@pytest.mark.parametrize(
    ("pause", "ways"),
    [(0.0, 2), (connection._PAUSE * 2, 0)],
    ids=["without a pause", "with pauses"],
)
def test_who_writes_without_a_pause_lets_others_in(
    world: World, tmp_path: Path, pause: float, ways: int
) -> None:
    now, naps = [100.0], list[float]()
    own = Connection(tmp_path / "project.db", nap=naps.append, monotonic=lambda: now[0])
    for _ in range(25):
        with own.transaction():
            now[0] += 0.005
        now[0] += pause
    own.close()
    assert naps == [connection._WAY] * ways


def test_a_thread_that_works_without_a_pause_lets_the_one_that_waits_come_next() -> None:
    turns = connection.Turns(lambda: None)
    came: list[str] = []

    def once() -> None:
        with turns, turns:
            came.append("other")

    other = threading.Thread(target=once)
    with turns:
        other.start()
        while not turns.is_wanted:
            time.sleep(0)
    for _ in range(3):
        with turns:
            came.append("busy")
    other.join()
    assert came == ["other", "busy", "busy", "busy"]


@pytest.mark.parametrize("lock", [1, 2])
def test_who_is_interrupted_on_the_way_in_does_not_wait_for_itself(
    monkeypatch: pytest.MonkeyPatch, lock: int
) -> None:
    def waiting(seconds: float) -> None:
        raise AssertionError(f"it waits for itself: {seconds} s")

    turns = connection.Turns(lambda: waiting)
    acquire, got = turns._acquire, []

    def interrupted(wanted: threading.RLock) -> None:
        acquire(wanted)
        got.append(wanted)
        if len(got) == lock:
            raise KeyboardInterrupt

    monkeypatch.setattr(turns, "_acquire", interrupted)
    with pytest.raises(KeyboardInterrupt), turns:
        raise AssertionError("it is inside")
    with turns:
        assert not turns.is_wanted
