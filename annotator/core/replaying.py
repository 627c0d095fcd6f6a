"""The edits of one document played in order, whichever files they were made in.

The state of a document is what its edits make of the sentences it was taken in with. It depends on
nothing but the set of edits and on their order, which is the same everywhere (``LogEntry.order``).
Merging files is therefore joining their logs, and is commutative, associative and idempotent.
An edit that is made when all others are known changes what it names and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from annotator.core.annotation import (
    Actor,
    Conflict,
    Record,
    Relation,
    SentenceMark,
    UnitLabel,
)
from annotator.core.document import Sentence
from annotator.core.edits import Change
from annotator.core.ids import derived_id
from annotator.core.renaming import strange_sentence
from annotator.core.threads import Thread, Version

Key = tuple[str, str]
"""A record's kind and id."""


class LogEntry(Struct, frozen=True, kw_only=True):
    """An edit as it is logged, with its changes by their position.

    ``clock`` is one more than the greatest that was in the file when the edit was made, so that an
    edit comes behind all it knew of (Lamport, "Time, clocks, and the ordering of events in a
    distributed system", CACM 21, 1978). ``previous`` is the edit below it on its stack.
    """

    id: str
    clock: int
    session: str
    annotator: str
    document: str | None
    time: str
    verb: str
    target: str | None
    undoable: bool
    previous: str | None = None
    changes: tuple[tuple[int, Change], ...] = ()

    @property
    def order(self) -> tuple[int, str]:
        """The order of edits: the same in every file that has them."""
        return (self.clock, self.id)


class Replay:
    """Plays edits on the sentences that no edit made: those the document was taken in with.

    Without a ``document`` (id), what is played are edits of actors.
    """

    def __init__(self, document: str | None = None, base: Iterable[Record] = ()) -> None:
        self._document = document
        self._threads: dict[Key, Thread] = {key_of(r): Thread(r) for r in base}
        self._users: dict[Key, set[Key]] = {}
        self._played: set[tuple[str, int]] = set()
        self._logged: dict[str, Conflict] = {}
        self._documents: dict[str, str | None] = {}

    def play(self, entry: LogEntry) -> None:
        """Take in one edit. Raises ProjectError where the log has a gap."""
        changes = []
        for position, change in entry.changes:
            record = change.record
            if isinstance(record, Conflict):
                self._take_conflict(record.id, change.after)
            else:
                changes.append((position, change, self._thread(key_of(record))))
        self._documents[entry.id] = entry.document
        self._played.update((entry.id, position) for position, _, _ in changes)
        aside = self._is_cut_apart([(change, thread) for _, change, thread in changes])
        for position, change, thread in changes:
            if aside or self._lacks_sentence(change.after):
                thread.set_aside(change, entry.id, position)
            else:
                self._take(thread, change, entry.id, position)
        for _, change, _ in changes:
            self._keep_whole(key_of(change.record))

    # -- what came of it -------------------------------------------------------------------------

    def records(self) -> dict[Key, Record]:
        """What is in force."""
        found = ((key, thread.now.record) for key, thread in self._threads.items())
        return {key: record for key, record in found if record is not None}

    def conflicts(self) -> Iterator[Conflict]:
        """What is not in force although nothing came after it, and what was settled of it."""
        shown = set()
        for (kind, target), thread in self._threads.items():
            for rival in thread.contenders():
                if kind == "suggestion" and rival.record is None:
                    continue  # an engine no longer proposed it: that is no answer
                id = conflict_id(rival)
                shown.add(id)
                logged = self._logged.get(id)
                if logged is None:
                    document = self._document or self._documents.get(rival.edit)
                    assert not isinstance(rival.record, Conflict)
                    logged = Conflict(id, document, kind, target, rival.edit, rival.record)
                yield logged
        for id, conflict in self._logged.items():
            if id not in shown and conflict.state == "settled":
                yield conflict

    def lost(self) -> set[str]:
        """The edits that are not, or not wholly, behind what is in force: no undo reaches them."""
        kept = {
            (version.edit, version.position)
            for thread in self._threads.values()
            for version in thread.now.down()
        }
        return {edit for edit, position in self._played if (edit, position) not in kept}

    def last(self, key: Key) -> str:
        """The edit that made the record what it is, or deleted it."""
        return self._threads[key].now.edit

    def restore(self, key: Key) -> None:
        """Put a record in force again that something outside still refers to."""
        self._threads[key].restore()

    # -- pieces ----------------------------------------------------------------------------------

    def _thread(self, key: Key) -> Thread:
        thread = self._threads.get(key)
        if thread is None:
            thread = self._threads[key] = Thread(None)
        return thread

    def _take_conflict(self, id: str, after: Record | None) -> None:
        if isinstance(after, Conflict):
            self._logged[id] = after
        else:
            self._logged.pop(id, None)

    def _take(self, thread: Thread, change: Change, edit: str, position: int) -> None:
        before = thread.now.record
        thread.take(change, edit, position)
        self._index(before, thread.now.record)

    def _index(self, before: Record | None, after: Record | None) -> None:
        if before is not None:
            for target in targets(before):
                self._users[target].discard(key_of(before))
        if after is not None:
            for target in targets(after):
                self._users.setdefault(target, set()).add(key_of(after))

    def _is_cut_apart(self, changes: list[tuple[Change, Thread]]) -> bool:
        """Whether an edit cuts sentences that were meanwhile cut otherwise, or are in use.

        Such an edit is set aside whole, since half of a split would leave a gap or an overlap.
        """
        cut = [(c, thread) for c, thread in changes if isinstance(c.record, Sentence)]
        if not cut or all(thread.holds(c) for c, thread in cut):
            return False
        if not all(thread.fits(c) for c, thread in cut):
            return True
        deleted = {key_of(c.record) for c, t in changes if c.after is None and t.fits(c)}
        return any(
            user not in deleted
            for c, _ in cut
            if c.after is None
            for user in self._users.get(key_of(c.record), ())
        )

    def _lacks_sentence(self, record: Record | None) -> bool:
        if not isinstance(record, UnitLabel | SentenceMark) or record.sentence is None:
            return False
        thread = self._threads.get(("sentence", record.sentence))
        return thread is None or thread.now.record is None

    def _keep_whole(self, key: Key) -> None:
        """Nothing in force may refer to what is deleted: what is still used stays."""
        thread = self._threads[key]
        if thread.now.record is None and self._users.get(key):
            thread.restore()
            self._index(None, thread.now.record)
        waiting = [thread.now.record]
        while waiting:
            record = waiting.pop()
            for target in () if record is None else targets(record):
                held = self._threads.get(target)
                if held is not None and held.now.record is None and target[0] != "sentence":
                    held.restore()
                    self._index(None, held.now.record)
                    waiting.append(held.now.record)


