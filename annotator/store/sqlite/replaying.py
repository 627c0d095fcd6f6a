"""The log played again, record by record, beside what is stored.

All is read in a way that a broken row cannot stop: what cannot be read is said of its record.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from annotator.core.annotation import Record
from annotator.core.edits import Change, decode_record, encode_record, same
from annotator.core.threads import Thread
from annotator.errors import ProjectError
from annotator.store.sqlite.checks import targets_of
from annotator.store.sqlite.connection import Connection, Row
from annotator.store.sqlite.failures import told
from annotator.store.sqlite.record_rows import TABLE_OF, TYPE_OF
from annotator.store.sqlite.record_store import RecordStore
from annotator.store.upkeep import Replayed

_OWNED: Final = (
    "span", "unit_label", "relation", "sentence_mark", "document_mark", "suggestion",
)  # fmt: skip
_ALL: Final = ("sentence", *_OWNED)

_STORED: Final = " UNION ALL ".join(
    [
        "SELECT 'sentence' AS kind, id FROM sentence WHERE document_id = ?1",
        *(
            f"SELECT '{kind}', id FROM {kind}"
            " WHERE annotator_id IN (SELECT id FROM annotator) AND document_id = ?1"
            for kind in _OWNED
        ),
    ]
)
OF_DOCUMENT: Final = (
    f"{_STORED} UNION SELECT kind, record_id FROM edit CROSS JOIN change"
    " ON change.edit_id = edit.id WHERE document_id = ?1 AND kind NOT IN ('actor', 'conflict')"
)
"""What is there, and what the log says was made there and may be missing."""

OF_PROJECT: Final = (
    "SELECT 'actor' AS kind, id FROM actor"
    " UNION SELECT kind, record_id FROM change WHERE kind = 'actor'"
)
LOG: Final = (
    "SELECT edit.number, edit.verb, edit.time, before, after FROM change"
    " CROSS JOIN edit ON edit.id = change.edit_id WHERE record_id = ? AND kind = ?"
    " ORDER BY edit.number"
)
_DISAGREE: Final = """
  ((SELECT count(*) FROM fragment AS f WHERE f.span_id = span.id) <> pieces
    OR (SELECT min(f.start) FROM fragment AS f WHERE f.span_id = span.id) <> start
    OR (SELECT max(f."end") FROM fragment AS f WHERE f.span_id = span.id) <> "end"
    OR (SELECT count(DISTINCT position) FROM attribute AS a WHERE a.span_id = span.id)
      <> attributes)"""
"""A span's own row and its rows of detail say different things."""

DISAGREEING: Final = (
    "SELECT id FROM span WHERE annotator_id IN (SELECT id FROM annotator) AND document_id = ?"
    f" AND {_DISAGREE}"
)
_DISAGREES: Final = f"SELECT 1 FROM span WHERE id = ? AND {_DISAGREE}"
_FAULT: Final = "its row and its rows of detail differ"


