"""Who says it: the phrase beside a word of saying, or between it and a quotation.

Without a parser: a phrase goes as far as names, determiners and what joins them go.
"""

from __future__ import annotations

from collections.abc import Sequence

from annotator.core.ranges import Range
from annotator.suggest.lexicon import Lexicon

LONGEST_SOURCE = 16
"""Tokens of a source at most."""
COMMAS = frozenset(",;:")
STOPS = frozenset(".!?")
DOUBLE_QUOTES = '"“”„‟«»'
_LONGEST_PLAIN = 6
"""Tokens of a source without capital or determiner at most."""


class Sources:
    """The phrases of one sentence, given as its tokens (half-open, code points of the text)."""

    def __init__(self, text: str, places: Sequence[Range], lexicon: Lexicon) -> None:
        self._text = text
        self._lexicon = lexicon
        self._places = places
        self._words = [text[a:b] for a, b in places]
        self._low = [word.lower() for word in self._words]

    def before(self, first: int, inside: int = -1) -> Range | None:
        """The phrase that ends before the cue, over an apposition between commas."""
        lexicon = self._lexicon
        end = first
        closes = False
        while end > 0 and (self._low[end - 1] in lexicon.beside_verb or self._low[end - 1] == ","):
            closes = self._low[end - 1] == ","
            end -= 1
        start = self._phrase_start(end)
        if closes and start > 0 and self._low[start - 1] == ",":
            start = self._phrase_start(start - 1)
        while start < end and self._low[start] in self._lexicon.connectors:
            start += 1
        if start >= end or self._places[start].start < inside:
            return None
        if not self._opens_source(start) and not (end == first and self._is_plain(start, end)):
            return None
        return Range(self._places[start].start, self._places[end - 1].end)

    def _is_plain(self, start: int, end: int) -> bool:
        """Whether it is a noun in the plural, with a few words, that opens a clause."""
        if self._lexicon.nouns_are_capital or end - start > _LONGEST_PLAIN:
            return False
        opens = start == 0 or self._low[start - 1] in COMMAS
        known = self._lexicon.phrase_ends | self._lexicon.beside_verb
        plural = any(word[-1:] == "s" for word in self._low[start : start + 2])
        return opens and plural and self._low[start] not in known

    def _phrase_start(self, end: int) -> int:
        start = end
        while start > 0 and end - start < LONGEST_SOURCE:
            low = self._low[start - 1]
            if (
                low in COMMAS
                or low in STOPS
                or self._text[self._places[start - 1].start] in DOUBLE_QUOTES
            ):
                break
            if low in ("and", "und"):
                listed = self._list_start(start - 1)
                return start if listed is None else listed
            if low in self._lexicon.verbs or low in ("but", "aber"):
                break
            start -= 1
        return start

    def _list_start(self, end: int) -> int | None:
        """Where names and articles with their nouns begin that stand alone ahead of an "and"."""
        lexicon = self._lexicon
        start = end
        while start > 0 and self._low[start - 1] not in COMMAS | STOPS:
            word, low = self._words[start - 1], self._low[start - 1]
            is_noun = start > 1 and self._low[start - 2] in lexicon.articles
            if not (word[:1].isupper() or low in lexicon.articles or low == "of" or is_noun):
                return None
            if low in lexicon.times or low in lexicon.phrase_ends:
                return None
            start -= 1
        opens = start < end and self._opens_source(start)
        return start if opens and end - start < LONGEST_SOURCE else None

    def _opens_source(self, at: int) -> bool:
        low = self._low[at]
        known = low in self._lexicon.pronouns or low in self._lexicon.determiners
        return known or self._words[at][:1].isupper()

    def after(self, end: int, *, with_apposition: bool = False) -> Range | None:
        """The phrase that begins behind a cue, up to a comma, a verb or a word of time."""
        if end >= len(self._words) or not self._opens_source(end):
            return None
        low = self._low[end]
        if low in self._lexicon.pronouns:
            return self._places[end]
        stop = end + 1
        ends = self._lexicon.phrase_ends | self._lexicon.verbs
        while stop < len(self._words) and stop - end < LONGEST_SOURCE:
            low = self._low[stop]
            if low in COMMAS or low in STOPS or low in ends or self._ends_noun(stop):
                break
            stop += 1
        has_name = any(word[:1].isupper() for word in self._words[end:stop])
        if not has_name and self._low[end] not in self._lexicon.determiners:
            return None
        stop = self._apposition_end(stop) if with_apposition else stop
        return Range(self._places[end].start, self._places[stop - 1].end)

    def _apposition_end(self, stop: int) -> int:
        """One past ", a spokesman for the army" behind a name, as far as the next comma or stop."""
        if self._low[stop : stop + 1] != [","] or stop + 1 >= len(self._low):
            return stop
        if self._low[stop + 1] not in self._lexicon.articles:
            return stop
        for end in range(stop + 2, min(len(self._low), stop + LONGEST_SOURCE)):
            if self._low[end] in COMMAS or self._low[end] in STOPS:
                return end if end > stop + 2 else stop
            if self._low[end] in self._lexicon.verbs:
                return stop
            if self._text[self._places[end].start] in DOUBLE_QUOTES:
                return stop
        return stop

    def ahead_of(self, first: int) -> Range | None:
        """The nouns, and what joins them, ahead of a word that stands behind its source.

        Prepositions are among them where nothing else stands before them in the sentence.
        """
        start = self._joined(first, self._lexicon.joins_nouns)
        opened = self._joined(first, self._lexicon.joins_nouns | self._lexicon.joins_places)
        start = opened if opened == 0 else start
        if start == first:
            return None
        return Range(self._places[start].start, self._places[first - 1].end)

    def _joined(self, first: int, joins: frozenset[str]) -> int:
        """The first of the words before ``first`` that are capital, or are among ``joins``."""
        start = first
        while start > 0 and first - start < LONGEST_SOURCE:
            word = self._words[start - 1]
            known = self._low[start - 1] in joins or word in DOUBLE_QUOTES
            if not known and (
                not word[:1].isupper() or self._low[start - 1] in self._lexicon.times
            ):
                break
            start -= 1
        return start

    def _ends_noun(self, at: int) -> bool:
        """Whether a word in small letters behind a noun ends its phrase, as nouns have capitals."""
        if not self._lexicon.nouns_are_capital or not self._words[at][:1].islower():
            return False
        joins = self._low[at] in self._lexicon.determiners or self._low[at] in ("von", "für")
        return self._words[at - 1][:1].isupper() and not joins

    def between(self, quote: Range, first: int) -> Range | None:
        """The words between a quotation and the cue behind it."""
        start = next(n for n, place in enumerate(self._places) if place.start >= quote.end)
        while start < first and not self._words[start][:1].isalnum():
            start += 1
        end = first
        while end > start and (
            self._low[end - 1] in self._lexicon.beside_verb or self._low[end - 1] == ","
        ):
            end -= 1
        if start >= end or not self._opens_source(start):
            return None
        return Range(self._places[start].start, self._places[end - 1].end)
