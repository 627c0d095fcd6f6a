"""Backups while others write, the day's backup, and putting one back: whole or not at all."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from store_world import SqliteFactory, World, new_document, populate
from test_sqlite_processes import intact, start_writer

from annotator.core.ids import new_id
from annotator.errors import AnnotatorError, BusyError, ExitCode, ProjectError, UsageError
from annotator.store.sqlite import backups, connection, daily_backup
from annotator.store.sqlite.backups import NotWantedError, Watch, back_up
from annotator.store.sqlite.daily_backup import back_up_today, daily_backups
from annotator.store.sqlite.holders import holders
from annotator.store.sqlite.project import open_project
from annotator.store.sqlite.restoring import restore_project

NOW = 1_795_383_840.123
DAY = 86_400.0


@pytest.fixture
def project(tmp_path: Path, schema_source: str) -> Path:
    factory = SqliteFactory(tmp_path / "project.db")
    world = populate(factory.create(schema_source), factory)
    world.add(world.span("Sillo"))
    world.store.close()
    return factory.path


def spans(path: Path) -> list[str]:
    with open_project(path) as store:
        document = store.find_document("raqqa.txt")
        return [s.id for a in store.annotators() for s in store.annotations(document, a.id).spans]


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    raw = sqlite3.connect(path)
    found = raw.execute(sql).fetchall()
    raw.close()
    return found


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


# -- on demand -----------------------------------------------------------------------------------


def test_a_backup_is_of_one_moment_while_others_write(root: Path, project: Path) -> None:
    """teamware: backups that were never restorable."""
    writer = start_writer(root, project, "busy", 100_000)
    assert writer.stdout is not None
    told = [writer.stdout.readline().strip()]
    with open_project(project) as store:
        for n in range(6):
            target = project.with_name(f"{n}.db")
            store.upkeep.back_up(target)
            known = list(told)
            told += [writer.stdout.readline().strip() for _ in range(5)]
            kept = spans(target)
            assert set(known) <= set(kept)
            assert intact(target)
            # An edit is there with all it did, or not at all.
            made = "SELECT count(*) FROM change WHERE before IS NULL AND kind = 'span'"
            gone = "SELECT count(*) FROM change WHERE after IS NULL AND kind = 'span'"
            (lived,), (died,) = rows(target, made)[0], rows(target, gone)[0]
            assert lived - died == len(kept)  # type: ignore[operator]
    writer.send_signal(signal.SIGKILL)
    writer.communicate(timeout=60)


def test_a_backup_is_a_project_like_the_first(world: World, tmp_path: Path) -> None:
    world.add(world.span("Talal"))
    target = tmp_path / "copy.db"
    world.store.upkeep.back_up(target)
    before = world.state()
    with open_project(target) as copy:
        assert world.state(copy) == before
        assert copy.undo(world.session, world.document.id) is not None
    assert world.state() == before
    assert {p.name for p in tmp_path.iterdir()} == {"project.db", "copy.db"}


def test_a_backup_may_be_read_by_those_who_may_read_the_project(project: Path) -> None:
    project.chmod(0o640)
    with open_project(project) as store:
        store.upkeep.back_up(project.with_name("b.db"))
    assert project.with_name("b.db").stat().st_mode & 0o777 == 0o640
    project.with_name("b.db").chmod(0o600)
    restore_project(project, project.with_name("b.db"))
    assert project.stat().st_mode & 0o777 == 0o640


def test_a_project_with_a_log_is_copied_into_one_file(
    tmp_path: Path, schema_source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "WAL_SAFE", (0,))
    factory = SqliteFactory(tmp_path / "project.db")
    world = populate(factory.create(schema_source), factory)
    world.add(world.span("Sillo"))
    target = tmp_path / "b.db"
    world.store.upkeep.back_up(target)
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith("b.")) == ["b.db"]
    assert rows(target, "PRAGMA journal_mode") == [("delete",)]
    before = world.state()
    world.store.close()
    restore_project(factory.path, target)
    assert rows(factory.path, "PRAGMA journal_mode") == [("wal",)]
    with factory.open() as again:
        assert world.state(again) == before


@pytest.mark.parametrize("target", ["project.db", "link.db", ".", "nowhere/b.db", "stale.db"])
def test_a_target_that_will_not_do(project: Path, target: str) -> None:
    (project.parent / "link.db").symlink_to("nowhere.db")
    (project.parent / "stale.db-wal").write_bytes(b"x")
    before = files(project.parent)
    with open_project(project) as store, pytest.raises((UsageError, ProjectError)) as error:
        store.upkeep.back_up(project.parent / target)
    assert error.value.hint
    assert files(project.parent) == before


def test_a_damaged_project_gives_no_backup_but_a_copy(project: Path) -> None:
    ((page,),) = rows(project, "SELECT rootpage FROM sqlite_schema WHERE name = 'span'")
    with project.open("r+b") as file:
        file.seek((int(str(page)) - 1) * 4096)
        file.write(b"\xff" * 64)
    before = project.read_bytes()
    with open_project(project) as store:
        with pytest.raises(ProjectError, match=r"b\.db is damaged"):
            store.upkeep.back_up(project.with_name("b.db"))
        assert [p.name for p in project.parent.iterdir()] == ["project.db"]
        copy = store.upkeep.back_up_for("before-repair")
    assert copy.parent == project.with_name("project.backups")
    assert copy.read_bytes()[4096:] == before[4096:]
    assert project.read_bytes() == before


def test_a_copy_that_is_called_off_leaves_nothing(project: Path) -> None:
    asked = []

    def wanted() -> bool:
        asked.append(1)
        return len(asked) < 3

    with open_project(project) as store, pytest.raises(NotWantedError):
        back_up(store._db, project.with_name("b.db"), new_id, step=1, is_wanted=wanted)
    assert len(asked) == 3
    assert [p.name for p in project.parent.iterdir()] == ["project.db"]


def test_a_copy_in_steps_that_others_keep_throwing_back_is_made_in_one_go(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = open_project(project)
    document = other.find_document("raqqa.txt")
    alice = other.annotator("alice").id
    commits: list[int] = []
    steps: list[int] = []
    made = backups.Watch

    def counted(target: Path, is_wanted: Callable[[], bool], step: int) -> Watch:
        steps.append(step)
        return made(target, is_wanted, step)

    monkeypatch.setattr(backups, "Watch", counted)

    def wanted() -> bool:
        if len(commits) < 40:
            other.save_position(document, alice, len(commits))
            commits.append(1)
        return True

    with open_project(project) as store:
        back_up(store._db, project.with_name("b.db"), new_id, step=1, is_wanted=wanted)
    assert len(commits) > backups._RESTARTS
    assert steps == [1, -1]
    other.close()
    assert intact(project.with_name("b.db"))


def test_waiting_for_others_ends_with_a_message() -> None:
    now = [0.0]
    watch = Watch(Path("b.db"), backups.always, -1, monotonic=lambda: now[0])
    watch(sqlite3.SQLITE_BUSY, 0, 0)
    now[0] = connection.PATIENCE - 1
    watch(sqlite3.SQLITE_BUSY, 0, 0)
    watch(sqlite3.SQLITE_OK, 5, 9)
    now[0] += 10
    watch(sqlite3.SQLITE_LOCKED, 0, 0)
    now[0] += connection.PATIENCE
    with pytest.raises(BusyError, match=r"b\.db was not made: others"):
        watch(sqlite3.SQLITE_BUSY, 0, 0)


def test_steps_leave_room_for_others_to_write() -> None:
    naps: list[float] = []
    watch = Watch(Path("b.db"), backups.always, 100, nap=naps.append)
    for left in (300, 200, 100, 0):
        watch(sqlite3.SQLITE_OK, left, 400)
    assert naps == [backups._BREATHER] * 3


# -- the day's -----------------------------------------------------------------------------------


def today(path: Path, now: float, **rest: Callable[[], bool] | int) -> Path | None:
    return back_up_today(path, clock=lambda: now, ids=new_id, **rest)  # type: ignore[arg-type]


def annotate(path: Path) -> None:
    with open_project(path) as store:
        document, alice = store.find_document("raqqa.txt"), store.annotator("alice").id
        store.apply(store.start_session(alice), document, "label", ())


def test_a_day_gets_one_backup_and_five_stay(project: Path) -> None:
    made = []
    for day in range(8):
        annotate(project)
        made.append(today(project, NOW + day * DAY))
        annotate(project)
        assert today(project, NOW + day * DAY + 60) is None
    assert None not in made
    assert daily_backups(project) == made[-backups.KEPT :]
    first = datetime.fromtimestamp(NOW + 3 * DAY, UTC)
    assert made[3] == project.parent / "project.backups" / (
        f"project.daily.{first:%Y%m%dT%H%M%S}123Z.db"
    )
    assert all(intact(path) for path in daily_backups(project))


def test_a_project_that_nobody_changed_needs_no_further_one(project: Path) -> None:
    assert today(project, NOW) is not None
    with open_project(project) as store:
        alice = store.annotator("alice").id
        store.start_session(alice)
        store.save_position(store.find_document("raqqa.txt"), alice, 3)
    assert today(project, NOW + DAY) is None
    with open_project(project) as store:
        store.add_document(new_document("b.txt", "More."))
    assert today(project, NOW + 2 * DAY) is not None


def test_a_backup_that_cannot_be_read_counts_for_nothing(project: Path) -> None:
    first = today(project, NOW)
    assert first is not None
    first.write_bytes(b"x" * 5000)
    assert today(project, NOW + DAY) is not None


def test_other_files_in_the_folder_stay(project: Path) -> None:
    folder = project.with_name("project.backups")
    folder.mkdir()
    others = ["other.daily.20200101T000000000Z.db", "project.before-repair.20200101T0Z.db", "x"]
    for name in others:
        (folder / name).write_bytes(b"x")
    for day in range(7):
        annotate(project)
        today(project, NOW + day * DAY, kept=2)
    assert len(daily_backups(project)) == 2
    assert {p.name for p in folder.iterdir()} >= set(others)


def test_a_clock_that_went_back_harms_no_backup(project: Path) -> None:
    late = today(project, NOW + 30 * DAY)
    annotate(project)
    early = today(project, NOW)
    assert late is not None
    assert early is not None
    assert daily_backups(project) == [early, late]


def test_a_backup_called_off_leaves_the_others(project: Path) -> None:
    today(project, NOW)
    annotate(project)
    before = files(project.parent)
    assert today(project, NOW + DAY, is_wanted=lambda: False) is None
    assert files(project.parent) == before


def test_no_backup_takes_the_room_that_work_needs(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = project.stat().st_size
    usage = type("Usage", (), {"free": 2 * size - 1})
    monkeypatch.setattr(daily_backup.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(BusyError, match="no room for the day's backup") as error:
        today(project, NOW)
    assert error.value.code == ExitCode.BUSY
    assert daily_backups(project) == []


# -- how many stay -------------------------------------------------------------------------------


def placed(project: Path, reason: str, day: int, *spare: Path) -> Path:
    path = backups.backup_place(project, reason, lambda: NOW + day * DAY, spare=spare)
    path.write_bytes(b"x")
    return path


def test_of_each_kind_of_backup_the_newest_stay_and_of_those_in_need_all(project: Path) -> None:
    for kind in ("schema-{}", "format-2", "before-merge", "before-repair"):
        made = [placed(project, kind.format(n % 2), n) for n in range(8)]
        assert backups.backups_like(project, kind.format(7)) == made[-backups.KEPT :]
    rescued = [placed(project, "rescued", n) for n in range(8)]
    assert backups.backups_like(project, "rescued") == rescued


def test_a_backup_in_use_stays_and_one_that_goes_takes_its_log_along(project: Path) -> None:
    used = placed(project, "before-restore", 0)
    log = used.with_name(f"{used.name}-wal")
    log.write_bytes(b"x")
    others = ("project.before-restores.20200101T0Z.db", "other.before-restore.20200101T0Z.db", "x")
    for name in others:
        (used.parent / name).write_bytes(b"x")
    made = [placed(project, "before-restore", n, used) for n in range(1, 9)]
    assert backups.backups_like(project, "before-restore") == [used, *made[-backups.KEPT :]]
    assert log.exists()
    last = placed(project, "before-restore", 9)
    assert backups.backups_like(project, "before-restore") == [*made[-backups.KEPT + 1 :], last]
    assert not log.exists()
    assert {p.name for p in used.parent.iterdir()} >= set(others)


def test_restoring_the_oldest_backup_leaves_it_where_it_is(project: Path) -> None:
    folder = project.with_name("project.backups")
    for day in range(backups.KEPT):
        restore_project(project, copy_of(project), clock=lambda day=day: NOW + day * DAY)  # type: ignore[misc]
    oldest = backups.backups_like(project, "before-restore")[0]
    kept = restore_project(project, oldest, clock=lambda: NOW + 99 * DAY)
    assert kept is not None
    assert oldest.exists()
    assert len(list(folder.glob("project.before-restore.*.db"))) == backups.KEPT + 1


def copy_of(project: Path) -> Path:
    copy = project.with_name("copy.db")
    copy.write_bytes(project.read_bytes())
    return copy


# -- putting it back -----------------------------------------------------------------------------


def test_what_was_there_is_kept_byte_for_byte(project: Path) -> None:
    with open_project(project) as store:
        store.upkeep.back_up(project.with_name("b.db"))
    before = spans(project)
    annotate(project)
    old, backup = project.read_bytes(), project.with_name("b.db").read_bytes()
    kept = restore_project(project, project.with_name("b.db"), clock=lambda: NOW)
    assert kept == project.parent / "project.backups/project.before-restore.20261122T214400123Z.db"
    assert kept.read_bytes() == old
    assert project.with_name("b.db").read_bytes() == backup
    assert spans(project) == before
    assert {p.name for p in project.parent.iterdir()} == {"project.db", "b.db", "project.backups"}
    restore_project(project, kept)
    assert project.read_bytes() == old


@pytest.mark.parametrize("harm", ["damaged", "cut short", "text", "empty", "missing", "log only"])
def test_any_former_file_is_replaced_and_kept(project: Path, harm: str) -> None:
    backup = project.with_name("b.db")
    with open_project(project) as store:
        store.upkeep.back_up(backup)
    before, data = spans(project), project.read_bytes()
    spoilt = {
        "damaged": data[:4096] + b"\xff" * (len(data) - 4096),
        "cut short": data[:5000],
        "text": b"Not a database. " * 500,
        "empty": b"",
    }.get(harm)
    if spoilt is None:
        project.unlink()
    else:
        project.write_bytes(spoilt)
    log = project.with_name("project.db-wal")
    if harm == "log only":
        log.write_bytes(b"a log")
    kept = restore_project(project, backup)
    assert spans(project) == before
    assert not log.exists()
    if spoilt is not None:
        assert kept is not None
        assert kept.read_bytes() == spoilt
    elif harm == "log only":
        assert kept is not None
        assert kept.with_name(kept.name + "-wal").read_bytes() == b"a log"
    else:
        assert kept is None


def test_what_a_killed_program_left_half_done_is_kept_with_the_file(project: Path) -> None:
    """A hot journal belongs to the file that it lies beside, and to no other."""
    backup = project.with_name("b.db")
    with open_project(project) as store:
        store.upkeep.back_up(backup)
    before = spans(project)
    killed = (
        "import os, sqlite3, sys\n"
        "raw = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "raw.execute('PRAGMA cache_spill = 1')\n"
        "raw.execute('PRAGMA cache_size = 1')\n"
        "raw.execute('BEGIN IMMEDIATE')\n"
        "raw.execute('UPDATE span SET note = ?', ('x' * 100000,))\n"
        "raw.execute('UPDATE document SET meta = ?', ('\"' + 'x' * 100000 + '\"',))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", killed, str(project)], check=False)
    journal = project.with_name("project.db-journal")
    assert journal.exists()
    kept = restore_project(project, backup)
    assert kept is not None
    assert not journal.exists()
    assert spans(project) == spans(kept) == before
    assert intact(kept)


def test_a_journal_beside_the_backup_is_brought_in_and_left_there(project: Path) -> None:
    with open_project(project) as store:
        store.upkeep.back_up(project.with_name("b.db"))
    other = project.with_name("other.db")
    raw = sqlite3.connect(project.with_name("b.db"))
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("UPDATE span SET note = 'in the log only'")
    raw.commit()
    for ending in ("", "-wal"):
        source = project.with_name(f"b.db{ending}")
        other.with_name(other.name + ending).write_bytes(source.read_bytes())
    raw.close()
    held = {e: other.with_name(other.name + e).read_bytes() for e in ("", "-wal")}
    restore_project(project, other)
    assert rows(project, "SELECT note FROM span") == [("in the log only",)]
    assert {e: other.with_name(other.name + e).read_bytes() for e in held} == held


def test_a_backup_of_a_newer_version_is_refused(project: Path) -> None:
    backup = project.with_name("b.db")
    with open_project(project) as store:
        store.upkeep.back_up(backup)
    rows(backup, "PRAGMA user_version = 999")
    before = files(project.parent)
    with pytest.raises(ProjectError, match="has format 999"):
        restore_project(project, backup)
    assert files(project.parent) == before


def test_a_project_is_not_restored_from_itself(project: Path) -> None:
    before = project.read_bytes()
    link = project.with_name("same.db")
    os.link(project, link)
    with pytest.raises(UsageError, match="is the project itself"):
        restore_project(project, link)
    assert project.read_bytes() == before


HOLDER = """
import sys
from pathlib import Path
from annotator.store.sqlite.project import open_project
with open_project(Path(sys.argv[1])) as store:
    print(len(store.documents("")), flush=True)
    sys.stdin.readline()
