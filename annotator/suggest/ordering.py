"""What to do next: sentences in the order in which they teach most, or plainly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

Order = Literal["doubt", "diversity", "text"]
ORDERS: tuple[Order, ...] = ("doubt", "diversity", "text")

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
    seen: set[str] = set()
    for words in finished:
        seen |= words
    shares: dict[str, int] = {}
    for candidate in candidates:
        for word in candidate.words:
            shares[word] = shares.get(word, 0) + 1
    most = max(2.0, _COMMON * len(candidates))
    left = {n: c.words for n, c in enumerate(candidates)}
    chosen: list[Candidate] = []

    def worth(number: int) -> tuple[float, int]:
        new = sum(shares[word] <= most for word in left[number] - seen)
        return new / (4.0 + len(left[number])), -number

    while left and len(chosen) < count:
        best = max(left, key=worth)
        seen |= left.pop(best)
        chosen.append(candidates[best])
    return chosen
