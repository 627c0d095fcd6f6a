"""What another schema does to the annotations of one document, as the changes of an edit.

Names are carried as the schema's table ``[migrate]`` says (:mod:`annotator.core.fitting`).
Relations lose arguments that are deleted or no longer fit, and go where too little is left of them.
Every such thing is told, with the record it happens to, so that nothing goes in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from msgspec.structs import replace

from annotator.core.annotation import (
    Annotation,
    Argument,
    Relation,
    Span,
    Suggestion,
    UnitLabel,
)
from annotator.core.annotation_set import AnnotationSet
from annotator.core.edits import Changes, delete, is_broken, update
from annotator.core.fitting import Effect, Fitting, Stands, missing
from annotator.core.migration import Place
from annotator.core.rules import check_overlap
from annotator.core.schema import Schema
from annotator.errors import RuleError

Made = Span | Relation | UnitLabel | Suggestion
Tell = Callable[[Effect, Made], None]


def change_document(made: Iterable[Made], former: Schema, fitting: Fitting, tell: Tell) -> Changes:
    """The changes that bring all annotations of one document, of all annotators, to a schema.

    ``former`` is the schema they were made under. An effect ``refused`` means that the changes must
    not be written.
    """
    records = list(made)
    now = _Carried(records, fitting, tell)
    now.settle_relations()
    _tell_missing(now, former, fitting.schema, tell)
    _tell_overlaps(now, former, fitting.schema, tell)
    changes = []
    for record in records:
        after = now.record(record)
        if after is None:
            changes.append(delete(record))
        elif after != record:
            changes.append(update(record, after))
    return tuple(changes)


def annotation_of(record: Made) -> Annotation:
    """The annotation itself, or the one that a suggestion proposes."""
    return record.proposed if isinstance(record, Suggestion) else record


class _Carried:
    """The annotations of a document on their way to another schema, by the id of their record."""

    def __init__(self, records: Sequence[Made], fitting: Fitting, tell: Tell) -> None:
        self._fitting = fitting
        self._tell = tell
        self.records = records
        self.now: dict[str, Annotation | None] = {}
        self._at: dict[str, Annotation | None] = {}
        for record in records:
            found = fitting.annotation(annotation_of(record), self._telling(record))
            self.now[record.id] = found
            if not isinstance(record, Suggestion):
                self._at[record.id] = found
        for record in records:
            if isinstance(record, Suggestion):
                self._at.setdefault(record.proposed.id, self.now[record.id])

    def record(self, record: Made) -> Made | None:
        """The record with its annotation as it is now."""
        now = self.now[record.id]
        if isinstance(record, Suggestion):
            return None if now is None else replace(record, proposed=now)
        return now

    def settle_relations(self) -> None:
        """Take arguments away that are gone, and relations that say nothing without them."""
        shortened: set[str] = set()
        waiting = [r for r in self.records if isinstance(annotation_of(r), Relation)]
        changed = True
        while changed:
            changed = False
            for record in waiting:
                now = self.now[record.id]
                if isinstance(now, Relation) and self._settle(record, now, shortened):
                    changed = True

    def _settle(self, record: Made, now: Relation, shortened: set[str]) -> bool:
        former = annotation_of(record)
        assert isinstance(former, Relation)
        left = tuple(a for a in now.arguments if not self._is_gone(a))
        for argument in now.arguments:
            if argument not in left:
                what = f"role {now.type}.{argument.role}"
                self._tell(Effect("deleted", what, "what stands in it is deleted"), record)
        kept = replace(now, arguments=left)
        if record.id not in shortened:
            kept = self._fitting.arguments(former.type, kept, self._stands, self._telling(record))
        shortened.add(record.id)
        if len(kept.arguments) < len(former.arguments) and is_broken(self._fitting.schema, kept):
            what = f"relation type {now.type}"
            self._tell(Effect("deleted", what, "too few arguments are left"), record)
            self._put(record, None)
            return True
        if kept != now:
            self._put(record, kept)
        return False

    def _telling(self, record: Made) -> Callable[[Effect], None]:
        return lambda effect: self._tell(effect, record)

    def _put(self, record: Made, now: Annotation | None) -> None:
        self.now[record.id] = now
        self._at[annotation_of(record).id] = now

    def _is_gone(self, argument: Argument) -> bool:
        return argument.kind != "actor" and self._at.get(argument.target, argument) is None

    def _stands(self, argument: Argument) -> Stands:
        found = self._at.get(argument.target)
        if isinstance(found, Relation):
            return found.type
        return (found.layer, found.label) if isinstance(found, Span) else None


def _tell_missing(now: _Carried, former: Schema, schema: Schema, tell: Tell) -> None:
    """What the schema asks for, is not there, and was not missed before."""
    for record in now.records:
        after = now.now[record.id]
        if after is None:
            continue
        before = annotation_of(record)
        lacked = missing(before, former) if _is_known(before, former) else []
        for what in missing(after, schema):
            if what not in lacked:
                tell(Effect("missing", what), record)


def _is_known(item: Annotation, schema: Schema) -> bool:
    if isinstance(item, Relation):
        return any(r.name == item.type for r in schema.relations)
    return any(layer.name == item.layer for layer in schema.layers)


def _tell_overlaps(now: _Carried, former: Schema, schema: Schema, tell: Tell) -> None:
    """What breaks the rules on what may lie on one place, and broke none before.

    Spans keep the overlap rule of their layer; a sentence or document has one label of each layer.
    """
    watched = _stricter(former, schema)
    owned: dict[str, list[Span]] = {}
    spans = {r.id: r for r in now.records if isinstance(r, Span)} if watched else {}
    for id in spans:
        after = now.now[id]
        if isinstance(after, Span) and after.layer in watched:
            owned.setdefault(after.annotator, []).append(after)
    for mine in owned.values():
        broken = _breaking(mine, schema)
        before = _breaking([spans[span.id] for span in mine], former) if broken else {}
        for span in broken.values():
            if span.id not in before:
                rule = f"overlap = {schema.layer(span.layer).overlap}"
                tell(Effect("overlap", f"layer {span.layer}", rule), spans[span.id])
    units = [r for r in now.records if isinstance(r, UnitLabel)]
    labels = [label for u in units if isinstance(label := now.now[u.id], UnitLabel)]
    doubled, already = _doubled(labels), _doubled(units)
    for unit in units:
        if unit.id in doubled and unit.id not in already:
            what = f"layer {doubled[unit.id].layer}"
            tell(Effect("overlap", what, "two labels on one sentence or document"), unit)


def _stricter(former: Schema, schema: Schema) -> set[str]:
    """The layers of ``schema`` in which spans may break a rule that they kept under ``former``.

    Their rule is another, or what lay in several layers or had several labels now has one.
    """
    rules: dict[str, set[tuple[str, str]]] = {}
    sources: dict[Place, int] = {}
    for layer in former.layers:
        for label in layer.labels:
            place = schema.migration.place(layer.name, label.name)
            if place is not None:
                rules.setdefault(place[0], set()).add((layer.name, layer.overlap))
                sources[place] = sources.get(place, 0) + 1
    merged = {place[0] for place, count in sources.items() if count > 1}
    return {
        layer.name
        for layer in schema.layers
        if layer.overlap != "any"
        and (
            layer.name in merged
            or len(rules.get(layer.name, ())) > 1
            or any(rule != layer.overlap for _, rule in rules.get(layer.name, ()))
        )
    }


def _doubled(units: Sequence[UnitLabel]) -> dict[str, UnitLabel]:
    """The labels, by id, beside which there is another of their layer and annotator."""
    places = Counter((u.annotator, u.layer, u.sentence) for u in units)
    return {u.id: u for u in units if places[u.annotator, u.layer, u.sentence] > 1}


def _breaking(spans: Sequence[Span], schema: Schema) -> dict[str, Span]:
    """The spans, by id, that the overlap rule of their layer forbids beside the others."""
    layers = {layer.name: layer for layer in schema.layers if layer.overlap != "any"}
    watched = [span for span in spans if span.layer in layers]
    beside = AnnotationSet(watched)
    found = {}
    for span in watched:
        try:
            check_overlap(beside, layers[span.layer], span)
        except RuleError:
            found[span.id] = span
    return found
