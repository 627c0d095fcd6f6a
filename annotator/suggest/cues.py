"""Where somebody says something: words of saying in a sentence, and what shows that they are none.

Places are numbers of tokens, half-open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annotator.suggest.lexicon import Lexicon
from annotator.suggest.sources import COMMAS, STOPS

_PARTICLE_REACH = 12


class Cues:
    """The cues of one sentence, given as its words."""

    def __init__(self, words: Sequence[str], lexicon: Lexicon) -> None:
        self._words = words
        self._low = [word.lower() for word in words]
        self._lexicon = lexicon

    def found(self) -> Iterator[tuple[int, int]]:
        """All of them, in order: first token, one past the last."""
        at = 0
        while at < len(self._words):
            end = self._end(at)
            if end > at:
                yield at, end
            at = max(end, at + 1)

    def _end(self, at: int) -> int:
        low, lexicon = self._low, self._lexicon
        for words in lexicon.prepositions:
            parts = words.split()
            if low[at : at + len(parts)] == parts:
                return at + len(parts)
        if low[at] in lexicon.with_particle:
            particles = lexicon.with_particle[low[at]]
            if low[at + 1 : at + 2] and low[at + 1] in particles:
                return at + 2
            if low[at] not in lexicon.other_verbs:
                return at + 1 if self.particle(at) is not None else at
        if self._is_no_verb(at):
            return at
        if low[at] in lexicon.behind_comma:
            return at + 1 if self._is_aside(at) else at
        known = (lexicon.verbs, lexicon.other_verbs, lexicon.postpositions, lexicon.adverbs)
        return at + 1 if any(low[at] in words for words in known) else at

    def _is_no_verb(self, at: int) -> bool:
        """Whether a word that looks like a verb of saying is a noun, a name, or means another
        thing here."""
        low, lexicon = self._low, self._lexicon
        if low[at] not in lexicon.verbs | lexicon.other_verbs:
            return at > 0 and self._words[at][:1].isupper()
        if low[at + 1 : at + 2] and low[at + 1] in lexicon.not_before:
            return not self._names_hearer(at + 1)
        if at == 0 or self._words[at][:1].isupper():
            return True
        if low[at] in lexicon.other_verbs and low[at - 1] in lexicon.relatives:
            return True
        return low[at - 1] in lexicon.no_verb_behind

    def _names_hearer(self, at: int) -> bool:
        """Whether whom it is said to stands here: "said to the court that"."""
        behind = self._words[at + 1 : at + 2]
        is_name = bool(behind) and (behind[0][:1].isupper() or behind[0] in self._lexicon.articles)
        return self._low[at] in self._lexicon.before_hearer and is_name

    def _is_aside(self, at: int) -> bool:
        """Whether it stands between a comma and a name or an article: ", so Ann"."""
        if at == 0 or self._low[at - 1] != "," or at + 1 == len(self._low):
            return False
        is_name = (
            self._words[at + 1][:1].isupper() or self._low[at + 1] in self._lexicon.determiners
        )
        return (
            is_name and self._low[at + 1] not in self._lexicon.phrase_ends | self._lexicon.pronouns
        )

    def is_verb(self, at: int) -> bool:
        """Whether it is one of the verbs that mostly say something."""
        known = (self._lexicon.verbs, self._lexicon.with_particle)
        return any(self._low[at] in words for words in known)

    def particle(self, verb: int) -> int | None:
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
