"""What becomes of the names of former versions of a schema: the table ``[migrate]`` as values.

Made and checked by :func:`annotator.core.migration_table.read_migration`; applied to annotations by
:mod:`annotator.core.fitting`.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from msgspec import Struct

Place: TypeAlias = tuple[str, str]
"""A layer and a label in it."""

Owner: TypeAlias = tuple[Literal["layer", "relation"], str]
"""What carries attributes: a layer or a relation type, by name."""


class Migration(Struct, frozen=True):
    """Former name → the name in this schema, or None: what bears it is deleted.

    A name that is not here is still called what it was. No former name with a new one is a name of
    the schema at the same place, so that carrying what is carried already changes nothing. None for
    an attribute or role that there still is deletes only what of it no longer fits.
    """

    layers: dict[str, str | None] = {}
    labels: dict[Place, Place | None] = {}
    attributes: dict[tuple[Owner, str], str | None] = {}
    values: dict[tuple[Owner, str, str], str | None] = {}
    relations: dict[str, str | None] = {}
    roles: dict[tuple[str, str], str | None] = {}

    def place(self, layer: str, label: str) -> Place | None:
        """Where the annotations of a former label belong now."""
        if (layer, label) in self.labels:
            return self.labels[layer, label]
        now = self.layers.get(layer, layer)
        return None if now is None else (now, label)


NO_MIGRATION: Final = Migration()
