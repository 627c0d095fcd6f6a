"""Tying the focused span to what was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.core.linking import Target
from annotator.errors import RuleError

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen


def tie(screen: AnnotateScreen, other: Target, *, own: bool = False) -> str | None:
    """Tie the focused span to another or an actor, or untie them; ask where two ways fit.

    ``own`` makes a relation of these two alone, whatever they stand in.
    """
    ties = screen.session.ties
    if not own and ties.shared(other) is not None:
        return ties.untie(other)
    ways = ties.own_ways(other) if own else ties.ways(other)
    if len(ways) == 1:
        return ties.tie(other, ways[0])
    if not ways:
        raise RuleError("the schema ties these two in no way")
    screen.questions.pick_way(other, ways)
    return None
