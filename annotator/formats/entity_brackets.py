"""Spans as brackets on tokens, as in CoNLL coreference columns and the key ``Entity`` of CorefUD.

``(e1-person`` opens at a token, ``e1)`` closes behind one, ``(e1-person)`` does both. What closes
says the whole of what opened, or its first field; spans may cross. ``e1[1/2]`` is the first of two
fragments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote

from msgspec import Struct, field

_BRACKET = re.compile(r"(\()?([^()]+)(\))?")
_WHOLE = re.compile(r"(?:\([^()]++\)?+|[^()]++\))++")
_SPECIAL = re.compile(r"[^\w./]")
_PART = re.compile(r"(.*)\[(\d{1,4})/(\d{1,4})\]", re.DOTALL)


class Bracketed(Struct):
    """What brackets enclose: its fields, and its fragments as half-open numbers of tokens."""

    fields: list[str]
    fragments: list[tuple[int, int]] = field(default_factory=list)
    parts: int = 1
    """How many fragments it should have."""


class _Opening(Struct):
    """A bracket that was opened at a token, and what it encloses."""

    start: int
    made: Bracketed
    is_open: bool = True


def are_brackets(value: str) -> bool:
    """Whether a cell holds brackets and nothing else."""
    return _WHOLE.fullmatch(value) is not None


class Brackets:
    """Takes the cells of one document in order, and gives what they enclose."""

    def __init__(self) -> None:
        self._open: dict[str, list[_Opening]] = {}
        """By their first field, which may close them; closed ones are dropped when met."""
        self._open_whole: dict[str, list[_Opening]] = {}
        """The same by their whole content."""
        self._parts: dict[str, Bracketed] = {}
        self.found: list[Bracketed] = []
        """In the order of their beginnings."""
        self.wrong: list[tuple[int, str]] = []
        """Tokens with brackets that close nothing, or are no brackets."""

    def cell(self, value: str, start: int, end: int) -> None:
        """What stands on a token: spans open at token ``start`` and close behind ``end`` - 1.

        They are the same but for a token that has no text, where ``end`` is ``start``.
        """
        if not are_brackets(value):
            self.wrong.append((start, value))
            return
        for opens, content, closes in _BRACKET.findall(value):
            content = content.strip("|")  # which parts them in CoNLL-2012
            if opens:
                self._begin(content, start)
            if closes and not self._close(content, end):
                self.wrong.append((start, content))

    def _begin(self, content: str, start: int) -> None:
        fields = content.split("-")
        part = _PART.fullmatch(fields[0])
        key = fields[0]
        if part is None:
            made = Bracketed(fields)
            self.found.append(made)
        else:
            fields[0], number, parts = part[1], int(part[2]), int(part[3])
            known = self._parts.get(part[1])
            if known is None or number == 1:
                known = self._parts[part[1]] = Bracketed(fields, parts=parts)
                self.found.append(known)
            made = known
        opening = _Opening(start, made)
        self._open.setdefault(key, []).append(opening)
        self._open_whole.setdefault(content, []).append(opening)

    def _close(self, content: str, end: int) -> bool:
        key = content.split("-", 1)[0]
        # Of several that one word may close, the one with just this content, else the last.
        opening = _last(self._open_whole.get(content)) or _last(self._open.get(key))
        if opening is None:
            return False
        opening.is_open = False
        opening.made.fragments.append((opening.start, end))
        return True


def _last(openings: list[_Opening] | None) -> _Opening | None:
    """The last that is still open."""
    while openings:
        if openings[-1].is_open:
            return openings[-1]
        openings.pop()
    return None


def written(spans: Iterable[tuple[str, list[tuple[int, int]]]]) -> dict[int, str]:
    """The brackets on each token of spans, given as label and fragments of tokens in their order.

    Tokens count through the document. Longer spans open first.
    """
    opening: dict[int, list[tuple[int, str]]] = {}
    closing: dict[int, list[str]] = {}
    for number, (label, fragments) in enumerate(spans, start=1):
        for n, (start, end) in enumerate(fragments, start=1):
            part = f"[{n}/{len(fragments)}]" if len(fragments) > 1 else ""
            word = f"(e{number}{part}-{escaped(label)}"
            if end - start == 1:
                word += ")"
            else:
                closing.setdefault(end - 1, []).append(f"e{number}{part})")
            opening.setdefault(start, []).append((-end, word))
    return {
        token: "".join(closing.get(token, []))
        + "".join(word for _, word in sorted(opening.get(token, []), key=lambda entry: entry[0]))
        for token in sorted({*opening, *closing})
    }


def escaped(label: str) -> str:
    """A label as a field: what means something there is written as in an address, ``%2D``."""
    return _SPECIAL.sub(lambda match: quote(match[0]).replace("-", "%2D"), label)


def unescaped(field: str) -> str:
    """The label that a field stands for."""
    return unquote(field)
