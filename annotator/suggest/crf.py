"""A conditional random field per layer and level of nesting, trained by crfsuite on the spot.

crfsuite ends the whole process when it is given no sequence to train on or the bytes of a model cut
short; both are ruled out here and in ``sealed``. It holds Python's lock while it trains: whoever
must stay awake meanwhile trains in another process (``workflow.engine_process``).
"""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct

from annotator.core.annotation import Span
from annotator.core.schema import Schema
from annotator.errors import InputError
from annotator.suggest.base import (
    Engine,
    Model,
    NothingToLearnError,
    Page,
    Proposal,
    Proposer,
    labels_of,
)
from annotator.suggest.capitals import Capitals, sentences_of, small_words
from annotator.suggest.features import features
from annotator.suggest.words import OUTSIDE, Words, chunks, levels, stretches, tagged, words_of

MOST_STRETCHES = 20_000
"""The stretches (mostly sentences) that a model learns from at most: the newest pages' ones."""
LEAST_SPANS = 3
"""A level of nesting with fewer spans is not learned."""
_ITERATIONS = 40
"""Rounds of training; more of them fit the few names at hand, and find no more of the others."""
_LARGE = 3_000
_LARGE_ITERATIONS = 25
"""From _LARGE stretches on so many have to do: 10,000 are to be learned in 15 seconds."""
_CROSSING = 0.02
"""From this share of spans beyond their sentence on, a paragraph is one sequence."""
_LEAST_LIKELY = 0.15
"""How probable it must be that a span lies just there, whatever its label: a wrong one costs a key
at most, mostly none, and one with a wrong label takes the same key as one that is right."""


class _Trained(Struct, frozen=True):
    """The bytes of ``CrfEngine.train``: a model per level, and what a sequence is."""

    whole: bool
    """Whether a sequence is a paragraph."""
    small: dict[str, int]
    """How often words stood in small letters; see ``capitals``."""
    levels: list[bytes]


class CrfEngine(Engine):
    """Learns spans of one layer from tokens, their shapes and their neighbours."""

    name = "crf"
    version = "4"
    title = "learns from context: word forms, shapes and neighbours"

    def train(self, pages: Iterable[Page], schema: Schema, layer: str, seed: int = 0) -> bytes:
        """Learn a layer. Raises NothingToLearnError where no finished sentence has a whole span.

        A sentence with a span in several pieces is left out. L-BFGS draws no lot, so the seed
        changes nothing.
        """
        given = [page for page in pages if page.taught]
        if not given:
            raise NothingToLearnError(
                "no sentence is finished yet", "Mark sentences done with the space bar."
            )
        whole = _share_beyond_sentence(given, layer) > _CROSSING
        texts = [sentences_of(page) for page in given]
        small = small_words(texts)
        seen = [Capitals(sentences, small) for sentences in texts]
        sequences, broken = _sequences(given, seen, layer, whole)
        if not any(spans for _, spans, _ in sequences):
            if broken:
                raise NothingToLearnError(
                    f"all spans of {layer} in finished sentences are in several pieces"
                )
            raise NothingToLearnError(f"no finished sentence has a span of {layer}")
        sequences = sequences[-MOST_STRETCHES:]
        words = [(words, features(words.texts, seen)) for words, _, seen in sequences]
        tags = [[tagged(w, level) for level in levels(spans)] for w, spans, _ in sequences]
        depth = max(map(len, tags))
        made = [_train_level(words, tags, 0)]
        for level in range(1, depth):
            if sum(len(chunks(t[level])) for t in tags if len(t) > level) < LEAST_SPANS:
                break
            made.append(_train_level(words, tags, level))
        return msgspec.msgpack.encode(_Trained(whole, small, made))

    def load(self, data: bytes, schema: Schema, layer: str) -> Model:
        """The model of these bytes. Raises InputError."""
        trained = self.decoded(data, _Trained)
        if not trained.levels or not all(map(_is_whole, trained.levels)):
            raise InputError(f"the model of {self.name} for {layer} is cut short")
        return _CrfModel(self, layer, labels_of(schema, layer), trained)


