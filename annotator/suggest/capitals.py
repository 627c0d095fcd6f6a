"""How the words of a document are written throughout it: what has a capital only at a beginning.

A name keeps its capital in the middle of a sentence, and other words do not: each occurrence says
something of all others in the document, be they finished or not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from annotator.suggest.base import Page
from annotator.suggest.words import words_of

_OPENING = frozenset('.:!?"“„«»‘‚(–—-')
"""After these a capital says no more than at the beginning of a sentence."""


class Capitals:
    """What sentences (as words) say about the capitals in them."""

    def __init__(self, sentences: Iterable[Sequence[str]]) -> None:
        self._capital: Counter[str] = Counter()
        self._lower: Counter[str] = Counter()
        for words in sentences:
            if not is_shouted(words):
                self._count(words)

    def _count(self, words: Sequence[str]) -> None:
        before = "."
        for word in words:
            if word[:1].islower():
                self._lower[word] += 1
            elif word[:1].isupper() and before not in _OPENING:
                self._capital[word.lower()] += 1
            before = word

    def of(self, word: str) -> str:
        """For a word with a capital: whether it stands with one within sentences (``0``, ``1``
        time, ``2`` or more), and whether it stands without one (``l``); empty for any other."""
        if not word[:1].isupper():
            return ""
        low = word.lower()
        times = min(self._capital[low], 2)
        return f"{times}{'l' if self._lower[low] else ''}"


NOTHING_SEEN = Capitals(())


def capitals_of(page: Page) -> Capitals:
    """Those of all sentences of a page."""
    return Capitals(words_of(page, [sentence]).texts for sentence in page.sentences)


def is_shouted(words: Sequence[str]) -> bool:
    """Whether capitals say nothing here: a headline, or a sentence all in capitals."""
    capital = sum(word[:1].isupper() for word in words)
    return capital > sum(word[:1].islower() for word in words)
