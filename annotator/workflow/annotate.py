"""Annotating one document without a screen: every action that changes something.

The session holds the document in memory and the store beside it. An action builds its changes,
writes them (one transaction), and only then brings memory up to date: what can be seen is on disk.
"""

from __future__ import annotations

from collections.abc import Callable

from annotator.core.annotation import (
    DocumentMark,
    Record,
    Relation,
    SentenceMark,
    Span,
    UnitLabel,
)
from annotator.core.annotation_set import AnnotationSet
from annotator.core.answering import completed
from annotator.core.document import Sentence
from annotator.core.edits import Changes
from annotator.errors import RuleError
from annotator.store.base import Annotator, Store
from annotator.workflow.actor_actions import ActorActions
from annotator.workflow.elsewhere import Elsewhere
from annotator.workflow.history import HistoryActions
from annotator.workflow.others import Others
from annotator.workflow.propagation import Propagation
from annotator.workflow.reading import Reader
from annotator.workflow.rest import Rest, read_rest
from annotator.workflow.retracing import Retracing
from annotator.workflow.sentence_actions import SentenceActions
from annotator.workflow.span_actions import SpanActions
from annotator.workflow.stepping import Stepping
from annotator.workflow.suggestion_actions import SuggestionActions
from annotator.workflow.thresholds import Thresholds
from annotator.workflow.tie_actions import TieActions

Listener = Callable[[Changes], None]
_LARGE = 200_000
"""Code points from which on a document's annotations are not all read before the first picture."""
_NEAR = 10_000


