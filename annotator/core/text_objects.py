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

from annotator.core.phrases import phrase_at
from annotator.core.ranges import Range, contains, trim
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


_JOINERS = _words(
    """
    of for de del della di da du des la le los las al el bin ibn abu von van der den zu y & ’s
    's
    """
)
_AFTER_JOINER = frozenset(["the", "la", "los", "las"])
_FUNCTION_WORDS = _words(
    """
    a about after all also although an and another any are as at because before both but by
    did do during each even for from had has have he her here his how however i if in is it
    its last later many meanwhile more most my no not now of on once one only or other our
    several she since so some still such that the their then there these they this those
    though thus to under until was we were what when where which while who why will with would
    yet you your
    """
)
_MONTHS = _words(
    """
    january february march april may june july august september october november december jan
    jan. feb feb. mar mar. apr apr. jun jun. jul jul. aug aug. sep sep. sept sept. oct oct.
    nov nov. dec dec.
    """
)
_MAGNITUDES = _words(
    """
    hundred thousand million billion trillion percent % ° bn m
    """
)
_CURRENCIES = frozenset("$€£¥")
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


def unit_at(text: str, offset: int, unit: Unit, sentence: Range, paragraph: Range) -> Range | None:
    """The ``unit`` that holds the character at ``offset``, or None where there is none.

    ``sentence`` and ``paragraph`` are those at the cursor. On white space the token before it is
    meant, or the first one of the sentence.
    """
    if unit == "paragraph":
        return trim(text, *paragraph)
    if unit == "sentence":
        return trim(text, *sentence)
    words = tokens(text, *sentence)
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


def taken_at(text: str, offset: int, unit: Unit, sentence: Range, paragraph: Range) -> Range | None:
    """As ``unit_at``; where there is no such unit, what is taken instead: for a quote the clause,
    else the sentence, for a phrase the run, else the token."""
    for wanted in (unit, *_INSTEAD.get(unit, ())):
        found = unit_at(text, offset, wanted, sentence, paragraph)
        if found is not None:
            return found
    return None


def grow(text: str, selection: Range, sentence: Range, paragraph: Range) -> Range:
    """The smallest unit that holds ``selection`` and more; ``selection`` itself if none does.

    An empty selection is the cursor and grows to its token.
    """
    larger = [
        unit
        for unit in _units_at(text, selection.start, sentence, paragraph)
        if contains(unit, selection) and unit != selection
    ]
    if selection.start == selection.end:
        return _units_at(text, selection.start, sentence, paragraph)[0] if larger else selection
    return min(larger, key=_length, default=selection)


def shrink(text: str, selection: Range, cursor: int, sentence: Range, paragraph: Range) -> Range:
    """The largest unit at ``cursor`` that lies within ``selection`` and is smaller than it.

    The inverse of ``grow`` where the cursor stayed; ``selection`` itself if there is none.
    """
    smaller = [
        unit
        for unit in _units_at(text, cursor, sentence, paragraph)
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


def runs(text: str, sentence: Range, words: Sequence[Range]) -> list[Range]:
    """Capitalised runs (``Syrian Kurds``), numbers and dates among ``words``, ascending.

    A run goes over joining words (``Bank of the West``) and, after ``of`` or ``for``, over ``and``.
    """
    found: list[Range] = []
    index = 0
    while index < len(words):
        end = _run_end(text, words, index)
        if end > index:
            found.append(Range(words[index].start, words[end - 1].end))
        index = max(end, index + 1)
    return found


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


def _units_at(text: str, offset: int, sentence: Range, paragraph: Range) -> list[Range]:
    """Every unit at ``offset``, in the order of UNITS, without those there are none of."""
    units = (unit_at(text, offset, unit, sentence, paragraph) for unit in UNITS)
    return [unit for unit in units if unit is not None]


def _length(unit: Range) -> int:
    """Length in code points."""
    return unit.end - unit.start


def _innermost(units: Sequence[Range], offset: int) -> Range | None:
    """The shortest of ``units`` that holds ``offset``."""
    return min((u for u in units if u.start <= offset < u.end), key=_length, default=None)


def _run_end(text: str, words: Sequence[Range], index: int) -> int:
    """The index behind the run that opens at ``index``; ``index`` itself if none does."""
    word = _content(text, words, index)
    if word[:1] in _CURRENCIES and _content(text, words, index + 1)[:1].isdigit():
        return _number_end(text, words, index + 1)
    if word[:1].isdigit():
        return _number_end(text, words, index)
    if not _is_name(text, words, index):
        return index
    end = index + 1
    joined = False
    while end < len(words):
        if word.lower() in _MONTHS and _content(text, words, end)[:1].isdigit():
            return _date_end(text, words, end)
        following = end
        while following < end + 3 and _joins(text, words, following, joined, end):
            following += 1
        if not _is_name(text, words, following):
            break
        joined = joined or _content(text, words, end) in ("of", "for")
        word = _content(text, words, following)
        end = following + 1
    return end


def _joins(text: str, words: Sequence[Range], index: int, joined: bool, first: int) -> bool:
    """Whether the word at ``index`` may stand inside a run, between two names."""
    word = _content(text, words, index)
    if word == "-":
        glued = index + 1 < len(words) and words[index].end == words[index + 1].start
        return glued and words[index - 1].end == words[index].start
    if word in ("’s", "'s"):
        return False
    if word in _AFTER_JOINER and index > first:
        return True
    return word in _JOINERS or (word == "and" and joined and index == first)


def _number_end(text: str, words: Sequence[Range], index: int) -> int:
    """The index behind a number with its magnitude, or behind a date such as ``1 June 2017``."""
    end = index + 1
    if _content(text, words, end).lower() in _MONTHS:
        end += 1
        year = _content(text, words, end)
        return end + 1 if year.isdigit() and len(year) == 4 else end
    while _content(text, words, end) in _MAGNITUDES:
        end += 1
    return end


def _date_end(text: str, words: Sequence[Range], index: int) -> int:
    """The index behind a date whose month stands before ``index``: ``June 1, 2017``."""
    end = index + 1
    year_at = end + 1 if _content(text, words, end) == "," else end
    year = _content(text, words, year_at)
    return year_at + 1 if year.isdigit() and len(year) == 4 else end


def _is_name(text: str, words: Sequence[Range], index: int) -> bool:
    """Whether the word at ``index`` has a capital of its own, not one from opening a sentence."""
    word = _content(text, words, index)
    if not word[:1].isupper() or word == "I":
        return False
    opens = index == 0 or not _content(text, words, index - 1)[-1:].isalnum()
    return not (
        opens and word.lower() in _FUNCTION_WORDS and not (len(word) > 1 and word.isupper())
    )


def _content(text: str, words: Sequence[Range], index: int) -> str:
    """The word at ``index``, or nothing behind the last one."""
    return text[words[index].start : words[index].end] if index < len(words) else ""


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
