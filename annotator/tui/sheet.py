"""One visual line with what stands under it, as it is worked out once and kept."""

from __future__ import annotations

from annotator.core.lanes import LaneRow
from annotator.core.visual_lines import VisualLine
from annotator.tui.painting import Row


class Sheet:
    """One visual line with all that stands under it, and its rows as they are without overlay."""

    __slots__ = ("blank", "ids", "lanes", "line", "plain")

    def __init__(
        self, line: VisualLine, lanes: tuple[LaneRow, ...], blank: bool, ids: frozenset[str]
    ) -> None:
        self.line = line
        self.lanes = lanes
        self.blank = blank
        self.ids = ids
        self.plain: dict[tuple[int, bool, bool], Row] = {}

    @property
    def rows(self) -> int:
        """Rows it takes: the text, its lanes, and a blank one behind a paragraph."""
        return 1 + len(self.lanes) + self.blank
