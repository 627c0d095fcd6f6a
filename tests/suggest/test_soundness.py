"""What an engine proposes is taken only where it can be."""

from __future__ import annotations

from collections.abc import Callable
from math import nan

import pytest
from msgspec.structs import replace
from small_pages import page, span_at

from annotator.core.annotation import Argument, AttributeValues, Origin, Relation, Span, UnitLabel
from annotator.core.schema import Label, Layer, RelationType, Role, Schema
from annotator.suggest.base import Engine, Proposal
from annotator.suggest.soundness import LEAST_ALLOWED, UnsoundError, sound, sound_doubts

TEXT = "Ann Lee slept.  Bob Ray ate."
PAGE = page(TEXT, taught=False)
SCHEMA = Schema(
    "small", 1, "", "",
    (
        Layer("entity", "entity", "span", (Label("PERSON"),), "none"),
        Layer("mood", "mood", "sentence", (Label("GOOD"),), "none"),
    ),
    (RelationType("knows", "knows", (Role("who", ("entity",)), Role("whom", ("entity",)))),),
)  # fmt: skip
GOOD = span_at(TEXT, ((0, 7),), "PERSON")


class Guess(Engine):
    name = "guess"
    version = "3"


def unit(sentence: str | None, layer: str = "mood") -> UnitLabel:
    return UnitLabel("u", "d", "me", layer, "GOOD", sentence)


def tie(*targets: str, role: str = "who", kind: str = "span", type: str = "knows") -> Relation:
    arguments = tuple(Argument(role, kind, target) for target in targets)  # type: ignore[arg-type]
    return Relation("r", "d", "me", type, arguments)


def scored(score: float) -> Span:
    return replace(GOOD, origin=Origin("guess", "3", score))


def test_what_can_be_is_taken_under_the_name_of_its_engine() -> None:
    other = replace(GOOD, id="o", fragments=((16, 23),), origin=Origin("somebody", "1", 0.5))
    given: list[Proposal] = [GOOD, other, unit(PAGE.sentences[1].id), tie(GOOD.id, "o")]
    found = sound(iter(given), Guess(), PAGE, SCHEMA)
    assert [replace(item, origin=Origin()) for item in found] == [
        replace(item, origin=Origin()) for item in given
    ]
    assert {(p.origin.engine, p.origin.version) for p in found} == {("guess", "3")}
    assert [p.origin.score for p in found] == [None, 0.5, None, None]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (None, "it gives no proposals but NoneType"),
        (17, "it gives no proposals but int"),
        ([GOOD, "PERSON"], "among its proposals is str"),
        ([GOOD] * (LEAST_ALLOWED + 1), "it proposes more than 1,000 annotations"),
        ([replace(GOOD, fragments=(("a", "b"),))], "malformed: Expected `int`, got `str`"),
        ([replace(GOOD, label=None)], "malformed: Expected `str`"),
        ([replace(GOOD, fragments=((0, 1 << 70),))], "a proposal of it is malformed"),
        ([replace(GOOD, label="\ud800")], "a proposal of it is malformed"),
        ([scored(nan)], "its score nan does not lie between 0 and 1"),
        ([scored(1.5)], r"its score 1.5 does not lie between"),
        ([replace(GOOD, label="PLACE")], "no label 'PLACE' in a layer 'entity'"),
        ([replace(GOOD, layer="mood", label="GOOD")], "mood has no labels for spans"),
        ([replace(GOOD, attributes=(AttributeValues("mood", ("x",)),))], "no attribute 'mood'"),
        ([replace(GOOD, fragments=())], "does not lie in the text of 28 characters"),
        ([replace(GOOD, fragments=((20, 29),))], "does not lie in the text"),
        ([replace(GOOD, fragments=((-1, 3),))], "does not lie in the text"),
        ([replace(GOOD, fragments=((5, 5),))], "does not lie in the text"),
        ([replace(GOOD, fragments=((14, 16),))], "it lies on blank text"),
        ([unit("none")], "there is no such sentence"),
        ([unit(None)], "mood has labels of another scope"),
        ([unit(None, "entity")], "no label 'GOOD' in a layer 'entity'"),
        ([GOOD, tie(GOOD.id, "gone")], "its who is neither proposed nor there"),
        ([GOOD, tie(GOOD.id, role="hour")], "it has no role 'hour'"),
        ([tie("somebody", kind="actor")], "its who is neither proposed nor there"),
        ([tie(type="loves")], "the schema has no such relation"),
        ([tie()], "it ties nothing"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told(given: object, why: str) -> None:
    with pytest.raises(UnsoundError, match=why):
        sound(given, Guess(), PAGE, SCHEMA)


def test_an_endless_series_of_proposals_ends() -> None:
    def for_ever() -> Callable[[], Span]:
        return lambda: GOOD

    with pytest.raises(UnsoundError, match="more than 1,000 annotations"):
        sound(iter(for_ever(), None), Guess(), PAGE, SCHEMA)


def test_doubts_are_figures_of_sentences() -> None:
    first, second = (sentence.id for sentence in PAGE.sentences)
    assert sound_doubts({second: 1, first: 0.25, "gone": 0.5}, PAGE) == {first: 0.25, second: 1.0}
    for wrong in (None, [0.5], {first: "very"}, {first: nan}, {first: -0.1}, {1: 0.5}):
        with pytest.raises(UnsoundError):
            sound_doubts(wrong, PAGE)
