"""Proposals of several engines as one: of those that cannot stand together, the surest."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from msgspec.structs import replace

from annotator.core.annotation import Relation, Span
from annotator.core.schema import Schema
from annotator.core.suggestion_set import key_of
from annotator.suggest.base import Proposal

_Twins = list[Span]
"""Spans that say the same, the surest first."""


def combined(proposals: Iterable[Proposal], schema: Schema) -> list[Proposal]:
    """Proposals without contradictions: spans in order of the text, then the others.

    Of spans of a layer without overlap, and of spans on the same text with different labels, the
    one with the best score stays. Where several engines say the same, each keeps its own span,
    since relations may stand on it, and the surest counts for more: all of them would have to be
    wrong. Relations over what went are gone.
    """
    given = list(proposals)
    kept = _standing(_agreeing([p for p in given if isinstance(p, Span)]), schema)
    spans = [span for twins in kept for span in twins]
    gone = {p.id for p in given if isinstance(p, Span)} - {span.id for span in spans}
    others = [
        p
        for p in given
        if not isinstance(p, Span)
        and not (isinstance(p, Relation) and any(a.target in gone for a in p.arguments))
    ]
    return [*spans, *others]


def _score(proposal: Proposal) -> float:
    score = proposal.origin.score
    return 1.0 if score is None else score


def _agreeing(spans: list[Span]) -> list[_Twins]:
    """One group per label and place, of each engine its surest."""
    groups: dict[tuple[object, ...], dict[str | None, Span]] = {}
    for span in spans:
        group = groups.setdefault(key_of(span), {})
        before = group.get(span.origin.engine)
        if before is None or _score(span) > _score(before):
            group[span.origin.engine] = span
    found = []
    for group in groups.values():
        best, *rest = sorted(group.values(), key=lambda s: (-_score(s), s.origin.engine or ""))
        doubt = 1.0
        for span in group.values():
            doubt *= 1.0 - _score(span)
        if rest and best.origin.score is not None:
            best = replace(best, origin=replace(best.origin, score=round(1.0 - doubt, 4)))
        found.append([best, *rest])
    return found


def _standing(groups: list[_Twins], schema: Schema) -> list[_Twins]:
    """Those that may stand beside each other, the surest first served."""
    alone = {layer.name for layer in schema.layers if layer.overlap == "none"}
    taken: dict[str, list[tuple[int, int]]] = {}
    places: set[tuple[object, ...]] = set()
    kept = []
    for twins in sorted(groups, key=_rank):
        span = twins[0]
        if (span.layer, span.fragments) in places:
            continue
        if span.layer in alone:
            row = taken.setdefault(span.layer, [])
            at = bisect_left(row, (span.start, span.end))
            before = at and row[at - 1][1] > span.start
            if before or (at < len(row) and row[at][0] < span.end):
                continue
            row.insert(at, (span.start, span.end))
        places.add((span.layer, span.fragments))
        kept.append(twins)
    return sorted(kept, key=lambda t: (t[0].start, -t[0].end, t[0].layer, t[0].label))


def _rank(twins: _Twins) -> tuple[object, ...]:
    span = twins[0]
    return -_score(span), span.start - span.end, span.start, span.layer, span.label
