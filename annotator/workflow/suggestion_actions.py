"""Actions on suggestions: take them in from an engine, and answer them.

``replace_open`` is how engines bring what they propose into a document, open or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from annotator.core.annotation import Annotation, Fragments, Relation, Span, Suggestion
from annotator.core.annotation_set import AnnotationSet
from annotator.core.answering import Acceptance, best_first, corrected_span, rejection
from annotator.core.document import Sentence
from annotator.core.edits import Change, Changes
from annotator.core.propagating import ENGINE as PROPAGATE
from annotator.core.replacing import Proposals, Replacement, Scope, in_order
from annotator.core.rules import clean_fragments
from annotator.core.schema import Label
from annotator.errors import RuleError
from annotator.store.base import Store

if TYPE_CHECKING:
    from annotator.workflow.annotate import AnnotateSession

_T = TypeVar("_T")

_STEP = 25
"""Suggestions that are written at once while keys are waiting; each takes some 50 µs."""

REPLACE = "suggest"
"""The verb of edits that replace an engine's open suggestions; no undo takes them back."""

ANSWERS = frozenset(["accept", "reject", "correct"])
"""Verbs of edits that answer suggestions; those by hand answer some by the way."""


def replace_open(
    store: Store,
    session: str,
    document: str,
    annotator: str,
    engine: str,
    proposed: Iterable[Annotation],
    scope: Scope | None = None,
) -> Replacement:
    """Replace what is open of an engine for an annotator (id) in a document (id) not on the screen.

    See ``SuggestionActions.replace_open``; ``session`` is the log's. May be called from any thread.
    """
    with store.transaction():
        made = store.annotations(document, annotator)
        held = AnnotationSet(made.spans, made.relations, made.unit_labels, made.suggestions)
        text = store.document(document).text
        fitting = Proposals(held, store.schema(), text, document, annotator, engine, scope)
        found = fitting.replacement(proposed)
        if found.changes:
            store.apply(session, document, REPLACE, found.changes, undoable=False)
    return found


