"""What a token looks like to a model: its form, its shape, its neighbours, and its document.

Nothing here needs a language: words that are known as names, or as words of saying, count where
they stand, and a text without any has all other features.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from annotator.suggest.capitals import NOTHING_SEEN, Capitals, is_shouted
from annotator.suggest.known_words import kinds_of
from annotator.suggest.lexicon import words_of_saying
from annotator.suggest.sources import DOUBLE_QUOTES

_KNOWN_WITHIN = 2
"""Tokens on either side of a known word that are told of it."""
_SAYING_WITHIN = 3
"""Tokens on either side of a word of saying that are told where it is."""
_LONGEST = 40
"""Code points of a word that are looked at; a longer one is no word."""
_OPENS = "„"
"""The mark that only ever opens a quotation."""
_CACHED = 1 << 16


@lru_cache(maxsize=_CACHED)
def shape(word: str) -> str:
    """``Xxxx`` as ``Xxx``, ``2017`` as ``dd``, ``US-led`` as ``XX-xx``: runs cut to two."""
    found: list[str] = []
    for character in word[:_LONGEST]:
        if character.isupper():
            kind = "X"
        elif character.islower():
            kind = "x"
        elif character.isdigit():
            kind = "d"
        else:
            kind = "c" if character.isalpha() else character
        if found[-2:] != [kind, kind]:
            found.append(kind)
    return "".join(found)


@lru_cache(maxsize=_CACHED)
def _own(word: str) -> tuple[str, ...]:
    low = word[:_LONGEST].lower()
    return (
        "w=" + low, "s=" + shape(word), "p2=" + low[:2], "p3=" + low[:3], "p4=" + low[:4],
        "p5=" + low[:5], "p6=" + low[:6], "e5=" + low[-5:],
        "e1=" + low[-1:], "e2=" + low[-2:], "e3=" + low[-3:], "e4=" + low[-4:],
    )  # fmt: skip


@lru_cache(maxsize=_CACHED)
def _seen_from_afar(word: str) -> tuple[str, str, str]:
    low = word[:_LONGEST].lower()
    return low, shape(word), low[-3:]


def features(words: Sequence[str], capitals: Capitals = NOTHING_SEEN) -> list[list[str]]:
    """The features of each word of a stretch; ``capitals`` are those of its document."""
    afar = [_seen_from_afar(word) for word in words]
    last = len(words) - 1
    found = []
    for index, word in enumerate(words):
        row = ["b", *_own(word)]
        own = afar[index]
        if index:
            before = afar[index - 1]
            row += ("-1w=" + before[0], "-1s=" + before[1], "-1e=" + before[2],
                    "-1ss=" + before[1] + own[1])  # fmt: skip
            if index > 1:
                row += ("-2w=" + afar[index - 2][0], "-2s=" + afar[index - 2][1])
        else:
            row += ("first", "first=" + own[1])
        if index < last:
            after = afar[index + 1]
            row += ("+1w=" + after[0], "+1s=" + after[1], "+1e=" + after[2],
                    "+1ss=" + own[1] + after[1])  # fmt: skip
            if index + 1 < last:
                row += ("+2w=" + afar[index + 2][0], "+2s=" + afar[index + 2][1])
        else:
            row.append("last")
        found.append(row)
    _add_known(found, words)
    _add_saying(found, words)
    _add_quoted(found, words)
    _add_capitals(found, words, capitals)
    return found


def _add_known(rows: list[list[str]], words: Sequence[str]) -> None:
    """Tell of words known as names, or as parts of names, what they may be."""
    for index, word in enumerate(words):
        for kind in kinds_of(word):
            for there in range(
                max(0, index - _KNOWN_WITHIN), min(len(rows), index + _KNOWN_WITHIN + 1)
            ):
                rows[there].append(f"k{index - there}={kind}")


def _add_saying(rows: list[list[str]], words: Sequence[str]) -> None:
    """Tell where words of saying stand nearby, and whether any does before or behind."""
    known = words_of_saying()
    places = [index for index, word in enumerate(words) if word.lower() in known]
    if not places:
        return
    for place in places:
        for there in range(
            max(0, place - _SAYING_WITHIN), min(len(rows), place + _SAYING_WITHIN + 1)
        ):
            rows[there].append(f"say{place - there}")
    for row in rows[places[0] + 1 :]:
        row.append("said before")
    for row in rows[: places[-1]]:
        row.append("said behind")


def _add_quoted(rows: list[list[str]], words: Sequence[str]) -> None:
    """Tell of words between quotation marks, of the first mark, and of what follows the last."""
    inside = False
    for index, word in enumerate(words):
        is_mark = word in DOUBLE_QUOTES
        if inside or is_mark:
            rows[index].append("quoted")
        if not is_mark:
            continue
        if not inside or word == _OPENS:
            rows[index].append("quote opens")
            inside = True
        else:
            if index + 1 < len(rows):
                rows[index + 1].append("behind quote")
            inside = False


def _add_capitals(rows: list[list[str]], words: Sequence[str], capitals: Capitals) -> None:
    """Tell of words with a capital how they are written elsewhere in the document."""
    if is_shouted(words):
        for row in rows:
            row.append("shouted")
    last = len(words) - 1
    for index, word in enumerate(words):
        seen = capitals.of(word)
        if seen:
            small = f"small={capitals.small(word)}"
            rows[index] += ("c=" + seen, "cs=" + seen + shape(word), small)
            if index:
                rows[index - 1].append("+1c=" + seen)
            else:
                rows[index] += ("first c=" + seen, "first " + small)
            if index < last:
                rows[index + 1].append("-1c=" + seen)
