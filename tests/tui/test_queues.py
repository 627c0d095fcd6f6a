"""``g``: the menu, and the queues that are stepped through until nothing of them is left."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from proposing import proposed_span
from screen_driver import Running
from session_state import new_document, stored_rows
from textual.widgets import Static

from annotator.core.annotation import Suggestion
from annotator.core.edits import create
from annotator.core.ids import new_id
from annotator.errors import BusyError
from annotator.store.sqlite.store import SqliteStore


async def test_the_menu_goes_by_letter_by_arrow_and_by_escape(running: Running) -> None:
    async with running() as d:
        await d.press("g")
        assert [row.split()[0] for row in d.options] == ["d", "c", "f", "o", "a", "s"]
        assert "All of them" in str(d.app.screen.query_one("#about", Static).render())
        await d.press("escape")
        assert d.dialog is None
        await d.press("g", "x")
        assert d.dialog is not None, "a key that no row has does nothing"
        await d.press("d")
        assert d.title == "Documents"
        await d.press("escape", "g", "down", "enter")
        assert d.title.startswith("checks")


async def test_the_menu_offers_suggestions_only_where_some_wait(
    running: Running, store: SqliteStore
) -> None:
    async with running() as d:
        span = d.label("SDF", "3")
        session = d.session
        proposed = Suggestion(new_id(), span.document, span.annotator, span)
        session.commit("suggest", (create(proposed),))
        await d.press("g")
        assert any(row.split()[:2] == ["y", "suggestions"] for row in d.options)
        await d.press("y")
        assert "GROUP 'SDF'?" in d.options[0]
        await d.press("enter")
        assert d.word == "SDF"
        assert "suggestions 1 of 1" in d.said


async def test_each_finding_is_one_key_from_its_place_and_gone_once_mended(
    running: Running, path: Path
) -> None:
    async with running() as d:
        claim = d.label("the operation had begun", "c")
        source = d.label("Talal Sillo", "s")
        d.type("escape", "ctrl+end")
        await d.press("g", "c")
        assert d.title == "checks · 5 here"
        assert [row.split(":")[0].strip() for row in d.options] == [
            "SOURCE lacks kind",
            "SOURCE never used",
            "CLAIM lacks mode",
            "CLAIM without a source",
            "quote outside any claim",
        ]
        await d.press("enter")
        assert d.focus.id == source.id
        assert "checks 1 of 5" in d.said
        d.session.spans.set_attribute(d.focus, "kind", ("named",))
        d.type("f3")
        assert d.focus.id == source.id
        assert "checks 1 of 4" in d.said, "the next took its place"
        await d.press("a")
        await d.press(next(hint for _, id, hint in d.view._hints if id == claim.id))
        d.type("f3")
        assert d.focus.id == claim.id
        assert "checks 1 of 2" in d.said
        d.session.spans.set_attribute(d.focus, "mode", ("indirect",))
        d.type("f3")
        assert d.session.reader.ordinal == 1
        assert "checks 1 of 1" in d.said
        d.type("x", "x", "c")
        assert d.focus.text.startswith("“We saw it")
        d.type("f3")
        assert [t for t in d.screen.steps.stops if "quote" in t.title] == []
        await d.press("u")
        d.type("f3")
        assert [t.title for t in d.screen.steps.stops] == [
            "quote outside any claim: '“We saw it,”'"
        ]
        assert stored_rows(path, "SELECT count(*) FROM relation") == [(1,)]


async def test_the_project_is_checked_and_compares_labels_of_all_documents(
    running: Running, store: SqliteStore
) -> None:
    for name in ("x.txt", "y.txt"):
        store.add_document(new_document(name, "Raqqa fell."))
    async with running() as d:
        for name, key in (("a.txt", "3"), ("x.txt", "4"), ("y.txt", "4")):
            d.open(name)
            d.label("Raqqa", key)
        d.open("x.txt")
        await d.press("g", "c")
        assert d.title == "checks · 0 here"
        await d.press("tab")
        await d.worked()
        assert "1 in the project" not in d.title
        assert [row.split("  ")[0] for row in d.options if "GROUP" in row] == [
            "GROUP, but elsewhere LOCATION 2 times: 'Raqqa'"
        ]
        await d.press(*"group", "enter")
        assert (d.session.document.name, d.focus.text) == ("a.txt", "Raqqa")
        await d.press("4")
        d.type("f3")
        assert not [s for s in d.screen.steps.stops if "GROUP" in s.title]
        await d.press("g", "c", "tab")
        await d.worked()
        await d.press("tab")
        assert "1 here" in d.title, "the document again: its quote"
        await d.press("escape")


async def test_flags_are_gone_through_with_their_notes(running: Running, path: Path) -> None:
    async with running() as d:
        d.label("Talal Sillo", "s")
        await d.press("!", ";", "w", "h", "o", "enter")
        d.label("SDF", "3")
        await d.press("!")
        d.open("many.txt")
        d.label("Sentence 2", "s")
        await d.press("!", "g", "f", "tab")
        await d.worked()
        assert "3 in the project · 2 of 2 documents" in d.title
        assert "SOURCE 'Talal Sillo' · who" in d.options[0]
        await d.press("enter")
        assert (d.session.document.name, d.focus.text) == ("a.txt", "Talal Sillo")
        d.type("!", "f3")
        assert d.focus.text == "SDF"
        assert "flagged 1 of 2" in d.said
        d.type("f3")
        assert d.session.document.name == "many.txt"
        assert stored_rows(path, "SELECT count(*) FROM span WHERE flagged") == [(2,)]


async def test_sentences_not_done_are_gone_through(running: Running) -> None:
    async with running() as d:
        d.type("space", "ctrl+home")
        await d.press("g", "o")
        assert d.title == "sentences not done · 2 here"
        await d.press("enter")
        assert d.session.reader.ordinal == 1
        d.type("space", "f3")
        assert "sentences not done 1 of 1" in d.said
        assert d.session.reader.ordinal == 2
        d.type("space", "f3")
        assert "nothing is left" in d.said


async def test_a_long_queue_is_listed_around_the_cursor(
    running: Running, store: SqliteStore
) -> None:
    store.add_document(
        new_document("long.txt", "\n".join(f"{'Line ' * 9}{n}." for n in range(1_000)))
    )
    async with running("long.txt") as d:
        d.at("Line 700.")
        await d.press("g", "o")
        assert len(d.options) == 200
        assert "Line 600." in d.options[0]
        await d.press(*" 37.", "enter")
        assert d.session.reader.ordinal == 37


async def test_a_queue_window_stands_a_tiny_terminal(running: Running) -> None:
    async with running(size=(60, 16)) as d:
        d.label("SDF", "3")
        for keys in (("g",), ("g", "c"), ("g", "f")):
            await d.press(*keys)
            await d.resize(20, 5)
            await d.resize(60, 16)
            await d.press("escape")
            assert d.dialog is None


async def test_actors_are_listed_renamed_and_gone_through(running: Running, path: Path) -> None:
    async with running() as d:
        await d.press("g", "a")
        assert "there are no actors yet" in d.said
        d.label("Talal Sillo", "1")
        await d.press("m", *"Sillo", "enter")
        d.open("many.txt")
        d.label("SDF", "3")
        await d.press("m", *"The SDF", "enter", "g", "a")
        assert [row.split("  ")[0] for row in d.options] == ["Sillo", "The SDF"]
        assert "1 mention" in d.options[0]
        await d.press(*"sil", "enter", "r", "ctrl+u", *"Talal Sillo", "enter")
        assert "Sillo is now Talal Sillo" in d.said
        await d.press("g", "a", *"tal", "enter", "a", *"the spokesman", "enter")
        await d.press("g", "a", *"tal", "enter", "k", *"person", "enter")
        aliases = "SELECT alias FROM actor_alias ORDER BY position"
        assert stored_rows(path, aliases) == [("Sillo",), ("the spokesman",)]
        assert stored_rows(path, "SELECT name, kind FROM actor ORDER BY name") == [
            ("Talal Sillo", "person"), ("The SDF", ""),
        ]  # fmt: skip
        await d.press("g", "a", *"tal", "enter", "x", *"sil", "enter")
        assert stored_rows(path, aliases) == [("the spokesman",)]
        await d.press("u", "u", "u", "u")
        assert stored_rows(path, "SELECT name FROM actor ORDER BY name") == [
            ("Sillo",), ("The SDF",),
        ]  # fmt: skip
        await d.press("g", "a", *"sil", "enter", "m")
        await d.worked()
        assert "mentions of Sillo · 1 in the project" in d.title
        await d.press("enter")
        assert (d.session.document.name, d.focus.text) == ("a.txt", "Talal Sillo")


async def test_an_actor_gets_identifiers_and_a_note(running: Running, path: Path) -> None:
    async with running() as d:
        d.label("Talal Sillo", "1")
        await d.press("m", "enter", "g", "a", "enter", "i", *"Q30, viaf 13", "enter")
        links = "SELECT scheme, value FROM actor_link ORDER BY position"
        assert stored_rows(path, links) == [("wikidata", "Q30"), ("viaf", "13")]
        await d.press("g", "a", "enter", "i", "backspace", "backspace", "backspace", "enter")
        assert "viaf is no identifier" in d.said
        assert stored_rows(path, links) == [("wikidata", "Q30"), ("viaf", "13")]
        await d.press("g", "a", "enter", "i", "ctrl+u", "enter")
        assert stored_rows(path, links) == []
        await d.press("g", "a", "enter", "n", *"of the SDF", "enter")
        assert stored_rows(path, "SELECT note FROM actor") == [("of the SDF",)]
        await d.press("g", "a", "enter", "n", "enter")
        assert "the note says that already" in d.said
        await d.press("u", "u")
        assert stored_rows(path, "SELECT note FROM actor") == [(None,)]
        assert stored_rows(path, links) == [("wikidata", "Q30"), ("viaf", "13")]


async def test_the_statistics_are_told_in_words(running: Running, store: SqliteStore) -> None:
    async with running() as d:
        for key in ("1", "space", "j"):
            await d.pilot.press(key)
            await d.settle()
        d.screen.last_place.remember()
        assert store.keys_pressed(d.session.annotator.id) == 3
        await d.press("g", "s")
        await d.worked()
        text = str(d.app.screen.query_one("#page", Static).render())
        assert "alice in project" in text
        assert "sentences     1 of 63 done" in text
        assert "keys          3 · 3.0 an annotation made" in text
        assert re.search(r"PERSON \(entity\) +1  ▇▇▇▇", text)
        assert re.search(r"done +spans +time +flagged +labels", text)
        assert re.search(r"  a\.txt +1/3 +1 +\S+( min)? +0 +0\n", text)
        await d.resize(40, 16)
        text = str(d.app.screen.query_one("#page", Static).render())
        assert re.search(r"  a\.txt +1/3\n", text)
        await d.press("escape")
        assert d.dialog is None


async def test_the_statistics_say_what_was_answered_to_each_engine(running: Running) -> None:
    async with running() as d:
        text = d.session.document.text
        names = list(dict.fromkeys(re.findall(r"[A-Z]\w{2,}", text)))[:4]
        found = [proposed_span("PERSON", name, text=text) for name in names]
        d.session.suggestions.replace_open("crf", found)
        await d.press("tab", "y", "n", "4")
        await d.press("g", "s")
        await d.worked()
        said = str(d.app.screen.query_one("#page", Static).render())
        assert re.search(r"right +accepted +corrected +rejected +open\n", said)
        assert re.search(r"  crf +33% +1 +1 +1 +1\n", said)
        await d.resize(40, 16)
        said = str(d.app.screen.query_one("#page", Static).render())
        assert re.search(r"  crf +33%\n", said)


async def test_a_store_that_fails_is_told_where_statistics_would_be(
    running: Running, store: SqliteStore
) -> None:
    class Busy:
        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        def label_counts(self, annotator: str) -> object:
            raise BusyError("a.db is locked")

    async with running(on=Busy()) as d:  # type: ignore[arg-type]
        await d.press("g", "s")
        await d.worked()
        assert "a.db is locked" in str(d.app.screen.query_one("#page", Static).render())


async def test_a_large_document_is_looked_through_in_a_thread(
    running: Running, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.tui.going._LARGE", 10)
    async with running() as d:
        d.label("Talal Sillo", "s")
        await d.pilot.press("g", "c")
        await d.worked()
        assert d.title == "checks · 3 here"
        assert "SOURCE lacks kind" in d.options[0]
        await d.press("down", "enter")
        assert "checks 2 of 3" in d.said
