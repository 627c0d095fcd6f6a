"""When engines learn anew."""

from __future__ import annotations

import pytest

from annotator.suggest.schedule import is_due


@pytest.mark.parametrize(
    ("finished", "learned", "quick", "due"),
    [
        (0, 0, False, False), (2, 0, False, False), (3, 0, False, True), (12, 10, False, False),
        (13, 10, True, True), (1_040, 1_000, False, False), (1_050, 1_000, False, True),
        (1_005, 1_000, True, True), (1_004, 1_000, True, False), (5, 10, True, True),
    ],
)  # fmt: skip
def test_engines_learn_as_what_was_finished_grows(
    finished: int, learned: int, quick: bool, due: bool
) -> None:
    assert is_due(finished, learned, quick=quick) is due
