"""Who says what in a sentence, by rules: quotation marks, words of saying, and who stands by them.

``readings`` finds in one sentence the cue, what is said and who says it. Without a parser: a source
is the phrase beside the cue, as far as names, determiners and what joins them go.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from annotator.core.ranges import Range, overlaps, trim
from annotator.core.text_objects import quotes
from annotator.core.tokens import tokens
from annotator.suggest.lexicon import Lexicon
from annotator.suggest.sources import COMMAS, DOUBLE_QUOTES, LONGEST_SOURCE, STOPS, Sources

DIRECT_SCORE = 0.8
INDIRECT_SCORE = 0.6
HIDDEN_SCORE = 0.5
_UNSAID = 0.2
"""How much less sure a reading is whose source was not found."""
_SHORTEST_QUOTE = 3
"""Words that a quotation has at least; fewer are a name, or words that the author doubts."""
_SHORTEST_CLAUSE = 3
"""Tokens that a clause has at least, with the comma behind it one more."""
_PARTICLE_REACH = 12
_OPENER_REACH = 30


class Reading(Struct, frozen=True):
    """What is said, through which words, by whom; ranges in code points of the text.

    What is said lies in several pieces where cue and source stand inside it.
    """

    claim: tuple[Range, ...]
    cues: tuple[Range, ...]
    source: Range | None
    direct: bool
    score: float


def readings(text: str, sentence: Range, lexicon: Lexicon) -> list[Reading]:
    """All readings of a sentence, in order of their cues."""
    return list(_Sentence(text, sentence, lexicon).readings())


class _Sentence:
    """One sentence as tokens, with its quotations."""

    def __init__(self, text: str, sentence: Range, lexicon: Lexicon) -> None:
        self._text = text
        self._lexicon = lexicon
        self._places = tokens(text, *sentence)
        self._words = [text[a:b] for a, b in self._places]
        self._low = [word.lower() for word in self._words]
        self._sources = Sources(text, self._places, lexicon)
        self._all: list[tuple[int, int]] = []
        self._quotes = [
            quote
            for quote in quotes(text, sentence)
            if text[quote.start] in DOUBLE_QUOTES + "'‘‚"
            and len(tokens(text, *quote)) - 2 >= _SHORTEST_QUOTE
        ]

    def readings(self) -> Iterator[Reading]:
        taken: list[Range] = []
        self._all = list(self._cues())
        for first, end in self._all:
            for reading in self._read(first, end):
                if not any(overlaps(piece, other) for piece in reading.claim for other in taken):
                    taken += reading.claim
                    yield reading

    # -- cues ------------------------------------------------------------------------------------

    def _cues(self) -> Iterator[tuple[int, int]]:
        """Cues outside of quotations: first token, one past the last."""
        at = 0
        while at < len(self._words):
            end = self._cue_end(at)
            if end > at and not self._is_quoted(at):
                yield at, end
            at = max(end, at + 1)

    def _cue_end(self, at: int) -> int:
        low, lexicon = self._low, self._lexicon
        for words in lexicon.prepositions:
            parts = words.split()
            if low[at : at + len(parts)] == parts:
                return at + len(parts)
        if low[at] in lexicon.with_particle:
            particles = lexicon.with_particle[low[at]]
            if low[at + 1 : at + 2] and low[at + 1] in particles:
                return at + 2
            return at + 1 if self._particle(at) is not None else at
        follows = low[at + 1] if at + 1 < len(low) else ""
        if low[at] in lexicon.verbs and follows in lexicon.not_before:
            return at
        if at and low[at] in lexicon.verbs and low[at - 1] in lexicon.no_verb_behind:
            return at
        if at and self._words[at][:1].isupper():
            return at  # a name, or a German noun
        if low[at] in lexicon.behind_comma:
            return at + 1 if self._is_aside(at) else at
        known = (lexicon.verbs, lexicon.postpositions, lexicon.adverbs)
        return at + 1 if any(low[at] in words for words in known) else at

    def _is_aside(self, at: int) -> bool:
        """Whether it stands between a comma and somebody: ", so Ann"."""
        comes_behind = at > 0 and self._low[at - 1] == ","
        pronoun = self._low[at + 1 : at + 2] and self._low[at + 1] in self._lexicon.pronouns
        return comes_behind and not pronoun and self._sources.after(at + 1) is not None

    def _is_quoted(self, at: int) -> bool:
        place = self._places[at]
        return any(q.start <= place.start < q.end for q in self._quotes)

    # -- what is said, and by whom ---------------------------------------------------------------

    def _read(self, first: int, end: int) -> Iterator[Reading]:
        lexicon, low = self._lexicon, self._low[first]
        if low in lexicon.adverbs:
            yield from self._hidden(first, end)
        elif " ".join(self._low[first:end]) in lexicon.prepositions:
            yield from self._by_preposition(first, end)
        elif low in lexicon.postpositions:
            yield from self._by_postposition(first, end)
        else:
            yield from self._by_verb(first, end)

    def _by_verb(self, first: int, end: int) -> Iterator[Reading]:
        cues = self._verb_cues(first, end)
        quote = self._quote_beside(first, end)
        is_behind = quote is not None and quote.end <= self._places[first].start
        before = None if self._is_passive(first) else self._sources.before(first)
        after = self._sources.after(end, with_apposition=is_behind)
        source = before or after
        if quote is not None:
            rest: tuple[Range, ...] = ()
            if is_behind:
                source = after or self._sources.between(quote, first) or before
                rest = self._quote_goes_on(end)
            yield self._reading((quote, *rest), cues, source, True)
            return
        around = self._said_around(end, before)
        if around:
            yield self._reading(around, cues, before, False)
            return
        said_before = self._said_before(first)
        is_aside = self._low[first] in self._lexicon.behind_comma
        claim = None if is_aside else self._said_after(end, None if before else after)
        if claim is not None and not (said_before and self._is_beside_the_point(end)):
            yield self._reading((claim,), cues, source, False)
        elif said_before is not None:
            source = after or self._sources.before(first, inside=said_before.end)
            yield self._reading((said_before,), cues, source, False)

    def _said_around(self, end: int, source: Range | None) -> tuple[Range, ...]:
        """What ", Ann said," stands within, or ahead of where another clause goes on behind it."""
        if source is None or not self._lexicon.auxiliaries or self._low[end : end + 1] != [","]:
            return ()
        start = next(n for n, place in enumerate(self._places) if place.start >= source.start)
        if start == 0 or self._low[start - 1] != ",":
            return ()
        before, after = self._sides(start - 1, end)
        if before is None or after is None:
            return ()
        return (before, after) if self._goes_on(end + 1) else (before,)

    def _is_passive(self, first: int) -> bool:
        passive = first > 0 and self._low[first - 1] in self._lexicon.passive
        return passive and not self._low[first].endswith("ing")

    def _quote_goes_on(self, end: int) -> tuple[Range, ...]:
        """The rest of a quotation behind "said Ann, ", as far as a comma joins it."""
        stop = self._places[end - 1].end
        rest = next((q for q in self._quotes if q.start >= stop), None)
        if rest is None or self._words_between(stop, rest.start) > LONGEST_SOURCE:
            return ()
        joined = self._text[stop : rest.start].rstrip().endswith(",")
        return (rest,) if joined and ":" not in self._text[stop : rest.start] else ()

    def _is_beside_the_point(self, end: int) -> bool:
        """Whether behind the cue only stands when, where or to whom it was said."""
        return self._low[end] in self._lexicon.phrase_ends and self._opener(end) is None

    def _reading(
        self, claim: tuple[Range, ...], cues: tuple[Range, ...], source: Range | None, direct: bool
    ) -> Reading:
        if source is not None and any(overlaps(source, piece) for piece in claim):
            source = None
        score = DIRECT_SCORE if direct else INDIRECT_SCORE
        return Reading(claim, cues, source, direct, score if source else score - _UNSAID)

    def _verb_cues(self, first: int, end: int) -> tuple[Range, ...]:
        """The verb, and a particle that stands by itself later on."""
        found = [Range(self._places[first].start, self._places[end - 1].end)]
        particle = self._particle(first) if end == first + 1 else None
        if particle is not None:
            found.append(self._places[particle])
        return tuple(found)

    def _particle(self, verb: int) -> int | None:
        """The particle of a separable verb, at the end of its clause."""
        particles = self._lexicon.with_particle.get(self._low[verb], ())
        for at in range(verb + 1, min(len(self._low), verb + _PARTICLE_REACH)):
            if self._low[at] in STOPS:
                return None
            if self._low[at] in particles and self._ends_clause(at):
                return at
        return None

    def _ends_clause(self, at: int) -> bool:
        following = self._low[at + 1 : at + 2]
        return not following or following[0] in COMMAS or following[0] in STOPS

    def _quote_beside(self, first: int, end: int) -> Range | None:
        """The quotation that ends before the cue, or begins behind it, the nearest first."""
        start, stop = self._places[first].start, self._places[end - 1].end
        behind = [q for q in self._quotes if q.start >= stop]
        ahead = [q for q in self._quotes if q.end <= start]
        outer = behind[:1]  # they come by their starts, the longest of those that nest first
        introduction = self._text[stop : outer[0].start] if outer else ""
        colon = ":" in introduction
        is_ahead = ahead and self._words_between(ahead[-1].end, start) <= LONGEST_SOURCE
        if is_ahead and (not colon or "," in introduction):
            return ahead[-1]
        if outer and (colon or self._words_between(stop, outer[0].start) <= 3):
            return outer[0]
        return None

    def _words_between(self, start: int, end: int) -> int:
        return sum(start <= place.start < end for place in self._places)

    def _said_after(self, end: int, source: Range | None) -> Range | None:
        """What follows the cue: behind "that", behind the source and a comma, or at once."""
        at = end
        if source is not None:
            while at < len(self._places) and self._places[at].start < source.end:
                at += 1
        inside = self._lexicon.opener_is_inside
        if inside and source is None and self._low[at : at + 1] == [","]:
            return self._from_to(at + 1, self._clause_end(at))
        opener = self._opener(at)
        if opener is not None:
            return self._from_to(opener if inside else opener + 1, self._clause_end(opener))
        if inside:
            comma = next((n for n in range(at, len(self._low)) if self._low[n] in (",", ":")), None)
            if comma is None or comma - at > LONGEST_SOURCE:
                return None
            at = comma + 1
        elif source is not None:
            return None
        return self._from_to(self._behind_time(at), self._clause_end(at))

    def _behind_time(self, at: int) -> int:
        """Behind words such as "on Monday" and "late last week", if they stand here."""
        end = at
        lexicon = self._lexicon
        while end < len(self._low) and self._low[end] in lexicon.adverbials | lexicon.times:
            end += 1
        return end if end > at and self._low[end - 1] in lexicon.times else at

    def _clause_end(self, at: int) -> int:
        """The next semicolon outside of quotations, or comma right before another verb of saying;
        else the end of the sentence."""
        for n in range(at, len(self._low)):
            parts = self._low[n] == "," and self._low[n + 1 : n + 2] and self._is_verb(n + 1)
            if (self._low[n] == ";" or parts) and not self._is_quoted(n):
                return n
        return len(self._low)

    def _opener(self, at: int) -> int | None:
        """The next word that opens what is said, within reach, no verb of saying between."""
        for n in range(at, min(len(self._low), at + _OPENER_REACH)):
            if self._low[n] in self._lexicon.openers:
                return n
            if self._is_verb(n) and not self._is_quoted(n):
                return None
        return None

    def _is_verb(self, at: int) -> bool:
        known = (self._lexicon.verbs, self._lexicon.with_particle)
        return any(self._low[at] in words for words in known) and self._cue_end(at) > at

    def _said_before(self, first: int) -> Range | None:
        """What stands before ", said Ann" or ", Ann said": from the start of the sentence."""
        comma = next((n for n in range(first - 1, -1, -1) if self._low[n] == ","), None)
        if comma is None or first - comma > 6:
            return None
        return self._from_to(0, comma)

    def _from_to(self, first: int, end: int, least: int = 3) -> Range | None:
        """Tokens as a range without comma before and stop behind; None for fewer than ``least``."""
        while first < end and self._low[first] in COMMAS:
            first += 1
        while end > first and self._low[end - 1] in STOPS | COMMAS:
            end -= 1
        if end - first < least:
            return None
        return trim(self._text, self._places[first].start, self._places[end - 1].end)

    def _hidden(self, first: int, end: int) -> Iterator[Reading]:
        """An adverb that opens its clause, or stands behind "is" in a sentence without other cues:
        the text hides who says what is around it."""
        start = first
        while start > 0 and self._low[start - 1] not in COMMAS:
            start -= 1
        claim: tuple[Range | None, ...] = ()
        if start == first:
            claim = (self._from_to(end, len(self._places)),)
        elif (
            start == 0 and len(self._all) == 1 and self._low[first - 1] in self._lexicon.auxiliaries
        ):
            claim = self._sides(first, end)
        pieces = tuple(piece for piece in claim if piece is not None)
        if pieces and len(pieces) == len(claim):
            cue = Range(self._places[first].start, self._places[end - 1].end)
            yield Reading(pieces, (cue,), None, False, HIDDEN_SCORE)

    def _by_preposition(self, first: int, end: int) -> Iterator[Reading]:
        source = self._sources.after(end)
        if source is None:
            return
        cue = Range(self._places[first].start, self._places[end - 1].end)
        behind = sum(place.start < source.end for place in self._places)
        claim = self._around(first, behind)
        if claim:
            yield Reading(claim, (cue,), source, False, INDIRECT_SCORE)

    def _by_postposition(self, first: int, end: int) -> Iterator[Reading]:
        source = self._sources.ahead_of(first)
        if source is None:
            return
        start = next(n for n, place in enumerate(self._places) if place.start >= source.start)
        claim = self._around(start, end)
        if claim:
            yield Reading(claim, (self._places[first],), source, False, INDIRECT_SCORE)

    def _around(self, first: int, behind: int) -> tuple[Range, ...]:
        """The sentence without the tokens from ``first`` to ``behind``, which name the source."""
        ended = behind >= len(self._low) or self._low[behind] in COMMAS | STOPS
        before, after = self._sides(first, behind)
        if before is not None and ended and first > 2 and not self._is_within(first, behind):
            return (before,)
        pieces = tuple(piece for piece in (before, after) if piece is not None)
        words = sum(self._words_between(piece.start, piece.end) for piece in pieces)
        return pieces if words > 2 else ()

    def _sides(self, first: int, behind: int) -> tuple[Range | None, Range | None]:
        """What stands before the token ``first``, and from ``behind`` on, without commas."""
        before = self._from_to(0, first, 1) if first > 0 else None
        return before, self._from_to(behind, len(self._places), 1)

    def _is_within(self, first: int, behind: int) -> bool:
        """Whether what stands between two commas parts one clause: "The town, so Ann, is lost"."""
        if self._low[first - 1] != "," or self._low[behind : behind + 1] != [","]:
            return False
        if (
            self._low[behind + 1 : behind + 2]
            and self._low[behind + 1] in self._lexicon.auxiliaries
        ):
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
