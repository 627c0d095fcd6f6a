"""What may be annotated: layers, labels, attributes and relation types, and how to look them up.

A :class:`Schema` is made by :func:`annotator.core.schema_file.parse_schema`, which checks it; the
structs themselves check nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeVar

from msgspec import Struct

from annotator.core.migration import NO_MIGRATION, Migration
from annotator.errors import NotFoundError

Scope = Literal["span", "sentence", "document"]
Overlap = Literal["none", "nested", "any"]
Unit = Literal["token", "run", "phrase", "quote", "clause", "sentence", "paragraph"]

_Named = TypeVar("_Named", "AttributeValue", "Attribute", "Label", "Layer", "Role", "RelationType")


class AttributeValue(Struct, frozen=True):
    """One value of an attribute; ``key`` is the character that picks it in the attribute dialog."""

    name: str
    title: str = ""
    key: str | None = None
    description: str = ""


class Attribute(Struct, frozen=True):
    """A typed property of an annotation or a relation.

    ``labels`` names the labels of the layer that carry the attribute; empty means all of them.
    """

    name: str
    title: str
    values: tuple[AttributeValue, ...]
    multi: bool = False
    required: bool = False
    default: str | None = None
    labels: tuple[str, ...] = ()
    description: str = ""

    def applies_to(self, label: str) -> bool:
        """Whether an annotation with this label carries the attribute."""
        return not self.labels or label in self.labels

    def value(self, name: str) -> AttributeValue:
        """Return the value of that name; NotFoundError names those that exist."""
        return _find(self.values, name, "value", f"of attribute {self.name}")


class Label(Struct, frozen=True):
    """A value of a layer; ``key`` is the character that sets it, ``colour`` a name or #rrggbb."""

    name: str
    title: str = ""
    key: str | None = None
    colour: str = "white"
    description: str = ""
    guideline: str = ""


class Layer(Struct, frozen=True):
    """A family of labels of one scope.

    ``overlap`` and ``unit`` (what a key takes when nothing is selected) bear on span layers only.
    """

    name: str
    title: str
    scope: Scope
    labels: tuple[Label, ...]
    overlap: Overlap = "none"
    unit: Unit = "token"
    attributes: tuple[Attribute, ...] = ()
    description: str = ""

    def label(self, name: str) -> Label:
        """Return the label of that name; NotFoundError names those that exist."""
        return _find(self.labels, name, "label", f"in layer {self.name}")

    def attribute(self, name: str) -> Attribute:
        """Return the attribute of that name; NotFoundError names those that exist."""
        return _find(self.attributes, name, "attribute", f"in layer {self.name}")

    def attributes_of(self, label: str) -> tuple[Attribute, ...]:
        """Return the attributes that an annotation with this label carries, in file order."""
        return tuple(a for a in self.attributes if a.applies_to(label))


class Role(Struct, frozen=True):
    """A role of a relation type: which arguments it takes, and how many (``max`` None: no limit).

    Spans must be of one of ``layers`` and, where ``labels`` is not empty, carry one of ``labels``.
    """

    name: str
    title: str
    layers: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    actors: bool = False
    min: int = 0
    max: int | None = None

    def accepts(self, layer: str, label: str) -> bool:
        """Whether a span of that layer and label may stand in this role."""
        return layer in self.layers and (not self.labels or label in self.labels)

    def accepts_relation(self, relation: str) -> bool:
        """Whether a relation of that type may stand in this role."""
        return relation in self.relations

    def is_full(self, arguments: int) -> bool:
        """Whether the role with that many arguments takes no further one."""
        return self.max is not None and arguments >= self.max


class RelationType(Struct, frozen=True):
    """A typed n-ary link; a role that refers back to this type makes relations to relations."""

    name: str
    title: str
    roles: tuple[Role, ...]
    attributes: tuple[Attribute, ...] = ()
    description: str = ""

    def role(self, name: str) -> Role:
        """Return the role of that name; NotFoundError names those that exist."""
        return _find(self.roles, name, "role", f"in relation {self.name}")

    def attribute(self, name: str) -> Attribute:
        """Return the attribute of that name; NotFoundError names those that exist."""
        return _find(self.attributes, name, "attribute", f"in relation {self.name}")

    def ties_within(self, role: Role) -> bool:
        """Whether two arguments of this one role already make a relation."""
        return not role.is_full(1) and all(r is role or r.min == 0 for r in self.roles)


class LinkOption(Struct, frozen=True):
    """One way to tie span a to span b: the relation type, a's role in it, and b's."""

    relation: RelationType
    role_a: Role
    role_b: Role

    @property
    def is_whole(self) -> bool:
        """Whether the two alone make a relation: no role lacks an argument that it must have."""
        filled = (self.role_a.name, self.role_b.name)
        return all(filled.count(role.name) >= role.min for role in self.relation.roles)


class Schema(Struct, frozen=True):
    """All that may be annotated in a project, and what became of names it no longer has."""

    name: str
    version: int
    title: str
    description: str
    layers: tuple[Layer, ...]
    relations: tuple[RelationType, ...] = ()
    migration: Migration = NO_MIGRATION

    def layer(self, name: str) -> Layer:
        """Return the layer of that name; NotFoundError names those that exist."""
        return _find(self.layers, name, "layer", f"in schema {self.name}")

    def label(self, layer: str, label: str) -> Label:
        """Return a label of a layer; NotFoundError names those that exist."""
        return self.layer(layer).label(label)

    def relation(self, name: str) -> RelationType:
        """Return the relation type of that name; NotFoundError names those that exist."""
        return _find(self.relations, name, "relation", f"in schema {self.name}")

    def keys(self) -> dict[str, tuple[Layer, Label]]:
        """Return key character → (layer, label), in the order of the label bar."""
        return {
            label.key: (layer, label)
            for layer in self.layers
            for label in layer.labels
            if label.key is not None
        }

    def roles_for(self, layer: str, label: str) -> list[tuple[RelationType, Role]]:
        """Return every role a span of that layer and label may stand in, in file order."""
        return [
            (relation, role)
            for relation in self.relations
            for role in relation.roles
            if role.accepts(layer, label)
        ]

    def roles_for_actor(self) -> list[tuple[RelationType, Role]]:
        """Return every role an actor may stand in, in file order."""
        return [
            (relation, role)
            for relation in self.relations
            for role in relation.roles
            if role.actors
        ]

    def link_options(
        self, a_layer: str, a_label: str, b_layer: str, b_label: str
    ) -> list[LinkOption]:
        """Return every way to tie span a to span b, in file order.

        Both may stand in the same role where it takes more than one argument and no other role
        must be filled: two grounds make no support without a claim.
        """
        return [
            LinkOption(relation, role_a, role_b)
            for relation in self.relations
            for role_a in relation.roles
            if role_a.accepts(a_layer, a_label)
            for role_b in relation.roles
            if role_b.accepts(b_layer, b_label)
            if role_a is not role_b or relation.ties_within(role_a)
        ]


NO_SCHEMA = Schema("", 0, "", "", ())
"""Stands where there is no schema: it knows no layer and no relation type."""


def _find(items: Iterable[_Named], name: str, kind: str, where: str) -> _Named:
    names = []
    for item in items:
        if item.name == name:
            return item
        names.append(item.name)
    raise NotFoundError(
        f"There is no {kind} {name!r} {where}.", f"There is: {', '.join(names) or 'none'}."
    )
