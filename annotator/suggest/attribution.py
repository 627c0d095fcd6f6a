"""Who says what in a sentence, by rules: quotation marks, words of saying, and who stands by them.

``readings`` finds in one sentence the cue, what is said and who says it. Without a parser: a source
is the phrase beside the cue, as far as names, determiners and what joins them go.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from msgspec import Struct

from annotator.core.ranges import Range, overlaps
from annotator.suggest.clauses import Clauses
from annotator.suggest.cues import Cues
from annotator.suggest.lexicon import Lexicon
from annotator.suggest.sources import COMMAS, LONGEST_SOURCE, STOPS, Sources

DIRECT_SCORE = 0.8
INDIRECT_SCORE = 0.6
HIDDEN_SCORE = 0.5
_UNSAID = 0.2
"""How much less sure a reading is whose source was not found."""
_OPENER_REACH = 30
_OPENS_SOON = 5
"""Tokens behind a verb within which "that" belongs to it."""


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


class _Sentence(Clauses):
    """One sentence, with all that is said in it."""

    def __init__(self, text: str, sentence: Range, lexicon: Lexicon) -> None:
        super().__init__(text, sentence, lexicon)
        self._cue_finder = Cues(self._words, lexicon)
        self._cues = [cue for cue in self._cue_finder.found() if cue[0] not in self._in_quotes]
        self._firsts = [first for first, _ in self._cues]
        self._sources = Sources(text, self._places, frozenset(self._firsts), lexicon)
        self._speaker: Range | None = None

    def readings(self) -> Iterator[Reading]:
        taken: list[Range] = []
        for first, end in self._cues:
            for reading in self._read(first, end):
                if not any(overlaps(piece, other) for piece in reading.claim for other in taken):
                    taken += reading.claim
                    self._speaker = reading.source
                    yield reading

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
        hearer = self._hearer_end(first, end)
        quote = self._quote_beside(first, hearer)
        if quote is not None:
            yield self._quoted(first, end, quote, hearer)
        elif self._governs(first, hearer):
            yield from self._reported(first, end, hearer)

    def _hearer_end(self, first: int, end: int) -> int:
        """One past to whom it is said, where the verb asks for that: "told the court"."""
        lexicon = self._lexicon
        asks = self._low[first] in lexicon.verbs_to or (
            end < len(self._low) and self._low[end] in lexicon.before_hearer
        )
        return self._sources.hearer_end(end) if asks else end

    def _governs(self, first: int, end: int) -> bool:
        """Whether the verb says anything without a quotation: some only before "that"."""
        lexicon = self._lexicon
        adverbs = self._low[max(0, first - 2) : first]
        if any(word in lexicon.negations for word in adverbs):
            return False
        opens = any(word in lexicon.openers for word in self._low[end : end + _OPENS_SOON])
        return opens or self._low[first] not in lexicon.other_verbs

    def _quoted(self, first: int, end: int, quote: Range, hearer: int) -> Reading:
        """A reading of a verb beside a quotation."""
        is_ahead = quote.end <= self._places[first].start
        source = None if self._is_passive(first) else self._sources.before(first)
        rest: tuple[Range, ...] = ()
        after = None
        if hearer == end:
            at_once = is_ahead and not self._words_between(quote.end, self._places[first].start)
            after = self._sources.after(end, with_apposition=is_ahead, surely=at_once)
        if is_ahead:
            source = after or self._sources.between(quote, first) or source
            rest = self._quote_goes_on(end)
        source = source or after or self._same_speaker(first)
        return self._reading((quote, *rest), self._verb_cues(first, end), source, True)

    def _reported(self, first: int, end: int, hearer: int) -> Iterator[Reading]:
        """Readings of a verb without a quotation beside it."""
        cues = self._verb_cues(first, end)
        said_before = self._said_before(first)
        if said_before is not None and self._is_inverted(first, end):
            found = self._sources.after(end, with_apposition=True, surely=True)
            if found is not None:
                yield self._reading((said_before,), cues, found, False)
                return
        before = None if self._is_passive(first) else self._sources.before(first)
        around = self._said_around(end, before)
        if around:
            yield self._reading(around, cues, before, False)
            return
        after = None
        if hearer == end and (said_before is not None or self._lexicon.verb_comes_second):
            after = self._sources.after(end)
        source = before or after or self._same_speaker(first)
        if source is None and self._low[first] in self._lexicon.other_verbs:
            return
        is_aside = self._low[first] in self._lexicon.behind_comma
        claim = None if is_aside else self._said_after(first, hearer, None if before else after)
        if claim is not None and not (said_before and self._is_beside_the_point(hearer)):
            if self._says_so(first, claim):
                yield self._reading((claim,), cues, source, False)
        elif said_before is not None:
            source = after or self._sources.before(first, inside=said_before.end)
            yield self._reading((said_before,), cues, source, False)

    def _said_around(self, end: int, source: Range | None) -> tuple[Range, ...]:
        """What ", Ann said," stands within, or ahead of where another clause goes on behind it."""
        if source is None or self._lexicon.verb_comes_second or self._low[end : end + 1] != [","]:
            return ()
        start = bisect_left(self._starts, source.start)
        if start == 0 or self._low[start - 1] != "," or self._low[0] in self._lexicon.aside:
            return ()
        before, after = self._sides(start - 1, end)
        if before is None or after is None:
            return ()
        return (before, after) if self._goes_on(end + 1) else (before,)

    def _says_so(self, first: int, claim: Range) -> bool:
        """Whether a verb governs what stands there, or means another thing: "claimed ten lives"."""
        doubtful = self._lexicon.verbs_of_clauses | self._lexicon.other_verbs
        return self._low[first] not in doubtful or self._is_clause(claim)

    def _same_speaker(self, first: int) -> Range | None:
        """Who said what was read before, where the verb goes on: "and warned", ", adding"."""
        at = first
        while at > 0 and self._low[at - 1] in self._lexicon.beside_verb:
            at -= 1
        before = self._low[at - 1] if at > 0 else ""
        joined = before in self._lexicon.conjunctions
        participle = self._low[first].endswith("ing")
        goes_on = participle and (before == "," or before in self._lexicon.phrase_ends)
        return self._speaker if joined or goes_on else None

    def _is_inverted(self, first: int, end: int) -> bool:
        """Whether behind ", said" only stands who says so: "It is over, said chief Tom Reed"."""
        if self._low[first - 1] != "," or self._lexicon.verb_comes_second:
            return False
        stop = next((n for n in range(end, len(self._low)) if self._low[n] in COMMAS), None)
        if self._has_finite(end, len(self._low) if stop is None else stop):
            return False
        commas = self._low[:first].count(",")
        return commas == 1 or self._has_finite(0, first)

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
        if end >= len(self._low):
            return True
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
        particle = self._cue_finder.particle(first) if end == first + 1 else None
        if particle is not None:
            found.append(self._places[particle])
        return tuple(found)

    def _quote_beside(self, first: int, end: int) -> Range | None:
        """The quotation that ends before the cue, or begins behind it, the nearest first."""
        start, stop = self._places[first].start, self._places[end - 1].end
        # They come by their starts, the longest of those that nest first.
        behind = next((q for q in self._whole if q.start >= stop), None)
        ahead = next((q for q in reversed(self._whole) if q.end <= start), None)
        introduction = self._text[stop : behind.start] if behind else ""
        colon = ":" in introduction
        is_near = ahead is not None and self._words_between(ahead.end, start) <= LONGEST_SOURCE
        if is_near and (not colon or "," in introduction):
            return ahead
        if behind and (colon or self._introduces(Range(stop, behind.start))):
            return behind
        return None

    def _introduces(self, words: Range) -> bool:
        """Whether so few words between a verb and a quotation are none of what is said, as they are
        in "said it was “the end of the war”"."""
        between = self._inside(words)
        known = self._lexicon.auxiliaries
        return len(between) <= 3 and not any(self._low[n] in known for n in between)

    def _said_after(self, first: int, end: int, source: Range | None) -> Range | None:
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
        elif source is not None or self._is_passive(first):
            return None
        claim = self._from_to(self._behind_time(at), self._clause_end(at))
        return claim if inside or claim is None else self._without_time(claim)

    def _clause_end(self, at: int) -> int:
        """Where what is said ends: at a semicolon outside of quotations, or where somebody says
        something else, or at the end of the sentence."""
        for n in range(at, len(self._low)):
            if n not in self._in_quotes and (self._low[n] == ";" or self._next_says(n)):
                return n
        return len(self._low)

    def _next_says(self, at: int) -> bool:
        """Whether "and Ann said", "and said" or ", saying" begins here, or ", said Ann"."""
        if self._low[at] != "," and self._low[at] not in self._lexicon.conjunctions:
            return False
        place = bisect_right(self._firsts, at)
        if place == len(self._firsts):
            return False
        first = self._firsts[place]
        if self._low[at] == ",":
            goes_on = self._cue_finder.is_verb(first) or self._low[first].endswith("ing")
            return first == at + 1 and goes_on
        if first - at > LONGEST_SOURCE or self._low[first] not in self._lexicon.verbs:
            return False
        if all(word in self._lexicon.beside_verb for word in self._low[at + 1 : first]):
            return True
        source = self._sources.before(first)
        return source is not None and source.start == self._places[at + 1].start

    def _opener(self, at: int) -> int | None:
        """The next word that opens what is said, within reach: no verb of saying between, and no
        clause begun, as in "said it was clear that"."""
        low, lexicon = self._low, self._lexicon
        circumstances = (lexicon.phrase_ends, lexicon.adverbials, lexicon.times)
        begins = at < len(low) and all(low[at] not in words for words in circumstances)
        for n in range(at, min(len(low), at + _OPENER_REACH)):
            if low[n] in lexicon.openers and n not in self._in_quotes:
                is_relative = n + 1 < len(low) and low[n + 1] in lexicon.auxiliaries
                return None if is_relative else n
            if n in self._sources.cues and self._cue_finder.is_verb(n):
                return None
            if begins and low[n] in lexicon.auxiliaries:
                return None
        return None

    def _said_before(self, first: int) -> Range | None:
        """What stands before ", said Ann" or ", Ann said": from the start of the sentence."""
        if self._is_passive(first) and not self._lexicon.verb_comes_second:
            return None
        comma = next((n for n in range(first - 1, -1, -1) if self._low[n] == ","), None)
        if comma is None or first - comma > 6:
            return None
        if self._low[0] in self._lexicon.aside and not self._has_finite(0, comma):
            return None  # only when or where it was said: "In a statement"
        return self._from_to(0, comma)

    def _hidden(self, first: int, end: int) -> Iterator[Reading]:
        """An adverb that opens its clause, or stands by its verb: the text hides who says so."""
        start = first
        while start > 0 and self._low[start - 1] not in COMMAS:
            start -= 1
        beside = self._low[max(0, first - 1) : first] + self._low[end : end + 1]
        helps = any(word in self._lexicon.auxiliaries for word in beside)
        found: list[Range | None] = []
        if start == first:
            found = [self._from_to(end, len(self._places))]
        elif helps and len(self._cues) == 1:
            before = [self._from_to(a, b, 1) for a, b in self._without_relative(first)]
            found = [*before, self._from_to(end, self._clause_end(end), 1)]
        claim = tuple(piece for piece in found if piece is not None)
        if claim and len(claim) == len(found):
            cue = Range(self._places[first].start, self._places[end - 1].end)
            yield Reading(claim, (cue,), None, False, HIDDEN_SCORE)

    def _without_relative(self, end: int) -> list[tuple[int, int]]:
        """Tokens from the start of the sentence without a ", which …," between commas."""
        commas = [n for n in range(end) if self._low[n] == ","]
        if len(commas) == 2 and self._low[commas[0] + 1] in self._lexicon.relatives:
            return [(0, commas[0]), (commas[1] + 1, end)]
        return [(0, end)]

    def _by_preposition(self, first: int, end: int) -> Iterator[Reading]:
        source = self._sources.named_by_preposition(end, opens=first == 0)
        if source is None:
            return
        cue = Range(self._places[first].start, self._places[end - 1].end)
        behind = bisect_left(self._starts, source.end)
        claim = self._around(first, behind)
        if claim:
            yield Reading(claim, (cue,), source, False, INDIRECT_SCORE)

    def _by_postposition(self, first: int, end: int) -> Iterator[Reading]:
        source = self._sources.ahead_of(first)
        if source is None:
            return
        claim = self._around(bisect_left(self._starts, source.start), end)
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
