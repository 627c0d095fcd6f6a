"""How well a mention fits an actor's names: the same, an acronym, a surname, or a part."""

from __future__ import annotations

from annotator.core.annotation import Actor

SAME = 4
ACRONYM = 3
SURNAME = 2
PART = 1

_SMALL = frozenset(
    ["of", "the", "for", "and", "in", "to", "der", "die", "das", "des", "und", "für", "von", "de",
     "la", "le", "du", "del"]
)  # fmt: skip
_PERSONAL = frozenset(
    ["he", "she", "him", "her", "his", "hers", "i", "me", "er", "sie", "ihn", "ihm", "ihr"]
)
"""Pronouns that stand for a person."""
_OPENING = frozenset(["the", "a", "an", "der", "die", "das", "ein", "eine"])
_TITLES = frozenset(
    ["mr", "mrs", "ms", "miss", "dr", "prof", "professor", "president", "minister", "general",
     "gen", "colonel", "col", "senator", "sen", "king", "queen", "prince", "pope", "sir", "herr",
     "frau", "präsident", "präsidentin", "ministerin", "kanzler", "kanzlerin"]
)  # fmt: skip
"""Words before a surname."""


def fit(mention: str, actor: Actor) -> int:
    """How well, from 0 (not at all) to SAME, by the best of the actor's names."""
    return max(_fit_name(_words(mention), _words(name)) for name in (actor.name, *actor.aliases))


def stands_for_person(mention: str) -> bool:
    """Whether the mention is a pronoun for a person; who, only the text around it tells."""
    return mention.strip().casefold() in _PERSONAL


def _words(text: str) -> list[str]:
    words = text.replace(".", "").replace("’s", "").replace("'s", "").split()
    if len(words) > 1 and words[0].casefold() in _OPENING:
        words = words[1:]
    while len(words) > 1 and words[0].casefold() in _TITLES:
        words = words[1:]
    return words


def _fit_name(mention: list[str], name: list[str]) -> int:
    ours, theirs = ([word.casefold() for word in words] for words in (mention, name))
    if not ours or not theirs:
        return 0
    if ours == theirs:
        return SAME
    if _is_acronym(mention, name) or _is_acronym(name, mention):
        return ACRONYM
    surnames = {words[-1].removeprefix("al-") for words in (ours, theirs)}
    if len(surnames) == 1 and (len(ours) == 1 or len(theirs) == 1):
        return SURNAME
    if (set(ours) & set(theirs)) - _SMALL or _begins_acronym(mention, name):
        return PART
    return 0


def _begins_acronym(short: list[str], long: list[str]) -> bool:
    """Whether the short name leaves the end of the long one out: the US, of the USA."""
    ends = range(2, len(long))
    return any(_is_acronym(short, long[:end]) for end in ends)


def _is_acronym(short: list[str], long: list[str]) -> bool:
    if len(short) != 1 or len(short[0]) < 2 or not short[0].isupper() or len(long) < 2:
        return False
    parts = [part for word in long for part in word.split("-") if part]
    main = "".join(part[0] for part in parts if part.casefold() not in _SMALL)
    return short[0].casefold() in (main.casefold(), "".join(part[0] for part in parts).casefold())
