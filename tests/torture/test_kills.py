"""The program is killed while somebody annotates: what was painted is in the file.

The whole run is a thousand kills: ANNOTATOR_KILLS and ANNOTATOR_SEED in the environment change
their number and which keys are pressed. A series is repeated by its seed.
"""

from __future__ import annotations

import os
import random
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import pytest
from killing import WAYS, Tally, Victim
from proposing import proposed_span
from session_state import new_document, session_at

from annotator.core.annotation import Span
from annotator.store.sqlite.project import create_project

TEXT = (
    "Talal Sillo, a spokesman for the SDF, confirmed operations had begun. He said so on Monday.\n"
    "“We saw it,” the monitor said in Raqqa.\n\n"
    "Nobody else was there. The Observatory denied it. Steve Townsend spoke of 300 fighters.\n"
)
KILLS = int(os.environ.get("ANNOTATOR_KILLS", "1000"))
SEED = int(os.environ.get("ANNOTATOR_SEED", "1"))
SERIES = 25
"""Kills of one project, one after the other."""
AT_ONCE = 2


def suggested() -> list[Span]:
    """What is answered, beside what the engines propose when enough is finished."""
    names = (("PERSON", "Talal Sillo"), ("GROUP", "SDF"), ("DATE", "Monday"), ("CUE", "said"))
    more = (("LOCATION", "Raqqa"), ("SOURCE", "the monitor"), ("PERSON", "Steve Townsend"))
    return [proposed_span(label, words, text=TEXT) for label, words in (*names, *more)]


def series(seed: int, kills: int, folder: Path, schema_source: str) -> Tally:
    """Kill the program on a new project so many times; the way of each kill comes in turn."""
    path = folder / f"{seed}.db"
    with create_project(path, schema_source) as store:
        store.add_document(new_document("t.txt", TEXT))
        session_at(store, "t.txt").suggestions.replace_open("x", suggested())
    victim = Victim(path, "t.txt", random.Random(seed))
    for number in range(kills):
        way = WAYS[(seed + number) % len(WAYS)]
        try:
            victim.die(way)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, kill {number + 1} ({way}): {error}") from error
    return victim.tally


def test_what_was_painted_survives_every_way_to_end(tmp_path: Path, schema_source: str) -> None:
    tally = series(SEED, len(WAYS), tmp_path, schema_source)
    assert set(tally.kills.values()) == {1}
    assert tally.painted > 0


@pytest.mark.torture
@pytest.mark.timeout(0)
def test_a_thousand_kills_lose_nothing(
    tmp_path: Path, schema_source: str, capsys: pytest.CaptureFixture[str]
) -> None:
    total = Tally()
    with ProcessPoolExecutor(AT_ONCE) as pool:
        runs = [
            pool.submit(series, seed, SERIES, tmp_path, schema_source)
            for seed in range(SEED, SEED + -(-KILLS // SERIES))
        ]
        try:
            for run in as_completed(runs):
                total.add(run.result())
                with capsys.disabled():
                    sys.stderr.write(f"\nfrom seed {SEED}: {total}")
        finally:
            pool.shutdown(cancel_futures=True)
    assert sum(total.kills.values()) >= KILLS
    assert total.painted > KILLS
