"""One annotator sitting down: the documents opened from then on, the first ahead of time."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from annotator.store.base import Store
from annotator.workflow.annotate import AnnotateSession

if TYPE_CHECKING:
    from annotator.workflow.learning import Learning


class Sitting:
    """Opens documents for an annotator (name, made if new) in one session of the log.

    ``read_ahead`` reads a document in a thread: SQLite's work goes on beside the loading of a
    screen, which takes longer.
    """

    def __init__(self, store: Store, annotator: str) -> None:
        self._store = store
        self._annotator = store.annotator(annotator, create=True)
        self._ahead: _Reading | None = None

    @cached_property
    def _session(self) -> str:
        """Begun with the first document: by its thread, which can wait for the disk."""
        return self._store.start_session(self._annotator.id)

    def learning(self, project: Path) -> Learning:
        """Engines that learn from what is finished in this sitting; ``project`` is the file."""
        from annotator.workflow.learning import Learning

        return Learning(self._store, project, self._annotator.id)

    def read_ahead(self, document: str) -> None:
        """Begin to read the document (id) that ``open`` will be asked for first."""
        self._ahead = _Reading(self, document)
        self._ahead.start()

    def open(self, document: str) -> AnnotateSession:
        """The session of a document (id); of a large one, at first what is near the cursor."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead.document == document:
            return ahead.result()
        return self.read(document)

    def read(self, document: str) -> AnnotateSession:
        """Read a document (id), and wait for it."""
        return AnnotateSession(
            self._store, document, self._annotator, self._session, near_cursor_first=True
        )


class _Reading(Thread):
    """A document being read; what went wrong is raised where the result is asked for."""

    def __init__(self, sitting: Sitting, document: str) -> None:
        super().__init__(name="read-ahead")
        self.document = document
        self._sitting = sitting
        self._found: AnnotateSession | None = None
        self._error: Exception | None = None

    def run(self) -> None:
        """Read it."""
        try:
            self._found = self._sitting.read(self.document)
        except Exception as error:  # noqa: BLE001 - raised again, in the thread that asks
            self._error = error

    def result(self) -> AnnotateSession:
        """The session, once it is read. Raises what reading it raised."""
        self.join()
        if self._error is not None:
            raise self._error
        assert self._found is not None
        return self._found
