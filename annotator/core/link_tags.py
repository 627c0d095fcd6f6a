"""Short tags that show ties in the text itself: ``s1`` on a source, ``c1 ← s1`` on its claim.

Spans are numbered per layer in the order they were made, and a number is not given twice while the
index lives: a tag never changes because something else was added or deleted, and an undone
deletion brings the old tag back. A tag costs what its span's own relations cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter

from annotator.core.annotation import Argument, Relation, Span
from annotator.core.annotation_set import AnnotationSet
from annotator.core.safe_text import fit
from annotator.core.schema import Schema

FAR = 5
"""Sentences beyond which what a span is tied to is out of sight, as a rule."""
_MOST_NAMED = 3
_ACTOR_CELLS = 16


class TagIndex:
    """The numbers of one document's spans under one schema.

    A relation type's first role is what it is about, its second role who it is tied to; layers
    that may stand in either are numbered, with the first letter of their names. A third role (the
    cue of an attribution) is told by its own label and needs no tag.
    """

    def __init__(self, schema: Schema, spans: Iterable[Span] = ()) -> None:
        self._ends = {
            r.name: (r.roles[0].name, r.roles[1].name if len(r.roles) > 1 else None)
            for r in schema.relations
        }
        self._arrows = {
            r.name: "↔"
            if len(r.roles) < 2
            else "⇐"
            if set(r.roles[0].layers) & set(r.roles[1].layers)
            else "←"
            for r in schema.relations
        }
        self._linked = {name for r in schema.relations for role in r.roles for name in role.layers}
        ends = {n for r in schema.relations for role in r.roles[:2] for n in role.layers}
        self._heads = {n for r in schema.relations for n in r.roles[0].layers}
        self._prefixes = _prefixes(layer.name for layer in schema.layers if layer.name in ends)
        self.sentence_at: Callable[[int], int] | None = None
        """The number, from 0, of the sentence at a code point; without it no place is told."""
        self._last = dict.fromkeys(self._prefixes, 0)
        self._numbers: dict[tuple[str, str], str] = {}
        self.apply(spans)

    def apply(self, added: Iterable[Span]) -> None:
        """Number the spans that have no number yet, by id. Deleted spans keep theirs."""
        fresh = [s for s in added if s.layer in self._prefixes]
        for span in sorted(fresh, key=attrgetter("id")):
            self.number_of(span)

    def number_of(self, span: Span) -> str:
        """The span's number, such as ``c1``; empty where its layer has none. Given if new."""
        prefix = self._prefixes.get(span.layer)
        if prefix is None:
            return ""
        key = (span.layer, span.id)
        number = self._numbers.get(key)
        if number is None:
            self._last[span.layer] += 1
            number = self._numbers[key] = f"{prefix}{self._last[span.layer]}"
        return number

    def linked(self, layer: str) -> bool:
        """Whether spans of that layer may stand in a relation."""
        return layer in self._linked

    def tag_of(self, span: Span, annotations: AnnotationSet) -> str:
        """The span's number and, where relations are about it, who it is tied to.

        ``c1 ← s1, s2`` for a relation with several roles, ``c1 ⇐ c4`` where the second takes the
        same layer as the first (a claim's ground), ``c1 ↔ c4`` for a relation with a single role;
        actors by name with ``@``; after three names their number. Of what lies more than FAR
        sentences away the sentence stands behind it, as in ``s1 (40312)``. May be empty.
        """
        number = self.number_of(span)
        if not number or span.layer not in self._heads:
            return number
        ties: dict[str, dict[str, None]] = {}
        about = [r for r in annotations.relations_of(span.id) if self._is_about(r, span.id)]
        for relation in about:
            self._collect(ties, relation, span.id, annotations, span.start)
            for outer in annotations.relations_of(relation.id):
                if self._is_about(outer, relation.id):
                    self._collect(ties, outer, relation.id, annotations, span.start)
        return number + "".join(f" {arrow} {_list(names)}" for arrow, names in ties.items())

    def proposed_ties(self, span: Span, annotations: AnnotationSet) -> str:
        """Who the span is proposed to be tied to: `` ←? s1``, or the words where it has no number.

        Of the first relation that is shown and about the span; may be empty.
        """
        suggested = annotations.suggested
        for standing in suggested.standing_on(span.id):
            proposed = standing.proposed
            if not isinstance(proposed, Relation) or not suggested.is_shown(standing.id):
                continue
            if self._is_about(proposed, span.id):
                tail = self._ends[proposed.type][1]
                others = (a for a in proposed.arguments if a.target != span.id)
                names = (self._proposed_name(a, annotations) for a in others if a.role == tail)
                named = [name for name in names if name]
                return f" {self._arrows[proposed.type]}? {_list(named)}" if named else ""
        return ""

    def _proposed_name(self, argument: Argument, annotations: AnnotationSet) -> str:
        name = self._name(argument, annotations)
        for suggestion in () if name else annotations.suggested.proposing(argument.target):
            if isinstance(suggestion.proposed, Span):
                return fit(suggestion.proposed.text, _ACTOR_CELLS)[0]
        return name

    def _is_about(self, relation: Relation, target: str) -> bool:
        head = self._ends[relation.type][0]
        return any(a.target == target and a.role == head for a in relation.arguments)

    def _collect(
        self,
        ties: dict[str, dict[str, None]],
        relation: Relation,
        target: str,
        annotations: AnnotationSet,
        here: int,
    ) -> None:
        head, tail = self._ends[relation.type]
        arrow = self._arrows[relation.type]
        for argument in relation.arguments:
            if argument.target != target and argument.role == (tail or head):
                name = self._name(argument, annotations)
                if name:
                    where = self._where(argument, annotations, here)
                    ties.setdefault(arrow, {})[f"{name}{where}"] = None

    def _where(self, argument: Argument, annotations: AnnotationSet, here: int) -> str:
        """The sentence, from 1, of a span that is far from the code point ``here``."""
        span = annotations.spans.get(argument.target)
        if span is None or self.sentence_at is None:
            return ""
        there = self.sentence_at(span.start)
        return f" ({there + 1})" if abs(there - self.sentence_at(here)) > FAR else ""

    def _name(self, argument: Argument, annotations: AnnotationSet) -> str:
        if argument.kind == "actor":
            actor = annotations.actors.get(argument.target)
            return f"@{fit(actor.name, _ACTOR_CELLS)[0]}" if actor else ""
        if argument.kind == "relation":
            relation = annotations.relations.get(argument.target)
            if relation is None:
                return ""
            head = self._ends[relation.type][0]
            about = (a.target for a in relation.arguments if a.role == head and a.kind == "span")
            span = annotations.spans.get(next(about, ""))
        else:
            span = annotations.spans.get(argument.target)
        return self.number_of(span) if span else ""


def _prefixes(layers: Iterable[str]) -> dict[str, str]:
    """The shortest beginning of each layer's name that no layer before it took."""
    prefixes: dict[str, str] = {}
    for layer in layers:
        beginnings = (layer[:n].lower() for n in range(1, len(layer) + 1))
        prefixes[layer] = next((b for b in beginnings if b not in prefixes.values()), f"{layer}-")
    return prefixes


def _list(names: Iterable[str]) -> str:
    named = list(names)
    more = f" +{len(named) - _MOST_NAMED}" if len(named) > _MOST_NAMED else ""
    return ", ".join(named[:_MOST_NAMED]) + more
