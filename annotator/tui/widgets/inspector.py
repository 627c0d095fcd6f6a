"""The inspector: what lies at the cursor, in words. Only lines that differ are painted anew."""

from __future__ import annotations

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip

from annotator.core.visual_lines import wrap
from annotator.tui.inspecting import Line, described
from annotator.tui.keymap import Keymap
from annotator.tui.widgets.line_widget import LineWidget
from annotator.workflow.annotate import AnnotateSession

_COMPONENTS = ("plain", "title", "head", "dim", "warning", "note", "edge")
_EDGE = "▏ "
_WIDTH = 38
_SHOWN_FROM = 100
"""Screens of at least so many cells show it unasked."""
_MARGIN = 1
"""Cells right of the text."""


class Inspector(LineWidget):
    """The focused annotation whole, the others at the cursor by name."""

    COMPONENT_CLASSES = {f"inspector--{name}" for name in _COMPONENTS}
    DEFAULT_CSS = """
    Inspector { width: 38; height: 1fr; background: $panel; }
    Inspector .inspector--edge { color: $primary; background: $panel; }
    Inspector .inspector--plain { color: $foreground; background: $panel; }
    Inspector .inspector--title { color: $accent; background: $panel; text-style: bold; }
    Inspector .inspector--head { color: $foreground; background: $panel; text-style: bold; }
    Inspector .inspector--dim { color: $text-muted; background: $panel; }
    Inspector .inspector--warning { color: $warning; background: $panel; }
    Inspector .inspector--note { color: $foreground; background: $panel; text-style: italic; }
    """

    class Wanted(Message):
        """A line was clicked that leads to an annotation, a suggestion or an actor (id)."""

        def __init__(self, target: str) -> None:
            super().__init__()
            self.target = target

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lines: tuple[Line, ...] = ()
        self._rows: list[Line] = []
        self._width = 0
        self._safe_glyphs = False
        self._wanted: bool | None = None

    def show_session(self, session: AnnotateSession, keymap: Keymap) -> None:
        """Describe what lies at the cursor of this session, with the keys in force."""
        lines = described(session, keymap)
        if lines != self.lines:
            self.lines = lines
            self._show()

    def toggle(self, room: int) -> None:
        """Show or hide it, whatever the room."""
        self._wanted = not self.display
        self.fit(room)

    def fit(self, room: int) -> None:
        """Shown where a screen of so many cells has room for it, or as it was wanted; two fifths of
        the screen wide, up to ``_WIDTH``."""
        self.display = room >= _SHOWN_FROM if self._wanted is None else self._wanted
        self.styles.width = min(_WIDTH, room * 2 // 5)

    def use_safe_glyphs(self, wanted: bool) -> None:
        """Show text in glyphs that every terminal draws in the same width, or as it is."""
        self._safe_glyphs = wanted
        self._show()

    def _folded(self, text: str, width: int) -> list[str]:
        """The text in rows of at most ``width`` cells; what is indented goes on indented more."""
        indent = len(text) - len(text.lstrip())
        hang = indent + 2 if indent else 0
        room = max(1, width - hang)
        pieces = wrap(text[indent:], 0, len(text) - indent, room, self._safe_glyphs)
        return [" " * (hang if n else indent) + p.text.rstrip() for n, p in enumerate(pieces)]

    def on_resize(self, event: events.Resize) -> None:
        """Another width, another wrapping."""
        self._width = event.size.width
        self._show()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Go where the line leads."""
        target = self._rows[event.y].target if event.y < len(self._rows) else ""
        if target:
            self.post_message(self.Wanted(target))

    def render_line(self, y: int) -> Strip:
        """One row, as wide as the widget."""
        width = self._width
        kind, text, _ = self._rows[y] if y < len(self._rows) else Line("plain", "")
        return self.line((width, kind, text), lambda: self._paint(width, kind, text))

    def _paint(self, width: int, kind: str, text: str) -> Strip:
        style = self.get_component_rich_style(f"inspector--{kind}")
        edge = Segment(_EDGE, self.get_component_rich_style("inspector--edge"))
        return Strip([edge, Segment(text, style)]).adjust_cell_length(width, style)

    def _show(self) -> None:
        room = self._width - len(_EDGE) - _MARGIN
        if room < 1:
            return
        rows = [line._replace(text=t) for line in self.lines for t in self._folded(line.text, room)]
        before, self._rows = self._rows, rows
        self.refresh_lines(before, rows)
