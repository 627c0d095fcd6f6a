"""What to do next: by doubt, by what is new, or plainly."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from annotator.suggest import ordering
from annotator.suggest.ordering import Candidate, ordered


def candidate(name: str, words: str, doubt: float = 0.0) -> Candidate:
    return Candidate("d", name, frozenset(words.split()), doubt)


GIVEN = [
    candidate("a", "the war began", 0.1),
    candidate("b", "the war went on", 0.9),
    candidate("c", "a shoe maker raised prices", 0.5),
    candidate("d", "the shoe maker closed", 0.9),
]


def names(found: list[Candidate]) -> str:
    return "".join(c.sentence for c in found)


def test_each_order_is_what_it_says_and_the_same_every_time() -> None:
    finished = [frozenset(["the", "war", "began", "again"])]
    for by, expected in (("text", "abcd"), ("doubt", "bdca"), ("diversity", "cbda")):
        found = [names(ordered(GIVEN, by, finished, 4)) for _ in range(2)]  # type: ignore[arg-type]
        assert found == [expected, expected]
    assert names(ordered(GIVEN, "doubt", (), 1)) == "b"
    assert ordered([], "diversity", (), 3) == []


def test_thousands_are_ordered_as_a_few_are_each_weighed_a_few_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lot = Random(0)
    words = [f"w{n}" for n in range(5_000)]
    many = [candidate(str(n), " ".join(lot.sample(words, 12))) for n in range(3_000)]
    weighed = 0
    cost = ordering._cost

    def counted(*given: Any) -> tuple[float, int]:
        nonlocal weighed
        weighed += 1
        return cost(*given)

    monkeypatch.setattr(ordering, "_cost", counted)
    found = ordered(many, "diversity", (), 200)
    assert len(set(found)) == 200
    assert weighed < 4 * len(many)


def test_what_was_chosen_is_not_new_any_more() -> None:
    twins = [candidate("a", "one two three"), candidate("b", "one two three"),
             candidate("c", "four five six")]  # fmt: skip
    assert names(ordered(twins, "diversity", (), 3)) == "acb"
