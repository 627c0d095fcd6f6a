"""What annotating a sentence costs in keys, by hand and with suggestions: the documented ones.

The cursor is on the first token of the sentence, which is in sight. **By hand**, span by span in
order of the text: the cheapest way to the span (arrows, ``w`` and ``b``, ``f`` with a character and
a hint), the cheapest selection (the label's own unit, shift with arrows, ``v``, ``f`` to both ends,
growing with ``x``, or the unit mended with ``e``), and the label's key.

**With suggestions** the cheapest of these plans:

* those worth it are answered in turn: ``y``, the right label's key once ``tab`` or the answer
  before it has put it in focus, or ``e`` and arrows for the boundaries; a wrong one between them
  takes ``n`` or ``tab``, or a move beyond it. What is missing is made by hand on the way, or at the
  end from left to right, or from right to left;
* ``=`` accepts all in the sentence; wrong ones are gone to and deleted or mended;
* all are ignored, and everything is made by hand, with the keys that this takes without them:
  suggestions can cost nothing.

What is wrong and behind the last one worth an answer may be left alone: it blocks nothing. In the
*strict* count each that is still there must be rejected, with ``n``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter

from annotator.core.ranges import Range
from bench.suggest_desk import Desk, Ground, Keys, Said

_Answers = dict[Said, Said]
"""What the suggestions worth an answer become: themselves, or another label or place."""


class SentenceKeys:
    """The plans for one sentence."""

    def __init__(self, text: str, sentence: Range) -> None:
        self._ground = Ground(text, sentence)

    def by_hand(self, gold: Sequence[Said]) -> Keys:
        """The keys for all of them."""
        desk = Desk(self._ground)
        for said in sorted(gold):
            desk.make(said)
        return tuple(desk.keys)

    def with_suggestions(
        self, gold: Sequence[Said], given: Sequence[Said], *, strict: bool
    ) -> Keys:
        """The keys for all of them where ``given`` are shown."""
        plans: list[Callable[[Desk, Sequence[Said]], bool]] = [
            _ignore, _accept_all, _answer_on_the_way, _answer_first, _answer_first_back,
        ]  # fmt: skip
        found = []
        for plan in plans:
            desk = Desk(self._ground, given)
            if plan(desk, gold):
                if strict:
                    _reject_rest(desk)
                assert sorted(desk.made) == sorted(gold), (plan, desk.made, gold)
                found.append(tuple(desk.keys))
        return min(found, key=len)


def _ignore(desk: Desk, gold: Sequence[Said]) -> bool:
    for said in sorted(gold):
        desk.make(said)
    return True


def _accept_all(desk: Desk, gold: Sequence[Said]) -> bool:
    if any(
        a.alone and a.layer == b.layer and a.touches(b.place)
        for a in desk.open
        for b in desk.open
        if a < b
    ):
        return False  # which of them is accepted is for the rules of the schema to say
    desk.accept_all()
    becomes = _worth(desk, [s for s in gold if s not in desk.made], desk.made)
    for span in [s for s in desk.made if s not in gold]:
        desk.reach(span)
        if span in becomes:
            desk.replace(span, becomes[span])
        else:
            desk.delete(span)
    for said in sorted(s for s in gold if s not in desk.made):
        desk.make(said)
    return True


def _answer_first(desk: Desk, gold: Sequence[Said]) -> bool:
    return _answer(desk, _worth(desk, gold, desk.open)) and _fill(desk, gold)


def _answer_first_back(desk: Desk, gold: Sequence[Said]) -> bool:
    return _answer(desk, _worth(desk, gold, desk.open)) and _fill(desk, gold, back=True)


def _fill(desk: Desk, gold: Sequence[Said], *, back: bool = False) -> bool:
    for said in sorted((s for s in gold if s not in desk.made), reverse=back):
        desk.make(said)
    return True


def _answer(desk: Desk, becomes: _Answers) -> bool:
    return all(_answer_one(desk, s, becomes[s]) for s in list(desk.open) if s in becomes)


def _answer_one(desk: Desk, suggestion: Said, result: Said) -> bool:
    if suggestion not in desk.open:
        return False
    if suggestion == result:
        desk.accept(suggestion)
    else:
        desk.correct(suggestion, result)
    return True


def _answer_on_the_way(desk: Desk, gold: Sequence[Said]) -> bool:
    becomes = _worth(desk, gold, desk.open)
    by_result = {result: s for s, result in becomes.items()}
    for said in sorted(gold):
        if said not in by_result:
            desk.make(said)
        elif not _answer_one(desk, by_result[said], said):
            return False
    return True


def _worth(desk: Desk, gold: Sequence[Said], given: Sequence[Said]) -> _Answers:
    """Those worth an answer, and what they become; each of the gold is answered for once."""
    becomes: _Answers = {s: s for s in given if s in gold}
    left = [g for g in gold if g not in becomes]
    for same in (attrgetter("place", "layer"), attrgetter("label", "layer")):
        for suggestion in given:
            fitting = [
                g for g in left if same(g) == same(suggestion) and g.touches(suggestion.place)
            ]
            if suggestion in becomes or not fitting:
                continue
            ground = desk.ground
            at = ground.index(suggestion.place.start)
            right = min(fitting, key=lambda g: len(ground.mend(suggestion.place, g.place, at)))
            mended = ground.mend(suggestion.place, right.place, at)
            alone = Desk(ground)
            alone.cursor = at
            alone.make(right)
            if not mended or len(mended) < len(alone.keys):
                becomes[suggestion] = right
                left.remove(right)
    return becomes


def _reject_rest(desk: Desk) -> None:
    while (suggestion := desk.next()) is not None:
        desk.reject(suggestion)
