"""Work that takes longer than a key may: in a thread, its progress told, given up with escape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from textual.message import Message
from textual.worker import Worker, get_current_worker

from annotator.errors import AnnotatorError

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen

Step = tuple[str, str | None]
"""What to tell of the progress, and the document (id) that was changed, if one was."""

_TOLD_EVERY = 20
"""Steps from one word on the progress to the next, where nothing changes."""


class LongWork:
    """One piece of work at a time; the screen shows ``progress`` where no key has said anything."""

    class Came(Message):
        """The work came further, or (``is_over``) to its end."""

        def __init__(self, step: Step, *, is_over: bool = False) -> None:
            super().__init__()
            self.step = step
            self.is_over = is_over

    def __init__(self, screen: AnnotateScreen) -> None:
        self._screen = screen
        self._worker: Worker[None] | None = None
        self.progress = ""

    @property
    def is_going_on(self) -> bool:
        """Whether there is work that could be given up."""
        return self._worker is not None

    def start(self, steps: Iterator[Step], over: Callable[[str], str]) -> None:
        """Begin; ``over`` makes of what was told last what is told at the end."""

        def work() -> None:
            worker, told = get_current_worker(), ""
            try:
                for number, step in enumerate(steps):
                    told = step[0]
                    if worker.is_cancelled:
                        told = f"stopped: {told}"
                        break
                    if step[1] is not None or number % _TOLD_EVERY == 0:
                        self._screen.post_message(self.Came((f"{told} · esc stops", step[1])))
                else:
                    told = over(told)
            except AnnotatorError as error:
                told = f"stopped: {error.message}"
            self._screen.post_message(self.Came((told, None), is_over=True))

        self._worker = self._screen.run_worker(work, thread=True, exit_on_error=False)

    def cancel(self) -> bool:
        """Give the work up; what it has done stays. False where there is none."""
        if self._worker is None:
            return False
        self._worker.cancel()
        return True

    def came(self, message: LongWork.Came) -> None:
        """Take note of how far it is."""
        self.progress = message.step[0]
        if message.is_over:
            self._worker = None

    def forget(self) -> None:
        """A key was pressed: what is over has been told."""
        if self._worker is None:
            self.progress = ""
