"""What was painted bit by bit is what the screen holds: no bit is ever left as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest
from screen_driver import Driver, Running
from textual import events
from textual._compositor import CompositorUpdate, LayoutUpdate
from textual.screen import Screen

from annotator.store.sqlite.project import open_project
from annotator.store.sqlite.store import SqliteStore
from annotator.tui.app import AnnotatorApp
from annotator.workflow.schema_changes import change_schema


class Shown:
    """A terminal that gets all that is painted, as the real one would.

    Without a terminal Textual paints nothing; what it would write is asked of its updates.
    """

    def __init__(self) -> None:
        self._terminal = pyte.Screen(1, 1)
        self._stream = pyte.Stream(self._terminal)
        self.paintings = 0

    def take(self, app: AnnotatorApp, screen: Screen[object], update: object) -> None:
        if isinstance(update, CompositorUpdate):
            width, height = screen._compositor.size
            self._terminal.resize(height, width)
            self._stream.feed(update.render_segments(app.console))
            self.paintings += 1

    def lose(self) -> None:
        """What a terminal that shrinks and grows again does."""
        self._terminal.reset()

    def stale(self, d: Driver) -> list[str]:
        """The rows that are not what a painting of everything would show."""
        compositor = d.app.screen._compositor
        width, height = compositor.size
        whole = pyte.Screen(width, height)
        everything = LayoutUpdate([[s] for s in compositor.render_strips()], compositor.size.region)
        pyte.Stream(whole).feed(everything.render_segments(d.app.console))
        return [
            self._terminal.display[y]
            for y in range(height)
            if [self._terminal.buffer[y][x] for x in range(width)]
            != [whole.buffer[y][x] for x in range(width)]
        ]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shown]:
    terminal = Shown()
    monkeypatch.setattr(AnnotatorApp, "_display", lambda *update: terminal.take(*update))
    yield terminal
    assert terminal.paintings


async def test_nothing_stays_as_it_was_when_regions_come_go_and_grow(
    running: Running, shown: Shown
) -> None:
    async with running("a.txt", size=(100, 20)) as d:
        assert not shown.stale(d)
        for keys in (
            ("1", "l", "u"),
            # A refusal that has no room on the status line, which grows, and the next key.
            ("ctrl+e",), ("j", "c"), ("ctrl+e", "i"), ("i", "ctrl+d"),
            ("escape", "down", "ctrl+d", "ctrl+d"), ("f", "t", "a"), ("a",), ("escape", "t"),
            ("t", "e", "right"), ("escape", "question_mark"), ("escape", "]"), ("pagedown", "s"),
            ("slash", "S", "D"), ("enter", "f3"), ("g",), ("escape", "[", "ctrl+end"),
        ):  # fmt: skip
            await d.press(*keys)
            assert not shown.stale(d), keys
        for width, height in ((60, 16), (120, 30)):
            await d.resize(width, height)
            assert not shown.stale(d)
        d.app.choose_theme("light")
        await d.settle()
        assert not shown.stale(d)


async def test_another_colour_in_the_schema_is_painted_where_nothing_else_changed(
    running: Running, shown: Shown, store: SqliteStore, path: Path
) -> None:
    source = store.schema_source().replace("version = 1", "version = 2")
    before = '[layer.entity.labels.LOCATION]\nkey = "4"\ntitle = "location"\ncolour = "bright_'
    assert before + 'yellow"' in source
    async with running("a.txt") as d:
        d.label("Raqqa", "4")
        d.at("SDF")
        await d.settle()
        with open_project(path) as elsewhere:
            change = source.replace(before + 'yellow"', before + 'red"')
            change_schema(elsewhere, change, "new.toml", "lead")
        d.idle()
        await d.settle()
        assert d.session.schema.version == 2
        assert not shown.stale(d)


async def test_a_terminal_that_was_of_another_size_for_a_moment_is_painted_anew(
    running: Running, shown: Shown
) -> None:
    async with running("a.txt") as d:
        shown.lose()
        assert shown.stale(d)
        d.app.post_message(events.Resize(d.app.size, d.app.size))
        await d.settle()
        assert not shown.stale(d)
