"""Text objects: what a key takes by default, how a selection grows, where the cursor goes.

All functions are pure; ranges are half-open, in code points of the whole text, and never begin or
end with white space. A unit never leaves its sentence (``paragraph`` apart), so each contains the
smaller ones. A *quote* includes its marks: a claim takes them along, and they are what tells a
direct claim from an indirect one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from annotator.core.phrases import phrase_at
from annotator.core.ranges import Range, contains, trim
from annotator.core.runs import runs
from annotator.core.schema import Unit
from annotator.core.tokens import tokens

UNITS: tuple[Unit, ...] = ("token", "run", "phrase", "quote", "clause", "sentence", "paragraph")
"""The units in the order in which a selection usually grows."""


_INSTEAD: dict[Unit, tuple[Unit, ...]] = {
    "run": ("token",),
    "phrase": ("run", "token"),
    "quote": ("clause", "sentence"),
    "clause": ("sentence",),
}


def _words(listed: str) -> frozenset[str]:
    """The words of a list written as running text."""
    return frozenset(listed.split())


_SUBORDINATORS = _words(
    """
    that which who whom whose because although though while whereas since unless until if when
    where after before but
    """
)
_BREAKS = frozenset([",", ";", ":", "—", "–", "--"])

_DOUBLE_MARKS = '"“”„‟«»〝〞「」『』'
_SINGLE_MARKS = "'‘’‚‹›"
_MARK = re.compile(f"[{_DOUBLE_MARKS}{_SINGLE_MARKS}]")
_DEEPEST = 8
_ALWAYS_OPENS = "„‚「『"
_PARTNERS = {"“": "”“", "„": "“”", "«": "»", "»": "«", "‹": "›", "›": "‹", "‘": "’", "‚": "‘’"}


_PART: Final = 1_000
"""Words of a long sentence among which candidates are looked for at once."""
REACH: Final = 4_096
"""Code points to either side of a place at which runs, quotes and clauses end at the latest."""


def unit_at(
    text: str,
    offset: int,
    unit: Unit,
    sentence: Range,
    paragraph: Range,
    words: Sequence[Range] | None = None,
) -> Range | None:
    """The ``unit`` that holds the character at ``offset``, or None where there is none.

    ``sentence`` and ``paragraph`` are those at the cursor, ``words`` the sentence's tokens where
    they are known. On white space the token before it is meant, or the first one of the sentence.
    """
    if unit == "paragraph":
        return trim(text, *paragraph)
    if unit == "sentence":
        return trim(text, *sentence)
    sentence, words = _near(sentence, tokens(text, *sentence) if words is None else words, offset)
    if not words:
        return None
    index = max(0, bisect_right(words, offset, key=lambda word: word.start) - 1)
    token = words[index]
    if unit == "token":
        return token
    if unit == "run":
        return _innermost(runs(text, sentence, words), token.start)
    if unit == "phrase":
        return phrase_at(text, words, runs(text, sentence, words), index)
    if unit == "quote":
        return _innermost(quotes(text, sentence), token.start)
    return _innermost(clauses(text, sentence, words), token.start)


def taken_at(
    text: str,
    offset: int,
    unit: Unit,
    sentence: Range,
    paragraph: Range,
    words: Sequence[Range] | None = None,
) -> Range | None:
    """As ``unit_at``; where there is no such unit, what is taken instead: for a quote the clause,
    else the sentence, for a phrase the run, else the token."""
    for wanted in (unit, *_INSTEAD.get(unit, ())):
        found = unit_at(text, offset, wanted, sentence, paragraph, words)
        if found is not None:
            return found
    return None


def _near(sentence: Range, words: Sequence[Range], offset: int) -> tuple[Range, Sequence[Range]]:
    """What of a sentence lies around a place, and its tokens: all of it, as a rule."""
    if sentence.end - sentence.start <= REACH or not words:
        return sentence, words
    first = max(0, bisect_right(words, offset - REACH, key=_start) - 1)
    last = bisect_right(words, offset + REACH, key=_start)
    start = sentence.start if first == 0 else words[first].start
    end = sentence.end if last == len(words) else words[last - 1].end
    return Range(start, end), words[first:last]


def grow(
    text: str,
    selection: Range,
    sentence: Range,
    paragraph: Range,
    words: Sequence[Range] | None = None,
) -> Range:
    """The smallest unit that holds ``selection`` and more; ``selection`` itself if none does.

    An empty selection is the cursor and grows to its token.
    """
    larger = [
        unit
        for unit in _units_at(text, selection.start, sentence, paragraph, words)
        if contains(unit, selection) and unit != selection
    ]
    if selection.start == selection.end:
        token = unit_at(text, selection.start, "token", sentence, paragraph, words)
        return token if larger and token is not None else selection
    return min(larger, key=_length, default=selection)


def shrink(
    text: str,
    selection: Range,
    cursor: int,
    sentence: Range,
    paragraph: Range,
    words: Sequence[Range] | None = None,
) -> Range:
    """The largest unit at ``cursor`` that lies within ``selection`` and is smaller than it.

    The inverse of ``grow`` where the cursor stayed; ``selection`` itself if there is none.
    """
    smaller = [
        unit
        for unit in _units_at(text, cursor, sentence, paragraph, words)
        if contains(selection, unit) and unit != selection
    ]
    return max(smaller, key=_length, default=selection)


def candidates(text: str, sentence: Range, words: Sequence[Range]) -> list[Range]:
    """Where the cursor is likely to be wanted: runs, numbers, dates and opening quote marks.

    ``words`` are the tokens of ``sentence``. Ascending; a function word that has its capital from
    opening the sentence or a quote is none.
    """
    opening = [
        Range(quote.start, quote.start + 1)
        for quote in quotes(text, sentence)
        if text[quote.start] in _DOUBLE_MARKS + _SINGLE_MARKS
    ]
    return sorted({*runs(text, sentence, words), *opening})


def candidates_beyond(
    text: str, sentence: Range, words: Sequence[Range], offset: int, direction: int
) -> list[Range]:
    """The candidates behind (1) or before (-1) ``offset``, ascending; of a long sentence only some.

    Those that are left out lie further away.
    """
    if sentence.end - sentence.start <= REACH:
        parts = [words]
    elif direction > 0:
        first = max(0, bisect_right(words, offset, key=_start) - 1)
        parts = [words[at : at + _PART] for at in range(first, len(words), _PART)]
    else:
        last = bisect_right(words, offset, key=_start)
        parts = [words[max(0, at - _PART) : at] for at in range(last, 0, -_PART)]
    for part in parts:
        whole = len(part) == len(words)
        place = sentence if whole else Range(part[0].start, part[-1].end)
        found = [
            candidate
            for candidate in candidates(text, place, part)
            if (candidate.start - offset) * direction > 0
        ]
        if found:
            return found
    return []


def quotes(text: str, sentence: Range) -> list[Range]:
    """The quotes of ``sentence`` with their marks, nested ones too, ascending by start.

    Marks are matched by where they stand, so ``“…“`` and ``„…”`` work. A quote that runs over
    several sentences is cut at the ends of this one.
    """
    found: list[Range] = []
    open_marks: list[int] = []
    for match in _MARK.finditer(text, *sentence):
        at, mark = match.start(), match.group()
        before = text[at - 1] if at > sentence.start else " "
        after = text[at + 1] if at + 1 < sentence.end else " "
        if mark in _SINGLE_MARKS and before.isalnum() and after.isalnum():
            continue
        opener = _opener_of(text, open_marks, mark, before, after)
        if opener is not None:
            found.append(Range(open_marks[opener], at + 1))
            del open_marks[opener:]
        elif _may_open(mark, before, after):
            open_marks.append(at)
            del open_marks[:-_DEEPEST]
        elif mark in "”»" and not found:
            found.append(Range(sentence.start, at + 1))
    for at in open_marks:
        if text[at] in "“„«":
            found.append(Range(at, sentence.end))
    kept = (trim(text, *quote) for quote in found)
    return sorted(quote for quote in kept if quote is not None)


def clauses(text: str, sentence: Range, words: Sequence[Range]) -> list[Range]:
    """``sentence`` split at commas, semicolons, colons, dashes, subordinators and quotes.

    The marks between two clauses and the full stop at the end belong to none; a subordinator opens
    its clause. A comma within a date or before a closing quote mark parts nothing.
    """
    edges, closing = _quote_edges(text, sentence)
    within = [run for run in runs(text, sentence, words) if "," in text[run.start : run.end]]
    found: list[Range] = []
    clause: list[Range] = []
    for index, word in enumerate(words):
        content = text[word.start : word.end]
        following = words[index + 1].start if index + 1 < len(words) else sentence.end
        parts = content in _BREAKS and following not in closing
        if parts and _innermost(within, word.start) is not None:
            parts = False
        if parts or word.start in edges or content.lower() in _SUBORDINATORS:
            found.extend(_finished(text, clause))
            clause = []
        if not parts:
            clause.append(word)
    found.extend(_finished(text, clause))
    return found


def _quote_edges(text: str, sentence: Range) -> tuple[set[int], set[int]]:
    """Where the outermost quotes begin and end, and where the closing mark of any quote stands."""
    edges: set[int] = set()
    closing: set[int] = set()
    outer_end = sentence.start
    for quote in quotes(text, sentence):
        closing.add(quote.end - 1)
        if quote.start >= outer_end:
            edges.update(quote)
            outer_end = quote.end
    return edges, closing


def _finished(text: str, clause: Sequence[Range]) -> list[Range]:
    """The range of a clause's words without a final stop; nothing where no word is among them."""
    words = list(clause)
    while words and not _has_word(text, words[-1]) and not _MARK.match(text, words[-1].start):
        words.pop()
    if not any(_has_word(text, word) for word in words):
        return []
    return [Range(words[0].start, words[-1].end)]


