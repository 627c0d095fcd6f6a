"""The windows in which a screen asks, until their answers have been acted upon.

A window is gone a moment before the screen is given its answer. What others made meanwhile must not
come in between: the answer is about what was there when it was asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from annotator.tui.dialogs.dialog import Dialog
    from annotator.tui.screens.annotate import AnnotateScreen

T = TypeVar("T")


class Asking:
    """What one screen has asked and not been answered yet."""

    def __init__(self, screen: AnnotateScreen) -> None:
        self._screen = screen
        self._open = 0

    @property
    def is_going_on(self) -> bool:
        """Whether a window is open, or an answer on its way."""
        return self._open > 0

    def ask(self, window: Dialog[T], answered: Callable[[T | None], None]) -> None:
        """Open a window; ``answered`` acts on its answer, None where it was given up."""

        def act(answer: T | None) -> None:
            self._open -= 1
            answered(answer)

        self._open += 1
        self._screen.app.push_screen(window, act)
