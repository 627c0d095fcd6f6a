"""A clock that goes backwards: ids, the order of the log, undo and the cursor do not care."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from file_check import findings
from store_world import SqliteFactory, World, populate

from annotator.core.edits import create
from annotator.core.ids import IdSource
from annotator.store.sqlite.project import create_project, open_project
from annotator.store.sqlite.store import SqliteStore

DAY = 86_400.0
NOW = 1_795_383_840.0
WORDS = ("Talal", "Sillo", "SDF", "Raqqa")


def backwards() -> Iterator[float]:
    """A day back at each look, so that no two times are in order."""
    time = NOW
    while True:
        yield time
        time -= DAY


def label(store: SqliteStore, world: World, session: str, word: str) -> str:
    return store.apply(session, world.document.id, word, (create(world.span(word)),)).id


def test_a_clock_that_goes_backwards_under_a_running_program(
    tmp_path: Path, schema_source: str
) -> None:
    times = backwards()
    clock = times.__next__
    path = tmp_path / "project.db"
    store = create_project(path, schema_source, clock=clock, ids=IdSource(clock))
    world = populate(store, SqliteFactory(path))
    made = [label(store, world, world.session, word) for word in WORDS]
    assert made == sorted(made)
    assert [edit.verb for edit in store.edits()] == list(reversed(WORDS))
    times_told = [edit.time for edit in store.edits()]
    assert times_told == sorted(times_told)  # the clock's own words, however wrong
    undone = store.undo(world.session, world.document.id)
    assert undone is not None
    assert undone.target == made[-1]
    assert store.redo(world.session, world.document.id) is not None
    store.close()
    assert findings(path) == []


def test_a_clock_that_went_back_between_two_starts(tmp_path: Path, schema_source: str) -> None:
    path = tmp_path / "project.db"
    store = create_project(path, schema_source, clock=lambda: NOW, ids=IdSource(lambda: NOW))
    world = populate(store, SqliteFactory(path))
    first = label(store, world, world.session, "Talal")
    store.save_position(world.document.id, world.alice, 40)
    store.close()
    earlier = NOW - 400 * DAY
    store = open_project(path, clock=lambda: earlier, ids=IdSource(lambda: earlier))
    session = store.start_session(world.alice)
    second = label(store, world, session, "Sillo")
    store.save_position(world.document.id, world.alice, 7)
    assert second < first
    assert [edit.id for edit in store.edits()] == [second, first]
    assert store.position(world.document.id, world.alice) == 7
    assert store.last_document(world.alice) == world.document.id
    targets = []
    while (undone := store.undo(session, world.document.id)) is not None:
        targets.append(undone.target)
    assert targets == [second, first]
    store.close()
    assert findings(path) == []
