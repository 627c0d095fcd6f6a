"""The lines of a brat ``.ann`` file for one record that ``brat_reducing`` has reduced."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from urllib.parse import quote

from annotator.core.annotation import AttributeValues, Relation, Span
from annotator.core.ranges import trim
from annotator.core.schema import Attribute, Schema
from annotator.formats.brat_lines import BREAKS, NOTE, TRIGGER
from annotator.formats.brat_reducing import anchors
from annotator.formats.brat_words import ACTOR, FIRST, SECOND, YES, BratWords
from annotator.formats.record import Record, relations_in_order


class AnnWriter:
    """Writes the annotations of one record after another; numbers start at 1 in each."""

    def __init__(self, schema: Schema) -> None:
        self.words = BratWords(schema)
        self._flags = {
            (owner, attribute.name)
            for owner, attributes in _attributes_of(schema)
            for attribute in attributes
            if is_flag(attribute)
        }

    def lines(self, record: Record) -> Iterator[str]:
        """The lines without their ends, in brat's order: spans, events, relations, the rest."""
        return _Ann(record, self.words, self._flags).lines()


def is_flag(attribute: Attribute) -> bool:
    """Whether an attribute is there or not, and has no values to choose from."""
    return [value.name for value in attribute.values] == [YES]


def _attributes_of(schema: Schema) -> Iterator[tuple[str, tuple[Attribute, ...]]]:
    yield from ((layer.name, layer.attributes) for layer in schema.layers)
    yield from ((relation.name, relation.attributes) for relation in schema.relations)


