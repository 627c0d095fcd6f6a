"""The places of a queue in a window: in the open document at once, in the project as they come.

The project is looked through in a thread, which says how far it is; closing the window ends it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import islice
from time import monotonic

from msgspec import Struct
from textual.message import Message
from textual.worker import Worker, get_current_worker

from annotator.core.page import Stop
from annotator.errors import AnnotatorError
from annotator.tui.dialogs.picker import Choice, Picker
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.queues import Found, Queue, look_through, page_of, with_title

_EVERY = 0.1
"""Seconds between two reports from the thread."""
MOST_OF_PROJECT = 10_000
"""Places of a queue in the project."""


class Row(Struct, frozen=True, gc=False):
    """A place, its sentence (and document) beside it, and the letters that are looked in."""

    stop: Stop
    note: str
    folded: str


class Picked(Struct, frozen=True):
    """The stop chosen by its number, and all that there are; ``of_project`` where from all."""

    stops: list[Stop]
    index: int
    of_project: bool


class QueuePicker(Picker[int]):
    """Type to narrow down, enter goes there; tab looks in the whole project, or here again."""

    BINDINGS = [("tab", "widen", "whole project")]
    KEYS = "enter goes there"

    class Progress(Message):
        """Some more documents were looked through; ``error`` where that came to an end."""

        def __init__(
            self, rows: list[Row], last: Found | None, error: AnnotatorError | None = None
        ) -> None:
            super().__init__()
            self.rows = rows
            self.last = last
            self.error = error

    class Here(Message):
        """The open document was looked through; ``error`` where it could not be."""

        def __init__(self, rows: list[Row], error: AnnotatorError | None) -> None:
            super().__init__()
            self.rows = rows
            self.error = error

    def __init__(
        self,
        session: AnnotateSession,
        queue: Queue,
        project_queue: Queue,
        stops: list[Stop] | None,
        *,
        wide: bool = False,
    ) -> None:
        """``stops`` are those of the open document, None where they are to be looked for here;
        ``wide`` begins with the project."""
        super().__init__(queue.title, ())
        self._session = session
        self._project_queue = project_queue
        self._queue = queue
        self._is_known = stops is not None
        self._here = list(self._rows_here(stops or []))
        self._wide = wide
        self._everywhere: list[Row] = []
        self._worker: Worker[None] | None = None
        self._how_far = ""

    def on_mount(self) -> None:
        """The document's places, or the project's as they come."""
        self._begin()
        self._tell()

    @property
    def keys(self) -> str:
        """Tab leads to the other of the two."""
        return f"{self.KEYS} · tab {'this document' if self._wide else 'whole project'}"

    def action_widen(self) -> None:
        """The whole project in place of the document, or the document again."""
        self._wide = not self._wide
        self._end()
        self._begin()
        self._fill(self.typed)
        self._tell()

    def on_unmount(self) -> None:
        """Nobody waits for the rest."""
        self._end()

    # -- the project -----------------------------------------------------------------------------

    def _begin(self) -> None:
        """Look for what is to be shown and is not known."""
        if self._wide:
            self._everywhere = []
            self._how_far = "looking …"
        elif self._is_known:
            return
        work = self._look_through if self._wide else self._look_here
        self._worker = self.run_worker(work, thread=True, exit_on_error=False)

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.cancel()
            self._worker = None

    def _look_through(self) -> None:
        """In a thread."""
        worker = get_current_worker()
        batch: list[Row] = []
        count, told = 0, monotonic()
        error: AnnotatorError | None = None
        found: Found | None = None
        try:
            session = self._session
            for found in look_through(session.store, session.annotator.id, self._project_queue):
                if worker.is_cancelled:
                    return
                count += len(found.stops)
                batch += _rows_of(found)
                if monotonic() - told >= _EVERY:
                    self.post_message(self.Progress(batch, found))
                    batch, told = [], monotonic()
                if count >= MOST_OF_PROJECT:
                    break
        except AnnotatorError as raised:
            error = raised
        if not worker.is_cancelled:
            self.post_message(self.Progress(batch, found, error))
            self.post_message(self.Progress([], None))

    def _look_here(self) -> None:
        """In a thread: the open document, which nobody changes below this window."""
        worker = get_current_worker()
        rows: list[Row] = []
        error = None
        try:
            for row in self._rows_here(self._queue.find(page_of(self._session))):
                if worker.is_cancelled:
                    return
                rows.append(row)
        except AnnotatorError as raised:
            error = raised
        if not worker.is_cancelled:
            self.post_message(self.Here(rows, error))

    def on_queue_picker_here(self, event: Here) -> None:
        """Show what the open document has."""
        self._is_known, self._here = True, event.rows
        if event.error is not None:
            self._how_far = event.error.message
        if not self._wide:
            self._fill(self.typed)
        self._tell()

    def on_queue_picker_progress(self, event: Progress) -> None:
        """Show what was found since."""
        if not self._wide:
            return
        is_full = not self.typed and len(self._everywhere) >= self.LISTED
        self._everywhere += event.rows
        del self._everywhere[MOST_OF_PROJECT:]
        if event.error is not None:
            self._how_far = event.error.message
        elif event.last is not None:
            self._how_far = f"{event.last.done:,} of {event.last.documents:,} documents"
        elif self._how_far == "looking …":
            self._how_far = "no document to look through"
        if not is_full and (event.rows or event.last is None):
            self._fill(self.typed)
        self._tell()

    def _tell(self) -> None:
        stops = len(self._everywhere) if self._wide else len(self._here)
        count = f"{stops:,}{'+' if stops >= MOST_OF_PROJECT else ''}"
        here = f"{count} here" if self._is_known else "looking …"
        where = f"{count} in the project · {self._how_far}" if self._wide else here
        self.retitle(f"{self._title} · {where}")

    # -- the list --------------------------------------------------------------------------------

    def found(self, typed: str) -> list[Choice[int]]:
        """The places whose titles hold every word typed; of too many those from the cursor on."""
        words = typed.casefold().split()
        rows = self._everywhere if self._wide else self._here
        if words:
            holding = (n for n, row in enumerate(rows) if all(w in row.folded for w in words))
            numbers: Iterable[int] = islice(holding, self.LISTED)
        else:
            first = 0 if self._wide else self._behind_cursor()
            numbers = range(first, min(first + self.LISTED, len(rows)))
        text = self._session.document.text
        titled = ((n, with_title(rows[n].stop, text), rows[n].note) for n in numbers)
        return [Choice(n, stop.title, note) for n, stop, note in titled]

    def _rows_here(self, stops: Iterable[Stop]) -> Iterator[Row]:
        text, reader = self._session.document.text, self._session.reader
        for stop in stops:
            note = f"sentence {reader.ordinal_at(stop.start) + 1}"
            yield _row(stop, with_title(stop, text).title, note)

    def _behind_cursor(self) -> int:
        """Where to begin: at the start where all are listed, else shortly before the cursor."""
        if len(self._here) <= self.LISTED:
            return 0
        here = self._session.reader.cursor.start
        ahead = bisect_left(self._here, here, key=lambda row: row.stop.start)
        return max(0, min(ahead - self.LISTED // 2, len(self._here) - self.LISTED))

    def picked(self, index: int) -> Picked:
        """What is chosen with the row of this value."""
        rows = self._everywhere if self._wide else self._here
        return Picked([row.stop for row in rows], index, self._wide)


def _row(stop: Stop, title: str, note: str) -> Row:
    return Row(stop, note, f"{title} {note}".casefold())


def _rows_of(found: Found) -> Iterator[Row]:
    for stop, number in found.stops:
        yield _row(stop, stop.title, f"{found.name} · sentence {number}")
