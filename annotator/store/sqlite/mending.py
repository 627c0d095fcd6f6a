"""Edits that mend: written whatever is stored, and logged from what the log knew."""

from __future__ import annotations

from msgspec.structs import replace

from annotator.core.annotation import Record
from annotator.core.edits import Change, Edit
from annotator.core.naming import named
from annotator.errors import StaleError
from annotator.store.sqlite.checks import check_cut, check_place, check_references
from annotator.store.sqlite.history import History
from annotator.store.sqlite.record_store import RecordStore
from annotator.store.sqlite.replaying import Replay
from annotator.store.upkeep import Replayed

VERB = "repair"


class Mending(History):
    """The one way around ``apply``, which changes only what is as its caller believed."""

    def mend(
        self, session: str, record: Replayed, after: Record | None, *, undoable: bool
    ) -> Edit | None:
        """Make the record what ``after`` is (None: gone); see ``Upkeep.mend``."""
        known = record.logged
        if after is not None and known is not None:
            there = max(r.revision for r in (record.stored, known) if r is not None)
            after = replace(after, revision=there + 1)
        shown = record.record if after is None else after
        assert shown is not None, "there is a record on one side at least"
        document = getattr(shown, "document", None)
        changes = (Change(known, after),)
        with self._db.transaction():
            annotator = self._annotator_of(session)
            if Replay(self._db).again(record) != record:
                raise StaleError(
                    f"{named(shown)} was changed meanwhile.", "Nothing was written. Look again."
                )
            if after is not None:
                check_place(after, self._text)
            records = RecordStore(self._db)
            records.delete(shown)
            if after is not None:
                records.insert(after)
            check_references(self._db, changes)
            check_cut(self._db, changes)
            if known is None and after is None:
                return None
            stacked = undoable and document is not None
            undo = self._tops(annotator, document)[0] if stacked else None
            edit = Edit(self._ids(), session, annotator, document, self._now(), VERB, changes)
            self._log(edit, undoable=stacked, previous=undo)
            if stacked:
                self._set_tops(edit, undo=edit.id, redo=None)
        return edit
