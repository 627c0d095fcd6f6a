"""Actions that tie spans to each other, and untie them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from annotator.core import edits, linking
from annotator.core.annotation import Actor, Relation, Span
from annotator.core.ids import new_id
from annotator.errors import RuleError

if TYPE_CHECKING:
    from annotator.workflow.annotate import AnnotateSession


_TELLING = 4
"""Letters from which on a word tells what a span is about; small words are shorter."""


class TieActions:
    """All of them start from the focused span."""

    def __init__(self, session: AnnotateSession) -> None:
        self._session = session

    def linkable(self, start: int, end: int) -> list[Span]:
        """Spans in [start, end) to tie the focused one to or untie it from, likeliest first."""
        focus = self._session.need_focus()
        found = self._linkable(self._session.annotations.spans_in(start, end), focus)
        return _likeliest_first(found, focus)

    def all_linkable(self) -> list[Span]:
        """All such spans of the document, likeliest first."""
        focus = self._session.need_focus()
        found = self._linkable(self._session.annotations.spans.values(), focus)
        return _likeliest_first(found, focus)

    def is_any_linkable(self) -> bool:
        """Whether there is anything in the document, or any actor, to tie the focus to."""
        focus = self._session.need_focus()
        spans = self._linkable(self._session.annotations.spans.values(), focus)
        if next(spans, None) is not None:
            return True
        tied = self.tied(focus) & self._session.annotations.actors.keys()
        return bool(tied or (self._takes_actors(focus) and self._session.store.actor_count()))

    def _linkable(self, spans: Iterable[Span], focus: Span) -> Iterator[Span]:
        """Those of some spans; the schema is asked once for each label."""
        annotations, schema = self._session.annotations, self._session.schema
        tied = self.tied(focus)
        known: dict[tuple[str, str], bool] = {}
        for span in spans:
            if span.id == focus.id:
                continue
            kind = (span.layer, span.label)
            if kind not in known:
                known[kind] = bool(schema.link_options(focus.layer, focus.label, *kind))
            if span.id in tied or (known[kind] and linking.ways(annotations, schema, focus, span)):
                yield span

    def linkable_actors(self) -> list[Actor]:
        """The project's actors that the focused span may be tied to or untied from, by name."""
        session, focus = self._session, self._session.need_focus()
        if not session.schema.roles_for_actor():
            return []
        tied, takes_any = self.tied(focus), self._takes_actors(focus)
        return [actor for actor in session.store.actors() if takes_any or actor.id in tied]

    def _takes_actors(self, focus: Span) -> bool:
        """Whether the schema lets the focus be tied to an actor: to one as to any other."""
        session = self._session
        return bool(linking.ways(session.annotations, session.schema, focus, Actor("", "")))

    def tied(self, focus: Span) -> set[str]:
        """The ids of what a span is tied to."""
        relations = self._session.annotations.relations_of(focus.id)
        return {a.target for r in relations for a in r.arguments} - {focus.id}

    def shared(self, other: linking.Target) -> Relation | None:
        """The relation that has the focused span and ``other``; of several the one made last."""
        return linking.shared_relation(self._session.annotations, self._session.need_focus(), other)

    def ways(self, other: linking.Target) -> list[linking.Way]:
        """The ways in which the focused span may be tied to ``other``."""
        session = self._session
        return linking.ways(session.annotations, session.schema, session.need_focus(), other)

    def own_ways(self, other: linking.Target) -> list[linking.Way]:
        """The ways in which the two may have a relation of their own, whatever they stand in.

        Raises RuleError where these two alone make no relation.
        """
        focus = self._session.need_focus()
        ways = linking.own_ways(self._session.schema, focus, other)
        if not ways:
            raise RuleError(f"{focus.label} and {_called(other)} alone make no relation")
        return ways

    def tie(self, other: linking.Target, way: linking.Way) -> str:
        """Tie the focused span to ``other``."""
        focus = self._session.need_focus()
        self._session.commit("link", linking.tie(way, focus, other, new_id()))
        self._session.focus_id = focus.id
        return f"{way.option.relation.name}: {focus.label} – {_called(other)}"

    def untie(self, other: linking.Target) -> str:
        """Take ``other`` out of the relation it shares with the focused span."""
        focus = self._session.need_focus()
        relation = self.shared(other)
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
        return f"no longer tied: {focus.label} – {_called(other)}"


def _called(target: linking.Target) -> str:
    return target.label if isinstance(target, Span) else target.name


def _likeliest_first(spans: Iterable[Span], focus: Span) -> list[Span]:
    """The nearest first; but of the focus' own layer, where ties are of one thing with itself,
    those that share a word with it before the rest, and of either those last that overlap it or
    have another label."""
    words = _telling_words(focus)

    def unlike(span: Span) -> tuple[bool, bool, bool]:
        if span.layer != focus.layer:
            return False, False, False
        shares = not words.isdisjoint(_telling_words(span))
        return not shares, _distance(span, focus) < 0, span.label != focus.label

    return sorted(spans, key=lambda s: (unlike(s), max(0, _distance(s, focus)), s.start, s.id))


def _telling_words(span: Span) -> set[str]:
    """Names, numbers and words of some length."""
    return {
        word.casefold()
        for word in span.text.split()
        if len(word) >= _TELLING or word[0].isupper() or word[0].isdecimal()
    }


def _distance(a: Span, b: Span) -> int:
    """Code points between two spans; below zero where they overlap."""
    return max(a.start, b.start) - min(a.end, b.end)
