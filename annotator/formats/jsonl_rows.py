"""Core objects to the rows of the native record, and back."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

from msgspec import UNSET

from annotator.core.annotation import (
    BY_HAND,
    Actor,
    Argument,
    AttributeValues,
    Fragments,
    Origin,
    Relation,
    Span,
    Suggestion,
    UnitLabel,
    surface,
)
from annotator.core.document import Document, Sentence
from annotator.errors import InputError
from annotator.formats import jsonl_record as rows
from annotator.formats.building import SHOWN_PROBLEMS, problem_summary
from annotator.formats.check import problems
from annotator.formats.record import Record, token_edges_of, tokenizer_of

_Identified = TypeVar("_Identified", Relation, UnitLabel, Actor, Suggestion)


# -- writing -------------------------------------------------------------------------------------


def to_row(record: Record) -> rows.RecordRow:
    """The row of a record, everything in its fixed order; tokens are computed here."""
    document = record.document
    sentences = record.sentences or ()
    return rows.RecordRow(
        format=rows.VERSION,
        id=document.id,
        name=document.name,
        text=document.text,
        encoding=document.encoding,
        sha256=document.sha256,
        meta=document.meta,
        schema=rows.SchemaName(name=record.schema_name, version=record.schema_version),
        annotator=record.annotator,
        annotator_kind=record.annotator_kind,
        status=record.status,
        sentences=_sentence_rows(sentences, record),
        tokenizer=tokenizer_of(document),
        tokens=[] if record.sentences is None else token_edges_of(record),
        spans=[_span_row(s) for s in sorted(record.spans, key=_in_text)],
        relations=[_relation_row(r) for r in _by_id(record.relations)],
        actors=[_actor_row(a) for a in _by_id(record.actors)],
        labels=[_label_row(u) for u in _by_id(record.unit_labels) if u.sentence is None],
        suggestions=[_suggestion_row(s) for s in _by_id(record.suggestions)],
    )


def _in_text(span: Span) -> tuple[int, int, str]:
    """By place, the longer one first."""
    return span.fragments[0][0], -span.fragments[-1][1], span.id


def _by_id(items: Iterable[_Identified]) -> list[_Identified]:
    return sorted(items, key=lambda item: item.id)


def _sentence_rows(sentences: Iterable[Sentence], record: Record) -> list[rows.SentenceRow]:
    labels: dict[str, list[rows.LabelRow]] = {}
    for label in _by_id(record.unit_labels):
        if label.sentence is not None:
            labels.setdefault(label.sentence, []).append(_label_row(label))
    return [
        rows.SentenceRow(
            id=s.id, start=s.start, end=s.end, done=s.id in record.done, labels=labels.get(s.id, [])
        )
        for s in sentences
    ]


def _values(attributes: tuple[AttributeValues, ...]) -> dict[str, tuple[str, ...]]:
    return {a.name: a.values for a in attributes} if attributes else {}


def _uncertain(attributes: tuple[AttributeValues, ...]) -> list[str]:
    return [a.name for a in attributes if a.uncertain] if attributes else []


def _engine(origin: Origin) -> rows.Engine:
    if origin is BY_HAND:
        return rows.BY_HAND
    return rows.Engine(engine=origin.engine, version=origin.version, score=origin.score)


def _span_row(span: Span) -> rows.SpanRow:
    return rows.SpanRow(
        id=span.id,
        layer=span.layer,
        label=span.label,
        start=span.start,
        end=span.end,
        fragments=span.fragments,
        text=span.text,
        attributes=_values(span.attributes),
        uncertain=_uncertain(span.attributes),
        actor=span.actor,
        note=span.note,
        flagged=span.flagged,
        origin=_engine(span.origin),
    )


def _label_row(label: UnitLabel) -> rows.LabelRow:
    return rows.LabelRow(
        id=label.id,
        layer=label.layer,
        label=label.label,
        attributes=_values(label.attributes),
        uncertain=_uncertain(label.attributes),
        note=label.note,
        flagged=label.flagged,
        origin=_engine(label.origin),
    )


def _argument_row(argument: Argument) -> rows.ArgumentRow:
    row = rows.ArgumentRow(role=argument.role)
    setattr(row, argument.kind, argument.target)
    return row


def _relation_row(relation: Relation) -> rows.RelationRow:
    return rows.RelationRow(
        id=relation.id,
        type=relation.type,
        arguments=[_argument_row(a) for a in relation.arguments],
        attributes=_values(relation.attributes),
        uncertain=_uncertain(relation.attributes),
        note=relation.note,
        flagged=relation.flagged,
        origin=_engine(relation.origin),
    )


def _actor_row(actor: Actor) -> rows.ActorRow:
    links: dict[str, list[str]] = {}
    for scheme, value in actor.links:
        links.setdefault(scheme, []).append(value)
    return rows.ActorRow(
        id=actor.id,
        name=actor.name,
        kind=actor.kind,
        aliases=list(actor.aliases),
        links={k: v[0] if len(v) == 1 else v for k, v in links.items()},
        note=actor.note,
    )


def _suggestion_row(suggestion: Suggestion) -> rows.SuggestionRow:
    row = rows.SuggestionRow(id=suggestion.id, state=suggestion.state)
    if suggestion.result is not None:
        row.result = suggestion.result
    match suggestion.proposed:
        case Span():
            row.span = _span_row(suggestion.proposed)
        case Relation():
            row.relation = _relation_row(suggestion.proposed)
        case UnitLabel():
            row.label = _label_row(suggestion.proposed)
            if suggestion.proposed.sentence is not None:
                row.sentence = suggestion.proposed.sentence
    return row


# -- reading -------------------------------------------------------------------------------------


def checked_record(row: rows.RecordRow, place: str) -> Record:
    """The record of a row. Raises InputError, with the first problems, where it does not hold."""
    record = from_row(row, place)
    found = list(islice(problems(record), SHOWN_PROBLEMS + 1))
    if found:
        raise InputError(problem_summary(found))
    return record


def from_row(row: rows.RecordRow, place: str) -> Record:
    """The record of a row; ids left out are given names that hold within the record.

    Nothing is checked but what the shape cannot say. Raises InputError.
    """
    document = Document(
        id=row.id or "",
        name=row.name,
        text=row.text,
        sha256=row.sha256,
        encoding=row.encoding,
        meta=row.meta,
    )
    reader = _RowReader(document)
    sentences = [reader.sentence(s, n) for n, s in enumerate(row.sentences or (), start=1)]
    labels = [
        reader.label(label, f"{sentence.id} label {n}", sentence.id)
        for sentence, given in zip(sentences, row.sentences or (), strict=True)
        for n, label in enumerate(given.labels, start=1)
    ]
    labels += [reader.label(u, f"label {n}", None) for n, u in enumerate(row.labels, start=1)]
    return Record(
        document=document,
        sentences=None if row.sentences is None else tuple(sentences),
        done=frozenset(
            s.id for s, given in zip(sentences, row.sentences or (), strict=True) if given.done
        ),
        spans=tuple(reader.span(s, f"span {n}") for n, s in enumerate(row.spans, start=1)),
        relations=tuple(
            reader.relation(r, f"relation {n}") for n, r in enumerate(row.relations, start=1)
        ),
        unit_labels=tuple(labels),
        actors=tuple(_actor(a, n) for n, a in enumerate(row.actors, start=1)),
        suggestions=tuple(reader.suggestion(s) for s in row.suggestions),
        annotator=row.annotator,
        annotator_kind=row.annotator_kind,
        status=row.status,
        schema_name=row.schema.name,
        schema_version=row.schema.version,
        place=place,
    )


class _RowReader:
    """Turns rows of one document into core objects."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def sentence(self, row: rows.SentenceRow, number: int) -> Sentence:
        return Sentence(_id(row.id, f"sentence {number}"), self.document.id, row.start, row.end)

    def span(self, row: rows.SpanRow, name: str) -> Span:
        id = name if row.id is None else row.id
        fragments: Fragments = row.fragments or ((row.start, row.end),)
        if fragments[0][0] != row.start or fragments[-1][1] != row.end:
            raise InputError(
                f"span {id}: start and end are {row.start}–{row.end}, but its fragments reach from "
                f"{fragments[0][0]} to {fragments[-1][1]}"
            )
        return Span(
            id=id,
            document=self.document.id,
            annotator="",
            layer=row.layer,
            label=row.label,
            fragments=fragments,
            text=surface(self.document.text, fragments) if row.text is None else row.text,
            attributes=_attributes(row, "span", id),
            actor=row.actor,
            note=row.note,
            flagged=row.flagged,
            origin=_origin(row.origin),
        )

    def relation(self, row: rows.RelationRow, name: str) -> Relation:
        id = _id(row.id, name)
        return Relation(
            id=id,
            document=self.document.id,
            annotator="",
            type=row.type,
            arguments=tuple(_argument(a, f"relation {id}") for a in row.arguments),
            attributes=_attributes(row, "relation", id),
            note=row.note,
            flagged=row.flagged,
            origin=_origin(row.origin),
        )

    def label(self, row: rows.LabelRow, name: str, sentence: str | None) -> UnitLabel:
        id = _id(row.id, name)
        return UnitLabel(
            id=id,
            document=self.document.id,
            annotator="",
            layer=row.layer,
            label=row.label,
            sentence=sentence,
            attributes=_attributes(row, "label", id),
            note=row.note,
            flagged=row.flagged,
            origin=_origin(row.origin),
        )

    def suggestion(self, row: rows.SuggestionRow) -> Suggestion:
        proposed: Span | Relation | UnitLabel
        name = f"{row.id} proposed"
        if row.span is not UNSET and row.relation is UNSET and row.label is UNSET:
            proposed = self.span(row.span, name)
        elif row.relation is not UNSET and row.span is UNSET and row.label is UNSET:
            proposed = self.relation(row.relation, name)
        elif row.label is not UNSET and row.span is UNSET and row.relation is UNSET:
            sentence = None if row.sentence is UNSET else row.sentence
            proposed = self.label(row.label, name, sentence)
        else:
            raise InputError(f"suggestion {row.id}: give one of span, relation and label")
        return Suggestion(
            id=row.id,
            document=self.document.id,
            annotator="",
            proposed=proposed,
            state=row.state,
            result=None if row.result is UNSET else row.result,
        )


