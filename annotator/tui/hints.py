"""Hint letters: the shortest labels for a number of targets, best target first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

_EASY = "asdfghjklqwertyuiopzxcvbnm"
T = TypeVar("T")


def assign(targets: Sequence[T], letters: str = _EASY) -> dict[str, T]:
    """Hint → target. One letter each for as many as the letters reach, then two.

    No hint is the beginning of another: the letters that two-letter hints begin with, the hardest
    to reach, are not used alone.
    """
    count = len(targets)
    starts = 0
    while len(letters) - starts + starts * len(letters) < count and starts < len(letters):
        starts += 1
    single = letters[: len(letters) - starts]
    double = [a + b for a in reversed(letters[len(letters) - starts :]) for b in letters]
    return dict(zip([*single, *double], targets, strict=False))
