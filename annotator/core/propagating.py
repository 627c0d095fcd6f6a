"""Propagation: where the words of a span occur elsewhere, proposed to be labelled alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from annotator.core.annotation import Origin, Span, surface
from annotator.core.ranges import Range
from annotator.core.sentence_list import SentenceList

ENGINE: Final = "propagate"
"""Who proposes what a person propagates."""

TokensOf = Callable[[int], Sequence[Range]]
"""The tokens of a sentence by its number from 0."""


class Words(Struct, frozen=True):
    """The words of a span as they are looked for.

    White space may be of any kind and length. Words that begin with a small letter are also found
    where a sentence makes it a capital; the case of all other letters must be the same, so that
    "US" is not found in "us". ``starts`` and ``ends`` say whether the span does with a token: what
    is found does so too, and "IS" is not found in "ISIS".
    """

    pattern: re.Pattern[str]
    starts: bool = True
    ends: bool = True

    def occurrences(
        self, text: str, sentences: SentenceList, tokens_of: TokensOf
    ) -> Iterator[Range]:
        """Where they occur, each within a sentence, from the beginning on; they do not overlap."""
        if not sentences:
            return
        for match in self.pattern.finditer(text):
            start, end = match.span()
            ordinal = sentences.ordinal_at(start)
            if not sentences.starts[ordinal] <= start or end > sentences.ends[ordinal]:
                continue
            tokens = tokens_of(ordinal)
            if self.starts and not any(token.start == start for token in tokens):
                continue
            if self.ends and not any(token.end == end for token in tokens):
                continue
            yield Range(start, end)


def words_of(span: Span, tokens: Sequence[Range]) -> Words:
    """The words of a span of one fragment, whose sentences have these tokens."""
    first, *rest = span.text.split()
    letter = re.escape(first[0])
    if first[0].islower() and len(first[0].upper()) == 1:
        letter = f"[{letter}{re.escape(first[0].upper())}]"
    words = [letter + re.escape(first[1:]), *map(re.escape, rest)]
    starts = any(token.start == span.start for token in tokens)
    ends = any(token.end == span.end for token in tokens)
    return Words(re.compile(r"\s+".join(words)), starts, ends)


def proposals(
    span: Span, words: Words, text: str, sentences: SentenceList, tokens_of: TokensOf
) -> Iterator[Span]:
    """The span once more wherever its words occur in a text, itself left out.

    Label, actor and attributes are those of the span; notes, flags and doubts are its own.
    """
    certain = tuple(a for a in span.attributes if not a.uncertain)
    for place in words.occurrences(text, sentences, tokens_of):
        fragments = ((place.start, place.end),)
        yield replace(
            span,
            id=str(place.start),
            fragments=fragments,
            text=surface(text, fragments),
            attributes=certain,
            note=None,
            flagged=False,
            origin=Origin(ENGINE),
            revision=1,
        )
