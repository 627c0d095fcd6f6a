"""Rows of small windows: one line each, in columns, cut with a sign where there is no room."""

from __future__ import annotations

from screen_driver import Driver, Running
from textual.strip import Strip
from textual.widgets import OptionList

from annotator.core.safe_text import cell_width
from annotator.tui.dialogs.picker import Choice, Picker

LONG = "an-article-with-a-name-that-goes-on-and-on-and-has-its-number-at-the-end-{}.txt"


def lines(d: Driver) -> list[Strip]:
    shown = d.app.screen.query_one(OptionList)
    return [shown.render_line(y) for y in range(shown.option_count)]


async def open_names(d: Driver) -> None:
    choices = [Choice(n, LONG.format(n), f"{n}/12 done", is_name=True) for n in (1, 2)]
    d.app.push_screen(Picker("Documents", [*choices, Choice(3, "short", "0/1 done")]))
    await d.settle()


async def test_a_row_is_one_line_whatever_it_says(running: Running) -> None:
    async with running(size=(60, 16)) as d:
        await open_names(d)
        texts = [line.text.rstrip() for line in lines(d)]
        assert all("…" in text for text in texts[:2]), texts
        assert "1.txt  1/12 done" in texts[0], "the end tells names apart"
        assert len({cell_width(text[: text.index("done")]) for text in texts[:2]}) == 1
        assert texts[2].startswith(" short")
        assert d.app.screen.query_one(OptionList).virtual_size.height == 3


async def test_the_note_of_the_marked_row_is_bright(running: Running) -> None:
    async with running(size=(80, 24)) as d:
        await open_names(d)
        for press, marked in (("down", 1), ("down", 2)):
            await d.press(press)
            dim = [
                any(s.style and s.style.dim for s in line if s.text.strip()) for line in lines(d)
            ]
            assert dim == [number != marked for number in range(3)]


async def test_typing_does_not_move_the_window(running: Running) -> None:
    async with running(size=(110, 32)) as d:
        d.select("SDF")
        await d.press("enter")
        box = d.app.screen.query("Vertical").first()
        before = box.region
        await d.press(*"gro")
        assert box.region == before
        await d.press(*"qqq")
        assert d.options == ["nothing matches"]
        assert box.region == before
        await d.resize(60, 16)
        assert box.region.bottom <= 16
