"""Several engines' proposals as one: the surest stays, agreement counts for more."""

from __future__ import annotations

from msgspec.structs import replace
from small_pages import schema, span

from annotator.core.annotation import Argument, Origin, Relation, Span
from annotator.suggest.combining import combined

TEXT = "Ann Lee met Bob Ray."


def proposed(words: str, label: str, engine: str, score: float) -> Span:
    made = span(TEXT, words, label)
    return replace(made, id=f"{engine} {words} {label}", origin=Origin(engine, "1", score))


def test_of_spans_that_cannot_stand_together_the_surest_stays() -> None:
    given = [
        proposed("Ann", "PERSON", "a", 0.6),
        proposed("Ann Lee", "PERSON", "b", 0.7),
        proposed("Lee met", "PLACE", "a", 0.65),
        proposed("Bob Ray", "PERSON", "a", 0.5),
        proposed("Bob Ray", "PLACE", "b", 0.4),
    ]
    for order in (given, given[::-1]):
        assert [s.id for s in combined(order, schema())] == [
            "b Ann Lee PERSON", "a Bob Ray PERSON",
        ]  # fmt: skip
    nested = combined(given, schema("nested"))
    assert [s.id for s in nested] == [
        "b Ann Lee PERSON", "a Ann PERSON", "a Lee met PLACE", "a Bob Ray PERSON",
    ]  # fmt: skip


def test_what_two_engines_say_counts_for_more_and_each_keeps_its_own() -> None:
    given = [proposed("Ann Lee", "PERSON", "a", 0.6), proposed("Ann Lee", "PERSON", "b", 0.5)]
    best, other = combined(given, schema())
    assert best.origin == Origin("a", "1", 0.8)
    assert other == given[1]
    rival = proposed("Ann", "PLACE", "c", 0.7)
    assert combined([*given, rival], schema()) == [best, other]
    twice = [given[0], replace(given[0], id="again")]
    assert combined(twice, schema()) == [given[0]]


def test_relations_over_what_went_are_gone() -> None:
    first = proposed("Ann Lee", "PERSON", "a", 0.6)
    better = proposed("Ann Lee", "PERSON", "b", 0.9)
    other = proposed("Bob Ray", "PERSON", "a", 0.5)
    arguments = (Argument("one", "span", first.id), Argument("one", "span", other.id))
    tie = Relation("r", "d", "me", "tie", arguments)
    assert combined([first, better, other, tie], schema())[-1] == tie
    loser = [first, other, tie, proposed("Ann", "PLACE", "b", 0.95)]
    assert not [p for p in combined(loser, schema()) if isinstance(p, Relation)]
