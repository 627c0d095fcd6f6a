"""Proposals of several engines as one: of those that cannot stand together, the surest."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from msgspec.structs import replace

from annotator.core.annotation import Relation, Span
from annotator.core.schema import Schema
from annotator.suggest.base import Proposal


def combined(proposals: Iterable[Proposal], schema: Schema) -> list[Proposal]:
    """Proposals without doubles and contradictions, in order of the text.

    Of spans of a layer without overlap, and of spans on the same text with different labels, the
    one with the best score stays; where two engines say the same, it counts for more: both would
    have to be wrong. Relations over what went are gone.
    """
    given = list(proposals)
    spans = _agreeing([p for p in given if isinstance(p, Span)])
    kept = _standing(spans, schema)
    there = {span.id for span in kept}
    twins = {_place(span): span.id for span in kept}
    replaced = {p.id: twins.get(_place(p), "") for p in given if isinstance(p, Span)}
    relations = [_retied(p, replaced, there) for p in given if isinstance(p, Relation)]
    others = [p for p in given if not isinstance(p, Span | Relation)]
    return [*kept, *others, *(r for r in relations if r is not None)]


def _score(proposal: Proposal) -> float:
    score = proposal.origin.score
    return 1.0 if score is None else score


def _place(span: Span) -> tuple[object, ...]:
    return span.layer, span.label, span.fragments


def _agreeing(spans: list[Span]) -> list[Span]:
    """One span per label and place: the surest, with the score of all that say so."""
    groups: dict[tuple[object, ...], list[Span]] = {}
    for span in spans:
        groups.setdefault(_place(span), []).append(span)
    found = []
    for group in groups.values():
        best = max(group, key=lambda s: (_score(s), s.origin.engine or ""))
        doubt = 1.0
        for engine in {s.origin.engine for s in group}:
            doubt *= 1.0 - max(_score(s) for s in group if s.origin.engine == engine)
        if best.origin.score is not None:
            origin = replace(best.origin, score=round(1.0 - doubt, 4))
            best = replace(best, origin=origin)
        found.append(best)
    return found


def _standing(spans: list[Span], schema: Schema) -> list[Span]:
    """Those that may stand beside each other, the surest first served."""
    alone = {layer.name for layer in schema.layers if layer.overlap == "none"}
    taken: dict[str, list[tuple[int, int]]] = {}
    places: set[tuple[object, ...]] = set()
    kept = []
    for span in sorted(spans, key=lambda s: (-_score(s), s.start - s.end, s.start, s.id)):
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
        kept.append(span)
    return sorted(kept, key=lambda s: (s.start, -s.end, s.layer, s.id))


def _retied(relation: Relation, replaced: dict[str, str], there: set[str]) -> Relation | None:
    arguments = tuple(
        replace(a, target=replaced.get(a.target, a.target)) for a in relation.arguments
    )
    lost = any(a.target in replaced and replaced[a.target] not in there for a in relation.arguments)
    return None if lost else replace(relation, arguments=arguments)
