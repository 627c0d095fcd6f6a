"""The status line: where the annotator is, what the last key did, and that it is saved."""

from __future__ import annotations

from annotator.tui.widgets.text_line import Part, TextLine
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.suggestion_actions import name_of, source_of


class StatusLine(TextLine):
    """Document, sentence, progress and annotator at the left, the last message at the right."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._place: tuple[Part, ...] = ()
        self._message: Part = ("", "plain")
        self._saved = True
        self._waited = 0.0

    def show_place(self, session: AnnotateSession, queue: str) -> None:
        """Say where the annotator is, and what is gone through (``queue``), and how far."""
        place: tuple[Part, ...] = (
            (f" {session.document.name}", "strong"),
            (f"  sentence {session.reader.ordinal + 1}/{len(session.sentences)}", "plain"),
            (f"  {session.done_count} done", "plain"),
        )
        suggested, suggestion = session.annotations.suggested.count, session.suggestions.focus
        if suggested:
            place += ((f"  {suggested} suggested", "plain"),)
        if suggestion is not None:
            place += ((f"  ?{name_of(suggestion)} {source_of(suggestion)}", "key"),)
        if queue:
            place += ((f"  » {queue}", "strong"),)
        self._place = (*place, (f"  {session.annotator.name}", "dim"))
        self._show()

    def say(self, message: str, *, warning: bool = False, saved: bool = True) -> None:
        """Say what the last key did, or (``warning``) why it did nothing.

        ``saved`` is False where the project could not take what the key meant.
        """
        self._message = (message, "warning" if warning else "plain")
        self._saved = saved
        self._show()

    def wait(self, seconds: float) -> None:
        """Say for how many seconds the key has waited for another program by now; 0: no longer."""
        self._waited = seconds
        self._show()

    def _show(self) -> None:
        text, kind = self._message
        right: tuple[Part, ...] = (("saved ", "dim") if self._saved else ("NOT SAVED ", "warning"),)
        if self._waited:
            words = f"waiting for another program that is writing … {self._waited:.0f} s "
            right = ((words, "warning"),)
        elif text:
            mark = "✗ " if kind == "warning" else ""
            right = ((f"{mark}{text}  ", kind), *right)
        self.show(self._place, right)
