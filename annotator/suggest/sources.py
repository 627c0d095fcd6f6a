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
    """The phrases of one sentence, given as its tokens (half-open, code points of the text).

    ``cues`` are the numbers of the tokens at which somebody says something.
    """

    def __init__(
        self, text: str, places: Sequence[Range], cues: frozenset[int], lexicon: Lexicon
    ) -> None:
        self._text = text
        self.cues = cues
        self._lexicon = lexicon
        self._places = places
        self._words = [text[a:b] for a, b in places]
        self._low = [word.lower() for word in self._words]

    def before(self, first: int, inside: int = -1) -> Range | None:
        """The phrase that ends before the cue, over an apposition between commas."""
        end, closes = self._without_adverbs(first)
        if end > 0 and self._low[end - 1] in self._lexicon.subjects:
            return self._source(end - 1, end, inside)  # "in the town where they said"
        start = self._phrase_start(end, joined=closes)
        if closes and start > 0 and self._low[start - 1] == ",":
            end = start - 1 if self._low[start] in self._lexicon.aside else end
            start = self._phrase_start(start - 1)
        while start < end and self._low[start] in self._lexicon.connectors:
            start += 1
        if start < end and self._low[start] in self._lexicon.aside:
            start = self._behind_circumstance(start, end)
        if start >= end:
            return None
        is_plain = end == first and self._is_plain(start, end)
        if not (self._opens_source(start) or is_plain or self._is_titled(start, end)):
            return None
        return self._source(start, end, inside)

    def _source(self, start: int, end: int, inside: int = -1) -> Range | None:
        """These tokens, unless a preposition ends them or they begin before ``inside``."""
        place = Range(self._places[start].start, self._places[end - 1].end)
        lexicon = self._lexicon
        cut_off = self._low[end - 1] in lexicon.aside | lexicon.joins | lexicon.connectors
        return None if cut_off or place.start < inside else place

    def _without_adverbs(self, first: int) -> tuple[int, bool]:
        """Where what stands before a verb ends, and whether a comma ends it."""
        known = self._lexicon.beside_verb
        end, closes = first, False
        while end > 0:
            if self._low[end - 1] in known or self._low[end - 1] == ",":
                closes = self._low[end - 1] == ","
                end -= 1
            elif end > 1 and " ".join(self._low[end - 2 : end]) in known:
                end -= 2
            else:
                break
        return end, closes

    def _behind_circumstance(self, start: int, end: int) -> int:
        """Where a source begins behind when or where it said so: "In Paris the minister"."""
        lexicon = self._lexicon
        for at in range(end - 1, start, -1):
            is_article = self._low[at] in lexicon.articles
            is_name = self._words[at][:1].isupper() and not self._words[at - 1][:1].isupper()
            before = (
                lexicon.aside | lexicon.joins | (frozenset() if is_article else lexicon.articles)
            )
            if (is_article or is_name) and self._low[at - 1] not in before:
                return at
        return end

    def _is_titled(self, start: int, end: int) -> bool:
        """Whether a title in small letters opens a clause before a name: "coach Ann Lee"."""
        if self._lexicon.nouns_are_capital or end - start > _LONGEST_PLAIN:
            return False
        opens = (
            start == 0
            or not self._low[start - 1].isalnum()
            or (self._low[start - 1] in self._lexicon.connectors)
        )
        words = self._low[start:end]
        named = self._words[end - 1][:1].isupper()
        return opens and named and not any(w in self._lexicon.phrase_ends for w in words)

    def _is_plain(self, start: int, end: int) -> bool:
        """Whether it is a noun in the plural, with a few words, that opens a clause."""
        if self._lexicon.nouns_are_capital or end - start > _LONGEST_PLAIN:
            return False
        opens = start == 0 or self._low[start - 1] in COMMAS
        known = self._lexicon.phrase_ends | self._lexicon.beside_verb
        plural = any(word[-1:] == "s" for word in self._low[start : start + 2])
        return opens and plural and self._low[start] not in known

    def _phrase_start(self, end: int, *, joined: bool = False) -> int:
        """Where the phrase begins that ends here; "and" is no edge of it if it is ``joined``."""
        lexicon = self._lexicon
        edges = COMMAS | STOPS | lexicon.clause_openers
        start = end
        while start > 0 and end - start < LONGEST_SOURCE:
            low = self._low[start - 1]
            if low in edges or start - 1 in self.cues:
                break
            if self._text[self._places[start - 1].start] in DOUBLE_QUOTES:
                break
            if low in lexicon.conjunctions and not joined and not self._joins_names(start - 1):
                listed = self._list_start(start - 1)
                return start if listed is None else listed
            start -= 1
        return start

    def _joins_names(self, at: int) -> bool:
        """Whether "and" stands within a phrase: "an alliance of Kurds and Arabs"."""
        start = at
        while start > 0 and self._words[start - 1][:1].isupper():
            start -= 1
        behind = self._words[at + 1 : at + 2]
        is_name = bool(behind) and behind[0][:1].isupper()
        return is_name and 0 < start < at and self._low[start - 1] in self._lexicon.joins

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

    def after(
        self, end: int, *, with_apposition: bool = False, surely: bool = False
    ) -> Range | None:
        """The phrase that begins behind a cue, up to a comma, a verb or a word of time.

        Without capital or determiner it is one only where it ``surely`` stands there.
        """
        if end >= len(self._words) or not (surely or self._opens_source(end)):
            return None
        if self._low[end] in self._lexicon.phrase_ends | COMMAS | STOPS:
            return None
        low = self._low[end]
        if low in self._lexicon.pronouns:
            return self._places[end]
        stop = end + 1
        ends = self._lexicon.phrase_ends
        while stop < len(self._words) and stop - end < LONGEST_SOURCE:
            low = self._low[stop]
            if low in COMMAS or low in STOPS or low in ends or self._ends_noun(stop):
                break
            if stop in self.cues:
                break
            stop += 1
        has_name = any(word[:1].isupper() for word in self._words[end:stop])
        if not (surely or has_name or self._low[end] in self._lexicon.determiners):
            return None
        stop = self._apposition_end(stop) if with_apposition else stop
        return Range(self._places[end].start, self._places[stop - 1].end)

    def named_by_preposition(self, end: int, *, opens: bool) -> Range | None:
        """The phrase behind "according to"; where that ``opens`` the sentence, up to its comma."""
        found = self.after(end, surely=not self._lexicon.nouns_are_capital)
        if found is None or not opens or self._lexicon.nouns_are_capital:
            return found
        for stop in range(end, min(len(self._low), end + LONGEST_SOURCE)):
            if self._low[stop] in STOPS or stop in self.cues:
                break
            if self._low[stop] == ",":
                return Range(found.start, self._places[stop - 1].end)
        return found

    def hearer_end(self, at: int) -> int:
        """One past the words for whom it is said to: a pronoun, a name, or a noun."""
        low, lexicon = self._low, self._lexicon
        if at < len(low) and low[at] in lexicon.before_hearer:
            at += 1
        if at >= len(low) or low[at] in lexicon.hearers:
            return min(at + 1, len(low))
        if low[at] in COMMAS | STOPS | lexicon.openers:
            return at
        at += low[at] in lexicon.articles
        start = at
        while at < len(low) and self._words[at][:1].isupper():
            at += 1
        return at if at > start else min(at + 1, len(low))

    def _apposition_end(self, stop: int) -> int:
        """One past ", a spokesman for the army" behind a name, as far as the next comma or stop."""
        if self._low[stop : stop + 1] != [","] or stop + 1 >= len(self._low):
            return stop
        if not self._opens_apposition(stop + 1):
            return stop
        for end in range(stop + 2, min(len(self._low), stop + LONGEST_SOURCE)):
            if self._low[end] in COMMAS or self._low[end] in STOPS:
                return end if end > stop + 2 or self._low[stop + 1].isdigit() else stop
            if end in self.cues or self._low[end] in self._lexicon.auxiliaries:
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

    def _opens_apposition(self, at: int) -> bool:
        """Whether ", a nurse", ", head of the clinic" or ", 34" begins here."""
        low, lexicon = self._low[at], self._lexicon
        if low in lexicon.articles:
            return True
        if lexicon.nouns_are_capital:
            return False
        opens = lexicon.phrase_ends | lexicon.aside | lexicon.clause_openers | lexicon.conjunctions
        is_word = low.isalpha() and self._words[at].islower() and not low.endswith(("ing", "ed"))
        return low.isdigit() or (is_word and low not in opens | lexicon.relatives)

    def _ends_noun(self, at: int) -> bool:
        """Whether a word ends the phrase of the noun before it: where nouns have capitals one in
        small letters, else an article behind a name."""
        low, behind_capital = self._low[at], self._words[at - 1][:1].isupper()
        if not self._lexicon.nouns_are_capital:
            return behind_capital and self._words[at] in self._lexicon.articles
        if not self._words[at][:1].islower():
            return False
        joins = low in self._lexicon.determiners or low in ("von", "für")
        return behind_capital and not joins

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
