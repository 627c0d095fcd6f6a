"""A large document: what lies near is shown first, the rest is read beside the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from screen_driver import Release, Running
from session_state import stored_rows

from annotator.errors import BusyError
from annotator.store.sqlite.store import SqliteStore
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.rest import Rest


async def test_moving_waits_for_nothing_and_all_else_in_its_order(
    running: Running, release: Release, store: SqliteStore
) -> None:
    async with running() as d:
        d.type("right", "down")
        moved = d.word
        assert not d.session.is_complete
        d.type("4", "left", "1")
        assert d.word == moved, "a key behind one that waits waits as well"
        assert "reading the annotations" in d.said
        assert not store.annotations(d.session.document.id, d.session.annotator.id).spans
        release()
        await d.worked()
        assert d.labels == ["PERSON", "LOCATION"]
        assert "PERSON" in d.said, "what was said stands"


async def test_escape_gives_up_what_waits(running: Running, release: Release) -> None:
    async with running() as d:
        d.type("4", "x", "escape")
        assert "reading" not in d.said
        release()
        await d.worked()
        assert not d.labels
        assert d.selection is None


async def test_a_document_left_meanwhile_is_not_shown(running: Running, release: Release) -> None:
    async with running() as d:
        first = d.session
        d.type("4")
        d.open("many.txt")
        release()
        await d.read()
        assert d.session.is_complete
        assert not first.is_complete
        assert not d.labels, "the key was meant for the other one"


async def test_keys_behind_one_that_opens_a_document_are_meant_for_that(
    running: Running, release: Release
) -> None:
    async with running() as d:
        d.type("4", "]", "1")
        release()
        await d.worked()
        assert (d.session.document.name, d.labels) == ("many.txt", ["PERSON"])
        d.type("[")
        await d.worked()
        assert d.labels == ["LOCATION"]


async def test_a_stop_in_another_document_is_chosen_when_that_is_read(
    running: Running, release: Release, store: SqliteStore
) -> None:
    release()
    async with running("many.txt") as d:
        await d.worked()
        made = d.label("Sentence 40", "4")
        d.open("a.txt")
        d.type("/")
        await d.press(*"label:LOC", "tab")
        await d.worked()
        await d.press("enter")
        await d.worked()
        assert d.session.document.name == "many.txt"
        assert d.session.focus_id == made.id


async def test_a_document_that_is_left_is_let_go(running: Running) -> None:
    async with running() as d:
        d.label("Raqqa", "4")
        left = d.session
        d.open("many.txt")
        await d.worked()
        assert not left.annotations.spans
        assert not left._listeners
        d.open("a.txt")
        assert d.labels == ["LOCATION"]


async def test_nothing_waits_for_the_project_while_a_thread_reads_it(
    running: Running, release: Release, path: Path
) -> None:
    async with running() as d:
        d.type("right", "4")
        before = stored_rows(path, "SELECT offset FROM position")
        assert before != [(d.session.reader.cursor.start,)]
        for offsets in (before, [(d.session.reader.cursor.start,)]):
            d.idle()
            assert stored_rows(path, "SELECT offset FROM position") == offsets
            release()
            await d.worked()


async def test_what_could_not_be_read_keeps_nothing_else_from_being_looked_after(
    running: Running, monkeypatch: pytest.MonkeyPatch, path: Path
) -> None:
    def failing(_: AnnotateSession) -> Rest:
        raise BusyError("The disk does not answer", "Try again")

    monkeypatch.setattr("annotator.workflow.annotate._LARGE", 10)
    monkeypatch.setattr("annotator.tui.reading_on.read_rest", failing)
    async with running() as d:
        d.type("4")
        await d.worked()
        assert "The disk does not answer" in d.said
        d.type("right")
        d.idle()
        assert stored_rows(path, "SELECT offset FROM position") == [
            (d.session.reader.cursor.start,)
        ]
