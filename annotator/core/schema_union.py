"""Whether projects with different schemas may be merged, and whose schema then counts.

A schema holds another where every annotation that the other allows is allowed by it too: it may
have further layers, labels, values and roles, and other titles, keys, colours and guidelines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from annotator.core.schema import Attribute, Label, Layer, RelationType, Role, Schema
from annotator.errors import UsageError

_Named = TypeVar("_Named", Layer, Label, Attribute, RelationType, Role)


def schema_that_holds_all(schemas: Sequence[tuple[str, Schema, str]]) -> int:
    """The place of the schema that holds all others, of (file, schema, TOML text).

    Of several that do, the greatest version, then the greatest text, so that order does not matter.
    Raises UsageError, naming two files and what they differ in, where none does.
    """
    fit = [
        (schema.version, source, -place)
        for place, (_, schema, source) in enumerate(schemas)
        if not any(True for _, other, _ in schemas for _ in lacking(schema, other))
    ]
    if fit:
        return -max(fit)[2]
    file, schema, _ = schemas[0]
    other_file, other, _ = next(
        s for s in schemas[1:] if any(lacking(schema, s[1])) or any(lacking(s[1], schema))
    )
    found = [
        *(f"{other_file} has {what}" for what in lacking(schema, other)),
        *(f"{file} has {what}" for what in lacking(other, schema)),
    ]
    more = f"; and {len(found) - 3} more" if len(found) > 3 else ""
    raise UsageError(
        f"The schemas of {file} and {other_file} do not go together: {'; '.join(found[:3])}{more}.",
        "Nothing was merged. Put the same schema in force in both first: one that has all the"
        " other has.",
    )


def lacking(schema: Schema, other: Schema) -> Iterator[str]:
    """What ``other`` allows and ``schema`` does not, in words."""
    for layer in other.layers:
        own = _named(schema.layers, layer.name)
        if own is None:
            yield f"the layer {layer.name}"
        elif (own.scope, own.overlap) != (layer.scope, layer.overlap):
            yield f"the layer {layer.name} with scope {layer.scope} and overlap {layer.overlap}"
        else:
            for label in layer.labels:
                if _named(own.labels, label.name) is None:
                    yield f"the label {layer.name}/{label.name}"
            yield from _attributes(layer.name, own.attributes, layer.attributes)
    for relation in other.relations:
        mine = _named(schema.relations, relation.name)
        if mine is None:
            yield f"the relation {relation.name}"
            continue
        for role in relation.roles:
            held = _named(mine.roles, role.name)
            if held is None or not _takes(held, role):
                yield f"the role {relation.name}/{role.name} as it is there"
        yield from _attributes(relation.name, mine.attributes, relation.attributes)


def _attributes(owner: str, own: Sequence[Attribute], other: Sequence[Attribute]) -> Iterator[str]:
    for attribute in other:
        held = _named(own, attribute.name)
        if held is None or held.multi < attribute.multi or not _all(held.labels, attribute.labels):
            yield f"the attribute {attribute.name} of {owner} as it is there"
            continue
        values = {value.name for value in held.values}
        for value in attribute.values:
            if value.name not in values:
                yield f"the value {value.name} of {owner}/{attribute.name}"


def _takes(held: Role, role: Role) -> bool:
    return (
        set(held.layers) >= set(role.layers)
        and _all(held.labels, role.labels)
        and set(held.relations) >= set(role.relations)
        and held.actors >= role.actors
        and held.min <= role.min
        and (held.max is None or (role.max is not None and held.max >= role.max))
    )


def _all(own: Sequence[str], other: Sequence[str]) -> bool:
    """Whether names allow at least what others do, where none at all means every one."""
    return not own or (bool(other) and set(own) >= set(other))


def _named(items: Sequence[_Named], name: str) -> _Named | None:
    return next((item for item in items if item.name == name), None)
