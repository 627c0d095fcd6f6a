"""Edits of very many changes: written beside the keys, and brought to memory in small steps.

Each is one transaction and one edit of the log, like any other. Only who waits for it differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from annotator.core.edits import Changes, Edit

if TYPE_CHECKING:
    from annotator.workflow.annotate import AnnotateSession

MANY: Final = 250
"""Changes beyond which an edit is large: each takes a tenth of a millisecond to be made."""

_STEP: Final = 250
"""Changes that are brought to memory at once."""


class LargeEdit:
    """What a key asks for and a thread may do, while the screen goes on showing the document.

    First ``write`` is called, in any thread; then ``taking_in`` is gone through, by who holds the
    session. From before the first until after the second nothing else may change the session or
    what it holds; the cursor may be moved. ``doing`` says what is done, for who waits.
    """

    def __init__(
        self,
        session: AnnotateSession,
        doing: str,
        write: Callable[[], Sequence[Changes]],
        show: Callable[[], None],
        told: Callable[[], str],
    ) -> None:
        """``write`` gives what it changed, edit by edit; then ``show`` puts the cursor where that
        is seen, and ``told`` says in words what was done."""
        self.doing = doing
        self.told = told
        self._session = session
        self._moves = session.reader.moves
        self._write = write
        self._show = show
        self._written: Sequence[Changes] = ()
        self._unseen: list[tuple[int, Edit]] = []
        self._number = 0

    def write(self) -> None:
        """Write it, all or nothing. Raises what the store raises."""
        session = self._session
        with session.store.transaction():
            self._unseen = session.elsewhere.unseen()
            self._written = self._write()
            number = session.store.last_edit(session.document.id)
        self._number = number

    def taking_in(self) -> Iterator[None]:
        """Bring what was written to memory, step by step.

        The cursor goes where something changed, unless it was moved since it was asked for.
        """
        session = self._session
        session.elsewhere.take_in(self._unseen)
        session.elsewhere.seen(self._number)
        for changes in self._written:
            for first in range(0, len(changes), _STEP):
                session.take_in(session.elsewhere.news(changes[first : first + _STEP]))
                yield
        if session.reader.moves == self._moves:
            self._show()
