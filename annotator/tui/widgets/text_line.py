"""One line of styled text that is repainted only when it changes."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from annotator.core.safe_text import cell_width, fit, safe
from annotator.tui.widgets.line_widget import LineWidget

_LONGEST = 500

Part = tuple[str, str]
"""A piece of text and the name of the component class that styles it."""


class TextLine(LineWidget):
    """Left-aligned parts and right-aligned parts; the left ones give way when it gets narrow."""

    COMPONENT_CLASSES = {"line--plain", "line--strong", "line--dim", "line--key", "line--warning"}
    DEFAULT_CSS = """
    TextLine { height: 1; width: 1fr; background: $surface; color: $foreground; }
    TextLine .line--plain { color: $foreground; background: $surface; }
    TextLine .line--strong { color: $foreground; background: $surface; text-style: bold; }
    TextLine .line--dim { color: $text-muted; background: $surface; }
    TextLine .line--key { color: $accent; background: $surface; text-style: bold; }
    TextLine .line--warning { color: $warning; background: $surface; text-style: bold; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._left: tuple[Part, ...] = ()
        self._right: tuple[Part, ...] = ()

    def show(self, left: tuple[Part, ...], right: tuple[Part, ...] = ()) -> None:
        """Show these parts; nothing is painted when they are what is there."""
        if (left, right) == (self._left, self._right):
            return
        self._left, self._right = left, right
        self.refresh(Region(0, 0, *self.size))

    @property
    def plain(self) -> str:
        """The line as plain text, for tests and screen readers."""
        return "".join(text for text, _ in (*self._left, *self._right))

    def render_line(self, y: int) -> Strip:
        """The line, cut to the widget's width in cells."""
        width = self.size.width
        left, right = self._left, self._right
        return self.line((width, left, right), lambda: self.painted(left, right, width))

    def painted(self, on_left: tuple[Part, ...], on_right: tuple[Part, ...], width: int) -> Strip:
        """These parts as a line of so many cells."""
        right = self._strip(on_right)
        left = self._strip(on_left)
        base = self._style("plain")
        if left.cell_length + right.cell_length + 1 > width:
            room = max(0, width - right.cell_length - 1)
            left = left.crop(0, max(0, room - 1))
            left = Strip([*left, Segment("…" if room else "", self._style("dim"))])
        if right.cell_length > width > 0:
            right = Strip([*right.crop(0, width - 1), Segment("…", self._style("dim"))])
        gap = max(0, width - left.cell_length - right.cell_length)
        line = Strip([*left, Segment(" " * gap, base), *right])
        return line.crop(0, width)

    def left_at(self, x: int) -> str:
        """The part at the left that is seen in a cell of the line; nothing where none is."""
        right = sum(cell_width(safe(text)) for text, _ in self._right)
        column = 0
        for text, _ in self._left:
            column += cell_width(safe(text))
            if x < min(column, self.size.width - right):
                return text
        return ""

    def _strip(self, parts: tuple[Part, ...]) -> Strip:
        return Strip([Segment(fit(text, _LONGEST)[0], self._style(kind)) for text, kind in parts])

    def _style(self, kind: str) -> Style:
        return self.get_component_rich_style(f"line--{kind}")
