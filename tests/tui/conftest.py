"""The whole screen on a real project, driven without a terminal."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from screen_driver import MANY, Driver, Release, Running
from session_state import ARTICLE, project

from annotator.store.base import Store
from annotator.store.sqlite.store import SqliteStore
from annotator.tui.app import AnnotatorApp
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.rest import Rest, read_rest


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search is answered at once, however slow the machine; tests of slow ones say so."""
    monkeypatch.setattr("annotator.tui.search_mode.QUICK", 5.0)


@pytest.fixture
def news_source(root: Path) -> str:
    return (root / "schemas" / "news.toml").read_text("utf-8")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "project.db"


@pytest.fixture
def store(path: Path, news_source: str) -> Iterator[SqliteStore]:
    texts = {"a.txt": ARTICLE, "many.txt": MANY, "empty.txt": "", "blank.txt": " \n"}
    with project(path, news_source, texts) as made:
        yield made


@pytest.fixture
def running(store: SqliteStore) -> Iterator[Running]:
    """Starts the app on a document; the collector is given back to the tests afterwards.

    The keyboard is never quiet but where a test says so, by ``Driver.idle`` or a clock of its own.
    """

    @asynccontextmanager
    async def run(
        document: str = "a.txt",
        size: tuple[int, int] = (120, 40),
        on: Store | None = None,
        **options: Any,
    ) -> AsyncIterator[Driver]:
        used = on or store
        who = used.annotator("alice", create=True)
        session = used.start_session(who.id)

        def open_session(id: str) -> AnnotateSession:
            return AnnotateSession(used, id, who, session, near_cursor_first=True)

        options = {"clock": lambda: 0.0, **options}
        app = AnnotatorApp(open_session, used.find_document(document), **options)
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot)
            await driver.settle()
            yield driver

    yield run
    gc.unfreeze()
    gc.enable()


@pytest.fixture
def release(monkeypatch: pytest.MonkeyPatch) -> Release:
    """Every document is large, and the rest of it is read when this is called."""
    wanted = Event()

    def waiting(session: AnnotateSession) -> Rest:
        assert wanted.wait(60)
        return read_rest(session)

    monkeypatch.setattr("annotator.workflow.annotate._LARGE", 10)
    monkeypatch.setattr("annotator.tui.reading_on.read_rest", waiting)
    return wanted.set
