"""What the view costs, and that it stands any size of terminal, at any moment."""

from __future__ import annotations

import pytest
from awkward_text import AWKWARD
from rich.cells import cell_len
from screen_driver import Driver, Running
from session_state import ARTICLE, assert_saved, new_document

from annotator.store.sqlite.store import SqliteStore
from annotator.tui.inspecting import Line

LONG = "\n".join(f"Sentence {n} of the SDF says “so” on Monday at Raqqa." for n in range(5_000))


def refreshed(d: Driver, *keys: str) -> int:
    """How many rows these keys have painted anew."""
    before = d.view.counters.refreshed
    d.type(*keys)
    return d.view.counters.refreshed - before


async def test_a_move_repaints_the_rows_concerned_and_lays_out_nothing(
    running: Running, store: SqliteStore
) -> None:
    store.add_document(new_document("long.txt", LONG))
    async with running("long.txt") as d:
        await d.read()
        height = d.view.window.height
        d.at("Sentence 4")
        laid = (d.view.lines.counters.wrapped, d.view.lines.counters.lines)
        assert refreshed(d, "l") == 1
        assert refreshed(d, "h", "l") == 2
        assert refreshed(d, "j") == 2
        assert refreshed(d, "k") == 2
        assert refreshed(d, "down") == 2
        assert refreshed(d, "x") == 1
        assert refreshed(d, "escape") == 1
        assert refreshed(d, "end", "home") == 2
        assert laid == (d.view.lines.counters.wrapped, d.view.lines.counters.lines)

        wrapped = d.view.lines.counters.wrapped
        assert refreshed(d, "ctrl+end") == height
        assert d.session.reader.ordinal == 4_999
        assert d.view.lines.counters.wrapped - wrapped <= 2 * height + 2

        await d.settle()
        d.view._scroll(-6)
        await d.settle()
        made, hit = d.view.counters.made, d.view.counters.hit
        d.view._scroll(6)
        await d.settle()
        assert d.view.counters.made == made, "scrolling back paints nothing that was painted"
        assert d.view.counters.hit >= hit + len(d.view.window.places())


async def test_lines_keep_the_column_and_end_where_they_end(
    running: Running, store: SqliteStore
) -> None:
    text = (
        "One two three four five six.\n\nSeven eight nine.\n\nTen eleven twelve thirteen fourteen."
    )
    wrapped = " ".join("x" * (3 + 7 * n % 11) for n in range(200))
    store.add_document(new_document("lines.txt", f"{text}\n\n{wrapped}"))
    async with running("lines.txt") as d:
        d.at("six")
        words = []
        for key in ("down", "down", "up", "up", "left", "right", "down"):
            d.type(key)
            words.append(d.word)
        assert words == [".", "thirteen", ".", "six", "five", "six", "."]
        d.at("twelve")
        d.type("up", "left", "right", "up")
        assert d.word == "two", "the column is that of the last move along the line"

        d.at("xxx")
        d.type("end")
        places = []
        for _ in range(8):
            places.append(d.view.lines.place_of(d.session.reader.cursor.start).line)
            d.type("down")
        assert places == list(range(8)), "a shorter line is not left out"


async def test_a_label_repaints_from_its_line_on_and_the_focus_its_lanes(running: Running) -> None:
    async with running(size=(160, 40)) as d:
        d.label("Talal Sillo", "1")
        d.label("Talal Sillo, a spokesman for the SDF", "s")
        lines = d.view.lines.counters.lines
        assert refreshed(d, "ctrl+end") == 2 + 1, "two texts, and the lane that loses the focus"
        assert refreshed(d, "ctrl+home") == 2 + 1, "two texts, and the lane that gets it"
        assert d.view.lines.counters.lines - lines <= 2
        assert refreshed(d, "end", "left") <= 4
        assert refreshed(d, "left") == 1


@pytest.mark.parametrize("size", [(60, 16), (300, 90), (10, 3), (1, 1), (4, 2), (80, 24)])
async def test_any_size_at_any_moment(running: Running, size: tuple[int, int]) -> None:
    async with running(size=(120, 40)) as d:
        d.label("Talal Sillo", "s")
        d.label("the operation had begun", "c")
        for before, after in (
            ((), "l"),
            (("e",), "right"),
            (("f",), "s"),
            (("a",), "Z"),
            (("x",), "j"),
        ):
            d.type("escape", "ctrl+home", "tab", *before)
            await d.resize(*size)
            d.type(after, "escape", "pagedown", "pageup", "t", "down", "up", "end")
            await d.settle()
            assert all(cell_len(row) == d.view._width for row in d.rows())
            await d.resize(120, 40)
        assert_saved(d.session)
        assert any("Talal Sillo" in row for row in d.rows())


async def test_windows_stand_a_tiny_terminal(running: Running) -> None:
    async with running(size=(10, 3)) as d:
        d.screen.press("1")
        for key in ("question_mark", "g", ";", "m", "ctrl+p"):
            await d.press(key)
            await d.resize(60, 16)
            await d.resize(10, 3)
            await d.press("escape")
            assert d.dialog is None


async def test_awkward_text_keeps_every_row_in_its_cells(
    running: Running, store: SqliteStore
) -> None:
    text = "\n".join(
        f"Said {word} and [bold]left[/bold] \x1b[31m\t{name}." for name, word in AWKWARD.items()
    )
    store.add_document(new_document("\x1b]0;owned\x07[bold]name", text))
    async with running() as d:
        d.open("\x1b]0;owned\x07[bold]name")
        for _ in range(3):
            d.type("1", "s", "c")
            d.type(*["j"] * 6)
            for row in d.rows():
                assert row.isprintable() or not set(row) & set(map(chr, range(32)))
                assert "\x1b" not in row
                assert cell_len(row) == d.view._width
        assert "\x1b" not in d.screen.status.render_line(0).text
        assert "[bold]left[/bold]" in "".join(d.rows())


async def test_the_inspector_comes_with_room_and_goes_at_will(running: Running) -> None:
    async with running(size=(99, 30)) as d:
        assert not d.screen.inspector.display
        await d.resize(100, 30)
        assert d.screen.inspector.display
        d.type("i")
        await d.resize(200, 30)
        assert not d.screen.inspector.display
        d.type("i")
        d.label("SDF", "3")
        assert Line("title", "GROUP") in d.screen.inspector.lines
        assert ARTICLE[: len("Talal")] == "Talal"
