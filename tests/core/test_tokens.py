"""Tokens: exact for any string, whole graphemes, and the habits of the tokenizer one by one."""

from __future__ import annotations

import itertools

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotator.core.sentences import sentences
from annotator.core.tokens import token_edges, tokens

PIECES = st.sampled_from(
    ["a", "B", "'", "’", "s", "n't", "-", ".", "...", "\u0301", "\u200d", "👩", "🇩", "🏽",
     " ", "\u00a0", "\x1c", "\ud800",
     "1", ",", "/", "@", "http://", "co-", "½", "א", '"', "日",
     "ア", "\u0600", "\r\n", "\u00ad", "!", ":", ")", "नमस्ते"]
)  # fmt: skip
ANY_TEXT = st.one_of(
    st.text(st.characters(exclude_categories=())), st.lists(PIECES, max_size=30).map("".join)
)


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in tokens(text)]


@given(ANY_TEXT)
@settings(max_examples=120, deadline=None)
def test_tokens_and_white_space_make_the_text(text: str) -> None:
    joined, position = "", 0
    for start, end in tokens(text):
        assert position <= start < end <= len(text)
        assert not any(character.isspace() for character in text[start:end])
        gap = text[position:start]
        assert not gap or gap.isspace()
        joined += gap + text[start:end]
        position = end
    assert not text[position:] or text[position:].isspace()
    assert joined + text[position:] == text


@given(st.one_of(ANY_TEXT, st.text("🇦🇧\u0300\u0600\u200da")))
@example("🇦\u0300🇦🇦")
@example("\u0600🇦\u0300🇦🇦")
@example("\u0600🇦🇦a")
@settings(max_examples=120, deadline=None)
def test_no_grapheme_is_cut(text: str) -> None:
    edges = {edge for token in tokens(text) for edge in token}
    for cluster in regex.finditer(r"\X", text):
        if not any(character.isspace() for character in cluster.group()):
            assert not any(cluster.start() < edge < cluster.end() for edge in edges)


@given(ANY_TEXT)
@settings(max_examples=120, deadline=None)
def test_a_sentence_has_the_same_tokens_wherever_it_stands(text: str) -> None:
    for start, end in sentences(text):
        here = [(a - start, b - start) for a, b in tokens(text, start, end)]
        assert here == [tuple(token) for token in tokens(text[start:end])]


@given(ANY_TEXT)
@settings(max_examples=120, deadline=None)
def test_single_spaces_part_as_any_white_space_does(text: str) -> None:
    spaced = " ".join(text.split())
    edges = token_edges(spaced)
    assert [tuple(token) for token in tokens(spaced)] == edges
    for other in ("\t", "\u2003", "\n"):
        assert token_edges(spaced.replace(" ", other)) == edges
    assert token_edges(f"x {spaced}  y", 2, 2 + len(spaced)) == [(a + 2, b + 2) for a, b in edges]
    assert token_edges(f"  {spaced} ") == [(a + 2, b + 2) for a, b in token_edges(f"{spaced} ")]


def test_what_was_met_before_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "It's J. Doe's co-op. " * 3
    met = token_edges(text)
    monkeypatch.setattr("annotator.core.tokens._KEPT", 2)
    monkeypatch.setattr("annotator.core.tokens._known", {})
    assert token_edges(text) == met
    assert token_edges(text) == met


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Islamic State’s fighters’", "Islamic State ’s fighters ’"),
        ("It's can't won't cannot", "It 's ca n't wo n't can not"),
        ("US-led co-ordination, anti-war", "US - led co-ordination , anti-war"),
        ("Deir al-Zor", "Deir al - Zor"),
        ("“We”, he said...", "“ We ” , he said ..."),
        ("No!? -- $1,200.50", "No !? -- $ 1,200.50"),
        ("Mr. J. Smith of the U.S. army", "Mr. J. Smith of the U.S. army"),
        ("and I. He", "and I . He"),
        ("It ended.", "It ended ."),
        ("a@b.org, https://b.org/a?b=1. x", "a@b.org , https://b.org/a?b=1 . x"),
        ("6/1/2017 at 10:30 #now :)", "6/1/2017 at 10:30 #now :)"),
        ("👨‍👩‍👧 👍🏽👍", "👨‍👩‍👧 👍🏽 👍"),
    ],
)
def test_habits(text: str, expected: str) -> None:
    assert words(text) == expected.split(" ")


def test_flags_are_paired() -> None:
    assert words("🇩🇪🇫🇷🇮") == ["🇩🇪", "🇫🇷", "🇮"]


def test_offsets_are_those_of_the_whole_text() -> None:
    assert tokens("ab cd ef", 3, 5) == [(3, 5)]
    assert tokens("ab cd ef", 3) == [(3, 5), (6, 8)]


@pytest.mark.parametrize(
    "unit", ["x", "a'", "🇩", "a\u0301", "1/", "👩\u200d", 'א"', "www.", "-", "a.b@"]
)
def test_long_runs_without_white_space_are_still_cut(unit: str) -> None:
    text = unit * (40_000 // len(unit))
    found = tokens(text)
    assert found[0].start == 0
    assert found[-1].end == len(text)
    assert all(a.end == b.start for a, b in itertools.pairwise(found))
