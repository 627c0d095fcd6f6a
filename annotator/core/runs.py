"""Capitalised runs (``Syrian Kurds``), numbers and dates among the words of a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.core.ranges import Range


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
