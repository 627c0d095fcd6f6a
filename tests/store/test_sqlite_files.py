"""Project files that are missing, foreign, damaged, newer, read-only or on a full disk."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from store_world import SqliteFactory, World, held_until_told, new_document, populate

from annotator.errors import BusyError, ExitCode, ProjectError, SchemaError
from annotator.store.sqlite import connection
from annotator.store.sqlite.file_format import APPLICATION_ID, FORMAT
from annotator.store.sqlite.project import create_project, open_project


@pytest.fixture
def project(tmp_path: Path, schema_source: str) -> Path:
    factory = SqliteFactory(tmp_path / "project.db")
    world = populate(factory.create(schema_source), factory)
    world.add(world.span("Sillo"))
    world.store.close()
    return factory.path


def foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE t (x)")
    raw.close()


def newer(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute(f"PRAGMA user_version = {FORMAT + 1}")
    raw.close()


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def shortened(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def scrambled(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (Path.unlink, "there is no project here"),
    "folder": (folder, "is a folder"),
    "pipe": (pipe, "not a regular file"),
    "empty": (lambda p: p.write_bytes(b""), "is an empty file, but not a project"),
    "text": (lambda p: p.write_text("Not a database. " * 100), "no SQLite file"),
    "foreign": (foreign, "is an SQLite file, but not a project"),
    "newer": (newer, f"has format {FORMAT + 1}; this version knows formats up to {FORMAT}"),
    "shortened": (shortened, "damaged or cut short"),
    "header only": (lambda p: p.write_bytes(p.read_bytes()[:100]), "damaged|no SQLite file"),
}


@pytest.mark.parametrize("case", sorted(BROKEN))
def test_opening_what_is_no_project_says_what_it_is(project: Path, case: str) -> None:
    spoil, message = BROKEN[case]
    spoil(project)
    before = project.read_bytes() if project.is_file() else None
    with pytest.raises(ProjectError, match=message) as error:
        open_project(project)
    assert str(project) in error.value.message
    assert error.value.hint
    assert error.value.code == ExitCode.BAD_INPUT
    if before is not None:
        assert project.read_bytes() == before
    assert sorted(project.parent.iterdir()) == ([project] if project.exists() else [])


def read_all(path: Path) -> None:
    with open_project(path) as store:
        store.schema()
        for edit in store.edits():
            assert edit.changes
        for document in store.documents(""):
            store.document(document.id)


def test_scrambled_pages_are_reported_by_whatever_meets_them(project: Path) -> None:
    scrambled(project)
    with pytest.raises(ProjectError, match="damaged"):
        read_all(project)


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE change SET after = '{}'",
        'UPDATE change SET after = \'{"record":"span"}\'',
        "UPDATE document SET meta = CAST(x'ff' AS TEXT)",
    ],
)
def test_rows_that_others_spoiled_are_reported(project: Path, spoil: str) -> None:
    with sqlite3.connect(project) as raw:
        raw.execute("PRAGMA ignore_check_constraints = ON")
        raw.execute(spoil)
    raw.close()
    with pytest.raises(ProjectError, match=r"project\.db"):
        read_all(project)


def test_an_existing_file_is_never_replaced(project: Path, schema_source: str) -> None:
    before = project.read_bytes()
    with pytest.raises(ProjectError, match="exists already"):
        create_project(project, schema_source)
    assert project.read_bytes() == before
    link = project.with_name("link.db")
    link.symlink_to("nowhere")
    with pytest.raises(ProjectError, match="exists already"):
        create_project(link, schema_source)


def test_a_project_is_made_whole_or_not_at_all(tmp_path: Path, schema_source: str) -> None:
    with pytest.raises(ProjectError, match="no folder"):
        create_project(tmp_path / "nowhere" / "p.db", schema_source)
    with pytest.raises(SchemaError):
        create_project(tmp_path / "p.db", "name = 1")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["p?mode=ro.db", "100%41.db", "ü #1.db", "a'b\".db", "p"])
def test_any_file_name_will_do(tmp_path: Path, schema_source: str, name: str) -> None:
    create_project(tmp_path / name, schema_source).close()
    assert [p.name for p in tmp_path.iterdir()] == [name]
    with open_project(tmp_path / name) as store:
        assert store.name == Path(name).stem


def test_a_read_only_project_can_be_read_but_not_written(project: Path) -> None:
    with open_project(project, read_only=True) as store:
        alice = store.annotator("alice")
        document = store.find_document("raqqa.txt")
        assert len(store.annotations(document, alice.id).spans) == 1
        assert store.documents(alice.id)[0].spans == 1
        for write in (
            lambda: store.start_session(alice.id),
            lambda: store.save_position(document, alice.id, 3),
            lambda: store.add_document(new_document("b.txt")),
        ):
            with pytest.raises(BusyError, match="read-only"):
                write()
        assert len(store.documents(alice.id)) == 1


CHILD = """
import os, sys
from pathlib import Path
from annotator.errors import BusyError
from annotator.store.sqlite.project import open_project
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
with open_project(Path(sys.argv[1])) as store:
    assert [d.name for d in store.documents("")] == ["raqqa.txt"]
    try:
        store.annotator("carol", create=True)
    except BusyError as error:
        print(error.message)
