"""Whether a record holds together: offsets, surfaces, ids, arguments, and what its schema allows.

Every function gives the problems it found, as sentences for a person, and raises nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from annotator.core.annotation import (
    AttributeValues,
    Relation,
    Span,
    UnitLabel,
    surface,
)
from annotator.core.schema import Attribute, Layer, RelationType, Schema
from annotator.formats.record import Record

_SHOWN = 60
_DEEPEST = 100
"""Levels of metadata: what nests much deeper, no JSON library reads or writes everywhere."""


def problems(record: Record) -> Iterator[str]:
    """What is wrong with a record in itself, whatever the schema."""
    yield from _id_problems(record)
    if _depth(record.document.meta) > _DEEPEST:
        yield f"its metadata is nested more than {_DEEPEST} levels deep"
    yield from _sentence_problems(record)
    text = record.document.text
    actors = {a.id for a in record.actors}
    for span in all_spans(record):
        if not _lies_simply(span, text):
            yield from (f"span {span.id}: {p}" for p in fragment_problems(span, text))
        if span.actor is not None and span.actor not in actors:
            yield f"span {span.id}: there is no actor {span.actor} in the record"
    yield from _relation_problems(record, actors)
    sentences = {s.id for s in record.sentences or ()}
    for label in record.unit_labels:
        if label.sentence is not None and label.sentence not in sentences:
            yield f"label {label.id}: there is no sentence {label.sentence} in the record"


def _depth(value: object) -> int:
    """How many lists and objects lie in each other, counted up to one more than is allowed."""
    level, depth = [value], 0
    while depth <= _DEEPEST:
        held = (
            one.values() if isinstance(one, dict) else one
            for one in level
            if isinstance(one, dict | list | tuple)
        )
        inner = list(held)
        if not inner:
            break
        depth += 1
        level = [one for values in inner for one in values]
    return depth


def all_spans(record: Record) -> list[Span]:
    """The record's spans and those that its suggestions propose."""
    proposed = (s.proposed for s in record.suggestions)
    return [*record.spans, *(p for p in proposed if isinstance(p, Span))]


def all_relations(record: Record) -> list[Relation]:
    """The record's relations and those that its suggestions propose."""
    proposed = (s.proposed for s in record.suggestions)
    return [*record.relations, *(p for p in proposed if isinstance(p, Relation))]


def all_unit_labels(record: Record) -> list[UnitLabel]:
    """The record's sentence and document labels and those that its suggestions propose."""
    proposed = (s.proposed for s in record.suggestions)
    return [*record.unit_labels, *(p for p in proposed if isinstance(p, UnitLabel))]


def _id_problems(record: Record) -> Iterator[str]:
    groups: dict[str, Iterable[str]] = {
        "sentence": (s.id for s in record.sentences or ()),
        "annotation": (
            *(s.id for s in record.spans),
            *(r.id for r in record.relations),
            *(u.id for u in record.unit_labels),
        ),
        "actor": (a.id for a in record.actors),
        "suggestion": (s.id for s in record.suggestions),
    }
    for kind, ids in groups.items():
        for id, count in Counter(ids).items():
            if count > 1:
                yield f"{kind} {id}: the id is used {count} times"
            if not id:
                yield f"{kind}: an id is empty"


def _sentence_problems(record: Record) -> Iterator[str]:
    text, at = record.document.text, 0
    for sentence in record.sentences or ():
        start, end = sentence.start, sentence.end
        if not 0 <= start < end <= len(text):
            yield f"sentence {sentence.id}: {_outside(start, end, text)}"
            return
        if start < at:
            yield f"sentence {sentence.id}: starts at {start}, inside the one before it"
            return
        if text[at:start].strip():
            yield f"sentence {sentence.id}: {_quoted(text[at:start])} before it is in no sentence"
        at = end
    if record.sentences is not None and text[at:].strip():
        yield f"sentences: {_quoted(text[at:])} at the end is in no sentence"


def _outside(start: int, end: int, text: str) -> str:
    if start >= end:
        return f"the range {start}–{end} holds no text"
    return f"the range {start}–{end} lies outside of the text, which has {len(text)} characters"


def _quoted(text: str) -> str:
    text = text.strip()
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def _lies_simply(span: Span, text: str) -> bool:
    """Whether a span is one fragment with the right surface, as nearly all are."""
    if len(span.fragments) != 1:
        return False
    start, end = span.fragments[0]
    return 0 <= start < end <= len(text) and text[start:end] == span.text


def fragment_problems(span: Span, text: str) -> Iterator[str]:
    """Where a span does not lie in the text as it should, or not on what it says."""
    if not span.fragments:
        yield "it has no fragments"
        return
    at = -1
    for start, end in span.fragments:
        if not 0 <= start < end <= len(text):
            yield _outside(start, end, text)
            return
        if start <= at:
            yield f"the fragment {start}–{end} is not behind the one before it"
            return
        at = end
    found = surface(text, span.fragments)
    if span.text != found:
        yield f"its text is {_quoted(span.text)}, but the offsets hold {_quoted(found)}"