class Replay:
    """Goes through the records of a project; all reads belong in one snapshot."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._records = RecordStore(connection)
        self._is_merged = is_merged(connection)

    def of(self, document: str | None) -> Iterator[Replayed]:
        """Every record of a document (id), kind by kind; of None, the project's actors."""
        if document is None:
            disagreeing: set[str] = set()
            found = self._db.rows(OF_PROJECT)
        else:
            disagreeing = {id for (id,) in self._db.rows(DISAGREEING, (document,))}
            found = self._db.rows(OF_DOCUMENT, (document,))
        order = {kind: number for number, kind in enumerate(("actor", *_ALL))}
        for kind, id in sorted(found, key=lambda row: (order.get(row[0], 99), row[1])):
            type_ = TYPE_OF.get(kind)
            if type_ is not None:
                yield self._one(type_, kind, id, _FAULT if id in disagreeing else None)

    def again(self, record: Replayed) -> Replayed:
        """The same record as it is now."""
        kind, id = record.kind, record.id
        disagrees = kind == "span" and self._db.row(_DISAGREES, (id,)) is not None
        return self._one(TYPE_OF[kind], kind, id, _FAULT if disagrees else None)

    def _one(self, type_: type, kind: str, id: str, fault: str | None) -> Replayed:
        stored, unread = self._stored(type_, id, with_row=fault is None)
        log = self._db.rows(LOG, (id, kind))
        gaps = tuple(_gaps(kind, log))
        logged = stored
        if log:
            last = log[-1][4]
            if stored is None or last is None or encode_record(stored) != last:
                logged = None if last is None else _decoded(last)
        elif kind != "sentence":
            logged = None
        if (gaps or logged != stored) and self._parted(kind, id, stored, log):
            gaps, logged = (), stored
        return Replayed(
            kind=kind,
            id=id,
            stored=stored,
            logged=logged,
            fault=unread or fault,
            gaps=gaps,
            missing=self._missing(stored),
            logged_missing=() if logged == stored else self._missing(logged),
        )

    def _parted(self, kind: str, id: str, stored: Record | None, log: list[Row]) -> bool:
        """Whether the record was changed in several files before a merge, which kept its version.

        Which one counts may depend on other records; that it is one of them is looked at here.
        """
        if not self._is_merged:
            return False
        texts = [text for row in log for text in row[3:] if text is not None]
        records = [_decoded(text) for text in texts]
        if not log or None in records or stored not in (None, *records):
            return False
        thread = Thread(_decoded(log[0][3]) if log[0][3] is not None else None)
        try:
            for number, _, _, before, after in log:
                change = Change(
                    None if before is None else _decoded(before),
                    None if after is None else _decoded(after),
                )
                thread.take(change, str(number), 0)
        except ProjectError:
            return False
        conflict = self._db.row(
            "SELECT 1 FROM conflict WHERE target_id = ? AND kind = ?", (id, kind)
        )
        return bool(thread.rivals) or conflict is not None or same(stored, thread.now.record)

    def _stored(self, type_: type, id: str, *, with_row: bool) -> tuple[Record | None, str | None]:
        try:
            with told(self._db.path):
                record = self._records.find(type_, id)
        except ProjectError as error:
            return None, error.message
        if record is None or not with_row:
            return record, None
        table = TABLE_OF[type_]
        row = self._db.row(table.select, (id,))
        differ = row is not None and tuple(row) != tuple(table.row(record))
        return record, "its columns say different things" if differ else None

    def _missing(self, record: Record | None) -> tuple[tuple[str, str], ...]:
        if record is None:
            return ()
        return tuple(
            (kind, id)
            for kind, id in dict.fromkeys(targets_of(record))
            if self._db.row(f"SELECT 1 FROM {kind} WHERE id = ?", (id,)) is None
        )


def is_merged(connection: Connection) -> bool:
    """Whether edits that did not know of each other were brought together here."""
    return connection.row("SELECT 1 FROM edit WHERE number <> clock LIMIT 1") is not None


def _gaps(kind: str, log: list[Row]) -> Iterator[str]:
    """Where an edit starts from something else than what the one before it left."""
    # Sentences are made with their document, without an edit.
    last: Row | None = None
    for row in log:
        before, left = row[3], None if last is None else last[4]
        if before != left and not _equal(before, left) and (last or kind != "sentence"):
            if last is not None and left is not None and _decoded(left) is None:
                yield _unreadable(last)
            else:
                yield f"{_in_words(row)} starts from something else than was left"
        last = row
    if last is not None and last[4] is not None and _decoded(last[4]) is None:
        yield _unreadable(last)


def _unreadable(row: Row) -> str:
    return f"{_in_words(row)} holds a record that cannot be read"


def _in_words(row: Row) -> str:
    number, verb, time, _, _ = row
    return f"edit {number} ({verb}, {time})"


def _equal(a: str | None, b: str | None) -> bool:
    """Whether two texts of a record say the same, whichever version wrote them."""
    if a is None or b is None:
        return False
    first = _decoded(a)
    return first is not None and first == _decoded(b)


def _decoded(data: str) -> Record | None:
    """The record of a text of the log; None where it cannot be read."""
    try:
        return decode_record(data)
    except msgspec.MsgspecError:
        return None
