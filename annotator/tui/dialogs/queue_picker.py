"""The places of a queue in a window: in the open document at once, in the project as they come.

The project is looked through in a thread, which says how far it is; closing the window ends it.
"""

from __future__ import annotations

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


class Picked(Struct, frozen=True):
    """The stop chosen by its number, and all that there are; ``of_project`` where from all."""

    stops: list[Stop]
    index: int
    of_project: bool


class QueuePicker(Picker[int]):
    """Type to narrow down, enter goes there; tab looks in the whole project, or here again."""

    BINDINGS = [("tab", "widen", "whole project")]
    KEYS = "enter goes there · tab whole project"
    LISTED = 200
    """How many are shown at most, whatever there are."""

    class Progress(Message):
        """Some more documents were looked through; ``error`` where that came to an end."""

        def __init__(self, found: list[Found], error: AnnotatorError | None = None) -> None:
            super().__init__()
            self.found = found
            self.error = error

    class Here(Message):
        """The open document was looked through; ``error`` where it could not be."""

        def __init__(self, stops: list[Stop], error: AnnotatorError | None) -> None:
            super().__init__()
            self.stops = stops
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
        self._here = stops or []
        self._wide = wide
        self._everywhere: list[tuple[Stop, str]] = []
        self._worker: Worker[None] | None = None
        self._how_far = ""

    def on_mount(self) -> None:
        """The document's places, or the project's as they come."""
        if self._wide:
            self._look()
        elif not self._is_known:
            self._worker = self.run_worker(self._look_here, thread=True, exit_on_error=False)
        self._tell()

    def action_widen(self) -> None:
        """The whole project in place of the document, or the document again."""
        self._wide = not self._wide
        self._end()
        if self._wide:
            self._everywhere = []
            self._look()
        self._fill(self.typed)
        self._tell()

    def on_unmount(self) -> None:
        """Nobody waits for the rest."""
        self._end()

    # -- the project -----------------------------------------------------------------------------

    def _look(self) -> None:
        self._how_far = "looking …"
        self._worker = self.run_worker(self._look_through, thread=True, exit_on_error=False)

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.cancel()
            self._worker = None

    def _look_through(self) -> None:
        """In a thread."""
        worker = get_current_worker()
        batch: list[Found] = []
        count, told = 0, monotonic()
        error: AnnotatorError | None = None
        try:
            session = self._session
            for found in look_through(session.store, session.annotator.id, self._project_queue):
                if worker.is_cancelled:
                    return
                count += len(found.stops)
                batch.append(found)
                if monotonic() - told >= _EVERY:
                    self.post_message(self.Progress(batch))
                    batch, told = [], monotonic()
                if count >= MOST_OF_PROJECT:
                    break
        except AnnotatorError as raised:
            error = raised
        if not worker.is_cancelled:
            self.post_message(self.Progress(batch, error))
            self.post_message(self.Progress([]))

    def _look_here(self) -> None:
        """In a thread: the open document, which nobody changes below this window."""
        worker = get_current_worker()
        stops, error = [], None
        try:
            stops = self._queue.find(page_of(self._session))
        except AnnotatorError as raised:
            error = raised
        if not worker.is_cancelled:
            self.post_message(self.Here(stops, error))

    def on_queue_picker_here(self, event: Here) -> None:
        """Show what the open document has."""
        self._is_known, self._here = True, event.stops
        if event.error is not None:
            self._how_far = event.error.message
        if not self._wide:
            self._fill(self.typed)
        self._tell()

    def on_queue_picker_progress(self, event: Progress) -> None:
        """Show what was found since."""
        if not self._wide:
            return
        before = len(self._everywhere)
        for found in event.found:
            self._everywhere += [
                (stop, f"{found.name} · sentence {number}") for stop, number in found.stops
            ]
        del self._everywhere[MOST_OF_PROJECT:]
        if event.error is not None:
            self._how_far = event.error.message
        elif event.found:
            self._how_far = f"{event.found[-1].done:,} of {event.found[-1].documents:,} documents"
        elif self._how_far == "looking …":
            self._how_far = "no document to look through"
        if len(self._everywhere) != before or not event.found:
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
        rows = self._everywhere if self._wide else self._of_document()
        matching = [n for n, (stop, note) in enumerate(rows) if _holds(words, stop, note)]
        first = 0 if self._wide or words else self._behind_cursor(matching)
        return [
            Choice(n, rows[n][0].title, rows[n][1]) for n in matching[first : first + self.LISTED]
        ]

    def _of_document(self) -> list[tuple[Stop, str]]:
        text, reader = self._session.document.text, self._session.reader
        return [
            (with_title(stop, text), f"sentence {reader.ordinal_at(stop.start) + 1}")
            for stop in self._here
        ]

    def _behind_cursor(self, numbers: list[int]) -> int:
        """Where to begin: at the start where all are listed, else shortly before the cursor."""
        if len(numbers) <= self.LISTED:
            return 0
        here = self._session.reader.cursor.start
        ahead = sum(self._here[n].start < here for n in numbers)
        return max(0, min(ahead - self.LISTED // 2, len(numbers) - self.LISTED))

    def picked(self, index: int) -> Picked:
        """What is chosen with the row of this value."""
        stops = [stop for stop, _ in self._everywhere] if self._wide else self._here
        return Picked(stops, index, self._wide)


def _holds(words: list[str], stop: Stop, note: str) -> bool:
    title = f"{stop.title} {note}".casefold()
    return all(word in title for word in words)
