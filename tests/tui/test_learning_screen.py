"""The screen with engines beside it: suggestions appear while the keyboard is quiet."""

from __future__ import annotations

from math import inf
from pathlib import Path

from screen_driver import Running

from annotator.errors import AnnotatorError
from annotator.store.sqlite.store import SqliteStore
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.engine_choice import is_on
from annotator.workflow.learning import Learning


class Told:
    """Stands in for the engines: what it is asked, and what it then says."""

    def __init__(self, *answers: bool | AnnotatorError) -> None:
        self.answers = list(answers)
        self.asked: list[AnnotateSession] = []
        self.is_stopped = False
        self.is_asked_anew = False

    def propose_anew(self) -> None:
        self.is_asked_anew = True

    def when_idle(self, session: AnnotateSession, *, is_resting: bool) -> bool:
        self.asked.append(session)
        answer = self.answers.pop(0) if self.answers else False
        if isinstance(answer, AnnotatorError):
            raise answer
        return answer

    is_behind = False

    def stop(self) -> None:
        self.is_stopped = True


async def test_engines_are_looked_after_when_no_key_comes_and_end_with_the_screen(
    running: Running,
) -> None:
    told = Told(True, AnnotatorError("the engine crf failed", ""))
    async with running("a.txt", learning=lambda: told) as driver:
        for _ in range(3):
            driver.idle()
            await driver.settle()
        assert len(told.asked) >= 3
        assert all(s.document.name == "a.txt" for s in told.asked)
        assert "the engine crf failed" in driver.said
    assert told.is_stopped


async def test_of_two_engines_that_fail_both_are_told_one_after_the_other(
    running: Running,
) -> None:
    told = Told(*(AnnotatorError(f"the engine {name} failed", "") for name in ("crf", "lists")))

    def idle() -> str:
        driver.idle()
        return driver.said

    async with running("a.txt", learning=lambda: told) as driver:
        assert "the engine crf failed" in idle()
        assert "the engine crf failed" in idle(), "it stands until a key is pressed"
        await driver.press("right")
        assert "the engine lists failed" in idle()
        await driver.press("right")
        assert "failed" not in idle()


async def test_what_engines_propose_is_taken_in_part_by_part_and_a_key_comes_first(
    running: Running,
) -> None:
    told = Told()
    async with running("a.txt", learning=lambda: told) as driver:
        driver.idle()
        assert not driver.app.engines._goes_on
        told.is_behind = True
        for _ in range(3):
            driver.idle()
            assert driver.app.engines._goes_on
        told.is_behind = False
        asked = len(told.asked)
        driver.app._pauses._last_key = -inf
        driver.app.engines.go_on()
        assert len(told.asked) == asked + 1
        assert not driver.app.engines._goes_on
        driver.app._pauses.key()
        driver.app.engines.go_on()
        assert len(told.asked) == asked + 1


async def test_engines_are_switched_in_the_palette(running: Running, store: SqliteStore) -> None:
    told = Told()
    async with running("a.txt", learning=lambda: told) as driver:
        driver.idle()
        await driver.press("ctrl+p", *"suggestions of crf for claim")
        assert driver.options == ["suggestions of crf for claim · on, to be switched off"]
        await driver.press("enter")
        assert "crf is off for claim" in driver.said
        assert (is_on(store, "crf", "claim"), is_on(store, "crf", "entity")) == (False, True)
        assert told.is_asked_anew
        await driver.press("ctrl+p", *"suggestions of crf for claim", "enter")
        assert "crf is on for claim" in driver.said
        await driver.press("ctrl+p", *"suggestions of rules", "enter")
        assert "rules is off" in driver.said
        assert not is_on(store, "rules", "attribution")


async def test_suggestions_of_a_real_engine_come_to_the_screen(
    running: Running, store: SqliteStore, path: Path
) -> None:
    alice = store.annotator("alice", create=True).id
    learning = Learning(store, path, alice)
    async with running("many.txt", learning=lambda: learning) as driver:
        driver.idle()
        for _ in range(4):
            await driver.press("w", "1", "space")
        driver.idle()
        while learning._work is not None:
            driver.idle()
            await driver.settle()
        engines = {s.proposed.origin.engine for s in
                   driver.session.annotations.suggested.open.values()}  # fmt: skip
        assert engines & {"crf", "gazetteer"}
