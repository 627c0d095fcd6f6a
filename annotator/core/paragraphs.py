"""The paragraphs of a text: all of them, or the one at a place without looking at the others.

White space is what ``str.isspace`` says and a line break what ``str.splitlines`` breaks at.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from annotator.core.ranges import Range, trim

REACH: Final = 4_096
"""How far, in code points, is looked to either side of a place at first."""


def paragraphs(text: str) -> list[Range]:
    """The paragraphs of ``text``: ascending half-open code-point ranges, trimmed, none empty.

    A blank line, a form feed or U+2029 parts two paragraphs.
    """
    return [Range(lines[0].start, lines[-1].end) for lines in line_groups(text)]


def paragraph_at(text: str, offset: int, reach: int = REACH) -> Range:
    """The last of the paragraphs that start at or before ``offset``, else the first of all.

    Costs what lies around the place, in ever wider windows until the paragraph's ends are among
    it, and not what the text costs. Empty where there is none.
    """
    while True:
        first, last = max(0, offset - reach), min(len(text), offset + reach)
        # The first and the last paragraph of a window may be cut off.
        found = [(first + a, first + b) for a, b in paragraphs(text[first:last])]
        place = bisect_right(found, offset, key=lambda one: one[0]) - 1
        chosen = max(0, place)
        if (place > 0 or first == 0) and (chosen + 1 < len(found) or last == len(text)):
            return Range(*found[chosen]) if found else Range(offset, offset)
        reach *= 4


def line_groups(text: str) -> Iterator[list[Range]]:
    """The trimmed, non-empty lines of each paragraph."""
    group: list[Range] = []
    start = 0
    for line in text.splitlines(keepends=True):
        trimmed = trim(text, start, start + len(line))
        start += len(line)
        if trimmed is not None:
            group.append(trimmed)
        if group and (trimmed is None or line[-1] in "\f\u2029"):
            yield group
            group = []
    if group:
        yield group
