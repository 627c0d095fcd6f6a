"""Tying the focused span to what was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.core.linking import Target, shared_relation
from annotator.errors import RuleError

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen


def tie(screen: AnnotateScreen, other: Target) -> str | None:
    """Tie the focused span to another or an actor, or untie them; ask where two ways fit."""
    session = screen.session
    if shared_relation(session.annotations, session.need_focus(), other) is not None:
        return session.ties.untie(other)
    ways = session.ties.ways(other)
    if len(ways) == 1:
        return session.ties.tie(other, ways[0])
    if not ways:
        raise RuleError("the schema ties these two in no way")
    screen.questions.pick_way(other, ways)
    return None
