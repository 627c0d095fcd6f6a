"""The tutorial's lines above the document: what is to be done next."""

from __future__ import annotations

from textual import events
from textual.strip import Strip

from annotator.core.visual_lines import wrap
from annotator.tui.widgets.text_line import Part, TextLine
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.tutorial import Tutorial


class Tutor(TextLine):
    """As many lines as the step needs."""

    def __init__(self, keys: dict[str, str], *, id: str | None = None) -> None:
        """``keys`` says what to call the key of each command (id)."""
        super().__init__(id=id)
        self._tutorial = Tutorial(keys)
        self._text = ""
        self._rows: tuple[str, ...] = ()

    def look(self, session: AnnotateSession) -> None:
        """Show what is to be done, now that the session is as it is."""
        text = self._tutorial.look(session)
        if text != self._text:
            self._text = text
            self._lay_out()

    @property
    def plain(self) -> str:
        """What is to be done, as plain text."""
        return self._text

    def on_resize(self, event: events.Resize) -> None:
        """Another width, another wrapping."""
        self._lay_out()

    def render_line(self, y: int) -> Strip:
        """One row of the text."""
        width = self.size.width
        row = self._rows[y] if y < len(self._rows) else ""
        parts: tuple[Part, ...] = ((f" {row}", "key"),)
        return self.line((width, parts), lambda: self.painted(parts, (), width))

    def _lay_out(self) -> None:
        if self.size.width > 3:
            wrapped = wrap(self._text, 0, len(self._text), self.size.width - 2)
            self._rows = tuple(row.text.rstrip() for row in wrapped)
        self.styles.height = max(1, len(self._rows))
        self.refresh()
