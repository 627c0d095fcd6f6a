"""Keys per annotation: gold documents annotated again on the real screen, by documented keys alone.

``python bench/economy.py [--corpora DIR] [--dear N] [--write]`` prints, or writes, docs/economy.md:
keys beside the goals and what the best terminal tool needs. Every result is exported and compared:
it equals the gold.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from annotator.core.document import Document, Sentence, content_hash
from annotator.core.ids import new_id
from annotator.core.sentences import SEGMENTER, SEGMENTER_VERSION, sentences
from annotator.store.base import NewDocument
from annotator.tui.app import AnnotatorApp
from annotator.workflow.importing import Request, import_paths
from annotator.workflow.projects import init
from annotator.workflow.sitting import Sitting
from bench import economy_measures as measures
from bench.economy_essence import Record, differences
from bench.economy_gold import Gold, beginning, exported, of_corpora, seed
from bench.economy_hands import Count, Hands
from bench.economy_page import PAGE, short_rows, whole_row, written
from bench.economy_player import Player

ROOT = Path(__file__).resolve().parent.parent
CORPORA = Path(os.environ.get("ANNOTATOR_CORPORA", ROOT.parent / "shared" / "corpora"))
SIZE = (120, 40)


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
            await measures.undo(hands)
            record = exported(store, "gold")
            await measures.boundaries(hands)
        return record, hands.count
    finally:
        store.close()


async def accepted(gold: Gold, folder: Path) -> tuple[Record, Count]:
    """The record that comes about where all of it was suggested, and each accepted by a key."""
    schema = folder / "schema.toml"
    schema.write_text(gold.schema, "utf-8")
    file = folder / "suggested.jsonl"
    file.write_text(json.dumps(gold.record), "utf-8")
    store = init(folder / "accepted.db", str(schema))
    try:
        request = Request(paths=(file,), default_annotator="gold", kind="suggestions")
        for _ in import_paths(store, request):
            pass
        app = AnnotatorApp(Sitting(store, "gold").open, store.document_ids()[0])
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause(0)
            hands = Hands(app, pilot)
            hands.session.complete()
            await measures.suggestions(hands)
        return exported(store, "gold"), hands.count
    finally:
        store.close()


def accept(gold: Gold) -> tuple[Record, Count]:
    """As ``accepted``, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(accepted(gold, Path(folder)))


def play(gold: Gold) -> tuple[Record, Count]:
    """As ``annotated``, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(annotated(gold, Path(folder)))


def main() -> int:
    """Play everything and print the page; 1 where a result differs from its gold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    parser.add_argument("--dear", type=int, default=0, help="show the N dearest annotations")
    parser.add_argument("--seed-only", action="store_true")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    arguments = parser.parse_args()
    golds = [seed()]
    short = beginning(golds[0], 4)
    beside = short_rows(play(short)[1], accept(short)[1])
    if arguments.corpora.is_dir() and not arguments.seed_only:
        golds += of_corpora(arguments.corpora)
    rows, wrong = [], []
    for gold in golds:
        record, count = play(gold)
        rows.append(whole_row(gold.name, count))
        wrong += [f"{gold.name}: {told}" for told in differences(record, gold.record)]
        print(rows[-1], file=sys.stderr)
        for cost, about, keys in sorted(count.dear, reverse=True)[: arguments.dear]:
            print(cost, about, " ".join(keys)[:120])
    page = written(beside, rows)
    if arguments.write and not wrong:
        PAGE.write_text(page, "utf-8")
    print(page, *wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
