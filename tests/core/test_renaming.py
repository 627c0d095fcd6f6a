"""One thing under two ids, and two things under one name."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotator.core.annotation import (
    Actor,
    Conflict,
    DocumentMark,
    Relation,
    SentenceMark,
    Span,
    Suggestion,
    UnitLabel,
)
from annotator.core.document import Sentence
from annotator.core.ids import new_id
from annotator.core.renaming import Renaming, name_apart, names_of, wanted_name

IDS = Renaming({"d": "D", "a": "A", "s": "S", "same": "same"})
SPAN = Span("x", "d", "a", "l", "L", ((0, 1),), "t", actor="p")
OWN = Span("x", "D", "A", "l", "L", ((0, 1),), "t", actor="p")


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (SPAN, OWN),
        (Relation("r", "d", "a", "t", ()), Relation("r", "D", "A", "t", ())),
        (UnitLabel("u", "d", "a", "l", "L", "s"), UnitLabel("u", "D", "A", "l", "L", "S")),
        (UnitLabel("u", "d", "a", "l", "L"), UnitLabel("u", "D", "A", "l", "L")),
        (Actor("p", "n"), Actor("p", "n")),
        (Sentence("s", "d", 0, 1), Sentence("S", "D", 0, 1)),
        (SentenceMark("s:a", "d", "a", "s"), SentenceMark("S:A", "D", "A", "S")),
        (DocumentMark("d:a", "d", "a"), DocumentMark("D:A", "D", "A")),
        (Suggestion("g", "d", "a", SPAN), Suggestion("g", "D", "A", OWN)),
        (
            Conflict("c", "d", "sentence_mark", "s:a", "e", SentenceMark("s:a", "d", "a", "s")),
            Conflict("c", "D", "sentence_mark", "S:A", "e", SentenceMark("S:A", "D", "A", "S")),
        ),
        (Conflict("c", None, "span", "x", "e", None), Conflict("c", None, "span", "x", "e", None)),
    ],
)
def test_every_kind_of_record_is_renamed(record: object, expected: object) -> None:
    assert IDS.record(record) == expected


def test_a_renaming_that_changes_nothing_is_false() -> None:
    assert not Renaming({"a": "a"})
    assert IDS


def test_the_oldest_document_keeps_the_name() -> None:
    first, second, third = new_id(), new_id(), new_id()
    names = names_of({second: "a.txt", first: "a.txt", third: "b.txt"})
    assert names == {
        first: "a.txt",
        second: f"a ({second[-12:]}).txt",
        third: "b.txt",
    }


@given(name=st.text(min_size=1), other=st.text(min_size=1))
@example(name="foo.", other=".hidden")
@example(name="a.b/c.d e", other="a.")
def test_the_wanted_name_is_found_again(name: str, other: str) -> None:
    id = new_id()
    assert wanted_name(name_apart(name, id), id) == name
    assert wanted_name(other, id) == other
