"""Actions on sentences: done, split, merge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from annotator.core import edits
from annotator.core.annotation import DocumentMark, SentenceMark, mark_id
from annotator.core.document import Sentence
from annotator.core.edits import Change
from annotator.core.ids import derived_id
from annotator.errors import RuleError

if TYPE_CHECKING:
    from annotator.workflow.annotate import AnnotateSession


class SentenceActions:
    """All of them act on the sentence under the cursor."""

    def __init__(self, session: AnnotateSession) -> None:
        self._session = session

    def toggle_done(self) -> str:
        """Mark the sentence done and go to the next that is not; on a done one, take it back."""
        sentence = self._session.reader.sentence
        if sentence is None:
            raise RuleError("the document has no sentence")
        done = not self._session.is_done(sentence)
        changes = [self._sentence_mark(sentence, done)]
        finished = done and self._session.done_count + 1 == len(self._session.sentences)
        if finished or self._session.document_mark is not None:
            changes.append(self._document_mark("done" if finished else "open"))
        self._session.commit("done" if done else "not done", tuple(changes))
        if not done:
            return "sentence not done"
        self._go_to_next_open()
        return "document done" if finished else "sentence done"

    def _go_to_next_open(self) -> None:
        count = len(self._session.sentences)
        for step in range(1, count):
            ordinal = (self._session.reader.ordinal + step) % count
            if not self._session.is_done(self._session.sentences[ordinal]):
                self._session.reader.move_sentences(ordinal - self._session.reader.ordinal)
                self._session.moved()
                return

    def _sentence_mark(self, sentence: Sentence, done: bool) -> Change:
        mark = self._session.marks.get(sentence.id)
        if mark is not None:
            return edits.update(mark, replace(mark, done=done))
        id = mark_id(sentence.id, self._session.annotator.id)
        made = SentenceMark(
            id, self._session.document.id, self._session.annotator.id, sentence.id, done
        )
        return edits.create(made)

    def _document_mark(self, status: str) -> Change:
        mark = self._session.document_mark
        made = DocumentMark(
            mark_id(self._session.document.id, self._session.annotator.id),
            self._session.document.id,
            self._session.annotator.id,
            "done" if status == "done" else "open",
        )
        return edits.update(mark, replace(mark, status=made.status)) if mark else edits.create(made)

    def split(self) -> str:
        """Split the sentence before the cursor's token; what follows is not done."""
        sentence = self._session.reader.sentence
        text, offset = self._session.document.text, self._session.reader.cursor.start
        changes: edits.Changes = ()
        if sentence is not None:
            # Who splits the same sentence at the same place on another machine makes the same one.
            id = derived_id(sentence.id, "split", str(offset))
            changes = edits.split_sentence(sentence, text, offset, id)
        if not changes:
            raise RuleError(
                "a sentence is split inside it", "Move to the word the next one begins with."
            )
        mark = self._session.document_mark
        if mark is not None and mark.status == "done":
            changes = (*changes, self._document_mark("open"))
        self._session.commit("split", changes)
        return "sentence split"

    def merge(self) -> str:
        """Merge the sentence with the next one, which loses its mark, its labels and what is
        suggested for it."""
        ordinal = self._session.reader.ordinal
        if not 0 <= ordinal < len(self._session.sentences) - 1:
            raise RuleError("there is no next sentence to merge with")
        first, second = self._session.sentences[ordinal], self._session.sentences[ordinal + 1]
        held = self._session.annotations
        lost: list[Change] = [edits.delete(label) for label in held.labels_on(second.id)]
        lost += [edits.delete(open_) for open_ in held.suggested.open_on(second.id)]
        if second.id in self._session.marks:
            lost.append(edits.delete(self._session.marks[second.id]))
        self._session.commit("merge", (*lost, *edits.merge_sentences(first, second)))
        return "sentences merged"
