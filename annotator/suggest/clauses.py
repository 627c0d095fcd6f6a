"""One sentence as tokens, quotations and clauses: what of it can be said by somebody.

Without a parser: a clause is known by words that only clauses have. Places are numbers of tokens,
half-open; a ``Range`` is one of code points.
"""

from __future__ import annotations

from bisect import bisect_left

from annotator.core.ranges import Range, trim
from annotator.core.text_objects import quotes
from annotator.core.tokens import tokens
from annotator.suggest.lexicon import Lexicon
from annotator.suggest.sources import COMMAS, DOUBLE_QUOTES, STOPS

_SHORTEST_QUOTE = 3
"""Words that a quotation has at least; fewer are a name, or words that the author doubts."""
_SPEECH_ENDS = ",!?"
"""What ends a quotation of fewer words, inside of its marks: “Never,” said Ann."""
_SHORTEST_CLAUSE = 3
"""Tokens that a clause has at least, with the comma behind it one more."""
_ENDS_QUOTE = ".,!?…—–"


class Clauses:
    """The tokens of a sentence, its quotations, and where clauses begin and end in it."""

    def __init__(self, text: str, sentence: Range, lexicon: Lexicon) -> None:
        self._text = text
        self._lexicon = lexicon
        self._places = tokens(text, *sentence)
        self._words = [text[a:b] for a, b in self._places]
        self._low = [word.lower() for word in self._words]
        self._quotes = [
            quote
            for quote in quotes(text, sentence)
            if text[quote.start] in DOUBLE_QUOTES + "'‘‚"
            and (
                len(tokens(text, *quote)) - 2 >= _SHORTEST_QUOTE
                or text[quote.end - 2] in _SPEECH_ENDS
            )
        ]
        self._starts = [place.start for place in self._places]
        self._in_quotes = frozenset(n for quote in self._quotes for n in self._inside(quote))
        self._whole = [quote for quote in self._quotes if self._is_whole(quote)]

    def _has_finite(self, first: int, end: int) -> bool:
        """Whether a word stands there that only clauses have."""
        low, lexicon = self._low, self._lexicon
        known = (lexicon.auxiliaries, lexicon.irregular_pasts, lexicon.subjects)
        for n in range(first, end):
            if any(low[n] in words for words in known):
                return True
            is_past = low[n].endswith("ed") and self._words[n][:1].islower()
            if is_past and (n == 0 or low[n - 1] not in ("-", *lexicon.articles)):
                return True
        return False

    def _is_clause(self, claim: Range) -> bool:
        """Whether it is more than nouns: in "ten lives and left many" the verb is no part of it."""
        inside = self._inside(claim)
        joins = self._lexicon.conjunctions
        return any(
            self._has_finite(n, n + 1)
            for n in inside
            if n == inside.start or self._low[n - 1] not in joins
        )

    def _inside(self, place: Range) -> range:
        """The tokens that begin in a stretch of text."""
        return range(bisect_left(self._starts, place.start), bisect_left(self._starts, place.end))

    def _words_between(self, start: int, end: int) -> int:
        return len(self._inside(Range(start, end)))

    def _is_whole(self, quote: Range) -> bool:
        """Whether a quotation is no part of a sentence that goes on around it."""
        if quote.start <= self._places[0].start or self._text[quote.end - 2] in _ENDS_QUOTE:
            return True
        behind = bisect_left(self._starts, quote.end)
        if behind == len(self._words) or not self._words[behind][:1].isalnum():
            return True
        return self._low[behind] in self._lexicon.conjunctions

    def _from_to(self, first: int, end: int, least: int = 3) -> Range | None:
        """Tokens as a range without comma before and stop behind; None for fewer than ``least``."""
        while first < end and self._low[first] in COMMAS:
            first += 1
        while end > first and self._low[end - 1] in STOPS | COMMAS:
            end -= 1
        if end - first < least:
            return None
        return trim(self._text, self._places[first].start, self._places[end - 1].end)

    def _without_time(self, claim: Range) -> Range:
        """What is said without when it was, at the end of mere nouns: "the end on Monday"."""
        if self._is_clause(claim):
            return claim
        inside = self._inside(claim)
        end = inside[-1] + 1
        while end > inside[0] + 1 and self._low[end - 1] in self._lexicon.times:
            end -= 1
        if end == inside[-1] + 1:
            return claim
        while end > inside[0] + 1 and self._low[end - 1] in self._lexicon.adverbials:
            end -= 1
        return Range(claim.start, self._places[end - 1].end)

    def _behind_time(self, at: int) -> int:
        """Behind words such as "on Monday" and "late last week", if they stand here."""
        end = at
        lexicon = self._lexicon
        while end < len(self._low) and self._low[end] in lexicon.adverbials | lexicon.times:
            end += 1
        return end if end > at and self._low[end - 1] in lexicon.times else at

    def _sides(self, first: int, behind: int) -> tuple[Range | None, Range | None]:
        """What stands before the token ``first``, and from ``behind`` on, without commas."""
        before = self._from_to(0, first, 1) if first > 0 else None
        return before, self._from_to(behind, len(self._places), 1)

    def _is_within(self, first: int, behind: int) -> bool:
        """Whether what stands between two commas parts one clause: "The town, so Ann, is lost"."""
        if self._low[first - 1] != "," or self._low[behind : behind + 1] != [","]:
            return False
        following = self._low[behind + 1 : behind + 2]
        if following and following[0] in self._lexicon.auxiliaries:
            return True
        return first <= _SHORTEST_CLAUSE and self._goes_on(behind + 1)

    def _goes_on(self, at: int) -> bool:
        """Whether the clause that was broken off goes on here, and no other begins."""
        word, lexicon = self._low[at] if at < len(self._low) else "", self._lexicon
        if word in lexicon.auxiliaries:
            return True
        others = (lexicon.phrase_ends, lexicon.connectors, lexicon.pronouns)
        return (
            word[:1].isalnum() and not word.endswith("ing") and all(word not in o for o in others)
        )
