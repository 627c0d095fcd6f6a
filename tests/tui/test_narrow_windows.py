"""Windows on the narrowest screen: whatever they say has room."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import pytest
from screen_driver import Driver, Running
from textual.widgets import Input, OptionList

from annotator import tui
from annotator.core.safe_text import cell_width
from annotator.tui.dialogs.picker import Picker

NARROW = (60, 16)


def pickers(kind: type = Picker) -> Iterator[type[Picker[object]]]:
    """All kinds of pickers."""
    yield kind
    for sub in kind.__subclasses__():
        yield from pickers(sub)


def room(d: Driver) -> tuple[int, int]:
    """Cells for words on the frame of the window on top, and in its input."""
    box = d.app.screen.query("Vertical, VerticalScroll").first()
    return box.outer_size.width - 4, d.app.screen.query_one(Input).size.width


async def test_every_picker_has_room_for_what_to_type_and_for_its_keys(running: Running) -> None:
    async with running(size=NARROW) as d:
        await d.press("ctrl+p")
        frame, typed = room(d)
    for module in walk_packages(tui.__path__, f"{tui.__name__}."):
        import_module(module.name)
    seen = set()
    for kind in pickers():
        seen.add(kind.__name__)
        assert cell_width(kind.PROMPT) < typed, kind
        assert cell_width(f"{kind.KEYS} · pgdn reads on · esc gives up") <= frame, kind
    assert {"ActorPicker", "HistoryPicker", "LinkPicker", "Palette", "QueuePicker"} <= seen


def on_frame(d: Driver) -> str:
    """The words on the lower edge of the window on top."""
    return next(row for row in reversed(d.shown()) if "esc gives up" in row or "…" in row)


async def test_a_note_tells_all_its_keys(running: Running) -> None:
    async with running(size=NARROW) as d:
        d.label("Talal Sillo", "s")
        d.label("the operation had begun", "c")
        await d.press("a", "s", ";")
        assert d.title == "Note on CLAIM"
        assert "enter saves · tab: the attribution’s · esc gives up" in on_frame(d)
        await d.press("tab")
        assert d.title == "Note on the attribution"
        assert "enter saves · tab: CLAIM’s · esc gives up" in on_frame(d)


async def test_a_queue_says_where_tab_leads(running: Running) -> None:
    async with running(size=NARROW) as d:
        d.label("the operation had begun", "c")
        await d.press("g", "c")
        assert "enter goes there · tab whole project · esc gives up" in on_frame(d)
        await d.press("tab")
        await d.worked()
        assert "enter goes there · tab this document · esc gives up" in on_frame(d)
        await d.press("tab")
        assert "tab whole project" in on_frame(d)


@pytest.mark.parametrize("keys", ["g", "g a enter"])
async def test_notes_beside_keys_are_not_cut(running: Running, keys: str) -> None:
    async with running(size=NARROW) as d:
        d.label("Talal Sillo", "1")
        await d.press("m", "enter")
        await d.press(*keys.split())
        shown = d.app.screen.query_one(OptionList)
        rows = [shown.render_line(y).text[1:].split() for y in range(shown.option_count)]
        assert rows == [row.split() for row in d.options]
