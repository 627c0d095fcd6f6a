"""What a record says, without ids: for comparing what was written with what is read again."""

from __future__ import annotations

from collections import Counter
from typing import Any

from annotator.core.annotation import Actor, Relation, Span, UnitLabel
from annotator.formats.base import Record


def essence(record: Record) -> dict[str, Any]:
    """All of a record's content that does not depend on ids and their order.

    Duplicates count. Bookkeeping (annotator, marks, hash) is not in it.
    """
    actors = {a.id: _actor(a) for a in record.actors}
    spans = {s.id: _span(s, actors) for s in record.spans}
    proposed = [s.proposed for s in record.suggestions]
    spans.update((p.id, _span(p, actors)) for p in proposed if isinstance(p, Span))
    relations = {r.id: r for r in record.relations}
    cut = {s.id: (s.start, s.end) for s in record.sentences or ()}

    def relation(item: Relation) -> tuple[Any, ...]:
        arguments = []
        for argument in item.arguments:
            known = {"span": spans, "actor": actors, "relation": relations}[argument.kind]
            target = known[argument.target]
            said = relation(target) if isinstance(target, Relation) else target
            arguments.append((argument.role, argument.kind, said))
        return (item.type, tuple(arguments), *_details(item))

    def unit_label(item: UnitLabel) -> tuple[Any, ...]:
        where = None if item.sentence is None else cut[item.sentence]
        return (item.layer, item.label, where, *_details(item))

    def any_kind(item: Span | Relation | UnitLabel) -> tuple[Any, ...]:
        if isinstance(item, Span):
            return _span(item, actors)
        return relation(item) if isinstance(item, Relation) else unit_label(item)

    return {
        "name": record.document.name,
        "text": record.document.text,
        "meta": record.document.meta,
        "sentences": None if record.sentences is None else sorted(cut.values()),
        "spans": Counter(spans[s.id] for s in record.spans),
        "relations": Counter(map(relation, record.relations)),
        "labels": Counter(map(unit_label, record.unit_labels)),
        "actors": Counter(actors.values()),
        "suggestions": Counter((any_kind(s.proposed), s.state) for s in record.suggestions),
    }


def _details(item: Span | Relation | UnitLabel) -> tuple[Any, ...]:
    attributes = frozenset((a.name, frozenset(a.values), a.uncertain) for a in item.attributes)
    return attributes, item.note, item.flagged, item.origin


def _actor(actor: Actor) -> tuple[Any, ...]:
    return actor.name, actor.kind, frozenset(actor.aliases), frozenset(actor.links), actor.note


def _span(span: Span, actors: dict[str, tuple[Any, ...]]) -> tuple[Any, ...]:
    actor = None if span.actor is None else actors[span.actor]
    return (span.layer, span.label, span.fragments, span.text, actor, *_details(span))
