"""Text objects: units, growing and shrinking, candidates."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core import text_objects
from annotator.core.paragraphs import paragraphs
from annotator.core.ranges import Range, contains
from annotator.core.sentences import sentences
from annotator.core.text_objects import UNITS, Unit, candidates, grow, quotes, shrink, unit_at
from annotator.core.tokens import tokens

SENTENCE = (
    "“We all saw the attack in East Manchester“, Talal Sillo said, because it was on June 1, 2017."
)


def at(text: str, word: str, unit: Unit) -> str | None:
    whole = Range(0, len(text))
    found = unit_at(text, text.index(word), unit, whole, whole)
    return None if found is None else text[found.start : found.end]


@pytest.mark.parametrize(
    ("word", "unit", "expected"),
    [
        ("Sillo", "token", "Sillo"),
        ("Sillo", "run", "Talal Sillo"),
        ("2017", "run", "June 1, 2017"),
        ("attack", "run", None),
        ("attack", "quote", "“We all saw the attack in East Manchester“"),
        ("Sillo", "quote", None),
        ("Sillo", "clause", "Talal Sillo said"),
        ("1, 2017", "clause", "because it was on June 1, 2017"),
        ("saw", "clause", "“We all saw the attack in East Manchester“"),
        ("saw", "sentence", SENTENCE),
        ("saw", "paragraph", SENTENCE),
        (" Sillo", "token", "Talal"),
    ],
)
def test_unit_at(word: str, unit: Unit, expected: str | None) -> None:
    assert at(SENTENCE, word, unit) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “no”.", ["“no”"]),
        ("He said “no“, yes.", ["“no“"]),
        ("Er sagte: „Nein“ und „Ja”.", ["„Nein“", "„Ja”"]),
        ("«Non so», ha detto.", ["«Non so»"]),
        ("Il dit « oui » et part.", ["« oui »"]),
        ("»Nein«, sagt er.", ["»Nein«"]),
        ("She \"likes 'this' one,\" he said.", ["\"likes 'this' one,\"", "'this'"]),
        ('It’s the dogs’ 5" bone.', []),
        ("“It goes on", ["“It goes on"]),
        ("and ends here,” he said.", ["and ends here,”"]),
    ],
)
def test_quotes_keep_their_marks(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in quotes(text, Range(0, len(text)))] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Syrian Democratic Forces (SDF) met.", ["Syrian Democratic Forces", "SDF"]),
        ("He met the Bank of the West.", ["Bank of the West"]),
        ("It killed 12 civilians for $5 million.", ["12", "$5 million"]),
        ("Deir al-Zor and US-led Iraqi-Syrian ties.", ["Deir al-Zor", "US", "Iraqi-Syrian"]),
        ("Turkey and Iraq, on 1 June 2017.", ["Turkey", "Iraq", "1 June 2017"]),
        ("“We left,” I said.", ["“"]),
        ("The Ministry of Health and Welfare.", ["Ministry of Health and Welfare"]),
        ("US forces left.", ["US"]),
        ("Islamic State’s land.", ["Islamic State"]),
        ("there is none", []),
    ],
)
def test_candidates(text: str, expected: list[str]) -> None:
    whole = Range(0, len(text))
    assert [text[a:b] for a, b in candidates(text, whole, tokens(text))] == expected


def test_grow_and_shrink_take_the_same_steps() -> None:
    text = SENTENCE + " Nobody else did."
    first, paragraph = sentences(text)[0], paragraphs(text)[0]
    cursor = text.index("Manchester")
    steps = [Range(cursor, cursor)]
    while (larger := grow(text, steps[-1], first, paragraph)) != steps[-1]:
        steps.append(larger)
    assert [text[a:b] for a, b in steps[1:]] == [
        "Manchester",
        "East Manchester",
        "“We all saw the attack in East Manchester“",
        SENTENCE,
        text,
    ]
    back = [steps[-1]]
    while (smaller := shrink(text, back[-1], cursor, first, paragraph)) != back[-1]:
        back.append(smaller)
    assert back == steps[:0:-1]


@given(st.text(st.sampled_from("aB .,“”\"'’«»-1\n\u0301\ud800👩\u200d(I")), st.integers(0, 40))
@settings(max_examples=120, deadline=None)
def test_units_hold_in_any_text(text: str, offset: int) -> None:
    for paragraph in paragraphs(text):
        for sentence in sentences(text):
            if not contains(paragraph, sentence):
                continue
            cursor = min(sentence.start + offset, sentence.end - 1)
            for unit in UNITS:
                found = unit_at(text, cursor, unit, sentence, paragraph)
                if found is None:
                    continue
                assert contains(paragraph if unit == "paragraph" else sentence, found)
                piece = text[found.start : found.end]
                assert piece == piece.strip() != ""
                larger = grow(text, found, sentence, paragraph)
                assert contains(larger, found)
            listed = candidates(text, sentence, tokens(text, *sentence))
            assert listed == sorted(set(listed))


def test_a_long_sentence_costs_what_lies_around_the_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    clause = "the SDF said on Monday that “Raqqa” fell, and "
    text = clause * 2_000
    whole = Range(0, len(text.rstrip()))
    words = tokens(text, *whole)
    seen: list[int] = []
    runs_of = text_objects.runs

    def counted(text: str, sentence: Range, words: Sequence[Range]) -> list[Range]:
        seen.append(len(words))
        return runs_of(text, sentence, words)

    monkeypatch.setattr(text_objects, "runs", counted)
    monkeypatch.setattr(text_objects, "tokens", None)
    at = clause.index("SDF") + 1_000 * len(clause)
    expected: dict[Unit, str] = {"token": "SDF", "run": "SDF", "quote": ""}
    for unit, content in expected.items():
        found = unit_at(text, at, unit, whole, whole, words)
        assert ("" if found is None else text[slice(*found)]) == content
    assert grow(text, Range(at, at + 3), whole, whole, words) != Range(at, at + 3)
    for direction in (1, -1):
        found_beyond = text_objects.candidates_beyond(text, whole, words, at, direction)
        assert found_beyond
        assert all((c.start - at) * direction > 0 for c in found_beyond)
        nearest = found_beyond[0 if direction > 0 else -1]
        assert abs(nearest.start - at) < len(clause)
    assert max(seen) <= 2 * text_objects.REACH


@pytest.mark.parametrize("direction", [1, -1])
def test_candidates_of_a_sentence_are_the_same_from_wherever_one_looks(direction: int) -> None:
    text = "On Monday the SDF told Talal Sillo “no” in Raqqa, where 300 of ISIS were."
    whole = Range(0, len(text))
    words = tokens(text, *whole)
    for offset in range(len(text)):
        found = text_objects.candidates_beyond(text, whole, words, offset, direction)
        every = candidates(text, whole, words)
        assert found == [c for c in every if (c.start - offset) * direction > 0]


def test_candidates_far_away_in_a_long_sentence_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "SDF " + "word " * 5_000 + "Raqqa"
    whole = Range(0, len(text))
    words = tokens(text, *whole)
    for offset, direction in ((0, 1), (len(text) - 5, -1)):
        found = text_objects.candidates_beyond(text, whole, words, offset, direction)
        assert [text[slice(*c)] for c in found] == ["Raqqa" if direction > 0 else "SDF"]