def _id(given: str | None, name: str) -> str:
    return name if given is None else given


def _attributes(
    row: rows.SpanRow | rows.RelationRow | rows.LabelRow, kind: str, id: str
) -> tuple[AttributeValues, ...]:
    if not row.attributes and not row.uncertain:
        return ()
    for name in row.uncertain:
        if name not in row.attributes:
            raise InputError(
                f"{kind} {id}: uncertain names {name}, which is not among its attributes"
            )
    uncertain = set(row.uncertain)
    return tuple(
        AttributeValues(name, values, name in uncertain) for name, values in row.attributes.items()
    )


def _origin(row: rows.Engine) -> Origin:
    if row.engine is None and row.version is None and row.score is None:
        return BY_HAND
    return Origin(row.engine, row.version, row.score)


def _argument(row: rows.ArgumentRow, where: str) -> Argument:
    if row.span is not UNSET and row.relation is UNSET and row.actor is UNSET:
        return Argument(row.role, "span", row.span)
    if row.relation is not UNSET and row.span is UNSET and row.actor is UNSET:
        return Argument(row.role, "relation", row.relation)
    if row.actor is not UNSET and row.span is UNSET and row.relation is UNSET:
        return Argument(row.role, "actor", row.actor)
    raise InputError(f"{where}: role {row.role} must name one of span, relation and actor")


def _actor(row: rows.ActorRow, number: int) -> Actor:
    links = tuple(
        (scheme, value)
        for scheme, given in row.links.items()
        for value in ([given] if isinstance(given, str) else given)
    )
    return Actor(
        id=_id(row.id, f"actor {number}"),
        name=row.name,
        kind=row.kind,
        aliases=tuple(row.aliases),
        links=links,
        note=row.note,
    )
