"""Carrying one annotation from former versions of a schema to another, and what does not fit it.

Everything here looks at one record; what it drags along in its document is in
:mod:`annotator.core.schema_change`. Carrying what is carried already changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from annotator.core.annotation import (
    Annotation,
    Argument,
    AttributeValues,
    Record,
    Relation,
    Span,
    Suggestion,
    UnitLabel,
)
from annotator.core.migration import Migration, Owner
from annotator.core.schema import Attribute, Layer, RelationType, Role, Schema
from annotator.core.schema_table import show_table

EffectKind = Literal["renamed", "merged", "deleted", "refused", "missing", "overlap"]
"""``missing`` and ``overlap`` are rules of the schema that annotations do not keep."""


class Effect(Struct, frozen=True):
    """One thing that a schema does to annotations of another.

    ``what`` names the layer, label, attribute, value, relation type or role, ``to`` what becomes of
    it, or why it is refused; ``hint`` says what would let it pass.
    """

    kind: EffectKind
    what: str
    to: str = ""
    hint: str = ""


Tell = Callable[[Effect], None]
Stands = tuple[str, str] | str | None
"""What stands in a role: (layer, label) of a span, the type of a relation, None for an actor."""

TypeOf = Callable[[Argument], Stands]


def ignore(_: Effect) -> None:
    """For callers that only want to know the result."""


class Fitting:
    """Carries annotations to one schema, as its table ``[migrate]`` says.

    Each method gives the annotation as it is then, or None where it is deleted. What neither fits
    nor is named for deletion is told as ``refused``, and left as it is.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._names = schema.migration
        self._layers = {layer.name: layer for layer in schema.layers}
        self._relations = {relation.name: relation for relation in schema.relations}

    def record(self, record: Record, tell: Tell = ignore) -> Record | None:
        """Carry any record; the arguments of relations are not compared with their roles."""
        if isinstance(record, Suggestion):
            proposed = self.annotation(record.proposed, tell)
            return None if proposed is None else replace(record, proposed=proposed)
        if isinstance(record, Span | UnitLabel | Relation):
            return self.annotation(record, tell)
        return record

    def annotation(self, item: Annotation, tell: Tell = ignore) -> Annotation | None:
        """Carry a span, unit label or relation; its arguments are not compared with their roles."""
        if isinstance(item, Relation):
            return self._relation(item, tell)
        return self._labelled(item, tell)

    def arguments(self, former: str, relation: Relation, type_of: TypeOf, tell: Tell) -> Relation:
        """A carried relation, of type ``former`` before, without what its roles no longer take."""
        kind = self._relations.get(relation.type)
        if kind is None:
            return relation
        types = (former, kind.name)
        kept = tuple(
            a for a in relation.arguments if self._may_stay(kind, types, a, type_of(a), tell)
        )
        return relation if kept == relation.arguments else replace(relation, arguments=kept)

    # -- spans and unit labels -------------------------------------------------------------------

    def _labelled(self, item: Span | UnitLabel, tell: Tell) -> Span | UnitLabel | None:
        former = f"{item.layer}.{item.label}"
        place = self._names.place(item.layer, item.label)
        if place is None:
            tell(Effect("deleted", f"label {former}"))
            return None
        layer = self._layers.get(place[0])
        why = _misplaced(item, layer, place[1])
        if layer is None or why:
            hint = _hint(("layer", item.layer, "labels"), item.label)
            tell(Effect("refused", f"label {former}", why, hint))
            return item
        if place != (item.layer, item.label):
            tell(Effect("renamed", f"label {former}", ".".join(place)))
        owner: Owner = ("layer", item.layer)
        held = _Attributes(self._names, owner, place[0], layer.attributes_of(place[1]), tell)
        kept = held.carry(item.attributes)
        return replace(item, layer=place[0], label=place[1], attributes=kept)

    # -- relations -------------------------------------------------------------------------------

    def _relation(self, item: Relation, tell: Tell) -> Relation | None:
        what = f"relation type {item.type}"
        type_ = self._names.relations.get(item.type, item.type)
        if type_ is None:
            tell(Effect("deleted", what))
            return None
        kind = self._relations.get(type_)
        if kind is None:
            hint = _hint(("relation", item.type), "to")
            tell(Effect("refused", what, "is not in the new schema", hint))
            return item
        if type_ != item.type:
            tell(Effect("renamed", what, type_))
        arguments = tuple(
            a for a in (self._argument(item.type, kind, a, tell) for a in item.arguments) if a
        )
        held = _Attributes(self._names, ("relation", item.type), type_, kind.attributes, tell)
        kept = held.carry(item.attributes)
        return replace(item, type=type_, arguments=arguments, attributes=kept)

    def _argument(
        self, former: str, kind: RelationType, argument: Argument, tell: Tell
    ) -> Argument | None:
        what = f"role {former}.{argument.role}"
        exists = any(role.name == argument.role for role in kind.roles)
        role = self._names.roles.get((former, argument.role), argument.role)
        if role is None:
            if exists:
                return argument
            tell(Effect("deleted", what))
            return None
        if not any(r.name == role for r in kind.roles):
            hint = _hint(("relation", former, "roles"), argument.role)
            tell(Effect("refused", what, "is not in the new schema", hint))
        elif role != argument.role:
            tell(Effect("renamed", what, f"{kind.name}.{role}"))
        return argument if role == argument.role else replace(argument, role=role)

    def _may_stay(
        self,
        kind: RelationType,
        types: Sequence[str],
        argument: Argument,
        stands: Stands,
        tell: Tell,
    ) -> bool:
        role = next((r for r in kind.roles if r.name == argument.role), None)
        if role is None or _takes(role, stands):
            return True
        what, why = f"role {kind.name}.{role.name}", f"no longer takes {_bearer(stands)}"
        if any(self._names.roles.get((type_, role.name), role.name) is None for type_ in types):
            tell(Effect("deleted", what, why))
            return False
        hint = _hint(("relation", types[0], "roles"), role.name, only_delete=True)
        tell(Effect("refused", what, why, hint))
        return True


