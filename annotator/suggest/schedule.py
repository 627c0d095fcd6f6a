"""When engines learn anew: often at first, and then as what was finished grows.

Names come again within a document, so an engine that learns in a moment does it almost at once.
"""

from __future__ import annotations

FEW = 3
"""Finished sentences after which engines learn, at first."""
_GROWTH = 0.05
_QUICK_GROWTH = 0.005


def is_due(finished: int, learned: int, *, quick: bool = False) -> bool:
    """Whether an engine that learned of so many finished sentences should learn of those now."""
    growth = _QUICK_GROWTH if quick else _GROWTH
    return abs(finished - learned) >= max(FEW, round(learned * growth))
