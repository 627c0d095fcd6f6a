"""Work beside the screen, such as the day's backup: keys go on, failures are told."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from screen_driver import Driver
from session_state import stored_rows
from settling import work_ended

from annotator.errors import BusyError
from annotator.store.sqlite.daily_backup import daily_backups
from annotator.store.sqlite.store import SqliteStore
from annotator.tui.app import AnnotatorApp, Background
from annotator.workflow.annotate import AnnotateSession


@pytest.fixture
def app_with(store: SqliteStore) -> Iterator[Callable[[Background], AnnotatorApp]]:
    who = store.annotator("alice", create=True)
    session = store.start_session(who.id)

    def make(background: Background) -> AnnotatorApp:
        return AnnotatorApp(
            lambda id: AnnotateSession(store, id, who, session),
            store.find_document("a.txt"),
            background,
        )

    yield make
    gc.unfreeze()
    gc.enable()


async def test_keys_go_on_and_leaving_ends_it(
    app_with: Callable[[Background], AnnotatorApp], path: Path
) -> None:
    begun, ended = threading.Event(), threading.Event()

    def background(is_wanted: Callable[[], bool]) -> None:
        begun.set()
        while is_wanted():
            threading.Event().wait(0.001)
        ended.set()

    app = app_with(background)
    async with app.run_test() as pilot:
        driver = Driver(app, pilot)
        await driver.settle()
        app._start_background()
        while not begun.is_set():
            await driver.settle()
        await driver.press("x", "s")
        assert stored_rows(path, "SELECT label FROM span") == [("SOURCE",)]
        assert not ended.is_set()
    assert ended.wait(60)


async def test_a_failure_is_told_in_the_status_line(
    app_with: Callable[[Background], AnnotatorApp],
) -> None:
    def background(_: Callable[[], bool]) -> None:
        raise BusyError("There is no room for the day's backup")

    app = app_with(background)
    async with app.run_test() as pilot:
        driver = Driver(app, pilot)
        app._start_background()
        await work_ended(app)
        await driver.settle()
        assert "no room for the day's backup" in driver.said
        assert "NOT SAVED" not in driver.said


async def test_a_failure_waits_for_what_a_key_has_said(
    app_with: Callable[[Background], AnnotatorApp],
) -> None:
    app = app_with(lambda _: None)
    async with app.run_test() as pilot:
        driver = Driver(app, pilot)
        await driver.press("~")
        refused = driver.said
        app._tell(BusyError("There is no room for the day's backup"))
        assert driver.said == refused
        driver.screen._say("")
        driver.idle()
        assert "no room for the day's backup" in driver.said


async def test_the_days_backup_is_made_beside_the_screen(
    app_with: Callable[[Background], AnnotatorApp], store: SqliteStore, path: Path
) -> None:
    app = app_with(store.upkeep.back_up_today)
    async with app.run_test() as pilot:
        driver = Driver(app, pilot)
        await driver.press("x", "s")
        app._start_background()
        await work_ended(app)
        (backup,) = daily_backups(path)
        assert stored_rows(backup, "SELECT label FROM span") == [("SOURCE",)]
        app._start_background()
        await work_ended(app)
        assert daily_backups(path) == [backup]