"""


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells who has it open")
@pytest.mark.parametrize("which", ["project.db", "b.db"])
def test_a_file_that_somebody_has_open_is_let_alone(root: Path, project: Path, which: str) -> None:
    """Even while that program only waits for a key, and SQLite holds no lock."""
    with open_project(project) as store:
        store.upkeep.back_up(project.with_name("b.db"))
    before = files(project.parent)
    held = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(project.with_name(which))],
        env={**os.environ, "PYTHONPATH": str(root)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert held.stdout is not None
    assert held.stdout.readline() == "1\n"
    assert holders(project.with_name(which)) == [held.pid]
    with pytest.raises(
        BusyError, match=rf"{which} is open in another program \(process {held.pid}"
    ):
        restore_project(project, project.with_name("b.db"))
    assert files(project.parent) == before
    held.communicate("\n", timeout=60)
    assert holders(project.with_name(which)) == []
    assert restore_project(project, project.with_name("b.db")) is not None


def test_a_locked_project_is_let_alone_where_the_system_tells_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_project(project) as store:
        store.upkeep.back_up(project.with_name("b.db"))
    monkeypatch.setattr("annotator.store.sqlite.holders.holders", lambda _: [])
    raw = sqlite3.connect(project, isolation_level=None)
    raw.execute("BEGIN IMMEDIATE")
    with pytest.raises(BusyError, match="in use"):
        restore_project(project, project.with_name("b.db"))
    raw.close()
    assert sorted(p.name for p in project.parent.iterdir()) == ["b.db", "project.db"]


def test_the_log_of_a_project_that_is_gone_is_played_into_no_other(
    project: Path, schema_source: str
) -> None:
    from annotator.store.sqlite.project import create_project

    for ending in ("-wal", "-journal"):
        log = project.with_name(f"project.db{ending}")
        project.rename(project.with_name("away.db"))
        log.write_bytes(b"a log")
        with pytest.raises(ProjectError, match="there is no project here") as error:
            open_project(project)
        assert str(log) in error.value.hint
        with pytest.raises(ProjectError, match="log of a project that is no longer here"):
            create_project(project, schema_source)
        assert log.read_bytes() == b"a log"
        assert not project.exists()
        log.unlink()
        project.with_name("away.db").rename(project)


def test_errors_name_the_file_that_was_asked_for(project: Path) -> None:
    """Never the draft that it was written under."""
    for backup in (b"x" * 5000, b"", project.read_bytes()[:5000]):
        project.with_name("b.db").write_bytes(backup)
        with pytest.raises(AnnotatorError) as error:
            restore_project(project, project.with_name("b.db"))
        assert "b.db" in error.value.message
        assert "/." not in error.value.message
