"""The screen as far as keys for spans in one sentence go: cursor, focus, what is made and proposed.

Each action appends the keys that it takes, as they are documented. Two things only the screen
knows, so keys name them: ``label:LAYER:LABEL`` is a label's key, ``hint:START`` the hint letter of
the token at that code point, ``HINT:START`` the same as a capital.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import copy
from typing import NamedTuple, cast

from annotator.core.ranges import Range
from annotator.core.text_objects import Unit, candidates, grow, taken_at
from annotator.core.tokens import tokens

Keys = tuple[str, ...]

_GROWS = 5
_TRIED = 10
"""Tokens of a span at which the label's own unit is tried."""
_IN_SIGHT = 800
"""Code points before and behind a sentence that are in sight with it, more or less."""


class Said(NamedTuple):
    """A label on a stretch of text, of a layer with a default unit."""

    place: Range
    label: str
    layer: str
    unit: str
    alone: bool = True
    """Whether its layer allows nothing to overlap."""

    @property
    def key(self) -> str:
        """The label's key."""
        return f"label:{self.layer}:{self.label}"

    def touches(self, place: Range) -> bool:
        """Whether it lies on some of that text."""
        return self.place.start < place.end and place.start < self.place.end


class Ground:
    """What never changes in a sentence: its tokens, its candidates, its units."""

    def __init__(self, text: str, sentence: Range) -> None:
        self.text = text
        self.sentence = sentence
        self.words = tokens(text, *sentence)
        self.starts = [word.start for word in self.words]
        self.ends = [word.end for word in self.words]
        self.stops = sorted({self.index(c.start) for c in candidates(text, sentence, self.words)})
        self.first = [text[word.start].casefold() for word in self.words]
        low, high = max(0, sentence.start - _IN_SIGHT), sentence.end + _IN_SIGHT
        around = (*tokens(text, low, sentence.start), *tokens(text, sentence.end, high))
        self._in_sight = Counter(text[word.start].casefold() for word in around)
        self._in_sight.update(self.first)
        self._units: dict[tuple[int, str], Range] = {}

    def index(self, offset: int) -> int:
        """The token that holds a code point, or the one before it."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def unit(self, at: int, unit: str) -> Range:
        """What a label's key takes at a token."""
        if (at, unit) not in self._units:
            around = (self.sentence, self.sentence)
            taken = taken_at(self.text, self.starts[at], cast(Unit, unit), *around)
            self._units[at, unit] = taken or self.words[at]
        return self._units[at, unit]

    def move(self, here: int, there: int, stops: list[int]) -> Keys:
        """From one token to another; ``w`` and ``b`` go to the next of ``stops``."""
        if here == there:
            return ()
        step, jump = ("right", "w") if here < there else ("left", "b")
        best: Keys = (step,) * abs(there - here)
        low, high = min(here, there), max(here, there)
        passed = [s for s in stops if low <= s <= high and s != here]
        for way, edge in enumerate(passed if here < there else passed[::-1], start=1):
            rest = ("right" if edge < there else "left",) * abs(edge - there)
            best = min(best, (jump,) * way + rest, key=len)
        return min(best, self._jump(here, there), key=len)

    def _jump(self, here: int, there: int) -> Keys:
        letter = self.first[there]
        alone = self._in_sight[letter] - (self.first[here] == letter) <= 1
        return ("f", letter) if alone else ("f", letter, f"hint:{self.starts[there]}")

    def selecting_jump(self, here: int, first: int, last: int) -> Keys | None:
        """``f`` with a capital hint: from ``first`` to the next word that begins as ``last``."""
        if here == first or last == first:
            return None
        jump = self._jump(here, first)
        if len(jump) < 3 or self.first[first + 1 :].index(self.first[last]) != last - first - 1:
            return None
        return (*jump[:2], f"HINT:{self.starts[first]}", self.first[last])

    def grown(self, first: int, wanted: Range) -> Keys | None:
        """How often ``x`` takes the next larger unit until it is what is wanted."""
        start = self.starts[first]
        place = Range(start, start)
        for presses in range(1, _GROWS + 1):
            place = grow(self.text, place, self.sentence, self.sentence)
            if place == wanted:
                return ("x",) * presses
        return None

    def mend(self, taken: Range, wanted: Range, cursor: int) -> Keys:
        """``e`` and ``enter``, the edge that is nearer to the cursor's token first."""
        if taken == wanted:
            return ()
        edges = [
            _edge(taken.start, wanted.start, self.starts),
            _edge(taken.end, wanted.end, self.ends),
        ]
        token = self.words[cursor]
        to_start, to_end = token.start - taken.start, taken.end - token.end
        if to_start > to_end or (to_start == to_end and wanted.start >= taken.start):
            edges.reverse()
        return ("e", *edges[0], *(("tab", *edges[1]) if edges[1] else ()), "enter")


