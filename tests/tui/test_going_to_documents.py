"""The window that goes to a document, in a project with more of them than it lists."""

from __future__ import annotations

from typing import Any

from screen_driver import Running
from session_state import new_document
from textual.widgets import OptionList, Static

from annotator.errors import BusyError
from annotator.store.sqlite.store import SqliteStore


async def test_going_to_a_document_lists_those_near_and_finds_the_others(
    running: Running, store: SqliteStore
) -> None:
    with store.transaction():
        for n in range(300):
            store.add_document(new_document(f"d{n}.txt", f"Text {n}."))
    async with running("d200.txt") as d:
        await d.pilot.press("g", "d")
        await d.settle()
        options = d.app.screen.query_one(OptionList)
        assert options.option_count == 200
        await d.press("d", "7", ".", "enter")
        assert d.session.document.name == "d7.txt"


async def test_a_busy_store_is_told_while_a_document_is_looked_for(
    running: Running, store: SqliteStore
) -> None:
    class Busy:
        failing = False

        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        def documents_near(self, *arguments: Any) -> object:
            if self.failing:
                raise BusyError("a.db is locked", "Close the other program")
            return store.documents_near(*arguments)

    busy = Busy()
    async with running(on=busy) as d:  # type: ignore[arg-type]
        await d.pilot.press("g", "d")
        busy.failing = True
        await d.pilot.press("m")
        await d.settle()
        assert "a.db is locked" in str(d.app.screen.query_one("#about", Static).render())
        busy.failing = False
        await d.press("a", "n", "y", "enter")
        assert d.session.document.name == "many.txt"
