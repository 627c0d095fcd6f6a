"""Reading one project for a merge: its documents, its log by document, and what is in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Final

from msgspec import Struct

from annotator.core.annotation import Record
from annotator.core.document import Sentence
from annotator.core.edits import Change, decode_record
from annotator.core.replaying import Key, LogEntry, Replay, base_cut, key_of, without_actors
from annotator.errors import ProjectError
from annotator.store.sqlite.connection import Row
from annotator.store.sqlite.failures import told
from annotator.store.sqlite.store import SqliteStore

ENTRY: Final = (
    "edit.id, edit.clock, session_id, annotator_id, edit.document_id, edit.time, verb,"
    " edit.target_id, undoable, previous_id"
)
_ENTRIES: Final = f"SELECT {ENTRY} FROM edit WHERE document_id = ? ORDER BY clock, id"
_CHANGES: Final = """
SELECT edit_id, position, before, after FROM edit
CROSS JOIN change ON change.edit_id = edit.id WHERE document_id = ? ORDER BY edit_id, position"""
_LOOSE: Final = f"""
SELECT {ENTRY}, change.position, before, after FROM temp.loose
JOIN edit ON edit.id = loose.edit_id
JOIN change ON change.edit_id = loose.edit_id AND change.position = loose.position
WHERE loose.document_id = ? ORDER BY edit.clock, edit.id, change.position"""
_ABOUT: Final = "json_extract(coalesce(after, before), '$.kind')"
ACTORS: Final = f"""
SELECT CASE kind WHEN 'actor' THEN record_id
  ELSE json_extract(coalesce(after, before), '$.target') END AS actor, {ENTRY},
  position, before, after
FROM change JOIN edit ON edit.id = change.edit_id
WHERE kind = 'actor' OR (kind = 'conflict' AND {_ABOUT} = 'actor')
ORDER BY actor, edit.clock, edit.id, position"""


class DocumentRow(Struct, frozen=True):
    """What tells documents apart, without their texts."""

    id: str
    name: str
    text_sha256: str


class ProjectLog:
    """One open project, which a merge reads document by document."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.db = store._db
        self._has_loose = False

    @property
    def path(self) -> str:
        """The file, for messages."""
        return str(self.db.path)

    def documents(self) -> list[DocumentRow]:
        """All documents in order of import."""
        rows = self.db.rows("SELECT id, name, text_sha256 FROM document ORDER BY number")
        return [DocumentRow(*row) for row in rows]

    def edit_ids(self, document: str) -> set[str]:
        """The edits made in a document, and those of the whole project that bear on it."""
        self.index_loose()
        found = self.db.rows(
            "SELECT id FROM edit WHERE document_id = ?1"
            " UNION SELECT edit_id FROM temp.loose WHERE document_id = ?1",
            (document,),
        )
        return {id for (id,) in found}

    def entries(self, document: str) -> list[LogEntry]:
        """The log of a document in order, with all changes.

        Of an edit that belongs to no document, only the changes to this one's records.
        """
        changes = {
            edit: tuple((position, self._change(before, after)) for _, position, before, after in g)
            for edit, g in groupby(self.db.rows(_CHANGES, (document,)), itemgetter(0))
        }
        found = [
            entry_of(row, changes.get(row[0], ())) for row in self.db.rows(_ENTRIES, (document,))
        ]
        self.index_loose()
        loose = self.db.rows(_LOOSE, (document,))
        for head, group in groupby(loose, lambda row: row[:10]):
            found.append(entry_of(head, tuple((r[10], self._change(*r[11:])) for r in group)))
        return sorted(found, key=lambda e: e.order)

    def actor_entries(self) -> Iterator[tuple[str, LogEntry]]:
        """Every change to an actor as (actor's id, entry), actor by actor, each in order."""
        for actor, *row, position, before, after in self.db.each(ACTORS):
            yield actor, entry_of(tuple(row), ((position, self._change(before, after)),))

    def entries_of_actor(self, actor: str) -> Iterator[LogEntry]:
        """Every change to one actor, and to conflicts about it, in order."""
        rows = self.db.rows(
            f"SELECT {ENTRY}, position, before, after FROM change"
            " JOIN edit ON edit.id = change.edit_id WHERE record_id = ?1 OR record_id IN"
            " (SELECT id FROM conflict WHERE kind = 'actor' AND target_id = ?1)"
            " ORDER BY edit.clock, edit.id, position",
            (actor,),
        )
        for *row, position, before, after in rows:
            yield entry_of(tuple(row), ((position, self._change(before, after)),))

    def base(self, document: DocumentRow, entries: Iterable[LogEntry]) -> list[Sentence]:
        """The sentences the document was taken in with."""
        return base_cut(self.store.sentences(document.id), entries, document.text_sha256)

    def records(self, document: str) -> dict[Key, Record]:
        """All that is in force in a document, of all annotators, but no actors."""
        found: list[Record] = list(self.store.sentences(document))
        for annotator in self.store.annotators():
            made = self.store.annotations(document, annotator.id)
            found += made.spans + made.relations + made.unit_labels
            found += made.suggestions + made.sentence_marks
            if made.document_mark is not None:
                found.append(made.document_mark)
        return {key_of(record): record for record in found}

    def check(self, document: DocumentRow, entries: list[LogEntry], base: list[Sentence]) -> None:
        """Raise ProjectError where the log does not lead to what is in force."""
        replay = Replay(document.id, base)
        for entry in entries:
            replay.play(without_actors(entry))
        if replay.records() != self.records(document.id):
            raise ProjectError(
                f"{self.path}: what is stored of {document.name!r} is not what its log of edits"
                " says.",
                "Nothing was merged. Run `annotator doctor` on that file.",
            )

    def index_loose(self) -> None:
        """Note, once, which changes of edits that belong to no document bear on which one."""
        if self._has_loose:
            return
        self._has_loose = True
        self.db.rows(
            "CREATE TEMP TABLE loose (document_id TEXT, edit_id TEXT, position INTEGER,"
            " PRIMARY KEY (document_id, edit_id, position)) WITHOUT ROWID"
        )
        self.db.rows(
            "INSERT INTO temp.loose SELECT json_extract(coalesce(after, before), '$.document'),"
            " edit_id, position FROM edit CROSS JOIN change ON change.edit_id = edit.id"
            " WHERE edit.document_id IS NULL"
            " AND json_extract(coalesce(after, before), '$.document') IS NOT NULL"
        )

    def forget_loose(self) -> None:
        """Drop what ``index_loose`` noted, since the log has grown."""
        if self._has_loose:
            self.db.rows("DROP TABLE IF EXISTS temp.loose")
            self._has_loose = False

    def _change(self, before: str | None, after: str | None) -> Change:
        with told(self.db.path):
            return Change(
                None if before is None else decode_record(before),
                None if after is None else decode_record(after),
            )


def entry_of(row: Row, changes: tuple[tuple[int, Change], ...]) -> LogEntry:
    """The entry of a row of ENTRY's columns."""
    id, clock, session, annotator, document, time, verb, target, undoable, previous = row
    return LogEntry(
        id=id,
        clock=clock,
        session=session,
        annotator=annotator,
        document=document,
        time=time,
        verb=verb,
        target=target,
        undoable=undoable == 1,
        previous=previous,
        changes=changes,
    )
