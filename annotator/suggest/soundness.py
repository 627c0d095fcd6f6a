"""Whether what an engine proposes can be taken: an engine may be somebody else's code, and wrong.

Nothing of what is unsound is taken: who proposes one thing that cannot be may be wrong in all.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import msgspec
from msgspec.structs import replace

from annotator.core.annotation import Origin, Relation, Span, UnitLabel
from annotator.core.naming import named
from annotator.core.schema import Schema
from annotator.errors import InputError
from annotator.suggest.base import Engine, Page, Proposal

LEAST_ALLOWED = 1_000
"""So many proposals an engine may always make; beyond them, one for each character it is asked."""

_KINDS = (Span, Relation, UnitLabel)
_WELL_FORMED = msgspec.msgpack.Decoder(list[Span | Relation | UnitLabel])


class UnsoundError(InputError):
    """What an engine proposes cannot be: the message says what, and why not."""


def sound(found: object, engine: Engine, page: Page, schema: Schema) -> list[Proposal]:
    """The proposals of an engine for a page, with the engine and its version as their origin.

    Raises UnsoundError: they are no proposals, or too many; they lie outside of the text or on
    blank text; their labels, types, roles and attributes are none of the schema's; a score is none
    from 0 to 1; a relation ties what is neither proposed nor there.
    """
    proposals = _well_formed(found, page)
    there = frozenset(item.id for item in (*page.spans, *page.relations, *proposals))
    possible = _Possible(page, schema, there)
    for item in proposals:
        problem = possible.problem(item)
        if problem:
            raise UnsoundError(f"it proposes {_told(item)}: {problem}")
    return [_own(item, engine) for item in proposals]


def sound_doubts(found: object, page: Page) -> dict[str, float]:
    """How unsure an engine is of each sentence (id) of the page. Raises UnsoundError."""
    try:
        doubts = msgspec.convert(found, dict[str, float])
    except msgspec.ValidationError as error:
        raise UnsoundError(f"its doubts are no sentences with figures: {error}") from error
    if not all(0 <= doubt <= 1 for doubt in doubts.values()):
        raise UnsoundError("a doubt of it does not lie between 0 and 1")
    return {s.id: doubts[s.id] for s in page.questions() if s.id in doubts}


def _well_formed(found: object, page: Page) -> list[Proposal]:
    if not isinstance(found, Iterable):
        raise UnsoundError(f"it gives no proposals but {type(found).__name__}")
    most = max(LEAST_ALLOWED, sum(s.end - s.start for s in page.questions()))
    items = list(islice(found, most + 1))
    if len(items) > most:
        raise UnsoundError(f"it proposes more than {most:,} annotations in one document")
    strange = [type(item).__name__ for item in items if not isinstance(item, _KINDS)]
    if strange:
        raise UnsoundError(f"among its proposals is {strange[0]}")
    try:
        return list(_WELL_FORMED.decode(msgspec.msgpack.encode(items)))
    except (msgspec.MsgspecError, TypeError, ValueError, OverflowError) as error:
        raise UnsoundError(f"a proposal of it is malformed: {error}") from error


class _Possible:
    """What can be proposed for a page; ``there`` are the ids of what may be tied."""

    def __init__(self, page: Page, schema: Schema, there: frozenset[str]) -> None:
        self._text = page.document.text
        self._layers = {layer.name: layer for layer in schema.layers}
        self._labels = {(la.name, label.name) for la in schema.layers for label in la.labels}
        self._kinds = {kind.name: kind for kind in schema.relations}
        self._sentences = {sentence.id for sentence in page.sentences}
        self._actors = frozenset(actor.id for actor in page.actors)
        self._there = there

    def problem(self, item: Proposal) -> str:
        """Why it cannot be; empty where it can."""
        score = item.origin.score
        if score is not None and not 0 <= score <= 1:
            return f"its score {score} does not lie between 0 and 1"
        if isinstance(item, Relation):
            return self._of_relation(item)
        if (item.layer, item.label) not in self._labels:
            return f"the schema has no label {item.label!r} in a layer {item.layer!r}"
        layer = self._layers[item.layer]
        known = {attribute.name for attribute in layer.attributes_of(item.label)}
        strange = next((a.name for a in item.attributes if a.name not in known), None)
        if strange is not None:
            return f"{item.label} has no attribute {strange!r}"
        return self._of_span(item) if isinstance(item, Span) else self._of_unit(item)

    def _of_span(self, span: Span) -> str:
        text = self._text
        if self._layers[span.layer].scope != "span":
            return f"{span.layer} has no labels for spans"
        if not span.fragments or any(not 0 <= a < b <= len(text) for a, b in span.fragments):
            return f"it does not lie in the text of {len(text):,} characters"
        if all(text[a:b].isspace() for a, b in span.fragments):
            return "it lies on blank text"
        return ""

    def _of_unit(self, label: UnitLabel) -> str:
        if self._layers[label.layer].scope != (
            "document" if label.sentence is None else "sentence"
        ):
            return f"{label.layer} has labels of another scope"
        is_known = label.sentence is None or label.sentence in self._sentences
        return "" if is_known else "there is no such sentence"

    def _of_relation(self, relation: Relation) -> str:
        kind = self._kinds.get(relation.type)
        if kind is None:
            return "the schema has no such relation"
        roles = {role.name for role in kind.roles}
        for argument in relation.arguments:
            if argument.role not in roles:
                return f"it has no role {argument.role!r}"
            if argument.target not in (self._actors if argument.kind == "actor" else self._there):
                return f"its {argument.role} is neither proposed nor there"
        return "" if relation.arguments else "it ties nothing"


def _own(item: Proposal, engine: Engine) -> Proposal:
    return replace(item, origin=Origin(engine.name, engine.version, item.origin.score))


def _told(item: Proposal) -> str:
    if isinstance(item, Span):
        return f"{named(item)} ({item.layer})"
    return item.type if isinstance(item, Relation) else f"{item.label} ({item.layer})"
