"""Text as it may be shown: one code point for each, none of which a terminal would act upon.

Also the width of what is shown. A terminal cell is the unit of width; the unit shown is the
grapheme cluster (UAX #29). Text of letters and signs that are one cell and one cluster each, all
that most news consists of, is measured here; any other in ``wide_text``, loaded when first met:
its tables would be a tenth of the time a start takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from unicodedata import category

REPLACEMENT = "\ufffd"
NEWLINE = "↵"
ELLIPSIS = "…"
_TWO_ENDS = 8
"""Cells in which there is room for both ends of a text."""

_KEPT = frozenset(
    "\u200c\u200d\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
"""Format characters that stay: the two joiners, and the signs that span Arabic or Kaithi digits."""
_NOT_COMMON = (
    "[^ -~\xa0-\xac\xae-\u0377\u0400-\u052f\u05d0-\u05ea\u0620-\u06dc\u0905-\u0939\u0e01-\u0e3a"
    "\u1e00-\u1eff\u2010-\u2027\u202f-\u205f\u2190-\u23ff\u3041-\u3096\u30a0-\u30ff\u4e00-\u9fff\uac00-\ud7a3]"
)
"""What has to be looked up one by one: anything but stretches of text that are safe throughout."""
_PLAIN = re.compile(
    "[ -~\xa0-\xac\xae-\u02ff\u0391-\u03a1\u03a3-\u0482\u048a-\u052f\u05d0-\u05ea"
    "\u1e00-\u1eff\u2010-\u2027\u202f-\u205e\u20a0-\u20bf\u2190-\u21ff\u2400-\u2421"
    "\u2500-\u257f\ufffd]*"
)
"""One cell and one cluster each, whatever of them stands beside it; a test asks the tables."""


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


@cache
def _not_common() -> re.Pattern[str]:
    """Compiled with the first text that is not fine as it is: that takes a millisecond."""
    return re.compile(_NOT_COMMON)


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
    return text if text.isprintable() else _not_common().sub(_stand_in, text)


def clusters(text: str) -> Iterable[str]:
    """The grapheme clusters of a text that is :func:`safe`, of at most 32 code points each."""
    if _is_plain(text):
        return text
    from annotator.core import wide_text

    return wide_text.clusters(text)


def measure(cluster: str, safe_glyphs: bool = False) -> tuple[str, int]:
    """What to show for one safe cluster, and the cells it takes: never none.

    ``safe_glyphs`` is for terminals that draw joined emoji, flags, skin tones, U+FE0F or the
    letters of Indic scripts in another width: of emoji the base alone is shown, of a flag its two
    letters, and of an Indic syllable its letters, unjoined and without the marks beside them.
    """
    if len(cluster) == 1 and _is_plain(cluster):
        return cluster, 1
    from annotator.core import wide_text

    return wide_text.measure(cluster, safe_glyphs)


def cell_width(text: str) -> int:
    """The cells that a safe text takes when shown as :func:`fit` shows it."""
    if _is_plain(text):
        return len(text)
    return sum(measure(cluster)[1] for cluster in clusters(text))


def fit(text: str, width: int) -> tuple[str, int]:
    """As many whole clusters of any text as ``width`` cells hold, made safe; and their cells."""
    if width <= 0:
        return "", 0
    text = safe(text)
    if _is_plain(text):
        shown = text[:width]
        return shown, len(shown)
    pieces, used = [], 0
    for cluster in clusters(text):
        shown, cells = measure(cluster)
        if used + cells > width:
            break
        pieces.append(shown)
        used += cells
    return "".join(pieces), used


def cut(text: str, width: int) -> str:
    """A text as :func:`fit` shows it; ``…`` follows where ``width`` cells do not hold its end."""
    if cell_width(safe(text)) <= width:
        return fit(text, width)[0]
    return fit(text, width - 1)[0] + ELLIPSIS[: max(0, width)]


def cut_front(text: str, width: int) -> str:
    """The same of its end: where its beginning has no room, ``…`` stands before the rest."""
    shown = safe(text)
    if cell_width(shown) <= width or width <= 1:
        return cut(text, width)
    return _end(shown, width)


def cut_within(text: str, width: int) -> str:
    """The same of both ends: names differ at either."""
    shown = safe(text)
    if cell_width(shown) <= width or width < _TWO_ENDS:
        return cut(text, width)
    head, taken = fit(shown, (width - 1) // 2)
    return head + _end(shown[len(head) :], width - taken)


def _end(shown: str, width: int) -> str:
    """``…`` and as much of the end of a safe text as there is room for."""
    starts = range(max(0, len(shown) - width + 1), len(shown) + 1)
    rests = (shown[start:] for start in starts)
    return ELLIPSIS + next(fit(rest, width)[0] for rest in rests if cell_width(rest) < width)


def _is_plain(text: str) -> bool:
    return text.isascii() or _PLAIN.fullmatch(text) is not None