class _Attributes:
    """Carries the attributes of one annotation.

    ``owner`` is its former layer or relation type and ``now`` what that is called now; ``allowed``
    are the attributes it may carry now.
    """

    def __init__(
        self,
        names: Migration,
        owner: Owner,
        now: str,
        allowed: Sequence[Attribute],
        tell: Tell,
    ) -> None:
        self._names = names
        self._owner = owner
        self._now = now
        self._allowed = {attribute.name: attribute for attribute in allowed}
        self._tell = tell

    def carry(self, held: Sequence[AttributeValues]) -> tuple[AttributeValues, ...]:
        """The attributes as they are now; two that have one name now are put together."""
        kept: dict[str, AttributeValues] = {}
        for one in held:
            now = self._one(one)
            if now is None:
                continue
            before = kept.get(now.name)
            if before is not None:
                values = tuple(dict.fromkeys((*before.values, *now.values)))
                now = AttributeValues(now.name, values, before.uncertain or now.uncertain)
            kept[now.name] = self._as_many_as_allowed(now, one.name)
        return tuple(kept.values())

    def _one(self, held: AttributeValues) -> AttributeValues | None:
        what = f"attribute {self._owner[1]}.{held.name}"
        to = self._names.attributes.get((self._owner, held.name), held.name)
        name = held.name if to is None else to
        attribute = self._allowed.get(name)
        if attribute is None:
            if self._may_go(held.name, name):
                self._tell(Effect("deleted", what))
                return None
            hint = _hint((*self._owner, "attributes"), held.name)
            self._tell(Effect("refused", what, "is not in the new schema here", hint))
            return held
        if name != held.name:
            self._tell(Effect("renamed", what, f"{self._now}.{name}"))
        found = (self._value(value, held.name, attribute) for value in held.values)
        values = tuple(dict.fromkeys(value for value in found if value is not None))
        if held.values and not values:
            return None
        return AttributeValues(name, values, held.uncertain)

    def _value(self, value: str, former: str, attribute: Attribute) -> str | None:
        what = f"value {self._owner[1]}.{former}.{value}"
        now = self._names.values.get((self._owner, former, value), value)
        known = any(v.name == now for v in attribute.values)
        if now is None or (not known and self._may_go(former, attribute.name)):
            self._tell(Effect("deleted", what))
            return None
        if not known:
            hint = _hint((*self._owner, "attributes", former, "values"), value)
            self._tell(Effect("refused", what, "is not in the new schema", hint))
        elif now != value:
            self._tell(Effect("renamed", what, f"{self._now}.{attribute.name}.{now}"))
        return now

    def _as_many_as_allowed(self, held: AttributeValues, former: str) -> AttributeValues:
        attribute = self._allowed.get(held.name)
        if attribute is None or attribute.multi or len(held.values) < 2:
            return held
        what, why = f"attribute {self._owner[1]}.{held.name}", "takes one value only"
        if self._may_go(former, held.name):
            self._tell(Effect("deleted", what, f"{why}: the first stays"))
            return replace(held, values=held.values[:1])
        hint = _hint((*self._owner, "attributes"), held.name, only_delete=True)
        self._tell(Effect("refused", what, why, hint))
        return held

    def _may_go(self, *names: str) -> bool:
        """Whether what does not fit under one of these names is named for deletion."""
        return any(self._names.attributes.get((self._owner, name), name) is None for name in names)


