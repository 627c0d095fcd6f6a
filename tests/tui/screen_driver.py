"""One running app, and what a test asks of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from math import inf

from session_state import assert_saved, at, selected
from settling import settle, work_ended
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import OptionList

from annotator.core.annotation import Span
from annotator.core.safe_text import cell_width
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.widgets.document_view import DocumentView
from annotator.workflow.annotate import AnnotateSession

MANY = "\n\n".join(f"Sentence {n} of the SDF says “so” on Monday at Raqqa." for n in range(60))

_LAYOUTS = 20
"""Rounds of messages that a layout takes at most: one begins another, below a window later."""


def key_event(key: str) -> events.Key:
    """A key by its name or character, as a terminal's arrives."""
    name = _character_to_key(key) if len(key) == 1 else key
    character = {"space": " ", "tab": "\t", "enter": "\r", "escape": "\x1b"}.get(key)
    return events.Key(name, key if len(key) == 1 else character)


class Driver:
    """One running app, and what a test asks of it."""

    def __init__(self, app: AnnotatorApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def screen(self) -> AnnotateScreen:
        return next(s for s in self.app.screen_stack if isinstance(s, AnnotateScreen))

    @property
    def dialog(self) -> ModalScreen[object] | None:
        """The window on top, if there is one."""
        top = self.app.screen
        return top if isinstance(top, ModalScreen) else None

    @property
    def session(self) -> AnnotateSession:
        return self.screen.session

    @property
    def view(self) -> DocumentView:
        return self.screen.view

    @property
    def said(self) -> str:
        return self.screen.status.plain

    @property
    def word(self) -> str:
        """What is under the cursor."""
        cursor = self.session.reader.cursor
        return self.session.document.text[cursor.start : cursor.end]

    @property
    def selection(self) -> str | None:
        found = self.session.reader.selection
        return None if found is None else self.session.document.text[found.start : found.end]

    @property
    def focus(self) -> Span:
        return self.session.need_focus()

    @property
    def labels(self) -> list[str]:
        """The labels of all spans in reading order."""
        spans = sorted(self.session.annotations.spans.values(), key=lambda s: (s.start, s.id))
        return [span.label for span in spans]

    def rows(self) -> list[str]:
        """What the document's rows show."""
        return [self.view.render_line(y).text for y in range(self.view.size.height)]

    def shown(self) -> tuple[str, ...]:
        """All that stands on the screen, or in the window on top."""
        strips = self.app.screen._compositor.render_strips()
        return tuple("".join(segment.text for segment in strip) for strip in strips)

    def cell_on_screen(self, words: str) -> tuple[int, int]:
        """Where words stand first, from the screen's upper left corner."""
        rows = self.shown()
        y = next(y for y, row in enumerate(rows) if words in row)
        return cell_width(rows[y][: rows[y].index(words)]), y

    def at(self, words: str) -> None:
        at(self.session, words)
        self.screen.bring_up_to_date()

    def select(self, words: str) -> None:
        selected(self.session, words)
        self.screen.bring_up_to_date()

    def label(self, words: str, key: str) -> Span:
        """A span on these words, labelled by key."""
        self.select(words)
        self.screen.press(key)
        return self.focus

    def type(self, *keys: str) -> None:
        """Keys as events, each dealt with at once; for keys that open no window."""
        for key in keys:
            character = {"space": " "}.get(key, key if len(key) == 1 else None)
            self.screen.on_key(events.Key("space" if key == " " else key, character))

    async def press(self, *keys: str) -> None:
        """Real key events, one after the other; everything is saved when they are dealt with."""
        for key in keys:
            self.app.post_message(key_event(key))
            await self.settle()
        assert_saved(self.session)

    async def settle(self) -> None:
        """Until every message is dealt with, and those that it led to."""
        await settle(self.pilot)

    async def resize(self, width: int, height: int) -> None:
        """Another size of the terminal, and everything laid out anew."""
        await self.pilot.resize_terminal(width, height)
        for _ in range(_LAYOUTS):
            await self.settle()
            if self.app.size == (width, height) and self._is_laid_out:
                return
        raise AssertionError(f"{self.app.size}, not {width}×{height}: {self.view.size}")

    @property
    def _is_laid_out(self) -> bool:
        return (self.view._width, self.view._height) == self.view.size

    async def worked(self) -> None:
        """Until the threads have ended, and what they said is dealt with; and those it began."""
        while True:
            await work_ended(self.app)
            await self.settle()
            is_over = all(worker.is_finished for worker in self.app.workers)
            if not self.app.is_running or (is_over and not self.screen.reading_on.progress):
                return

    async def read(self) -> None:
        """Until all of the document that is shown is in memory."""
        self.screen.reading_on.begin()
        await self.worked()

    @property
    def title(self) -> str:
        """What stands on the frame of the window on top."""
        return str(self.app.screen.query("Vertical, VerticalScroll").first().border_title)

    @property
    def options(self) -> list[str]:
        """The rows of the list in the window on top."""
        options = self.app.screen.query_one(OptionList)
        return [str(options.get_option_at_index(n).prompt) for n in range(options.option_count)]

    def idle(self) -> None:
        """Nobody has typed for long: what is done then is done now, and once."""
        self.app._pauses._last_key = -inf
        self.app._when_idle()
        self.app._pauses.key()

    def open(self, document: str) -> None:
        self.screen.open_document(self.session.store.find_document(document))

    def cell(self, words: str, last: bool = False) -> tuple[int, int]:
        """Where words stand on the view, in cells: their first, or their last."""
        for y, row in enumerate(self.rows()):
            if words in row:
                return row.index(words) + (len(words) - 1 if last else 0), y
        raise AssertionError(f"{words!r} is not in sight: {self.rows()}")


Running = Callable[..., AbstractAsyncContextManager[Driver]]
Release = Callable[[], None]