ENGINE = CrfEngine()


def _share_beyond_sentence(pages: list[Page], layer: str) -> float:
    spans = beyond = 0
    for page in pages:
        ends = {s.start: s.end for s in page.sentences}
        starts = sorted(ends)
        for span in page.spans:
            if span.layer == layer and starts:
                spans += 1
                home = starts[max(0, bisect_right(starts, span.start) - 1)]
                beyond += span.end > ends[home]
    return beyond / spans if spans else 0.0


def _sequences(
    pages: list[Page], seen: list[Capitals], layer: str, whole: bool
) -> tuple[list[tuple[Words, list[Span], Capitals]], bool]:
    """The finished stretches with the layer's spans on them and the capitals of their document;
    whether some were left out."""
    found: list[tuple[Words, list[Span], Capitals]] = []
    broken = False
    for page, capitals in zip(pages, seen, strict=True):
        spans = sorted((s for s in page.spans if s.layer == layer), key=lambda s: s.start)
        for words in stretches(page, taught=True, whole=whole):
            if not words.places:
                continue
            start, end = words.places[0].start, words.places[-1].end
            here = [s for s in spans if s.start < end and s.end > start]
            if any(len(s.fragments) > 1 for s in here):
                broken = True
            else:
                found.append((words, here, capitals))
    return found, broken


def _train_level(
    words: list[tuple[Words, list[list[str]]]], tags: list[list[list[str]]], level: int
) -> bytes:
    import pycrfsuite

    trainer = pycrfsuite.Trainer(verbose=False)
    large = len(words) > _LARGE
    trainer.set_params(
        {
            "c1": 0.08,
            "c2": 0.03,
            "feature.possible_transitions": True,
            "max_iterations": _LARGE_ITERATIONS if large else _ITERATIONS,
        }
    )
    for (stretch, rows), by_level in zip(words, tags, strict=True):
        sequence = by_level[level] if level < len(by_level) else [OUTSIDE] * len(stretch.places)
        trainer.append(rows, sequence)
    with tempfile.TemporaryDirectory(prefix="annotator-crf-") as folder:
        path = Path(folder) / "model"
        trainer.train(str(path))
        return path.read_bytes()


def _is_whole(data: bytes) -> bool:
    """Whether crfsuite's bytes are as long as their header says (bytes 4 to 8)."""
    return data[:4] == b"lCRF" and int.from_bytes(data[4:8], "little") == len(data)


class _CrfModel(Model):
    def __init__(
        self, engine: CrfEngine, layer: str, labels: frozenset[str], trained: _Trained
    ) -> None:
        self._engine = engine
        self._layer = layer
        self._labels = labels
        self._whole = trained.whole
        self._small = trained.small
        self._levels = [_Level(data) for data in trained.levels]

    def propose(self, page: Page) -> list[Proposal]:
        """The spans of each unfinished stretch that are worth a look."""
        proposer = Proposer(self._engine, page)
        found: list[Proposal] = []
        for words, rows in self._questions(page):
            best: dict[tuple[int, int, str], float] = {}
            for level in self._levels:
                for first, end, label, score in level.spans(rows):
                    if label in self._labels:
                        key = (first, end, label)
                        best[key] = max(score, best.get(key, 0.0))
            for (first, end, label), score in sorted(best.items()):
                place = ((words.places[first].start, words.places[end - 1].end),)
                found.append(proposer.span(self._layer, label, place, score))
        return found

    def doubts(self, page: Page) -> dict[str, float]:
        """One less the probability of the likeliest reading of the sentence's stretch."""
        found: dict[str, float] = {}
        for words, rows in self._questions(page):
            doubt = self._levels[0].doubt(rows)
            found.update(dict.fromkeys(words.sentences, doubt))
        return found

    def _questions(self, page: Page) -> Iterator[tuple[Words, list[list[str]]]]:
        """The unfinished stretches, with the features of their words."""
        read = [words_of(page, [sentence]) for sentence in page.sentences]
        seen = Capitals((words.texts for words in read), self._small)
        asked: Iterable[Words] = (w for w in read if w.sentences[0] not in page.taught)
        if self._whole:
            asked = stretches(page, taught=False, whole=True)
        for words in asked:
            if words.places:
                yield words, features(words.texts, seen)


