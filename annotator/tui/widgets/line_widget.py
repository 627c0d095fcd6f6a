"""The base of what the screen consists of: widgets that paint whole lines and keep them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from itertools import zip_longest
from typing import Self

from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from annotator.tui.kept import Kept

_KEPT = 1024


class LineWidget(Widget):
    """A widget without border or padding. Each line has a key: all that its picture depends on.

    A line is painted and filtered once for as long as it is kept. Textual's own way would put
    borders and padding around it each time, and with that make it a new one, whose escape sequences
    have to be written again. It also asks for every line of each widget between the uppermost line
    that changed and the lowest, so the picture is kept too, and only what was refreshed is looked
    at again.
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: Kept[Strip] = Kept(_KEPT)
        self._picture: dict[int, Strip] = {}
        self._pictured = Size()
        """The size that the picture was made for."""

    def line(self, key: Hashable, paint: Callable[[], Strip]) -> Strip:
        """The line of this key, painted where it is not kept."""
        return self._lines.find(key, lambda: self._filtered(paint()))

    def _filtered(self, strip: Strip) -> Strip:
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            strip = strip.apply_filter(line_filter, background)
        return strip

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Paint the lines of these regions anew, or all lines where none is given."""
        if repaint:
            for y in (y for region in regions for y in region.line_range):
                self._picture.pop(y, None)
            if not regions:
                self._picture.clear()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def refresh_lines(self, before: Sequence[object], now: Sequence[object]) -> int:
        """Paint the lines anew whose content is not what it was; gives how many there are."""
        width, height = self.size
        changed = [
            Region(0, y, width, 1)
            for y, (old, new) in enumerate(zip_longest(before[:height], now[:height]))
            if new is not old and new != old
        ]
        if changed:
            self.refresh(*changed)
        return len(changed)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region, in cells from the widget's upper left corner."""
        if self._pictured != self.size:
            self._pictured = self.size
            self._picture.clear()
        picture = self._picture
        for y in crop.line_range:
            if y not in picture:
                picture[y] = self.render_line(y)
        strips = [picture[y] for y in crop.line_range]
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
            self._picture.clear()
