"""Changing the schema of a project with annotations in it, and taking that back.

A change of schema is one edit of the whole project: the changes to records, and the schema that
came into force. Changes are written and read a document at a time, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count, groupby
from typing import Final

from msgspec.structs import replace

from annotator.core.annotation import Argument, Record, Relation, Suggestion
from annotator.core.edits import Change, Changes, Edit, inverse, same
from annotator.core.fitting import Effect, Fitting, Stands
from annotator.core.naming import named
from annotator.errors import StaleError
from annotator.store.base import SchemaEdit
from annotator.store.sqlite.backups import back_up, backup_place
from annotator.store.sqlite.connection import Connection, Row
from annotator.store.sqlite.history import History, changes_of_rows
from annotator.store.sqlite.record_rows import TYPE_OF
from annotator.store.sqlite.record_store import RecordStore

_BACKWARDS: Final = (
    "SELECT kind, record_id, before, after FROM change WHERE edit_id = ? ORDER BY position DESC"
)
_SINCE: Final = (
    "SELECT DISTINCT kind, record_id FROM edit JOIN change ON change.edit_id = edit.id"
    " WHERE edit.number > ? AND edit.id <> ?"
    " AND kind IN ('span', 'relation', 'unit_label', 'suggestion')"
)
_PROPOSED: Final = (
    "SELECT json_extract(proposed, '$.id'), layer, label FROM suggestion"
    " WHERE document_id = ? AND annotator_id = ?"
)
_IN_FORCE: Final = (
    "SELECT schema.id, schema.previous_id, edit.id, edit.number FROM schema"
    " JOIN edit ON edit.id = edit_id WHERE active = 1"
)
_TAKEN_BACK: Final = (
    "SELECT schema.id, edit.id, edit.number FROM schema JOIN edit ON edit.id = undone_id"
    " WHERE schema.previous_id = (SELECT id FROM schema WHERE active = 1)"
)


class SchemaHistory(History):
    """Schemas that take each other's place."""

    def change_schema(self, session: str, source: str, parts: Iterable[Changes]) -> SchemaEdit:
        """Put another schema (TOML) in force and write the changes that go with it, as one edit.

        ``parts`` are written as they come: a document's changes each. The file is copied first, to
        a file beside it. Raises SchemaError, SchemaChangedError, and what ``apply`` raises.
        """
        from annotator.core.schema_file import parse_schema

        schema = parse_schema(source, "the schema")
        with self._change() as backup:
            edit = self._project_edit(session, "schema", None)
            changes = self._write_parts(edit, parts)
            before = self._in_force()[0]
            self._db.write("UPDATE schema SET undone_id = NULL WHERE undone_id IS NOT NULL")
            self._db.write("UPDATE schema SET active = 0 WHERE active = 1")
            self._db.write(
                "INSERT INTO schema (id, name, version, source, active, time, edit_id, previous_id)"
                " VALUES (?, ?, ?, ?, 1, ?, ?, ?)",
                (*(self._ids(), schema.name, schema.version, source), edit.time, edit.id, before),
            )
        return SchemaEdit(edit.id, schema.name, schema.version, changes, backup)

    def undo_schema(self, session: str) -> SchemaEdit | None:
        """Take the last change of schema back, with all it did; None where there was none.

        Raises StaleError, and changes nothing, where annotations it changed were changed since, or
        ones made since would not fit the schema before.
        """
        with self._last_change(_IN_FORCE) as (row, backup):
            if row is None:
                return None
            id, previous, done, number = row
            edit, changes = self._turned(session, "undo", done)
            self._put_in_force(previous)
            self._db.write("UPDATE schema SET undone_id = ? WHERE id = ?", (edit.id, id))
            self._check_made_since(number, edit)
            return self._result(edit, changes, backup)

    def redo_schema(self, session: str) -> SchemaEdit | None:
        """Make the last change of schema that was taken back again; None where there is none.

        Raises StaleError, and changes nothing, where annotations that it bears on were changed or
        made since.
        """
        with self._last_change(_TAKEN_BACK) as (row, backup):
            if row is None:
                return None
            id, undone, number = row
            edit, changes = self._turned(session, "redo", undone)
            self._put_in_force(id)
            self._db.write(
                "UPDATE schema SET undone_id = NULL, edit_id = ? WHERE id = ?", (edit.id, id)
            )
            self._check_made_since(number, edit)
            return self._result(edit, changes, backup)

    # -- pieces ----------------------------------------------------------------------------------

    @contextmanager
    def _last_change(self, query: str) -> Iterator[tuple[Row | None, str]]:
        """What a query says of the change to turn round, and the copy of the project as it was.

        Asked within the transaction: another process may have turned it round just before.
        """
        with self._db.transaction():
            row = self._db.row(query)
            if row is None:
                yield None, ""
                return
            with self._change() as backup:
                yield row, backup

    @contextmanager
    def _change(self) -> Iterator[str]:
        """A transaction, and before it the copy of the project whose name it gives.

        Through a connection of its own: SQLite copies nothing from one that is about to write.
        """
        path = self._db.path
        with self._db.transaction():
            self.check_schema()
            version = self._db.rows("SELECT version FROM schema WHERE active = 1")[0][0]
            place = target = backup_place(path, f"schema-{version}", self._clock)
            for number in count(2):
                if not target.exists():
                    break
                target = place.with_stem(f"{place.stem}-{number}")
            reader = Connection(path, "ro")
            try:
                back_up(reader, target, self._ids)
                yield str(target)
            except BaseException:
                target.unlink(missing_ok=True)
                raise
            finally:
                reader.close()
        self._given = self._in_force()[0]

    def _project_edit(self, session: str, verb: str, target: str | None) -> Edit:
        """Log an edit of the whole project whose changes follow."""
        annotator = self._annotator_of(session)
        edit = Edit(self._ids(), session, annotator, None, self._now(), verb, (), target)
        self._log(edit, undoable=False, previous=None)
        return edit

    def _write_parts(self, edit: Edit, parts: Iterable[Changes]) -> int:
        written = 0
        for changes in parts:
            self._write(changes)
            self._log_changes(edit.id, changes, written)
            written += len(changes)
        return written

    def _put_in_force(self, id: str) -> None:
        self._db.write("UPDATE schema SET active = 0 WHERE active = 1")
        self._db.write("UPDATE schema SET active = 1 WHERE id = ?", (id,))

    def _result(self, edit: Edit, changes: int, backup: str) -> SchemaEdit:
        name, version = self._db.rows("SELECT name, version FROM schema WHERE active = 1")[0]
        return SchemaEdit(edit.id, str(name), int(version), changes, backup)

    def _turned(self, session: str, verb: str, done: str) -> tuple[Edit, int]:
        """Write and log the inverse of an edit of the whole project; gives how many changes."""
        target = self._db.rows("SELECT coalesce(target_id, id) FROM edit WHERE id = ?", (done,))
        edit = self._project_edit(session, verb, str(target[0][0]))
        return edit, self._write_parts(edit, self._inverse_parts(done))

    def _inverse_parts(self, done: str) -> Iterator[Changes]:
        """The inverse of an edit, last first, a document at a time. Raises StaleError at the end
        where any record is not as the edit left it."""
        records = RecordStore(self._db)
        stale: list[Change] = []
        found = 0
        for _, group in groupby(self._backwards(done), key=lambda c: _document(c)):
            changes = tuple(group)
            stored = records.load_all(change.record for change in changes)
            current = [stored.get((type(c.record), c.record.id)) for c in changes]
            pairs = list(zip(changes, current, strict=True))
            wrong = [change for change, now in pairs if not same(change.after, now)]
            found += len(wrong)
            stale += wrong[: 1 - len(stale)]
            if not found:
                yield tuple(reversed(inverse(changes, current)))
        if found:
            raise StaleError(
                f"{_annotations(found)} that the change of schema touched changed again since, the"
                f" first: {named(stale[0].record)}.",
                "Nothing was written. `annotator log` shows by whom; undo that first.",
            )

    def _backwards(self, edit: str) -> Iterator[Change]:
        for row in self._db.each(_BACKWARDS, (edit,)):
            yield from changes_of_rows(self._db.path, [row[2:]])

    def _check_made_since(self, number: int, turned: Edit) -> None:
        """Raise StaleError where records changed after the edit of that number do not fit the
        schema in force. What ``turned`` brought back fitted it before."""
        fitting = Fitting(self._parse(self.schema_source()))
        records = RecordStore(self._db)
        standing = _Standing(self._db, records)
        found, first, why = 0, "", ""
        for kind, id in self._db.rows(_SINCE, (number, turned.id)):
            record = records.find(TYPE_OF[kind], id)
            if record is None:
                continue
            told: list[Effect] = []
            fitting.record(record, told.append)
            item = record.proposed if isinstance(record, Suggestion) else record
            if isinstance(item, Relation):
                known = standing.in_roles_of(item)
                tie = replace(item, arguments=tuple(known))
                fitting.arguments(item.type, tie, known.__getitem__, told.append)
            if told:
                found += 1
                first, why = first or named(record), why or f"{told[0].what} {told[0].to}".strip()
        if found:
            raise StaleError(
                f"{_annotations(found)}, made or changed since, would not fit that schema; the"
                f" first: {first} ({why}).",
                "Nothing was written. Delete or relabel them, or apply a schema that has both.",
            )


