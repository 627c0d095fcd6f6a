"""Tying a span to another or to an actor: which ways the schema allows, and the changes that do it.

A role with ``min`` ≥ 1 is *essential*: a relation is about its filler (the claim of an
attribution). Tying a source to a claim that has an attribution extends that one, of several the
one made last; cue and source can be tied to each other only where one of them stands in a relation
already. What extends a relation can make one of its own instead, where it would be whole. An actor
stands for somebody whom no words refer to, and is tied to what the span already says.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from annotator.core.annotation import Actor, Argument, Relation, Span
from annotator.core.annotation_set import AnnotationSet
from annotator.core.edits import Changes, create, delete, update
from annotator.core.schema import LinkOption, RelationType, Role, Schema

Target: TypeAlias = Span | Actor
"""What a span may be tied to."""


class Way(Struct, frozen=True):
    """One possible tie: the schema's option, and the relation that it would extend, if any."""

    option: LinkOption
    extends: Relation | None

    @property
    def title(self) -> str:
        """For a menu: relation and roles in words."""
        option = self.option
        return f"{option.relation.name}: {option.role_a.name} – {option.role_b.name}"


def ways(annotations: AnnotationSet, schema: Schema, a: Span, b: Target) -> list[Way]:
    """Every way in which ``a`` and ``b`` may be tied now, in the schema's order."""
    found = []
    for option in _options(schema, a, b):
        way = _way(annotations, option, a, b)
        if way is not None:
            found.append(way)
    return found


def own_ways(schema: Schema, a: Span, b: Target) -> list[Way]:
    """Every way in which a relation of these two alone may be made, in the schema's order."""
    return [Way(option, None) for option in _options(schema, a, b) if option.is_whole]


def _options(schema: Schema, a: Span, b: Target) -> list[LinkOption]:
    if isinstance(b, Span):
        return schema.link_options(a.layer, a.label, b.layer, b.label)
    return [
        LinkOption(relation, own, other)
        for relation, other in schema.roles_for_actor()
        for own in relation.roles
        if own is not other and own.accepts(a.layer, a.label)
    ]


def shared_relation(annotations: AnnotationSet, a: Span, b: Target) -> Relation | None:
    """The relation that has both as arguments; of several the one made last."""
    for relation in reversed(annotations.relations_of(a.id)):
        if any(argument.target == b.id for argument in relation.arguments):
            return relation
    return None


def tie(way: Way, a: Span, b: Target, new_id: str) -> Changes:
    """The changes that tie ``a`` and ``b`` in this way; ``new_id`` is for a new relation."""
    pair = (_argument(way.option.role_a, a), _argument(way.option.role_b, b))
    if way.extends is None:
        order = [role.name for role in way.option.relation.roles]
        arguments = tuple(sorted(pair, key=lambda argument: order.index(argument.role)))
        return (
            create(Relation(new_id, a.document, a.annotator, way.option.relation.name, arguments)),
        )
    relation = way.extends
    added = tuple(argument for argument in pair if argument not in relation.arguments)
    return (update(relation, replace(relation, arguments=relation.arguments + added)),)


def untie(relation: Relation, relation_type: RelationType, target: Target) -> Changes | None:
    """The change that takes ``target`` out of the relation; None where that would break it."""
    left = tuple(a for a in relation.arguments if a.target != target.id)
    for role in relation_type.roles:
        if sum(a.role == role.name for a in left) < role.min:
            return None
    if len(left) < 2:
        return (delete(relation),)
    return (update(relation, replace(relation, arguments=left)),)


def _argument(role: Role, target: Target) -> Argument:
    return Argument(role.name, "span" if isinstance(target, Span) else "actor", target.id)


def _way(annotations: AnnotationSet, option: LinkOption, a: Span, b: Target) -> Way | None:
    sides = ((a, option.role_a, option.role_b), (b, option.role_b, option.role_a))
    essential = [side for side in sides if side[1].min > 0]
    standing = [side for side in essential or sides if isinstance(side[0], Span)]
    for span, own, other in standing:
        for relation in reversed(annotations.relations_of(span.id)):
            if relation.type == option.relation.name and _fits(relation, span, own, other):
                return Way(option, relation)
    return Way(option, None) if option.is_whole else None


def _fits(relation: Relation, span: Target, own: Role, other: Role) -> bool:
    if not any(a.target == span.id and a.role == own.name for a in relation.arguments):
        return False
    return not other.is_full(sum(a.role == other.name for a in relation.arguments))
