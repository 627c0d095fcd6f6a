"""What a record loses on its way into a format of tokens: all white space but what parts them."""

from __future__ import annotations

from bisect import bisect_left

from msgspec.structs import replace

from annotator.core.annotation import Span
from annotator.core.document import Sentence
from annotator.core.ranges import Range
from annotator.formats.loss import Losses, quoted
from annotator.formats.record import (
    SPACES,
    TOKENIZATION,
    Record,
    all_tokens,
    is_spaced,
    token_ranges,
)
from annotator.formats.reducing import OUT


def spaced(
    given: Record, reduced: Record, losses: Losses, *, by_sentence: bool, reserved: str = ""
) -> Record:
    """The record with its tokens parted by single spaces, and its sentences by line ends.

    ``given`` is the record before it was ``reduced`` to spans on whole tokens. Without
    ``by_sentence`` there are no sentences, and spans may go on across them. A token ``reserved``
    means something else in the format, and loses its hyphens.
    """
    return _Spacing(given, reduced, losses, reserved).record(by_sentence)


class _Spacing:
    def __init__(self, given: Record, reduced: Record, losses: Losses, reserved: str) -> None:
        self._given = given
        self._reduced = reduced
        self._losses = losses
        self._reserved = reserved
        self._old = given.document.text
        self._pieces: list[str] = []
        self._length = 0
        # Of every token: where it begins in the given text, its place in the new one, its line.
        self._starts: list[int] = []
        self._places: list[Range] = []
        self._lines: list[int] = []

    def record(self, by_sentence: bool) -> Record:
        tokens = token_ranges(self._given) if by_sentence else [all_tokens(self._given)]
        lines = [self._line(found) for found in tokens]
        text = "".join(self._pieces)
        if text != self._old or (self._starts and not is_spaced(self._given.document)):
            self._lose("white space between tokens", "read again as single spaces or line ends")
        sentences = self._sentences(lines) if by_sentence else None
        meta = {TOKENIZATION: SPACES} if self._starts else {}
        return replace(
            self._reduced,
            document=replace(self._reduced.document, text=text, meta=meta),
            sentences=sentences,
            done=self._reduced.done & {s.id for s in sentences or ()},
            spans=tuple(piece for span in self._reduced.spans for piece in self._moved(span, text)),
        )

    def _lose(self, kind: str, done: str, example: str = "") -> None:
        name = self._given.document.name
        self._losses.add(kind, done, f"{name}: {example}" if example else name)

    def _line(self, tokens: list[Range]) -> Range | None:
        """Add the tokens of a sentence and give its place in the new text; None without any."""
        if not tokens:
            return None
        if self._pieces:
            self._add("\n")
        start, line = self._length, len(self._starts)
        for n, token in enumerate(tokens):
            if n:
                self._add(" ")
            form = self._old[token.start : token.end]
            if form == self._reserved:
                form = form.strip("-")
                self._lose("token that means something else", f"written as {form}")
            self._starts.append(token.start)
            self._places.append(Range(self._length, self._length + len(form)))
            self._lines.append(line)
            self._add(form)
        return Range(start, self._length)

    def _add(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)

    def _sentences(self, lines: list[Range | None]) -> tuple[Sentence, ...]:
        """Those that have tokens, under the ids they had."""
        ids = [s.id for s in self._given.sentences or ()]
        found = []
        for n, line in enumerate(lines):
            if line is None:
                self._lose("sentence of white space alone", OUT)
                continue
            id = ids[n] if ids else f"sentence {line.start}-{line.end}"
            found.append(Sentence(id, self._given.document.id, line.start, line.end))
        return tuple(found)

    def _moved(self, span: Span, text: str) -> list[Span]:
        """The span in the new text, in as many pieces as there are sentences that it lies in."""
        ((start, end),) = span.fragments
        at, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        found: list[Span] = []
        while at < last:
            stop = min(last, bisect_left(self._lines, self._lines[at] + 1))
            place = (self._places[at].start, self._places[stop - 1].end)
            id = f"{span.id} line {len(found) + 1}" if found else span.id
            found.append(replace(span, id=id, fragments=(place,), text=text[slice(*place)]))
            at = stop
        if len(found) > 1:
            self._lose("span across sentences", "cut at their ends", quoted(span.text))
        return found
