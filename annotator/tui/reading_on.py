"""Of a large document the first picture shows what lies near; the rest is read in a thread.

Moving about goes on meanwhile. What needs the rest waits for it, in the order it was asked for; and
so it does for a large edit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from textual import events
from textual.message import Message

from annotator.errors import AnnotatorError, SchemaChangedError
from annotator.tui.keymap import key_name
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.rest import Rest, read_rest

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen

_AT_ONCE: Final = frozenset((
    "token_left", "token_right", "line_up", "line_down", "sentence_next", "sentence_previous",
    "line_start", "line_end", "document_start", "document_end", "page_up", "page_down",
    "select_left", "select_right", "select_up", "select_down", "document_next",
    "document_previous", "toggle_inspector", "toggle_lanes", "help", "quit",
))  # fmt: skip
"""Commands that ask for no annotation."""

_LEAVING: Final = frozenset(("document_next", "document_previous", "quit"))
"""Those of them for which a large edit must be at its end."""


class ReadingOn:
    """Reads the rest of what one screen shows, and holds back what needs it."""

    class Read(Message):
        """The rest of a session was read; ``error`` where it could not be."""

        def __init__(
            self, session: AnnotateSession, rest: Rest | None, error: AnnotatorError | None
        ) -> None:
            super().__init__()
            self.session = session
            self.rest = rest
            self.error = error

    def __init__(self, screen: AnnotateScreen) -> None:
        self._screen = screen
        self._reads: AnnotateSession | None = None
        self._waiting: deque[Callable[[], object]] = deque()

    @property
    def progress(self) -> str:
        """What to tell while something waits."""
        large = self._screen.large_edits.progress
        if large or not self._waiting:
            return large
        return "reading the annotations · esc gives it up"

    @property
    def is_free(self) -> bool:
        """Whether nothing has to wait."""
        return self._screen.session.is_complete and not self._screen.large_edits.is_going_on

    @property
    def is_at_work(self) -> bool:
        """Whether a thread may have the project for longer than a key may wait."""
        return self._reads is not None or self._screen.large_edits.is_going_on

    def begin(self) -> None:
        """Read on, unless that is being done or nothing is left to read."""
        session = self._screen.session
        if session.is_complete or self._reads is session:
            return
        self._reads = session
        self._screen.run_worker(partial(self._read, session), thread=True, exit_on_error=False)

    def _read(self, session: AnnotateSession) -> None:
        """In a thread."""
        rest, failure = None, None
        try:
            rest = read_rest(session)
        except AnnotatorError as error:
            failure = error
        self._screen.post_message(self.Read(session, rest, failure))

    def then(self, action: Callable[[], object]) -> None:
        """Do it once all is read: now, as a rule."""
        if self.is_free:
            action()
            return
        self._waiting.append(action)
        self.begin()

    def keeps(self, event: events.Key) -> bool:
        """Whether a key has to wait; escape gives up what waits."""
        screen = self._screen
        if self.is_free:
            return False
        command = screen.keymap.command(key_name(event.key, event.character))
        id = "" if command is None else command.id
        if id == "clear" and self._waiting:
            self._waiting.clear()
        elif self._waiting or screen.mode is not None or not self._may_at_once(id):
            self.then(partial(screen.on_key, event))
        else:
            return False
        screen.bring_in()
        return True

    def _may_at_once(self, command: str) -> bool:
        is_leaving = command in _LEAVING and self._screen.large_edits.is_going_on
        return command in _AT_ONCE and not is_leaving

    def release(self) -> None:
        """Do what waited, as long as nothing of it has to be waited for again."""
        waiting, self._waiting = self._waiting, deque()
        while waiting and self.is_free:
            waiting.popleft()()
        self._waiting.extend(waiting)

    def forget(self) -> None:
        """Another document is shown: what waited for this one is not meant for it."""
        self._waiting.clear()

    def came(self, message: ReadingOn.Read) -> None:
        """Show what was read, and do what waited for it."""
        screen = self._screen
        if message.session is self._reads:
            self._reads = None
        if message.session is not screen.session:
            return
        if message.rest is None:
            self._waiting.clear()
            self._give_up(message.error)
            return
        screen.session.take_over(message.rest)
        screen.bring_in()
        self.release()

    def _give_up(self, error: AnnotatorError | None) -> None:
        """Say why it could not be read; under another schema it is read anew."""
        assert error is not None
        if isinstance(error, SchemaChangedError):
            self._screen.catching_up.open_anew(error)
            self._screen.bring_up_to_date()
        else:
            self._screen.warn(error)
