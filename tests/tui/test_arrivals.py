"""A key that was on its way when suggestions came is no answer to them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from proposing import proposed_span
from screen_driver import Driver, Running

from annotator.core.annotation import Span
from annotator.tui.arrivals import GLANCE
from annotator.tui.modes import BoundaryMode
from annotator.tui.widgets.keys_wanted import KeysWanted
from annotator.workflow.annotate import AnnotateSession

SILLO = proposed_span("PERSON", "Talal Sillo")
SDF = proposed_span("GROUP", "SDF")
MONDAY = proposed_span("DATE", "Monday")


class Engines:
    """Stands in for the engines, and for the clock that keys are timed with."""

    is_behind = False

    def __init__(self) -> None:
        self.now = 0.0
        self._proposed: list[list[Span]] = []
        self.driver: Driver

    def when_idle(self, session: AnnotateSession, *, is_resting: bool) -> bool:
        changed = bool(self._proposed)
        while self._proposed:
            session.suggestions.replace_open("crf", self._proposed.pop(0))
        return changed

    def stop(self) -> None:
        """There is nothing to stop."""

    def propose(self, *spans: Span) -> None:
        """Have these come while nobody has pressed a key for long, and the key a blink later."""
        self.now += 100.0
        self._proposed.append(list(spans))
        self.driver.app._when_idle()
        self.now += GLANCE / 2

    @property
    def are_heard(self) -> bool:
        """Whether all that they propose has come."""
        return not self._proposed

    @property
    def states(self) -> dict[str, str]:
        """What became of the suggestions, by their words."""
        held = self.driver.session.annotations.suggested
        every = (*held.open.values(), *held.answered.values())
        return {s.proposed.text: s.state for s in every if isinstance(s.proposed, Span)}


@asynccontextmanager
async def beside(running: Running) -> AsyncIterator[tuple[Driver, Engines]]:
    engines = Engines()
    async with running(learning=lambda: engines, clock=lambda: engines.now) as driver:
        engines.driver = driver
        driver.at("said")
        yield driver, engines


@pytest.mark.parametrize(
    ("key", "state"), [("y", "accepted"), ("n", "rejected"), ("=", "accepted")]
)
async def test_a_key_right_behind_what_came_answers_nothing_and_again_it_does(
    running: Running, key: str, state: str
) -> None:
    async with beside(running) as (d, engines):
        engines.propose(SILLO)
        d.type(key)
        assert engines.states == {"Talal Sillo": "open"}
        assert "PERSON came just now" in d.said
        d.type(key)
        assert engines.states == {"Talal Sillo": state}


async def test_nothing_else_comes_before_a_key_that_is_to_be_pressed_again(
    running: Running,
) -> None:
    async with beside(running) as (d, engines):
        engines.propose(MONDAY)
        d.type("y")
        engines.propose(SDF)
        assert engines.states == {"Monday": "open"}
        assert not engines.are_heard
        d.type("y")
        assert engines.states == {"Monday": "accepted"}
        engines.propose(SDF)
        assert engines.are_heard
        assert engines.states == {"Monday": "accepted", "SDF": "open"}


async def test_a_click_on_a_key_of_the_bar_is_a_key_too(running: Running) -> None:
    async with beside(running) as (d, engines):
        engines.propose(MONDAY)
        for state in ("open", "accepted"):
            d.screen.on_keys_wanted(KeysWanted(("y",)))
            assert engines.states == {"Monday": state}


async def test_what_could_be_read_is_answered_at_once(running: Running) -> None:
    async with beside(running) as (d, engines):
        engines.propose(SILLO, SDF)
        engines.now += GLANCE
        d.type("y", "y")
        assert engines.states == {"Talal Sillo": "accepted", "SDF": "accepted"}


async def test_after_another_key_an_answer_is_one(running: Running) -> None:
    async with beside(running) as (d, engines):
        engines.propose(SILLO)
        d.type("right", "y")
        assert engines.states == {"Talal Sillo": "accepted"}


async def test_what_comes_beside_the_one_that_is_next_is_in_the_way_of_all_alone(
    running: Running,
) -> None:
    async with beside(running) as (d, engines):
        engines.propose(MONDAY)
        engines.propose(MONDAY, SDF)
        d.type("y")
        assert engines.states == {"Monday": "accepted", "SDF": "open"}
        engines.propose(SDF, SILLO)
        d.type("=")
        assert engines.states == {"Monday": "accepted", "SDF": "open", "Talal Sillo": "open"}
        assert "PERSON came just now" in d.said
        d.type("=")
        assert set(engines.states.values()) == {"accepted"}


async def test_another_one_in_the_place_of_what_was_next_is_not_answered_for_it(
    running: Running,
) -> None:
    async with beside(running) as (d, engines):
        engines.propose(MONDAY, SDF)
        asked = d.session.suggestions.next
        assert asked is not None
        assert asked.proposed.text == "Monday"  # type: ignore[union-attr]
        engines.propose(SDF)
        d.type("n")
        assert engines.states == {"SDF": "open"}
        assert "GROUP came just now" in d.said


async def test_edges_of_what_just_came_are_not_moved_for_those_of_another(running: Running) -> None:
    async with beside(running) as (d, engines):
        engines.propose(SILLO)
        d.type("e")
        assert d.screen.mode is None
        d.type("e")
        assert isinstance(d.screen.mode, BoundaryMode)


async def test_where_nothing_came_every_key_answers(running: Running) -> None:
    async with beside(running) as (d, engines):
        engines.propose(SILLO, SDF, MONDAY)
        d.type("right")
        for _ in range(3):
            engines.now += 100.0
            d.app._when_idle()
            d.type("y")
        assert set(engines.states.values()) == {"accepted"}
