"""Answering suggestions: the changes that accept, correct or reject them.

What a suggestion proposes becomes an annotation of its own, with the engine, its version and score
as origin. Whatever else is made in a suggestion's place answers it too (:func:`completed`), and a
relation that is still proposed goes on with what became of the spans it would tie.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from annotator.core.annotation import (
    Annotation,
    Argument,
    AttributeValues,
    Fragments,
    Record,
    Relation,
    Span,
    Suggestion,
    UnitLabel,
    surface,
)
from annotator.core.annotation_set import AnnotationSet
from annotator.core.edits import Change, Changes, create, is_broken, update
from annotator.core.ids import new_id
from annotator.core.rules import check_overlap, is_forbidden, role_problems
from annotator.core.schema import Label, Layer, Schema
from annotator.core.suggestion_set import score_of
from annotator.errors import RuleError


class Acceptance:
    """Suggestions being accepted, together one edit. ``changes`` are those so far."""

    def __init__(self, annotations: AnnotationSet, schema: Schema) -> None:
        self._annotations = annotations
        self._schema = schema
        self._changes: list[Change] = []
        self._made = AnnotationSet()
        self._answered: dict[str, str] = {}

    @property
    def changes(self) -> Changes:
        """What has been accepted so far."""
        return tuple(self._changes)

    def result(self, suggestion: Suggestion) -> str | None:
        """The id of what became of it; None where it is not accepted."""
        return self._answered.get(suggestion.id)

    def accept(self, suggestion: Suggestion) -> None:
        """Accept it; a relation with the spans it stands on that are still proposed.

        Raises RuleError, and takes nothing in, where a rule of the schema forbids it.
        """
        count = len(self._changes)
        try:
            self._accept(suggestion)
        except RuleError:
            self._take_back(count)
            raise

    def correct(self, suggestion: Suggestion, span: Span) -> None:
        """Accept, in place of the span that is proposed, this one, which is still without an id."""
        made = replace(span, id=new_id(), revision=1)
        layer = self._schema.layer(span.layer)
        check_overlap(self._annotations, layer, made)
        self._changes.append(create(made))
        for alike in self._annotations.suggested.alike(suggestion.proposed):
            self._answer(alike, made)

    def _take_back(self, count: int) -> None:
        for change in self._changes[count:]:
            record = change.record
            if isinstance(record, Suggestion):
                self._answered.pop(record.id, None)
            elif isinstance(record, Span | UnitLabel):
                self._made.remove(record)
        del self._changes[count:]

    def _accept(self, suggestion: Suggestion) -> str:
        known = self._answered.get(suggestion.id)
        if known is not None:
            return known
        match suggestion.proposed:
            case Span():
                made: Annotation = self._span(suggestion.proposed)
            case UnitLabel():
                made = self._unit(suggestion.proposed)
            case Relation():
                made = self._relation(suggestion.proposed)
        self._answer(suggestion, made)
        return made.id

    def _answer(self, suggestion: Suggestion, made: Annotation) -> None:
        state = "accepted" if _says_the_same(suggestion.proposed, made) else "corrected"
        self._answered[suggestion.id] = made.id
        self._changes.append(_answered(suggestion, state, made.id))

    def _span(self, proposed: Span) -> Span:
        there = _in_place(self._annotations, proposed) or _in_place(self._made, proposed)
        if there is not None and there.label == proposed.label:
            return there
        layer = self._schema.layer(proposed.layer)
        attributes = with_defaults(proposed.attributes, layer, layer.label(proposed.label))
        span = replace(proposed, id=new_id(), attributes=attributes, revision=1)
        check_overlap(self._annotations, layer, span)
        check_overlap(self._made, layer, span)
        self._made.add(span)
        self._changes.append(create(span))
        return span

    def _unit(self, proposed: UnitLabel) -> UnitLabel:
        by_now = self._made.unit_label(proposed.layer, proposed.sentence)
        if by_now is not None:
            raise RuleError(f"{by_now.label} is accepted there", "It has one label to a layer.")
        layer = self._schema.layer(proposed.layer)
        attributes = with_defaults(proposed.attributes, layer, layer.label(proposed.label))
        there = self._annotations.unit_label(proposed.layer, proposed.sentence)
        if there is None:
            made = replace(proposed, id=new_id(), attributes=attributes, revision=1)
            change = create(made)
        else:
            made = replace(
                there, label=proposed.label, attributes=attributes, origin=proposed.origin
            )
            change = update(there, made)
        self._made.add(made)
        self._changes.append(change)
        return made

    def _relation(self, proposed: Relation) -> Relation:
        arguments = tuple(replace(a, target=self._target(a)) for a in proposed.arguments)
        for there in self._tied_alike(proposed.type, arguments):
            added = tuple(a for a in arguments if a not in there.arguments)
            if not added:
                return there
            made = replace(there, arguments=there.arguments + added)
            change = update(there, made)
            break
        else:
            made = replace(proposed, id=new_id(), arguments=arguments, revision=1)
            change = create(made)
        for problem in role_problems(self._schema.relation(made.type), made):
            raise RuleError(problem, "Reject it, or tie the spans by hand.")
        self._changes.append(change)
        return made

    def _target(self, argument: Argument) -> str:
        """What a proposed relation is to tie, accepted where it is still proposed."""
        held = self._annotations
        if argument.kind == "actor" or argument.target in held.spans:
            return argument.target
        if argument.target in held.relations:
            return argument.target
        for part in held.suggested.proposing(argument.target):
            return self._accept(part)
        raise RuleError(f"its {argument.role} is no longer there", "{reject} rejects it.")

    def _tied_alike(self, type_: str, arguments: tuple[Argument, ...]) -> list[Relation]:
        """Relations of that type that tie some of the arguments and nothing else."""
        found = {
            relation.id: relation
            for argument in arguments
            for relation in self._annotations.relations_of(argument.target)
            if relation.type == type_ and set(relation.arguments) <= set(arguments)
        }
        return list(found.values())


def best_first(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """Relations before what they stand on, and of each kind the surest first."""
    return sorted(
        suggestions, key=lambda s: (not isinstance(s.proposed, Relation), -score_of(s), s.id)
    )


def rejection(annotations: AnnotationSet, schema: Schema, suggestion: Suggestion) -> Changes:
    """Reject a suggestion, and all that say the same.

    Relations that are proposed on top of it lose it; one with too few arguments left is rejected.
    """
    suggested = annotations.suggested
    rejected = {s.id: s for s in suggested.alike(suggestion.proposed)}
    held: dict[str, Relation] = {}
    queue = list(rejected.values())
    while queue:
        gone = queue.pop().proposed.id
        for standing in suggested.standing_on(gone):
            if standing.id in rejected or not isinstance(standing.proposed, Relation):
                continue
            now = held.get(standing.id, standing.proposed)
            held[standing.id] = without = replace(
                now, arguments=tuple(a for a in now.arguments if a.target != gone)
            )
            if is_broken(schema, without):
                rejected[standing.id] = standing
                queue.append(standing)
    left = (
        update(suggested.open[id], replace(suggested.open[id], proposed=now))
        for id, now in held.items()
        if id not in rejected
    )
    answers = [_answered(s, "rejected", None) for s in rejected.values()]
    return (*left, *reversed(answers))


def completed(annotations: AnnotationSet, schema: Schema, changes: Changes) -> Changes:
    """The changes of an edit, and with them the answers that it gives to open suggestions.

    A span or unit label made where one of its layer is proposed accepts or corrects that, and a
    span corrects those that its layer does not allow beside it; a relation accepts the proposed
    ones that tie nothing else. What is proposed to be tied to a span that is proposed is proposed
    to be tied to what became of that span.
    """
    if not annotations.suggestions:
        return changes
    known = {c.record.id for c in changes if isinstance(c.record, Suggestion)}
    became: dict[str, str] = {}
    more: dict[str, Change] = {}
    for change in changes:
        after = change.after
        if isinstance(after, Suggestion) and after.result is not None:
            became[after.proposed.id] = after.result
        elif isinstance(after, Span | UnitLabel) and _is_elsewhere(change.before, after):
            for open_ in _answered_by(annotations, schema, after):
                if open_.id not in known:
                    state = "accepted" if _says_the_same(open_.proposed, after) else "corrected"
                    more[open_.id] = _answered(open_, state, after.id)
                    became[open_.proposed.id] = after.id
    _carry_on(annotations, changes, became, known, more)
    return (*changes, *more.values())


def _answered_by(
    annotations: AnnotationSet, schema: Schema, made: Span | UnitLabel
) -> Iterator[Suggestion]:
    """Open suggestions that lie in its place, or that its layer forbids beside it."""
    yield from annotations.suggested.in_place_of(made)
    if isinstance(made, UnitLabel):
        return
    alone, layer = AnnotationSet([made]), schema.layer(made.layer)
    for open_ in annotations.suggested.shown_in(made.start, made.end):
        proposed = open_.proposed
        if not isinstance(proposed, Span) or proposed.layer != made.layer:
            continue
        if proposed.fragments != made.fragments and is_forbidden(alone, layer, proposed):
            yield open_


def _carry_on(
    annotations: AnnotationSet,
    changes: Changes,
    became: dict[str, str],
    known: set[str],
    more: dict[str, Change],
) -> None:
    """Have relations that are proposed follow what became of what they stand on."""
    suggested = annotations.suggested
    made = [c.after for c in changes if isinstance(c.after, Relation)]
    concerned = [*became, *(a.target for relation in made for a in relation.arguments)]
    for target in concerned:
        for standing in suggested.standing_on(target):
            proposed = standing.proposed
            if standing.id in known or standing.id in more or not isinstance(proposed, Relation):
                continue
            now = tuple(
                replace(a, target=became.get(a.target, a.target)) for a in proposed.arguments
            )
            tied = (r for r in made if r.type == proposed.type and set(now) <= set(r.arguments))
            relation = next(tied, None)
            if relation is not None:
                more[standing.id] = _answered(standing, "accepted", relation.id)
            elif now != proposed.arguments:
                after = replace(proposed, arguments=tuple(dict.fromkeys(now)))
                more[standing.id] = update(standing, replace(standing, proposed=after))


def corrected_span(
    proposed: Span, schema: Schema, text: str, label: Label, fragments: Fragments
) -> Span:
    """The span as proposed but with that label, on those fragments of the document's text."""
    layer = schema.layer(proposed.layer)
    allowed = {a.name for a in layer.attributes_of(label.name)}
    kept = tuple(a for a in proposed.attributes if a.name in allowed)
    return replace(
        proposed,
        label=label.name,
        fragments=fragments,
        text=surface(text, fragments),
        attributes=with_defaults(kept, layer, label),
    )