class _Level:
    """The model of one level of nesting."""

    def __init__(self, data: bytes) -> None:
        import pycrfsuite

        self._data = data  # crfsuite goes on reading these very bytes
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(data)
        self._tags = frozenset(self._tagger.labels())
        names = sorted(tag[2:] for tag in self._tags if tag[:2] == "B-")
        self._begin = {name: f"B-{name}" for name in names}
        self._inside = {n: f"I-{n}" for n in names if f"I-{n}" in self._tags}

    def doubt(self, rows: list[list[str]]) -> float:
        """How unlikely the likeliest tags are."""
        tags = self._tagger.tag(rows)
        return 1.0 - float(self._tagger.probability(tags))

    def spans(self, rows: list[list[str]]) -> list[tuple[int, int, str, float]]:
        """Spans (first word, one past the last, label) with their scores.

        Of those that overlap the ones that are together the likeliest, whatever their labels. A
        score is the probability of the span with its label.
        """
        self._tagger.set(rows)
        found: list[_Likely] = []
        marginal, outside = self._tagger.marginal, OUTSIDE in self._tags
        for first in range(len(rows)):
            if not outside or marginal(OUTSIDE, first) <= 1.0 - _LEAST_LIKELY:
                found += self._from(first, len(rows))
        return [(s.first, s.end, s.label, s.score) for s in _standing(found)]

    def _from(self, first: int, count: int) -> Iterator[_Likely]:
        """The spans that begin at a word and are likely enough.

        Whether a span goes on depends on the word before only, as the field sees it: each further
        word is as likely as its marginal is among those of the word before.
        """
        here = self._marginals(self._begin, first)
        inside = self._marginals(self._inside, first)
        within = {name: chance + inside.get(name, 0.0) for name, chance in here.items()}
        end = first + 1
        while sum(here.values()) >= _LEAST_LIKELY:
            following = self._marginals(self._inside, end) if end < count else {}
            ending = {
                name: chance * max(0.0, 1.0 - following.get(name, 0.0) / within[name])
                for name, chance in here.items()
                if chance > 0.0
            }
            likely = sum(ending.values())
            if likely >= _LEAST_LIKELY:
                label = max(ending, key=lambda name: ending[name])
                yield _Likely(first, end, label, ending[label], likely)
            here = {name: chance - ending.get(name, 0.0) for name, chance in here.items()}
            begin = self._marginals(self._begin, end) if end < count else {}
            within = {n: following.get(n, 0.0) + begin.get(n, 0.0) for n in here}
            end += 1

    def _marginals(self, tags: dict[str, str], at: int) -> dict[str, float]:
        """How likely each of these tags (by label) is at a word."""
        marginal = self._tagger.marginal
        return {name: marginal(tag, at) for name, tag in tags.items()}


class _Likely(NamedTuple):
    first: int
    end: int
    label: str
    score: float
    likely: float
    """How likely it is that a span lies just there, whatever its label."""


def _standing(spans: list[_Likely]) -> list[_Likely]:
    """Those without overlap whose likelihoods, beyond what is asked of each, add up to most."""
    spans = sorted(spans, key=lambda s: (s.end, s.first))
    ends = [s.end for s in spans]
    best: list[tuple[float, list[_Likely]]] = [(0.0, [])]
    for number, span in enumerate(spans):
        worth, before = best[bisect_right(ends, span.first, 0, number)]
        worth += span.likely - 0.9 * _LEAST_LIKELY
        best.append((worth, [*before, span]) if worth > best[-1][0] else best[-1])
    return best[-1][1]
