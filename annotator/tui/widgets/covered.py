"""Containers without a cell of their own."""

from __future__ import annotations

from textual.containers import Horizontal
from textual.geometry import Region
from textual.strip import Strip


class Covered:
    """A container that its widgets cover: there is never a cell of its own to paint."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Nothing, at a tenth of what working out an unseen background would cost a key."""
        return [Strip.blank(crop.width)] * crop.height


class Body(Covered, Horizontal):
    """The document, and the inspector beside it."""
