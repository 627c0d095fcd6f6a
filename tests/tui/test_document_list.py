"""The document list: what it shows, which are shown, and that it reads no more than is in sight."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from proposing import proposed_span
from screen_driver import Driver, Running
from session_state import new_document, stored_rows

from annotator.errors import BusyError
from annotator.store.sqlite.store import SqliteStore
from annotator.tui.widgets.document_list import DocumentList


@pytest.fixture
def many(store: SqliteStore) -> SqliteStore:
    with store.transaction():
        for n in range(300):
            store.add_document(new_document(f"d{n:03}.txt", f"Text {n}. Another one."))
    return store


def listed(d: Driver) -> DocumentList:
    return d.screen.documents.list


def names(d: Driver) -> list[str]:
    """The documents in sight, the sign of the open one before its name, no sign of the marked."""
    rows = [row.replace("›", " ") for row in listed(d).rows[2:]]
    return [" ".join(row.split()[:2]) if "▶" in row else row.split()[0] for row in rows if row]


async def test_it_is_shown_with_the_keys_and_taken_away(running: Running) -> None:
    async with running(size=(140, 20)) as d:
        assert not listed(d).display
        await d.press("ctrl+d")
        assert listed(d).display
        assert d.app.screen.focused is listed(d)
        assert "documents  enter open" in d.screen.bar.plain
        assert names(d) == ["▶ a.txt", "many.txt", "empty.txt", "blank.txt"]
        await d.press("escape")
        assert listed(d).display, "beside the text"
        assert d.app.screen.focused is d.view
        await d.press("1")
        assert d.labels == ["PERSON"], "keys are the text's again"
        await d.press("ctrl+d", "1")
        assert d.labels == ["PERSON"]
        assert names(d) == ["none"], "no name has a 1"
        await d.press("ctrl+d")
        assert not listed(d).display
        assert d.app.screen.focused is d.view


async def test_a_document_is_opened_where_it_was_left(running: Running, path: Path) -> None:
    async with running(size=(140, 20)) as d:
        await d.press("j", "l", "ctrl+d", "down", "enter")
        assert d.session.document.name == "many.txt"
        assert d.app.screen.focused is d.view
        assert "▶ many.txt" in names(d)
        await d.press("ctrl+d", "up", "enter")
        assert d.session.document.name == "a.txt"
        assert (d.session.reader.ordinal, d.word) == (1, "We")
        assert stored_rows(path, "SELECT count(*) FROM position")[0] == (2,)
        await d.press("ctrl+d", "enter")
        assert d.session.document.name == "a.txt"


async def test_progress_is_told_in_signs_and_numbers(running: Running) -> None:
    async with running(size=(170, 20)) as d:
        d.label("SDF", "3")
        await d.press("!", "space", "space", "space", "ctrl+d")
        row = next(row for row in listed(d).rows if "a.txt" in row)
        assert row.split() == ["▶", "a.txt", "1", "✓3/3", "?1"]
        await d.press("down", "enter", "ctrl+d")
        row = next(row for row in listed(d).rows if "a.txt" in row)
        assert row.split() == ["a.txt", "1", "✓3/3", "?1"]
        await d.press("escape", "u")
        assert "nothing to undo" in d.said


async def test_where_suggestions_wait_is_told(running: Running) -> None:
    async with running(size=(140, 20)) as d:
        proposed = [proposed_span("GROUP", "SDF", 0.8), proposed_span("LOCATION", "Raqqa", 0.2)]
        d.session.suggestions.replace_open("crf", proposed)
        await d.press("ctrl+d")
        assert listed(d).rows[1].endswith("+ suggestions wait")
        assert [row[:2] for row in listed(d).rows if "a.txt" in row] == ["▶+"]
        await d.press("down", "enter", "ctrl+d")
        assert [row[:2] for row in listed(d).rows if "a.txt" in row] == [" +"]
        assert [row[:2] for row in listed(d).rows if "many.txt" in row] == ["▶ "]
        await d.press(*["tab"] * 4)
        assert listed(d).rows[0].startswith(" Documents suggested")
        assert [row.split()[0] for row in listed(d).rows[2:]] == ["›+a.txt"]
        await d.resize(200, 30)
        assert "suggested spans" in listed(d).rows[0]
        assert listed(d).rows[2].split() == ["›+a.txt", "2", "0", "0/3"]
        await d.press("escape", "escape", "g", "d", *"a.txt")
        assert "0/3 done · 0 spans · 2 suggested" in d.options[0]


async def test_filters_and_letters_narrow_down(running: Running, many: SqliteStore) -> None:
    async with running(size=(140, 20)) as d:
        d.label("SDF", "3")
        await d.press("!", "space", "space", "space", "ctrl+d", "tab")
        assert listed(d).rows[0].startswith(" Documents open")
        assert names(d)[0] == "many.txt"
        await d.press("tab")
        assert names(d) == ["▶ a.txt"]
        await d.press("tab")
        assert listed(d).rows[0].startswith(" Documents flagged")
        assert names(d) == ["▶ a.txt"]
        await d.press("shift+tab", "shift+tab", "2", "9", "9")
        assert listed(d).rows[1] == " 299▏"
        assert names(d) == ["d299.txt"]
        await d.press("backspace", "backspace", "backspace", *"299", "enter")
        assert d.session.document.name == "d299.txt"
        await d.press("ctrl+d", *"zzz")
        assert listed(d).rows[2] == " none"
        await d.press("enter")
        assert d.session.document.name == "d299.txt"
        await d.press("ctrl+d", "z", "escape")
        assert "▶ d299.txt" in names(d), "what was typed goes first"
        await d.press("escape")
        assert d.app.screen.focused is d.view


async def test_all_of_a_large_project_is_reached_and_little_is_read(
    running: Running, many: SqliteStore
) -> None:
    async with running(size=(140, 20)) as d:
        await d.press("ctrl+d")
        reads = listed(d).reads
        for _ in range(50):
            listed(d).press("down")
        assert listed(d).reads - reads <= 3
        assert any("d046.txt" in row for row in listed(d).rows)
        await d.press("end")
        assert names(d)[-1] == "d299.txt"
        await d.press("enter")
        assert d.session.document.name == "d299.txt"
        reads = listed(d).reads
        d.type("l", "h", "1", "u", "l")
        assert listed(d).reads == reads, "keys in the text read no list"
        await d.press("ctrl+d", "home", "pagedown", "pageup", "enter")
        assert d.session.document.name == "a.txt"


async def test_the_mouse_opens_and_scrolls(running: Running, many: SqliteStore) -> None:
    async with running(size=(140, 20)) as d:
        await d.press("ctrl+d")
        await d.pilot.click(listed(d), offset=(5, 3))
        await d.settle()
        assert d.session.document.name == "many.txt"
        await d.pilot.click(listed(d), offset=(5, 0))
        await d.settle()
        assert d.session.document.name == "many.txt"
        assert listed(d).has_keys
        await d.pilot.click(d.view, offset=(20, 3))
        await d.settle()
        assert not listed(d).has_keys
        listed(d).on_mouse_scroll_down()
        listed(d).on_mouse_scroll_up()


@pytest.mark.parametrize("size", [(60, 16), (300, 90), (10, 3), (40, 8)])
async def test_it_stands_any_size(running: Running, many: SqliteStore, size: Any) -> None:
    async with running(size=(140, 40)) as d:
        await d.press("ctrl+d")
        await d.resize(*size)
        await d.press("down", "down", "x", "backspace", "tab", "enter", "ctrl+d")
        width, height = listed(d).size
        assert all(listed(d).render_line(y).cell_length == width for y in range(height))
        await d.resize(140, 40)
        await d.press("escape", "escape", "escape")
        assert d.app.screen.focused is d.view


async def test_on_a_narrow_screen_it_makes_room_again(running: Running) -> None:
    async with running(size=(80, 20)) as d:
        await d.press("ctrl+d", "down", "enter")
        assert not listed(d).display
        assert d.session.document.name == "many.txt"


async def test_a_busy_store_is_told_in_the_list(running: Running, store: SqliteStore) -> None:
    class Busy:
        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        def documents_near(self, *_: Any) -> object:
            raise BusyError("a.db is locked")

    async with running(on=Busy(), size=(140, 20)) as d:  # type: ignore[arg-type]
        await d.press("ctrl+d")
        assert listed(d).rows[2] == " a.db is locked"
        await d.press("enter")
        assert d.session.document.name == "a.txt"


async def test_names_are_never_interpreted(running: Running, store: SqliteStore) -> None:
    store.add_document(new_document("\x1b]0;owned\x07[bold]漢字.txt", "x"))
    async with running(size=(140, 20)) as d:
        await d.press("ctrl+d")
        rows = "".join(listed(d).rows)
        assert "\x1b" not in rows
        assert "…d]漢字.txt" in rows
