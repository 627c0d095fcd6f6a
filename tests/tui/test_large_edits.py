"""Edits that are too large for a key to wait for, while keys come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from screen_driver import MANY, Driver, Running
from session_state import assert_saved, stored_rows

from annotator.core.edits import Changes, Edit
from annotator.errors import BusyError
from annotator.store.sqlite.store import SqliteStore
from annotator.workflow import large_edit, propagation, retracing

HELD = MANY.count("SDF") - 1
"""How many suggestions a propagation in the document makes."""


class Slow:
    """A store that makes edits of very many changes only when it is let go."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self.begun, self.free, self.fails = Event(), Event(), False

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def apply(
        self, session: str, document: str, verb: str, changes: Changes, cursor: int | None = None
    ) -> Edit:
        if len(changes) == HELD:
            self.begun.set()
            assert self.free.wait(60)
            if self.fails:
                raise BusyError("Somebody else writes", "Try again")
        return self._store.apply(session, document, verb, changes, cursor=cursor)


@pytest.fixture
def slow(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    for module in (propagation, retracing):
        monkeypatch.setattr(module, "MANY", HELD - 1)
    monkeypatch.setattr(large_edit, "_STEP", 10)
    made = Slow(store)
    yield made
    made.free.set()


async def begun(driver: Driver, slow: Slow) -> None:
    """Until a thread is at it."""
    while not slow.begun.is_set():
        await driver.settle()


async def done(driver: Driver) -> None:
    """Until nothing large is going on, and what waited for it is done."""
    await driver.worked()
    while driver.screen.large_edits.is_going_on:
        await driver.worked()
    assert_saved(driver.session)


async def test_moves_go_on_and_what_needs_it_waits_in_its_order(
    running: Running, slow: Slow
) -> None:
    async with running("many.txt", on=slow) as d:
        span = d.label("SDF", "3")
        d.type("*")
        await begun(d, slow)
        assert "suggesting 'SDF' as GROUP …" in d.said
        d.type("right", "right")
        assert d.word == "“", "a move is answered at once"
        d.type("left", "left", "y", "right", "]")
        assert d.session.reader.cursor.start == span.start, "behind one that waits, all wait"
        assert len(d.session.annotations.suggestions) == 0
        slow.free.set()
        await done(d)
        assert (d.session.document.name, d.labels) == ("empty.txt", [])
        d.type("[")
        assert len(d.session.annotations.suggestions) == HELD


async def test_it_is_stepped_through_and_taken_back_as_ever(running: Running, slow: Slow) -> None:
    slow.free.set()
    async with running("many.txt", on=slow) as d:
        d.label("SDF", "3")
        d.type("*", "y", "n", "u", "u", "u")
        await done(d)
        assert "undone: 59 suggestions gone" in d.said
        assert (d.labels, len(d.session.annotations.suggestions)) == (["GROUP"], 0)
        d.type("U")
        await done(d)
        assert "redone as one: what was propagated, with 2 answers" in d.said
        assert (d.labels, len(d.session.annotations.suggestions)) == (["GROUP"] * 2, HELD - 2)
        d.type("u", "u", "u", "u")
        await done(d)
        assert (d.labels, d.session.annotations.suggestions) == ([], {})


async def test_escape_gives_up_what_waits_and_not_what_is_written(
    running: Running, slow: Slow
) -> None:
    async with running("many.txt", on=slow) as d:
        d.label("SDF", "3")
        d.type("*", "u", "1", "escape")
        slow.free.set()
        await done(d)
        assert "59 × 'SDF' suggested as GROUP" in d.said
        assert d.labels == ["GROUP"]


async def test_one_that_fails_is_told_and_keys_go_on(running: Running, slow: Slow) -> None:
    slow.fails = True
    async with running("many.txt", on=slow) as d:
        d.label("SDF", "3")
        d.type("*")
        slow.free.set()
        await done(d)
        assert "Somebody else writes" in d.said
        assert not d.session.annotations.suggestions
        d.type("d")
        assert d.labels == []


async def test_nothing_else_touches_the_project_meanwhile(
    running: Running, slow: Slow, path: Path
) -> None:
    async with running("many.txt", on=slow) as d:
        d.label("SDF", "3")
        d.type("*")
        await begun(d, slow)
        place = stored_rows(path, "SELECT offset FROM position")
        d.type("right")
        d.idle()
        assert stored_rows(path, "SELECT offset FROM position") == place
        slow.free.set()
        await done(d)
        d.idle()
        assert stored_rows(path, "SELECT offset FROM position") > place
