"""When engines learn anew: often at first, and then as what was finished grows."""

from __future__ import annotations

FEW = 3
"""Finished sentences after which engines learn, at first."""
_GROWTH = 0.05


def is_due(finished: int, learned: int) -> bool:
    """Whether engines that learned of so many finished sentences should learn of those now."""
    return finished - learned >= max(FEW, round(learned * _GROWTH))
