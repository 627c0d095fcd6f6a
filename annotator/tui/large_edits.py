"""Edits that are too large for a key to wait for: a thread writes them while keys are answered.

What asks for annotations waits until all is taken in, in the order it came (``ReadingOn``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message

from annotator.errors import AnnotatorError
from annotator.workflow.large_edit import LargeEdit

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen


class LargeEdits:
    """What one screen does about large edits, of which there is one at a time."""

    class Came(Message):
        """The edit is written, or was taken in a step further; ``error`` where it could not be."""

        def __init__(self, error: AnnotatorError | None = None) -> None:
            super().__init__()
            self.error = error

    def __init__(self, screen: AnnotateScreen) -> None:
        self._screen = screen
        self._edit: LargeEdit | None = None
        self._steps: Iterator[None] | None = None

    @property
    def is_going_on(self) -> bool:
        """Whether the session and its store are to be left alone."""
        return self._edit is not None

    @property
    def progress(self) -> str:
        """What is being done, in words."""
        return "" if self._edit is None else f"{self._edit.doing} …"

    def begin(self, edit: LargeEdit) -> None:
        """Have it written; keys come first all the while."""
        self._edit, self._steps = edit, None
        self._screen.run_worker(partial(self._write, edit), thread=True, exit_on_error=False)

    def _write(self, edit: LargeEdit) -> None:
        """In a thread."""
        error = None
        try:
            edit.write()
        except AnnotatorError as failure:
            error = failure
        self._screen.post_message(self.Came(error))

    def came(self, message: Came) -> None:
        """Take in the next step, and after the last have done what waited for it."""
        edit, screen = self._edit, self._screen
        assert edit is not None
        if message.error is None:
            self._steps = self._steps or edit.taking_in()
            if next(self._steps, edit) is None:
                screen.bring_in()
                # By way of the loop: a queue that is never empty lets nobody else in.
                asyncio.get_running_loop().call_soon(screen.post_message, self.Came())
                return
        self._edit = None
        screen.then(partial(self._told, edit, message.error))
        screen.reading_on.release()

    def _told(self, edit: LargeEdit, error: AnnotatorError | None) -> str:
        if error is not None:
            raise error
        return edit.told()
