"""Reading the log of edits as a person does: newest first, of a document or of one record."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from typing import Final

from annotator.core.annotation import Record
from annotator.core.edits import Changes, Edit
from annotator.errors import NotFoundError
from annotator.store.base import LoggedEdit
from annotator.store.sqlite.connection import Row
from annotator.store.sqlite.history import EDIT, PAGE, History, changes_of_rows
from annotator.store.sqlite.record_rows import TYPE_OF
from annotator.store.sqlite.record_store import RecordStore

_LOGGED: Final = (
    "SELECT edit.number, edit.id, session_id, edit.annotator_id, edit.document_id, edit.time, verb,"
    " target_id, annotator.name, document.name,"
    " (SELECT count(*) FROM change WHERE edit_id = edit.id),"
    " (SELECT name || ' ' || version FROM schema WHERE schema.edit_id = edit.id)"
    " FROM edit JOIN annotator ON annotator.id = edit.annotator_id"
    " LEFT JOIN document ON document.id = edit.document_id"
)
_OF_DOCUMENT: Final = "edit.document_id = ?"
_OF_PROJECT: Final = "edit.document_id IS NULL AND ? IS NOT NULL"
EDITS_AFTER: Final = f"SELECT {EDIT} FROM edit WHERE document_id = ? AND number > ? ORDER BY number"
LAST_EDIT: Final = "SELECT coalesce(max(number), 0) FROM edit WHERE document_id = ?"
OF_RECORD: Final = "edit.id IN (SELECT edit_id FROM change WHERE record_id = ?)"
_FIRST_CHANGES: Final = (
    "SELECT before, after FROM change WHERE edit_id = ? AND position < ? ORDER BY position"
)
_CHANGES_OF_RECORD: Final = (
    "SELECT before, after FROM change WHERE edit_id = ? AND record_id = ? ORDER BY position"
)
_CHANGES_IN: Final = (
    "SELECT before, after FROM change WHERE edit_id = ?"
    " AND json_extract(coalesce(before, after), '$.document') = ? ORDER BY position LIMIT ?"
)


class LogReader(History):
    """Who did what, when."""

    def log(
        self,
        document: str | None = None,
        *,
        record: str | None = None,
        limit: int | None = None,
        most: int = 20,
    ) -> Iterator[LoggedEdit]:
        """Edits of a document (id) or record (id), else of the project, newest first.

        Of each at most ``most`` changes are read; those of one record are only its own. A
        document's edits come with those of the whole project, such as changes of schema.
        """
        size = PAGE if limit is None else min(PAGE, limit)
        if record is not None:
            found = self._logged(OF_RECORD, record, size)
        elif document is not None:
            streams = (self._logged(where, document, size) for where in (_OF_DOCUMENT, _OF_PROJECT))
            found = merge(*streams, key=lambda row: -int(row[0]))
        else:
            found = self._logged("? IS NULL", None, size)
        for count, row in enumerate(found):
            if limit is not None and count >= limit:
                return
            yield self._logged_edit(row, record, most)

    def edits_after(self, document: str, number: int) -> list[tuple[int, Edit]]:
        """The edits in a document (id) behind that number, oldest first, each with its number."""
        with self._db.snapshot():
            found = self._db.rows(EDITS_AFTER, (document, number))
            return [(row[0], self._edit(row)) for row in found]

    def last_edit(self, document: str) -> int:
        """The number of the newest edit in a document (id), for ``edits_after``; 0 without one."""
        return int(self._db.rows(LAST_EDIT, (document,))[0][0])

    def edit(self, id: str, document: str | None = None, *, most: int | None = None) -> Edit:
        """The edit with this id, or what it changed in one document (id). Raises NotFoundError.

        With ``most``, no more than so many of its changes are read, from the first on.
        """
        row = self._db.row(f"{_LOGGED} WHERE edit.id = ?", (id,))
        if row is None:
            raise NotFoundError(f"There is no edit {id}.", "`annotator log` lists them.")
        return self._edit_of(row, self._changes_in(id, document, most))

    def carried(self, edit: str, document: str) -> Changes:
        """What an edit changed in a document, as it would be under the schema in force.

        Raises RuleError where something has no place there.
        """
        row = self._db.row("SELECT number FROM edit WHERE id = ?", (edit,))
        if row is None:
            raise NotFoundError(f"There is no edit {edit}.", "`annotator log` lists them.")
        return self._under_schema_in_force(self._changes_in(edit, document), row[0])

    def record(self, kind: str, id: str) -> Record | None:
        """The record of a kind (``span``, ``actor`` …) as it is stored."""
        return RecordStore(self._db).find(TYPE_OF[kind], id)

    def _changes_in(self, edit: str, document: str | None, most: int | None = None) -> Changes:
        if document is None:
            return self._changes(edit, most)
        rows = self._db.rows(_CHANGES_IN, (edit, document, -1 if most is None else most))
        return tuple(changes_of_rows(self._db.path, rows))

    def _logged(self, where: str, value: str | None, size: int) -> Iterator[Row]:
        before: int | None = None
        while True:
            after = "" if before is None else " AND edit.number < ?"
            found = self._db.rows(
                f"{_LOGGED} WHERE {where}{after} ORDER BY edit.number DESC LIMIT {size}",
                (value,) if before is None else (value, before),
            )
            yield from found
            if len(found) < size:
                return
            before = found[-1][0]

    def _logged_edit(self, row: Row, record: str | None, most: int) -> LoggedEdit:
        id = row[1]
        if record is not None:
            changes = self._db.rows(_CHANGES_OF_RECORD, (id, record))
        else:
            changes = self._db.rows(_FIRST_CHANGES, (id, most)) if most else []
        edit = self._edit_of(row, tuple(changes_of_rows(self._db.path, changes)))
        return LoggedEdit(edit, by=row[8], document=row[9], changes=row[10], schema=row[11])

    def _edit_of(self, row: Row, changes: Changes) -> Edit:
        _, id, session, annotator, document, time, verb, target, *_ = row
        return Edit(id, session, annotator, document, time, verb, changes, target)
