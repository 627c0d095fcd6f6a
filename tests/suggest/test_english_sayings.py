"""Who says what in English news, on sentences whose gold stands in ``english_sayings.txt``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from annotator.core.sentences import sentences
from annotator.suggest.attribution import readings
from annotator.suggest.lexicon import lexicon_of, lexicons

LINES = [
    line
    for line in Path(__file__).with_name("english_sayings.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
_MARK = re.compile(r"\[([csq])(\d?) |\]")

Pieces = tuple[tuple[int, int], ...]
Tie = tuple[Pieces, Pieces, Pieces]
"""The pieces of what is said, of its cues and of who says it."""


def marked(line: str) -> tuple[str, set[Tie]]:
    """The text of a line without its marks, and the ties that they tell."""
    text, at = "", 0
    open_marks: list[tuple[str, str, int]] = []
    found: dict[str, dict[str, list[tuple[int, int]]]] = {}
    for mark in _MARK.finditer(line):
        text += line[at : mark.start()]
        at = mark.end()
        if mark.group() == "]":
            part, number, start = open_marks.pop()
            found.setdefault(number, {}).setdefault(part, []).append((start, len(text)))
        else:
            open_marks.append((mark[1], mark[2], len(text)))
    text += line[at:]
    ties = ([tuple(parts.get(part, ())) for part in "cqs"] for parts in found.values())
    return text, {(said, cue, who) for said, cue, who in ties}


def read(text: str) -> set[Tie]:
    """The ties that the rules find."""
    english = next(lexicon for lexicon in lexicons() if lexicon.language == "English")
    return {
        (
            tuple((a, b) for a, b in reading.claim),
            tuple((a, b) for a, b in reading.cues),
            () if reading.source is None else ((reading.source.start, reading.source.end),),
        )
        for place in sentences(text)
        for reading in readings(text, place, english)
    }


@pytest.mark.parametrize("line", LINES)
def test_each_sentence_is_read_as_it_is_marked(line: str) -> None:
    text, ties = marked(line)
    assert read(text) == ties


def test_the_sentences_are_known_to_be_english() -> None:
    words = " ".join(marked(line)[0] for line in LINES).split()
    lexicon = lexicon_of(words)
    assert lexicon is not None
    assert lexicon.language == "English"
    assert sum("[c" in line for line in LINES) > 60
    assert sum("[c" not in line for line in LINES) > 10