"""


OPENING = """
import os, sys
from pathlib import Path
from annotator.errors import BusyError
from annotator.store.sqlite.project import open_project
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
for read_only in (False, True):
    try:
        open_project(Path(sys.argv[1]), read_only=read_only)
    except BusyError as error:
        print(error.message, error.hint)
"""


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that any user may enter: root, whom no permission stops, has to become another."""
    made = Path(tempfile.mkdtemp())
    made.chmod(0o755)
    yield made
    made.chmod(0o755)
    shutil.rmtree(made)


def test_a_file_without_write_permission_can_be_read(
    project: Path, public_folder: Path, root: Path
) -> None:
    copy = Path(shutil.copy(project, public_folder))
    copy.chmod(0o444)
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(copy)],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "read-only" in done.stdout


def with_log(path: Path) -> list[Path]:
    """A write-ahead log that holds an edit."""
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("INSERT INTO annotator VALUES ('x', 'x', 'person', '2026-01-01T00:00:00.000Z')")
    raw.commit()
    return left_by_a_kill(path, raw)


def with_log_mode_alone(path: Path) -> list[Path]:
    """A file that a program with a log closed in order."""
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA journal_mode = WAL")
    raw.close()
    return [path]


def with_hot_journal(path: Path) -> list[Path]:
    """The journal of a program that was killed in the midst of a commit."""
    raw = sqlite3.connect(path, isolation_level=None)
    raw.executescript("PRAGMA cache_spill = 1; PRAGMA cache_size = 1; BEGIN")
    for n in range(300):
        values = (f"{n}", f"{n}" * 200, "person", "2026-01-01T00:00:00.000Z")
        raw.execute("INSERT INTO annotator VALUES (?, ?, ?, ?)", values)
    return left_by_a_kill(path, raw)


def left_by_a_kill(path: Path, raw: sqlite3.Connection) -> list[Path]:
    """The files as they are while the program runs."""
    folder = path.with_name("left")
    folder.mkdir()
    found = [p for p in path.parent.glob(f"{path.name}*") if not p.name.endswith("-shm")]
    copies = [Path(shutil.copy(file, folder)) for file in found]
    raw.close()
    return copies


@pytest.mark.parametrize("kept", [with_log, with_log_mode_alone, with_hot_journal])
def test_a_log_in_a_folder_that_may_not_be_written_is_said_and_untouched(
    project: Path, public_folder: Path, root: Path, kept: Callable[[Path], list[Path]]
) -> None:
    before = {}
    for file in kept(project):
        copy = Path(shutil.copy(file, public_folder))
        copy.chmod(0o444)
        before[copy] = copy.read_bytes()
    public_folder.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", OPENING, str(public_folder / project.name)],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    for line in done.stdout.splitlines():
        assert "cannot be read in a folder where nothing may be written" in line
        assert "open the copy" in line
    assert len(done.stdout.splitlines()) == 2
    assert {p: p.read_bytes() for p in public_folder.iterdir()} == before


def add_many(world: World) -> None:
    for _ in range(200):
        world.add(world.span("Sillo", note="x" * 3000))


