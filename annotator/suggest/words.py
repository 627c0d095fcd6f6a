"""Sentences as words with tags: what the engines that learn by token look at.

A span is put on the tokens it touches. Of spans that overlap, the longest is of level 0, those it
holds of level 1, and so on: each level is a sequence of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from annotator.core.annotation import Span
from annotator.core.document import Sentence
from annotator.core.ranges import Range
from annotator.core.tokens import tokens
from annotator.suggest.base import Page

OUTSIDE = "O"
DEEPEST = 3
"""How many levels of nesting are told apart; what lies deeper is not learned."""


class Words(Struct, frozen=True):
    """The tokens of a stretch of text (half-open, code points), and their surfaces."""

    sentences: tuple[str, ...]
    """The ids of the sentences that the stretch holds."""
    places: list[Range]
    texts: list[str]


def words_of(page: Page, sentences: Sequence[Sentence]) -> Words:
    """The words of neighbouring sentences as one stretch."""
    text = page.document.text
    places = [token for s in sentences for token in tokens(text, s.start, s.end)]
    return Words(tuple(s.id for s in sentences), places, [text[a:b] for a, b in places])


def stretches(page: Page, *, taught: bool, whole: bool) -> Iterator[Words]:
    """The finished (or else the unfinished) sentences as words.

    Each sentence by itself, or (``whole``) with its neighbours in the same paragraph, for spans
    that go beyond a sentence.
    """
    group: list[Sentence] = []
    text = page.document.text
    for sentence in page.sentences:
        fits = (sentence.id in page.taught) is taught
        if group and not (whole and fits and "\n" not in text[group[-1].end : sentence.start]):
            yield words_of(page, group)
            group = []
        if fits:
            group.append(sentence)
    if group:
        yield words_of(page, group)


def levels(spans: Sequence[Span]) -> list[list[Span]]:
    """The spans by level of nesting (the DEEPEST outermost), each level in order of the text and
    free of overlaps."""
    found: list[list[Span]] = []
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start, s.label)):
        for level in found:
            if not any(s.start < span.end and span.start < s.end for s in level):
                level.append(span)
                break
        else:
            found.append([span])
    return [sorted(level, key=lambda s: s.start) for level in found[:DEEPEST]]


def tagged(words: Words, spans: Sequence[Span]) -> list[str]:
    """A tag for each word: ``B-LABEL``, ``I-LABEL`` or ``O``; the spans do not overlap."""
    tags = [OUTSIDE] * len(words.places)
    at = 0
    for span in spans:
        while at < len(words.places) and words.places[at].end <= span.start:
            at += 1
        first = at
        while at < len(words.places) and words.places[at].start < span.end:
            tags[at] = f"{'B' if at == first else 'I'}-{span.label}"
            at += 1
    return tags


def chunks(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """The spans that tags say: first word, one past the last, label; a stray I- opens one."""
    found: list[tuple[int, int, str]] = []
    start, label = 0, ""
    for index, tag in enumerate((*tags, OUTSIDE)):
        goes_on = tag[:2] == "I-" and label == tag[2:]
        if label and not goes_on:
            found.append((start, index, label))
            label = ""
        if tag != OUTSIDE and not goes_on:
            start, label = index, tag[2:]
    return found
