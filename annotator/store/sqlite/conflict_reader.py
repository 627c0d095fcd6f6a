"""What merges left to decide, with what a person needs for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from annotator.core.annotation import Conflict, Contested
from annotator.core.edits import same
from annotator.core.naming import named
from annotator.errors import ProjectError
from annotator.store.base import ConflictInfo
from annotator.store.sqlite.failures import told
from annotator.store.sqlite.record_rows import TYPE_OF, conflict_of
from annotator.store.sqlite.record_store import RecordStore
from annotator.store.sqlite.store_part import StorePart

_INFO: Final = """
SELECT c.id, c.document_id, c.kind, c.target_id, c.edit_id, c.other, c.state, c.revision,
  document.name, annotator.name, edit.verb, edit.time
FROM conflict AS c
JOIN edit ON edit.id = c.edit_id
JOIN annotator ON annotator.id = edit.annotator_id
LEFT JOIN document ON document.id = c.document_id"""


class ConflictReader(StorePart):
    """Conflicts, open and settled."""

    def conflicts(self, *, settled: bool = False) -> Iterator[ConflictInfo]:
        """What merges left to decide, document by document; with ``settled``, what was decided."""
        rows = self._db.rows(
            f"{_INFO} WHERE c.state = ? ORDER BY document.number, c.kind, c.target_id, c.id",
            ("settled" if settled else "open",),
        )
        records = RecordStore(self._db)
        for *row, document, annotator, verb, time in rows:
            with told(self._db.path):
                conflict = conflict_of(tuple(row))
            now = records.find(TYPE_OF[conflict.kind], conflict.target)
            assert not isinstance(now, Conflict)
            if not settled and same(now, conflict.other):
                continue  # what a person did since comes to the same
            yield ConflictInfo(
                conflict=conflict,
                name=self._named(conflict, now),
                document=document,
                in_force=now,
                annotator=annotator,
                verb=verb,
                time=time,
            )

    def _named(self, conflict: Conflict, now: Contested | None) -> str:
        record = now if now is not None else conflict.other
        if record is None:
            raise ProjectError(f"Conflict {conflict.id} has no version at all.", "Run `doctor`.")
        return named(record)
