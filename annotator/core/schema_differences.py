"""How two versions of a schema differ, name by name, and how often what differs is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, get_args

from msgspec import Struct

from annotator.core.annotation import Relation, Span, Suggestion
from annotator.core.fitting import Effect
from annotator.core.migration import Migration, Owner
from annotator.core.schema import Attribute, Schema
from annotator.core.schema_change import Made

DifferenceKind = Literal[
    "added", "changed", "renamed", "merged", "deleted", "removed", "missing", "overlap", "refused"
]
"""``removed`` had nothing on it."""

KINDS: Final[tuple[DifferenceKind, ...]] = get_args(DifferenceKind)
"""All kinds, in the order in which they are listed."""


class Difference(Struct, frozen=True, kw_only=True):
    """One difference, and the annotations it bears on.

    ``what`` names the layer, label, attribute …; ``to`` is what becomes of it, or why. ``counts``
    are by kind of record, ``annotators`` by name; ``documents`` is in how many they are.
    """

    kind: DifferenceKind
    what: str
    to: str = ""
    hint: str = ""
    counts: dict[str, int] = {}
    annotators: dict[str, int] = {}
    documents: int = 0


class _Counts(Struct):
    kinds: Counter[str]
    annotators: Counter[str]
    documents: int = 0
    last: str = ""


class Tally:
    """Counts effects while documents pass by, all of one document after the other."""

    def __init__(self) -> None:
        self._found: dict[Effect, _Counts] = {}

    def tell(self, effect: Effect, record: Made) -> None:
        """Count an effect on a record."""
        counts = self._found.get(effect)
        if counts is None:
            counts = self._found[effect] = _Counts(Counter(), Counter())
        counts.kinds[_kind(record)] += 1
        counts.annotators[record.annotator] += 1
        if record.document != counts.last:
            counts.documents, counts.last = counts.documents + 1, record.document

    @property
    def refuses(self) -> bool:
        """Whether anything was counted that forbids the change."""
        return any(effect.kind == "refused" for effect in self._found)

    def differences(
        self, former: Schema, schema: Schema, names: Mapping[str, str]
    ) -> tuple[Difference, ...]:
        """All differences, with what was counted. ``names`` are those of annotators by id."""
        found = {(d.what, d.to): d for d in between(former, schema)}
        for effect, counts in self._found.items():
            known = found.get((effect.what, effect.to))
            merged = known is not None and known.kind == "merged"
            found[effect.what, effect.to] = Difference(
                kind="merged" if merged else effect.kind,
                what=effect.what,
                to=effect.to,
                hint=effect.hint,
                counts=dict(counts.kinds),
                annotators=dict(sorted((names[id], n) for id, n in counts.annotators.items())),
                documents=counts.documents,
            )
        refused = {d.what for d in found.values() if d.kind == "refused"}
        listed = [d for d in found.values() if d.kind != "removed" or d.what not in refused]
        return tuple(sorted(listed, key=lambda d: KINDS.index(d.kind)))


def _kind(record: Made) -> str:
    if isinstance(record, Suggestion):
        return "suggestion"
    if isinstance(record, Relation):
        return "relation"
    return "span" if isinstance(record, Span) else "label"


def between(former: Schema, schema: Schema) -> Iterator[Difference]:
    """The differences of two schemas, whatever was made with them, in the order of the files."""
    old, new = {n.what: n for n in _names(former)}, {n.what: n for n in _names(schema)}
    fates = {
        fate.what: fate.what if fate.to is None and fate.what in new else fate.to
        for fate in _fates(former, schema.migration)
    }
    carried = {f.what for f in _fates(former, schema.migration) if f.by_owner}
    into = Counter(to for to in fates.values() if to is not None)
    for what, to in fates.items():
        if to is None:
            yield Difference(kind="deleted", what=what)
        elif to not in new:
            yield Difference(kind="removed", what=what)
        elif to != what and what not in carried:
            kind: DifferenceKind = "merged" if into[to] > 1 or to in old else "renamed"
            yield Difference(kind=kind, what=what, to=_bare(to))
    reached = set(fates.values())
    for what, name in new.items():
        if what not in reached:
            if name.within in reached or name.within is None:
                yield Difference(kind="added", what=what)
        elif what in old:
            yield from _changed(old[what], name)


def _changed(old: _Name, new: _Name) -> Iterator[Difference]:
    for rule, value in new.rules.items():
        if old.rules[rule] != value:
            change = f"{rule}: {_shown(old.rules[rule])} → {_shown(value)}"
            yield Difference(kind="changed", what=new.what, to=change)


def _bare(what: str) -> str:
    """A name without the words that say what it is the name of."""
    return what.rsplit(" ", 1)[-1]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)


class _Name(Struct, frozen=True):
    """A name of a schema, the rules of it that a difference tells, and what it is a part of."""

    what: str
    rules: dict[str, object]
    within: str | None = None


def _names(schema: Schema) -> Iterator[_Name]:
    for layer in schema.layers:
        yield _Name(f"layer {layer.name}", {"scope": layer.scope, "overlap": layer.overlap})
        for label in layer.labels:
            yield _Name(f"label {layer.name}.{label.name}", {"key": label.key})
        yield from _attribute_names(f"layer {layer.name}", layer.name, layer.attributes)
    for relation in schema.relations:
        what = f"relation type {relation.name}"
        yield _Name(what, {})
        for role in relation.roles:
            rules = {"min": role.min, "max": role.max}
            yield _Name(f"role {relation.name}.{role.name}", dict(rules), what)
        yield from _attribute_names(what, relation.name, relation.attributes)


def _attribute_names(within: str, owner: str, attributes: Iterable[Attribute]) -> Iterator[_Name]:
    for attribute in attributes:
        what = f"attribute {owner}.{attribute.name}"
        yield _Name(what, {"required": attribute.required, "multi": attribute.multi}, within)
        for value in attribute.values:
            yield _Name(f"value {owner}.{attribute.name}.{value.name}", {"key": value.key}, what)


class _Fate(Struct, frozen=True):
    """What a former name is called now, whether that is there or not; None: it is deleted.

    ``by_owner``: only what it is a part of is called otherwise.
    """

    what: str
    to: str | None
    by_owner: bool = False


def _fates(former: Schema, moved: Migration) -> Iterator[_Fate]:
    for layer in former.layers:
        owner = moved.layers.get(layer.name, layer.name)
        yield _Fate(f"layer {layer.name}", owner and f"layer {owner}")
        for label in layer.labels:
            place = moved.place(layer.name, label.name)
            to = place and f"label {place[0]}.{place[1]}"
            yield _Fate(f"label {layer.name}.{label.name}", to)
        yield from _attribute_fates(("layer", layer.name), owner, layer.attributes, moved)
    for relation in former.relations:
        owner = moved.relations.get(relation.name, relation.name)
        yield _Fate(f"relation type {relation.name}", owner and f"relation type {owner}")
        for role in relation.roles:
            now = moved.roles.get((relation.name, role.name), role.name)
            what = f"role {relation.name}.{role.name}"
            yield _Fate(what, f"role {owner}.{now}" if owner and now else None, now == role.name)
        yield from _attribute_fates(("relation", relation.name), owner, relation.attributes, moved)


def _attribute_fates(
    owner: Owner, now: str | None, attributes: Iterable[Attribute], moved: Migration
) -> Iterator[_Fate]:
    for attribute in attributes:
        name, old = attribute.name, f"{owner[1]}.{attribute.name}"
        to = moved.attributes.get((owner, name), name)
        yield _Fate(f"attribute {old}", f"attribute {now}.{to}" if now and to else None, to == name)
        for value in attribute.values:
            fate = moved.values.get((owner, name, value.name), value.name)
            there = f"value {now}.{to}.{fate}" if now and to and fate else None
            yield _Fate(f"value {old}.{value.name}", there, fate == value.name)
