"""What merges left to decide, with what a person needs for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from annotator.core.annotation import Conflict
from annotator.core.edits import same
from annotator.core.naming import named
from annotator.store.merge_report import ConflictInfo
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
LEFT JOIN document ON document.id = c.document_id
WHERE c.state = 'open' ORDER BY document.number, c.kind, c.target_id, c.id"""


class ConflictReader(StorePart):
    """Conflicts that nobody has decided yet."""

    def conflicts(self) -> Iterator[ConflictInfo]:
        """What merges left to decide, document by document."""
        records = RecordStore(self._db)
        for *row, document, annotator, verb, time in self._db.rows(_INFO):
            with told(self._db.path):
                conflict = conflict_of(tuple(row))
            now = records.find(TYPE_OF[conflict.kind], conflict.target)
            shown = now if now is not None else conflict.other
            assert not isinstance(now, Conflict)
            if shown is None or same(now, conflict.other):
                continue  # what a person did since comes to the same
            yield ConflictInfo(
                conflict=conflict,
                name=named(shown),
                document=document,
                in_force=now,
                annotator=annotator,
                verb=verb,
                time=time,
            )
