"""Keeping a session up to date with what is written elsewhere while it is open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from annotator.core.annotation import Actor, DocumentMark, SentenceMark
from annotator.core.document import Sentence
from annotator.core.edits import Change, Changes, Edit

if TYPE_CHECKING:
    from annotator.workflow.annotate import AnnotateSession


class Elsewhere:
    """Takes in edits that other annotators, or this one at another screen, make in the document.

    Made before the session reads the document: what is written while it reads comes twice, which
    does no harm, since only the last state of each record counts.
    """

    def __init__(self, session: AnnotateSession, document: str) -> None:
        self._session = session
        self._document = document
        self._seen = session.store.last_edit(document)
        self._moment = session.store.moment()

    def catch_up(self) -> bool:
        """Take in what was written since; whether it changed anything that is shown.

        Costs next to nothing where nobody wrote, and is put off while the session is not complete.
        Raises SchemaChangedError where the schema changed: another session must be opened then.
        """
        if not self._session.is_complete:
            return False
        moment = self._session.store.moment()
        if moment == self._moment:
            return False
        self._session.store.check_schema()
        self._moment = moment
        return self.look()

    def look(self) -> bool:
        """``catch_up`` whoever wrote: this process may have other sessions and workers."""
        session, unseen = self._session, self.unseen()
        session.store.check_schema()  # behind it: all that was read is of the session's schema
        found = session.others.stay_allowed()
        found = session.thresholds.read() or found
        if found:
            session.tell(())
        return self.take_in(unseen) or found

    def unseen(self) -> list[tuple[int, Edit]]:
        """The edits that were not looked at yet, this session's among them; any thread may ask."""
        return self._session.store.edits_after(self._document, self._seen)

    def seen(self, number: int) -> None:
        """All edits up to this number are known."""
        self._seen = max(self._seen, number)

    def take_in(self, edits: Iterable[tuple[int, Edit]]) -> bool:
        """Take in edits that were ``unseen``; whether they changed anything that is shown."""
        session = self._session
        latest: dict[tuple[type, str], Change] = {}
        for number, edit in edits:
            self.seen(number)
            latest |= {(type(c.record), c.record.id): c for c in edit.changes}
        changes = tuple(latest.values())
        seen = session.others.take_in(changes)
        if seen:
            session.tell(changes)
        news = self.news(changes)
        if news:
            session.take_in(news)
        return seen or bool(news)

    def news(self, changes: Changes) -> Changes:
        """What the last changes of some records bring to memory, whatever it knows of them."""
        own = self._session.annotator.id
        concerned = (c for c in changes if getattr(c.record, "annotator", own) == own)
        return tuple(c for c in map(self._from_memory, concerned) if c.before != c.after)

    def _from_memory(self, change: Change) -> Change:
        session, record, after = self._session, change.record, change.after
        if isinstance(record, SentenceMark):
            return Change(session.marks.get(record.sentence), after)
        if isinstance(record, DocumentMark):
            return Change(session.document_mark, after)
        if isinstance(record, Sentence):
            return Change(session.sentences.with_id(record.id), after)
        held = session.annotations.held(record)
        if held is None and isinstance(record, Actor):
            return Change(None, None)
        return Change(held, after)