def _edge(edge: int, wanted: int, stops: list[int]) -> Keys:
    """Arrows as far as whole tokens go, then ``,`` and ``.`` by character."""
    tries: list[Keys] = [(".",) * (wanted - edge) if wanted > edge else (",",) * (edge - wanted)]
    for stop in {bisect_left(stops, wanted), bisect_right(stops, wanted) - 1}:
        if 0 <= stop < len(stops):
            forth = stop - bisect_left(stops, edge)
            arrows = ("right",) * forth if forth > 0 else ("left",) * -forth
            rest = wanted - stops[stop]
            tries.append((*arrows, *((".",) * rest if rest > 0 else (",",) * -rest)))
    return min(tries, key=len)


class Desk:
    """The state of a sentence on the screen, and the keys pressed so far."""

    def __init__(self, ground: Ground, given: Iterable[Said] = ()) -> None:
        self.ground = ground
        self.open = sorted(given, key=_stop)
        self.made: list[Said] = []
        self.cursor = 0
        self.chosen: Said | None = None
        self.keys: list[str] = []

    # -- focus -----------------------------------------------------------------------------------

    def focus(self) -> Said | None:
        """The span or the suggestion in focus; a suggestion only if it was stepped on."""
        if self.chosen is not None:
            return self.chosen
        return self._innermost(self.made, self.cursor)

    def next(self) -> Said | None:
        """The suggestion that ``y`` and ``n`` answer."""
        if self.chosen in self.open:
            return self.chosen
        here = self._innermost(self.open, self.cursor)
        start = self.ground.starts[self.cursor]
        behind = (s for s in self.open if s.place.start >= start)
        return here or next(behind, self.open[0] if self.open else None)

    def _innermost(self, row: Iterable[Said], at: int) -> Said | None:
        start = self.ground.starts[at]
        here = [s for s in row if s.place.start <= start < s.place.end]
        return min(here, key=lambda s: s.place.end - s.place.start, default=None)

    def go(self, at: int) -> None:
        """Move the cursor."""
        keys = self.way(at)
        if keys:
            self.keys += keys
            self.cursor, self.chosen = at, None

    def way(self, at: int) -> Keys:
        """The keys that move the cursor to a token."""
        return self.ground.move(self.cursor, at, self.ground.stops)

    def choose(self, said: Said) -> None:
        """Put cursor and focus on a span or suggestion, as the screen does by itself."""
        self.cursor, self.chosen = self.ground.index(said.place.start), said

    def reach(self, wanted: Said) -> None:
        """Have a span or suggestion in focus, by ``tab``, or by moving to it."""
        if self.focus() == wanted:
            return
        by_move = min(
            ((*self.way(at), *(("tab",) if wanted in self.open else ())), at)
            for at in self._tokens_of(wanted)
        ) if self._tokens_of(wanted) else None  # fmt: skip
        tabs = self._tabs(wanted)
        if by_move is None or len(tabs) <= len(by_move[0]):
            self.keys += tabs
            self.choose(wanted)
        else:
            self.keys += by_move[0]
            self.cursor, self.chosen = by_move[1], wanted

    def _tokens_of(self, wanted: Said) -> list[int]:
        """The tokens at which nothing else has the focus, or would get it by ``tab``."""
        index, row = self.ground.index, self.made if wanted in self.made else self.open
        found = range(index(wanted.place.start), index(wanted.place.end - 1) + 1)
        return [
            at
            for at in found
            if self._innermost(row, at) == wanted
            and (wanted in self.made or self._innermost(self.made, at) is None)
        ]

    def _tabs(self, wanted: Said) -> Keys:
        focus = self.focus()
        here = _stop(focus) if focus else (self.ground.starts[self.cursor], 0, "", "")
        forth, first = _stop(wanted) > here, ()
        under = self._innermost(self.open, self.cursor) if focus is None else None
        if under == wanted:
            return ("tab",)
        if under is not None and forth:
            here, first = _stop(under), ("tab",)
        between = sum(
            min(here, _stop(wanted)) < _stop(s) < max(here, _stop(wanted))
            for s in (*self.made, *self.open)
        )
        return (*first, *("tab" if forth else "shift+tab",) * (between + 1))

    # -- answers ---------------------------------------------------------------------------------

    def accept(self, suggestion: Said) -> None:
        """``y``, once it is next: by ``tab``, or since those before it are rejected."""
        self._have_next(suggestion)
        was_chosen, token = suggestion == self.chosen, self.ground.starts[self.cursor]
        self.keys.append("y")
        self._make((suggestion,), besides=suggestion)
        if not suggestion.place.start <= token < suggestion.place.end:
            self.choose(suggestion)
        self.chosen = suggestion
        self._go_on(suggestion, was_chosen)

    def reject(self, suggestion: Said) -> None:
        """``n``, once it is next."""
        self._have_next(suggestion)
        was_chosen = suggestion == self.chosen
        self.keys.append("n")
        self._make((), besides=suggestion)
        self.chosen = None
        self._go_on(suggestion, was_chosen)

    def correct(self, suggestion: Said, by: Said) -> None:
        """Another label's key, or other boundaries."""
        ground = self.ground
        if suggestion.place == by.place:
            self.reach(suggestion)
            self.keys.append(by.key)
        else:
            if self.focus() is not None or self.next() != suggestion:
                self.reach(suggestion)
            elif self._innermost(self.open, self.cursor) != suggestion:
                self.choose(suggestion)
            self.keys += ground.mend(suggestion.place, by.place, self.cursor)
        self._make((by,), besides=suggestion)
        if not by.place.start <= ground.starts[self.cursor] < by.place.end:
            self.choose(by)
        self.chosen = by
        self._go_on(suggestion, True)

    def _have_next(self, wanted: Said) -> None:
        if self.next() == wanted:
            return
        rejecting = copy(self)
        rejecting.keys, rejecting.open = list(self.keys), list(self.open)
        while (found := rejecting.next()) not in (wanted, None):
            assert found is not None
            rejecting.reject(found)
        self.reach(wanted)
        if len(rejecting.keys) <= len(self.keys) and wanted in rejecting.open:
            self.__dict__.update(rejecting.__dict__)

    def _go_on(self, answered: Said, was_chosen: bool) -> None:
        """What is suggested behind it is in focus then, and what starts with it if it only lay
        there."""
        place = _stop(answered) if was_chosen else (answered.place.start, -1, "", "")
        behind = [s for s in self.open if _stop(s) > place]
        if behind:
            self.choose(behind[0])

    def accept_all(self) -> None:
        """``=``"""
        self.keys.append("=")
        self.made += self.open
        self.open, self.chosen = [], None

    def delete(self, span: Said) -> None:
        """``d`` on the span in focus."""
        self.keys.append("d")
        self.made.remove(span)
        self.chosen = None

    def replace(self, span: Said, by: Said) -> None:
        """Give the span in focus another label, or other boundaries."""
        same = span.place == by.place
        mended = self.ground.mend(span.place, by.place, self.cursor)
        self.keys += (by.key,) if same else mended
        self.made[self.made.index(span)] = by
        self.chosen = by

    def _make(self, made: Iterable[Said], besides: Said | None = None) -> None:
        for said in made:
            self.made.append(said)
            self._answer_with(said)
        self.open = [s for s in self.open if s != besides]

    def _answer_with(self, said: Said) -> None:
        """What is suggested where it lies goes."""
        self.open = [s for s in self.open if not _is_answered(s, said)]

    # -- by hand ---------------------------------------------------------------------------------

    def make(self, said: Said) -> None:
        """A new span, by the cheapest keys."""
        keys, at, taken = min(self._ways_to_make(said), key=lambda way: (len(way[0]), way[1]))
        self.keys += keys
        self.cursor = at
        self._answer_with(said._replace(place=taken))
        self._make([said])
        self.chosen = said

    def _ways_to_make(self, said: Said) -> Iterator[tuple[Keys, int, Range]]:
        """The keys for it, where the cursor is then, and what the label's key takes at first."""
        ground, place = self.ground, said.place
        first, last = ground.index(place.start), ground.index(place.end - 1)
        for at in range(first, min(last + 1, first + _TRIED)):
            unit = ground.unit(at, said.unit)
            if not self._is_taken(said, at, unit):
                yield (*self.way(at), said.key, *ground.mend(unit, place, at)), at, unit
        rough = Range(ground.starts[first], ground.ends[last])
        rest = (said.key, *ground.mend(rough, place, last))
        to_first = self.way(first)
        shifted = ("shift+right",) * (last - first) or ("v",)
        selected = ("v", *ground.move(first, last, ground.stops))
        yield (*to_first, *min(shifted, selected, key=len), *rest), last, rough
        jump = ground.selecting_jump(self.cursor, first, last)
        if jump is not None:
            yield (*jump, *rest), last, rough
        grown = ground.grown(first, place)
        if grown is not None:
            yield (*to_first, *grown, said.key), first, place

    def _is_taken(self, said: Said, at: int, unit: Range) -> bool:
        """Whether the label's key without a selection would do anything but make that unit."""
        there = self.focus() if at == self.cursor else self._innermost(self.made, at)
        if there is not None and there.layer == said.layer:
            return True
        others = [s for s in self.made if s.layer == said.layer]
        return unit != said.place and any(s.touches(unit) for s in others)


def _is_answered(suggestion: Said, made: Said) -> bool:
    """Whether it goes when something is made: it lies there too, and may not stand beside it."""
    if suggestion.layer != made.layer:
        return False
    return suggestion.place == made.place or (made.alone and suggestion.touches(made.place))


def _stop(said: Said) -> tuple[int, int, str, str]:
    """The order in which ``tab`` steps."""
    return said.place.start, said.place.end, said.layer, said.label
