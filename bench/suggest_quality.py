"""How right engines are on real gold: taught whole documents, they are asked others.

Each corpus is cut into five by documents; four parts are taught, the fifth is asked, in turn. For
each layer the F1 of its tokens, whatever their labels, and of whole spans with their labels. What
counts is what an engine is surer of than not. ``--help`` tells what can be chosen.
"""

from __future__ import annotations

import argparse
import sys
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from msgspec.structs import replace

from annotator.core.annotation import Span
from annotator.core.schema import Schema
from annotator.core.tokens import tokens
from annotator.suggest import registry
from annotator.suggest.base import Engine, Model, NothingToLearnError, Page, span_layers
from annotator.suggest.combining import combined
from annotator.suggest.quality import SURE, LabelQuality
from bench.gold import corpus
from bench.suggest import CORPORA, NAMES

PARTS = 5
TEAMS = (("crf",), ("gazetteer",), ("rules",), ("gazetteer", "crf", "rules"))
"""The engines that are asked together."""


def taught(page: Page) -> Page:
    """The page with all of its sentences finished."""
    return replace(page, taught=frozenset(s.id for s in page.sentences))


def models(engine: Engine, pages: Sequence[Page], schema: Schema) -> Iterator[Model]:
    """What an engine learns of all these, for each layer that it can learn."""
    for layer in engine.layers(schema):
        try:
            data = engine.train(pages, schema, layer) if engine.made_of == "sentences" else b""
        except NothingToLearnError:
            continue
        yield engine.load(data, schema, layer)


class Sums:
    """Right, wrong and missed tokens and spans of each layer."""

    def __init__(self, schema: Schema) -> None:
        self._counts = {(la, how): [0, 0, 0] for la in span_layers(schema) for how in (True, False)}

    def add(self, page: Page, given: Sequence[Span]) -> None:
        """Compare what is proposed for a page with its gold."""
        for (layer, by_token), row in self._counts.items():
            sides = [{s for s in side if s.layer == layer} for side in (given, page.spans)]
            mine, gold = (
                _tokens(page.document.text, side) if by_token
                else {(s.label, s.fragments) for s in side}
                for side in sides
            )  # fmt: skip
            for place, part in enumerate((mine & gold, mine - gold, gold - mine)):
                row[place] += len(part)

    def rows(self) -> Iterator[str]:
        """A line per layer that there is anything of."""
        for layer in dict.fromkeys(layer for layer, _ in self._counts):
            found = [LabelQuality(layer, *self._counts[layer, how]) for how in (True, False)]
            if found[0].right + found[0].wrong + found[0].missed:
                figures = " ".join(
                    f"{f:7.3f}" for q in found for f in (q.precision, q.recall, q.f1)
                )
                yield f"  {layer:10} {figures}"


def _tokens(text: str, spans: set[Span]) -> set[tuple[object, ...]]:
    return {place for s in spans for a, b in s.fragments for place in tokens(text, a, b)}


def ask(found: Sequence[Model], page: Page, schema: Schema) -> list[Span]:
    """The spans that the models are surer of than not, together."""
    question = replace(page, spans=(), relations=())
    proposals = []
    for model in found:
        try:
            proposals += model.propose(question)
        except NothingToLearnError:
            continue
    return [
        p
        for p in combined(proposals, schema)
        if isinstance(p, Span) and (p.origin.score is None or p.origin.score >= SURE)
    ]


def measure(pages: Sequence[Page], schema: Schema, team: Sequence[str]) -> Iterator[str]:
    """The figures of some engines together, all parts asked in turn."""
    sums = Sums(schema)
    for part in range(PARTS):
        lessons = [taught(page) for n, page in enumerate(pages) if n % PARTS != part]
        found = [m for name in team for m in models(registry.get(name), lessons, schema)]
        for page in pages[part::PARTS]:
            sums.add(page, ask(found, page, schema))
    yield f"  {' + '.join(team)}"
    yield from sums.rows()


def main() -> None:
    """Print the figures of each corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    parser.add_argument("--only", choices=NAMES, action="append")
    parser.add_argument("--sentences", type=int, default=3_000, help="of each corpus at most")
    parser.add_argument("--engines", nargs="*", help="these together, and no others")
    options = parser.parse_args()
    for name in options.only or NAMES:
        found = corpus(options.corpora, name)
        if found is None:
            print(f"\n{name}: not here ({options.corpora}); skipped")
            continue
        pages, schema = found
        ends = list(accumulate(len(page.sentences) for page in pages))
        pages = pages[: bisect_left(ends, options.sentences) + 1]
        count = ends[len(pages) - 1]
        print(f"\n{name}: {len(pages)} documents, {count:,} sentences, in five parts")
        print(f"  {'':10} {'tokens: precision, recall, F1':>23} {'spans':>23}")
        for team in [tuple(options.engines)] if options.engines else TEAMS:
            print(*measure(pages, schema, team), sep="\n", flush=True)


if __name__ == "__main__":
    main()
