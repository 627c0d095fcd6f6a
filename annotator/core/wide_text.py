"""Clusters of more than one code point or of another width than one cell, and what to show of them.

The width of a cluster follows the rule of ``rich.cells.cell_len``, which is what Textual crops and
pads rows by; the tests hold the two together. What that rule and the terminals would not agree on
(a joiner between letters, half a flag, a lone skin tone, marks without a base) is shown by a
stand-in on which they do.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import regex
from wcwidth import iter_graphemes, wcwidth
from wcwidth.table_vs16 import VS16_NARROW_TO_WIDE

LONGEST_CLUSTER = 32
"""Code points in one cluster at most, so that a heap of marks cannot fill a screen's memory: the
limit of Unicode's Stream-Safe Text Format (UAX #15), which no writing system comes near."""

_ZWJ = "\u200d"
_VS16 = "\ufe0f"
_DOTTED_CIRCLE = "◌"
_SKIN_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
_FIRST_FLAG_LETTER, _LAST_FLAG_LETTER = "\U0001f1e6", "\U0001f1ff"
_PICTOGRAPH = regex.compile(r"\p{Extended_Pictographic}")
_DISPUTED = regex.compile(r"[\p{Mc}\p{Indic_Syllabic_Category=Virama}\u200c]")
"""Marks that some terminals give a cell, and those that join letters to fewer cells than theirs."""
_NARROW_TO_WIDE = frozenset(
    chr(code) for first, last in VS16_NARROW_TO_WIDE["9.0.0"] for code in range(first, last + 1)
)


def clusters(text: str) -> Iterator[str]:
    """The grapheme clusters of a safe text, none longer than LONGEST_CLUSTER."""
    for cluster in iter_graphemes(text):
        if len(cluster) <= LONGEST_CLUSTER:
            yield cluster
        else:
            for at in range(0, len(cluster), LONGEST_CLUSTER):
                yield cluster[at : at + LONGEST_CLUSTER]


@lru_cache(maxsize=8192)
def measure(cluster: str, safe_glyphs: bool = False) -> tuple[str, int]:
    """See ``safe_text.measure``."""
    shown = _plain(cluster) if safe_glyphs else _tame(cluster)
    width = _width(shown)
    if width:
        return shown, width
    shown = _DOTTED_CIRCLE + shown.translate({0x200C: None, 0x200D: None, 0xFE0F: None})
    return (shown, 1) if _width(shown) == 1 else (_DOTTED_CIRCLE, 1)


def _tame(cluster: str) -> str:
    base = cluster[0]
    if _is_flag_letter(base):
        if len(cluster) > 1 and _is_flag_letter(cluster[1]):
            return cluster[:2]
        return _circled(base)
    if base in _SKIN_TONES:
        return ""
    if len(cluster) == 1:
        return cluster
    if _PICTOGRAPH.match(base):
        return cluster.rstrip(_ZWJ)
    return "".join(
        c
        for c in cluster
        if c != _ZWJ and c not in _SKIN_TONES and (c != _VS16 or base in _NARROW_TO_WIDE)
    )


def _plain(cluster: str) -> str:
    base = cluster[0]
    if _is_flag_letter(base):
        return "".join(_circled(c) for c in cluster[:2] if _is_flag_letter(c))
    if base in _SKIN_TONES:
        return ""
    if _PICTOGRAPH.match(base) or _VS16 in cluster:
        return base
    return str(_DISPUTED.sub("", _tame(cluster)))


def _is_flag_letter(character: str) -> bool:
    return _FIRST_FLAG_LETTER <= character <= _LAST_FLAG_LETTER


def _circled(flag_letter: str) -> str:
    return chr(ord(flag_letter) - ord(_FIRST_FLAG_LETTER) + ord("Ⓐ"))


def _width(shown: str) -> int:
    """The rule of ``rich.cells.cell_len``: a joiner hides what follows it, U+FE0F may widen."""
    total, last, hidden = 0, "", False
    for character in shown:
        if hidden:
            hidden = False
        elif character == _ZWJ:
            hidden = True
        elif character == _VS16:
            total += last in _NARROW_TO_WIDE
            last = ""
        elif width := _character_width(character):
            total += width
            last = character
    return total


def _character_width(character: str) -> int:
    if _is_flag_letter(character):
        return 1
    if character in _SKIN_TONES:
        return 0
    return max(0, wcwidth(character))