def _relation_problems(record: Record, actors: set[str]) -> Iterator[str]:
    """What is proposed may stand on what is gone by now: an answer to it counts all the same."""
    made = {r.id: r for r in record.relations}
    # A proposal may have the id of what is there: it never stands in for it.
    relations = {r.id: r for r in all_relations(record)} | made
    spans = {s.id for s in record.spans}
    known = {"span": spans, "relation": set(made), "actor": actors}
    for relation in record.relations:
        yield from _unknown_arguments(relation, known)
    for relation in all_relations(record)[len(record.relations) :]:
        with_actors = tuple(a for a in relation.arguments if a.kind == "actor")
        yield from _unknown_arguments(replace(relation, arguments=with_actors), known)
    circle = relation_in_circle(made)
    if circle is None and len(relations) > len(made):
        circle = relation_in_circle(relations)
    if circle is not None:
        yield f"relation {circle}: it is, by way of its arguments, an argument of itself"


def _unknown_arguments(relation: Relation, known: dict[str, set[str]]) -> Iterator[str]:
    for argument in relation.arguments:
        if argument.target not in known[argument.kind]:
            yield (
                f"relation {relation.id}: role {argument.role} names the {argument.kind} "
                f"{argument.target}, which is not in the record"
            )


def relation_in_circle(relations: dict[str, Relation]) -> str | None:
    """A relation that reaches itself through arguments, if any (depth-first, without recursion)."""
    finished: set[str] = set()
    for root in relations:
        path: dict[str, Iterator[str]] = {}
        stack = [root] if root not in finished else []
        while stack:
            id = stack[-1]
            if id not in path:
                path[id] = iter(
                    [a.target for a in relations[id].arguments if a.target in relations]
                )
            target = next(path[id], None)
            if target is None:
                finished.add(id)
                del path[id]
                stack.pop()
            elif target in path:
                return target
            elif target not in finished:
                stack.append(target)
    return None


def schema_problems(record: Record, schema: Schema) -> Iterator[str]:
    """What the project's schema lacks or forbids; equal problems come once, with their number."""
    found: Counter[str] = Counter()
    layers = {layer.name: layer for layer in schema.layers}
    for span in all_spans(record):
        found.update(label_problems(span, layers, ("span",)))
    for label in all_unit_labels(record):
        scope = "document" if label.sentence is None else "sentence"
        found.update(label_problems(label, layers, (scope,)))
    places = {s.id: (s.layer, s.label) for s in (*all_spans(record), *record.spans)}
    types = {r.id: r.type for r in (*all_relations(record), *record.relations)}
    for relation in all_relations(record):
        found.update(type_problems(relation, schema, places, types))
    for problem, count in found.items():
        yield f"{problem} ({count} times)" if count > 1 else problem


def label_problems(
    item: Span | UnitLabel, layers: dict[str, Layer], scope: tuple[str, ...]
) -> Iterator[str]:
    """What is unknown or forbidden about a label and its attributes; ``layers`` are by name."""
    layer = layers.get(item.layer)
    if layer is None:
        yield f"there is no layer {item.layer} ({_listed(layers)})"
    elif layer.scope not in scope:
        yield f"layer {item.layer} is for a {layer.scope}, and here labels a {scope[0]}"
    elif item.label not in (names := [label.name for label in layer.labels]):
        yield f"layer {item.layer} has no label {item.label} ({_listed(names)})"
    else:
        allowed = {a.name: a for a in layer.attributes_of(item.label)}
        yield from _attribute_problems(item.attributes, allowed, f"{item.layer} {item.label}")


def type_problems(
    relation: Relation,
    schema: Schema,
    places: dict[str, tuple[str, str]],
    types: dict[str, str],
) -> Iterator[str]:
    """What is unknown or forbidden about a relation, its arguments and attributes.

    ``places`` holds layer and label of every span that is an argument, ``types`` the type of every
    relation that is one, by id; of arguments that are in neither nothing is said.
    """
    kind = next((r for r in schema.relations if r.name == relation.type), None)
    if kind is None:
        names = [r.name for r in schema.relations]
        yield f"there is no relation type {relation.type} ({_listed(names)})"
        return
    for argument in relation.arguments:
        role = next((r for r in kind.roles if r.name == argument.role), None)
        if role is None:
            names = [r.name for r in kind.roles]
            yield f"relation {kind.name} has no role {argument.role} ({_listed(names)})"
        elif argument.kind == "actor":
            if not role.actors:
                yield f"role {argument.role} of {kind.name} takes no actor"
        elif argument.target in types and argument.kind == "relation":
            if not role.accepts_relation(types[argument.target]):
                yield f"role {argument.role} of {kind.name} takes no {types[argument.target]}"
        elif argument.target in places and argument.kind == "span":
            layer, label = places[argument.target]
            if not role.accepts(layer, label):
                yield f"role {argument.role} of {kind.name} takes no {layer} {label}"
    yield from _attribute_problems(
        relation.attributes, {a.name: a for a in kind.attributes}, kind_title(kind)
    )


def kind_title(kind: RelationType) -> str:
    """How messages speak of a relation type."""
    return f"relation {kind.name}"


def _attribute_problems(
    given: tuple[AttributeValues, ...], allowed: dict[str, Attribute], where: str
) -> Iterator[str]:
    for attribute in given:
        known = allowed.get(attribute.name)
        if known is None:
            yield f"{where} has no attribute {attribute.name} ({_listed(allowed)})"
            continue
        names = [value.name for value in known.values]
        for value in attribute.values:
            if value not in names:
                yield f"{where}: {attribute.name} has no value {value} ({_listed(names)})"
        if len(attribute.values) > 1 and not known.multi:
            yield f"{where}: {attribute.name} takes one value, not {len(attribute.values)}"


def _listed(names: Iterable[str]) -> str:
    return f"there is: {', '.join(names) or 'none'}"
