"""Phrases: what a key takes of a noun with its article."""

from __future__ import annotations

import pytest

from annotator.core.ranges import Range
from annotator.core.text_objects import grow, taken_at, unit_at


def at(text: str, word: str) -> str | None:
    whole = Range(0, len(text))
    found = unit_at(text, text.index(word), "phrase", whole, whole)
    return None if found is None else text[found.start : found.end]


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("For the young man from Mosul said so.", "the", "the young man"),
        ("For the young man from Mosul said so.", "man", "the young man"),
        ("For the young man from Mosul said so.", "from", None),
        ("For the young man from Mosul said so.", ".", None),
        ("He met all the other two men, and left.", "men", "all the other two men"),
        ("She says that the monitor knows.", "monitor", "the monitor"),
        ("She says that the monitor knows.", "that", None),
        ("She saw that.", "that", None),
        ("The coalition announced an airstrike.", "coalition", "The coalition"),
        ("The US-backed forces were there.", "forces", "The US-backed forces"),
        ("I know her father’s house there.", "house", "her father’s house"),
        ("I know her father 's house there.", "her", "her father 's house"),
        (
            "So the Syrian Observatory for Human Rights said.",
            "Rights",
            "the Syrian Observatory for Human Rights",
        ),
        ("Das hat der Sprecher der Polizei nicht gesagt.", "der", "der Sprecher"),
        ("Das hat ein neuer GdP-Vorsitzender nicht gesagt.", "GdP", "ein neuer GdP-Vorsitzender"),
        ("Dann sagte Frau Merkel es den Abgeordneten.", "Frau", "Frau Merkel"),
        ("Und die Anwältin bestätigte das.", "die", "die Anwältin"),
    ],
)
def test_a_phrase_is_a_noun_with_what_stands_before_it(
    text: str, word: str, expected: str | None
) -> None:
    assert at(text, word) == expected


def test_where_there_is_no_phrase_the_word_is_taken() -> None:
    whole = Range(0, 16)
    assert taken_at("He said so then.", 0, "phrase", whole, whole) == (0, 2)


def test_a_selection_grows_through_the_phrase() -> None:
    text = "It was the young man from Mosul."
    whole = Range(0, len(text))
    steps = [Range(text.index("man"), text.index("man") + 3)]
    steps.append(grow(text, steps[-1], whole, whole))
    steps.append(grow(text, steps[-1], whole, whole))
    assert [text[a:b] for a, b in steps] == ["man", "the young man", text[:-1]]