class SuggestionActions:
    """What a session does with the suggestions in its document."""

    def __init__(self, session: AnnotateSession) -> None:
        self._session = session

    def replace_open(self, engine: str, proposed: Iterable[Annotation]) -> Replacement:
        """Have these, and no others, be what is open of an engine in the document.

        What they propose are spans, relations and unit labels whose ids hold within ``proposed``
        only: a relation's arguments name them, or annotations that there are; ``document``,
        ``annotator`` and ``text`` are filled in here, and of ``origin`` the engine. What was
        answered before is left out, whichever engine had proposed it, as is what is labelled
        already or what the schema forbids beside it: the result counts them. Doing it again changes
        nothing. It is no step of undo.

        Raises InputError, and changes nothing, where a proposal fits neither text nor schema.
        """
        fitting = self._fitting(engine)
        found: list[Replacement] = []

        def changes() -> Changes:
            found.append(fitting.replacement(proposed))
            return found[0].changes

        self._write(changes)
        return found[0]

    def replacing(
        self, engine: str, proposed: Sequence[Annotation], scope: Scope | None = None
    ) -> Iterator[int]:
        """``replace_open`` in small steps, between which keys may be dealt with.

        Each gives how many suggestions it changed.
        What a key does meanwhile is respected by the steps behind it.
        """
        fitting = self._fitting(engine, scope)
        relations = [item for item in proposed if isinstance(item, Relation)]
        items: list[Annotation] = [i for i in proposed if not isinstance(i, Relation)]
        items += in_order(relations)
        for part in _parts(items):
            yield self._write(partial(fitting.add, part))
        for left in _parts([change.record.id for change in fitting.leftovers()]):
            yield self._write(partial(_only, fitting, frozenset(left)))

    def _fitting(self, engine: str, scope: Scope | None = None) -> Proposals:
        session = self._session
        session.complete()
        return Proposals(
            *(session.annotations, session.schema, session.document.text),
            *(session.document.id, session.annotator.id, engine),
            scope=scope,
        )

    def _write(self, changes_now: Callable[[], Sequence[Change]]) -> int:
        """Write what is to be changed as things are, nobody coming between; how much it is."""
        session = self._session
        with session.store.transaction():
            session.elsewhere.look()
            changes = tuple(changes_now())
            if changes:
                session.store.apply(
                    session.session, session.document.id, REPLACE, changes, undoable=False
                )
        if changes:
            session.take_in(changes)
        return len(changes)

    # -- which one is meant ----------------------------------------------------------------------

    @property
    def next(self) -> Suggestion | None:
        """The one that is answered next, though it is not in focus: keys for work by hand pass it.

        The one chosen, else the innermost at the cursor, else the next of the sentence, and behind
        its last its first.
        """
        found = self.here
        if found is not None:
            return found
        id = self._session.stepping.next_in_sentence()
        return None if id is None else self._session.annotations.suggested.open[id]

    @property
    def here(self) -> Suggestion | None:
        """The one chosen, else the innermost at the cursor."""
        return self.chosen or self._at_cursor

    @property
    def chosen(self) -> Suggestion | None:
        """The one in focus, which a label's key corrects: somebody stepped on it, or an answer."""
        id, suggested = self._session.focus_id, self._session.annotations.suggested
        return suggested.open[id] if id is not None and suggested.is_shown(id) else None

    @property
    def waiting(self) -> frozenset[str]:
        """The ids of the one that is next and of all it would tie; none while it is in focus."""
        found = None if self.chosen is not None else self.next
        return frozenset() if found is None else self.parts(found)

    @property
    def _at_cursor(self) -> Suggestion | None:
        """The innermost; a relation in place of the first of the spans that it would tie."""
        session, suggested = self._session, self._session.annotations.suggested
        for found in suggested.shown_at(session.reader.cursor.start):
            for standing in suggested.standing_on(found.proposed.id):
                if suggested.is_shown(standing.id):
                    stop = session.stepping.stop_of(standing)
                    if isinstance(found.proposed, Span) and stop[0] == found.proposed.start:
                        return standing
            return found
        return None

    def parts(self, suggestion: Suggestion) -> frozenset[str]:
        """Its id and, for a relation, the ids of the spans and suggestions that it would tie."""
        found, suggested = {suggestion.id}, self._session.annotations.suggested
        if isinstance(suggestion.proposed, Relation):
            for argument in suggestion.proposed.arguments:
                found.add(argument.target)
                found |= {s.id for s in suggested.proposing(argument.target)}
        return frozenset(found)

    def need(self) -> Suggestion:
        """The suggestion to answer; RuleError where there is none."""
        found = self.next
        if found is None and not self._session.annotations.suggested.count:
            raise RuleError("nothing is suggested in this document")
        if found is None:
            raise RuleError("no suggestion here", "{annotation_next} goes to the next one.")
        return found

    # -- answering -------------------------------------------------------------------------------

    def accept(self, suggestion: Suggestion) -> str:
        """Make it an annotation, a relation together with what it ties, and go to the next one.

        In a sentence that is not finished the next one is one of it, if there is any.
        """
        session = self._session
        answers = Acceptance(session.annotations, session.schema)
        answers.accept(suggestion)
        self._answer("accept", answers.changes, suggestion, answers.result(suggestion))
        made = [c.after for c in answers.changes if isinstance(c.after, Span)]
        more = ", ".join(span.label for span in made)
        if isinstance(suggestion.proposed, Relation) and more:
            return f"accepted: {name_of(suggestion)} with {more}"
        return f"accepted: {name_of(suggestion)}"

    def reject(self, suggestion: Suggestion) -> str:
        """Have it never come back in this document, and go to the next one."""
        session = self._session
        changes = rejection(session.annotations, session.schema, suggestion)
        self._answer("reject", changes, suggestion, None)
        return f"rejected: {name_of(suggestion)}"

    def accept_sentence(self) -> str:
        """Accept all that is proposed wholly within the sentence, the surest first, as one edit.

        What a rule forbids beside the others stays open, and the first reason is told.
        """
        session = self._session
        sentence = session.reader.sentence
        found = self.in_sentence
        if sentence is None or not found:
            if self.next is not None:
                raise RuleError(
                    "what is suggested reaches beyond the sentence", "{accept} accepts it."
                )
            raise RuleError("nothing is proposed in this sentence")
        answers = Acceptance(session.annotations, session.schema)
        left: list[str] = []
        for suggestion in best_first(found):
            try:
                answers.accept(suggestion)
            except RuleError as error:
                left.append(error.message)
        if not answers.changes:
            raise RuleError(left[0], "Answer them one by one.")
        session.commit("accept", answers.changes)
        session.focus_id = None
        session.stepping.to_answer((sentence.end - 1, -1, ""))
        count = len(found) - len(left)
        return f"{count} accepted" + (f", {len(left)} left: {left[0]}" if left else "")

    def correct(self, suggestion: Suggestion, label: Label) -> str:
        """Accept the proposed span under another label of its layer; under its own, as it is."""
        proposed = suggestion.proposed
        assert isinstance(proposed, Span)
        if label.name == proposed.label:
            return self.accept(suggestion)
        self._correct(suggestion, proposed, label, proposed.fragments)
        return f"corrected: {proposed.label} → {label.name}"

    def reshape(self, suggestion: Suggestion, fragments: Fragments) -> str:
        """Accept the proposed span on other text.

        What its engine has taken back, or was answered elsewhere, while its edges were moved is
        made by hand: whoever moved them wants it.
        """
        session, proposed = self._session, suggestion.proposed
        assert isinstance(proposed, Span)
        clean = clean_fragments(session.document.text, fragments)
        if not clean:
            raise RuleError("a span needs some text")
        label = session.schema.label(proposed.layer, proposed.label)
        if suggestion.id not in session.annotations.suggested.open:
            return session.spans.make(session.schema.layer(proposed.layer), label, clean)
        self._correct(suggestion, proposed, label, clean)
        return f"corrected: {proposed.label}, boundaries saved"

    def _correct(
        self, suggestion: Suggestion, proposed: Span, label: Label, fragments: Fragments
    ) -> None:
        session = self._session
        span = corrected_span(proposed, session.schema, session.document.text, label, fragments)
        answers = Acceptance(session.annotations, session.schema)
        answers.correct(suggestion, span)
        self._answer("correct", answers.changes, suggestion, answers.result(suggestion))

    def _answer(
        self, verb: str, changes: Changes, suggestion: Suggestion, result: str | None
    ) -> None:
        """Write an answer; the focus goes to what can be answered next, else to the result.

        A propagation is gone through before anything else is asked. What begins in another sentence
        is answered from where the cursor is, and leaves it there: that sentence is being worked on.
        """
        session = self._session
        stop = session.stepping.stop_of(suggestion)
        if not self._begins_here(suggestion):
            stop = (session.reader.cursor.start, -1, "")
        elif self.chosen is None:  # what is stepped on before it has not been looked at
            stop = (stop[0], -1, "")
        session.commit(verb, changes)
        session.reader.clear()
        self._put_in_focus(result)
        complete = self._complete_tie(result) if result is not None else None
        if complete is not None:
            if self._begins_here(complete):
                session.stepping.choose(complete.id)
            session.focus_id = complete.id
            return
        was_propagated = suggestion.proposed.origin.engine == PROPAGATE
        if not (was_propagated and session.stepping.to_propagated(stop)):
            session.stepping.to_answer(stop)

    def _begins_here(self, suggestion: Suggestion) -> bool:
        """Whether it is stepped on in the sentence under the cursor."""
        reader, stop = self._session.reader, self._session.stepping.stop_of(suggestion)
        return reader.ordinal_at(stop[0]) == reader.ordinal

    def _put_in_focus(self, made: str | None) -> None:
        """Have what was made (id) be the focus, and the cursor on it."""
        session = self._session
        span = session.annotations.spans.get(made or "")
        if span is not None and not span.start <= session.reader.cursor.start < span.end:
            session.choose(span)
        session.focus_id = made

    def _complete_tie(self, made: str) -> Suggestion | None:
        """A proposed relation that stands on the annotation just made and on made ones only."""
        held = self._session.annotations
        for standing in held.suggested.standing_on(made):
            proposed = standing.proposed
            if isinstance(proposed, Relation) and held.suggested.is_shown(standing.id):
                parts = (a.target for a in proposed.arguments if a.kind != "actor")
                if all(part in held.spans or part in held.relations for part in parts):
                    return standing
        return None

    @property
    def in_sentence(self) -> list[Suggestion]:
        """All that is proposed wholly within the sentence."""
        sentence = self._session.reader.sentence
        return [] if sentence is None else self._within(sentence)

    def _within(self, sentence: Sentence) -> list[Suggestion]:
        held = self._session.annotations
        inside = [
            s
            for s in held.suggested.shown_in(sentence.start, sentence.end)
            if isinstance(s.proposed, Span)
            and sentence.start <= s.proposed.start
            and s.proposed.end <= sentence.end
        ]
        found = {s.id: s for s in (*inside, *held.suggested.shown_on(sentence.id))}
        parts = {s.proposed.id for s in inside}
        parts |= {s.id for s in held.spans_in(sentence.start, sentence.end)}
        for target in parts:
            for standing in held.suggested.standing_on(target):
                proposed = standing.proposed
                if isinstance(proposed, Relation) and held.suggested.is_shown(standing.id):
                    spans = [a.target for a in proposed.arguments if a.kind == "span"]
                    if parts.issuperset(spans):
                        found[standing.id] = standing
        return list(found.values())


def _only(fitting: Proposals, ids: frozenset[str]) -> list[Change]:
    """Of what is left over by now, what has these ids."""
    return [change for change in fitting.leftovers() if change.record.id in ids]


def _parts(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    return (items[first : first + _STEP] for first in range(0, len(items), _STEP))


def name_of(suggestion: Suggestion) -> str:
    """What is proposed, in a word: its label, or a relation's type."""
    proposed = suggestion.proposed
    return proposed.type if isinstance(proposed, Relation) else proposed.label


def source_of(suggestion: Suggestion) -> str:
    """Who suggests it, and with what score."""
    origin = suggestion.proposed.origin
    score = "" if origin.score is None else f" {origin.score:.2f}"
    return f"{origin.engine or 'someone'}{score}"
