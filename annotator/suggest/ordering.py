"""What to do next: sentences in the order in which they teach most, or plainly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heapreplace
from typing import Literal

from msgspec import Struct

Order = Literal["doubt", "diversity", "text"]

_COMMON = 0.2
"""A word in a larger share of the sentences says nothing about one of them."""


class Candidate(Struct, frozen=True):
    """An unfinished sentence (id) of a document (id), its words, and how unsure engines are."""

    document: str
    sentence: str
    words: frozenset[str]
    doubt: float = 0.0


def ordered(
    candidates: Sequence[Candidate], by: Order, finished: Iterable[frozenset[str]], count: int
) -> list[Candidate]:
    """The ``count`` candidates to do first.

    ``doubt``: those engines are least sure of. ``diversity``: those with most words that neither
    the ``finished`` sentences nor the ones chosen before have, for their length. ``text``: as they
    come. What is alike keeps its order, so the same candidates give the same result.
    """
    if by == "text":
        return list(candidates[:count])
    if by == "doubt":
        return sorted(candidates, key=lambda c: -c.doubt)[:count]
    return _diverse(candidates, finished, count)


def _diverse(
    candidates: Sequence[Candidate], finished: Iterable[frozenset[str]], count: int
) -> list[Candidate]:
    """What is new only gets less, so that only the one that seemed best is weighed anew (the lazy
    greedy algorithm, Minoux 1978)."""
    seen: set[str] = set()
    for words in finished:
        seen |= words
    shares: dict[str, int] = {}
    for candidate in candidates:
        for word in candidate.words:
            shares[word] = shares.get(word, 0) + 1
    most = max(2.0, _COMMON * len(candidates))
    rare = {word for word, share in shares.items() if share <= most}
    heap = [_cost(number, c.words, rare, seen) for number, c in enumerate(candidates)]
    heapify(heap)
    chosen: list[Candidate] = []
    while heap and len(chosen) < count:
        best = heap[0][1]
        now = _cost(best, candidates[best].words, rare, seen)
        if now == heap[0]:
            heappop(heap)
            seen |= candidates[best].words
            chosen.append(candidates[best])
        else:
            heapreplace(heap, now)
    return chosen


def _cost(number: int, words: frozenset[str], rare: set[str], seen: set[str]) -> tuple[float, int]:
    """The less, the more of the words are rare and new; of equals the first comes first."""
    new = sum(word in rare and word not in seen for word in words)
    return -new / (4.0 + len(words)), number
