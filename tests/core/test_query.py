from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.query import parse_query
from annotator.errors import UsageError


def patterns(source: str) -> list[str]:
    return [pattern.pattern for pattern in parse_query(source).patterns]


def test_words_are_one_phrase_over_any_white_space() -> None:
    (pattern,) = parse_query("said  on Monday").patterns
    assert pattern.search("He said\n on\u00a0Monday.")
    assert not pattern.search("said Monday on")


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [("raqqa", "Raqqa", True), ("IS", "it is so", False), ("IS", "IS said", True),
     ("it's", "it’s", True), ("US-led", "US‑led", True), ("(a", "(a", True), ("İ", "İ", True)],
)  # fmt: skip
def test_case_matters_where_a_capital_is_typed(typed: str, text: str, found: bool) -> None:
    (pattern,) = parse_query(typed).patterns
    assert bool(pattern.search(text)) is found


def test_terms_are_told_apart() -> None:
    query = parse_query('label:CLAIM actor:"Talal Sillo" flagged said so /dea[dr]\\/x/ NOTE:why')
    assert query.fields == (("label", "claim"), ("actor", "talal sillo"), ("note", "why"))
    assert query.flagged
    assert query.asks_annotations
    assert [p.pattern for p in query.patterns] == ["said\\s+so", "dea[dr]\\/x"]


def test_quotation_marks_take_a_word_as_it_is() -> None:
    query = parse_query('"flagged" "label:x"')
    assert not query.asks_annotations
    assert patterns('"flagged" "label:x"') == ["flagged", "label:x"]
    assert patterns("http://x.org/a") == ["http://x\\.org/a"]


@pytest.mark.parametrize("typed", ["", "  ", "//", '""', '"'])
def test_nothing_is_asked_for(typed: str) -> None:
    assert parse_query(typed).is_empty


def test_a_wrong_expression_is_told() -> None:
    with pytest.raises(UsageError, match=r"/\(a/ is no regular expression: missing \)"):
        parse_query("/(a/")


def test_case_of_an_expression_counts_letters_alone() -> None:
    (pattern,) = parse_query(r"/\Said\W/").patterns
    assert pattern.search("said.")
    (pattern,) = parse_query("/Said/").patterns
    assert not pattern.search("said")


@given(st.text(max_size=60))
def test_whatever_is_typed_is_understood_or_refused_in_words(typed: str) -> None:
    refused = False
    try:
        assert parse_query(typed).source == typed
    except UsageError:
        refused = True
    assert "/" in typed or not refused
