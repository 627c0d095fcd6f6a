from __future__ import annotations

from itertools import pairwise

import pytest
from awkward_text import texts
from hypothesis import given
from hypothesis import strategies as st
from session_state import new_document

from annotator.core.ranges import Range
from annotator.core.sentence_list import SentenceList
from annotator.workflow.reading import Reader

TEXT = "Talal Sillo of the SDF said: “We saw it, he left.” On Monday 3,000 fled.\n\nNobody did."


def reader(text: str = TEXT, offset: int = 0) -> Reader:
    new = new_document("a", text)
    return Reader(text, SentenceList.of(new.document.id, new.sentences), offset)


def word(at: Reader) -> str:
    return at.text[at.cursor.start : at.cursor.end]


def selected(at: Reader) -> str | None:
    return at.text[at.selection.start : at.selection.end] if at.selection else None


def test_moving_by_tokens_crosses_sentences_and_stops_at_the_ends() -> None:
    at = reader()
    assert not at.move_tokens(-1)
    assert at.move_tokens(2)
    assert word(at) == "of"
    at.move_to(TEXT.index("fled"))
    assert at.move_tokens(2)
    assert word(at) == "Nobody"
    assert at.move_tokens(-2)
    assert word(at) == "fled"
    at.move_to(len(TEXT))
    assert word(at) == "."
    assert not at.move_tokens(1)


@given(texts, st.integers(-50, 50), st.integers(0, 60))
def test_moving_there_and_back_is_no_move(text: str, count: int, offset: int) -> None:
    at = reader(text, offset)
    row = [t for n in range(len(at.sentences)) for t in at.tokens_of(n)]
    if not row:
        assert not at.move_tokens(count)
        return
    here = row.index(at.cursor)
    at.move_tokens(count)
    assert at.cursor == row[min(max(here + count, 0), len(row) - 1)]
    assert at.ordinal_at(at.cursor.start) == at.ordinal


def test_moving_by_sentences() -> None:
    at = reader()
    at.drop_anchor()
    assert at.move_sentences(1)
    assert at.selection is None
    assert not at.move_sentences(-2)
    assert at.move_sentences(-1)
    assert at.ordinal == 0


def test_candidates_are_met_in_order_both_ways() -> None:
    at, there, back = reader(), [], []
    while at.move_candidates(1):
        there.append(word(at))
    while at.move_candidates(-1):
        back.append(word(at))
    assert there == ["“", "Monday", "3,000", "Nobody"]
    assert back == [*there[-2::-1], "Talal"]


def test_extending_by_tokens_goes_both_ways_around_the_anchor() -> None:
    at = reader(offset=TEXT.index("of"))
    at.move_tokens(1, extend=True)
    assert selected(at) == "of the"
    at.move_tokens(-2, extend=True)
    assert selected(at) == "Sillo of"
    assert at.clear()
    assert not at.clear()


def test_the_anchor_key_starts_and_gives_up() -> None:
    at = reader()
    assert at.drop_anchor()
    at.move_tokens(1)
    assert selected(at) == "Talal Sillo"
    assert not at.drop_anchor()
    assert at.selection is None


def test_growing_and_shrinking_through_text_objects() -> None:
    at = reader(offset=TEXT.index("Sillo"))
    grown = []
    while at.grow():
        grown.append(at.selection)
    assert grown[0] is not None
    assert TEXT[slice(*grown[0])] == "Sillo"
    assert selected(at) == TEXT[: TEXT.index("\n\n")]
    assert all(a and b and b.start <= a.start <= a.end <= b.end for a, b in pairwise(grown))
    assert at.shrink()
    assert at.selection == grown[-2]


@pytest.mark.parametrize(("count", "wanted"), [(1, "We saw it, he"), (-1, "We saw")])
def test_a_text_object_is_extended_from_its_own_end(count: int, wanted: str) -> None:
    at = reader()
    start = TEXT.index("We saw it,")
    at.select(start, start + len("We saw it" if count < 0 else "We saw it,"))
    at.move_tokens(count, extend=True)
    assert selected(at) == wanted


def test_a_move_without_extending_gives_a_text_object_up() -> None:
    at = reader()
    at.grow()
    at.move_tokens(1)
    assert at.selection is None


def test_selecting_blank_text_selects_nothing() -> None:
    at = reader()
    assert not at.select(TEXT.index("\n"), TEXT.index("\n") + 2)
    assert at.selection is None
    assert at.select(TEXT.index("\n"), len(TEXT))
    assert selected(at) == "Nobody did."


def test_units_fall_back_where_there_is_no_quote() -> None:
    at = reader(offset=TEXT.index("fled"))
    found = at.unit("quote")
    assert found is not None
    assert TEXT[slice(*found)].rstrip(".") == "On Monday 3,000 fled"


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_document_without_a_sentence(text: str) -> None:
    at = reader(text)
    assert (at.ordinal, at.cursor, at.sentence) == (-1, Range(0, 0), None)
    assert not at.move_tokens(1)
    assert not at.move_sentences(1)
    assert not at.move_candidates(1)
    assert not at.grow()
    assert not at.shrink()
    assert at.unit("run") is None
    assert not at.select(0, 1)
