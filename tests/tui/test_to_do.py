"""What to do next, as the screen offers it: sentences of all documents in an order of their own."""

from __future__ import annotations

from pathlib import Path

from screen_driver import Driver, Running
from session_state import new_document

from annotator.store.sqlite.store import SqliteStore
from annotator.workflow.learning import Learning
from annotator.workflow.what_next import WhatNext, places

NEWS = "The storm sank two ferries. It rained.\n\nNobody expected such waves at Easter."


def engines(store: SqliteStore, path: Path) -> Learning:
    return Learning(store, path, store.annotator("alice", create=True).id)


def here(d: Driver) -> str:
    """The words of the sentence that the cursor is in."""
    sentence = d.session.reader.sentence
    assert sentence is not None
    return d.session.document.text[sentence.start : sentence.end]


async def test_varied_sentences_are_gone_through_in_their_order(
    running: Running, store: SqliteStore, path: Path
) -> None:
    store.add_document(new_document("news.txt", NEWS))
    learning = engines(store, path)
    order = [stop for f in places(learning.what_next("diversity")) for stop, _ in f.stops]
    assert {stop.document for stop in order[:4]} == {
        store.find_document("news.txt"), store.find_document("a.txt"),
    }  # fmt: skip
    async with running("many.txt", learning=lambda: learning) as d:
        await d.press("g", "v")
        await d.worked()
        assert d.title == f"varied sentences · {len(order)} in the project · 5 of 5 documents"
        assert [row.split("  ")[0] for row in d.options[:2]] == [s.title for s in order[:2]]
        await d.press("enter")
        for number, stop in enumerate(order[:5], 1):
            assert (d.session.document.id, d.session.reader.cursor.start) == stop[:2]
            assert f"varied sentences {number} of {len(order)}" in d.said
            await d.press("1", "end", "f3")
        await d.press("shift+f3")
        assert here(d) == order[4].title, "wherever the cursor went meanwhile"


async def test_unsure_sentences_come_from_all_documents(
    running: Running, store: SqliteStore, path: Path
) -> None:
    learning = engines(store, path)
    async with running("many.txt", learning=lambda: learning) as d:
        for _ in range(4):
            await d.press("w", "3", "space")
        await d.press("g", "n")
        await d.worked()
        assert {row.split()[-4] for row in d.options} == {"a.txt", "many.txt"}
        asking = WhatNext(store, path, d.session.annotator.id, "doubt")
        assert list(asking.events())
        expected = [" ".join(found.text.split()) for found in asking.sentences(1_000)]
        await d.press("enter")
        assert here(d) == expected[0]
        await d.press("f3")
        assert here(d) == expected[1]


async def test_what_goes_wrong_is_told_in_the_window(
    running: Running, store: SqliteStore, path: Path, tmp_path: Path
) -> None:
    learning = engines(store, tmp_path / "elsewhere.db")
    async with running("many.txt", learning=lambda: learning) as d:
        await d.press("g", "n")
        await d.worked()
        assert "there is no project here" in d.title.casefold()
        await d.press("escape")
        assert d.dialog is None