def with_defaults(
    held: tuple[AttributeValues, ...], layer: Layer, label: Label
) -> tuple[AttributeValues, ...]:
    """The attributes, and the defaults of those that the label has besides."""
    names = {a.name for a in held}
    added = (
        AttributeValues(attribute.name, (attribute.default,))
        for attribute in layer.attributes_of(label.name)
        if attribute.default is not None and attribute.name not in names
    )
    return (*held, *added)


def _answered(suggestion: Suggestion, state: str, result: str | None) -> Change:
    if state == "rejected":
        return update(suggestion, replace(suggestion, state="rejected", result=None))
    answer = "accepted" if state == "accepted" else "corrected"
    return update(suggestion, replace(suggestion, state=answer, result=result))


def _in_place(annotations: AnnotationSet, span: Span) -> Span | None:
    there = annotations.spans_in(span.start, span.end)
    same = (s for s in there if s.layer == span.layer and s.fragments == span.fragments)
    return next(same, None)


def _is_elsewhere(before: Record | None, after: Span | UnitLabel) -> bool:
    """Whether a span or label is new, was put elsewhere or says something else now."""
    if isinstance(before, Span) and isinstance(after, Span):
        return (before.layer, before.label, before.fragments) != (
            *(after.layer, after.label, after.fragments),
        )
    return not isinstance(before, UnitLabel) or before.label != after.label


def _says_the_same(proposed: Annotation, made: Annotation) -> bool:
    if isinstance(proposed, Span) and isinstance(made, Span):
        return (proposed.label, proposed.fragments) == (made.label, made.fragments)
    if isinstance(proposed, UnitLabel) and isinstance(made, UnitLabel):
        return proposed.label == made.label
    return isinstance(proposed, Relation) and isinstance(made, Relation)
