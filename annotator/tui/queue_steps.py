"""The queue that F3 goes through: where it is, and what of it lies in the text in sight."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import chain
from typing import TYPE_CHECKING

from annotator.core.edits import Changes
from annotator.core.page import Stop, in_order
from annotator.core.touched import touched
from annotator.errors import AnnotatorError, RuleError
from annotator.tui.matches import NO_MATCHES, Matches
from annotator.tui.places import visit
from annotator.workflow.queues import MOST, Queue, page_of

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen

Place = tuple[str, int]


class QueueSteps:
    """Steps through the stops of one queue, in the open document or over the project."""

    def __init__(self, screen: AnnotateScreen) -> None:
        self._screen = screen
        self.stop()

    def stop(self) -> None:
        """No queue any more."""
        self.queue: Queue | None = None
        self.stops: list[Stop] = []
        self.index = -1
        self.of_project = False
        self.matches = NO_MATCHES
        self._order: dict[str, int] = {}
        self._left_at: Place | None = None
        self._changes: list[Changes] = []

    def start(
        self, queue: Queue, stops: list[Stop] | None = None, *, of_project: bool = False
    ) -> None:
        """Take up a queue in the open document, with its ``stops`` where they are known already."""
        found = self.find(queue) if stops is None else stops
        self.stop()
        self.queue = queue
        self.of_project = of_project
        self._take(found)

    def find(self, queue: Queue) -> list[Stop]:
        """The queue's stops in the open document. Raises AnnotatorError where it cannot look."""
        return queue.find(page_of(self._screen.session))

    def _take(self, stops: list[Stop]) -> None:
        self.stops = stops
        self._changes.clear()
        documents = dict.fromkeys(stop.document for stop in stops)
        self._order = {document: n for n, document in enumerate(documents)}
        self._mark()

    def _mark(self) -> None:
        here = self._screen.session.document.id
        is_search = self.queue is not None and self.queue.is_search
        self.matches = Matches([s for s in self.stops if s.document == here] if is_search else ())

    def changed(self, changes: Changes = ()) -> None:
        """An edit was made: what was found may be so no longer."""
        if self.queue is not None and self.queue.follows_edits:
            self._changes.append(changes)

    def opened(self) -> None:
        """Another document is open: a queue of one document goes on there."""
        if self.queue is None:
            return
        if self.of_project:
            self._mark()
            return
        self.index, self._left_at = -1, None
        try:
            self._take(self.find(self.queue))
        except AnnotatorError:
            self.stop()

    # -- stepping --------------------------------------------------------------------------------

    def step(self, direction: int) -> str | None:
        """Go to the next (1) or previous (-1) stop; behind the last comes the first."""
        if self.queue is None:
            raise RuleError(
                "nothing is looked for", "{search} searches, {go_to} goes through a queue."
            )
        gone = self._refresh()
        if not self.stops:
            raise RuleError(f"{self.queue.title}: nothing is left")
        index = self._next(direction, gone)
        around = not 0 <= index < len(self.stops)
        self.go(index % len(self.stops))
        if not around or len(self.stops) == 1:
            return None
        return "from the beginning" if direction > 0 else "from the end"

    def go(self, index: int) -> None:
        """Go to a stop by its number from 0."""
        self.index = index
        visit(self._screen, self.stops[index])
        self._left_at = self._here()

    def nearest(self) -> int:
        """The first stop at or behind the cursor; the first of all where there is none."""
        if not self.stops:
            return -1
        index = bisect_left(self.stops, self._key(self._here()), key=self._key_of)
        return index % len(self.stops)

    def _refresh(self) -> bool:
        """Look again where an edit was made; whether the stop where one is has gone."""
        if not self._changes or self.queue is None:
            return False
        before = self.stops
        current = before[self.index] if 0 <= self.index < len(before) else None
        here = self._screen.session.document.id
        new = self._find_again(self.queue)
        first = next((n for n, s in enumerate(self.stops) if s.document == here), None)
        if first is None:
            first = len(self.stops)
        others = [s for s in self.stops if s.document != here]
        self._take([*others[:first], *new, *others[first:]])
        if current is None or current in self.stops:
            self.index = self.stops.index(current) if current else -1
            return False
        self.index = self._after(before[: self.index], current)
        return True

    def _find_again(self, queue: Queue) -> list[Stop]:
        """The stops of the open document after the edits: where they touch it, as a rule."""
        page = page_of(self._screen.session)
        # An edit without changes may have changed anything.
        where = touched(page, list(chain(*self._changes))) if all(self._changes) else None
        if queue.again is None or where is None:
            return queue.find(page)
        where, found = queue.again(page, where)
        kept = where.leaves((s for s in self.stops if s.document == page.document), page)
        return in_order([*kept, *found])

    def _after(self, before: list[Stop], gone: Stop) -> int:
        """The number of the stop that took the place of one that is gone, behind ``before``."""
        key = self._key_of(gone)
        first = bisect_left(self.stops, key, key=self._key_of)
        beside = [stop for stop in before if self._key_of(stop) == key]
        return first + sum(stop in beside for stop in self.stops[first : first + len(beside)])

    def _next(self, direction: int, gone: bool) -> int:
        if self.queue is not None and self.queue.everywhere is not None and self.of_project:
            return self.index + direction
        if self._left_at == self._here() and self.index >= 0:
            if gone:
                return self.index if direction > 0 else self.index - 1
            return self.index + direction
        key = self._key(self._here())
        if direction > 0:
            return bisect_right(self.stops, key, key=self._key_of)
        return bisect_left(self.stops, key, key=self._key_of) - 1

    def _here(self) -> Place:
        session = self._screen.session
        return session.document.id, session.reader.cursor.start

    def _key(self, place: Place) -> tuple[int, int]:
        return self._order.get(place[0], len(self._order)), place[1]

    def _key_of(self, stop: Stop) -> tuple[int, int]:
        return self._key((stop.document, stop.start))

    # -- in words --------------------------------------------------------------------------------

    @property
    def shown(self) -> str:
        """For the status line: what is gone through, and how far."""
        if self.queue is None:
            return ""
        title = f"/{self.queue.title}" if self.queue.is_search else self.queue.title
        if self._changes:
            return title
        count = f"{len(self.stops):,}{'+' if len(self.stops) >= MOST else ''}"
        return f"{title} {self.index + 1:,} of {count}" if self.index >= 0 else f"{title} {count}"
