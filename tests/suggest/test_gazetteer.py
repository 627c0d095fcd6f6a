"""Strings that were labelled: proposed again, unless they mostly were not."""

from __future__ import annotations

import pytest
from small_pages import page, rejected, said, schema, span

from annotator.errors import InputError
from annotator.suggest.base import NothingToLearnError, Page
from annotator.suggest.gazetteer import ENGINE

TAUGHT = "Ann Lee came to Bonn. Bonn is large. Ann Lee left. May was cold. May left. May it be."
ASKED = "In Bonn, Ann Lee met bonn and May."


def taught() -> Page:
    return page(
        TAUGHT,
        span(TAUGHT, "Ann Lee", "PERSON"), span(TAUGHT, "Ann Lee", "PERSON", occurrence=1),
        span(TAUGHT, "Bonn", "PLACE"), span(TAUGHT, "Bonn", "PLACE", occurrence=1),
        span(TAUGHT, "May", "PERSON", occurrence=1),
    )  # fmt: skip


def proposed(pages: list[Page], asked: Page) -> list[tuple[str, str]]:
    data = ENGINE.train(pages, schema(), "entity")
    return said(ENGINE.load(data, schema(), "entity").propose(asked))


def test_known_strings_are_proposed_with_the_share_that_had_the_label() -> None:
    data = ENGINE.train([taught()], schema(), "entity")
    found = ENGINE.load(data, schema(), "entity").propose(page(ASKED, name="e", taught=False))
    assert said(found) == [("Bonn", "PLACE"), ("Ann Lee", "PERSON")]
    assert [p.origin.score for p in found] == [0.8, 0.8]  # two of two, and half of doubt
    assert {(p.origin.engine, p.origin.version) for p in found} == {("gazetteer", "1")}
    assert [ASKED[p.start : p.end] for p in found] == ["Bonn", "Ann Lee"]


def test_finished_sentences_get_no_proposals() -> None:
    assert proposed([taught()], page(ASKED)) == []


def test_a_string_rejected_as_often_as_labelled_is_not_proposed() -> None:
    other = "Later Bonn slept."
    no = rejected(span(other, "Bonn", "PLACE"))
    asked = page(ASKED, name="e", taught=False)
    text = TAUGHT + " " + other
    given = page(text, *taught().spans)
    part = frozenset(s.id for s in given.sentences[:-1])
    from msgspec.structs import replace

    moved = replace(no.proposed, fragments=((text.index(other) + 6, text.index(other) + 10),))
    for times, expected in ((1, True), (3, False)):
        answers = tuple(replace(no, id=str(n), proposed=moved) for n in range(times))
        found = proposed([replace(given, taught=part, answered=answers)], asked)
        assert (("Bonn", "PLACE") in found) is expected


def test_the_longest_string_is_taken() -> None:
    text = "Bonn am Rhein, Bonn."
    given = page(text, span(text, "Bonn am Rhein", "PLACE"),
                 span(text, "Bonn", "PERSON", occurrence=1))  # fmt: skip
    asked = page("Bonn am Rhein and Bonn", name="e", taught=False)
    assert proposed([given], asked) == [("Bonn am Rhein", "PLACE"), ("Bonn", "PERSON")]


def test_the_same_pages_give_the_same_bytes() -> None:
    first, second = (ENGINE.train([taught()], schema(), "entity", seed) for seed in (1, 1))
    assert first == second


def test_without_anything_to_learn_it_says_so() -> None:
    with pytest.raises(NothingToLearnError, match="no sentence is finished yet"):
        ENGINE.train([page(TAUGHT, taught=False)], schema(), "entity")
    with pytest.raises(NothingToLearnError, match="no finished sentence has a short span"):
        ENGINE.train([page(TAUGHT)], schema(), "entity")


def test_foreign_bytes_are_refused() -> None:
    with pytest.raises(InputError, match="no model of the engine gazetteer"):
        ENGINE.load(b"\xff\x00", schema(), "entity")
