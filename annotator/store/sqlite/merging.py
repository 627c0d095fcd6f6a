"""Bringing project files together: the union of their logs, and what it comes to.

All is written in one transaction of the target; the other files are read only. A document at a time
is in memory. See ``annotator.core.replaying`` for why the order of files does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from itertools import pairwise
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from annotator.core.document import Sentence
from annotator.core.renaming import Renaming, names_of, strange_sentence, wanted_name
from annotator.core.replaying import LogEntry, Replay, joined, without_actors
from annotator.core.schema_union import schema_that_holds_all
from annotator.core.settings import most_careful
from annotator.errors import ProjectError
from annotator.store.merge_report import MergeReport
from annotator.store.sqlite.connection import Connection
from annotator.store.sqlite.holders import need_alone
from annotator.store.sqlite.merge_actors import ActorMerge
from annotator.store.sqlite.merge_writer import MergeWriter
from annotator.store.sqlite.project_log import DocumentRow, ProjectLog
from annotator.store.sqlite.store import SqliteStore

_OF_ANNOTATOR: Final = ("session", "edit", "position", "history", "model")


class _Undone(Exception):
    """Ends the transaction of a dry run."""


class _Part(Struct, frozen=True):
    """A document of one file, by the file's number; that of the target is 0."""

    file: int
    row: DocumentRow


class _Place(Struct, frozen=True):
    """One document: the id that counts, and its parts, in the order of files.

    The target has at most one part; another file has several where it holds a text twice.
    """

    id: str
    parts: tuple[_Part, ...]

    @property
    def own(self) -> DocumentRow | None:
        """The target's part."""
        return self.parts[0].row if self.parts[0].file == 0 else None

    @property
    def first(self) -> _Part:
        """The part whose id counts."""
        return next(part for part in self.parts if part.row.id == self.id)


def merge_projects(
    target: SqliteStore, sources: Sequence[SqliteStore], *, dry_run: bool = False
) -> MergeReport:
    """Bring what the ``sources`` have and the ``target`` has not into the target.

    With ``dry_run`` all is done and taken back. Raises UsageError where the schemas do not go
    together, ProjectError where a file is damaged, and BusyError, also where another program has
    the target open: what it goes by may get other ids and numbers. The target is then as it was.
    """
    if not dry_run:
        need_alone(target._db.path)
    with ExitStack() as stack:
        for source in sources:
            stack.enter_context(source._db.snapshot())
        merge = _Merge(target, sources)
        try:
            with target.transaction():
                merge.run()
                if dry_run:
                    raise _Undone
        except _Undone:
            pass
        finally:
            for log in merge.files:
                log.forget_loose()
    return merge.report


