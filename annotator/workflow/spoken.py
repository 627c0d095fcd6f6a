"""A document's annotations in plain words, a line each: for screen readers.

First a sentence as it stands in the text, then what lies on it from left to right, the outer before
the inner, then its ties, then what is suggested and waits for an answer. No sign has to be
understood, and each line says what it is about.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from annotator.core.annotation import Argument, Relation, Span, Suggestion
from annotator.core.document import Sentence
from annotator.core.safe_text import safe
from annotator.workflow.annotated import AnnotatedDocument, particulars
from annotator.workflow.suggestion_actions import name_of, source_of

_SHORT = 60
"""Code points of a span's words where they are only to be recognised."""


def spoken(page: AnnotatedDocument) -> Iterator[str]:
    """The lines of a document, without line ends, safe to print."""
    spoken = _Spoken(page)
    yield from spoken.beginning()
    for ordinal, sentence in enumerate(page.sentences):
        if ordinal == 0 or page.ends_paragraph(ordinal - 1):
            yield ""
        yield from spoken.sentence(ordinal, sentence)
    for relation in spoken.nowhere:
        yield spoken.tie(relation, -1)


class _Spoken:
    def __init__(self, page: AnnotatedDocument) -> None:
        self._page = page
        self._ties: dict[int, list[Relation]] = {}
        for relation in page.annotations.relations.values():
            self._ties.setdefault(self._home(relation), []).append(relation)
        self._suggested_ties: dict[int, list[Suggestion]] = {}
        for suggestion in page.annotations.suggested.shown():
            if isinstance(suggestion.proposed, Relation):
                home = max(0, self._home(suggestion.proposed))
                self._suggested_ties.setdefault(home, []).append(suggestion)
        self.nowhere = self._ties.get(-1, [])
        """Relations of which no end lies in the text."""

    def beginning(self) -> Iterator[str]:
        """The document's name, how far it is, and what is said of all of it."""
        page = self._page
        count = len(page.sentences)
        done = sum(sentence.id in page.done for sentence in page.sentences)
        yield f"{safe(page.document.name)}: {page.status}, {done} of {count} sentences done"
        for label in page.unit_labels.get(None, ()):
            yield _line(f"   document: {safe(label.label)}", particulars(label))
        yield from self._suggested_on(None)

    def sentence(self, ordinal: int, sentence: Sentence) -> Iterator[str]:
        """One sentence, by its number from 0, and all that lies on it."""
        page = self._page
        done = ", done" if sentence.id in page.done else ""
        text = page.document.text[sentence.start : sentence.end]
        yield f"Sentence {ordinal + 1}{done}: {_words(text)}"
        for label in page.unit_labels.get(sentence.id, ()):
            yield _line(f"   sentence: {safe(label.label)}", particulars(label))
        for span in page.annotations.spans_in(sentence.start, sentence.end):
            if span.start >= sentence.start or ordinal == 0:
                yield self._span(span, sentence)
            else:
                begins = self._ordinal(span.start) + 1
                yield f"   {self._name(span)} goes on from sentence {begins}"
        for relation in self._ties.get(ordinal, ()):
            yield self.tie(relation, ordinal)
        yield from self._suggested(ordinal, sentence)

    def _suggested(self, ordinal: int, sentence: Sentence) -> Iterator[str]:
        """What is suggested in a sentence; a tie where its first end begins."""
        shown = self._page.annotations.suggested.shown_in(sentence.start, sentence.end)
        for suggestion in shown:
            span = suggestion.proposed
            if isinstance(span, Span) and (span.start >= sentence.start or ordinal == 0):
                words = f" {_quoted(self._parts(span))}{self._which(span, sentence)}"
                yield _suggestion(suggestion, words)
        yield from self._suggested_on(sentence.id)
        for suggestion in self._suggested_ties.get(ordinal, ()):
            assert isinstance(suggestion.proposed, Relation)
            ends = (
                f"{safe(a.role)} {self._end(a, ordinal)}" for a in suggestion.proposed.arguments
            )
            yield _suggestion(suggestion, f", {', '.join(ends)}")

    def _suggested_on(self, sentence: str | None) -> Iterator[str]:
        for suggestion in self._page.annotations.suggested.shown_on(sentence):
            unit = "the document" if sentence is None else "the sentence"
            yield _suggestion(suggestion, f" for {unit}")

    def tie(self, relation: Relation, ordinal: int) -> str:
        """A relation with its ends, told in the sentence of that number."""
        ends = self._ends(relation, ordinal)
        return _line(f"   {safe(relation.type)}: {ends}", particulars(relation))

    def _ends(self, relation: Relation, ordinal: int) -> str:
        ends = (f"{safe(a.role)} {self._end(a, ordinal)}" for a in relation.arguments)
        return ", ".join(ends)

    def _span(self, span: Span, sentence: Sentence) -> str:
        found = []
        if span.end > sentence.end:
            found.append(f"up to sentence {self._ordinal(span.end - 1) + 1}")
        actor = self._page.annotations.actors.get(span.actor or "")
        if actor is not None:
            found.append(f"mentions {safe(actor.name)}")
        said = f"{_quoted(self._parts(span))}{self._which(span, sentence)}"
        return _line(f"   {self._name(span)}: {said}", [*found, *particulars(span)])

    def _name(self, span: Span) -> str:
        return f"{safe(span.label)} {self._page.tags.number_of(span)}".rstrip()

    def _parts(self, span: Span) -> str:
        text = self._page.document.text
        return " … ".join(_words(text[start:end]) for start, end in span.fragments)

    def _which(self, span: Span, sentence: Sentence) -> str:
        """Which one is meant where the sentence has the same words, as words, more than once."""
        text, (start, end) = self._page.document.text, span.fragments[0]
        same = re.compile(rf"(?<!\w){re.escape(text[start:end])}(?!\w)")
        places = [found.start() for found in same.finditer(text, sentence.start, sentence.end)]
        if len(places) < 2 or start not in places:
            return ""
        return f", number {places.index(start) + 1} of {len(places)} in the sentence"

    def _end(self, argument: Argument, ordinal: int) -> str:
        annotations = self._page.annotations
        span = annotations.spans.get(argument.target)
        actor = annotations.actors.get(argument.target)
        relation = annotations.relations.get(argument.target)
        if span is not None:
            where = self._ordinal(span.start)
            told = f"{self._page.tags.number_of(span)} {_quoted(_short(self._parts(span)))}".strip()
            return told if where == ordinal else f"{told} in sentence {where + 1}"
        if actor is not None:
            return f"the actor {safe(actor.name)}"
        if relation is not None:
            first = next((a for a in relation.arguments if a.kind != "relation"), None)
            of = f" of {safe(first.role)} {self._end(first, ordinal)}" if first else ""
            return f"the {safe(relation.type)}{of}"
        for suggestion in annotations.suggested.proposing(argument.target):
            if isinstance(suggestion.proposed, Span):
                return f"the suggested {_quoted(_short(self._parts(suggestion.proposed)))}"
        return "missing"

    def _ordinal(self, offset: int) -> int:
        """The number, from 0, of the sentence of a code point."""
        return max(0, bisect_right(self._page.sentences, offset, key=lambda s: s.start) - 1)

    def _home(self, relation: Relation) -> int:
        """The sentence, from 0, in which the first span of a relation begins; -1 without one."""
        found = (self._span_of(argument.target) for argument in relation.arguments)
        first = next((span for span in found if span is not None), None)
        if first is None or not self._page.sentences:
            return -1
        return self._ordinal(first.start)

    def _span_of(self, id: str) -> Span | None:
        """A span that was made, or is suggested, by its id."""
        made = self._page.annotations.spans.get(id)
        suggested = self._page.annotations.suggested.proposing(id) if made is None else ()
        proposed = (suggestion.proposed for suggestion in suggested)
        return made or next((one for one in proposed if isinstance(one, Span)), None)


def _suggestion(suggestion: Suggestion, what: str) -> str:
    name, source = safe(name_of(suggestion)), safe(source_of(suggestion))
    return f"   suggested: {name}{what}, by {source}"


def _line(head: str, more: list[str]) -> str:
    return "; ".join([head, *more])


def _words(text: str) -> str:
    """Text in one line, safe to print."""
    return safe(" ".join(text.split()))


def _quoted(text: str) -> str:
    return text if text[:1] in "“„«‘\"'" and len(text) > 1 else f"“{text}”"


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"
