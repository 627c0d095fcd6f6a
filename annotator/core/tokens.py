"""Tokens of a text: Unicode word boundaries (UAX #29) with the habits of Universal Dependencies.

The regex library knows the boundaries. On top of them English clitics are parted (``do|n't``,
``SDF|’s``), runs of one punctuation mark, addresses, dates and abbreviations with their full stop
stay whole, and words on a short prefix (``co-ordination``) keep their hyphen; other compounds part.
"""

from __future__ import annotations

import re

import regex

from annotator.core.ranges import Range

TOKENIZER = "annotator-uax29"
TOKENIZER_VERSION = "1"

# What str.isspace calls white space; the regex library leaves out the four separators.
_SPACE = r"\s\x1c-\x1f"
# Whatever belongs to the grapheme before it; possessive where repeated, so that it stays linear.
_EXTEND = r"[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]"
_CLITIC = r"['’](?i:s|m|d|re|ve|ll)(?!\w)"

_GRAPHEME = rf"(?:\p{{GCB=Prepend}}++(?:\p{{RI}}{{2}}|[^{_SPACE}])?|[^{_SPACE}]){_EXTEND}*+"
# Words pair regional indicators with marks between them too, graphemes do not: these decide.
_GENERIC = rf"""
    \p{{RI}}\p{{RI}}?+{_EXTEND}*+
  | {_GRAPHEME}(?:\B(?!\p{{RI}}){_GRAPHEME})*+
"""
_FLAGS = regex.VERBOSE | regex.WORD | regex.VERSION1
_UAX29 = regex.compile(_GENERIC, _FLAGS)
_TOKEN = regex.compile(
    rf"""
    (?:
        (?:https?://|www\.)[^<>"“”]*[^<>"“”.,;:!?'’)\]}}]
      | [\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,8}}
      | [0-9]{{1,4}}/[0-9]{{1,2}}/[0-9]{{1,4}}(?!\w)
      | [0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?(?!\w)
      | (?<!\w)(?:\p{{L}}\.){{2,8}}(?!\w)
      | (?<!\w)(?:Mr|Mrs|Ms|Dr|Drs|Prof|Gen|Col|Lt|Sgt|Capt|Sen|Rep|Gov|Rev|St|Mt|Jr
          |Sr|Inc|Ltd|Co|Corp|Bros|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|No|vs|etc|Ave|Blvd)\.(?!\w)
      | (?<![\w:;=])[:;=]-?[)(DPp](?![\w(])
      | (?<!\w)[#@](?=\p{{L}})\w++
      | (?<!\w)(?i:e|co|pre|pro|anti|non|mid|re|un|multi|inter|vice|ex|semi|sub|wi|post)
          -\p{{L}}++(?![-'’\w])
      | (?i:can(?=not(?!\w)) | (?<=(?<!\w)can)not(?!\w))
      | \p{{L}}+(?=(?i:n['’]t)(?!\w)) | (?<=\p{{L}})(?i:n['’]t)(?!\w)
      | [\p{{L}}\p{{N}}]+(?={_CLITIC}) | (?<=[\p{{L}}\p{{N}}]){_CLITIC}
      | [!?]{{2,}}+ | ([.\-=_*~#+$<>^|\\–—])\1++
    )(?<!\p{{GCB=Prepend}})(?!{_EXTEND})
    | {_GENERIC}
    """,
    _FLAGS,
)

_SPECIAL = re.compile(r"['’@/.:;=\-#!?+*_~$<>^|\\–—]|cannot", re.IGNORECASE)
_INITIAL = re.compile(r"[A-HJ-Z]\.")
_KEPT, _KEPT_LENGTH = 32_768, 40


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Range]:
    """The tokens of ``text[start:end]``: ascending half-open ranges in code points of ``text``.

    All that is not white space (``str.isspace``) lies in exactly one token, and no token cuts a
    grapheme, save one that holds white space itself. Nothing outside of the range is looked at,
    so a sentence has the same tokens wherever it stands.
    """
    return [Range(*edges) for edges in token_edges(text, start, end)]


def token_edges(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The same as plain pairs, which cost half as much: for writing whole documents."""
    piece = text[start:end]
    chunks = piece.split()  # by what str.isspace calls white space
    is_spaced = " ".join(chunks) == piece
    found: list[tuple[int, int]] = []
    add, known = found.append, _known.get
    first, after = start, start
    for chunk in chunks:
        if not is_spaced:
            first = start + piece.index(chunk, after - start)
        after = first + len(chunk)
        parts = known(chunk) or _learnt(chunk)
        if len(parts) == 1 or (
            len(chunk) == 2 and after - start < len(piece) and _INITIAL.fullmatch(chunk)
        ):
            add((first, after))
        else:
            for a, b in parts:
                add((first + a, first + b))
        first = after + 1
    return found


_known: dict[str, tuple[tuple[int, int], ...]] = {}
"""The tokens of chunks that were met; words come again."""


def _learnt(chunk: str) -> tuple[tuple[int, int], ...]:
    """The tokens of a chunk without white space, relative to it."""
    pattern = _TOKEN if _SPECIAL.search(chunk) else _UAX29
    parts = tuple(match.span() for match in pattern.finditer(chunk))
    if len(chunk) <= _KEPT_LENGTH:
        if len(_known) >= _KEPT:
            _known.clear()
        _known[chunk] = parts
    return parts