class _Merge:
    """One merge, inside the target's transaction."""

    def __init__(self, target: SqliteStore, sources: Sequence[SqliteStore]) -> None:
        self.report = MergeReport()
        self.files = [ProjectLog(store) for store in (target, *sources)]
        self._target = self.files[0]
        self._db: Connection = self._target.db
        self._writer = MergeWriter(self._target, self.report)
        self._annotators: list[Renaming] = []
        self._places: dict[str, _Place] = {}
        self._wanted: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._renamed_annotators: list[tuple[str, str, str, str]] = []
        self._lost_with_actors: set[str] = set()

    def run(self) -> None:
        """All of it, in an order in which each part finds what it needs."""
        self._db.write("PRAGMA defer_foreign_keys = ON")
        known = {info.conflict.id for info in self._target.store.conflicts()}
        self._find_places()
        self._join_annotators()
        self._choose_schema()
        self._choose_settings()
        touched = [place for place in self._places.values() if self._has_news(place)]
        loose = [self._writer.has_loose_news(source) for source in self.files[1:]]
        if touched or any(loose):
            self._join_logs(touched)
        self._rename_annotators()
        self._name_documents()
        self._writer.renumber()
        self.report.conflicts = [
            info for info in self._target.store.conflicts() if info.conflict.id not in known
        ]

    def _join_logs(self, touched: list[_Place]) -> None:
        actors = ActorMerge(self.files, self._writer, self._document_id)
        actors.join()
        self._lost_with_actors = actors.lost
        for source, renaming in zip(self.files[1:], self._annotators[1:], strict=True):
            self._writer.take_in_loose_edits(source, renaming)
        done = {place.id for place in touched}
        touched += [self._places[id] for id in sorted(actors.documents - done)]
        for place in touched:
            self._join(place)
        self._target.forget_loose()
        self._restore_actors(actors)

    def _choose_schema(self) -> None:
        files = [
            (file.path, file.store.schema(), file.store.schema_source()) for file in self.files
        ]
        source = files[schema_that_holds_all(files)][2]
        ids = [
            str(id)
            for file in self.files
            for (id,) in file.db.rows(
                "SELECT id FROM schema WHERE active = 1 AND source = ?", (source,)
            )
        ]
        for file in self.files[1:]:
            self._writer.take_in_schemas(file)
        self._writer.put_schema_in_force(min(ids))

    def _choose_settings(self) -> None:
        """The most careful value of each; one that no file ever chose stays unchosen."""
        chosen = [file.store.settings() for file in self.files]
        for name in sorted({name for settings in chosen for name in settings}):
            counts = most_careful(name, (s[name] for s in chosen if name in s))
            own = chosen[0].get(name)
            if own != counts:
                self._target.store.set_setting(name, counts)
                if (own or most_careful(name, ())) != counts:
                    self.report.settings.append((name, counts))

    # -- whose and where -------------------------------------------------------------------------

    def _find_places(self) -> None:
        """Find out which documents of the files are one: those of the same text."""
        found: dict[str, list[_Part]] = {}
        for number, file in enumerate(self.files):
            for row in file.documents():
                found.setdefault(row.text_sha256, []).append(_Part(number, row))
        for parts in found.values():
            if len(parts) > 1 and parts[1].file == 0:
                raise ProjectError(
                    f"{self._target.path}: {parts[0].row.name!r} and {parts[1].row.name!r} have the"
                    " same text.",
                    "Nothing was merged. Make a new project with the same schema, and merge this"
                    " one and the others into it: there both are one document.",
                )
            id = min(part.row.id for part in parts)
            self._places[id] = _Place(id, tuple(parts))
            self._ids |= {part.row.id: id for part in parts}

    def _document_id(self, id: str | None) -> str | None:
        return None if id is None else self._ids[id]

    def _join_annotators(self) -> None:
        """Annotators of one name are one; the oldest id counts."""
        rows = [
            {name: (id, kind, time) for id, name, kind, time in file.db.rows(
                "SELECT id, name, kind, time FROM annotator ORDER BY name"
            )}
            for file in self.files
        ]  # fmt: skip
        best = {
            name: min(of_file[name] for of_file in rows if name in of_file)
            for of_file in rows
            for name in of_file
        }
        self._annotators = [
            Renaming({row[0]: best[name][0] for name, row in of_file.items()}) for of_file in rows
        ]
        for name, (id, kind, time) in sorted(best.items()):
            own = rows[0].get(name)
            if own is None:
                self.report.annotators.append(name)
                self._db.write(
                    "INSERT INTO annotator (id, name, kind, time) VALUES (?, ?, ?, ?)",
                    (id, name, kind, time),
                )
            elif own[0] != id:
                self._renamed_annotators.append((own[0], id, kind, time))
        for source, renaming in zip(self.files[1:], self._annotators[1:], strict=True):
            self._writer.take_in_sessions(source, renaming)

    def _rename_annotators(self) -> None:
        for old, id, kind, time in self._renamed_annotators:
            self._db.write(
                "UPDATE annotator SET id = ?, kind = ?, time = ? WHERE id = ?",
                (id, kind, time, old),
            )
            for table in _OF_ANNOTATOR:
                self._db.write(
                    f"UPDATE {table} SET annotator_id = ? WHERE annotator_id = ?", (id, old)
                )

    def _has_news(self, place: _Place) -> bool:
        """Whether a file has edits of a document that the target lacks, or its ids change."""
        own = place.own
        if own is None or own.id != place.id:
            return True
        known = self._target.edit_ids(own.id)
        if known and self._annotators[0]:
            return True
        return any(
            not known >= self.files[part.file].edit_ids(part.row.id) for part in place.parts[1:]
        )

    # -- a document ------------------------------------------------------------------------------

    def _join(self, place: _Place) -> None:
        """Join the logs of one document and store what they come to."""
        parts = [(self.files[part.file], part.row) for part in place.parts]
        logs = [file.entries(row.id) for file, row in parts]
        bases = [file.base(row, log) for (file, row), log in zip(parts, logs, strict=True)]
        for (file, row), log, base in zip(parts, logs, bases, strict=True):
            file.check(row, log, base)
        counting = bases[place.parts.index(place.first)]
        renamings = [
            self._renaming(part, place.id, base, counting)
            for part, base in zip(place.parts, bases, strict=True)
        ]
        union = joined(
            [_renamed(entry, renaming) for entry in log]
            for log, renaming in zip(logs, renamings, strict=True)
        )
        own, own_log, own_renaming = place.own, logs[0], renamings[0]
        if own is None:
            own_log, own_renaming = [], self._annotators[0]
        before = {} if own is None else self._target.records(own.id)
        self._take_in_document(place)
        holders: dict[str, ProjectLog] = {}
        for (file, _), log in zip(parts, logs, strict=True):
            for entry in log:
                holders.setdefault(entry.id, file)
        self._writer.write_log(own_log, union, own_renaming, holders)
        replay = self._played(place.id, counting, union)
        self._writer.write_records(before, replay, own_renaming)
        self._writer.write_conflicts("kind <> 'actor' AND document_id = ?", place.id, replay)
        self._writer.write_stacks(place.id, union, replay.lost() | self._lost_with_actors)
        for (file, row), renaming in zip(parts, renamings, strict=True):
            if file is not self._target:
                self._writer.take_in_positions(file, row.id, renaming)
        self.report.doubled += [
            (one.row.name, two.row.name)
            for one, two in pairwise(place.parts)
            if one.file == two.file
        ]

    def _played(self, id: str, base: list[Sentence], union: list[LogEntry]) -> Replay:
        replay = Replay(id, base)
        for entry in union:
            replay.play(without_actors(entry))
        return replay

    def _renaming(
        self, part: _Part, counts: str, base: list[Sentence], counting: list[Sentence]
    ) -> Renaming:
        """The ids that count for those of one part: its document, annotators and sentences."""
        row, annotators = part.row, self._annotators[part.file]
        if row.id == counts:
            return annotators
        ids = {row.id: counts}
        places = {(s.start, s.end): s.id for s in counting}
        for at, id in places.items():
            ids[strange_sentence(row.text_sha256, *at)] = id
        for s in base:
            at = (s.start, s.end)
            ids[s.id] = places.get(at) or strange_sentence(row.text_sha256, *at)
        if any((s.start, s.end) not in places for s in base):
            self.report.recut.append(row.name)
        return annotators.with_ids(ids)

    def _take_in_document(self, place: _Place) -> None:
        """The row of the document: the one whose id counts."""
        row, own = place.first.row, place.own
        if own is not None and own.id == place.id:
            return
        self._wanted[place.id] = wanted_name(row.name, row.id)
        source = self.files[place.first.file]
        self._writer.take_in_document(source, place.id, own.id if own else None)

    # -- at the end ------------------------------------------------------------------------------

    def _restore_actors(self, actors: ActorMerge) -> None:
        """Actors deleted in one file that another still refers to stay; their edits are lost."""
        lost = self._lost_with_actors
        found = actors.restore_used()
        if not found:
            return
        self._lost_with_actors = lost | {edit for edit, _ in found}
        rows = {row.id: row for row in self._target.documents()}
        for id in sorted({document for _, document in found if document is not None}):
            entries = self._target.entries(id)
            replay = self._played(id, self._target.base(rows[id], entries), entries)
            self._writer.write_stacks(id, entries, replay.lost() | self._lost_with_actors)

    def _name_documents(self) -> None:
        rows = self._db.rows("SELECT id, name FROM document")
        wanted = {id: self._wanted.get(id) or wanted_name(name, id) for id, name in rows}
        final = names_of(wanted)
        changed = [(final[id], id) for id, name in rows if final[id] != name]
        self._db.write_many(
            "UPDATE document SET name = id WHERE id = ?", [(i,) for _, i in changed]
        )
        self._db.write_many("UPDATE document SET name = ? WHERE id = ?", changed)
        self.report.renamed = sorted(
            (wanted[id], name) for name, id in changed if wanted[id] != name
        )
        new = set(self._wanted)
        self.report.documents = sorted(final[id] for id in new if self._places[id].own is None)


def _renamed(entry: LogEntry, renaming: Renaming) -> LogEntry:
    if not renaming:
        return entry
    return replace(
        entry,
        annotator=renaming.id(entry.annotator),
        document=None if entry.document is None else renaming.id(entry.document),
        changes=tuple((position, renaming.change(c)) for position, c in entry.changes),
    )