class _Ann:
    def __init__(self, record: Record, words: BratWords, flags: set[tuple[str, str]]) -> None:
        self._record = record
        self._words = words
        self._flags = flags
        self._text = record.document.text
        self._spans = {span.id: span for span in record.spans}
        self._ids: dict[str, str] = {}
        """Ids of annotations → those in the file."""
        self._numbers = {kind: count(1) for kind in "TERAN#"}
        order = list(relations_in_order(record))
        self._anchors = anchors(order, {s.id: s.fragments for s in record.spans})
        arguments = {a.target for r in order for a in r.arguments}
        self._order = order
        self._relations = {relation.id: relation for relation in order}
        self._pairs = {r.id for r in order if r.id not in arguments and self._is_pair(r)}
        self._equals = {r.id for r in order if r.id not in arguments and self._is_equal(r)}

    def _next(self, kind: str) -> str:
        return f"{kind}{next(self._numbers[kind])}"

    def lines(self) -> Iterator[str]:
        for span in self._record.spans:
            id = self._ids[span.id] = self._next("T")
            yield self._text_bound(id, self._words.written(span.layer, span.label), span.fragments)
        for relation in self._order:
            if relation.id not in self._pairs and relation.id not in self._equals:
                yield from self._event(relation)
        for relation in self._record.relations:
            if relation.id in self._pairs:
                yield self._pair(relation)
            elif relation.id in self._equals:
                targets = " ".join(self._ids[a.target] for a in relation.arguments)
                yield f"*\t{relation.type} {targets}"
        annotations: list[Span | Relation] = [*self._record.spans, *self._record.relations]
        for item in annotations:
            owner = item.layer if isinstance(item, Span) else item.type
            for attribute in item.attributes:
                yield self._attribute(owner, attribute, self._ids[item.id])
        yield from self._references()
        for item in annotations:
            if item.note is not None:
                yield f"{self._next('#')}\t{NOTE} {self._ids[item.id]}\t{item.note}"

    # -- spans ------------------------------------------------------------------------------------

    def _text_bound(self, id: str, word: str, fragments: tuple[tuple[int, int], ...]) -> str:
        pieces = [piece for fragment in fragments for piece in self._unbroken(*fragment)]
        where = ";".join(f"{start} {end}" for start, end in pieces)
        return f"{id}\t{word} {where}\t{' '.join(self._text[a:b] for a, b in pieces)}"

    def _unbroken(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """A fragment in pieces that hold no line end, white space beside line ends left out."""
        piece = self._text[start:end]
        if BREAKS.isdisjoint(piece):
            yield start, end
            return
        at = start
        for place in (*(n for n, c in enumerate(piece, start) if c in BREAKS), end):
            trimmed = trim(self._text, at, place)
            if trimmed is not None:
                yield trimmed
            at = place + 1

    # -- relations --------------------------------------------------------------------------------

    def _is_plain(self, relation: Relation) -> bool:
        return all(a.kind == "span" for a in relation.arguments)

    def _is_pair(self, relation: Relation) -> bool:
        if len(relation.arguments) != 2 or not self._is_plain(relation):
            return False
        words = self._words.written_roles(relation.type, [a.role for a in relation.arguments])
        return sorted(words) != [FIRST, SECOND] and not self._is_equal(relation)

    def _is_equal(self, relation: Relation) -> bool:
        """``*`` lines have no id, and so nothing can be said of them."""
        return (
            self._is_plain(relation)
            and not relation.attributes
            and relation.note is None
            and self._words.is_equivalence(relation.type, [a.role for a in relation.arguments])
        )

    def _pair(self, relation: Relation) -> str:
        id = self._ids[relation.id] = self._next("R")
        roles = [a.role for a in relation.arguments]
        words = self._words.written_roles(relation.type, roles)
        if self._words.written_pair(relation.type, roles[0], roles[1]) == relation.type:
            words = [FIRST, SECOND]
        first, second = (self._ids[a.target] for a in relation.arguments)
        return f"{id}\t{relation.type} {words[0]}:{first} {words[1]}:{second}"

    def _event(self, relation: Relation) -> Iterator[str]:
        arguments = list(relation.arguments)
        if self._has_trigger(relation):
            trigger = self._ids[arguments.pop(0).target]
        else:
            trigger = self._next("T")
            yield self._text_bound(trigger, relation.type, self._anchors[relation.id])
        id = self._ids[relation.id] = self._next("E")
        words = self._words.written_roles(relation.type, [a.role for a in arguments])
        said = "".join(
            f" {word}:{self._ids[a.target]}" for word, a in zip(words, arguments, strict=True)
        )
        yield f"{id}\t{relation.type}:{trigger}{said}"

    def _has_trigger(self, relation: Relation) -> bool:
        """Whether its first argument can be the event's trigger and be read as one again."""
        first, *others = relation.arguments
        span = self._spans.get(first.target)
        if span is None or first.role != TRIGGER:
            return False
        covered = [self._place(a.target) for a in others]
        word = self._words.written(span.layer, span.label)
        return word == relation.type and span.fragments not in covered

    def _place(self, id: str) -> tuple[tuple[int, int], ...] | None:
        """What the trigger of an argument covers, or the argument itself."""
        span = self._spans.get(id)
        if span is not None:
            return span.fragments
        relation = self._relations[id]
        if self._has_trigger(relation):
            return self._spans[relation.arguments[0].target].fragments
        return self._anchors[id]

    # -- what is said of them ---------------------------------------------------------------------

    def _attribute(self, owner: str, attribute: AttributeValues, target: str) -> str:
        value = "" if (owner, attribute.name) in self._flags else f" {attribute.values[0]}"
        return f"{self._next('A')}\t{attribute.name} {target}{value}"

    def _references(self) -> Iterator[str]:
        actors = {actor.id: actor for actor in self._record.actors}
        for span in self._record.spans:
            if span.actor is None:
                continue
            actor = actors[span.actor]
            links = actor.links or ((ACTOR, quote(actor.name, safe="") or "_"),)
            for scheme, value in links:
                said = f"Reference {self._ids[span.id]} {scheme}:{value}"
                yield f"{self._next('N')}\t{said}\t{actor.name}"
