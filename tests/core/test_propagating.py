"""Where the words of a span occur elsewhere."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from session_state import new_document

from annotator.core.annotation import AttributeValues, Origin, Span
from annotator.core.propagating import ENGINE, proposals, words_of
from annotator.core.ranges import Range
from annotator.core.sentence_list import SentenceList
from annotator.core.tokens import tokens


def found(text: str, words: str) -> list[str]:
    """Where the first occurrence of these words is propagated to, with what follows."""
    document = new_document("d", text)
    sentences = SentenceList.of(document.document.id, document.sentences)

    def tokens_of(ordinal: int) -> list[Range]:
        return tokens(text, sentences.starts[ordinal], sentences.ends[ordinal])

    start = text.index(words)
    place = ((start, start + len(words)),)
    span = Span("1", document.document.id, "a", "entity", "GROUP", place, words)
    ordinal = sentences.ordinal_at(start)
    looked_for = words_of(span, tokens_of(ordinal))
    made = list(proposals(span, looked_for, text, sentences, tokens_of))
    return [f"{text[s.start : s.end + 2]!s}" for s in made if s.start != start]


@pytest.mark.parametrize(
    ("text", "words", "places"),
    [
        ("IS and IS, not ISIS nor is; U.S. IS.", "IS", ["IS, ", "IS."]),
        ("The US told us of US aid.", "US", ["US a"]),
        ("Talal Sillo left. Then Talal\n  Sillo came.", "Talal Sillo", ["Talal\n  Sillo c"]),
        ("He saw the monitor. The monitor saw THE monitor.", "the monitor", ["The monitor s"]),
        ("Apple grew. An apple fell.", "Apple", []),
        ("He is [bold] and (he). He (he) is.", "(he)", ["(he) i"]),
        ("ran, ran and rerun ran.", "ran", ["ran a", "ran."]),
        ("An election, a re-election, elections, election-day", "election", ["election-d"]),
        ("漢字と漢字。漢字", "漢字", ["漢字。漢", "漢字"]),
        ("ﬁne ﬁne Fine", "ﬁne", ["ﬁne F"]),
        ("one two. One three two.", "one two", []),
    ],
)  # fmt: skip
def test_words_are_found_as_whole_tokens(text: str, words: str, places: list[str]) -> None:
    assert found(text, words) == places


def test_what_is_not_whole_tokens_is_found_in_words_too() -> None:
    assert found("unlike and unless, under", "un") == ["unle", "unde"]


def test_label_actor_and_certain_attributes_go_along_and_nothing_else() -> None:
    text = "SDF and SDF."
    sure, unsure = AttributeValues("a", ("x",)), AttributeValues("b", ("y",), uncertain=True)
    span = Span(
        "1", "d", "a", "entity", "GROUP", ((0, 3),), "SDF", (sure, unsure), "actor", "note", True,
        Origin("crf", "1", 0.3),
    )  # fmt: skip
    sentences = SentenceList("d", ["s"], [0], [len(text)], [1])
    row = tokens(text, 0, len(text))
    _, made = proposals(span, words_of(span, row), text, sentences, lambda _: row)
    assert made == replace(
        span, id="8", fragments=((8, 11),), attributes=(sure,), note=None, flagged=False,
        origin=Origin(ENGINE),
    )  # fmt: skip


def test_a_document_without_a_sentence_has_no_words() -> None:
    span = Span("1", "d", "a", "entity", "GROUP", ((0, 3),), "SDF")
    empty = SentenceList("d", [], [], [], [])
    assert not list(words_of(span, []).occurrences("SDF", empty, lambda _: []))
