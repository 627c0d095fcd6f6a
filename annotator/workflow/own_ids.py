"""Fitting a record into a project: the ids of its document and annotator, and ids of its own.

An id that is no UUID holds within its record only ("span 1"), and one annotator's annotations
given to another need new ones. Both are derived, not drawn, so that importing the same file twice
gives the same ids and is found out. They are made of the document's text, which is the same in
every project, and not of its id: what two projects import from one file is one thing when they are
merged. A project takes a text in once, so no two of its documents can claim one id.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from annotator.core.annotation import Actor, Argument, Relation, Span, Suggestion, UnitLabel
from annotator.core.document import Document, content_hash
from annotator.core.ids import derived_id, is_own
from annotator.formats.record import Record, relations_in_order


class Placing:
    """Where a record goes, and under which ids.

    ``document`` is the project's, ``annotator`` an id of it; ``sentences`` maps the record's
    sentence ids to those of the project; with ``renew`` every annotation gets a new id, made of its
    old one and the annotator's name.
    """

    def __init__(
        self,
        document: Document,
        annotator: str,
        annotator_name: str,
        sentences: Mapping[str, str],
        *,
        renew: bool = False,
    ) -> None:
        self.document = document.id
        self.annotator = annotator
        self._text = content_hash(document.text.encode())
        self._within = (self._text, annotator_name)
        self._sentences = sentences
        self._renew = renew

    def annotation_id(self, id: str) -> str:
        """The id under which an annotation or suggestion of the record is stored."""
        if is_own(id) and not self._renew:
            return id
        return derived_id(id, *self._within)

    def actor_id(self, id: str) -> str:
        """The id under which an actor is stored; actors belong to nobody, so theirs stay."""
        return id if is_own(id) else derived_id(id, self._text)

    def sentence_id(self, id: str) -> str:
        """The project's id for a sentence of the record, be it one that is gone by now."""
        known = self._sentences.get(id)
        return known or (id if is_own(id) else derived_id(id, self._text))

    def span(self, span: Span) -> Span:
        """The span as it is stored."""
        return replace(
            span,
            id=self.annotation_id(span.id),
            document=self.document,
            annotator=self.annotator,
            actor=None if span.actor is None else self.actor_id(span.actor),
        )

    def relation(self, relation: Relation) -> Relation:
        """The relation as it is stored."""
        return replace(
            relation,
            id=self.annotation_id(relation.id),
            document=self.document,
            annotator=self.annotator,
            arguments=tuple(self._argument(a) for a in relation.arguments),
        )

    def unit_label(self, label: UnitLabel) -> UnitLabel:
        """The sentence or document label as it is stored."""
        return replace(
            label,
            id=self.annotation_id(label.id),
            document=self.document,
            annotator=self.annotator,
            sentence=None if label.sentence is None else self.sentence_id(label.sentence),
        )

    def actor(self, actor: Actor) -> Actor:
        """The actor as it is stored."""
        return replace(actor, id=self.actor_id(actor.id))

    def suggestion(self, suggestion: Suggestion) -> Suggestion:
        """The suggestion as it is stored."""
        result = suggestion.result
        return replace(
            suggestion,
            id=self.annotation_id(suggestion.id),
            document=self.document,
            annotator=self.annotator,
            proposed=self.annotation(suggestion.proposed),
            result=None if result is None else self.annotation_id(result),
        )

    def annotation(self, annotation: Span | Relation | UnitLabel) -> Span | Relation | UnitLabel:
        """Any annotation as it is stored."""
        match annotation:
            case Span():
                return self.span(annotation)
            case Relation():
                return self.relation(annotation)
            case UnitLabel():
                return self.unit_label(annotation)

    def _argument(self, argument: Argument) -> Argument:
        if argument.kind == "actor":
            return replace(argument, target=self.actor_id(argument.target))
        return replace(argument, target=self.annotation_id(argument.target))


def annotations_of(record: Record) -> list[Span | Relation | UnitLabel]:
    """The record's annotations, each behind those it refers to."""
    return [*record.spans, *record.unit_labels, *relations_in_order(record)]
