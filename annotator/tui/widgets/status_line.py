"""The status line: where the annotator is, what the last key did, and that it is saved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from textual import events
from textual.message import Message
from textual.strip import Strip

from annotator.core.safe_text import cell_width, cut_within, safe
from annotator.core.visual_lines import wrap
from annotator.tui.widgets.text_line import Part, TextLine
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.suggestion_actions import name_of, source_of

_MOST_LINES = 5
"""Lines that a long message may take above the status."""

_SUGGESTED = " suggested"
_LEAST_NAME = 12
"""Cells of a document's name that are shown at least."""


class StatusLine(TextLine):
    """Document, sentence, progress and annotator at the left, the last message at the right.

    A message that the line has no room for beside document, sentence and queue stands above it,
    until the next key.
    """

    class Wanted(Message):
        """A click on the document's name (``documents``) or on what is suggested."""

        def __init__(self, what: Literal["documents", "suggestion"]) -> None:
            super().__init__()
            self.what = what

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._place: tuple[Part, ...] = ()
        self._message: Part = ("", "plain")
        self._saved = True
        self._waited = 0.0
        self._above: tuple[str, ...] = ()

    def show_session(
        self,
        session: AnnotateSession,
        queue: str,
        message: str,
        *,
        warning: bool = False,
        saved: bool = True,
    ) -> None:
        """Say where the annotator is, what is gone through (``queue``) and how far; and what the
        last key did, or (``warning``) why it did nothing.

        ``saved`` is False where the project could not take what the key meant.
        """
        suggested, suggestion = session.annotations.suggested.count, session.suggestions.next
        what = "" if suggestion is None else f"  ?{name_of(suggestion)} {source_of(suggestion)}"
        self._place = (
            (f" {session.document.name}", "strong"),
            (f"  sentence {session.reader.ordinal + 1}/{len(session.sentences)}", "plain"),
            (f"  {session.done_count} done", "plain"),
            (f"  {suggested}{_SUGGESTED}" if suggested else "", "plain"),
            (what, "key"),
            (f"  » {queue}" if queue else "", "strong"),
            (f"  {session.annotator.name}", "dim"),
        )
        self._message = (message, "warning" if warning else "plain")
        self._saved = saved
        self._show()

    def wait(self, seconds: float) -> None:
        """Say for how many seconds the key has waited for another program by now; 0: no longer."""
        self._waited = seconds
        self._show()

    @property
    def plain(self) -> str:
        """All that is said, as plain text, be there room for it or not."""
        said = "".join(text for text, _ in (*self._place, *self._right))
        return f"{' '.join(self._above)} {said}" if self._above else said

    def on_resize(self, event: events.Resize) -> None:
        """Another width may have room for the message, or none."""
        self._show()

    def on_click(self, event: events.Click) -> None:
        """On the name: the documents; on what is suggested: the next of it."""
        part = self.left_at(event.x) if event.y == len(self._above) else ""
        if part and part == self._left[0][0]:
            self.post_message(self.Wanted("documents"))
        elif part.endswith(_SUGGESTED):
            self.post_message(self.Wanted("suggestion"))

    def render_line(self, y: int) -> Strip:
        """A line of the long message, or the status below it."""
        if y >= len(self._above):
            return super().render_line(y)
        text, width = self._above[y], self.size.width
        parts: tuple[Part, ...] = ((f" {text}", self._message[1]),)
        return self.line((width, parts), lambda: self.painted(parts, (), width))

    def _show(self) -> None:
        text, kind = self._message
        right: tuple[Part, ...] = (("saved ", "dim") if self._saved else ("NOT SAVED ", "warning"),)
        if self._waited:
            words = f"waiting for another program that is writing … {self._waited:.0f} s "
            right, text = ((words, "warning"),), ""
        said = f"{'✗ ' if text and kind == 'warning' else ''}{text}"
        self._stand_above(said, cell_width(right[0][0]))
        if text and not self._above:
            right = ((f"{said}  ", kind), *right)
        room = self.size.width - sum(cell_width(safe(text)) for text, _ in right) - 1
        self.show(_fitting(self._named(), room), right)

    def _named(self) -> tuple[Part, ...]:
        """The place, a long name of a document cut."""
        if not self._place:
            return ()
        (name, kind), *rest = self._place
        most = max(_LEAST_NAME, self.size.width * 2 // 5)
        return ((f" {cut_within(name[1:], most)}", kind), *rest)

    def _stand_above(self, said: str, taken: int) -> None:
        """Put a message that is too long for the line, ``taken`` cells aside, above it."""
        width = self.size.width
        above: tuple[str, ...] = ()
        kept = _cells(part for n, part in enumerate(self._named()) if n not in _LEAVING)
        if width > 3 and said and cell_width(safe(said)) + taken + kept + 4 > width:
            rows = wrap(said, 0, len(said), width - 2)[:_MOST_LINES]
            above = tuple(row.text.rstrip() for row in rows)
        if above != self._above:
            self._above = above
            self.styles.height = 1 + len(above)
            self.refresh()


_LEAVING = (6, 2, 3, 4)
"""Parts of the place, by their numbers, in the order in which they go where there is no room: the
annotator, how much is done and suggested, and the suggestion that is next."""


def _fitting(place: tuple[Part, ...], room: int) -> tuple[Part, ...]:
    """The parts for which there is room in so many cells; the rest may still be too long."""
    gone: set[int] = set()
    for number in _LEAVING:
        if _cells(part for n, part in enumerate(place) if n not in gone) <= room:
            break
        gone.add(number)
    return tuple(part for n, part in enumerate(place) if n not in gone and part[0])


def _cells(parts: Iterable[Part]) -> int:
    return sum(cell_width(safe(text)) for text, _ in parts)
