"""How the words of a document are written throughout it: what has a capital only at a beginning.

A name keeps its capital in the middle of a sentence, and other words do not: each occurrence says
something of all others in the document, be they finished or not; and a word that was seen in small
letters in any text is hardly a name where it begins a sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from annotator.suggest.base import Page
from annotator.suggest.words import words_of

_OPENING = frozenset('.:!?"“„«»‘‚(–—-')
"""After these a capital says no more than at the beginning of a sentence."""


_MOST = 3
"""How often a word is counted at most."""


class Capitals:
    """What the sentences of a document (as words) say about the capitals in them.

    ``small`` says how often words stood in small letters in the texts that were learned of.
    """

    def __init__(
        self, sentences: Iterable[Sequence[str]], small: Mapping[str, int] | None = None
    ) -> None:
        self._small = small or {}
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

    def small(self, word: str) -> int:
        """How often a word with a capital stood without one, up to three times."""
        return self._small.get(word.lower(), 0)


NOTHING_SEEN = Capitals(())


def sentences_of(page: Page) -> list[list[str]]:
    """All sentences of a page as words."""
    return [words_of(page, [sentence]).texts for sentence in page.sentences]


def small_words(documents: Iterable[Iterable[Sequence[str]]]) -> dict[str, int]:
    """How often words stand in small letters in documents (sentences as words), up to three times,
    in order of the alphabet."""
    counts: Counter[str] = Counter()
    for sentences in documents:
        for words in sentences:
            counts.update(word for word in words if word[:1].islower())
    return {word: min(counts[word], _MOST) for word in sorted(counts)}


def is_shouted(words: Sequence[str]) -> bool:
    """Whether capitals say nothing here: a headline, or a sentence all in capitals."""
    capital = sum(word[:1].isupper() for word in words)
    return capital > sum(word[:1].islower() for word in words)
