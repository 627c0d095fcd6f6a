"""Half-open ranges over a text, in Unicode code points, and the few relations between them."""

from __future__ import annotations

from typing import NamedTuple


class Range(NamedTuple):
    """A half-open stretch ``text[start:end]``, in Unicode code points."""

    start: int
    end: int


def overlaps(a: Range, b: Range) -> bool:
    """Whether ``a`` and ``b`` share at least one code point (an empty range shares none)."""
    return max(a.start, b.start) < min(a.end, b.end)


def contains(outer: Range, inner: Range) -> bool:
    """Whether ``inner`` lies wholly within ``outer``; equal ranges contain each other."""
    return outer.start <= inner.start and inner.end <= outer.end


def trim(text: str, start: int, end: int) -> Range | None:
    """``text[start:end]`` without white space (``str.isspace``) at its ends; None if all is."""
    piece = text[start:end]
    stripped = piece.lstrip()
    if not stripped:
        return None
    start += len(piece) - len(stripped)
    return Range(start, start + len(stripped.rstrip()))