def test_a_full_disk_is_said_and_harms_nothing(world: World) -> None:
    """SQLite's page limit answers like a full disk."""
    raw = world.store._db.raw
    world.add(world.span("Talal"))
    before = world.state()
    pages = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(BusyError, match=r"disk of .* is full"):
        add_many(world)
    raw.execute(f"PRAGMA max_page_count = {pages * 100}")
    kept = world.state()
    assert kept == world.state(world.another())
    while world.store.undo(world.session, world.document.id) is not None:
        pass
    world.store.redo(world.session, world.document.id)
    assert world.state() == before


def test_a_full_disk_inside_a_transaction_undoes_all_of_it(world: World) -> None:
    raw = world.store._db.raw
    before = world.state()
    pages = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.execute(f"PRAGMA max_page_count = {pages + 1}")

    def stubborn() -> None:
        with world.store.transaction():
            for _ in range(20):
                with suppress(BusyError):
                    world.add(world.span("Sillo", note="x" * 20_000))

    with pytest.raises(BusyError, match="rolled back"):
        stubborn()
    assert world.state() == before


def file_size_limit() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))


GROWING = """
import sys
from pathlib import Path
from annotator.core.document import Document
from annotator.errors import BusyError
from annotator.store.base import NewDocument
from annotator.store.sqlite.project import open_project
with open_project(Path(sys.argv[1])) as store:
    try:
        for n in range(100):
            text = f"{n} " * 20_000
            store.add_document(NewDocument(Document(str(n), f"{n}", text, "0"), (), "x", "1"))
    except BusyError as error:
        print(error)
    assert 1 <= len(store.documents("")) < 100
"""


def test_a_write_that_the_system_refuses_is_said(project: Path, root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", GROWING, str(project)],
        env={**os.environ, "PYTHONPATH": str(root)},
        preexec_fn=file_size_limit,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "This change was not written" in done.stdout
    with sqlite3.connect(project) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    raw.close()


def test_a_file_moved_away_under_a_running_program_is_said(world: World) -> None:
    path = world.store._db.path
    path.rename(path.with_name("moved.db"))
    with pytest.raises(BusyError, match=r"moved, deleted or replaced|cannot be read or written"):
        world.add(world.span("Sillo"))
    path.with_name("moved.db").rename(path)
    world.add(world.span("Sillo"))


def test_numbers_in_the_header_say_what_the_file_is(project: Path) -> None:
    with sqlite3.connect(project) as raw:
        assert raw.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert raw.execute("PRAGMA user_version").fetchone() == (FORMAT,)
    raw.close()


@pytest.mark.parametrize(("safe_from", "mode"), [((0,), "wal"), ((99,), "delete")])
def test_a_log_is_used_only_where_sqlite_can_be_trusted_with_it(
    tmp_path: Path,
    schema_source: str,
    monkeypatch: pytest.MonkeyPatch,
    safe_from: tuple[int, ...],
    mode: str,
) -> None:
    monkeypatch.setattr(connection, "WAL_SAFE", safe_from)
    with create_project(tmp_path / "p.db", schema_source) as store:
        assert store._db.rows("PRAGMA journal_mode") == [(mode,)]
        assert store.annotator("alice", create=True)
    assert [p.name for p in tmp_path.iterdir()] == ["p.db"]


def test_a_log_that_a_newer_sqlite_left_is_given_up(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "WAL_SAFE", (99,))
    with sqlite3.connect(project) as raw:
        assert raw.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    raw.close()
    with open_project(project) as store:
        assert store._db.rows("PRAGMA journal_mode") == [("delete",)]


def test_threads_that_share_a_store_take_turns(world: World) -> None:
    spans = [world.span(word) for word in ("Talal", "Sillo", "Raqqa", "SDF") * 5]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(world.add, spans))
    kept = world.store.annotations(world.document.id, world.alice).spans
    assert {s.id for s in kept} == {s.id for s in spans}
    assert len(list(world.store.edits())) == len(spans)


def test_a_thread_that_waits_for_another_one_is_told(world: World) -> None:
    with held_until_told(world.store) as heard:
        world.store.tell_waiting(heard)
        world.add(world.span("Sillo"))
    assert heard[0] == connection._UNTOLD
    assert heard[-1] == 0
    assert len(list(world.store.edits())) == 1


def test_every_commit_is_synced_and_foreign_keys_hold(synced: None, world: World) -> None:
    assert world.store._db.rows("PRAGMA synchronous") == [(3,)]
    assert world.store._db.rows("PRAGMA foreign_keys") == [(1,)]
