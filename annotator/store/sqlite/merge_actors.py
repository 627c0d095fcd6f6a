"""Actors in a merge: they belong to the whole project, so they are joined one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Final

from msgspec.structs import replace

from annotator.core.replaying import LogEntry, Replay, joined
from annotator.store.sqlite.merge_writer import MergeWriter
from annotator.store.sqlite.project_log import ProjectLog

_DELETED: Final = (
    "CREATE TEMP TABLE deleted_actor (id TEXT PRIMARY KEY, clock INTEGER, edit_id TEXT)"
    " WITHOUT ROWID"
)
_MENTIONED: Final = """
CREATE TEMP TABLE mentioned AS
WITH side (record, edit_id, kind) AS (
  SELECT before, edit_id, kind FROM change WHERE kind IN ('span', 'relation')
  UNION ALL SELECT after, edit_id, kind FROM change WHERE kind IN ('span', 'relation')
), mention (actor, edit_id) AS (
  SELECT json_extract(record, '$.actor'), edit_id FROM side WHERE kind = 'span'
  UNION ALL
  SELECT json_extract(value, '$.target'), edit_id FROM side, json_each(record, '$.arguments')
  WHERE kind = 'relation' AND json_extract(value, '$.kind') = 'actor'
)
SELECT DISTINCT actor, edit.id AS edit_id, edit.clock FROM mention
JOIN temp.deleted_actor ON deleted_actor.id = actor JOIN edit ON edit.id = mention.edit_id"""
_USED: Final = """
SELECT id, edit_id FROM temp.deleted_actor AS d WHERE
  EXISTS (SELECT 1 FROM span WHERE span.actor_id = d.id)
  OR EXISTS (SELECT 1 FROM argument WHERE argument.actor_id = d.id)
  OR EXISTS (SELECT 1 FROM temp.mentioned AS m WHERE m.actor = d.id AND m.edit_id <> d.edit_id
    AND (m.clock, m.edit_id) > (d.clock, d.edit_id))
ORDER BY id"""
"""Deleted actors that something in force refers to, or that a later edit found still there."""


class ActorMerge:
    """Joins the logs of all actors. ``lost`` are edits, ``documents`` those they were made in."""

    def __init__(
        self,
        files: list[ProjectLog],
        writer: MergeWriter,
        document_id: Callable[[str | None], str | None],
    ) -> None:
        self._files = files
        self._db = files[0].db
        self._writer = writer
        self._document_id = document_id
        self.lost: set[str] = set()
        self.documents: set[str] = set()
        self._deleted: list[tuple[str, int, str]] = []

    def join(self) -> None:
        """Store every actor as all logs together have it."""
        logs = (self._entries_of(number) for number in range(len(self._files)))
        for actor, group in groupby(merge(*logs, key=itemgetter(0)), itemgetter(0)):
            union = joined([entry] for _, entry in group)
            replay = self._played(union)
            lost = replay.lost()
            self.lost |= lost
            self.documents |= {e.document for e in union if e.id in lost and e.document}
            self._writer.write_actor(actor, replay)
            if ("actor", actor) not in replay.records():
                last = replay.last(("actor", actor))
                clock = next(e.clock for e in union if e.id == last)
                self._deleted.append((actor, clock, last))

    def restore_used(self) -> list[tuple[str, str | None]]:
        """Put deleted actors that are still used in force again.

        Gives, for each, the edit that deleted it and the document that was made in.
        """
        if not self._deleted:
            return []
        self._db.write(_DELETED)
        self._db.write_many("INSERT INTO temp.deleted_actor VALUES (?, ?, ?)", self._deleted)
        self._db.write(_MENTIONED)
        used = self._db.rows(_USED)
        self._db.write("DROP TABLE temp.mentioned")
        self._db.write("DROP TABLE temp.deleted_actor")
        found = []
        for actor, edit in used:
            union = joined([entry] for entry in self._files[0].entries_of_actor(actor))
            replay = self._played(union)
            replay.restore(("actor", actor))
            self._writer.write_actor(actor, replay)
            found.append((edit, next(e.document for e in union if e.id == edit)))
        return found

    def _entries_of(self, number: int) -> Iterator[tuple[str, LogEntry]]:
        for actor, entry in self._files[number].actor_entries():
            yield actor, replace(entry, document=self._document_id(entry.document))

    def _played(self, union: list[LogEntry]) -> Replay:
        replay = Replay()
        for entry in union:
            replay.play(entry)
        return replay
