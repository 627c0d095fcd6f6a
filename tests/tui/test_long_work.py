"""Work beside the screen: what is told of it, how often, and how it is given up."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest
from screen_driver import Running
from session_state import session_at
from textual.message import Message

from annotator.store.sqlite.store import SqliteStore
from annotator.tui.long_work import LongWork, Step


def steps(count: int) -> Iterator[Step]:
    for number in range(count):
        yield f"{number + 1} done", f"d{number}"


async def test_the_screen_is_told_now_and_then_and_of_every_document(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running() as d:
        told: list[LongWork.Came] = []
        post = d.screen.post_message

        def noted(message: Message) -> bool:
            told.extend([message] if isinstance(message, LongWork.Came) else [])
            return post(message)

        monkeypatch.setattr(d.screen, "post_message", noted)
        work = LongWork(d.screen, clock=lambda: 0.0)
        work.start(steps(1000), lambda told: f"all: {told}")
        assert work.progress, "something is told at once"
        await d.worked()
        assert [m.told for m in told] == ["all: 1000 done"]
        assert len(told[0].changed) == 1000


async def test_escape_stops_it_at_the_next_step_and_says_what_is_done(running: Running) -> None:
    async with running() as d:
        reached, go_on = Event(), Event()

        def waiting() -> Iterator[Step]:
            yield "1 done", None
            reached.set()
            assert go_on.wait(60)
            yield "2 done", None
            raise AssertionError("it was given up")

        d.screen.long_work.start(waiting(), str)
        while not reached.is_set():
            await d.settle()
        d.type("escape")
        go_on.set()
        while d.screen.long_work.is_going_on:
            await d.settle()
        assert "stopped: 2 done" in d.said
        assert not d.screen.long_work.is_going_on


async def test_what_is_given_up_before_its_thread_begins_comes_to_an_end(running: Running) -> None:
    async with running() as d:
        d.screen.long_work.start(steps(3), str)
        d.type("escape")
        await d.worked()
        assert not d.screen.long_work.is_going_on
        assert "stopped: 1 done" in d.said


async def test_what_it_changes_below_a_window_is_shown_when_that_is_closed(
    running: Running, store: SqliteStore
) -> None:
    async with running("a.txt") as d:
        worker = session_at(store, "a.txt")
        await d.pilot.press("g")
        await d.settle()
        worker.spans.label(*worker.schema.keys()["4"])
        document = frozenset({d.session.document.id})
        d.screen.post_message(LongWork.Came("1 done", document, is_over=True))
        await d.settle()
        assert not d.labels, "the window offers what was there when it was opened"
        await d.pilot.press("escape")
        await d.settle()
        d.screen.catching_up.catch_up()
        assert d.labels == ["LOCATION"]
