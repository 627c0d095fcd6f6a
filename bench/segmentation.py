"""Measures segmenter and tokenizer: exact F1 against gold sentences, and megabytes a second.

Run it as ``python bench/segmentation.py [CORPORA]``; the folder defaults to $ANNOTATOR_CORPORA. The
gold files are ``sentence_gold/*.jsonl`` with the fields text, sentences and tokens.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from annotator.core.ranges import Range
from annotator.core.sentences import SEGMENTER, SEGMENTER_VERSION, sentences
from annotator.core.tokens import TOKENIZER, TOKENIZER_VERSION, tokens

SAMPLE = (
    "The U.S. official, Mr. J. Smith, said on Jan. 5 that 1,200 people hadn't left. “We will "
    "stay,” he added. Is that so? The well-known U.N. agency didn't answer (it seldom does). "
)


def prf(predicted: set[tuple[int, int]], gold: set[tuple[int, int]]) -> tuple[int, int, int]:
    """Counts of common, predicted and gold ranges."""
    return len(predicted & gold), len(predicted), len(gold)


def show(name: str, counts: Iterable[tuple[int, int, int]]) -> None:
    """Prints precision, recall and F1, micro-averaged over documents."""
    common, predicted, gold = (sum(column) for column in zip(*counts, strict=True))
    p, r = common / predicted, common / gold
    print(f"{name:34} P {p:7.2%}  R {r:7.2%}  F1 {2 * p * r / (p + r):7.2%}  ({gold} gold)")


def measure(path: Path) -> None:
    """Prints the sentence and token figures of one gold file."""
    language = path.name.split("_")[0] if path.name[2:3] == "_" else "en"
    of_sentences, of_tokens = [], []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            text = record["text"]
            gold = {(start, end) for start, end in record["sentences"]}
            of_sentences.append(prf(set(sentences(text, language)), gold))
            # Tokens inside gold sentences, so that one figure does not hide in the other.
            found = {t for start, end in gold for t in tokens(text, start, end)}
            of_tokens.append(prf(found, {(s, e) for row in record["tokens"] for s, e in row}))
    show(f"{path.stem} sentences", of_sentences)
    show(f"{path.stem} tokens", of_tokens)


def speed(name: str, text: str, run: Callable[[str], list[Range]]) -> None:
    """Prints how long one call over ``text`` takes."""
    started = time.perf_counter()
    count = len(run(text))
    seconds = time.perf_counter() - started
    size = len(text.encode("utf-8", "surrogatepass")) / 1e6
    print(f"{name:34} {size:6.2f} MB  {seconds:6.2f} s  {size / seconds:6.2f} MB/s  {count} ranges")


def main() -> None:
    """Prints the whole table."""
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("ANNOTATOR_CORPORA", "")
    print(f"{SEGMENTER} {SEGMENTER_VERSION}, {TOKENIZER} {TOKENIZER_VERSION}")
    files = sorted(Path(given).glob("sentence_gold/*.jsonl")) if given else []
    if not files:
        print("no gold: give the corpora folder as an argument or in $ANNOTATOR_CORPORA")
    for path in files:
        measure(path)
    paragraph = SAMPLE * 4 + "\n\n"
    inputs = {
        "10 MB of paragraphs": paragraph * (10_000_000 // len(paragraph)),
        "1 MB line": SAMPLE * (1_000_000 // len(SAMPLE)),
        "1 MB line without a space": "x" * 1_000_000,
        "1 MB of full stops": ". " * 500_000,
    }
    for name, text in inputs.items():
        speed(f"{name}: sentences", text, sentences)
        speed(f"{name}: tokens", text, tokens)


if __name__ == "__main__":
    main()