class _Standing:
    """What stands in the roles of relations: annotations, and what is proposed with a proposed one.

    What is proposed is kept for one document at a time.
    """

    def __init__(self, db: Connection, records: RecordStore) -> None:
        self._db = db
        self._records = records
        self._home: tuple[str, str] | None = None
        self._proposed: dict[str, Stands] = {}

    def in_roles_of(self, tie: Relation) -> dict[Argument, Stands]:
        """For each argument what is there; without those whose filler is gone."""
        found: dict[Argument, Stands] = {}
        for argument in tie.arguments:
            record = self._records.find(TYPE_OF[argument.kind], argument.target)
            if record is not None or argument.kind == "actor":
                found[argument] = _stands(record)
            elif argument.target in self._proposals(tie.document, tie.annotator):
                found[argument] = self._proposed[argument.target]
        return found

    def _proposals(self, document: str, annotator: str) -> dict[str, Stands]:
        if self._home != (document, annotator):
            rows = self._db.rows(_PROPOSED, (document, annotator))
            self._proposed = {
                str(id): str(label) if layer is None else (str(layer), str(label))
                for id, layer, label in rows
            }
            self._home = document, annotator
        return self._proposed


def _annotations(number: int) -> str:
    return f"{number} annotation{'' if number == 1 else 's'}"


def _stands(record: Record | None) -> Stands:
    if isinstance(record, Relation):
        return record.type
    place = (getattr(record, "layer", None), getattr(record, "label", None))
    return None if place[0] is None or place[1] is None else (place[0], place[1])


def _document(change: Change) -> str | None:
    return getattr(change.record, "document", None)
