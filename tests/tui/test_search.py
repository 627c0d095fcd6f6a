"""Searching: what is typed, where it goes, what is marked, and where escape comes back to."""

from __future__ import annotations

from typing import Any

import pytest
from screen_driver import MANY, Driver, Running
from session_state import new_document, stored_rows
from textual import events

from annotator.store.sqlite.store import SqliteStore

LONG = "\n".join(f"Sentence {n} of the SDF says “so” on Monday at Raqqa." for n in range(5_000))


def typed(d: Driver, text: str) -> None:
    d.type(*("space" if c == " " else c for c in text))


def bar(d: Driver) -> str:
    return d.screen.bar.plain


async def test_each_letter_goes_to_the_first_match_and_enter_stays(running: Running) -> None:
    async with running("many.txt", size=(100, 20)) as d:
        d.at("Sentence 3")
        typed(d, "/sentence 4")
        assert d.session.reader.ordinal == 4
        assert "/sentence 4▏" in bar(d)
        assert "1 of 11" in bar(d)
        d.type("2")
        assert d.session.reader.ordinal == 42
        d.type("backspace")
        assert d.session.reader.ordinal == 4
        d.type("enter")
        assert "» /sentence 4 1 of 11" in d.said
        d.type("f3")
        assert (d.session.reader.ordinal, d.word) == (40, "Sentence")
        assert "2 of 11" in d.said
        d.type("shift+f3", "shift+f3")
        assert d.session.reader.ordinal == 49
        assert "from the end" in d.said
        d.type("f3")
        assert d.session.reader.ordinal == 4
        assert "from the beginning" in d.said


async def test_steps_go_from_where_the_cursor_is(running: Running) -> None:
    async with running("many.txt", size=(100, 20)) as d:
        typed(d, "/raqqa")
        d.type("enter", *["j"] * 10, "f3")
        assert (d.session.reader.ordinal, d.word) == (10, "Raqqa")
        d.type("home", "shift+f3")
        assert (d.session.reader.ordinal, d.word) == (9, "Raqqa")


async def test_escape_comes_back_to_where_one_was(running: Running) -> None:
    async with running("many.txt", size=(100, 20)) as d:
        d.at("Sentence 7")
        d.view._scroll(4)
        d.type("v", "l")
        before = (d.rows(), d.selection, d.session.reader.cursor)
        typed(d, "/sentence 55")
        assert d.session.reader.ordinal == 55
        d.type("escape")
        assert (d.rows(), d.selection, d.session.reader.cursor) == before
        assert "»" not in d.said
        d.type("f3")
        assert "nothing is looked for" in d.said


async def test_matches_are_told_without_colour_and_go_with_escape(running: Running) -> None:
    async with running(size=(100, 20)) as d:
        typed(d, "/s[a")
        assert not any("»" in row for row in d.rows())
        d.type(*["backspace"] * 9)
        typed(d, "/said/")
        d.type("enter")
        rows = [row for row in d.rows() if "»" in row]
        assert rows
        assert all("said" in row and row[6] == "»" for row in rows)
        y = next(y for y, row in enumerate(d.rows()) if row in rows)
        marked = [
            s.text
            for s in d.view.render_line(y)
            if s.style and s.style.underline and s.text.strip()
        ]
        assert marked == ["said"]
        d.type("escape")
        assert not any("»" in row for row in d.rows())


async def test_annotations_are_found_and_take_the_focus(running: Running) -> None:
    async with running() as d:
        claim = d.label("the operation had begun", "c")
        source = d.label("Talal Sillo", "s")
        d.type("!", "j")
        typed(d, "/label:cl")
        assert d.focus == claim
        d.type(*["backspace"] * 9)
        typed(d, "flagged")
        assert d.focus.id == source.id
        d.type("enter", "!", "f3")
        assert "flagged: nothing is left" in d.said
        typed(d, "/label:CLAIM begun")
        d.type("enter", "d")
        assert not d.session.annotations.relations
        assert claim.id not in d.session.annotations.spans
        assert d.session.store.annotations(d.session.document.id, d.session.annotator.id).spans


async def test_a_selection_reaches_to_the_match(running: Running, path: Any) -> None:
    async with running() as d:
        d.at("Talal")
        d.type("v")
        typed(d, "/SDF")
        d.type("enter", "s")
        assert stored_rows(path, "SELECT label, text FROM span") == [
            ("SOURCE", "Talal Sillo, a spokesman for the SDF")
        ]


async def test_what_is_no_query_is_told_beside_it(running: Running) -> None:
    async with running() as d:
        typed(d, "//(a")
        assert "is no regular expression" in bar(d)
        d.type("enter")
        assert "is no regular expression" in d.said
        typed(d, "/zzz")
        assert "not found" in bar(d)
        d.type("enter")
        assert "zzz is not in this document" in d.said
        assert d.screen._mode is not None, "what was typed can still be mended"
        d.type("f9")
        assert "f9 does nothing here" in d.said
        d.type("escape", "/", "enter")
        assert "nothing to look for" in d.said


