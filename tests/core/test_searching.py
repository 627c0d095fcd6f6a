from __future__ import annotations

import pytest

from annotator.core.annotation import Actor, Argument, Relation, Span, UnitLabel
from annotator.core.annotation_set import AnnotationSet
from annotator.core.document import Sentence
from annotator.core.page import Page, Stop, around
from annotator.core.query import parse_query
from annotator.core.searching import find
from annotator.core.sentence_list import SentenceList
from annotator.errors import UsageError

TEXT = "Talal Sillo said so. Sillo said it on Monday. Nobody saw Raqqa."
CUT = ((0, 20), (21, 45), (46, 63))


def span(id: str, words: str, label: str = "PERSON", **rest: object) -> Span:
    start = TEXT.index(words)
    place = ((start, start + len(words)),)
    return Span(id, "d", "alice", "entity", label, place, words, **rest)  # type: ignore[arg-type]


ANNOTATIONS = AnnotationSet(
    [
        span("a", "Talal Sillo", actor="sillo"),
        span("b", "Raqqa", "LOCATION", flagged=True, note="city or province?"),
        span("c", "Monday", "DATE"),
    ],
    [
        Relation(
            *("r", "d", "alice", "attribution"),
            (Argument("claim", "span", "c"), Argument("source", "actor", "sillo")),
            flagged=True,
        )
    ],
    [
        UnitLabel("u", "d", "alice", "worth", "CHECK", "s1", flagged=True),
        UnitLabel("v", "d", "alice", "genre", "REPORT"),
    ],
    (),
    [Actor("sillo", "Talal Sillo", "person", ("the spokesman",))],
)


@pytest.fixture
def page() -> Page:
    cut = SentenceList.of("d", (Sentence(f"s{n}", "d", *at) for n, at in enumerate(CUT)))
    return Page("d", TEXT, cut, ANNOTATIONS)


def found(page: Page, typed: str) -> list[str]:
    """The ids of what was found, or the text where it is no annotation."""
    stops = find(page, parse_query(typed), most=100)
    assert stops == sorted(stops, key=lambda s: s.start)
    return [stop.target or page.text[stop.start : stop.end] for stop in stops]


@pytest.mark.parametrize(
    ("typed", "ids"),
    [("sillo", ["Sillo", "Sillo"]),
     ("/s[a-z]+d\\b/", ["said", "said"]),
     ("said /Monday/", ["said"]),
     ("label:PER", ["a"]),
     ("label:loc flagged", ["b"]),
     ("layer:entity", ["a", "c", "b"]),
     ("layer:entity sillo", ["a"]),
     ("flagged", ["u", "r", "b"]),
     ("note:province", ["b"]),
     ("note:", ["b"]),
     ("actor:spokesman", ["a", "r"]),
     ("label:check said", ["u"]),
     ("label:check Raqqa", []),
     ("label:report", ["v"]),
     ("label:attribution", ["r"]),
     ("nothing", [])],
)  # fmt: skip
def test_a_query_finds_what_it_says_in_the_order_of_the_text(
    page: Page, typed: str, ids: list[str]
) -> None:
    assert found(page, typed) == ids


def test_no_more_are_looked_for_than_wanted(page: Page) -> None:
    assert len(find(page, parse_query("/./"), most=7)) == 7


def test_an_expression_that_matches_nothing_at_all_finds_no_place(page: Page) -> None:
    assert find(page, parse_query("/x*/"), most=9) == []


def test_a_hostile_expression_is_given_up() -> None:
    text = "a" * 40 + "b"
    cut = SentenceList.of("d", (Sentence("s", "d", 0, len(text)),))
    page = Page("d", text, cut)
    with pytest.raises(UsageError, match="takes too long here"):
        find(page, parse_query("/(a|aa)+$/"), most=9, patience=0.01)
    held = Span("a", "d", "x", "e", "E", ((0, 41),), text)
    page = Page("d", text, cut, AnnotationSet([held]))
    with pytest.raises(UsageError, match="takes too long here"):
        find(page, parse_query("label:E /(a|aa)+$/"), most=9, patience=0.01)


def test_what_lies_around_a_place_is_one_line() -> None:
    text = "x" * 50 + "\n said \n" + "y" * 500
    assert around(text, 52, 56) == f"…{'x' * 28} said {'y' * 28}…"
    assert around("said", 0, 4) == "said"


def test_a_stop_of_the_text_has_no_title(page: Page) -> None:
    assert find(page, parse_query("so"), most=1) == [Stop("d", 17, 19)]
