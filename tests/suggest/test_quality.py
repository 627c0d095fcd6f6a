"""How good an engine is said to be, and what is advised: on little, on good and on bad data."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from small_pages import page, schema, span

from annotator.core.annotation import Origin, Span
from annotator.core.schema import Schema
from annotator.suggest.base import Engine, Model, NothingToLearnError, Page, Proposal, Proposer
from annotator.suggest.gazetteer import ENGINE as GAZETTEER
from annotator.suggest.quality import LEAST, check, check_ready, is_mostly_wrong


class Capitals(Engine):
    """Proposes each name that begins with one of ``letters``, whatever it was taught."""

    name = "capitals"
    version = "1"
    title = "capitals"

    def __init__(self, letters: str, score: float = 0.9) -> None:
        self.letters, self.score = letters, score

    def train(self, pages: Iterable[Page], schema: Schema, layer: str, seed: int = 0) -> bytes:
        return b""

    def load(self, data: bytes, schema: Schema, layer: str) -> Model:
        return _Capitals(self)


class _Capitals(Model):
    def __init__(self, engine: Capitals) -> None:
        self._engine = engine

    def propose(self, page: Page) -> list[Proposal]:
        text, proposer = page.document.text, Proposer(self._engine, page)
        return [
            proposer.span("entity", "PERSON", ((s.start, s.start + 3),), self._engine.score)
            for s in page.questions()
            if text[s.start] in self._engine.letters
        ]


def pages(count: int, labelled: str = "AB") -> list[Page]:
    """A sentence a page; names that begin with one of ``labelled`` are labelled."""
    found = []
    for n in range(count):
        name = f"{'ABCD'[n % 4]}nn"
        text = f"{name} came at {n}."
        made = [span(text, name, "PERSON", f"d{n}")] if name[0] in labelled else []
        found.append(page(text, *made, name=f"d{n}"))
    return found


def test_of_a_few_sentences_nothing_is_said() -> None:
    with pytest.raises(NothingToLearnError, match=f"{LEAST - 1} sentences are finished; a check"):
        check(GAZETTEER, pages(LEAST - 1), schema(), "entity")
    with pytest.raises(NothingToLearnError, match="a check needs 20"):
        check_ready(_Capitals(Capitals("A")), pages(3), "entity")


def test_an_engine_that_is_right_gets_no_advice_and_its_curve_is_told() -> None:
    found = check(GAZETTEER, pages(100), schema(), "entity")
    assert (found.all.precision, found.all.recall, found.advice) == (1.0, 1.0, "")
    assert found.taught + found.asked == 100
    assert [count for count, _ in found.curve] == [
        round(found.taught * s) for s in (1 / 8, 1 / 4, 1 / 2, 1)
    ]
    assert [label.label for label in found.labels] == ["PERSON"]
    assert check(GAZETTEER, pages(100), schema(), "entity") == found
    assert check(GAZETTEER, pages(100), schema(), "entity", seed=1).labels != ()


def test_gold_is_asked_with_the_rest_and_teaches_nothing() -> None:
    own, (strange,) = (
        pages(100),
        [page("Znn came.", span("Znn came.", "Znn", "PERSON", "g"), name="g")],
    )
    plain = check(GAZETTEER, own, schema(), "entity")
    mixed = check(GAZETTEER, own, schema(), "entity", gold=[strange])
    assert (mixed.gold, mixed.asked, mixed.taught) == (1, plain.asked + 1, plain.taught)
    assert (mixed.all.right, mixed.all.missed) == (plain.all.right, plain.all.missed + 1)
    ready = check_ready(_Capitals(Capitals("BC")), pages(40), "entity", [strange])
    assert (ready.gold, ready.asked, ready.all.missed) == (1, 41, 11)


def test_one_that_is_mostly_wrong_costs_more_than_it_saves() -> None:
    found = check(Capitals("ABCD"), pages(1200, labelled="A"), schema(), "entity")
    assert found.all.wrong > 2 * found.all.right > 0
    few = check(Capitals("ABCD"), pages(100, labelled="A"), schema(), "entity")
    assert few.all.wrong > 2 * few.all.right > 0
    assert few.advice == "", "so few may be chance"
    assert found.advice.endswith("are right: rejecting the others costs more keys than these save")
    half = check(Capitals("ABCD"), pages(100, labelled="AB"), schema(), "entity")
    assert half.advice == "", "two keys saved for each that a wrong one costs"
    unsure = check(Capitals("ABCD", 0.3), pages(100, labelled="A"), schema(), "entity")
    assert unsure.all.wrong == 0, "below the score that is looked at"


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        (0, 0, False), (0, 10, False), (0, 11, True), (1, 15, False), (1, 16, True),
        (5, 15, False), (20, 60, False), (40, 160, True), (310, 690, False), (290, 710, True),
    ],
)  # fmt: skip
def test_of_few_answers_no_engine_is_called_wrong(right: int, wrong: int, expected: bool) -> None:
    assert is_mostly_wrong(right, wrong) is expected


def test_one_that_proposes_nothing_is_told_apart_by_what_it_was_taught() -> None:
    few = check(Capitals("X"), pages(40), schema(), "entity")
    assert few.advice == "it proposes nothing yet: finish more sentences"
    many = check(Capitals("X"), pages(400), schema(), "entity")
    assert many.advice.startswith(f"it proposes none of {many.all.missed} annotations, taught ")
    assert many.advice.endswith("it does not learn these")
    assert check(Capitals("X"), pages(400, labelled=""), schema(), "entity").advice == ""


def test_one_that_learns_nothing_is_asked_all_that_is_finished() -> None:
    found = check_ready(_Capitals(Capitals("BC")), pages(40), "entity")
    assert (found.taught, found.asked, found.curve) == (0, 40, ())
    assert (found.all.right, found.all.wrong, found.all.missed) == (10, 10, 10)
    silent = check_ready(_Capitals(Capitals("X")), pages(40), "entity")
    assert (silent.all.missed, silent.advice) == (20, "")

    class Mute(_Capitals):
        def propose(self, page: Page) -> list[Proposal]:
            if page.document.id != "d1":
                raise NothingToLearnError("no lexicon")
            return [Span("x", "d1", "me", "entity", "PERSON", ((0, 3),), "Bnn", origin=Origin("m"))]

    one = check_ready(Mute(Capitals("")), pages(40), "said")
    assert (one.all.right, one.all.missed) == (1, 0), "pages that it cannot read do not count"
    with pytest.raises(NothingToLearnError, match="no lexicon"):
        check_ready(Mute(Capitals("")), [p for p in pages(40) if p.document.id != "d1"], "said")
