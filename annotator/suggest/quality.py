"""How good an engine is by now: it is taught some of the finished sentences, and asked the others.

One finished sentence in five is held out, always the same ones for the same seed; with them are
asked the sentences that have gold, which teach nothing. An engine that is not made of finished
sentences is asked all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from math import sqrt

from msgspec import Struct
from msgspec.structs import replace

from annotator.core.annotation import Span
from annotator.core.schema import Schema
from annotator.suggest.base import Engine, Model, NothingToLearnError, Page

HELD_OUT = 5
"""One finished sentence in so many is asked instead of taught."""
SHARES = (0.125, 0.25, 0.5, 1.0)
"""How much of what can be taught is taught, for the learning curve."""
LEAST = 20
"""Finished sentences from which on a check says anything."""
SURE = 0.5
"""The score from which on a proposal counts in the check."""
_MANY = 200
"""Sentences taught from which on an engine that proposes nothing will hardly do better."""
_MISSED = 10
"""Annotations that it was asked for then; of fewer nothing is said."""
_WORTH = 2
"""Keys that an accepted suggestion saves for each that rejecting a wrong one costs
(`make bench-suggest`)."""
_SURELY = 2.33
"""Standard deviations that make a doubt in an engine reasonable: one in a hundred that deserve to
stay on is advised against, each time that the figures are looked at."""


class LabelQuality(Struct, frozen=True):
    """Proposals for a label: right ones, wrong ones, and annotations that were not proposed."""

    label: str
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """The share of right ones among the proposals."""
        return self.right / (self.right + self.wrong) if self.right else 0.0

    @property
    def recall(self) -> float:
        """The share of the annotations that was proposed."""
        return self.right / (self.right + self.missed) if self.right else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        whole = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / whole if whole else 0.0


class Quality(Struct, frozen=True):
    """What a check found: of so many sentences taught, and so many asked, ``gold`` of them of gold.

    ``labels`` is per label, ``all`` of all together. ``curve`` holds pairs of sentences taught and
    the F1 then.
    """

    taught: int
    asked: int
    all: LabelQuality
    labels: tuple[LabelQuality, ...]
    curve: tuple[tuple[int, float], ...]
    gold: int = 0

    @property
    def advice(self) -> str:
        """What to know about the engine; empty where it is worth its keys."""
        proposed, there = self.all.right + self.all.wrong, self.all.right + self.all.missed
        if self.is_mostly_wrong:
            return (
                f"of {proposed} proposals {self.all.right} are right: "
                "rejecting the others costs more keys than these save"
            )
        if self.learns_nothing:
            return (
                f"it proposes none of {there} annotations, taught {self.taught:,} sentences: "
                "it does not learn these"
            )
        if self.taught and not proposed and self.taught < _MANY:
            return "it proposes nothing yet: finish more sentences"
        return ""

    @property
    def is_mostly_wrong(self) -> bool:
        """Whether it had better be off for what it proposes."""
        return is_mostly_wrong(self.all.right, self.all.wrong)

    @property
    def learns_nothing(self) -> bool:
        """Whether it had better be off since nothing comes of it, whatever it is taught."""
        silent = not self.all.right and not self.all.wrong
        return silent and self.taught >= _MANY and self.all.missed >= _MISSED


def is_mostly_wrong(right: int, wrong: int) -> bool:
    """Whether so few of an engine's suggestions are right that it had better be off.

    Of few answers nothing is said: even the most that the true share of right ones may be, by the
    score interval of Wilson (1927), must be less than what pays for the wrong ones.
    """
    count = right + wrong
    if not count:
        return False
    square = _SURELY**2
    middle = right + square / 2
    spread = _SURELY * sqrt(right * wrong / count + square / 4)
    return (middle + spread) / (count + square) < 1 / (1 + _WORTH)


def check(
    engine: Engine, pages: Sequence[Page], schema: Schema, layer: str, seed: int = 0,
    gold: Sequence[Page] = (),
) -> Quality:  # fmt: skip
    """Teach and ask; what is finished in pages of ``gold`` is only asked.

    Raises NothingToLearnError where too few sentences are finished.
    """
    finished = [_finished(page) for page in pages if page.taught]
    count = sum(len(page.sentences) for page in finished)
    _check_enough(count)
    order = {s.id: _lot(s.id, seed) for page in finished for s in page.sentences}
    held = frozenset(id for id, lot in order.items() if lot < 1 / HELD_OUT)
    rest = sorted(order.keys() - held, key=lambda id: (order[id], id))
    known = [_finished(page) for page in gold if page.taught]
    asked = held.union(*(page.taught for page in known))
    curve = []
    labels: list[LabelQuality] = []
    for share in SHARES:
        taught = frozenset(rest[: round(len(rest) * share)])
        labels = _asked(engine, [*finished, *known], schema, layer, taught, asked, seed)
        curve.append((len(taught), _together(labels).f1))
    of_gold = len(asked) - len(held)
    whole = _together(labels)
    return Quality(len(rest), len(asked), whole, tuple(labels), tuple(curve), of_gold)


def check_ready(
    model: Model, pages: Sequence[Page], layer: str, gold: Sequence[Page] = ()
) -> Quality:
    """Ask a model that was not made of finished sentences all of them, and those of ``gold``.

    Of the annotations count those in ``layer``, or of a relation type in the layers of what is
    proposed. Raises NothingToLearnError where too few sentences are finished.
    """
    finished = [_finished(page) for page in (*pages, *gold) if page.taught]
    count = sum(len(page.sentences) for page in finished)
    of_gold = sum(len(page.taught) for page in gold)
    _check_enough(count)
    sides: list[tuple[list[Span], list[Span]]] = []
    reason: NothingToLearnError | None = None
    for page in finished:
        question = replace(page, taught=frozenset(), spans=(), relations=(), answered=())
        try:
            found = [p for p in model.propose(question) if isinstance(p, Span) and _counts(p)]
        except NothingToLearnError as error:
            reason = error
            continue
        places = [(s.start, s.end) for s in page.sentences]
        sides.append((found, [s for s in page.spans if _begins_in(s, places)]))
    if reason is not None and not sides:
        raise reason
    layers = {layer} | {span.layer for found, _ in sides for span in found}
    rows: dict[tuple[str, str], list[int]] = {}
    for sides_of_page in sides:
        given, wanted = ({(s.layer, s.label, s.fragments) for s in side} for side in sides_of_page)
        for side, place in ((given & wanted, 0), (given - wanted, 1), (wanted - given, 2)):
            for name, label, _ in side:
                if name in layers:
                    rows.setdefault((name, label), [0, 0, 0])[place] += 1
    labels = tuple(LabelQuality(label, *row) for (_, label), row in sorted(rows.items()))
    return Quality(0, count, _together(labels), labels, (), of_gold)


def _check_enough(count: int) -> None:
    if count < LEAST:
        raise NothingToLearnError(
            f"{count} sentences are finished; a check needs {LEAST}",
            "Mark sentences done with the space bar.",
        )


def _begins_in(span: Span, places: Iterable[tuple[int, int]]) -> bool:
    return any(a <= span.start < b for a, b in places)


def _finished(page: Page) -> Page:
    return replace(page, sentences=list(page.lessons()))


def _lot(id: str, seed: int) -> float:
    digest = sha256(f"{seed} {id}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / (1 << 48)


def _asked(
    engine: Engine, pages: Sequence[Page], schema: Schema, layer: str,
    taught: frozenset[str], held: frozenset[str], seed: int,
) -> list[LabelQuality]:  # fmt: skip
    counts = {label.name: [0, 0, 0] for label in schema.layer(layer).labels}
    lessons = [replace(page, taught=page.taught & taught) for page in pages]
    try:
        model = engine.load(engine.train(lessons, schema, layer, seed), schema, layer)
    except NothingToLearnError:
        model = None
    for page in pages:
        asked = [s for s in page.sentences if s.id in held]
        if not asked:
            continue
        places = [(s.start, s.end) for s in asked]
        gold = _said((s for s in page.spans if s.layer == layer), places)
        given: set[tuple[str, object]] = set()
        if model is not None:
            question = replace(page, taught=page.taught - held, spans=(), answered=())
            given = _said((p for p in model.propose(question) if _counts(p)), places)
        for name, row in counts.items():
            mine, theirs = ({s for s in side if s[0] == name} for side in (given, gold))
            row[0] += len(mine & theirs)
            row[1] += len(mine - theirs)
            row[2] += len(theirs - mine)
    return [LabelQuality(name, *row) for name, row in counts.items() if any(row)]


def _counts(proposal: object) -> bool:
    if not isinstance(proposal, Span):
        return False
    return proposal.origin.score is None or proposal.origin.score >= SURE


def _said(spans: Iterable[object], places: list[tuple[int, int]]) -> set[tuple[str, object]]:
    return {(s.label, s.fragments) for s in spans if isinstance(s, Span) and _begins_in(s, places)}


def _together(labels: Sequence[LabelQuality]) -> LabelQuality:
    return LabelQuality(
        "",
        sum(q.right for q in labels),
        sum(q.wrong for q in labels),
        sum(q.missed for q in labels),
    )
