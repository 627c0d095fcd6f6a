"""Which actor a span probably mentions, so that naming it takes a key or two."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from annotator.core.annotation import Actor, Span
from annotator.core.annotation_set import AnnotationSet
from annotator.core.ranges import Range
from annotator.core.runs import runs
from annotator.core.tokens import tokens
from annotator.suggest.actors import fit, stands_for_person


class Guess(Struct, frozen=True):
    """Actors, the most probable first; ``is_new`` where the span rather names one who is none."""

    actors: tuple[Actor, ...]
    is_new: bool


def guess(span: Span, actors: list[Actor], annotations: AnnotationSet) -> Guess:
    """Rank a project's actors for a span among the annotations of its document.

    First come those whom the same words mention elsewhere, then those whose name or alias fits
    best: the same, an acronym, a surname, most words; then those mentioned last before it, for a
    pronoun people before others.
    """
    for_person = stands_for_person(span.text)
    words = _name_words(span.text) or set(span.text.casefold().split())
    same, last = _mentioned(span, annotations)

    def likeness(actor: Actor) -> tuple[int, int, int]:
        names = (actor.name, *actor.aliases)
        shared = max(len(words & set(name.casefold().split())) for name in names)
        return same[actor.id], fit(span.text, actor), shared

    def rank(actor: Actor) -> tuple[int, int, int, bool, int, str]:
        as_named, fitting, shared = likeness(actor)
        misses = for_person and actor.kind != "person"
        return -as_named, -fitting, -shared, misses, -last.get(actor.id, -1), actor.name

    ranked = tuple(sorted(actors, key=rank))
    is_like_none = not ranked or likeness(ranked[0]) == (0, 0, 0)
    return Guess(ranked, is_like_none and bool(_name_words(span.text) or not ranked))


def _mentioned(span: Span, annotations: AnnotationSet) -> tuple[Counter[str], dict[str, int]]:
    """How often the span's own words mention each actor, and where each is mentioned last before
    the span, by actor id."""
    same: Counter[str] = Counter()
    last: dict[str, int] = {}
    words = span.text.casefold()
    for other in annotations.spans.values():
        if other.actor is None or other.id == span.id:
            continue
        same[other.actor] += other.text.casefold() == words
        if other.start <= span.start:
            last[other.actor] = max(other.start, last.get(other.actor, -1))
    return same, last


def _name_words(text: str) -> set[str]:
    """The words of all names in a text, in lower case."""
    whole = Range(0, len(text))
    names = runs(text, whole, tokens(text, *whole))
    return {word for start, end in names for word in text[start:end].casefold().split()}
