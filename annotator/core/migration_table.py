"""Reads the table ``[migrate]`` of a schema file and checks it against the schema around it.

It mirrors the former schema: ``[migrate.layer.NAME.labels]`` says what became of that layer's
labels, and so on. docs/schema.md describes it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeVar

from msgspec import UNSET, UnsetType

from annotator.core.migration import Migration, Owner, Place
from annotator.core.schema import Attribute, Layer, RelationType
from annotator.core.schema_table import TableReader, show

_FATE = "a name of this schema, or false: what bears it is deleted"
_GONE = "a name that this schema no longer has"

Key = TypeVar("Key")
Fate = TypeVar("Fate")


def read_migration(
    top: TableReader, layers: Sequence[Layer], relations: Sequence[RelationType]
) -> Migration:
    """Return what ``[migrate]`` says; problems are recorded with those of ``top``."""
    table = top.inner("migrate")
    reading = _Reading(layers, relations)
    if table is not None:
        for name, inner in table.tables("layer"):
            reading.layer(name, inner)
        for name, inner in table.tables("relation"):
            reading.relation(name, inner)
        table.close()
    return reading.found


class _Reading:
    """One pass over the table, with the schema that it leads to."""

    def __init__(self, layers: Sequence[Layer], relations: Sequence[RelationType]) -> None:
        self.found = Migration({}, {}, {}, {}, {}, {})
        self._layers = {layer.name: layer for layer in layers}
        self._relations = {relation.name: relation for relation in relations}

    def layer(self, name: str, table: TableReader) -> None:
        now = _owner(table, name, self._layers, self.found.layers, "layer")
        if now is None:
            return
        for label, entries in _entries(table, "labels"):
            _put(self.found.labels, (name, label), self._place(name, label, now, entries))
        self._attributes(("layer", name), now.attributes, table)
        table.close()

    def relation(self, name: str, table: TableReader) -> None:
        now = _owner(table, name, self._relations, self.found.relations, "relation type")
        if now is None:
            return
        roles = [role.name for role in now.roles]
        for role, entries in _entries(table, "roles"):
            _put(self.found.roles, (name, role), _fate(entries, role, roles, trims=True))
        self._attributes(("relation", name), now.attributes, table)
        table.close()

    def _place(
        self, former: str, label: str, layer: Layer, table: TableReader
    ) -> Place | UnsetType | None:
        """Where a label went: to a label of its layer, or, as a table says, to another layer."""
        still = self._layers.get(former)
        if still is not None and label in _names(still.labels):
            table.problem(label, f"{show(label)}, which there still is", _GONE)
            return UNSET
        if not isinstance(table.table[label], dict):
            fate = _fate(table, label, _names(layer.labels))
            return (layer.name, fate) if isinstance(fate, str) else fate
        inner = table.inner(label)
        assert inner is not None
        target = inner.choice("layer", list(self._layers), required=True)
        names = _names(self._layers[target].labels) if target in self._layers else []
        name = inner.choice("label", names, required=True)
        inner.close()
        return UNSET if target is None or name not in names else (target, name)

    def _attributes(
        self, owner: Owner, attributes: Sequence[Attribute], table: TableReader
    ) -> None:
        names = _names(attributes)
        for former, entries in _entries(table, "attributes"):
            if isinstance(entries.table[former], dict):
                inner = entries.inner(former)
                assert inner is not None
                self._attribute(owner, former, attributes, inner)
            else:
                fate = _fate(entries, former, names, trims=True)
                _put(self.found.attributes, (owner, former), fate)

    def _attribute(
        self, owner: Owner, former: str, attributes: Sequence[Attribute], table: TableReader
    ) -> None:
        """An attribute with values that changed; ``to`` where it is called otherwise now."""
        names, now = _names(attributes), former
        if table.has("to"):
            fate = _fate(table, "to", names, former=former, trims=True)
            _put(self.found.attributes, (owner, former), fate)
            now = fate if isinstance(fate, str) else former
        elif former not in names:
            table.problem("to", f"nothing, and there is no attribute {show(former)}", _FATE)
        values = next((_names(a.values) for a in attributes if a.name == now), [])
        for value, entries in _entries(table, "values"):
            _put(self.found.values, (owner, former, value), _fate(entries, value, values))
        table.close()


def _fate(
    table: TableReader,
    key: str,
    names: Sequence[str],
    *,
    former: str | None = None,
    trims: bool = False,
) -> str | UnsetType | None:
    """What became of ``former`` (default: the key): a new name, None for deletion, or a problem.

    ``names`` are those there are now. With ``trims`` deletion may also be said of one of them.
    """
    fate = table.fate(key, _FATE)
    former = key if former is None else former
    if isinstance(fate, UnsetType):
        return UNSET
    if former in names and not (fate is None and trims):
        table.problem(key, f"{show(former)}, which there still is", _GONE)
        return UNSET
    if fate is not None and fate not in names:
        table.problems.unknown(table.path, key, fate, show(fate), names)
        return UNSET
    return fate


_Named = TypeVar("_Named", Layer, RelationType)


def _owner(
    table: TableReader,
    name: str,
    known: Mapping[str, _Named],
    found: dict[str, str | None],
    kind: str,
) -> _Named | None:
    """The layer or relation type that goes on as; None where it is gone, or that is wrong."""
    if table.has("to"):
        fate = _fate(table, "to", list(known), former=name)
        _put(found, name, fate)
        if fate is None:
            table.close()
        return known[fate] if isinstance(fate, str) else None
    if name not in known:
        table.problem("to", f"nothing, and there is no {kind} {show(name)}", _FATE)
    return known.get(name)


def _put(found: dict[Key, Fate], key: Key, fate: Fate | UnsetType) -> None:
    if not isinstance(fate, UnsetType):
        found[key] = fate


def _entries(table: TableReader, key: str) -> Iterator[tuple[str, TableReader]]:
    """The keys of the table below ``key``, each with that table."""
    inner = table.inner(key)
    if inner is not None:
        for name in inner.table:
            yield name, inner


def _names(items: Collection[object]) -> list[str]:
    return [item.name for item in items]  # type: ignore[attr-defined]