async def test_earlier_searches_come_back_and_an_empty_one_repeats_the_last(
    running: Running,
) -> None:
    async with running() as d:
        for words in ("sdf", "raqqa"):
            typed(d, f"/{words}")
            d.type("enter")
        d.type("ctrl+home", "/", "up", "up")
        assert "/sdf▏" in bar(d)
        assert d.word == "SDF"
        d.type("down", "down")
        assert "/▏" in bar(d)
        d.type("enter")
        assert (d.word, d.screen._mode) == ("Raqqa", None)


async def test_a_line_is_edited_where_its_caret_is(running: Running) -> None:
    async with running() as d:
        typed(d, "/sd x")
        d.type("left", "backspace", "left", "delete", "f", "home", "right", "d", "delete")
        assert "/sd▏x" in bar(d)
        d.type("ctrl+k", "ctrl+w", "ctrl+u", "end")
        assert "/▏" in bar(d)


async def test_pasted_text_is_looked_for_and_does_nothing_else(running: Running) -> None:
    async with running() as d:
        d.type("/")
        d.screen.on_paste(events.Paste("the\nSDF\x1b[31m"))
        assert "/the SDF␛[31m▏" in bar(d)
        d.type(*["backspace"] * 5)
        assert d.word == "the"
        assert not d.session.annotations.spans


async def test_a_search_goes_on_in_the_next_document(running: Running, store: SqliteStore) -> None:
    async with running() as d:
        typed(d, "/raqqa")
        d.type("enter", "]")
        assert d.session.document.name == "many.txt"
        assert "» /raqqa 60" in d.said
        d.type("f3")
        assert "1 of 60" in d.said


async def test_it_costs_the_rows_in_sight_however_many_match(
    running: Running, store: SqliteStore
) -> None:
    store.add_document(new_document("long.txt", LONG))
    async with running("long.txt") as d:
        await d.read()
        typed(d, "/monday")
        d.type("enter")
        assert "1 of 5,000" in d.said
        wrapped, refreshed = d.view.lines.counters.wrapped, d.view.counters.refreshed
        d.type("f3", "f3", "f3")
        assert d.view.lines.counters.wrapped - wrapped <= 3
        assert d.view.counters.refreshed - refreshed <= 3 * 2 + 3 * 3
        d.type("shift+f3", "shift+f3", "shift+f3", "shift+f3")
        assert d.session.reader.ordinal == 4_999
        assert d.view.lines.counters.wrapped - wrapped <= 4 * d.view.window.height


async def test_the_whole_project_is_searched_and_stepped_through(
    running: Running, store: SqliteStore
) -> None:
    store.add_document(new_document("z.txt", "Raqqa again. And Raqqa."))
    async with running() as d:
        typed(d, "/raqqa")
        await d.press("tab")
        await d.worked()
        assert d.dialog is not None
        assert "63 in the project · 5 of 5 documents" in d.title
        assert d.options[0].startswith("…it,” he said. Nobody else in Raqqa did.")
        assert "a.txt · sentence 3" in d.options[0]
        await d.press(*"again", "enter")
        assert (d.session.document.name, d.word) == ("z.txt", "Raqqa")
        assert "» /raqqa 62 of 63" in d.said
        d.type("shift+f3")
        assert (d.session.document.name, d.session.reader.ordinal) == ("many.txt", 59)
        d.type("f3", "f3", "f3")
        assert d.session.document.name == "a.txt"
        assert "from the beginning" in d.said


async def test_nothing_found_anywhere_is_told(running: Running) -> None:
    async with running() as d:
        typed(d, "/zzz")
        await d.press("tab")
        await d.worked()
        assert "0 in the project · 4 of 4 documents" in d.title
        await d.press("enter", "escape")
        assert d.dialog is None
        assert MANY.startswith("Sentence")


async def test_a_search_of_the_project_ends_with_its_window(
    running: Running, store: SqliteStore
) -> None:
    class Counting:
        read = 0

        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        def document_ids(self) -> list[str]:
            return store.document_ids() * 100_000

        def document(self, id: str) -> object:
            self.read += 1
            return store.document(id)

    counting = Counting()
    async with running(on=counting) as d:  # type: ignore[arg-type]
        typed(d, "/raqqa")
        await d.pilot.press("tab")
        await d.settle()
        await d.pilot.press("escape")
        await d.worked()
        assert d.dialog is None
        assert counting.read < 400_000
        assert d.word == "Raqqa" or d.session.reader.cursor.start == 0


async def test_many_annotations_are_searched_beside_the_keys(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.tui.search_mode.CROWDED", 0)
    async with running() as d:
        d.label("Talal Sillo", "1")
        d.label("SDF", "3")
        d.type("escape", "ctrl+home", *"/label:GR")
        assert "looking …" in bar(d)
        d.type("enter")
        assert d.screen.mode is not None, "enter stays where the match is, once that is known"
        await d.worked()
        assert d.screen.mode is None
        assert (d.word, d.focus.label) == ("SDF", "GROUP")
        assert "1 of 1" in d.said
        d.type("escape", "ctrl+home", *"/label:PERS", "escape")
        await d.worked()
        assert d.screen.steps.queue is None, "what was given up does not come back"
        d.type(*"/label:x", "enter")
        await d.worked()
        assert "not in this document" in d.said


async def test_an_expression_that_takes_long_gets_its_time_beside_the_keys(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.tui.search_mode.QUICK", 1e-9)
    async with running() as d:
        d.type(*"/Raqqa")
        await d.worked()
        assert d.word == "Raqqa"
