"""Strings that were labelled before, wherever they stand again.

The score of a string's label is the share of its occurrences in finished sentences that carry it;
occurrences left unlabelled, labelled otherwise and suggestions rejected count against it. Half an
occurrence more is always counted against, so that one sighting is no certainty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from annotator.core.annotation import Span
from annotator.core.schema import Schema
from annotator.core.tokens import tokens
from annotator.suggest.base import (
    Engine,
    Model,
    NothingToLearnError,
    Page,
    Proposal,
    Proposer,
    labels_of,
)
from annotator.suggest.words import Words, stretches

LONGEST = 8
"""Words of the longest string that is remembered: a whole clause does not come again."""
_DOUBT = 0.5
_LEAST_SHARE = 0.5
"""A string that was given the label in fewer of its occurrences is not proposed."""

_Key = tuple[str, ...]
_Counts = dict[str, int]
"""How often each label was given; the empty label stands for none."""


class Gazetteer:
    """Strings by their first word, each with how often it had which label."""

    def __init__(self, counts: Mapping[_Key, _Counts]) -> None:
        self._counts = counts
        self._longest: dict[str, int] = {}
        for key in counts:
            self._longest[key[0]] = max(len(key), self._longest.get(key[0], 0))

    def matches(self, words: Sequence[str]) -> Iterator[tuple[int, int, _Counts]]:
        """Known strings from left to right, the longest at each place: first word, end, counts."""
        at = 0
        while at < len(words):
            for length in range(min(self._longest.get(words[at], 0), len(words) - at), 0, -1):
                found = self._counts.get(tuple(words[at : at + length]))
                if found is not None:
                    yield at, at + length, found
                    at += length
                    break
            else:
                at += 1


class GazetteerEngine(Engine):
    """Remembers strings; cares for upper and lower case."""

    name = "gazetteer"
    version = "1"
    title = "strings that were labelled before"
    quick = True

    def train(self, pages: Iterable[Page], schema: Schema, layer: str, seed: int = 0) -> bytes:
        """Count the strings of a layer. Raises NothingToLearnError where there is none."""
        given = [page for page in pages if page.taught]
        taught = [(words, labels) for page in given for words, labels in _lessons(page, layer)]
        if not taught:
            raise NothingToLearnError(
                "no sentence is finished yet", "Mark sentences done with the space bar."
            )
        counts: dict[_Key, _Counts] = {}
        for words, labels in taught:
            for (first, end), label in labels.items():
                if end - first <= LONGEST:
                    key = tuple(words.texts[first:end])
                    counts.setdefault(key, Counter())[label] += 1
        if not counts:
            raise NothingToLearnError(
                f"no finished sentence has a short span of {layer} in one piece"
            )
        known = Gazetteer(counts)
        for words, labels in taught:
            for first, end, found in known.matches(words.texts):
                if (first, end) not in labels:
                    found[""] = found.get("", 0) + 1
        _count_rejected(given, layer, counts)
        rows = [(list(key), dict(sorted(found.items()))) for key, found in sorted(counts.items())]
        return msgspec.msgpack.encode(rows)

    def load(self, data: bytes, schema: Schema, layer: str) -> Model:
        """The model of these bytes. Raises InputError."""
        rows = self.decoded(data, list[tuple[list[str], dict[str, int]]])
        known = Gazetteer({tuple(key): counts for key, counts in rows if key})
        return _GazetteerModel(self, layer, labels_of(schema, layer), known)


ENGINE = GazetteerEngine()


class _GazetteerModel(Model):
    def __init__(
        self, engine: GazetteerEngine, layer: str, labels: frozenset[str], gazetteer: Gazetteer
    ) -> None:
        self._engine = engine
        self._layer = layer
        self._labels = labels
        self._gazetteer = gazetteer

    def propose(self, page: Page) -> list[Proposal]:
        """The known strings of the unfinished sentences that mostly had a label."""
        proposer = Proposer(self._engine, page)
        found: list[Proposal] = []
        for words in stretches(page, taught=False, whole=False):
            for first, end, counts in self._gazetteer.matches(words.texts):
                label, score = _likeliest(counts)
                if label in self._labels and score >= _LEAST_SHARE:
                    place = ((words.places[first].start, words.places[end - 1].end),)
                    found.append(proposer.span(self._layer, label, place, score))
        return found


def _likeliest(counts: _Counts) -> tuple[str, float]:
    label = max(sorted(name for name in counts if name), key=lambda name: counts[name])
    return label, counts[label] / (sum(counts.values()) + _DOUBT)


def _lessons(page: Page, layer: str) -> Iterator[tuple[Words, dict[tuple[int, int], str]]]:
    """The finished sentences, each with its labels: (first word, one past the last) → label.

    Only spans in one piece that are made of whole words.
    """
    labels = {
        (s.start, s.end): s.label for s in page.spans if s.layer == layer and len(s.fragments) == 1
    }
    by_start: dict[int, list[int]] = {}
    for start, end in labels:
        by_start.setdefault(start, []).append(end)
    for words in stretches(page, taught=True, whole=False):
        ends = {place.end: index + 1 for index, place in enumerate(words.places)}
        yield (
            words,
            {
                (first, ends[end]): labels[place.start, end]
                for first, place in enumerate(words.places)
                for end in by_start.get(place.start, ())
                if end in ends
            },
        )


def _count_rejected(pages: Iterable[Page], layer: str, counts: dict[_Key, _Counts]) -> None:
    """Count rejected suggestions in unfinished sentences; in finished ones they are counted."""
    for page in pages:
        text = page.document.text
        finished = [(s.start, s.end) for s in page.lessons()]
        for answer in page.answered:
            span = answer.proposed
            if answer.state != "rejected" or not isinstance(span, Span) or span.layer != layer:
                continue
            if any(a <= span.start < b for a, b in finished):
                continue
            key = tuple(text[a:b] for a, b in tokens(text, span.start, span.end))
            if key in counts:
                counts[key][""] = counts[key].get("", 0) + 1
