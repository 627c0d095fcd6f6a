"""The base of what the screen consists of: widgets that paint whole lines and keep them."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from annotator.tui.kept import Kept

_KEPT = 1024


class LineWidget(Widget):
    """A widget without border or padding. Each line has a key: all that its picture depends on.

    A line is painted and filtered once for as long as it is kept. Textual's own way would put
    borders and padding around it each time, and with that make it a new one, whose escape sequences
    have to be written again.
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: Kept[Strip] = Kept(_KEPT)

    def line(self, key: Hashable, paint: Callable[[], Strip]) -> Strip:
        """The line of this key, painted where it is not kept."""
        return self._lines.find(key, lambda: self._filtered(paint()))

    def _filtered(self, strip: Strip) -> Strip:
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            strip = strip.apply_filter(line_filter, background)
        return strip

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region, in cells from the widget's upper left corner."""
        strips = [self.render_line(y) for y in crop.line_range]
        if crop.column_span != (0, self.size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def notify_style_update(self) -> None:
        """Another theme, other pictures."""
        super().notify_style_update()
        self.forget_lines()

    def forget_lines(self) -> None:
        """Paint every line anew."""
        if hasattr(self, "_lines"):
            self._lines.clear()
