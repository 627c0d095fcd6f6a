"""Actions that tie spans to each other, and untie them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.core import edits, linking
from annotator.core.annotation import Span
from annotator.core.ids import new_id
from annotator.errors import RuleError

if TYPE_CHECKING:
    from annotator.workflow.annotate import AnnotateSession


class TieActions:
    """All of them start from the focused span."""

    def __init__(self, session: AnnotateSession) -> None:
        self._session = session

    def linkable(self, start: int, end: int) -> list[Span]:
        """Spans in [start, end) to tie the focused one to or untie it from, nearest first."""
        focus = self._session.need_focus()
        found = [
            span
            for span in self._session.annotations.spans_in(start, end)
            if span.id != focus.id
            and (
                linking.ways(self._session.annotations, self._session.schema, focus, span)
                or linking.shared_relation(self._session.annotations, focus, span)
            )
        ]
        return sorted(found, key=lambda s: (_distance(s, focus), s.start, s.id))

    def ways(self, other: Span) -> list[linking.Way]:
        """The ways in which the focused span may be tied to ``other``."""
        session = self._session
        return linking.ways(session.annotations, session.schema, session.need_focus(), other)

    def tie(self, other: Span, way: linking.Way) -> str:
        """Tie the focused span to ``other``."""
        focus = self._session.need_focus()
        self._session.commit("link", linking.tie(way, focus, other, new_id()))
        self._session.focus_id = focus.id
        return f"{way.option.relation.name}: {focus.label} – {other.label}"

    def untie(self, other: Span) -> str:
        """Take ``other`` out of the relation it shares with the focused span."""
        focus = self._session.need_focus()
        relation = linking.shared_relation(self._session.annotations, focus, other)
        if relation is None:
            raise RuleError("these two are not tied")
        kind = self._session.schema.relation(relation.type)
        changes = (
            linking.untie(relation, kind, other)
            or linking.untie(relation, kind, focus)
            or edits.delete_annotation(self._session.annotations, self._session.schema, relation)
        )
        self._session.commit("unlink", changes)
        self._session.focus_id = focus.id
        return f"no longer tied: {focus.label} – {other.label}"


def _distance(a: Span, b: Span) -> int:
    return max(0, max(a.start, b.start) - min(a.end, b.end))
