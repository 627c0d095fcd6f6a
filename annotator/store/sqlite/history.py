"""Edits: writing, logging, undoing and redoing them. No cost here grows with the log.

Each annotator has two stacks in each document. Their tops lie in the table ``history``; what lies
below an edit is in its ``previous_id``, as it was when the edit was made. Edits never change, so
both stacks survive anything that the log survives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from annotator.core.annotation import Record, Suggestion
from annotator.core.edits import (
    Change,
    Changes,
    Edit,
    decode_record,
    encode_record,
    inverse,
    same,
)
from annotator.core.fitting import Effect, Fitting
from annotator.core.naming import named
from annotator.errors import NotFoundError, RuleError, StaleError
from annotator.store.sqlite.checks import check_cut, check_place, check_references
from annotator.store.sqlite.connection import Row
from annotator.store.sqlite.document_table import DocumentTable
from annotator.store.sqlite.failures import told
from annotator.store.sqlite.people import People
from annotator.store.sqlite.record_rows import table_of
from annotator.store.sqlite.record_store import RecordStore
from annotator.store.sqlite.schema_table import SchemaTable

_PAGE: Final = 200
"""Edits read at once while going through the log."""

EDIT: Final = "number, id, session_id, annotator_id, document_id, time, verb, target_id"
_CHANGES: Final = "SELECT before, after FROM change WHERE edit_id = ? ORDER BY position LIMIT ?"
NEXT: Final = "coalesce((SELECT clock + 1 FROM edit ORDER BY number DESC LIMIT 1), 1)"
"""The clock of a new edit; the numbers follow the clocks."""
TOPS: Final = "SELECT undo_id, redo_id FROM history WHERE annotator_id = ? AND document_id = ?"
STANDING: Final = (
    "SELECT session.annotator_id, undo_id, redo_id, (SELECT id FROM schema WHERE active = 1)"
    " FROM session LEFT JOIN history ON history.annotator_id = session.annotator_id"
    " AND document_id = ?2 WHERE session.id = ?1"
)
"""What every edit needs to know, in one query: each costs who waits for the lock as well."""
LAST_CHANGE: Final = (
    "SELECT annotator.name, edit.verb, edit.time FROM change JOIN edit ON edit.id = change.edit_id"
    " JOIN annotator ON annotator.id = edit.annotator_id WHERE change.record_id = ?"
    " ORDER BY edit.number DESC LIMIT 1"
)


class History(DocumentTable, People, SchemaTable):
    """The one way by which records come to be, change and go."""

    def apply(
        self,
        session: str,
        document: str | None,
        verb: str,
        changes: Changes,
        *,
        undoable: bool = True,
        cursor: int | None = None,
    ) -> Edit:
        """Write the changes, their edit and the cursor (a code point) in one transaction.

        Raises StaleError, and writes nothing, where a ``before`` is no longer what is stored;
        InputError where a span does not fit its text; RuleError where something would refer to what
        is not there; NotFoundError for an unknown session or document; SchemaChangedError where the
        schema is no longer the one ``schema`` gave last. An edit without a document, without
        changes or not ``undoable`` is logged but on no stack.
        """
        with self._db.transaction():
            annotator, undo, _ = self._standing(session, document)
            if document is not None:
                text = self._text(document)
                if cursor is not None:
                    self._note_position(document, annotator, cursor, len(text))
            stacked = undoable and document is not None and bool(changes)
            edit = Edit(
                *(self._ids(), session, annotator, document, self._now(), verb, tuple(changes))
            )
            self._write(edit.changes)
            self._log(edit, undoable=stacked, previous=undo if stacked else None)
            if stacked:
                self._set_tops(edit, undo=edit.id, redo=None)
        return edit

    def undo(self, session: str, document: str) -> Edit | None:
        """Take back the annotator's last edit in the document not yet undone; None without one.

        The edit returned (verb ``undo``) names as target the edit that was first made, even where
        it has been redone since. Where the schema was changed since, what comes back is carried to
        it; RuleError where it has no place there. Raises StaleError where someone else changed the
        same things.
        """
        with self._db.transaction():
            annotator, undo, redo = self._standing(session, document)
            if undo is None:
                return None
            edit, below = self._turned_round(undo, session, annotator, document, "undo")
            self._log(edit, undoable=False, previous=redo)
            self._set_tops(edit, undo=below, redo=edit.id)
        return edit

    def undoable(self, session: str, document: str, most: int | None = None) -> Edit | None:
        """The edit that ``undo`` would take back, as it was made; None where there is none.

        With ``most``, no more than so many of its changes are read, from the first on.
        """
        return self._top(session, document, 0, most)

    def redoable(self, session: str, document: str, most: int | None = None) -> Edit | None:
        """The undo that ``redo`` would take back, likewise; None where there is none."""
        return self._top(session, document, 1, most)

    def _top(self, session: str, document: str, stack: int, most: int | None) -> Edit | None:
        with self._db.snapshot():
            id = self._tops(self._annotator_of(session), document)[stack]
            row = self._db.row(f"SELECT {EDIT} FROM edit WHERE id = ?", (id,))
            return None if row is None else self._edit(row, most)

    def redo(self, session: str, document: str) -> Edit | None:
        """Make the last undone edit again; None when there is none, or a new edit came between.

        Raises RuleError and StaleError as ``undo`` does.
        """
        with self._db.transaction():
            annotator, undo, redo = self._standing(session, document)
            if redo is None:
                return None
            edit, below = self._turned_round(redo, session, annotator, document, "redo")
            self._log(edit, undoable=True, previous=undo)
            self._set_tops(edit, undo=edit.id, redo=below)
        return edit

    def edits(self, document: str | None = None, *, limit: int | None = None) -> Iterator[Edit]:
        """The log, newest first; of one document (id), or of the whole project."""
        before: int | None = None
        left = limit
        while left is None or left > 0:
            size = _PAGE if left is None else min(_PAGE, left)
            where, values = ["1"], list[object]()
            if document is not None:
                where, values = ["document_id = ?"], [document]
            if before is not None:
                where.append("number < ?")
                values.append(before)
            found = self._db.rows(
                f"SELECT {EDIT} FROM edit WHERE {' AND '.join(where)} ORDER BY number DESC LIMIT ?",
                (*values, size),
            )
            yield from map(self._edit, found)
            if len(found) < size:
                return
            before = found[-1][0]
            left = None if left is None else left - size

    def _edit(self, row: Row, most: int | None = None) -> Edit:
        _, id, session, annotator, document, time, verb, target = row
        return Edit(id, session, annotator, document, time, verb, self._changes(id, most), target)

    def _changes(self, edit: str, most: int | None = None) -> Changes:
        limit = -1 if most is None else most
        return tuple(changes_of_rows(self._db.path, self._db.rows(_CHANGES, (edit, limit))))

    def _turned_round(
        self, top: str, session: str, annotator: str, document: str, verb: str
    ) -> tuple[Edit, str | None]:
        """Write the inverse of the edit ``top``; gives the new edit and what lay below ``top``.

        Suggestions that were changed since stay as they are: engines propose anew at any time, and
        what a person did can be taken back all the same.
        """
        row = self._db.row("SELECT target_id, previous_id, number FROM edit WHERE id = ?", (top,))
        assert row is not None, "foreign keys keep the stacks whole"
        changes = self._under_schema_in_force(self._changes(top), row[2])
        records = RecordStore(self._db)
        stored = records.load_all(change.record for change in changes)
        kept, current = list[Change](), list[Record | None]()
        for change in changes:
            now = stored.get((type(change.record), change.record.id))
            if same(change.after, now):
                kept.append(change)
                current.append(now)
            elif not isinstance(change.record, Suggestion):
                raise self._stale(change.record, now)
        back = inverse(tuple(kept), current)
        self._write(back)
        edit = Edit(
            *(self._ids(), session, annotator, document, self._now(), verb, back, row[0] or top)
        )
        return edit, row[1]

    def _under_schema_in_force(self, changes: Changes, number: int) -> Changes:
        """The changes of the edit of that number as they would be had the schema been today's.

        What comes to nothing is left out: records that are deleted, names that are one now.
        """
        if number > self._last_schema_change():
            return changes
        later = [Fitting(schema) for schema in self._schemas_since(number)]
        later.append(Fitting(self._parse(self.schema_source())))
        carried = (
            Change(_carried(change.before, later), _carried(change.after, later))
            for change in changes
        )
        return tuple(change for change in carried if not same(change.before, change.after))

    def _write(self, changes: Changes) -> None:
        records = RecordStore(self._db)
        if len({(type(c.record), c.record.id) for c in changes}) < len(changes):
            raise RuleError("One edit may change a record only once.", "Put the changes together.")
        stored = records.load_all(change.record for change in changes)
        for change in changes:
            if change.after is not None:
                check_place(change.after, self._text)
            now = stored.get((type(change.record), change.record.id))
            if now != change.before:
                raise self._stale(change.record, now)
            _check_step(change)
            if change.after is None:
                records.delete(change.record)
            elif change.before is None:
                records.insert(change.after)
            else:
                records.replace(change.before, change.after)
        check_references(self._db, changes)
        check_cut(self._db, changes)

    def _log(self, edit: Edit, *, undoable: bool, previous: str | None) -> None:
        self._db.write(
            "INSERT INTO edit (id, session_id, annotator_id, document_id, time, verb, target_id,"
            f" undoable, previous_id, clock) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, {NEXT})",
            (
                *(edit.id, edit.session, edit.annotator, edit.document, edit.time, edit.verb),
                *(edit.target, undoable, previous),
            ),
        )
        self._log_changes(edit.id, edit.changes)

    def _log_changes(self, edit: str, changes: Changes, first: int = 0) -> None:
        """Add changes to a logged edit, at the positions from ``first`` on."""
        self._db.write_many(
            "INSERT INTO change (edit_id, position, kind, record_id, before, after)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    *(edit, i, table_of(c.record).kind, c.record.id),
                    *(_encoded(c.before), _encoded(c.after)),
                )
                for i, c in enumerate(changes, first)
            ],
        )

    def _standing(self, session: str, document: str | None) -> tuple[str, str | None, str | None]:
        """The annotator of a session, and the tops of the two stacks. Checks the schema as well."""
        row = self._db.row(STANDING, (session, document))
        if row is None or (self._given is not None and row[3] != self._given):
            self.check_schema()
            return self._annotator_of(session), None, None
        return str(row[0]), row[1], row[2]

    def _tops(self, annotator: str, document: str | None) -> tuple[str | None, str | None]:
        row = self._db.row(TOPS, (annotator, document))
        return (None, None) if row is None else (row[0], row[1])

    def _set_tops(self, edit: Edit, *, undo: str | None, redo: str | None) -> None:
        self._db.write(
            "INSERT INTO history (document_id, annotator_id, undo_id, redo_id) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET undo_id = excluded.undo_id, redo_id = excluded.redo_id",
            (edit.document, edit.annotator, undo, redo),
        )

    def _annotator_of(self, session: str) -> str:
        row = self._db.row("SELECT annotator_id FROM session WHERE id = ?", (session,))
        if row is None:
            raise NotFoundError(f"There is no session {session}.", "Start one first.")
        return str(row[0])

    def _stale(self, record: Record, now: Record | None) -> StaleError:
        last = self._db.row(LAST_CHANGE, (record.id,))
        by = f" by {last[0]!r} ({last[1]}, {last[2]})" if last is not None else ""
        what = "is no longer there: deleted" if now is None else "was changed meanwhile"
        return StaleError(
            f"{named(record)} {what}{by}.",
            "Nothing was written. Load the document again, then repeat the action.",
        )


def _check_step(change: Change) -> None:
    before, after = change.before, change.after
    if before is not None and after is not None and after.revision <= before.revision:
        raise RuleError(f"{named(after)} was given no new revision.", "Use `update`.")


def _carried(record: Record | None, schemas: Iterable[Fitting]) -> Record | None:
    """The record as these schemas, one after the other, would have it."""
    refused: list[Effect] = []
    for fitting in schemas:
        if record is None:
            return None
        before, record = record, fitting.record(record, refused.append)
        for effect in refused:
            if effect.kind == "refused":
                raise RuleError(
                    f"{named(before)} cannot come back: {effect.what} {effect.to}.",
                    "`annotator schema undo` puts the schema before in force again.",
                )
    return record


def changes_of_rows(path: Path, rows: Iterable[Row]) -> Iterator[Change]:
    """The changes of rows (before, after) of the project at ``path``."""
    for before, after in rows:
        with told(path):
            yield Change(_decoded(before), _decoded(after))


def _encoded(record: Record | None) -> str | None:
    return None if record is None else encode_record(record)


def _decoded(data: str | None) -> Record | None:
    return None if data is None else decode_record(data)
