"""Which ties to press, so that every relation of a record comes about with just its arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from annotator.core.annotation import Relation
from annotator.core.linking import Target, Way
from annotator.workflow.annotate import AnnotateSession
from bench.economy_essence import Item

Kind = tuple[str, str, str]
"""A relation type, the role of the focused span and that of the other."""


class Tie(Struct, frozen=True):
    """One tie to press from the focused span, and the relation of the record that it is for."""

    relation: Item
    other: Target
    own: bool
    kind: Kind


class Ties:
    """Follows which relation that was made stands for which of the record."""

    def __init__(
        self, session: AnnotateSession, relations: list[Item], made: Mapping[str, str]
    ) -> None:
        """``made`` has the id of what was made for each id of the record; it grows."""
        self._session = session
        self._relations = relations
        self._made = made
        self._begun: dict[int, str] = {}

    def next(self, own: str) -> Tie | None:
        """What to tie the focused span to now; ``own`` is its id in the record.

        Relations that are whole by it come first: of those that share arguments a tie extends the
        one made last.
        """
        concerned = [r for r in self._relations if own in _roles(r)]
        for relation in sorted(concerned, key=lambda r: not self._is_made(r)):
            for other, span in self._nearest(relation, own):
                tie = self._tie(relation, own, other, span)
                if tie is not None:
                    return tie
        return None

    def pressed(self, tie: Tie) -> None:
        """The tie was made: of a relation that was not begun it is the beginning."""
        shared = self._session.ties.shared(tie.other)
        assert shared is not None, tie
        self._begun.setdefault(id(tie.relation), shared.id)

    def made(self, relation: Item) -> str:
        """The id of the relation that stands for one of the record."""
        return self._begun[id(relation)]

    def is_whole(self, relation: Item) -> bool:
        """Whether what stands for a relation of the record has all its arguments."""
        made = self._session.annotations.relations[self.made(relation)]
        return len(made.arguments) == len(relation["arguments"])

    def _is_made(self, relation: Item) -> bool:
        return _roles(relation).keys() <= self._made.keys()

    def _nearest(self, relation: Item, own: str) -> Iterator[tuple[str, Target]]:
        """Its other arguments that are there: those tied to this one already, then nearest first;
        a tie to the former can only begin a relation."""
        others = {self._made[id]: id for id in _roles(relation) if id != own and id in self._made}
        ties = self._session.ties
        targets: list[Target] = [*ties.all_linkable(), *ties.linkable_actors()]
        there = [target for target in targets if target.id in others]
        for target in sorted(there, key=lambda target: ties.shared(target) is None):
            yield others[target.id], target

    def _tie(self, relation: Item, own: str, other: str, target: Target) -> Tie | None:
        kind = (relation["type"], _roles(relation)[own], _roles(relation)[other])
        ties = self._session.ties
        tied = ties.shared(target) is not None
        way = next((w for w in ties.ways(target) if kind_of(w) == kind), None)
        begun = self._begun.get(id(relation))
        if begun is not None:
            fits = way is not None and way.extends is not None and way.extends.id == begun
            return Tie(relation, target, False, kind) if fits and not tied else None
        if way is None or not way.option.is_whole or self._has_a_twin(relation):
            return None
        return Tie(relation, target, tied or way.extends is not None, kind)

    def _has_a_twin(self, relation: Item) -> bool:
        """Whether it may wait, as all that is there of it stands in another that is like it."""
        if self._is_made(relation):
            return False
        wanted = {(role, self._made.get(id)) for id, role in _roles(relation).items()}
        return any(
            r.type == relation["type"] and _arguments(r) == {w for w in wanted if w[1] is not None}
            for r in self._session.annotations.relations_of(self._session.need_focus().id)
        )


def kind_of(way: Way) -> Kind:
    """The relation and the roles of a way, whichever relation it extends."""
    return way.option.relation.name, way.option.role_a.name, way.option.role_b.name


def _roles(relation: Item) -> dict[str, str]:
    return {a.get("span") or a["actor"]: a["role"] for a in relation["arguments"]}


def _arguments(relation: Relation) -> set[tuple[str, str]]:
    return {(a.role, a.target) for a in relation.arguments}
