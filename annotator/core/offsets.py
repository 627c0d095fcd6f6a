"""Offsets of other programs, in UTF-16 units or in bytes of UTF-8, to code points and back.

Nothing else in the program holds any but code-point offsets; whoever reads or writes a file that
counts otherwise converts here. All offsets are of one text, and ``len(text)`` is one of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import Literal

Unit = Literal["utf-16", "utf-8"]


class OffsetMap:
    """Code points of one text ↔ UTF-16 units or UTF-8 bytes.

    Kept are only the places where the two counts drift apart, so that plain text costs nothing.
    """

    def __init__(self, text: str, unit: Unit) -> None:
        self.unit = unit
        self._length = len(text)
        if text.isascii():
            wide: list[tuple[int, int]] = []
        elif unit == "utf-16":
            wide = [(n, 1) for n, c in enumerate(text) if c > "\uffff"]
        else:
            wide = [(n, _more_bytes(c)) for n, c in enumerate(text) if c > "\x7f"]
        self._places = [place for place, _ in wide]
        """Code points that count for more than one unit, ascending."""
        self._surplus = [0, *accumulate(surplus for _, surplus in wide)]
        """By how much the count is ahead behind the n-th of them."""
        self._ends = [p + 1 + s for p, s in zip(self._places, self._surplus[1:], strict=True)]
        """The unit behind each of them, ascending."""

    def to_units(self, offset: int) -> int:
        """The units before the code point ``offset`` (0 to the text's length)."""
        return offset + self._surplus[bisect_left(self._places, offset)]

    def to_code_points(self, units: int) -> int:
        """The code points before ``units``. Raises ValueError: outside, or inside a character."""
        passed = bisect_right(self._ends, units)
        offset = units - self._surplus[passed]
        if passed < len(self._places) and offset > self._places[passed]:
            raise ValueError(f"{units} lies inside of the character at {self._places[passed]}")
        if not 0 <= offset <= self._length:
            raise ValueError(
                f"{units} lies outside of the text, which has {self.to_units(self._length)} "
                f"{self.unit} units"
            )
        return offset


def _more_bytes(character: str) -> int:
    """How many bytes more than one a character takes in UTF-8."""
    return 1 if character < "\u0800" else 2 if character < "\U00010000" else 3
