"""What came so shortly before a key that whoever pressed it cannot have read it.

An answer is meant for what was on the screen when the finger set out. What engines propose comes
in while nobody types, but may come just then: such a key answers nothing, and says so. Only the
first key after an arrival can be such a one, and nothing else comes until it is pressed again, or
another: what stands there by then is what it answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from annotator.core.annotation import Suggestion
from annotator.errors import RuleError
from annotator.tui.pauses import Pauses
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.suggestion_actions import name_of

GLANCE = 0.3
"""Seconds from what is seen to the key that answers it: nobody is faster."""


class Arrivals:
    """Knows which suggestions the last arrival brought before the one who is to answer them."""

    def __init__(self, keyboard: Pauses) -> None:
        self._keyboard = keyboard
        self._came: frozenset[str] = frozenset()
        self._at = 0.0
        self._keys = self._refused = -1

    @contextmanager
    def watched(self, session: AnnotateSession) -> Iterator[None]:
        """What changes meanwhile came without a key."""
        next_, there = _asked_for(session)
        try:
            yield
        finally:
            now_next, now_there = _asked_for(session)
            came = now_there - there
            if now_next is not None and now_next != next_:
                came |= {now_next}
            if came:
                self._came, self._at = came, self._keyboard.now
                self._keys = self._keyboard.keys

    def need_read(self, suggestions: list[Suggestion]) -> None:
        """Raise RuleError where one of these came too late to be read before this key."""
        keyboard = self._keyboard
        if keyboard.keys != self._keys or keyboard.now - self._at >= GLANCE:
            return
        for suggestion in suggestions:
            if suggestion.id in self._came:
                self._refused = keyboard.keys + 1
                raise RuleError(
                    f"{name_of(suggestion)} came just now", "Press the key again to answer."
                )

    @property
    def may_come(self) -> bool:
        """Whether no key stands refused, to be pressed again."""
        return self._keyboard.keys != self._refused


def _asked_for(session: AnnotateSession) -> tuple[str | None, frozenset[str]]:
    """The suggestion (id) that is next, and those of the sentence."""
    asked = session.suggestions.next
    there = frozenset(s.id for s in session.suggestions.in_sentence)
    return (None if asked is None else asked.id), there
