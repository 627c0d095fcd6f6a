"""What a merge writes to its target; every method works inside the merge's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from typing import Final

from annotator.core.annotation import Actor, Record
from annotator.core.edits import Change, encode_record
from annotator.core.renaming import Renaming
from annotator.core.replaying import Key, LogEntry, Replay, key_of
from annotator.core.undo_stacks import UndoStacks
from annotator.store.merge_report import MergeReport
from annotator.store.sqlite.project_log import ENTRY, ProjectLog, entry_of
from annotator.store.sqlite.record_rows import conflict_of
from annotator.store.sqlite.record_store import RecordStore

_INSERT_EDIT: Final = (
    "INSERT INTO edit (id, clock, session_id, annotator_id, document_id, time, verb, target_id,"
    " undoable) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_CHANGE: Final = (
    "INSERT INTO change (edit_id, position, kind, record_id, before, after)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
_CONFLICT: Final = "SELECT id, document_id, kind, target_id, edit_id, other, state, revision"


class MergeWriter:
    """Writes to the target and counts, in the report, what is new."""

    def __init__(self, target: ProjectLog, report: MergeReport) -> None:
        self._target = target
        self._db = target.db
        self._records = RecordStore(target.db)
        self._report = report

    # -- of the whole project --------------------------------------------------------------------

    def take_in_schemas(self, source: ProjectLog) -> None:
        """The schemas that were ever in force in the file, none of them in force here."""
        columns = self._columns("schema")
        active = columns.index("active")
        for row in source.db.rows(f"SELECT {', '.join(columns)} FROM schema ORDER BY id"):
            values = (*row[:active], 0, *row[active + 1 :])
            self._insert("schema", columns, values, "OR IGNORE")

    def put_schema_in_force(self, id: str) -> None:
        """The schema that counts from now on."""
        self._db.write("UPDATE schema SET active = 0 WHERE active = 1 AND id <> ?", (id,))
        self._db.write("UPDATE schema SET active = 1 WHERE id = ? AND active = 0", (id,))

    def take_in_sessions(self, source: ProjectLog, renaming: Renaming) -> None:
        """Who sat down when, and the keys it took: of one session the greater number."""
        rows = source.db.rows("SELECT id, annotator_id, time, keys FROM session")
        self._db.write_many(
            "INSERT INTO session (id, annotator_id, time, keys) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET keys = max(keys, excluded.keys)",
            [(id, renaming.id(annotator), time, keys) for id, annotator, time, keys in rows],
        )

    def has_loose_news(self, source: ProjectLog) -> bool:
        """Whether the file has edits that belong to no document and are not in the target."""
        return any(True for _ in self._loose_news(source))

    def take_in_loose_edits(self, source: ProjectLog, renaming: Renaming) -> None:
        """Edits that belong to no document, without their changes to records of documents."""
        for entry in list(self._loose_news(source)):
            self._insert_edit(entry, renaming.id(entry.annotator), None)
            self._count_edit(source)
            rows = source.db.rows(
                "SELECT edit_id, position, kind, record_id, before, after FROM change"
                " WHERE edit_id = ?"
                " AND json_extract(coalesce(after, before), '$.document') IS NULL",
                (entry.id,),
            )
            self._db.write_many(_INSERT_CHANGE, rows)

    def renumber(self) -> None:
        """Number documents and edits in the order that holds in all files."""
        for table in ("document", "edit"):
            self._db.write(
                f"CREATE TEMP TABLE place AS SELECT number, row_number() OVER (ORDER BY clock, id)"
                f" AS place FROM {table}"
            )
            self._db.write("DELETE FROM temp.place WHERE number = place")
            self._db.write("CREATE UNIQUE INDEX temp.place_of_number ON place (number)")
            self._db.write(
                f"UPDATE {table} SET number = -number"
                " WHERE number IN (SELECT number FROM temp.place)"
            )
            self._db.write(
                f"UPDATE {table} SET number = (SELECT place FROM temp.place"
                f" WHERE place.number = -{table}.number) WHERE number < 0"
            )
            self._db.write("DROP TABLE temp.place")

    # -- of one document -------------------------------------------------------------------------

    def take_in_document(self, source: ProjectLog, id: str, own: str | None) -> None:
        """The file's row of a document, in place of the target's own (id), if it has one.

        Its name is its id until all documents are named.
        """
        columns = self._columns("document", without=("number",))
        row = source.db.row(f"SELECT {', '.join(columns)} FROM document WHERE id = ?", (id,))
        assert row is not None
        values = tuple(id if c == "name" else v for c, v in zip(columns, row, strict=True))
        if own is None:
            self._insert("document", columns, values)
            return
        settings = ", ".join(f"{column} = ?" for column in columns)
        self._db.write(f"UPDATE document SET {settings} WHERE id = ?", (*values, own))
        for table in ("position", "edit", "history", "conflict"):
            self._db.write(f"UPDATE {table} SET document_id = ? WHERE document_id = ?", (id, own))

    def take_in_positions(self, source: ProjectLog, document: str, renaming: Renaming) -> None:
        """Where the annotators' cursors were, if that is newer than what is known here."""
        rows = source.db.rows(
            'SELECT document_id, annotator_id, "offset", time FROM position WHERE document_id = ?'
            " ORDER BY time",
            (document,),
        )
        for place, annotator, offset, time in rows:
            self._db.write(
                'INSERT INTO position (document_id, annotator_id, "offset", visit, time)'
                " VALUES (?1, ?2, ?3, (SELECT coalesce(max(visit), 0) + 1 FROM position"
                " WHERE annotator_id = ?2), ?4) ON CONFLICT DO UPDATE SET"
                ' "offset" = excluded."offset", visit = excluded.visit, time = excluded.time'
                " WHERE excluded.time > time",
                (renaming.id(place), renaming.id(annotator), offset, time),
            )

    def write_log(
        self,
        own: Iterable[LogEntry],
        union: Iterable[LogEntry],
        renaming: Renaming,
        sources: Mapping[str, ProjectLog],
    ) -> None:
        """Add the edits and changes that the target lacks; put its own under the ids that count.

        ``sources`` names for each edit the first file that has it.
        """
        known = {entry.id: {position for position, _ in entry.changes} for entry in own}
        for entry in union:
            held = known.get(entry.id)
            if held is None and entry.document is not None:
                self._insert_edit(entry, entry.annotator, entry.document)
                self._count_edit(sources[entry.id])
            if held is not None and renaming:
                self._rename(entry, held)
            new = [(p, change) for p, change in entry.changes if p not in (held or ())]
            self._db.write_many(
                _INSERT_CHANGE, [(entry.id, p, *_change_row(change)) for p, change in new]
            )

    def write_records(self, before: dict[Key, Record], replay: Replay, renaming: Renaming) -> None:
        """Store what is in force in a document, and its conflicts, in place of ``before``."""
        after = replay.records()
        renamed = {key_of(r): r for r in map(renaming.record, before.values())}
        for record in before.values():
            if renaming or after.get(key_of(record)) is None:
                self._records.delete(record)
        for key, record in after.items():
            known = None if renaming else before.get(key)
            if known is None:
                self._records.insert(record)
            elif known != record:
                self._records.replace(known, record)
        self._count(renamed, after)

    def write_conflicts(self, where: str, value: str, replay: Replay) -> None:
        """Store the conflicts there are now in place of those found by a condition on a value."""
        known = {
            row[0]: conflict_of(row)
            for row in self._db.rows(f"{_CONFLICT} FROM conflict WHERE {where}", (value,))
        }
        now = {conflict.id: conflict for conflict in replay.conflicts()}
        for id, conflict in known.items():
            if id not in now:
                self._records.delete(conflict)
        for id, conflict in now.items():
            if id not in known:
                self._records.insert(conflict)
            elif known[id] != conflict:
                self._records.replace(known[id], conflict)

    def write_stacks(self, document: str, union: Iterable[LogEntry], lost: Collection[str]) -> None:
        """Store the stacks of undo and redo of every annotator in the document."""
        self._db.write("DELETE FROM history WHERE document_id = ?", (document,))
        there = [e for e in union if e.document is not None]
        known: dict[str, str | None] = dict(
            self._db.rows("SELECT id, previous_id FROM edit WHERE document_id = ?", (document,))
        )
        by_annotator = sorted(there, key=lambda e: e.annotator)
        for annotator, group in groupby(by_annotator, lambda e: e.annotator):
            stacks = UndoStacks(group, lost)
            self._db.write_many(
                "UPDATE edit SET previous_id = ? WHERE id = ?",
                [(p, id) for id, p in stacks.previous.items() if known[id] != p],
            )
            if stacks.is_used:
                tops = [stack[-1] if stack else None for stack in (stacks.undo, stacks.redo)]
                self._db.write(
                    "INSERT INTO history (document_id, annotator_id, undo_id, redo_id)"
                    " VALUES (?, ?, ?, ?)",
                    (document, annotator, *tops),
                )

    # -- an actor --------------------------------------------------------------------------------

    def write_actor(self, id: str, replay: Replay) -> None:
        """Store an actor, or that it is gone, and its conflicts."""
        known = self._records.load(Actor(id, ""))
        now = replay.records().get(("actor", id))
        if now is None:
            if known is not None:
                self._records.delete(known)
        elif known is None:
            self._records.insert(now)
        elif known != now:
            self._records.replace(known, now)
        self._count(
            {} if known is None else {("actor", id): known},
            {} if now is None else {("actor", id): now},
        )
        self.write_conflicts("kind = 'actor' AND target_id = ?", id, replay)

    # -- pieces ----------------------------------------------------------------------------------

    def _loose_news(self, source: ProjectLog) -> Iterable[LogEntry]:
        for row in source.db.rows(f"SELECT {ENTRY} FROM edit WHERE document_id IS NULL"):
            if self._db.row("SELECT 1 FROM edit WHERE id = ?", (row[0],)) is None:
                yield entry_of(row, ())

    def _insert_edit(self, entry: LogEntry, annotator: str, document: str | None) -> None:
        self._db.write(
            _INSERT_EDIT,
            (
                *(entry.id, entry.clock, entry.session, annotator, document, entry.time),
                *(entry.verb, entry.target, entry.undoable),
            ),
        )

    def _rename(self, entry: LogEntry, held: set[int]) -> None:
        self._db.write("UPDATE edit SET annotator_id = ? WHERE id = ?", (entry.annotator, entry.id))
        self._db.write_many(
            "UPDATE change SET kind = ?, record_id = ?, before = ?, after = ?"
            " WHERE edit_id = ? AND position = ?",
            [(*_change_row(c), entry.id, p) for p, c in entry.changes if p in held],
        )

    def _count_edit(self, source: ProjectLog) -> None:
        self._report.edits[source.path] = self._report.edits.get(source.path, 0) + 1

    def _count(self, before: dict[Key, Record], after: dict[Key, Record]) -> None:
        for key in before.keys() | after.keys():
            then, now = before.get(key), after.get(key)
            counter = self._report.changed
            if then is None:
                counter = self._report.made
            elif now is None:
                counter = self._report.deleted
            if then != now:
                counter[key[0]] = counter.get(key[0], 0) + 1

    def _columns(self, table: str, without: Collection[str] = ()) -> list[str]:
        rows = self._db.rows(f"PRAGMA table_info({table})")
        return [str(row[1]) for row in rows if row[1] not in without]

    def _insert(
        self, table: str, columns: list[str], values: tuple[object, ...], how: str = ""
    ) -> None:
        marks = ", ".join("?" * len(columns))
        self._db.write(f"INSERT {how} INTO {table} ({', '.join(columns)}) VALUES ({marks})", values)


def _change_row(change: Change) -> tuple[str, str, str | None, str | None]:
    kind, id = key_of(change.record)
    before, after = change.before, change.after
    return (
        kind,
        id,
        None if before is None else encode_record(before),
        None if after is None else encode_record(after),
    )
