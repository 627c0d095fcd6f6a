"""Bringing back what an edit deleted, as the changes of a new edit.

An annotation comes back under its own id, with the ties it lost with it: relations that went, and
arguments that were taken out of others, as far as what they tie is there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from annotator.core.annotation import Annotation, Argument, Relation, Span, UnitLabel
from annotator.core.annotation_set import AnnotationSet
from annotator.core.edits import Change, Changes, create, is_broken, update
from annotator.core.naming import named
from annotator.core.rules import check_overlap
from annotator.core.schema import Schema
from annotator.errors import RuleError


def deleted_by(changes: Changes) -> list[Annotation]:
    """The annotations that the changes of an edit deleted, in their order."""
    return [
        change.before
        for change in changes
        if change.after is None and isinstance(change.before, Span | Relation | UnitLabel)
    ]


def bring_back(
    changes: Changes,
    chosen: Collection[str] | None,
    annotations: AnnotationSet,
    sentences: Collection[str],
    actors: Collection[str],
    schema: Schema,
) -> tuple[Changes, list[str]]:
    """The changes that bring back what ``changes`` deleted, and what they leave out, in words.

    ``chosen`` are ids, or None for all. ``annotations`` are those of the annotator as they are,
    ``sentences`` and ``actors`` the ids there are. Raises RuleError where there is nothing to bring
    back, or a rule of the schema forbids it.
    """
    gone = [a for a in deleted_by(changes) if chosen is None or a.id in chosen]
    if not gone:
        raise RuleError("that edit deleted no annotation", "Choose one that did.")
    missing = [a for a in gone if not _is_there(annotations, a.id)]
    if not missing:
        raise RuleError(f"{named(gone[0])} is there already")
    work = _Work(annotations, schema)
    for item in missing:
        if not isinstance(item, Relation):
            work.add(item, sentences, actors)
    work.ties(changes, {a.id for a in missing})
    back, left_out = work.found()
    if not back:
        raise RuleError(f"{named(missing[0])} cannot come back alone: what it tied is gone")
    return back, left_out


def _is_there(annotations: AnnotationSet, id: str) -> bool:
    return id in annotations.spans or id in annotations.relations or id in annotations.unit_labels


class _Work:
    """What comes back, piece by piece; ``annotations`` is not touched."""

    def __init__(self, annotations: AnnotationSet, schema: Schema) -> None:
        self._now = annotations
        self._schema = schema
        self._spans: dict[str, Span] = {}
        self._units: dict[str, UnitLabel] = {}
        self._relations: dict[str, Relation] = {}
        self._longer: dict[str, Relation] = {}
        self._left_out: list[str] = []

    def add(
        self, item: Span | UnitLabel, sentences: Collection[str], actors: Collection[str]
    ) -> None:
        """A span or a label of a sentence or document. Raises RuleError where a rule forbids it."""
        if isinstance(item, UnitLabel):
            if item.sentence is not None and item.sentence not in sentences:
                raise RuleError(f"the sentence of {named(item)} is there no longer")
            other = self._now.unit_label(item.layer, item.sentence)
            if other is not None:
                raise RuleError(f"{other.label} is there now", "Take it off first.")
            self._units[item.id] = item
            return
        if item.actor is not None and item.actor not in actors:
            item = replace(item, actor=None)
            self._left_out.append("the actor it mentioned")
        layer = self._schema.layer(item.layer)
        check_overlap(self._now, layer, item)
        check_overlap(AnnotationSet(self._spans.values()), layer, item)
        self._spans[item.id] = item

    def ties(self, changes: Changes, back: Collection[str]) -> None:
        """The relations among ``changes`` that are wanted themselves or tie what comes back."""
        waiting = [
            c.before
            for c in changes
            if isinstance(c.before, Relation)
            and (c.before.id in back or any(a.target in back for a in c.before.arguments))
        ]
        for relation in self._inner_first(waiting):
            if relation.id in self._now.relations:
                self._lengthen(self._now.relations[relation.id], relation.arguments, back)
            else:
                self._restore(relation)

    def found(self) -> tuple[Changes, list[str]]:
        """The changes, and what is left out."""
        made: tuple[Annotation, ...] = (
            *self._spans.values(),
            *self._units.values(),
            *self._relations.values(),
        )
        created = [_again(record) for record in made]
        updated = [update(self._now.relation(id), r) for id, r in self._longer.items()]
        return (*created, *updated), self._left_out

    def _inner_first(self, relations: Sequence[Relation]) -> list[Relation]:
        """Those that are arguments of others before these."""
        ids, done, ordered = {r.id for r in relations}, set[str](), list[Relation]()
        left = list(relations)
        while left:
            ready = [
                r for r in left if all(a.target in done or a.target not in ids for a in r.arguments)
            ] or left[:1]
            ordered += ready
            done |= {r.id for r in ready}
            left = [r for r in left if r.id not in done]
        return ordered

    def _restore(self, relation: Relation) -> None:
        kept = tuple(a for a in relation.arguments if self._has(a))
        shorter = replace(relation, arguments=kept)
        lost = len(relation.arguments) - len(kept)
        if lost and is_broken(self._schema, shorter):
            self._left_out.append(f"the relation {relation.type}, whose other ends are gone")
            return
        if lost:
            self._left_out.append(f"{lost} of the arguments of {relation.type}")
        self._relations[relation.id] = shorter

    def _lengthen(self, now: Relation, before: Sequence[Argument], back: Collection[str]) -> None:
        held = self._longer.get(now.id, now)
        kind = self._schema.relation(now.type)
        for argument in before:
            if argument.target not in back or argument in held.arguments:
                continue
            count = sum(a.role == argument.role for a in held.arguments)
            if not self._has(argument) or kind.role(argument.role).is_full(count):
                self._left_out.append(f"its place as {argument.role} of {now.type}")
                continue
            held = replace(held, arguments=_in_order(before, (*held.arguments, argument)))
        if held != now:
            self._longer[now.id] = held

    def _has(self, argument: Argument) -> bool:
        if argument.kind == "actor":
            return True
        id = argument.target
        return id in self._spans or id in self._relations or _is_there(self._now, id)


def _in_order(before: Sequence[Argument], held: Sequence[Argument]) -> tuple[Argument, ...]:
    """The arguments as they stood before, what came since behind them."""
    known = [a for a in before if a in held]
    return (*known, *(a for a in held if a not in known))


def _again(record: Annotation) -> Change:
    """The record anew, one revision on, so that nobody takes it for the one that was deleted."""
    return create(replace(record, revision=record.revision + 1))
