"""Small things that tell a person what is going on."""

from __future__ import annotations

import pytest
from screen_driver import Running
from session_state import new_document

from annotator.core.safe_text import cell_width
from annotator.store.sqlite.store import SqliteStore


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (("home",), "this is the line's start"),
        (("end", "end"), "this is the line's end"),
        (("ctrl+home",), "this is the document's beginning"),
        (("ctrl+end", "ctrl+end"), "this is the document's end"),
        (("pageup",), "this is the document's beginning"),
        (("ctrl+end", "pagedown"), "this is the document's end"),
    ],
)
async def test_a_move_that_moves_nothing_says_so(
    running: Running, keys: tuple[str, ...], told: str
) -> None:
    async with running() as d:
        await d.press(*keys[:-1])
        assert "✗" not in d.said
        await d.press(keys[-1])
        assert told in d.said


async def test_a_page_that_only_scrolls_says_nothing(running: Running) -> None:
    async with running("many.txt", size=(80, 20)) as d:
        await d.press("pagedown", "pagedown")
        assert "✗" not in d.said


@pytest.mark.parametrize(("name", "told"), [("empty.txt", "empty"), ("blank.txt", "blank")])
async def test_a_document_without_a_sentence_says_so(
    running: Running, name: str, told: str
) -> None:
    async with running(name, size=(60, 16)) as d:
        assert d.rows()[1].strip() == f"This document is {told}."
        await d.press("1", "j", "x", "e", "space")
        d.open("a.txt")
        await d.settle()
        assert "Talal" in d.rows()[0]


async def test_a_long_message_is_read_whole_and_gone_with_the_next_key(running: Running) -> None:
    long = "a reason that goes on and on, because there is a lot to be said about it, " * 3 + "END."
    async with running(size=(60, 16)) as d:
        d.screen._say(long, warning=True)
        d.screen.bring_up_to_date()
        await d.settle()
        height = d.screen.status.size.height
        assert height > 3
        lines = [d.screen.status.render_line(y).text for y in range(height)]
        assert "END." in "".join(lines)
        assert all(cell_width(line) == 60 for line in lines)
        assert "a.txt" in lines[-1]
        await d.press("l")
        assert d.screen.status.size.height == 1
        assert d.view.size.height == 13


async def test_a_message_leaves_document_and_sentence_whole(running: Running) -> None:
    said = "nothing to shrink. x grows the selection first"
    async with running(size=(60, 16)) as d:
        d.screen._say(said, warning=True)
        d.screen.bring_up_to_date()
        await d.settle()
        lines = [d.screen.status.render_line(y).text for y in range(d.screen.status.size.height)]
        assert [said in line for line in lines] == [True, False]
        assert lines[1].startswith(" a.txt  sentence 1/3  0 done  alice")
        await d.resize(120, 16)
        assert said in d.screen.status.render_line(0).text, "there is room beside them"
        assert d.screen.status.size.height == 1


async def test_a_long_name_of_a_document_is_cut_inside(
    running: Running, store: SqliteStore
) -> None:
    name = "an-agency-with-a-long-name/2017-06-06-raqqa-000123.txt"
    store.add_document(new_document(name, "One sentence."))
    async with running(size=(60, 16)) as d:
        d.open(name)
        line = d.screen.status.render_line(0).text
        assert "…" in line
        assert "-000123.txt  sentence 1/1  0 done" in line
        assert name in d.said, "a test or a screen reader is told all of it"


async def test_a_list_stays_where_it_is_while_it_is_narrowed_down(running: Running) -> None:
    async with running() as d:
        await d.press("x", "enter")
        assert d.dialog is not None
        top = d.dialog.query_one("Input").region.y
        await d.press("p", "e", "r", "z")
        assert d.dialog.query_one("Input").region.y == top


async def test_a_line_below_words_ends_with_the_last_of_them(running: Running) -> None:
    async with running(size=(60, 16)) as d:
        d.select("Talal Sillo, a spokesman for the SDF, said on Monday the operation had")
        await d.press("s", "t")
        below = [
            "".join(s.text for s in d.view.render_line(y) if s.style and s.style.underline)
            for y in range(d.view.size.height)
        ]
        assert any(below)
        assert all(text == text.rstrip() for text in below), below


async def test_the_inspector_names_what_works_where_there_is_nothing(
    running: Running, store: SqliteStore
) -> None:
    async with running(size=(120, 40)) as d:
        told = " ".join(line.text for line in d.screen.inspector.lines)
        assert "A label’s key labels the selection" in told
        assert "enter picks a label" in told
        assert "next annotation" not in told, "there is none"
        d.label("SDF", "3")
        d.at("Nobody")
        told = " ".join(line.text for line in d.screen.inspector.lines)
        assert "tab goes to the next annotation" in told
