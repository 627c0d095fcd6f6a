"""One record through all edits of several project files: its versions, and which is in force.

Edits are taken one after the other, in an order that puts each behind those it knew of. A change
that starts from the version in force takes its place: where all do, the record is as its only file
has it. One that starts from an earlier version was made apart, and what follows is the rule of the
house: the later of two changes is in force, but a change beats a deletion, whichever came later.
The version that is not in force is kept as a *rival*, and the edits behind it may go on.
"""

from __future__ import annotations

from collections.abc import Iterator

from annotator.core.annotation import Record
from annotator.core.document import Sentence
from annotator.core.edits import Change, same
from annotator.errors import ProjectError


class Version:
    """What one change made of a record (None: deleted), and the version it started from.

    ``edit`` and ``position`` name the change; a version that no edit made has neither.
    """

    __slots__ = ("below", "edit", "position", "record")

    def __init__(
        self, record: Record | None, edit: str, position: int, below: Version | None
    ) -> None:
        self.record = record
        self.edit = edit
        self.position = position
        self.below = below

    def down(self) -> Iterator[Version]:
        """This version and those before it, back to the first."""
        version: Version | None = self
        while version is not None:
            yield version
            version = version.below


class Thread:
    """All versions of one record.

    ``now`` is in force. ``rivals`` are the others that nothing came after, each with the record as
    it was where the two parted.
    """

    __slots__ = ("now", "rivals")

    def __init__(self, base: Record | None) -> None:
        self.now = Version(base, "", 0, None)
        self.rivals: dict[Version, Record | None] = {}

    def take(self, change: Change, edit: str, position: int) -> None:
        """Take in the change at ``position`` of an edit.

        Raises ProjectError where the change starts from a version that was never made.
        """
        before, after, now = change.before, change.after, self.now.record
        if before == now:
            self.now = Version(after, edit, position, self.now)
        elif same(after, now):
            self._agree(change, edit, position)
        elif not self._knows(after):
            self._part(change, edit, position)

    def _agree(self, change: Change, edit: str, position: int) -> None:
        """Both sides came to the same; the greater revision counts."""
        now = self.now
        rival = self._rival(change.before)
        if rival is not None:
            del self.rivals[rival]
        self.now = Version(change.after, edit, position, now)
        record, after = now.record, change.after
        if record is not None and after is not None and record.revision > after.revision:
            self.now = Version(record, now.edit, now.position, self.now)

    def _part(self, change: Change, edit: str, position: int) -> None:
        """A change that was made without knowing of the version in force."""
        before, after = change.before, change.after
        rival = self._rival(before)
        if rival is None and same(before, self.now.record):
            self.now = Version(after, edit, position, self.now)
            return
        base, below = self._start(rival, before)
        version = Version(after, edit, position, below)
        if after is None or (rival is not None and same(after, base)):
            self.rivals[version] = base
        else:
            self.rivals[self.now] = base
            self.now = version

    def set_aside(self, change: Change, edit: str, position: int) -> None:
        """Keep what a change made as a rival only."""
        if same(change.after, self.now.record) or self._knows(change.after):
            return
        base, below = self._start(self._rival(change.before), change.before)
        self.rivals[Version(change.after, edit, position, below)] = base

    def contenders(self) -> Iterator[Version]:
        """The rivals that say something of their own: a side may have taken back what it did."""
        return (version for version, base in self.rivals.items() if not same(version.record, base))

    def restore(self) -> None:
        """Put the record as it was before its deletion in force again; the deletion is a rival."""
        deletion = self.now
        for version in deletion.down():
            if version.record is not None:
                self.rivals[deletion] = version.record
                self.now = version
                return

    def fits(self, change: Change) -> bool:
        """Whether the change starts from what is in force."""
        return same(change.before, self.now.record)

    def holds(self, change: Change) -> bool:
        """Whether what the change makes is in force, or was before what is."""
        return same(change.after, self.now.record) or self._knows(change.after)

    def _knows(self, record: Record | None) -> bool:
        """Whether this very version was in force before: the other side is simply older."""
        return record is not None and any(v.record == record for v in self.now.down())

    def _rival(self, record: Record | None) -> Version | None:
        return next((version for version in self.rivals if version.record == record), None)

    def _start(
        self, rival: Version | None, before: Record | None
    ) -> tuple[Record | None, Version | None]:
        """Where a change parted from the version in force, and the version it comes after."""
        if rival is not None:
            return self.rivals.pop(rival), rival
        for tip in (self.now, *self.rivals):
            for version in tip.down():
                if version.record == before:
                    return before, version
        if before is not None and not isinstance(before, Sentence):
            raise ProjectError(
                f"The log of edits has no version {before.revision} of the record {before.id}.",
                "Run `annotator doctor` on each of the files.",
            )
        return before, None  # a sentence may be one of another cut of the text
