"""What a person looks for: words, a /regular expression/, and what annotations say of themselves.

``said on Monday`` is a phrase; any white space parts its words, and upper and lower case are alike
unless the phrase has a capital. ``"flagged"`` in quotation marks is a phrase whatever it holds.
``/…/`` is a regular expression (module ``regex``). ``label:``, ``layer:``, ``actor:``, ``note:``
with a value, and ``flagged``, ask for annotations; words beside them must be in the annotation's
text. All terms must hold.
"""

from __future__ import annotations

from typing import Any, Final

import regex
from msgspec import Struct

from annotator.errors import UsageError

FIELDS: Final = ("label", "layer", "actor", "note")
FLAGGED: Final = "flagged"

_TERM: Final = regex.compile(
    rf"""
      (?P<field>{"|".join(FIELDS)}):(?:"(?P<quoted>[^"]*)"?|(?P<value>\S*))
    | /(?P<regex>(?:\\.|[^/\\])*)/?(?=\s|$)
    | "(?P<phrase>[^"]*)"?
    | (?P<word>\S+)
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_ALIKE: Final = {"'": "['’‘]", "-": "[-‐‑–]"}
"""What a keyboard has one key for and a text several signs."""

Pattern = Any
"""A compiled pattern of the module ``regex``, which has no types."""


class Query(Struct, frozen=True):
    """What was typed, understood. Values are folded; patterns are to be found all."""

    source: str
    patterns: tuple[Pattern, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    flagged: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.patterns or self.asks_annotations)

    @property
    def asks_annotations(self) -> bool:
        """Whether annotations are meant, and not any place in the text."""
        return bool(self.fields) or self.flagged

    def values(self, field: str) -> list[str]:
        """What is asked of a field, folded."""
        return [value for name, value in self.fields if name == field]


def parse_query(source: str) -> Query:
    """The query that was typed. Raises UsageError where a regular expression is none."""
    patterns: list[Pattern] = []
    fields: list[tuple[str, str]] = []
    phrase: list[str] = []
    flagged = False

    def end_phrase() -> None:
        if phrase:
            patterns.append(_of_phrase(" ".join(phrase)))
            phrase.clear()

    for term in _TERM.finditer(source):
        word = term["word"]
        if word is not None and word.casefold() != FLAGGED:
            phrase.append(word)
            continue
        end_phrase()
        if term["field"] is not None:
            value = term["quoted"] if term["quoted"] is not None else term["value"]
            fields.append((term["field"].casefold(), value.casefold()))
        elif term["regex"] is not None:
            patterns += [_of_regex(term["regex"])] if term["regex"] else []
        elif term["phrase"] is not None:
            patterns += [_of_phrase(term["phrase"])] if term["phrase"].strip() else []
        else:
            flagged = True
    end_phrase()
    return Query(source, tuple(patterns), tuple(fields), flagged)


def _of_phrase(phrase: str) -> Pattern:
    words = ("".join(_ALIKE.get(c) or regex.escape(c) for c in w) for w in phrase.split())
    return regex.compile(r"\s+".join(words), _case(phrase))


def _of_regex(source: str) -> Pattern:
    try:
        return regex.compile(source, _case(regex.sub(r"\\.", "", source)))
    except (regex.error, OverflowError, RecursionError, ValueError) as error:
        reason = getattr(error, "msg", None) or "too large"
        raise UsageError(f"/{source}/ is no regular expression: {reason}") from error


def _case(source: str) -> int:
    return 0 if any(c.isupper() for c in source) else int(regex.IGNORECASE)
