"""A disk that is full or turns read-only, a file that goes away: what is stored stays whole."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from real_disks import failing_disk, fill, small_disk
from store_world import SqliteFactory, World, populate

from annotator.core.ids import new_id
from annotator.errors import BusyError
from annotator.store.sqlite import connection
from annotator.store.sqlite.daily_backup import back_up_today
from annotator.store.sqlite.project import create_project, open_project
from annotator.store.sqlite.restoring import restore_project


def world_in(folder: Path, schema_source: str) -> World:
    factory = SqliteFactory(folder / "project.db")
    return populate(factory.create(schema_source), factory)


def is_whole(world: World) -> bool:
    upkeep = world.store.upkeep
    same = all(r.stored == r.logged for d in (None, world.document.id) for r in upkeep.replayed(d))
    return same and not [*upkeep.faults_of_file(), *upkeep.faults_of_rows()]


@pytest.fixture
def small(tmp_path: Path, schema_source: str) -> Iterator[World]:
    with small_disk(tmp_path / "disk", 2048) as folder:
        world = world_in(folder, schema_source)
        yield world
        world.store.close()


def add_until_full(world: World) -> int:
    """Edits until the disk is full; gives how many were written."""
    done, refused = 0, ""
    while not refused:
        try:
            world.add(world.span("Sillo", note="x" * 2000))
            done += 1
        except BusyError as error:
            refused = str(error)
    assert "disk" in refused
    assert "not written" in refused
    return done


def test_a_full_disk_loses_nothing_that_was_written(small: World) -> None:
    world = small
    world.add(world.span("Talal"))
    written = 1 + add_until_full(world)
    assert written > 10
    before = world.state()
    assert len(world.store.annotations(world.document.id, world.alice).spans) == written
    # A small edit may still find room in the last page; what it says is what is so.
    for _ in range(3):
        count = len(world.store.annotations(world.document.id, world.alice).spans)
        try:
            world.add(world.span("Raqqa", note="y" * 2000))
            count += 1
        except BusyError:
            pass
        assert len(world.store.annotations(world.document.id, world.alice).spans) == count
    with open_project(world.store._db.path) as again:
        assert world.state(again) == world.state()
    assert world.state() == before or written < count
    assert is_whole(world)


def test_work_goes_on_when_there_is_room_again(small: World) -> None:
    world = small
    ballast = fill(world.store._db.path.parent)
    add_until_full(world)
    ballast.unlink()
    before = len(world.store.annotations(world.document.id, world.alice).spans)
    world.add(world.span("Raqqa"))
    assert len(world.store.annotations(world.document.id, world.alice).spans) == before + 1
    assert world.store.undo(world.session, world.document.id) is not None
    assert is_whole(world)


def test_nothing_half_made_is_left_on_a_full_disk(small: World, schema_source: str) -> None:
    world = small
    folder = world.store._db.path.parent
    with open_project(world.store._db.path) as store:
        store.upkeep.back_up(folder / "b.db")
    fill(folder)
    before = sorted(p.name for p in folder.iterdir())
    data = world.store._db.path.read_bytes()
    with pytest.raises(BusyError, match=r"c\.db"):
        world.store.upkeep.back_up(folder / "c.db")
    with pytest.raises(BusyError, match=r"new\.db"):
        create_project(folder / "new.db", schema_source)
    with pytest.raises(BusyError, match=r"no room|project\.backups"):
        back_up_today(world.store._db.path, clock=lambda: 0.0, ids=new_id)
    world.store.close()
    with pytest.raises(BusyError, match=r"project\.db"):
        restore_project(world.store._db.path, folder / "b.db")
    left = {p.name for p in folder.iterdir() if p.name != "project.backups"}
    assert left == set(before)
    assert world.store._db.path.read_bytes() == data


def test_a_disk_that_turns_read_only_is_said_and_can_be_read_on(
    tmp_path: Path, schema_source: str
) -> None:
    with failing_disk(tmp_path / "disk") as (folder, fail):
        world = world_in(folder, schema_source)
        world.add(world.span("Talal"))
        before = world.state()
        fail()
        for _ in range(2):
            with pytest.raises(BusyError) as error:
                world.add(world.span("Sillo"))
            assert "not written" in error.value.hint
        with pytest.raises(BusyError, match=r"b\.db cannot be"):
            world.store.upkeep.back_up(folder / "b.db")
        assert world.state() == before
        # What is on it can be saved elsewhere.
        world.store.upkeep.back_up(tmp_path / "saved.db")
        with open_project(tmp_path / "saved.db") as saved:
            assert world.state(saved) == before
        world.store.close()


@pytest.fixture(params=["rollback journal", "write-ahead log"])
def journalled(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    schema_source: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    """A project in each of the journal modes that it may come to be in."""
    if request.param == "write-ahead log":
        monkeypatch.setattr(connection, "WAL_SAFE", (0,))
    world = world_in(tmp_path, schema_source)
    world.add(world.span("Talal"))
    yield world
    world.store.close()


def test_a_file_deleted_under_a_running_program_is_said(journalled: World) -> None:
    world, path = journalled, journalled.store._db.path
    before = world.state()
    path.unlink()
    for _ in range(2):
        with pytest.raises(BusyError, match="moved, deleted or replaced"):
            world.add(world.span("Sillo"))
    # All that was written is saved under another name.
    saved = world.store.upkeep.rescue()
    assert saved is not None
    assert saved.parent == path.with_name("project.backups")
    with open_project(saved) as again:
        assert world.state(again) == before


def test_a_file_put_in_its_place_is_not_written_to(journalled: World) -> None:
    world, path = journalled, journalled.store._db.path
    world.store.upkeep.back_up(path.with_name("other.db"))
    other = path.with_name("other.db").read_bytes()
    path.rename(path.with_name("old.db"))
    shutil.copyfile(path.with_name("other.db"), path)
    with pytest.raises(BusyError, match="moved, deleted or replaced"):
        world.add(world.span("Sillo"))
    assert path.read_bytes() == other
    assert world.store.upkeep.rescue() is not None
    path.with_name("old.db").replace(path)
    assert world.store.upkeep.rescue() is None
    world.add(world.span("Sillo"))
    assert len(world.store.annotations(world.document.id, world.alice).spans) == 2


def test_a_truncated_file_is_said_under_a_running_program(
    tmp_path: Path, schema_source: str
) -> None:
    from annotator.errors import ProjectError

    world = world_in(tmp_path, schema_source)
    for _ in range(20):
        world.add(world.span("Talal"))
    path = world.store._db.path
    with path.open("r+b") as file:
        file.truncate(8192)
    with pytest.raises((ProjectError, BusyError)) as error:
        world.add(world.span("Sillo"))
    assert str(path) in error.value.message
    assert path.stat().st_size == 8192
    raw = sqlite3.connect(path)
    raw.close()
    with pytest.raises(ProjectError, match="damaged or cut short"):
        open_project(path)
