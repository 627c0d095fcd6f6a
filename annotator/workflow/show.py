"""A document's annotated text as plain lines, for pipes, pagers and screen readers.

No colour and no escape sequence: whatever the text holds, the lines are safe to print. They are
made one by one, so that a long document shows its beginning at once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from annotator.core.annotation import AttributeValues, Relation, Span, UnitLabel
from annotator.core.annotation_set import AnnotationSet
from annotator.core.document import Document, Sentence
from annotator.core.lanes import Mark, assign_rows, block_of, lanes_for, mark_of
from annotator.core.link_tags import TagIndex
from annotator.core.ranges import Range
from annotator.core.safe_text import safe
from annotator.core.schema import Schema
from annotator.core.visual_lines import VisualLine, Wrapped
from annotator.errors import UsageError
from annotator.store.base import Store

MODES = ("lanes", "compact", "inline")
NARROWEST = 10
"""Cells of text at least, however narrow the terminal."""

_ALL_ROWS = 10_000
_ESCAPES = str.maketrans({c: f"\\{c}" for c in "\\[]|"})
_WORD_ESCAPES = str.maketrans({c: f"\\{c}" for c in "\\();,"})


def render_document(
    store: Store, document_id: str, annotator_id: str, mode: str, width: int
) -> Iterator[str]:
    """The lines of a document as one annotator has annotated it, without line ends.

    * ``lanes``: the text with brackets under it, in ``width`` cells
    * ``compact``: the text with ``─`` under what is annotated, ``═`` where several lie on it
    * ``inline``: one line a sentence whatever its width, each span as ``[text](LABEL; …)``, then
      in words the relations that are about it. ``\\``, ``[``, ``]`` and ``|`` of the text have a
      backslash before them. Spans that cross, have several fragments or reach over a sentence's
      end are numbered where they open and close, and ``(…)`` says that they go on:
      ``[2|We fight|2](…) he said, [2|to win|2](CLAIM c1)``.

    Raises UsageError for another mode, and NotFoundError for an unknown document.
    """
    if mode not in MODES:
        raise UsageError(f"There is no mode {mode!r}.", f"There is: {', '.join(MODES)}.")
    rendering = _Rendering(store, document_id, annotator_id)
    return rendering.inline() if mode == "inline" else rendering.wrapped(mode == "lanes", width)


class _Rendering:
    """One document with one annotator's annotations, about to be printed."""

    def __init__(self, store: Store, document_id: str, annotator_id: str) -> None:
        self.document: Document = store.document(document_id)
        self.schema: Schema = store.schema()
        self.sentences: Sequence[Sentence] = store.sentences(document_id)
        made = store.annotations(document_id, annotator_id)
        self.annotations = AnnotationSet(
            made.spans, made.relations, made.unit_labels, (), made.actors
        )
        self.done = {mark.sentence for mark in made.sentence_marks if mark.done}
        self.status = made.document_mark.status if made.document_mark else "open"
        self.tags = TagIndex(self.schema, made.spans)
        self.unit_labels: dict[str | None, list[UnitLabel]] = {}
        for label in made.unit_labels:
            self.unit_labels.setdefault(label.sentence, []).append(label)
        self._numbers: dict[str, int] = {}
        self._by_sentence: dict[int, list[Relation]] = {}
        for relation in made.relations:
            self._by_sentence.setdefault(self._home(relation), []).append(relation)

    def wrapped(self, lanes: bool, width: int) -> Iterator[str]:
        """The wrapped text behind a gutter with the sentences' numbers."""
        digits = max(3, len(str(len(self.sentences))))
        room = max(NARROWEST, width - digits - 3)
        blank = f"{'':{digits}} │"
        if not self.sentences:
            yield f"{blank} (no text)"
        for number, sentence in enumerate(self.sentences, 1):
            if number > 1 and self._paragraph_ends_before(number - 1):
                yield blank
            gutter = f"{number:>{digits}}{'✓' if sentence.id in self.done else ' '}│"
            wrapped = Wrapped(self.document.text, sentence.start, sentence.end, room)
            rows: _SentenceRows | None = None
            for line in wrapped:
                yield f"{gutter} {line.text}".rstrip()
                gutter = blank
                if lanes:
                    rows = rows or _SentenceRows(self, sentence)
                    for row in rows.under(line, room):
                        yield f"{blank} {row}"
                elif underline := self._underline(line):
                    yield f"{blank} {underline}"
            for label in self.unit_labels.get(sentence.id, ()):
                yield f"{blank} • {_words(_word(label.label), self._particulars(label))}"
        for label in self.unit_labels.get(None, ()):
            yield f"{blank} • document: {_words(_word(label.label), self._particulars(label))}"

    def inline(self) -> Iterator[str]:
        """A sentence a line, its annotations in words."""
        status = f"{safe(self.document.name)}: {self.status}"
        for label in self.unit_labels.get(None, ()):
            status += f", {_words(_word(label.label), self._particulars(label))}"
        yield status
        for number, sentence in enumerate(self.sentences, 1):
            if number == 1 or self._paragraph_ends_before(number - 1):
                yield ""
            yield f"{number}. {self._inline_text(sentence)}".rstrip()
            for label in self.unit_labels.get(sentence.id, ()):
                yield f"   sentence: {_words(_word(label.label), self._particulars(label))}"
            for relation in self._by_sentence.get(number - 1, ()):
                yield f"   {self._relation(relation)}"
            if sentence.id in self.done:
                yield "   done"
        for relation in self._by_sentence.get(-1, ()):
            yield f"   {self._relation(relation)}"

    def mark(self, span: Span) -> Mark:
        """The span as the lanes show it."""
        tag = self.tags.tag_of(span, self.annotations)
        return mark_of(span, tag, linked=self.tags.linked(span.layer))

    def _paragraph_ends_before(self, ordinal: int) -> bool:
        before, behind = self.sentences[ordinal - 1], self.sentences[ordinal]
        gap = self.document.text[before.end : behind.start].replace("\r\n", "\n")
        return gap.count("\n") + gap.count("\r") > 1 or "\u2029" in gap

    def _underline(self, line: VisualLine) -> str:
        depth = [0] * line.width
        for span in self.annotations.spans_in(line.start, line.end):
            for start, end in span.fragments:
                if start < line.end and end > line.start:
                    first, last = line.columns(start, end)
                    for column in range(first, last):
                        depth[column] += 1
        return "".join(" ─═"[min(d, 2)] for d in depth).rstrip()

    def _inline_text(self, sentence: Sentence) -> str:
        """The sentence with its spans' brackets."""
        text = self.document.text
        spans = self.annotations.spans_in(sentence.start, sentence.end)
        events: dict[int, tuple[list[str], list[str]]] = {}
        for span, nested in _nested(spans, sentence):
            number = 0 if nested else self._numbers.setdefault(span.id, len(self._numbers) + 1)
            for start, end in span.fragments:
                if start >= sentence.end or end <= sentence.start:
                    continue
                closing = f"|{number}]" if number else "]"
                ends = end == span.end and end <= sentence.end
                closing += f"({self._span(span) if ends else '…'})"
                opening = events.setdefault(max(start, sentence.start), ([], []))[1]
                opening.append(f"[{number}|" if number else "[")
                events.setdefault(min(end, sentence.end), ([], []))[0].insert(0, closing)
        pieces, at = [], sentence.start
        for place in sorted(events):
            pieces.append(safe(text[at:place]).translate(_ESCAPES))
            closings, openings = events[place]
            pieces += closings + openings
            at = place
        pieces.append(safe(text[at : sentence.end]).translate(_ESCAPES))
        return "".join(pieces)

    def _span(self, span: Span) -> str:
        number = self.tags.number_of(span)
        name = f"{_word(span.label)} {number}".rstrip()
        particulars = self._particulars(span)
        actor = self.annotations.actors.get(span.actor) if span.actor else None
        if actor:
            particulars.insert(0, f"actor {_word(actor.name)}")
        return _words(name, particulars)

    def _particulars(self, made: Span | Relation | UnitLabel) -> list[str]:
        particulars = [_attribute(a) for a in made.attributes]
        if made.flagged:
            particulars.append("doubtful")
        if made.note:
            particulars.append(f"note: {_word(made.note)}")
        return particulars

    def _relation(self, relation: Relation) -> str:
        arguments = [f"{a.role} {self._argument(a.kind, a.target)}" for a in relation.arguments]
        return _words(f"{relation.type}: {', '.join(arguments)}", self._particulars(relation))

    def _argument(self, kind: str, target: str) -> str:
        if kind == "span" and (span := self.annotations.spans.get(target)):
            number = self.tags.number_of(span)
            return f"{number} [{safe(span.text).translate(_ESCAPES)}]".lstrip()
        if kind == "actor" and (actor := self.annotations.actors.get(target)):
            return f"@{safe(actor.name)}"
        if kind == "relation" and (relation := self.annotations.relations.get(target)):
            first = next((a for a in relation.arguments if a.kind != "relation"), None)
            about = f" of {self._argument(first.kind, first.target)}" if first else ""
            return f"{relation.type}{about}"
        return "(missing)"

    def _home(self, relation: Relation) -> int:
        """The sentence, from 0, in which the first span of a relation begins; -1 without one."""
        for argument in relation.arguments:
            span = self.annotations.spans.get(argument.target)
            if span:
                place = bisect_right(self.sentences, span.start, key=lambda s: s.start) - 1
                return max(0, place) if self.sentences else -1
        return -1


