"""The tags of a record's tokens, column by column: the way from spans to files of tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annotator.core.annotation import Span
from annotator.core.ranges import Range
from annotator.formats.tag_schemes import Piece, encoded

Column = Sequence[tuple[Span, str]]
"""Spans that do not overlap, and their labels as tags have them."""


def tagged(
    tokens: Sequence[Sequence[Range]], columns: Sequence[Column], scheme: str
) -> Iterator[list[list[str]]]:
    """For each sentence of tokens, the tags in each column.

    Every span begins and ends where tokens of one sentence do.
    """
    starts = {t.start: (n, m) for n, line in enumerate(tokens) for m, t in enumerate(line)}
    ends = {t.end: m + 1 for line in tokens for m, t in enumerate(line)}
    pieces: list[list[list[Piece]]] = [[[] for _ in columns] for _ in tokens]
    for at, column in enumerate(columns):
        for span, label in sorted(column, key=lambda entry: entry[0].start):
            line, first = starts[span.start]
            pieces[line][at].append(Piece(first, ends[span.end], label))
    for sentence, found in zip(tokens, pieces, strict=True):
        yield [encoded(len(sentence), column, scheme) for column in found]
