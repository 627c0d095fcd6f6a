"""The schemas of a project: the one in force, and those before it."""

from __future__ import annotations

from typing import Final

from annotator.core.schema import Schema
from annotator.errors import ProjectError, SchemaChangedError
from annotator.store.sqlite.connection import Row
from annotator.store.sqlite.failures import RESTORE
from annotator.store.sqlite.store_part import StorePart

IN_FORCE: Final = "SELECT id FROM schema WHERE active = 1"
_BY: Final = (
    "SELECT schema.name, schema.version, annotator.name FROM schema"
    " LEFT JOIN edit ON edit.id = schema.edit_id"
    " LEFT JOIN annotator ON annotator.id = edit.annotator_id WHERE active = 1"
)
_LATER: Final = """
WITH RECURSIVE chain (id, source, previous_id, number) AS (
  SELECT schema.id, source, schema.previous_id, edit.number FROM schema
    JOIN edit ON edit.id = schema.edit_id WHERE active = 1
  UNION ALL
  SELECT schema.id, schema.source, schema.previous_id, edit.number FROM chain
    JOIN schema ON schema.id = chain.previous_id JOIN edit ON edit.id = schema.edit_id
)
SELECT source FROM chain WHERE number > ? ORDER BY number"""
_LAST_CHANGE: Final = (
    "SELECT coalesce(max(edit.number), 0) FROM schema"
    " JOIN edit ON edit.id = schema.edit_id OR edit.id = schema.undone_id"
)


class SchemaTable(StorePart):
    """Which schema is in force. Who works with one is told when another takes its place."""

    _parsed: tuple[str, Schema] | None = None
    """The TOML text parsed last, and its schema."""

    _given: str | None = None
    """The id of the schema that was given out last: the one that callers go by."""

    def schema(self) -> Schema:
        """The schema in force. From now on, writing under another raises SchemaChangedError."""
        with self._db.snapshot():
            self._given, source = self._in_force()
        return self._parse(source)

    def schema_in_force(self) -> Schema:
        """The same, for who only looks: what is written still goes by what ``schema`` gave last."""
        return self._parse(self._in_force()[1])

    def schema_source(self) -> str:
        """Its TOML text as it was given."""
        return self._in_force()[1]

    def schema_changed(self) -> bool:
        """Whether another schema is in force than the one ``schema`` gave last."""
        row = self._db.row(IN_FORCE)
        return self._given is not None and (row is None or row[0] != self._given)

    def check_schema(self) -> None:
        """Raise SchemaChangedError where callers go by a schema that is no longer in force."""
        if not self.schema_changed():
            return
        name, version, by = self._db.rows(_BY)[0]
        who = f" by {by!r}" if by is not None else ""
        raise SchemaChangedError(
            f"The schema was changed meanwhile{who}, to {name} {version}.",
            "Nothing was written. Load the document again, then repeat the action.",
        )

    def _in_force(self) -> tuple[str, str]:
        row = self._db.row("SELECT id, source FROM schema WHERE active = 1")
        if row is None:
            raise ProjectError(f"{self._db.path} has no schema in force.", RESTORE)
        return str(row[0]), str(row[1])

    def _parse(self, source: str) -> Schema:
        from annotator.core.schema_file import parse_schema

        if self._parsed is None or self._parsed[0] != source:
            self._parsed = (source, parse_schema(source, f"the schema in {self._db.path}"))
        return self._parsed[1]

    def _schemas_since(self, number: int) -> list[Schema]:
        """The schemas that were put in force after the edit of that number, and still count."""
        from annotator.core.schema_file import parse_schema

        rows: list[Row] = self._db.rows(_LATER, (number,))
        return [parse_schema(str(source), f"a schema in {self._db.path}") for (source,) in rows]

    def _last_schema_change(self) -> int:
        """The number of the newest edit that put a schema in force or took it back."""
        return int(self._db.rows(_LAST_CHANGE)[0][0])
