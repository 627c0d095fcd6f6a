"""How to put a selection, or a label's own unit, onto a range: the cheapest of the documented ways.

A plan is the keys up to the label's key, and how far the label's boundaries have to be mended then.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from annotator.core.annotation import Span
from annotator.core.ranges import Range
from annotator.core.schema import Label, Layer
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.reading import Reader
from bench.economy_moves import BY_LINE, EXTENDING, Keys, Moves

_GROWS = 5
_TRIED_INSIDE = 5
"""Tokens at either end of a span at which units are tried."""
_FAR = 12
"""Tokens by which a boundary is mended at most."""


class Plan(NamedTuple):
    """Keys, the range that the label's key takes then, and the token where the cursor is then."""

    keys: Keys
    takes: Range
    cursor: int = 0


class Planner:
    """Plans for one document as it is cut and wrapped now."""

    def __init__(self, session: AnnotateSession, moves: Moves) -> None:
        self._session = session
        self.moves = moves
        self._reader = Reader(session.document.text, session.sentences)
        self._units: dict[tuple[int, str], Range | None] = {}

    def to(self, offset: int) -> Keys:
        """The cheapest keys that put the cursor on the token that holds a code point."""
        there = self.moves.token_at(offset)
        return self.moves.ways(self._session.reader.cursor.start, [there])[there]

    def label(self, layer: Layer, label: Label, wanted: Range) -> Plan:
        """The cheapest plan for a new span; what the label's key takes may have to be mended."""
        plans = [plan for plan in self._selecting(wanted) if plan.takes == wanted]
        if label.key is not None:
            plans += self._by_unit(layer, wanted)
        return min(plans, key=lambda plan: len(plan.keys) + len(self._mended(plan, wanted)))

    def _mended(self, plan: Plan, wanted: Range) -> Keys:
        return self.mending(plan.takes, wanted, plan.cursor)

    def mend(self, span: Span, wanted: Range) -> Keys:
        """The cheapest keys to a span of the screen, and from there to other boundaries."""
        session = self._session
        taken = Range(span.start, span.end)
        inside = [
            start
            for start in self._inside(taken)
            if session.annotations.spans_at(start)[:1] == [span]
        ]
        ways = self.moves.ways(session.reader.cursor.start, inside)
        tries = [(*keys, *self.mending(taken, wanted, start)) for start, keys in ways.items()]
        return min(tries, key=len) if tries else self._mend_behind_others(span, wanted)

    def _mend_behind_others(self, span: Span, wanted: Range) -> Keys:
        """As ``mend``, of a span within which others have the focus everywhere: the last keys to
        it are ``tab`` or ``shift+tab``."""
        taken = Range(span.start, span.end)
        order = sorted((s.start, s.end, s.id) for s in self._session.annotations.spans.values())
        target = order.index((span.start, span.end, span.id))
        inside = self._inside(taken)
        ways = self.moves.ways(self._session.reader.cursor.start, inside, choosing=False)
        tries = []
        for start, keys in ways.items():
            innermost = self._session.annotations.spans_at(start)[0]
            steps = target - order.index((innermost.start, innermost.end, innermost.id))
            tabs = ("tab" if steps > 0 else "shift+tab",) * abs(steps)
            tries.append(
                (*keys, *tabs, *self.mending(taken, wanted, self.moves.token_at(taken.start)))
            )
        return min(tries, key=len)

    def select(self, wanted: Range) -> Plan:
        """The cheapest plan for a selection that is added to the span chosen last."""
        return min(self._selecting(wanted, choosing=False), key=lambda plan: len(plan.keys))

    def mending(self, taken: Range, wanted: Range, cursor: int) -> Keys:
        """The keys that move a focused span's boundaries to where they are wanted.

        The edge that is nearer to the token at ``cursor`` moves first.
        """
        if taken == wanted:
            return ()
        token = self.moves.tokens[bisect_left(self.moves.starts, cursor)]
        ends = [token.end for token in self.moves.tokens]
        edges = [
            self._edge(taken.start, wanted.start, self.moves.starts),
            self._edge(taken.end, wanted.end, ends),
        ]
        to_start, to_end = token.start - taken.start, taken.end - token.end
        if to_start > to_end or (to_start == to_end and wanted.start >= taken.start):
            edges.reverse()
        return ("e", *edges[0], *(("tab", *edges[1]) if edges[1] else ()), "enter")

    def _edge(self, edge: int, wanted: int, stops: list[int]) -> Keys:
        """Arrows as far as whole tokens go, then ``,`` and ``.`` by character."""
        tries = []
        for stop in {bisect_left(stops, wanted), bisect_right(stops, wanted) - 1}:
            if 0 <= stop < len(stops):
                forth = stop - bisect_left(stops, edge)
                back = forth + (stops[bisect_left(stops, edge)] != edge) * (forth < 0)
                arrows = ("right",) * forth if forth > 0 else ("left",) * -back
                rest = wanted - stops[stop]
                tries.append((*arrows, *("." * rest if rest > 0 else "," * -rest)))
        tries.append(("." * (wanted - edge)) if wanted > edge else ("," * (edge - wanted)))
        return tuple(min(tries, key=len))

    # -- by the layer's unit ---------------------------------------------------------------------

    def _by_unit(self, layer: Layer, wanted: Range) -> Iterator[Plan]:
        inside = [s for s in self._inside(wanted) if not self._relabels(layer, s)]
        ways = self.moves.ways(self._session.reader.cursor.start, inside)
        for start, keys in ways.items():
            taken = self._unit(start, layer)
            if taken is not None and abs(taken.start - wanted.start) < 80:
                yield Plan(keys, taken, start)

    def _relabels(self, layer: Layer, start: int) -> bool:
        """Whether the label's key would give another label to what lies at a token."""
        session = self._session
        if start == session.reader.cursor.start:
            focus = session.focus
            return focus is not None and focus.layer == layer.name
        at = session.annotations.spans_at(start)
        return bool(at) and at[0].layer == layer.name

    def _unit(self, start: int, layer: Layer) -> Range | None:
        if (start, layer.name) not in self._units:
            self._reader.clear()
            self._reader.move_to(start)
            self._units[start, layer.name] = self._reader.unit(layer.unit) or self._reader.cursor
        return self._units[start, layer.name]

    # -- by a selection --------------------------------------------------------------------------

    def _selecting(self, wanted: Range, *, choosing: bool = True) -> Iterator[Plan]:
        rough = self._rough(wanted)
        first = rough.start
        last = self.moves.token_at(rough.end - 1)
        here = self._session.reader.cursor.start
        inside = self._inside(rough)
        ways = self.moves.ways(here, inside, choosing=choosing)
        for a, b in {(first, last), (last, first)}:
            if a in ways:
                came_by_line = ways[a][-1:] in BY_LINE
                for keys in self._from_to(a, b):
                    move = next((key for key in keys if key != "v"), "").removeprefix("shift+")
                    if not (came_by_line and (move,) in BY_LINE):
                        yield Plan((*ways[a], *keys), rough)
        for start, keys in ways.items():
            yield from self._by_growing(start, keys, rough)
        for keys in self.moves.selecting_jumps(here, first, last):
            yield Plan(keys, rough)

    def _from_to(self, a: int, b: int) -> Iterator[Keys]:
        arrows = self.moves.arrows(a, b)
        if arrows:
            yield tuple(f"shift+{key}" for key in arrows)
        keys = self.moves.ways(a, [b], selecting=True).get(b)
        if keys is not None:
            yield ("v", *keys)

    def _by_growing(self, start: int, keys: Keys, wanted: Range) -> Iterator[Plan]:
        self._reader.clear()
        self._reader.move_to(start)
        for presses in range(1, _GROWS + 1):
            if not self._reader.grow():
                return
            taken = self._reader.selection
            assert taken is not None
            grown = (*keys, *("x",) * presses)
            if taken == wanted:
                yield Plan(grown, wanted)
                return
            if taken.start == wanted.start and taken.end in self._ends(wanted):
                ends = [token.end for token in self.moves.tokens]
                steps = bisect_left(ends, wanted.end) - bisect_left(ends, taken.end)
                key = f"shift+{EXTENDING[steps > 0]}"
                yield Plan((*grown, *(key,) * abs(steps)), wanted)

    def _ends(self, wanted: Range) -> set[int]:
        tokens = self.moves.tokens
        number = bisect_left(self.moves.starts, wanted.end)
        return {token.end for token in tokens[max(0, number - _FAR) : number + _FAR]}

    def _rough(self, wanted: Range) -> Range:
        """The range of whole tokens around a range."""
        first = self.moves.token_at(wanted.start)
        last = self.moves.token_at(wanted.end - 1)
        return Range(first, self.moves.tokens[bisect_left(self.moves.starts, last)].end)

    def _inside(self, wanted: Range) -> list[int]:
        starts = self.moves.starts
        first = bisect_left(starts, self.moves.token_at(wanted.start))
        inside = starts[first : bisect_left(starts, wanted.end)]
        if len(inside) <= 2 * _TRIED_INSIDE:
            return inside
        return inside[:_TRIED_INSIDE] + inside[-_TRIED_INSIDE:]