def _has_word(text: str, word: Range) -> bool:
    """Whether a token is more than punctuation; what closes a bracket counts."""
    content = text[word.start : word.end]
    return content in (")", "]", "}", "%") or any(character.isalnum() for character in content)


def _units_at(
    text: str,
    offset: int,
    sentence: Range,
    paragraph: Range,
    words: Sequence[Range] | None,
) -> list[Range]:
    """Every unit at ``offset``, in the order of UNITS, without those there are none of."""
    if words is None:
        words = tokens(text, *sentence)
    units = (unit_at(text, offset, unit, sentence, paragraph, words) for unit in UNITS)
    return [unit for unit in units if unit is not None]


def _start(unit: Range) -> int:
    return unit.start


def _length(unit: Range) -> int:
    """Length in code points."""
    return unit.end - unit.start


def _innermost(units: Sequence[Range], offset: int) -> Range | None:
    """The shortest of ``units`` that holds ``offset``."""
    return min((u for u in units if u.start <= offset < u.end), key=_length, default=None)


def _opener_of(
    text: str, open_marks: Sequence[int], mark: str, before: str, after: str
) -> int | None:
    """The index in ``open_marks`` of the mark that ``mark`` closes, or None."""
    single = mark in _SINGLE_MARKS
    for index in range(len(open_marks) - 1, -1, -1):
        opener = text[open_marks[index]]
        if (opener in _SINGLE_MARKS) != single:
            continue
        if before.isspace() and (mark == opener or mark not in _PARTNERS.get(opener, "")):
            return None
        if mark in _ALWAYS_OPENS or after.isalnum():
            return None
        return index
    return None


def _may_open(mark: str, before: str, after: str) -> bool:
    """Whether ``mark`` stands where a quote begins."""
    if mark in "«„‹" and before.isspace():
        return True
    return not after.isspace() and mark != "”" and not before.isalnum() and before not in ".,;:!?"
