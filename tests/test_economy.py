"""Few keys: the seed annotated again by documented keys alone comes out as it is shipped."""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.economy import GOALS, play
from bench.economy_essence import differences
from bench.economy_gold import beginning, of_corpora, seed


def test_the_seeds_beginning_by_keys_equals_the_gold_and_meets_the_goals() -> None:
    gold = beginning(seed(), 4)
    record, count = play(gold)
    assert not differences(record, gold.record)
    assert sum(len(s) for s in count.keys.values()) > 50
    assert median(count.keys["span"]) <= GOALS["span"]
    assert median(count.keys["any 3 words"]) <= GOALS["any 3 words"]
    assert max(count.keys["boundary by one"]) <= GOALS["boundary by one"]
    assert max(count.keys["link"]) <= GOALS["link"]


@pytest.mark.torture
def test_the_whole_seed_by_keys_equals_the_gold() -> None:
    gold = seed()
    record, _ = play(gold)
    assert not differences(record, gold.record)


@pytest.mark.torture
def test_documents_of_the_corpora_by_keys_equal_the_gold(corpora: Path) -> None:
    for gold in of_corpora(corpora):
        record, _ = play(gold)
        assert not differences(record, gold.record), gold.name
