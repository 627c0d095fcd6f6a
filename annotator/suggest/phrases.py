"""Very many phrases, looked up by their hashes: a million take nine megabytes.

A phrase is its tokens. Of each only 56 bits of a hash are kept, with its label in the other 8 of a
number; two phrases in a million share theirs once in a hundred thousand such lists.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from hashlib import blake2b

from msgspec import Struct

from annotator.errors import InputError

MOST_LABELS = 256


class PackedPhrases(Struct, frozen=True):
    """Sorted 64-bit numbers, little-endian: by count of tokens, and of the first tokens."""

    by_length: dict[int, bytes]
    first: bytes


class PhraseBuilder:
    """Takes phrases in, one at a time."""

    def __init__(self) -> None:
        self._by_length: dict[int, array[int]] = {}
        self._first: set[int] = set()

    def add(self, words: Sequence[str], label: int) -> None:
        """A phrase with the number of its label, below MOST_LABELS."""
        key = _hash(words)
        self._by_length.setdefault(len(words), array("Q")).append(key << 8 | label)
        self._first.add(key if len(words) == 1 else _hash(words[:1]))

    def packed(self) -> PackedPhrases:
        """All of them, each once."""
        return PackedPhrases(
            {length: _pack(set(found)) for length, found in sorted(self._by_length.items())},
            _pack(self._first),
        )


class Phrases:
    """Packed phrases, to be looked up."""

    def __init__(self, packed: PackedPhrases) -> None:
        self._by_length = {n: _unpack(data) for n, data in sorted(packed.by_length.items())}
        self._lengths = sorted(self._by_length, reverse=True)
        self._first = _unpack(packed.first)

    def matches(self, words: Sequence[str]) -> Iterator[tuple[int, int, list[int]]]:
        """From left to right the longest phrase at each place: first word, end, labels."""
        at = 0
        while at < len(words):
            end, labels = self._longest(words, at)
            if labels:
                yield at, end, labels
            at = end

    def _longest(self, words: Sequence[str], at: int) -> tuple[int, list[int]]:
        first = _hash(words[at : at + 1])
        place = bisect_left(self._first, first)
        if place < len(self._first) and self._first[place] == first:
            for length in self._lengths:
                if at + length <= len(words):
                    labels = self._labels(length, _hash(words[at : at + length]))
                    if labels:
                        return at + length, labels
        return at + 1, []

    def _labels(self, length: int, key: int) -> list[int]:
        entries = self._by_length[length]
        place = bisect_left(entries, key << 8)
        found = []
        while place < len(entries) and entries[place] >> 8 == key:
            found.append(entries[place] & 0xFF)
            place += 1
        return found


def _hash(words: Sequence[str]) -> int:
    data = "\x1f".join(words).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(data, digest_size=7).digest(), "little")


def _pack(numbers: set[int]) -> bytes:
    packed = array("Q", sorted(numbers))
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def _unpack(data: bytes) -> array[int]:
    if len(data) % 8:
        raise InputError("a list of phrases is cut short")
    found = array("Q")
    found.frombytes(data)
    if sys.byteorder == "big":
        found.byteswap()
    return found