class AnnotateSession:
    """One annotator at one document. Actions that cannot act raise RuleError with the reason."""

    def __init__(
        self,
        store: Store,
        document: str,
        annotator: Annotator,
        session: str,
        *,
        near_cursor_first: bool = False,
    ) -> None:
        """``near_cursor_first`` reads, of a large document, only the spans around the cursor, so
        that a screen can be painted; before anything is changed, ``complete`` or ``take_over``
        must be called. Raises SchemaChangedError where the schema changes meanwhile."""
        self.store = store
        self.annotator = annotator
        self.session = session
        self.schema = store.schema()
        self.elsewhere = Elsewhere(self, document)
        self.others = Others(store, document, annotator.id)
        self.document = store.document(document)
        self.sentences = store.sentences(document)
        self.reader = Reader(
            self.document.text, self.sentences, store.position(document, annotator.id)
        )
        self.annotations = AnnotationSet()
        self.marks: dict[str, SentenceMark] = {}
        self.document_mark: DocumentMark | None = None
        self.done_count = 0
        self._focus_id: str | None = None
        self._last_focus_id: str | None = None
        self._saved_at: int | None = None
        self._listeners: list[Listener] = []
        self.spans = SpanActions(self)
        self.ties = TieActions(self)
        self.suggestions = SuggestionActions(self)
        self.stepping = Stepping(self)
        self.thresholds = Thresholds(self)
        self.propagation = Propagation(self)
        self.retracing = Retracing(self)
        self.cut = SentenceActions(self)
        self.actors = ActorActions(self)
        self.history = HistoryActions(self)
        self._is_complete = False
        if near_cursor_first and len(self.document.text) > _LARGE:
            self._read_near_cursor()
        else:
            self.complete()

    def _read_near_cursor(self) -> None:
        here = self.reader.cursor.start
        near = (max(0, here - _NEAR), here + _NEAR)
        for span in self.store.spans_in(self.document.id, self.annotator.id, *near):
            self.annotations.add(span)
        self.store.check_schema()

    @property
    def is_complete(self) -> bool:
        """Whether all that the annotator made here is in memory."""
        return self._is_complete

    def complete(self) -> None:
        """Read all that is not yet in memory; listeners are told by an empty edit."""
        if not self._is_complete:
            self.take_over(read_rest(self))

    def take_over(self, rest: Rest) -> None:
        """Have what ``read_rest`` read in memory, unless all is there already."""
        if self._is_complete:
            return
        self._is_complete = True
        self.annotations = rest.annotations
        self.marks = rest.marks
        self.done_count = sum(mark.done for mark in self.marks.values())
        self.document_mark = rest.document_mark
        self.tell(())

    def close(self) -> None:
        """Let go of all that is in memory; nobody is told of anything any more.

        What a session holds knows it in turn, and would stay for the collector to find.
        """
        self._listeners.clear()
        self.annotations.clear()
        self.marks.clear()

    # -- what is there ---------------------------------------------------------------------------

    def listen(self, listener: Listener) -> None:
        """Have ``listener`` told the changes of every edit once memory is up to date.

        No changes at all mean that anything may have changed.
        """
        self._listeners.append(listener)

    def tell(self, changes: Changes) -> None:
        """Tell the listeners that what is shown changed."""
        for listener in self._listeners:
            listener(changes)

    @property
    def focus_id(self) -> str | None:
        """The annotation chosen; None where the focus is what lies at the cursor."""
        return self._focus_id

    @focus_id.setter
    def focus_id(self, id: str | None) -> None:
        self._focus_id = id
        if id in self.annotations.spans:
            self._last_focus_id = id

    @property
    def last_focus(self) -> Span | None:
        """The span chosen or made last, wherever the cursor is by now."""
        return self.annotations.spans.get(self._last_focus_id or "")

    @property
    def focus(self) -> Span | None:
        """The span that keys act on: the one chosen, else the innermost at the cursor."""
        id = self.focus_id
        if id is not None and id in self.annotations.spans:
            return self.annotations.spans[id]
        if id is not None and self.annotations.suggested.is_shown(id):
            return None
        if self.chosen_unit is not None:
            return None
        at = self.annotations.spans_at(self.reader.cursor.start)
        return at[0] if at else None

    @property
    def chosen_unit(self) -> UnitLabel | None:
        """The label of a sentence or of the document that was chosen."""
        return self.annotations.unit_labels.get(self.focus_id or "")

    @property
    def unit_focus(self) -> UnitLabel | None:
        """The label of a sentence or of the document that keys act on.

        The one chosen; else, where no span lies at the cursor, the sentence's that was made last.
        """
        if self.chosen_unit is not None:
            return self.chosen_unit
        sentence = self.reader.sentence
        if sentence is None or self.focus is not None or self.suggestions.chosen is not None:
            return None
        labels = self.annotations.labels_on(sentence.id)
        return labels[-1] if labels else None

    @property
    def in_focus(self) -> frozenset[str]:
        """The ids of what is the focus: of a proposed relation, all that it would tie."""
        suggestion = self.suggestions.chosen
        if suggestion is not None:
            return self.suggestions.parts(suggestion)
        focus = self.focus or self.unit_focus
        return frozenset() if focus is None else frozenset((focus.id,))

    def need_focus(self) -> Span:
        """The focused span; RuleError where there is none."""
        focus = self.focus
        if focus is None and self.suggestions.here is not None:
            raise RuleError("this is only proposed", "{accept} accepts it, {reject} rejects it.")
        unit = self.unit_focus
        if unit is not None:
            scope = "document" if unit.sentence is None else "sentence"
            raise RuleError(f"{unit.label} lies on the whole {scope}", "This key is for spans.")
        if focus is None:
            raise RuleError(
                "no annotation here", "Move onto one; {annotation_next} goes to the next."
            )
        return focus

    def need_annotation(self) -> Span | UnitLabel:
        """The span or the label of a sentence or document in focus; RuleError without one."""
        return self.unit_focus or self.need_focus()

    def choose(self, span: Span) -> None:
        """Put cursor and focus on a span."""
        self.reader.clear()
        self.reader.move_to(span.start)
        self.focus_id = span.id

    def moved(self) -> None:
        """The cursor went elsewhere: the focus is again what lies there."""
        self.focus_id = None

    def is_done(self, sentence: Sentence) -> bool:
        """Whether this annotator marked the sentence done."""
        mark = self.marks.get(sentence.id)
        return mark is not None and mark.done

    # -- undo ------------------------------------------------------------------------------------

    def undo(self) -> str:
        """Take back the last edit in this document."""
        return self.retracing.undo()

    def redo(self) -> str:
        """Make the last undone edit again."""
        return self.retracing.redo()

    # -- writing ---------------------------------------------------------------------------------

    def save_position(self) -> None:
        """Remember the cursor for the next start; nothing is written where it has not moved."""
        offset = self.reader.cursor.start
        if offset != self._saved_at:
            self.store.save_position(self.document.id, self.annotator.id, offset)
            self._saved_at = offset

    def count_keys(self, keys: int) -> None:
        """Add to the keys that this session took."""
        if keys:
            self.store.count_keys(self.session, keys)

    def commit(self, verb: str, changes: Changes) -> None:
        """Write the changes as one edit, then bring memory up to date."""
        self.take_in(self.write(verb, changes))

    def write(self, verb: str, changes: Changes) -> Changes:
        """Write the changes as one edit; gives those that memory is still to take in.

        Suggestions that they answer are answered in the same edit. The cursor goes with it, so that
        a start after a crash is never further back than the edit.
        """
        changes = completed(self.annotations, self.schema, changes)
        offset = self.reader.cursor.start
        moved = offset != self._saved_at
        edit = self.store.apply(
            self.session, self.document.id, verb, changes, cursor=offset if moved else None
        )
        self._saved_at = offset
        return edit.changes

    def take_in(self, changes: Changes) -> None:
        """Bring memory up to date with changes of this annotator that are written."""
        gone: list[Sentence] = []
        come: list[Sentence] = []
        for change in changes:
            before, after = change.before, change.after
            record = change.record
            if isinstance(record, SentenceMark):
                self._take_in_mark(record.sentence, after)
            elif isinstance(record, DocumentMark):
                self.document_mark = after if isinstance(after, DocumentMark) else None
            elif isinstance(record, Sentence):
                gone += [before] if isinstance(before, Sentence) else []
                come += [after] if isinstance(after, Sentence) else []
            else:
                if before is not None:
                    self.annotations.remove(before)
                if after is not None:
                    self.annotations.add(after)
        self._read_new_actors(changes)
        if gone or come:
            self.sentences = self.sentences.recut(gone, come)
            self.reader.recut(self.sentences, self.reader.cursor.start)
        self.tell(changes)

    def _read_new_actors(self, changes: Changes) -> None:
        """Read the actors that the changed records name and that were not named here before."""
        named: set[str | None] = set()
        for change in changes:
            if isinstance(change.after, Span):
                named.add(change.after.actor)
            elif isinstance(change.after, Relation):
                named |= {a.target for a in change.after.arguments if a.kind == "actor"}
        missing = named - {None} - self.annotations.actors.keys()
        for id in missing:
            actor = None if id is None else self.store.record("actor", id)
            if actor is not None:
                self.annotations.add(actor)

    def _take_in_mark(self, sentence: str, mark: Record | None) -> None:
        before = self.marks.pop(sentence, None)
        self.done_count -= before is not None and before.done
        if isinstance(mark, SentenceMark):
            self.marks[sentence] = mark
            self.done_count += mark.done
