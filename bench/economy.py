"""Keys per annotation: gold documents annotated again on the real screen, by documented keys alone.

``python bench/economy.py [--corpora DIR] [--dear N]`` prints a table, beside the goals and what the
best terminal tool needs. Every result is exported and compared: it equals the gold.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from statistics import mean, median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from annotator.core.document import Document, Sentence, content_hash
from annotator.core.ids import new_id
from annotator.core.sentences import SEGMENTER, SEGMENTER_VERSION, sentences
from annotator.store.base import NewDocument
from annotator.tui.app import AnnotatorApp
from annotator.workflow.projects import init
from annotator.workflow.sitting import Sitting
from bench import economy_measures as measures
from bench.economy_essence import differences
from bench.economy_gold import Gold, Record, exported, of_corpora, seed
from bench.economy_hands import Count, Hands
from bench.economy_player import Player

ROOT = Path(__file__).resolve().parent.parent
CORPORA = Path(os.environ.get("ANNOTATOR_CORPORA", ROOT.parent / "shared" / "corpora"))
SIZE = (120, 40)
KINDS = (
    "span", "any 3 words", "boundary by one", "link", "attribute", "mention", "new actor",
    "of an actor", "fragment", "flag", "note", "sentence label", "document label", "cut",
    "sentence done",
)  # fmt: skip
BEST_ELSEWHERE = {"any 3 words": 8, "boundary by one": 10, "link": 11}
GOALS = {"span": 4, "any 3 words": 5, "boundary by one": 6, "link": 3}


async def annotated(gold: Gold, folder: Path) -> tuple[Record, Count]:
    """The record that the keys came to, and what they were."""
    schema = folder / "schema.toml"
    schema.write_text(gold.schema, "utf-8")
    store = init(folder / "played.db", str(schema))
    try:
        text = gold.record["text"]
        id = new_id()
        cut = tuple(Sentence(new_id(), id, *place) for place in sentences(text))
        document = Document(id, gold.name, text, content_hash(text.encode()))
        store.add_document(NewDocument(document, cut, SEGMENTER, SEGMENTER_VERSION))
        app = AnnotatorApp(Sitting(store, "gold").open, id)
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause(0)
            hands = Hands(app, pilot)
            hands.session.complete()
            await measures.any_words(hands)
            await Player(hands, gold.record).play()
            record = exported(store, "gold")
            await measures.boundaries(hands)
        return record, hands.count
    finally:
        store.close()


def play(gold: Gold) -> tuple[Record, Count]:
    """As ``annotated``, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(annotated(gold, Path(folder)))


def row(name: str, keys: dict[str, list[int]], equal: str) -> str:
    """A document's line: number of annotations, and median and mean keys of each kind."""
    cells = []
    for kind in KINDS:
        counts = keys.get(kind)
        cells.append(f"{median(counts):g} ({mean(counts):.1f}) ×{len(counts)}" if counts else "")
    return " | ".join((f"| {name[:24]}", *cells, f"{equal} |"))


def table(rows: Iterable[str]) -> str:
    """The whole table; a cell is the median, the mean and the number of annotations."""
    goals = " | ".join(["| *goal, at most*", *(f"{GOALS.get(k, '')}" for k in KINDS), "|"])
    others = [f"{BEST_ELSEWHERE.get(k, '')}" for k in KINDS]
    best = " | ".join(["| *best terminal tool*", *others, "|"])
    head = " | ".join(["| document", *KINDS, "equals the gold |"])
    return "\n".join([head, "| --- " * (len(KINDS) + 2) + "|", *rows, goals, best])


def main() -> int:
    """Play everything and print the table; 1 where a result differs from its gold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    parser.add_argument("--dear", type=int, default=0, help="show the N dearest annotations")
    parser.add_argument("--seed-only", action="store_true")
    arguments = parser.parse_args()
    golds = [seed()]
    if arguments.corpora.is_dir() and not arguments.seed_only:
        golds += of_corpora(arguments.corpora)
    rows, wrong = [], 0
    for gold in golds:
        record, count = play(gold)
        wrong_here = differences(record, gold.record)
        wrong += bool(wrong_here)
        rows.append(row(gold.name, count.keys, "NO" if wrong_here else "yes"))
        print(*wrong_here, sep="\n", end="\n" * bool(wrong_here), file=sys.stderr)
        for cost, about, keys in sorted(count.dear, reverse=True)[: arguments.dear]:
            print(cost, about, " ".join(keys)[:120])
    print(table(rows))
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
