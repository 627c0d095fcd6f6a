"""A line is shown with its lanes, wherever on the screen it is gone to."""

from __future__ import annotations

import pytest
from screen_driver import Driver, Running
from session_state import selected
from textual.events import MouseDown, MouseMove, MouseUp

WORDS = (("SDF", "2"), ("Monday", "7"), ("Raqqa", "4"), ("SDF says “so” on Monday", "c"))


def crowd(d: Driver) -> None:
    """Give every sentence a line with lanes."""
    text, keys = d.session.document.text, d.session.schema.keys()
    for sentence in list(d.session.sentences)[:30]:
        for words, key in WORDS:
            start = text.index(words, sentence.start)
            d.session.reader.select(start, start + len(words))
            d.session.spans.label(*keys[key])
    selected(d.session, "Sentence")
    d.session.reader.clear()
    d.screen.bring_up_to_date()


def lines_in_sight(d: Driver) -> tuple[int, int]:
    """The rows of the cursor's line, its lanes among them: those in sight, and all."""
    here = d.view.lines.place_of(d.session.reader.cursor.start)
    last = d.view.lines.last_lane(here)
    seen = [place for place in d.view.window.places() if here <= place <= last]
    return len(seen), last.sub + 1


def assert_whole(d: Driver) -> None:
    seen, all_ = lines_in_sight(d)
    assert seen == all_


@pytest.mark.parametrize("height", [16, 17, 18, 19])
async def test_by_keys(running: Running, height: int) -> None:
    async with running("many.txt", size=(60, height)) as d:
        crowd(d)
        for key in [
            *["down"] * 8,
            *["up"] * 8,
            *["j"] * 8,
            *["k"] * 5,
            *["pagedown", "pageup"] * 2,
        ]:
            d.type(key)
            assert_whole(d)
            assert lines_in_sight(d)[0] > 1, "there are lanes to be seen"
        for key in ("f3", "ctrl+end", "ctrl+home", "tab", "tab", "space", "t", "t", "i", "i"):
            d.type(key)
            await d.settle()
            assert_whole(d)


async def clicked(d: Driver, y: int, times: int = 1) -> int:
    """Click on a row; gives the code point that was under the mouse."""
    row = d.view._rows[y]
    x = d.view.lines.gutter + 14
    offset = row.line.offset_at(14)
    await d.pilot.click(d.view, offset=(x, y), times=times)
    await d.settle()
    return offset


@pytest.mark.parametrize("height", [16, 17, 18, 19])
async def test_by_a_click_on_the_last_line(running: Running, height: int) -> None:
    async with running("many.txt", size=(60, height)) as d:
        crowd(d)
        last = max(y for y, row in enumerate(d.view._rows) if row.sub == 0)
        offset = await clicked(d, last)
        assert d.session.reader.cursor.start <= offset < d.session.reader.cursor.end
        assert_whole(d)


async def test_a_click_where_all_is_in_sight_scrolls_nothing(running: Running) -> None:
    async with running("many.txt", size=(60, 16)) as d:
        crowd(d)
        top = d.view.window.anchor
        await clicked(d, 0)
        assert d.view.window.anchor == top


@pytest.mark.parametrize("height", [16, 17, 18, 19])
async def test_a_double_click_takes_the_word_it_began_on(running: Running, height: int) -> None:
    async with running("many.txt", size=(60, height)) as d:
        crowd(d)
        last = max(y for y, row in enumerate(d.view._rows) if row.sub == 0)
        offset = await clicked(d, last, times=2)
        assert_whole(d)
        selection = d.session.reader.selection
        assert selection is not None
        assert selection.start <= offset < selection.end
        await clicked(d, 0)
        assert d.session.reader.selection is None


async def test_a_triple_click_takes_the_sentence_it_began_on(running: Running) -> None:
    async with running("many.txt", size=(60, 16)) as d:
        crowd(d)
        last = max(y for y, row in enumerate(d.view._rows) if row.sub == 0)
        offset = await clicked(d, last, times=3)
        assert_whole(d)
        sentence = d.session.sentences[d.session.reader.ordinal_at(offset)]
        assert d.session.reader.selection == (sentence.start, sentence.end)


async def test_nothing_scrolls_while_the_mouse_drags(running: Running) -> None:
    async with running("many.txt", size=(60, 16)) as d:
        crowd(d)
        top = d.view.window.anchor
        y = max(y for y, row in enumerate(d.view._rows) if row.sub == 0)
        x = d.view.lines.gutter + 14
        for kind, column in ((MouseDown, x), (MouseMove, x + 12)):
            d.app.post_message(kind(None, column, y, 0, 0, 1, False, False, False, column, y))
            await d.settle()
            assert d.view.window.anchor == top
        d.app.post_message(MouseUp(None, x + 12, y, 0, 0, 1, False, False, False, x + 12, y))
        await d.settle()
        assert d.session.reader.selection is not None
        assert_whole(d)