def conflict_id(rival: Version) -> str:
    """The id of the conflict about a version: made of the change that made it."""
    return derived_id(rival.edit, "conflict", str(rival.position))


def key_of(record: Record) -> Key:
    """A record's kind and id."""
    kind = record.__struct_config__.tag
    assert isinstance(kind, str)
    return (kind, record.id)


def targets(record: Record) -> list[Key]:
    """What of the document a record refers to: other annotations and a sentence, but no actor."""
    if isinstance(record, Relation):
        return [(a.kind, a.target) for a in record.arguments if a.kind != "actor"]
    if isinstance(record, UnitLabel | SentenceMark) and record.sentence is not None:
        return [("sentence", record.sentence)]
    return []


def base_cut(
    rows: Iterable[Sentence], entries: Iterable[LogEntry], text_sha256: str
) -> list[Sentence]:
    """The sentences a document was taken in with, from those it has now and its log, in order.

    ``text_sha256`` tells the sentences that came with another cut of the same text.
    """
    first: dict[str, Sentence] = {}
    made: dict[str, int] = {}
    for entry in entries:
        for _, change in entry.changes:
            before, after = change.before, change.after
            if isinstance(before, Sentence):
                known = first.setdefault(before.id, before)
                if before.revision < known.revision:
                    first[before.id] = before
            elif isinstance(after, Sentence):
                made[after.id] = min(after.revision, made.get(after.id, after.revision))
    found = {s.id: s for s in rows if s.id not in first} | first
    base = [
        s
        for s in found.values()
        if not (s.id in made and (s.id not in first or made[s.id] <= s.revision))
        and not (s.id in first and s.id == strange_sentence(text_sha256, s.start, s.end))
    ]
    return sorted(base, key=lambda s: (s.start, s.id))


def without_actors(entry: LogEntry) -> LogEntry:
    """The edit without what it does to actors, who belong to no document."""
    kept = [
        (position, change)
        for position, change in entry.changes
        if not isinstance(change.record, Actor)
        and not (isinstance(change.record, Conflict) and change.record.kind == "actor")
    ]
    return entry if len(kept) == len(entry.changes) else replace(entry, changes=tuple(kept))


def joined(logs: Iterable[Iterable[LogEntry]]) -> list[LogEntry]:
    """The union of several logs, in order; of an edit that several have, all changes."""
    found: dict[str, LogEntry] = {}
    for log in logs:
        for entry in log:
            known = found.get(entry.id)
            if known is not None:
                changes = dict(entry.changes) | dict(known.changes)
                entry = replace(known, changes=tuple(sorted(changes.items(), key=_position)))
            found[entry.id] = entry
    return sorted(found.values(), key=lambda e: e.order)


def _position(item: tuple[int, Change]) -> int:
    return item[0]
