"""Garbage is collected in pauses: the young in short ones, all of it when somebody rests."""

from __future__ import annotations

import gc

import pytest

from annotator.tui.garbage import Garbage

YOUNG, ALL = 1, 2


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The generations that were collected."""
    found: list[int] = []
    monkeypatch.setattr(gc, "collect", found.append)
    return found


def test_a_short_pause_is_only_long_enough_for_what_the_last_keys_left(
    collected: list[int],
) -> None:
    garbage = Garbage()
    for _ in range(3):
        garbage.key()
        garbage.collect(is_resting=False)
        garbage.collect(is_resting=False)
    assert collected == [YOUNG] * 3


def test_a_rest_is_long_enough_for_all_of_it_once(collected: list[int]) -> None:
    garbage = Garbage()
    garbage.collect(is_resting=True)
    assert collected == [], "no key has left any"
    garbage.key()
    garbage.collect(is_resting=False)
    garbage.collect(is_resting=True)
    garbage.collect(is_resting=True)
    assert collected == [YOUNG, ALL]


def test_who_never_pauses_or_never_rests_has_it_collected_all_the_same(
    collected: list[int],
) -> None:
    garbage = Garbage()
    for _ in range(399):
        garbage.key()
    assert collected == []
    garbage.key()
    assert collected == [YOUNG]
    for _ in range(4_600):
        garbage.key()
    garbage.collect(is_resting=False)
    assert collected[-1] == ALL
