"""A simulated annotator on real gold: keys with and without suggestions, and what engines cost.

Sentences come in order, the gold is the answer, and engines learn anew as on the screen: after a
few more finished sentences. ``make bench-suggest``; ``--help`` tells what can be chosen.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from msgspec.structs import replace

from annotator.core.annotation import Span
from annotator.core.document import Sentence
from annotator.core.ranges import Range
from annotator.core.schema import Schema
from annotator.suggest import registry
from annotator.suggest.base import Engine, Model, NothingToLearnError, Page, Proposal
from annotator.suggest.combining import combined
from annotator.suggest.schedule import is_due
from bench.gold import corpus
from bench.suggest_desk import Said
from bench.suggest_keys import SentenceKeys

ROOT = Path(__file__).resolve().parent.parent
CORPORA = Path(os.environ.get("ANNOTATOR_CORPORA", ROOT.parent / "shared" / "corpora"))
NAMES = ("turku_ner", "kind_wikinews", "uner_english_ewt", "german_news_quotes")
GOALS = {"german_news_quotes": 0.20}
GOAL = 0.35
"""Fewer keys from the 501st sentence on."""


class Item:
    """A sentence with its page, what the gold says of it, and what is shown."""

    def __init__(self, page: Page, sentence: Sentence, schema: Schema) -> None:
        self.page = page
        self.sentence = sentence
        place = Range(sentence.start, sentence.end)
        self.gold = [_said(s, schema) for s in page.spans if _is_within(s, place)]
        self.shown: list[Said] = []
        self.doubt = 0.0

    @property
    def keys(self) -> SentenceKeys:
        """The costs in it."""
        place = Range(self.sentence.start, self.sentence.end)
        return SentenceKeys(self.page.document.text, place)

    @property
    def words(self) -> list[str]:
        """Its words, roughly."""
        return self.page.document.text[self.sentence.start : self.sentence.end].split()


def _is_within(span: Span, place: Range) -> bool:
    """Spans in several pieces, and beyond a sentence, are left to the hand: they cost the same."""
    return len(span.fragments) == 1 and place.start <= span.start and span.end <= place.end


def _said(span: Span, schema: Schema) -> Said:
    layer = schema.layer(span.layer)
    place = Range(span.start, span.end)
    return Said(place, span.label, span.layer, layer.unit, layer.overlap == "none")


def lessons(items: Sequence[Item]) -> list[Page]:
    """The pages of items that are finished."""
    by_page: dict[str, list[Item]] = {}
    for item in items:
        by_page.setdefault(item.page.document.id, []).append(item)
    return [
        replace(group[0].page, taught=frozenset(i.sentence.id for i in group))
        for group in by_page.values()
    ]


def learn(engine: Engine, items: Sequence[Item], schema: Schema) -> list[Model]:
    """The models of the engine for all layers that it can learn of these."""
    pages, found = lessons(items), []
    for layer in engine.layers(schema):
        try:
            data = b"" if engine.made_of == "nothing" else engine.train(pages, schema, layer)
        except NothingToLearnError:
            continue
        found.append(engine.load(data, schema, layer))
    return found


def ask(models: Sequence[Model], items: Sequence[Item], schema: Schema) -> None:
    """Have what the models propose shown in the items."""
    by_page: dict[str, list[Item]] = {}
    for item in items:
        by_page.setdefault(item.page.document.id, []).append(item)
    for group in by_page.values():
        page = group[0].page
        asked = {i.sentence.id for i in group}
        question = replace(
            page, taught=frozenset(s.id for s in page.sentences) - asked, spans=(), relations=()
        )
        proposals: list[Proposal] = []
        doubts: dict[str, float] = {}
        for model in models:
            proposals += model.propose(question)
            for id, doubt in model.doubts(question).items():
                doubts[id] = max(doubt, doubts.get(id, 0.0))
        spans = [p for p in combined(proposals, schema) if isinstance(p, Span)]
        for item in group:
            place = Range(item.sentence.start, item.sentence.end)
            said = {_said(s, schema): None for s in spans if _is_within(s, place)}
            item.shown = list(said)
            item.doubt = doubts.get(item.sentence.id, 0.0)


def simulate(items: Sequence[Item], engines: Sequence[Engine], schema: Schema) -> float:
    """Annotate all in order; gives the seconds that learning took."""
    spent = 0.0
    models: dict[str, list[Model]] = {}
    learned = dict.fromkeys((engine.name for engine in engines), 0)
    start = 0
    while start < len(items):
        for engine in engines:
            if is_due(start, learned[engine.name], quick=engine.quick):
                begun = time.process_time()
                models[engine.name] = learn(engine, items[:start], schema)
                learned[engine.name] = start
                spent += time.process_time() - begun
        end = start + 1
        while end < len(items) and not any(
            is_due(end, learned[engine.name], quick=engine.quick) for engine in engines
        ):
            end += 1
        ask([model for found in models.values() for model in found], items[start:end], schema)
        start = end
    return spent


def table(items: Sequence[Item], name: str) -> Iterator[str]:
    """Keys per annotation for each hundred sentences, and the figures that have goals."""
    rows = []
    for item in items:
        keys = item.keys
        shown = item.shown
        rows.append((
            len(item.gold), len(keys.by_hand(item.gold)),
            len(keys.with_suggestions(item.gold, shown, strict=False)),
            len(keys.with_suggestions(item.gold, shown, strict=True)),
            sum(s in item.gold for s in shown), len(shown),
        ))  # fmt: skip
    heads = ("annot.", "by hand", "with", "saved", "strict", "right", "shown")
    yield f"{'sentences':>14} " + " ".join(f"{head:>7}" for head in heads)
    step = 100
    while len(rows) / step > 14:
        step *= 2 if str(step)[0] in "15" else 5 / 2
        step = int(step)
    parts = [(a, min(len(rows), a + step)) for a in range(0, len(rows), step)]
    later = (min(500, len(rows) * 2 // 3), len(rows))
    for a, b in [*parts, later]:
        made, hand, given, strict, right, shown = map(sum, zip(*rows[a:b], strict=True))
        per = max(made, 1)
        mark = "  ← goal" if (a, b) == later else ""
        saved, sure = (1 - keys / max(hand, 1) for keys in (given, strict))
        yield (
            f"{a + 1:>7}–{b:<6} {made:>7} {hand / per:>7.2f} {given / per:>7.2f} {saved:>7.0%}"
            f" {sure:>7.0%} {right:>7} {shown:>7}{mark}"
        )
    more, surely, documents = _documents(items, rows)
    yield f"documents that cost more keys than by hand: {more} of {documents}; strict: {surely}"
    hand, given = (sum(r[i] for r in rows[later[0] :]) for i in (1, 2))
    spaces = len(rows) - later[0]
    saved = 1 - (given + spaces) / (hand + spaces)
    yield f"with the space bar counted for each sentence: {saved:.0%}"
    goal = GOALS.get(name, GOAL)
    met = "met" if 1 - given / max(hand, 1) >= goal else "MISSED"
    yield f"goal: {goal:.0%} fewer keys from sentence {later[0] + 1} on: {met}"
    yield from _doubts(items[later[0] :])


def _documents(items: Sequence[Item], rows: Sequence[Sequence[int]]) -> tuple[int, int, int]:
    sums: dict[str, list[int]] = {}
    for item, row in zip(items, rows, strict=True):
        found = sums.setdefault(item.page.document.id, [0, 0, 0])
        for place in range(3):
            found[place] += row[1 + place]
    more = [sum(s[side] > s[0] for s in sums.values()) for side in (1, 2)]
    return more[0], more[1], len(sums)


def _doubts(items: Sequence[Item]) -> Iterator[str]:
    """The share of sentences with anything wrong, in the least and the most certain fifth."""
    ranked = sorted(items, key=lambda item: (-item.doubt, item.sentence.id))
    fifth = len(ranked) // 5
    if not fifth:
        return
    shares, errors = [], []
    for part in (ranked[:fifth], ranked[-fifth:]):
        wrong = [len(set(i.shown) ^ set(i.gold)) for i in part]
        shares.append(sum(map(bool, wrong)) / fifth)
        words = sum(len(i.words) for i in part)
        errors.append(100 * sum(wrong) / max(words, 1))
    yield (
        f"sentences with an error: {shares[0]:.0%} of the least certain fifth,"
        f" {shares[1]:.0%} of the"
        f" most certain; errors per 100 words: {errors[0]:.1f} and {errors[1]:.1f}"
    )


def speed(pages: Sequence[Page], schema: Schema) -> Iterator[str]:
    """Seconds of CPU to train, words a second to predict, and the memory that took."""
    engine = registry.get("crf")
    layer = schema.layers[0].name
    items = [Item(page, s, schema) for page in pages for s in page.sentences]
    for count in (1_000, 10_000):
        if len(items) < count:
            continue
        begun = time.process_time()
        data = engine.train(lessons(items[:count]), schema, layer)
        trained = time.process_time() - begun
        model = engine.load(data, schema, layer)
        asked = pages[-100:]
        begun = time.process_time()
        for page in asked:
            model.propose(page)
        took = time.process_time() - begun
        words = sum(len(page.document.text.split()) for page in asked)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        yield (
            f"crf {layer}, {count:,} sentences: {trained:.1f} s to train, {len(data) / 1e6:.1f} MB,"
            f" {words / took:,.0f} words/s, peak {peak} MB"
        )


def main() -> None:
    """Print a table per corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    parser.add_argument("--only", choices=NAMES, action="append")
    parser.add_argument("--sentences", type=int, default=3_000, help="of each corpus at most")
    parser.add_argument("--engines", nargs="*", default=["gazetteer", "crf", "rules"])
    parser.add_argument("--speed", action="store_true", help="time training and prediction only")
    options = parser.parse_args()
    engines = [registry.get(name) for name in options.engines if name in registry.names()]
    for name in options.only or NAMES:
        found = corpus(options.corpora, name)
        if found is None:
            print(f"\n{name}: not here ({options.corpora}); skipped")
            continue
        pages, schema = found
        print(f"\n{name}")
        if options.speed:
            print(*speed(pages, schema), sep="\n")
            continue
        items = [Item(page, s, schema) for page in pages for s in page.sentences]
        items = items[: options.sentences]
        begun = time.process_time()
        spent = simulate(items, engines, schema)
        print(*table(items, name), sep="\n")
        rest = time.process_time() - begun - spent
        print(f"{spent:.0f} s of CPU to learn, {rest:.0f} s for the rest")


if __name__ == "__main__":
    main()
