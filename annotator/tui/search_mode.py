"""``/``: the search is typed on the bar, and each letter goes to the first match at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.core.query import Query, parse_query
from annotator.errors import AnnotatorError, RuleError
from annotator.tui.keymap import shown
from annotator.tui.modes import Keys
from annotator.tui.places import place_of, put_back
from annotator.tui.typed_line import TypedLine
from annotator.workflow.queues import search_queue

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen

_KEYS: Keys = (("enter", "stay"), ("f3", "next"), ("tab", "whole project"), ("esc", "back"))
_HELP: Keys = (("words /regex/ label: actor: note: flagged", ""), ("↑", "earlier"), ("esc", "back"))
_ROOM = 50
"""Cells for the keys beside what is typed."""


class SearchMode:
    """Escape goes back to where one was; enter stays, and F3 goes on from there."""

    stays_on = True

    def __init__(self, screen: AnnotateScreen, history: list[str]) -> None:
        """``history`` holds the searches so far, the last one last, and takes this one in."""
        self._screen = screen
        self._history = history
        self._earlier = len(history)
        self._line = TypedLine()
        self._told = ""
        self._origin = place_of(screen)
        self._stays = False

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
        steps = self._screen.steps
        put_back(self._screen, self._origin)
        self._told = ""
        try:
            query = parse_query(self._line.text)
            if query.is_empty:
                steps.stop()
                return
            steps.start(search_queue(query))
        except AnnotatorError as error:
            steps.stop()
            self._told = error.message
            return
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
