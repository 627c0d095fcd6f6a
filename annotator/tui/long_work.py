"""Work that takes longer than a key may: in a thread, its progress told, given up with escape."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Event
from typing import TYPE_CHECKING, Final

from textual.message import Message
from textual.worker import get_current_worker

from annotator.errors import AnnotatorError

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen

Step = tuple[str, str | None]
"""What to tell of the progress, and the document (id) that was changed, if one was."""

TOLD_EVERY: Final = 0.1
"""Seconds from one word on the progress to the next: each has the screen brought up to date."""


class LongWork:
    """One piece of work at a time; the screen shows ``progress`` where no key has said anything."""

    class Came(Message):
        """The work came further, or (``is_over``) to its end; ``changed`` are documents (ids)."""

        def __init__(self, told: str, changed: frozenset[str], *, is_over: bool = False) -> None:
            super().__init__()
            self.told = told
            self.changed = changed
            self.is_over = is_over

    def __init__(self, screen: AnnotateScreen, clock: Callable[[], float] = time.monotonic) -> None:
        self._screen = screen
        self._clock = clock
        self._given_up: Event | None = None  # there is one while work is going on
        self.progress = ""
        self.unseen: set[str] = set()
        """The documents (ids) that were changed, until the screen shows them as they are."""

    @property
    def is_going_on(self) -> bool:
        """Whether there is work that could be given up."""
        return self._given_up is not None

    def start(self, steps: Iterator[Step], over: Callable[[str], str]) -> None:
        """Begin; ``over`` makes of what was told last what is told at the end."""
        given_up = Event()

        def work() -> None:
            worker, told, last = get_current_worker(), "", self._clock()
            changed: set[str] = set()
            try:
                for told, document in steps:
                    if document is not None:
                        changed.add(document)
                    if given_up.is_set() or worker.is_cancelled:
                        told = f"stopped: {told}"
                        break
                    if self._clock() - last >= TOLD_EVERY:
                        message = self.Came(f"{told} · esc stops", frozenset(changed))
                        self._screen.post_message(message)
                        changed, last = set(), self._clock()
                else:
                    told = over(told)
            except AnnotatorError as error:
                told = f"stopped: {error.message}"
            self._screen.post_message(self.Came(told, frozenset(changed), is_over=True))

        self.progress = "begun · esc stops"
        self._given_up = given_up
        self._screen.run_worker(work, thread=True, exit_on_error=False)

    def cancel(self) -> bool:
        """Give the work up; what it has done stays. False where there is none.

        A worker that is cancelled before its thread begins never does, and would tell no end.
        """
        if self._given_up is None:
            return False
        self._given_up.set()
        return True

    def came(self, message: LongWork.Came) -> None:
        """Take note of how far it is."""
        self.progress = message.told
        self.unseen |= message.changed
        if message.is_over:
            self._given_up = None

    def forget(self) -> None:
        """A key was pressed: what is over has been told."""
        if self._given_up is None:
            self.progress = ""
