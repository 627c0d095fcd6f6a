"""Patterns over tokens as Prodigy writes them in ``patterns.jsonl``: read, checked and matched.

Each line is an object with ``label`` and ``pattern``: a string, or a list of token patterns. Such a
one holds conditions on the token's text; what is not known here is told with file and line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec
import regex
from msgspec import Struct

from annotator.errors import InputError

_FLAGS: dict[str, Callable[[str], bool]] = {
    "IS_ALPHA": str.isalpha,
    "IS_ASCII": str.isascii,
    "IS_DIGIT": str.isdigit,
    "IS_LOWER": str.islower,
    "IS_UPPER": str.isupper,
    "IS_TITLE": str.istitle,
    "IS_PUNCT": lambda text: not any(c.isalnum() for c in text),
    "LIKE_NUM": lambda text: text.replace(",", "").replace(".", "").isdigit(),
}
_TEXTS: dict[str, Callable[[str], str]] = {
    "ORTH": str,
    "TEXT": str,
    "LOWER": str.lower,
}
_TIMES = {"1": (1, 1), "?": (0, 1), "*": (0, 16), "+": (1, 16)}
"""How often a token may come; a star stops at 16, as no name is longer."""
_PATIENCE = 0.1
"""Seconds that a regular expression of a pattern may take at one token."""
_KNOWN = sorted((*_TEXTS, *_FLAGS, "LENGTH", "REGEX", "OP"))

Condition = Callable[[str], bool]


class Element(Struct, frozen=True):
    """Conditions on one token, and how often it comes: at least, at most.

    ``words`` are the only ones that it accepts, in lower case; None: it accepts others too.
    """

    conditions: tuple[Condition, ...]
    least: int
    most: int
    words: frozenset[str] | None = None

    def accepts(self, text: str) -> bool:
        """Whether a token fulfils all conditions."""
        return all(condition(text) for condition in self.conditions)


def compiled(pattern: object, place: str) -> tuple[Element, ...]:
    """A list of token patterns, ready to match. Raises InputError, which names ``place``."""
    if not isinstance(pattern, list) or not pattern:
        raise InputError(f"{place}: a pattern is a string or a list of tokens, not {pattern!r}")
    elements = tuple(_element(token, place) for token in pattern)
    if not any(element.least for element in elements):
        raise InputError(f"{place}: every token of the pattern may be missing")
    return elements


class PatternIndex:
    """Many patterns, each with a number, of which only those are tried that may begin at a word."""

    def __init__(self, patterns: Iterable[tuple[int, Sequence[Element]]]) -> None:
        self._by_word: dict[str, list[tuple[int, Sequence[Element]]]] = {}
        self._others: list[tuple[int, Sequence[Element]]] = []
        for pattern in patterns:
            first = pattern[1][0]
            if first.words is None or first.least == 0:
                self._others.append(pattern)
                continue
            for word in first.words:
                self._by_word.setdefault(word, []).append(pattern)

    def matches(self, words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        """First word, one past the last, and number: of each pattern, from left to right, the
        longest match at each place that its match before has left free."""
        free: dict[int, int] = {}
        for first, word in enumerate(words):
            for pattern in (*self._by_word.get(word.lower(), ()), *self._others):
                if first >= free.get(id(pattern), 0):
                    end = longest_match(pattern[1], words, first)
                    if end > first:
                        free[id(pattern)] = end
                        yield first, end, pattern[0]


def longest_match(elements: Sequence[Element], words: Sequence[str], first: int) -> int:
    """The end of the longest match that begins at ``first``; ``first`` itself where there is none.

    The ends that some elements reach are kept as a set, so the cost is bounded by words × elements.
    """
    ends = {first}
    for element in elements:
        reached = set(ends) if element.least == 0 else set()
        for start in ends:
            at = start
            while at < len(words) and at - start < element.most and element.accepts(words[at]):
                at += 1
                if at - start >= element.least:
                    reached.add(at)
        ends = reached
        if not ends:
            return first
    return max(ends)


def _element(token: object, place: str) -> Element:
    if not isinstance(token, dict):
        raise InputError(f"{place}: a token of a pattern is an object, not {token!r}")
    conditions: list[Condition] = []
    words: frozenset[str] | None = None
    least, most = 1, 1
    for key, value in token.items():
        name = str(key).upper()
        if name == "OP":
            if str(value) not in _TIMES:
                raise InputError(
                    f"{place}: OP {value!r} is not supported", f"It is one of: {' '.join(_TIMES)}."
                )
            least, most = _TIMES[str(value)]
        else:
            conditions.append(_condition(name, value, place))
            if name in _TEXTS and words is None:
                words = _words_of(value)
    return Element(tuple(conditions), least, most, words)


def _words_of(value: object) -> frozenset[str] | None:
    """The words that the condition on a text names, in lower case; None where it names none."""
    if isinstance(value, dict):
        value = value.get("IN")
    if isinstance(value, str):
        return frozenset([value.lower()])
    return frozenset(str(word).lower() for word in value) if isinstance(value, list) else None


def _condition(name: str, value: object, place: str) -> Condition:
    if name in _FLAGS and isinstance(value, bool):
        flag = _FLAGS[name]
        return lambda text: flag(text) is value
    if name == "LENGTH" and isinstance(value, int):
        return lambda text: len(text) == value
    if name == "REGEX" and isinstance(value, str):
        return _expression(value, place)
    if name in _TEXTS:
        return _on_text(_TEXTS[name], name, value, place)
    raise InputError(
        f"{place}: the key {name} with {value!r} is not supported",
        f"There is: {', '.join(_KNOWN)}.",
    )


def _on_text(form: Callable[[str], str], name: str, value: object, place: str) -> Condition:
    if isinstance(value, str):
        return lambda text: form(text) == value
    if isinstance(value, dict) and len(value) == 1:
        ((how, wanted),) = value.items()
        if how == "REGEX" and isinstance(wanted, str):
            matches = _expression(wanted, place)
            return lambda text: matches(form(text))
        if how in ("IN", "NOT_IN") and isinstance(wanted, list):
            among = frozenset(str(word) for word in wanted)
            return lambda text: (form(text) in among) is (how == "IN")
    raise InputError(
        f"{place}: {name} cannot be {value!r}",
        'It is a string, {"REGEX": "…"}, {"IN": [...]} or {"NOT_IN": [...]}.',
    )


def _expression(source: str, place: str) -> Condition:
    try:
        expression = regex.compile(source)
    except regex.error as error:
        raise InputError(f"{place}: the regular expression {source!r}: {error}") from error

    def matches(text: str) -> bool:
        try:
            return expression.search(text, timeout=_PATIENCE) is not None
        except TimeoutError:
            return False

    return matches


def pattern_lines(lines: Iterator[bytes], shown: str) -> Iterator[tuple[str, Any, str]]:
    """Label, pattern and place (file:line) of each line. Raises InputError."""
    for number, line in enumerate(lines, start=1):
        place = f"{shown}:{number}"
        if not line.strip():
            continue
        try:
            found = msgspec.json.decode(line)
        except msgspec.DecodeError as error:
            raise InputError(f"{place}: this is no JSON: {error}") from error
        if not isinstance(found, dict) or not isinstance(found.get("label"), str):
            raise InputError(f"{place}: a pattern is an object with label and pattern")
        yield found["label"], found.get("pattern"), place
