"""Propagating a span: the same words elsewhere become suggestions, here or in every document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from annotator.core.annotation import Span, Suggestion
from annotator.core.annotation_set import AnnotationSet
from annotator.core.edits import Changes, Edit
from annotator.core.naming import quoted
from annotator.core.propagating import ENGINE, TokensOf, Words, proposals, words_of
from annotator.core.ranges import Range
from annotator.core.replacing import Proposals, Replacement
from annotator.core.tokens import tokens
from annotator.errors import RuleError
from annotator.store.base import Store
from annotator.workflow.large_edit import MANY, LargeEdit

if TYPE_CHECKING:
    from annotator.workflow.annotate import AnnotateSession

VERB: Final = "propagate"


class Spread(Struct, frozen=True):
    """How far a propagation over the project has come.

    ``documents`` were looked through, of which ``with_new`` got ``suggestions``. ``changed`` is the
    id of the last document where it made any.
    """

    documents: int = 0
    with_new: int = 0
    suggestions: int = 0
    changed: str | None = None

    @property
    def told(self) -> str:
        """In words."""
        found = f"{self.suggestions} suggested in {self.with_new}" if self.with_new else "none"
        return f"{self.documents} documents looked through, {found}"


class Propagation:
    """What a session does to propagate spans."""

    def __init__(self, session: AnnotateSession) -> None:
        self._session = session
        self._asked: Span | None = None

    @property
    def is_asked_again(self) -> bool:
        """Whether what is in focus was just propagated here, so that all documents are meant."""
        asked, focus = self._asked, self._focus
        if asked is None or focus is None:
            return False
        return (asked.layer, asked.label, asked.text.casefold()) == (
            *(focus.layer, focus.label, focus.text.casefold()),
        )

    def forget(self) -> None:
        """What was propagated here is taken back: asked for once more, it is meant here."""
        self._asked = None

    @property
    def _focus(self) -> Span | None:
        suggestion = self._session.suggestions.chosen
        if suggestion is None:
            return self._session.focus
        proposed = suggestion.proposed
        return proposed if proposed.origin.engine == ENGINE and isinstance(proposed, Span) else None

    def here(self) -> str:
        """Suggest the label of the focused span for the same words elsewhere in the document.

        One edit, and the focus goes to the first suggestion behind the span.
        """
        session = self._session
        span = session.need_focus()
        found = self._additions(span, self._words(span), session.reader.tokens_of)
        self._asked = span
        if found.changes:
            session.commit(VERB, found.changes)
            self._show(span)
        return _in_words(span, found)

    def large(self) -> LargeEdit | None:
        """``here`` as a large edit, where the words occur very often; else None."""
        session = self._session
        span = session.need_focus()
        words = self._words(span)
        places = words.pattern.finditer(session.document.text)
        if sum(1 for _ in islice(places, MANY + 1)) <= MANY:
            return None
        self._asked = span
        found: list[Replacement] = []

        def write() -> list[Changes]:
            found.append(self._additions(span, words, session.reader.tokens_apart))
            changes = found[0].changes
            return [session.write(VERB, changes)] if changes else []

        def show() -> None:
            if found[0].changes:
                self._show(span)

        doing = f"suggesting {quoted(span.text)} as {span.label}"
        return LargeEdit(session, doing, write, show, lambda: _in_words(span, found[0]))

    def _additions(self, span: Span, words: Words, tokens_of: TokensOf) -> Replacement:
        session, document = self._session, self._session.document
        fitting = Proposals(
            *(session.annotations, session.schema),
            *(document.text, document.id, session.annotator.id, ENGINE),
        )
        return fitting.additions(
            proposals(span, words, document.text, session.sentences, tokens_of)
        )

    def _show(self, span: Span) -> None:
        self._session.stepping.to_propagated((span.start, span.end, span.id))

    def everywhere(self) -> Iterator[Spread]:
        """Do the same in every other document of the project; each step is one document.

        Each is an edit in its document, which undo takes back there. May run in any thread.
        """
        session, span = self._session, self._asked
        assert span is not None, "is_asked_again says so"
        self._asked = None
        return spread(session.store, session.session, span, self._words(span))

    def _words(self, span: Span) -> Words:
        if len(span.fragments) > 1:
            raise RuleError("a span in several fragments cannot be propagated")
        reader = self._session.reader
        ordinals = {reader.ordinal_at(span.start), reader.ordinal_at(span.end - 1)}
        return words_of(span, [t for ordinal in ordinals for t in reader.tokens_of(ordinal)])


def _in_words(span: Span, found: Replacement) -> str:
    more = "again: in every document"
    if not found.changes:
        before = f", {found.answered} answered before" if found.answered else ""
        return f"nothing new for {quoted(span.text)} here{before}; {more}"
    return f"{len(found.changes)} × {quoted(span.text)} suggested as {span.label}; {more}"


def spread(store: Store, session: str, span: Span, words: Words) -> Iterator[Spread]:
    """Suggest a span's label for its words in every document but its own; see ``Propagation``."""
    so_far = Spread()
    document = store.neighbour(None, 1)
    while document is not None:
        if document != span.document:
            made = _into(store, session, document, span, words)
            so_far = Spread(
                so_far.documents + 1,
                so_far.with_new + bool(made),
                so_far.suggestions + made,
                document if made else None,
            )
            yield so_far
        document = store.neighbour(document, 1)


def _into(store: Store, session: str, document: str, span: Span, words: Words) -> int:
    """Suggest it in one document; gives how many suggestions were made."""
    text = store.document(document).text
    if words.pattern.search(text) is None:
        return 0
    sentences = store.sentences(document)

    def tokens_of(ordinal: int) -> Sequence[Range]:
        return tokens(text, sentences.starts[ordinal], sentences.ends[ordinal])

    found = list(proposals(span, words, text, sentences, tokens_of))
    if not found:
        return 0
    with store.transaction():
        made = store.annotations(document, span.annotator)
        held = AnnotationSet(made.spans, made.relations, made.unit_labels, made.suggestions)
        schema = store.schema_in_force()
        fitting = Proposals(held, schema, text, document, span.annotator, ENGINE)
        changes = fitting.additions(found).changes
        if changes:
            store.apply(session, document, VERB, changes)
    return len(changes)


# -- undone and made again as one ----------------------------------------------------------------


def is_beginning(edit: Edit) -> bool:
    """Whether the edit is a propagation itself, done, undone or redone."""
    return bool(edit.changes) and all(
        isinstance(c.record, Suggestion)
        and c.record.proposed.origin.engine == ENGINE
        and (c.before is None or c.after is None)
        for c in edit.changes
    )


def is_answer(edit: Edit) -> bool:
    """Whether the edit answers what was propagated."""
    answered = [
        c.record
        for c in edit.changes
        if isinstance(c.record, Suggestion) and c.before is not None and c.after is not None
    ]
    return bool(answered) and all(
        isinstance(s, Suggestion) and s.proposed.origin.engine == ENGINE for s in answered
    )
