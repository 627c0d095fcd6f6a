"""What annotating a sentence costs in keys, by hand and with suggestions: the documented ones.

The cursor is on the first token of the sentence, which is in sight. **By hand**, span by span in
order of the text: the cheapest way to the span (arrows, ``w`` and ``b``, ``f`` with a character and
a hint), the cheapest selection (the label's own unit, shift with arrows, ``v``, ``f`` to both ends,
growing with ``x``, or the unit mended with ``e``), and the label's key.

**With suggestions** the cheapest of three:

* ``=`` accepts all in the sentence; wrong ones are gone to and deleted, the missing made by hand;
* ``tab`` goes to the first; each is answered in turn, which goes to the next: ``y``, ``n``, the
  right label's key, or ``e`` and arrows for its boundaries; the missing are made by hand;
* all are ignored, which blocks nothing, and everything is made by hand. In the *strict* count they
  must be rejected nevertheless: ``tab`` and an ``n`` for each.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from annotator.core.ranges import Range
from annotator.core.text_objects import candidates, grow, unit_at
from annotator.core.tokens import tokens

_GROWS = 5
_MANY = 99


class Said(NamedTuple):
    """A label on a stretch of text, of a layer with a default unit."""

    place: Range
    label: str
    layer: str
    unit: str


class SentenceKeys:
    """The costs in one sentence."""

    def __init__(self, text: str, sentence: Range) -> None:
        self._text = text
        self._sentence = sentence
        self._words = tokens(text, *sentence)
        self._starts = [word.start for word in self._words]
        self._stops = sorted(
            {self._index(c.start) for c in candidates(text, sentence, self._words)}
        )
        self._first = [text[word.start].casefold() for word in self._words]

    def _index(self, offset: int) -> int:
        """The token that holds a code point, or the one before it."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def move(self, here: int, there: int) -> int:
        """Keys from one token (its number) to another."""
        if here == there:
            return 0
        jump = 3 if self._first.count(self._first[there]) > 1 else 2
        steps = abs(here - there)
        way, edge = 0, here
        low, high = min(here, there), max(here, there)
        passed = [s for s in self._stops if low < s <= high and s != here]
        for way, edge in enumerate(passed if here < there else passed[::-1], start=1):
            steps = min(steps, way + abs(edge - there))
        return min(steps, jump)

    def make(self, here: int, said: Said) -> tuple[int, int]:
        """Keys for a new span, and the token where the cursor is then."""
        first, last = self._index(said.place.start), self._index(said.place.end - 1)
        options = []
        for at in range(first, last + 1):
            if len(options) > 10:
                break
            unit = self._unit(at, said.unit)
            options.append((self.move(here, at) + self._mend(unit, said.place), at))
        shifted = min(last - first, 1 + self.move(first, last))
        options.append((self.move(here, first) + max(1, shifted), last))
        if last > first:
            following = self._first[first + 1 :].index(self._first[last])
            jump = 4 if following == last - first - 1 else _MANY
            options.append((jump, last))
        options.append((self._grown(here, first, said.place), first))
        keys, at = min(options)
        return keys + 1, at

    def _unit(self, at: int, unit: str) -> Range:
        found = unit_at(self._text, self._starts[at], unit, self._sentence, self._sentence)
        return found or self._words[at]

    def _grown(self, here: int, first: int, wanted: Range) -> int:
        place = self._words[first]
        for presses in range(1, _GROWS + 1):
            place = grow(self._text, place, self._sentence, self._sentence)
            if place == wanted:
                return self.move(here, first) + presses
        return _MANY

    def _mend(self, taken: Range, wanted: Range) -> int:
        """``e``, arrows at one edge, ``tab`` and arrows at the other, ``enter``."""
        if taken == wanted:
            return 0
        left = abs(self._index(taken.start) - self._index(wanted.start))
        right = abs(self._index(taken.end - 1) - self._index(wanted.end - 1))
        if not left + right:
            return _MANY  # by characters: rare, and not counted on
        return 2 + left + right + (1 if left and right else 0)

    def by_hand(self, gold: Sequence[Said], here: int = 0) -> int:
        """Keys for all of them."""
        keys = 0
        for said in sorted(gold):
            cost, here = self.make(here, said)
            keys += cost
        return keys

    def with_suggestions(self, gold: Sequence[Said], given: Sequence[Said], *, strict: bool) -> int:
        """Keys for all of them where ``given`` are shown."""
        if not given:
            return self.by_hand(gold)
        ignored = self.by_hand(gold)
        if strict:
            ignored += 1 + len([s for s in given if not _is_answered_by(s, gold)])
        return min(ignored, self._accept_all(gold, given), self._walk(gold, given))

    def _accept_all(self, gold: Sequence[Said], given: Sequence[Said]) -> int:
        wrong = [s for s in given if s not in gold]
        missing = [s for s in gold if s not in given]
        return 1 + 2 * len(wrong) + self.by_hand(missing)

    def _walk(self, gold: Sequence[Said], given: Sequence[Said]) -> int:
        keys, missing, here = 1, set(gold), 0
        for suggestion in sorted(given):
            here = self._index(suggestion.place.start)
            relabel = [
                g for g in missing
                if (g.place, g.layer) == (suggestion.place, suggestion.layer)
            ]  # fmt: skip
            if relabel:
                missing.discard(relabel[0])
                keys += 1
                continue
            mended = [
                (self._mend(suggestion.place, g.place), g)
                for g in missing
                if (g.label, g.layer) == (suggestion.label, suggestion.layer)
                and g.place.start < suggestion.place.end
                and suggestion.place.start < g.place.end
            ]
            if mended and min(mended)[0] < self.make(here, min(mended)[1])[0]:
                cost, right = min(mended)
                missing.discard(right)
                keys += cost
            else:
                keys += 1
        return keys + self.by_hand(sorted(missing), here)


def _is_answered_by(suggestion: Said, gold: Sequence[Said]) -> bool:
    """Whether labelling by hand answers it: a span of its layer is made where it lies."""
    return any(
        g.layer == suggestion.layer
        and g.place.start < suggestion.place.end
        and suggestion.place.start < g.place.end
        for g in gold
    )
