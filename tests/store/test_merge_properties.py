"""Merging in any order, at once or one after the other, gives the same project, row for row."""

from __future__ import annotations

import tempfile
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from merge_world import NAMES, Action, made_apart

BEFORE_STEPS = ("label", "label", "label", "tie", "unit", "meet", "done", "suggest", "status")
STEPS = (
    *("label", "label", "label", "relabel", "relabel", "delete", "delete", "tie", "tie", "note"),
    *("split", "split", "merge", "done", "done", "status", "actor", "meet", "meet", "mention"),
    *("rename", "unit", "unit", "suggest", "accept", "settle", "settle", "all"),
    *("import", "import", "choose"),
    *("undo", "undo", "undo", "redo"),
)


def actions(steps: tuple[str, ...]) -> st.SearchStrategy[Action]:
    """(file, annotator, document, step, and two numbers that say what it is done to)."""
    small = st.integers(0, 40)
    return st.tuples(
        st.integers(0, 3), st.sampled_from(NAMES), st.integers(0, 3), st.sampled_from(steps),
        small, small,
    )  # fmt: skip


MERGES = st.builds(
    lambda into, of: (into, "alice", 0, "join", of, 0), st.integers(0, 3), st.integers(0, 3)
)
BEFORE = st.lists(actions(BEFORE_STEPS), min_size=1, max_size=8)
APART = st.lists(st.one_of(*[actions(STEPS)] * 6, MERGES), min_size=4, max_size=30)


def check_every_order(
    folder: Path, schema: str, before: list[Action], apart: list[Action], recut: bool
) -> None:
    files = made_apart(folder, schema, before, apart, recut)
    opened = list(files)
    for file in files:
        file.check()
    seen = []
    for number, order in enumerate(permutations(range(3))):
        into = files[order[0]].copy(folder / f"m{number}.db")
        rest = [files[n] for n in order[1:]]
        opened.append(into)
        if number % 3 == 0:
            into.merge(*rest)
        elif number % 3 == 1:
            for file in rest:
                into.merge(file)
        else:
            both = rest[0].copy(folder / f"n{number}.db")
            opened.append(both)
            both.merge(rest[1])
            into.merge(both)
        into.check()
        seen.append(into.dump())
        into.merge(*files)
        assert into.dump() == seen[-1]
    for copy in opened:
        copy.store.close()
    for other in seen[1:]:
        for table, rows in other.items():
            assert (table, rows) == (table, seen[0][table])


def run(schema: str, before: list[Action], apart: list[Action], recut: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        check_every_order(Path(name), schema, before, apart, recut)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=BEFORE, apart=APART, recut=st.booleans())
def test_the_order_of_merges_does_not_matter(
    before: list[Action], apart: list[Action], recut: bool, schema_source: str
) -> None:
    run(schema_source, before, apart, recut)


@pytest.mark.torture
@pytest.mark.timeout(3600)
@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=BEFORE, apart=APART, recut=st.booleans())
def test_the_order_of_many_merges_does_not_matter(
    before: list[Action], apart: list[Action], recut: bool, schema_source: str
) -> None:
    run(schema_source, before, apart, recut)
