"""The schema's rules on where a span may lie, checked before it is made."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.core.annotation import Fragments, Relation, Span
from annotator.core.annotation_set import AnnotationSet
from annotator.core.ranges import trim
from annotator.core.schema import Layer, RelationType
from annotator.errors import RuleError


def clean_fragments(text: str, fragments: Fragments) -> Fragments:
    """Fragments in order, without white space at their edges, those that touch or overlap joined.

    Blank ones go; the result may be empty.
    """
    trimmed = sorted(r for r in (trim(text, a, b) for a, b in fragments) if r is not None)
    joined: list[tuple[int, int]] = []
    for start, end in trimmed:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def check_overlap(annotations: AnnotationSet, layer: Layer, span: Span) -> None:
    """Raise RuleError where the layer's overlap rule forbids ``span`` beside those that are there.

    ``any`` allows everything. ``nested`` forbids spans that cross, and the same label twice on the
    same fragments. ``none`` forbids any shared code point. The span itself, by id, does not count.
    """
    if layer.overlap == "any":
        return
    for other in annotations.spans_in(span.start, span.end):
        if other.id == span.id or other.layer != span.layer:
            continue
        if not _share(span.fragments, other.fragments):
            continue
        if layer.overlap == "none":
            raise RuleError(
                f"layer {layer.name} allows no overlap, and {other.label} is here already",
                "Relabel it, or delete it first.",
            )
        if span.fragments == other.fragments:
            if span.label == other.label:
                raise RuleError(f"this is {other.label} already", "")
        elif not _nested(span, other):
            raise RuleError(
                f"layer {layer.name} allows nesting only, and this would cross {other.label}",
                "Take all of it or a part of it.",
            )


def is_forbidden(annotations: AnnotationSet, layer: Layer, span: Span) -> bool:
    """Whether ``check_overlap`` would raise."""
    try:
        check_overlap(annotations, layer, span)
    except RuleError:
        return True
    return False


def role_problems(kind: RelationType, relation: Relation) -> Iterator[str]:
    """What is wrong with how many arguments the relation of that kind has in its roles."""
    for role in kind.roles:
        count = sum(argument.role == role.name for argument in relation.arguments)
        if count < role.min or role.is_full(count - 1):
            most = "" if role.max is None else f", at most {role.max}"
            yield (
                f"a relation {relation.type} has {count} of the role {role.name}, "
                f"which takes at least {role.min}{most}"
            )


def _share(a: Fragments, b: Fragments) -> bool:
    return any(s < f and e > c for s, e in a for c, f in b)


def _covers(outer: Fragments, inner: Fragments) -> bool:
    return all(any(a <= s and e <= b for a, b in outer) for s, e in inner)


def _nested(a: Span, b: Span) -> bool:
    return _covers(a.fragments, b.fragments) or _covers(b.fragments, a.fragments)
