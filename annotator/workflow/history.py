"""The history of a document or of an annotation, in words, and bringing back what was deleted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct

from annotator.core.annotation import Actor, Relation, Span
from annotator.core.annotation import Record as Stored
from annotator.core.bringing_back import bring_back, deleted_by
from annotator.core.document import Sentence
from annotator.core.naming import named, quoted
from annotator.core.telling import Told, tell
from annotator.errors import NotFoundError, RuleError
from annotator.store.base import LoggedEdit, Store
from annotator.workflow.suggestion_actions import REPLACE

if TYPE_CHECKING:
    from annotator.workflow.annotate import AnnotateSession

LATEST = 500
"""Edits that a list on the screen shows."""

SHOWN = 20
"""Changes of one edit that are told; a bulk edit may have thousands."""


class Entry(Struct, frozen=True, kw_only=True):
    """One edit as a person reads it. ``more`` counts the changes that are not in ``changes``."""

    id: str
    time: str
    annotator: str
    document: str | None
    verb: str
    title: str
    changes: tuple[Told, ...]
    more: int = 0

    @property
    def deletes(self) -> bool:
        """Whether something in it can be brought back."""
        return any(told.how == "deleted" and told.kind in _ANNOTATIONS for told in self.changes)


_ANNOTATIONS = ("span", "relation", "label")


def history(
    store: Store,
    document: str | None = None,
    *,
    record: str | None = None,
    limit: int | None = None,
) -> Iterator[Entry]:
    """The edits of a document (id), a record (id) or the project, newest first, as they are read.

    Raises NotFoundError for a record that no edit touched.
    """
    names = _Names(store)
    none = True
    for logged in store.log(document, record=record, limit=limit, most=SHOWN):
        none = False
        yield _entry(logged, names, record)
    if none and record is not None:
        raise NotFoundError(
            f"Nothing is known of an annotation {record}.", "Its id is in `annotator log`."
        )


def _entry(logged: LoggedEdit, names: _Names, record: str | None) -> Entry:
    edit = logged.edit
    told = tuple(tell(change, names) for change in edit.changes)
    return Entry(
        id=edit.id,
        time=edit.time,
        annotator=logged.by,
        document=logged.document,
        verb=edit.verb,
        title=_title(logged, told),
        changes=told,
        more=0 if record is not None else logged.changes - len(told),
    )


def _title(logged: LoggedEdit, told: tuple[Told, ...]) -> str:
    """The edit in a few words."""
    verb = logged.edit.verb
    if logged.schema is not None:
        return f"{verb}: the schema is {logged.schema} from here on"
    if logged.document is None and verb != "actor":
        return f"{verb}: {logged.changes} records of the project"
    first = str(told[0]) if told else ""
    more = logged.changes - 1
    rest = f" and {more} more" if more > 0 else ""
    return f"{verb}: {first}{rest}" if first else verb


class _Names:
    """What records are called, as they are now or as the log knew them last."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[tuple[str, str], str] = {}
        self._document: tuple[str, str] = ("", "")

    def __call__(self, kind: str, id: str) -> str:
        if (kind, id) not in self._known:
            if len(self._known) > 10_000:
                self._known.clear()
            self._known[kind, id] = self._name(kind, id)
        return self._known[kind, id]

    def _name(self, kind: str, id: str) -> str:
        record = self._store.record(kind, id) or self._last(id)
        if isinstance(record, Span):
            return quoted(record.text)
        if isinstance(record, Actor):
            return record.name
        if isinstance(record, Relation):
            return f"({record.type})"
        if isinstance(record, Sentence):
            return f"the sentence {quoted(self._text(record.document)[record.start : record.end])}"
        return f"a {kind} that is gone" if record is None else named(record)

    def _last(self, id: str) -> Stored | None:
        for logged in self._store.log(record=id, limit=1):
            for change in logged.edit.changes:
                return change.record
        return None

    def _text(self, document: str) -> str:
        if self._document[0] != document:
            self._document = (document, self._store.document(document).text)
        return self._document[1]


class HistoryActions:
    """What a session does with the history of its document."""

    def __init__(self, session: AnnotateSession) -> None:
        self._session = session

    def entries(self, annotation: str | None = None, *, limit: int | None = None) -> list[Entry]:
        """The document's edits, or those of one annotation in it, as far as somebody made them.

        What engines propose and take back is left out: it is much, and nothing to bring back.
        """
        document = None if annotation is not None else self._session.document.id
        found = history(self._session.store, document, record=annotation)
        return list(islice((entry for entry in found if entry.verb != REPLACE), limit))

    def bring_back(self, edit: str, annotation: str | None = None) -> str:
        """Bring back what an edit (id) deleted here: all of it, or one annotation with its ties.

        Returns what came back, in words. Raises RuleError where a rule or what was done since
        forbids it, or it is another annotator's.
        """
        session = self._session
        changes = session.store.carried(edit, session.document.id)
        chosen = None if annotation is None else {annotation}
        for item in deleted_by(changes):
            if (chosen is None or item.id in chosen) and item.annotator != session.annotator.id:
                owner = {a.id: a.name for a in session.store.annotators()}[item.annotator]
                raise RuleError(f"{named(item)} is {owner}'s", f"Only {owner} can bring it back.")
        back, left_out = bring_back(
            changes,
            chosen,
            session.annotations,
            {sentence.id for sentence in session.sentences},
            {actor.id for actor in session.store.actors()},
            session.schema,
        )
        session.commit("restore", back)
        first = back[0].record
        if isinstance(first, Span):
            session.choose(session.annotations.span(first.id))
        more = f" and {len(back) - 1} more" if len(back) > 1 else ""
        without = f", without {', '.join(left_out)}" if left_out else ""
        return f"{named(first)} is back{more}{without}"


def deletion_of(store: Store, annotation: str) -> tuple[str, str]:
    """The edit (id) that last deleted an annotation (id), and its document (id).

    Raises NotFoundError for an annotation that is not known, RuleError where it was not deleted.
    """
    known = False
    for logged in store.log(record=annotation):
        for change in logged.edit.changes:
            known = True
            record = change.before
            if change.after is None and record is not None:
                return logged.edit.id, str(getattr(record, "document", ""))
    if known:
        raise RuleError(f"The annotation {annotation} was never deleted.")
    raise NotFoundError(
        f"Nothing is known of an annotation {annotation}.", "Its id is in `annotator log`."
    )
