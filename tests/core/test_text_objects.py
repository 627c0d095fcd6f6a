"""Text objects: units, growing and shrinking, candidates."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
