"""Suggestions in memory: a threshold that moves looks at what it passes, and hides what it does."""

from __future__ import annotations

import pytest

from annotator.core.annotation import Origin, Span, Suggestion, UnitLabel
from annotator.core.suggestion_set import SuggestionSet


def suggestion(number: int) -> Suggestion:
    origin = Origin("crf", "1", number / 100)
    place = ((number, number + 1),)
    span = Span(f"s{number}", "d", "a", "entity", "PERSON", place, "x", origin=origin)
    return Suggestion(f"{number:03}", "d", "a", span)


def test_a_threshold_that_moves_looks_at_what_it_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    held = SuggestionSet({}, {})
    for number in range(100):
        held.add(suggestion(number))
    assert held.count == 100
    looked: list[str] = []
    look_at = SuggestionSet._look_at

    def noted(self: SuggestionSet, id: str) -> None:
        looked.append(id)
        look_at(self, id)

    monkeypatch.setattr(SuggestionSet, "_look_at", noted)
    for thresholds, shown, passed in (
        ({"entity": 0.5}, 50, range(50)),
        ({"entity": 0.55}, 45, range(50, 55)),
        ({"entity": 0.55, "claim": 0.9}, 45, range(0)),
        ({"entity": 0.45}, 55, range(45, 55)),
        ({}, 100, range(45)),
    ):
        held.set_thresholds(thresholds)
        assert held.count == shown
        assert looked == [f"{number:03}" for number in passed]
        looked.clear()


def test_labels_below_the_threshold_are_open_and_not_shown() -> None:
    held, origin = SuggestionSet({}, {}), Origin("crf", "1", 0.5)
    for place in ("one", "two", None):
        unit = UnitLabel(f"u{place}", "d", "a", "worth", "CHECK", place, origin=origin)
        held.add(Suggestion(f"{place}", "d", "a", unit))
    held.set_thresholds({"worth": 0.55})
    for place in ("one", None):
        assert [s.id for s in held.open_on(place)] == [f"{place}"]
        assert held.shown_on(place) == []
    held.set_thresholds({"worth": 0.5})
    assert held.shown_on("two") == held.open_on("two") != []
    assert held.shown_on("three") == []