class _SentenceRows:
    """The rows of one sentence's marks, worked out once for each block of it."""

    def __init__(self, rendering: _Rendering, sentence: Sentence) -> None:
        self._rendering = rendering
        self._sentence = sentence
        self._block: Range | None = None
        self._marks: list[Mark] = []
        self._rows: dict[str, int] = {}

    def under(self, line: VisualLine, width: int) -> Iterator[str]:
        """The lanes below one line of the sentence."""
        block = block_of(line, self._sentence.start, self._sentence.end)
        if block != self._block:
            spans = self._rendering.annotations.spans_in(*block)
            self._block = block
            self._marks = [self._rendering.mark(span) for span in spans]
            self._rows = assign_rows(self._marks)
        lanes = lanes_for(line, self._marks, self._rows, max_rows=_ALL_ROWS, width=width)
        return (row.text for row in lanes)


def _nested(spans: Sequence[Span], sentence: Sentence) -> Iterator[tuple[Span, bool]]:
    """Each span, and whether brackets without a number tell where it begins and ends.

    They do for spans in one piece within the sentence that cross none of those before them.
    """
    ends: list[int] = []
    for span in spans:
        while ends and ends[-1] <= span.start:
            ends.pop()
        within = sentence.start <= span.start and span.end <= sentence.end
        nested = within and len(span.fragments) == 1 and not (ends and ends[-1] < span.end)
        if nested:
            ends.append(span.end)
        yield span, nested


def _attribute(attribute: AttributeValues) -> str:
    values = " + ".join(_word(value) for value in attribute.values)
    return f"{_word(attribute.name)} {values}{' (uncertain)' if attribute.uncertain else ''}"


def _word(text: str) -> str:
    return safe(text).translate(_WORD_ESCAPES)


def _words(head: str, particulars: Sequence[str]) -> str:
    return "; ".join([head, *particulars])
