"""``/``: the search is typed on the bar, and each letter goes to the first match at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from annotator.core import searching
from annotator.core.annotation import Annotation
from annotator.core.page import Page, Stop
from annotator.core.query import Query, parse_query
from annotator.errors import AnnotatorError, RuleError, UsageError
from annotator.tui.keymap import shown
from annotator.tui.modes import Keys
from annotator.tui.places import place_of, put_back
from annotator.tui.typed_line import TypedLine
from annotator.workflow.queues import MOST, page_of, search_queue

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen

_KEYS: Keys = (("enter", "stay"), ("f3", "next"), ("tab", "whole project"), ("esc", "back"))
_HELP: Keys = (("words /regex/ label: actor: note: flagged", ""), ("↑", "earlier"), ("esc", "back"))
QUICK = 0.05
"""Seconds in which a letter must have its answer; what takes longer is looked for in a thread."""
CROWDED = 5_000
"""Annotations from which on those that a query asks for are looked for in a thread."""
_ROOM = 50
"""Cells for the keys beside what is typed."""


class SearchMode:
    """Escape goes back to where one was; enter stays, and F3 goes on from there."""

    stays_on = True

    class Found(Message):
        """What a thread found for the ``number``-th search; ``error`` where it gave up."""

        def __init__(
            self, number: int, query: Query, stops: list[Stop], error: AnnotatorError | None
        ) -> None:
            super().__init__()
            self.number = number
            self.query = query
            self.stops = stops
            self.error = error

    def __init__(self, screen: AnnotateScreen, history: list[str]) -> None:
        """``history`` holds the searches so far, the last one last, and takes this one in."""
        self._screen = screen
        self._history = history
        self._earlier = len(history)
        self._line = TypedLine()
        self._told = ""
        self._origin = place_of(screen)
        self._stays = False
        self._number = 0
        self._enters = False
        self.is_looking = False
        """Whether a thread looks for what is typed."""

    @property
    def name(self) -> str:
        """What is typed so far."""
        room = max(8, self._screen.app.size.width - _ROOM)
        return f"/{self._line.shown(room)}"

    @property
    def keys(self) -> Keys:
        """What was found, and what the keys do."""
        if not self._line.text:
            return _HELP
        return ((self._told, ""), *_KEYS) if self._told else _KEYS

    def handle(self, key: str) -> tuple[bool, str | None]:
        """Letters search; the keys of ``_KEYS`` do what they say."""
        if key == "enter" and self.is_looking:
            self._enters = True
            return True, None
        if key == "enter":
            return False, self._enter()
        if key == "tab":
            self._remember()
            self._screen.going.search_project(self._query())
            return False, None
        if key in ("f3", "shift+f3"):
            return True, self._screen.steps.step(1 if key == "f3" else -1)
        if key in ("up", "down"):
            self._recall(-1 if key == "up" else 1)
        elif not self._line.take(key):
            raise RuleError(f"{shown(key)} does nothing here", "enter stays, esc goes back.")
        self._search()
        return True, None

    def paste(self, text: str) -> None:
        """Pasted lines become one, and are looked for."""
        self._line.insert(" ".join(text.split()))
        self._search()

    def leave(self) -> None:
        """Back to where one was, unless enter was pressed."""
        self._number += 1
        if not self._stays:
            self._screen.steps.stop()
            put_back(self._screen, self._origin)

    def _query(self) -> Query:
        query = parse_query(self._line.text)
        if query.is_empty:
            raise RuleError("nothing to look for")
        return query

    def _search(self) -> None:
        """Look for what is typed by now, from where one was."""
        put_back(self._screen, self._origin)
        self._number += 1
        self._told = ""
        self._enters = self.is_looking = False
        try:
            query = parse_query(self._line.text)
        except AnnotatorError as error:
            self._screen.steps.stop()
            self._told = error.message
            return
        if query.is_empty:
            self._screen.steps.stop()
            return
        page = page_of(self._screen.session)
        if query.asks_annotations and page.annotations.count > CROWDED:
            self._look(query, page)
            return
        try:
            self._show(query, searching.find(page, query, most=MOST, patience=QUICK))
        except UsageError:
            self._look(query, page)

    def _look(self, query: Query, page: Page) -> None:
        """Look in a thread: what is there now, whatever becomes of it meanwhile."""
        self._screen.steps.stop()
        self._told = "looking …"
        self.is_looking = True
        number, made = self._number, list(page.made())

        # No partial: a worker is described by what it is made of, here all annotations.
        def work() -> None:
            self._find(number, query, page, made)

        self._screen.run_worker(work, thread=True, exit_on_error=False)

    def _find(self, number: int, query: Query, page: Page, made: list[Annotation]) -> None:
        """In a thread."""
        stops: list[Stop] = []
        failure = None
        try:
            stops = searching.find(page, query, most=MOST, among=made)
        except AnnotatorError as error:
            failure = error
        self._screen.post_message(self.Found(number, query, stops, failure))

    def awaits(self, message: SearchMode.Found) -> bool:
        """Whether it is about what is typed by now."""
        return message.number == self._number

    def came(self, message: SearchMode.Found) -> tuple[bool, str | None]:
        """Go there, and stay where enter was pressed meanwhile."""
        self.is_looking = False
        if message.error is not None:
            self._told = message.error.message
            return True, None
        self._show(message.query, message.stops)
        return (False, self._enter()) if self._enters else (True, None)

    def _show(self, query: Query, stops: list[Stop]) -> None:
        steps = self._screen.steps
        steps.start(search_queue(query), stops)
        if steps.stops:
            steps.go(steps.nearest())
            self._told = f"{steps.index + 1:,} of {len(steps.stops):,}"
        else:
            self._told = "not found"

    def _enter(self) -> str | None:
        if not self._line.text and self._history:
            self._line = TypedLine(self._history[-1])
            self._search()
        query = self._query()
        if not self._screen.steps.stops:
            raise RuleError(f"{query.source} is not in this document", "Tab looks in all.")
        self._remember()
        self._stays = True
        return None

    def _remember(self) -> None:
        text = self._line.text
        if text in self._history:
            self._history.remove(text)
        if text:
            self._history.append(text)

    def _recall(self, step: int) -> None:
        self._earlier = min(max(0, self._earlier + step), len(self._history))
        here = self._history[self._earlier] if self._earlier < len(self._history) else ""
        self._line = TypedLine(here)
