"""A document's annotated text as plain lines, for pipes, pagers and screen readers.

No colour and no escape sequence: whatever the text holds, the lines are safe to print. They are
made one by one, so that a long document shows its beginning at once.
"""

from __future__ import annotations

from collections.abc import Iterator

from annotator.core.annotation import Span
from annotator.core.document import Sentence
from annotator.core.lanes import Mark, assign_rows, block_of, lanes_for, mark_of
from annotator.core.ranges import Range
from annotator.core.safe_text import safe
from annotator.core.visual_lines import VisualLine, Wrapped
from annotator.errors import UsageError
from annotator.store.base import Store
from annotator.workflow.annotated import AnnotatedDocument, particulars
from annotator.workflow.spoken import spoken

MODES = ("lanes", "compact", "inline")
NARROWEST = 10
"""Cells of text at least, however narrow the terminal."""

_ALL_ROWS = 10_000


def render_document(
    store: Store, document_id: str, annotator_id: str, mode: str, width: int
) -> Iterator[str]:
    """The lines of a document as one annotator has annotated it, without line ends.

    * ``lanes``: the text with brackets under it, in ``width`` cells
    * ``compact``: the text with ``─`` under what is annotated, ``═`` where several lie on it
    * ``inline``: in plain words, for screen readers; see ``spoken``

    Raises UsageError for another mode, and NotFoundError for an unknown document.
    """
    if mode not in MODES:
        raise UsageError(f"There is no mode {mode!r}.", f"There is: {', '.join(MODES)}.")
    if mode == "inline":
        return spoken(AnnotatedDocument(store, document_id, annotator_id))
    return _Rendering(store, document_id, annotator_id).wrapped(mode == "lanes", width)


class _Rendering(AnnotatedDocument):
    """One document with one annotator's annotations, about to be drawn."""

    def wrapped(self, lanes: bool, width: int) -> Iterator[str]:
        """The wrapped text behind a gutter with the sentences' numbers."""
        digits = max(3, len(str(len(self.sentences))))
        room = max(NARROWEST, width - digits - 3)
        blank = f"{'':{digits}} │"
        if not self.sentences:
            yield f"{blank} (no text)"
        for number, sentence in enumerate(self.sentences, 1):
            if number > 1 and self.ends_paragraph(number - 2):
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
                yield f"{blank} • {'; '.join([safe(label.label), *particulars(label)])}"
        for label in self.unit_labels.get(None, ()):
            yield f"{blank} • document: {'; '.join([safe(label.label), *particulars(label)])}"

    def mark(self, span: Span) -> Mark:
        """The span as the lanes show it."""
        tag = self.tags.tag_of(span, self.annotations)
        return mark_of(span, tag, linked=self.tags.linked(span.layer))

    def _underline(self, line: VisualLine) -> str:
        depth = [0] * line.width
        for span in self.annotations.spans_in(line.start, line.end):
            for start, end in span.fragments:
                if start < line.end and end > line.start:
                    first, last = line.columns(start, end)
                    for column in range(first, last):
                        depth[column] += 1
        return "".join(" ─═"[min(d, 2)] for d in depth).rstrip()


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
