"""Text as it may be shown: one code point for each, none of which a terminal would act upon.

Also the width of what is shown. A terminal cell is the unit of width; the unit shown is the
grapheme cluster (UAX #29). The width of a cluster follows the rule of ``rich.cells.cell_len``,
which is what Textual crops and pads rows by; the tests hold the two together. What that rule and
the terminals would not agree on (a joiner between letters, half a flag, a lone skin tone, marks
without a base) is shown by a stand-in on which they do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import category

import regex
from wcwidth import iter_graphemes, wcwidth
from wcwidth.table_vs16 import VS16_NARROW_TO_WIDE

REPLACEMENT = "\ufffd"
NEWLINE = "↵"
LONGEST_CLUSTER = 32
"""Code points in one cluster at most, so that a heap of marks cannot fill a screen's memory: the
limit of Unicode's Stream-Safe Text Format (UAX #15), which no writing system comes near."""

_ZWJ = "\u200d"
_ZWNJ = "\u200c"
_VS16 = "\ufe0f"
_DOTTED_CIRCLE = "◌"
_SKIN_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
_FIRST_FLAG_LETTER, _LAST_FLAG_LETTER = "\U0001f1e6", "\U0001f1ff"
_KEPT = frozenset(
    f"{_ZWNJ}{_ZWJ}\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
"""Format characters that stay: the two joiners, and the signs that span Arabic or Kaithi digits."""
_NOT_COMMON = re.compile(
    "[^ -~\xa0-\xac\xae-\u0377\u0400-\u052f\u05d0-\u05ea\u0620-\u06dc\u0905-\u0939\u0e01-\u0e3a"
    "\u1e00-\u1eff\u2010-\u2027\u202f-\u205f\u2190-\u23ff\u3041-\u3096\u30a0-\u30ff\u4e00-\u9fff\uac00-\ud7a3]"
)
"""What has to be looked up one by one: anything but stretches of text that are safe throughout."""
_PICTOGRAPH = regex.compile(r"\p{Extended_Pictographic}")
_NARROW_TO_WIDE = frozenset(
    chr(code) for first, last in VS16_NARROW_TO_WIDE["9.0.0"] for code in range(first, last + 1)
)


class _SafeTable(dict[str, str]):
    """Code point → what is shown for it; each is decided once."""

    def __missing__(self, character: str) -> str:
        fine = character.isprintable() or category(character) == "Zs" or character in _KEPT
        shown = self[character] = character if fine else REPLACEMENT
        return shown


_SAFE = _SafeTable(
    {chr(code): chr(0x2400 + code) for code in range(0x20)}
    | {
        "\n": NEWLINE,
        "\x7f": "\u2421",
        "\xad": "¬",
        "\u200b": "¦",
        "\u2028": NEWLINE,
        "\u2029": "¶",
    }
)


def _stand_in(match: re.Match[str]) -> str:
    return _SAFE[match[0]]


def safe(text: str) -> str:
    """``text`` with a visible stand-in of one cell for each code point a terminal would act on.

    The result has the same length, and each code point stands where the one it shows stood.

    * C0 controls → their pictures U+2400…, tab among them; DEL → U+2421
    * ``\\n`` and U+2028 → ``↵``; U+2029 → ``¶``; soft hyphen → ``¬``; zero-width space → ``¦``
    * C1, surrogates, bidi controls, other format characters, private code points, and those
      that this Python's Unicode does not know (terminals know no width for them) → U+FFFD

    The joiners U+200C and U+200D stay: scripts need them, and :func:`measure` tames the second.
    """
    return text if text.isprintable() else _NOT_COMMON.sub(_stand_in, text)


def clusters(text: str) -> Iterator[str]:
    """The grapheme clusters of a text that is :func:`safe`, none longer than LONGEST_CLUSTER."""
    for cluster in iter_graphemes(text):
        if len(cluster) <= LONGEST_CLUSTER:
            yield cluster
        else:
            for at in range(0, len(cluster), LONGEST_CLUSTER):
                yield cluster[at : at + LONGEST_CLUSTER]


@lru_cache(maxsize=8192)
def measure(cluster: str, safe_glyphs: bool = False) -> tuple[str, int]:
    """What to show for one safe cluster, and the cells it takes: never none.

    ``safe_glyphs`` is for terminals that draw joined emoji, flags, skin tones or U+FE0F in another
    width: the base alone is shown, and of a flag its two letters.
    """
    shown = _plain(cluster) if safe_glyphs else _tame(cluster)
    width = _width(shown)
    if width:
        return shown, width
    shown = _DOTTED_CIRCLE + shown.translate({0x200C: None, 0x200D: None, 0xFE0F: None})
    return (shown, 1) if _width(shown) == 1 else (_DOTTED_CIRCLE, 1)


def cell_width(text: str) -> int:
    """The cells that a safe text takes when shown as :func:`fit` shows it."""
    return sum(measure(cluster)[1] for cluster in clusters(text))


def fit(text: str, width: int) -> tuple[str, int]:
    """As many whole clusters of any text as ``width`` cells hold, made safe; and their cells."""
    if width <= 0:
        return "", 0
    if text.isascii() and text.isprintable():
        shown = text[:width]
        return shown, len(shown)
    pieces, used = [], 0
    for cluster in clusters(safe(text)):
        shown, cells = measure(cluster)
        if used + cells > width:
            break
        pieces.append(shown)
        used += cells
    return "".join(pieces), used


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
    return _tame(cluster)


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