def _misplaced(item: Span | UnitLabel, layer: Layer | None, label: str) -> str:
    """Why an annotation cannot be of that layer and label; empty where it can."""
    scope = "span"
    if isinstance(item, UnitLabel):
        scope = "document" if item.sentence is None else "sentence"
    if layer is None or all(known.name != label for known in layer.labels):
        return "is not in the new schema"
    if layer.scope != scope:
        return f"is on a {scope}, and layer {layer.name} is for a {layer.scope} now"
    return ""


def _bearer(stands: Stands) -> str:
    if stands is None:
        return "an actor"
    return stands if isinstance(stands, str) else ".".join(stands)


def _takes(role: Role, stands: Stands) -> bool:
    if stands is None:
        return role.actors
    return role.accepts_relation(stands) if isinstance(stands, str) else role.accepts(*stands)


def _hint(path: tuple[str, ...], key: str, *, only_delete: bool = False) -> str:
    table = show_table(("migrate", *path)).strip()
    if only_delete:
        return f"{table} {key} = false deletes what no longer fits"
    return f'{table} {key} = "NEW NAME", or false to delete'


def missing(item: Annotation, schema: Schema) -> list[str]:
    """What an annotation lacks of what the schema asks for: required attributes, arguments.

    Empty where the schema does not know the annotation's kind.
    """
    held = {a.name for a in item.attributes if a.values}
    if isinstance(item, Relation):
        kind = next((r for r in schema.relations if r.name == item.type), None)
        if kind is None:
            return []
        counts = [(r, sum(a.role == r.name for a in item.arguments)) for r in kind.roles]
        found = [
            f"role {kind.name}.{role.name} takes {_between(role)}"
            for role, count in counts
            if count < role.min or (role.max is not None and count > role.max)
        ]
        wanted, owner = kind.attributes, kind.name
    else:
        layer = next((la for la in schema.layers if la.name == item.layer), None)
        if layer is None:
            return []
        found, wanted, owner = [], layer.attributes_of(item.label), layer.name
    return found + [
        f"attribute {owner}.{a.name} is required"
        for a in wanted
        if a.required and a.name not in held
    ]


def _between(role: Role) -> str:
    return f"{role.min} or more" if role.max is None else f"{role.min} to {role.max}"
