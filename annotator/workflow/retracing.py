"""Undo and redo: one edit at a time, but a propagation that was worked through as one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from annotator.core.annotation import Relation, SentenceMark, Span, Suggestion, UnitLabel
from annotator.core.document import Sentence
from annotator.core.edits import Change, Changes, Edit
from annotator.core.propagating import ENGINE
from annotator.errors import RuleError
from annotator.workflow.large_edit import MANY, LargeEdit
from annotator.workflow.propagation import VERB, is_answer, is_beginning
from annotator.workflow.suggestion_actions import ANSWERS, name_of

if TYPE_CHECKING:
    from annotator.workflow.annotate import AnnotateSession

_ABOUT_SUGGESTIONS = ANSWERS | {VERB}
_Step = Callable[[str, str], Edit | None]
_Top = Callable[[str, str, int], Edit | None]


class Retracing:
    """What a session does to go back and forth in its history."""

    def __init__(self, session: AnnotateSession) -> None:
        self._session = session

    def undo(self) -> str:
        """Take back the last edit in this document; of a finished propagation, all answers."""
        self._session.elsewhere.catch_up()
        return self._retrace(self._undone(), "undone")

    def redo(self) -> str:
        """Make the last undone edit again; of a propagation, with all answers that came then."""
        self._session.elsewhere.catch_up()
        return self._retrace(self._redone(), "redone")

    def large_undo(self) -> LargeEdit | None:
        """``undo`` as a large edit, where very much is to be taken back; else None."""
        return self._large(self._session.store.undoable, self._undone, "undone")

    def large_redo(self) -> LargeEdit | None:
        """``redo`` as a large edit, where very much is to be made again; else None."""
        return self._large(self._session.store.redoable, self._redone, "redone")

    def _large(
        self, top: _Top, step: Callable[[], list[Edit]], participle: str
    ) -> LargeEdit | None:
        session = self._session
        edit = top(session.session, session.document.id, MANY + 1)
        if edit is None or len(edit.changes) <= MANY:
            return None
        session.elsewhere.catch_up()
        edits: list[Edit] = []

        def write() -> list[Changes]:
            edits.extend(step())
            return [edit.changes for edit in edits]

        return LargeEdit(
            *(session, participle.replace("done", "doing"), write),
            show=lambda: self._show(edits[-1]),
            told=lambda: self._told(edits, participle),
        )

    def _undone(self) -> list[Edit]:
        session = self._session
        store = session.store
        session.propagation.forget()
        with store.transaction():
            edits = self._one(store.undo, "undo")
            if is_answer(edits[0]) and self._was_finished():
                while not is_beginning(edits[-1]):
                    following = store.undoable(session.session, session.document.id)
                    if following is None or not _is_of_propagation(following):
                        break
                    edits += self._one(store.undo, "undo")
        return edits

    def _redone(self) -> list[Edit]:
        session = self._session
        store = session.store
        with store.transaction():
            edits = self._one(store.redo, "redo")
            while is_beginning(edits[0]):
                following = store.redoable(session.session, session.document.id)
                if following is None or not is_answer(following):
                    break
                edits += self._one(store.redo, "redo")
        return edits

    def _one(self, step: _Step, verb: str) -> list[Edit]:
        edit = step(self._session.session, self._session.document.id)
        if edit is None:
            raise RuleError(f"nothing to {verb}")
        return [edit]

    def _was_finished(self) -> bool:
        """Whether nothing propagated is left to answer; memory is not yet up to date."""
        held = self._session.annotations.suggestions
        return not any(s.proposed.origin.engine == ENGINE for s in held.values())

    def _retrace(self, edits: list[Edit], participle: str) -> str:
        session = self._session
        for edit in edits:
            session.take_in(session.elsewhere.news(edit.changes))
        self._show(edits[-1])
        return self._told(edits, participle)

    def _show(self, edit: Edit) -> None:
        """Put the cursor where something just changed, so that an undo is never out of sight."""
        session = self._session
        session.reader.clear()
        session.focus_id = None
        shown = session.annotations.suggested
        for change in edit.changes if self._is_about_suggestions(edit) else ():
            record = change.record
            if isinstance(record, Suggestion) and shown.is_shown(record.id):
                session.stepping.choose(record.id)
                return
        for change in edit.changes:
            record = change.record
            if isinstance(record, Span):
                session.reader.move_to(record.start)
                session.focus_id = record.id if change.after is not None else None
                return
            if isinstance(record, UnitLabel):
                session.focus_id = record.id if change.after is not None else None
            if isinstance(record, SentenceMark | UnitLabel):
                sentence = session.sentences.with_id(record.sentence or "")
                if sentence is not None:
                    session.reader.move_to(sentence.start)
                    return

    def _told(self, edits: list[Edit], participle: str) -> str:
        if len(edits) > 1:
            answers = sum(map(is_answer, edits))
            return f"{participle} as one: what was propagated, with {answers} answers"
        edit = edits[0]
        return f"{participle}: {_in_words(edit.changes, self._is_about_suggestions(edit))}"

    def _is_about_suggestions(self, edit: Edit) -> bool:
        """Whether what was taken back or made again is an answer, or a propagation.

        Of what was made by hand, the suggestions that it answered are by the way.
        """
        if not any(isinstance(change.record, Suggestion) for change in edit.changes):
            return False
        first = edit if edit.target is None else self._session.store.edit(edit.target, most=0)
        return first.verb in _ABOUT_SUGGESTIONS


def _is_of_propagation(edit: Edit) -> bool:
    return is_answer(edit) or is_beginning(edit)


def _in_words(changes: Changes, about_suggestions: bool) -> str:
    """What an undo or redo did, for the status line."""
    for change in changes:
        record = change.record
        if isinstance(record, Suggestion):
            told = _answer_in_words(change, len(changes))
            if told and about_suggestions:
                return told
        how = "gone" if change.after is None else "back" if change.before is None else "changed"
        if isinstance(record, Span | UnitLabel):
            return f"{record.label} {how}"
        if isinstance(record, Relation):
            return f"{record.type} {how}"
    if any(isinstance(c.record, Sentence) for c in changes):
        parts = sum((c.after is not None) - (c.before is not None) for c in changes)
        return "sentence split" if parts > 0 else "sentences merged"
    return "sentence mark" if any(isinstance(c.record, SentenceMark) for c in changes) else "edit"


def _answer_in_words(change: Change, count: int) -> str:
    before, after = change.before, change.after
    if after is None:
        return f"{count} suggestions gone"
    assert isinstance(after, Suggestion)
    if not isinstance(before, Suggestion):
        return f"{count} suggested"
    if after.state == "open" != before.state:
        return f"{name_of(after)} is open again"
    return f"{name_of(after)} rejected" if after.state == "rejected" else ""
