"""Words of saying in a language, from a file of this package, and which language a text is in."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct

_LOOKED_AT = 2_000
"""Tokens of a text by which its language is known."""
_LEAST = 0.06
"""The share of a language's frequent words from which on a text is in it."""


class Lexicon(Struct, frozen=True, forbid_unknown_fields=True):
    """The words of one language, lower case; see the comments in ``lexicons/en.toml``."""

    language: str
    known_by: frozenset[str]
    verbs: frozenset[str]
    verbs_of_clauses: frozenset[str]
    verbs_to: frozenset[str]
    other_verbs: frozenset[str]
    with_particle: dict[str, list[str]]
    openers: frozenset[str]
    opener_is_inside: bool
    prepositions: list[str]
    postpositions: frozenset[str]
    joins_nouns: frozenset[str]
    joins_places: frozenset[str]
    behind_comma: frozenset[str]
    adverbs: frozenset[str]
    not_before: frozenset[str]
    nouns_are_capital: bool
    verb_comes_second: bool
    pronouns: frozenset[str]
    subjects: frozenset[str]
    relatives: frozenset[str]
    hearers: frozenset[str]
    before_hearer: frozenset[str]
    connectors: frozenset[str]
    beside_verb: frozenset[str]
    determiners: frozenset[str]
    articles: frozenset[str]
    no_verb_behind: frozenset[str]
    passive: frozenset[str]
    auxiliaries: frozenset[str]
    adverbials: frozenset[str]
    times: frozenset[str]
    phrase_ends: frozenset[str]
    conjunctions: frozenset[str]
    clause_openers: frozenset[str]
    joins: frozenset[str]
    aside: frozenset[str]
    negations: frozenset[str]
    irregular_pasts: frozenset[str]


@cache
def lexicons() -> tuple[Lexicon, ...]:
    """All languages there are."""
    folder = resources.files("annotator.suggest") / "lexicons"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return tuple(msgspec.convert(tomllib.loads(file.read_text("utf-8")), Lexicon) for file in files)


@cache
def words_of_saying() -> frozenset[str]:
    """Those of all languages, in small letters; of a cue in several words none, and none of the
    verbs that say something only now and then."""
    found: set[str] = set()
    for lexicon in lexicons():
        found |= lexicon.verbs | lexicon.with_particle.keys() | lexicon.postpositions
        found |= {word for word in lexicon.prepositions if " " not in word}
    return frozenset(found)


def lexicon_of(words: Sequence[str]) -> Lexicon | None:
    """The lexicon of the language that the words are in, if there is one."""
    seen = [word.lower() for word in words[:_LOOKED_AT]]
    if not seen:
        return None
    shares = [
        (sum(word in lexicon.known_by for word in seen) / len(seen), lexicon.language, lexicon)
        for lexicon in lexicons()
    ]
    share, _, best = max(shares, key=lambda entry: entry[:2])
    several = len(best.known_by.intersection(seen)) > 1
    return best if several and share >= _LEAST else None
