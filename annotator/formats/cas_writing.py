"""The feature structures of one record, and the types they are of, for XMI and JSON alike."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from annotator.core.annotation import Relation, Span
from annotator.core.document import Sentence
from annotator.core.offsets import OffsetMap
from annotator.core.schema import Schema
from annotator.formats.cas_structures import (
    ANNOTATION,
    ARGUMENTS,
    DEPENDENT,
    DOCUMENT,
    GOVERNOR,
    LABEL,
    LINK_TARGET,
    META,
    NOTE,
    OF,
    PACKAGE,
    RELATION,
    RESERVED,
    ROLE,
    SENTENCE,
    STRING,
    TOKEN,
    TOP,
    Structure,
    coded,
)
from annotator.formats.label_names import LabelNames
from annotator.formats.loss import Losses
from annotator.formats.record import Record, sentence_ranges, token_ranges
from annotator.formats.reducing import OUT

SOFA_ID = 1
Types = dict[str, tuple[str, dict[str, str]]]
"""Type → its supertype, and feature → range."""


def span_type(layer: str) -> str:
    """The type of a layer's spans."""
    return f"{PACKAGE}{coded(layer)}"


def relation_type(type: str, schema: Schema) -> str:
    """The type of relations; spelled differently where a layer has the name."""
    return f"{PACKAGE}{coded(type, frozenset(coded(layer.name) for layer in schema.layers))}"


def host_type(type: str, schema: Schema) -> str:
    """The type of annotations that stand for relations of other than two arguments."""
    taken = {coded(layer.name) for layer in schema.layers}
    taken |= {coded(relation.name) for relation in schema.relations}
    return f"{PACKAGE}{coded(f'{type}Links', frozenset(taken))}"


def link_type(host: str) -> str:
    """The type of the links of such annotations."""
    return f"{host}ArgumentsLink"


def feature(attribute: str) -> str:
    """The feature that holds an attribute."""
    return coded(attribute, RESERVED)


def types_of(schema: Schema) -> Types:
    """What a schema's layers and relation types are in a CAS, and the types around them."""
    found: Types = {
        META: (DOCUMENT, {"documentTitle": STRING, "documentId": STRING}),
        SENTENCE: (ANNOTATION, {"id": STRING}),
        TOKEN: (ANNOTATION, {"id": STRING}),
    }
    for layer in schema.layers:
        if layer.scope == "span":
            attributes = {feature(a.name): STRING for a in layer.attributes}
            found[span_type(layer.name)] = (ANNOTATION, {LABEL: STRING, **attributes, NOTE: STRING})
    for relation in schema.relations:
        attributes = {feature(a.name): STRING for a in relation.attributes}
        ends = {GOVERNOR: ANNOTATION, DEPENDENT: ANNOTATION}
        found[relation_type(relation.name, schema)] = (
            ANNOTATION, {**ends, LABEL: STRING, **attributes, NOTE: STRING},
        )  # fmt: skip
    return found


def add_used(types: Types, structures: list[Structure]) -> Types:
    """The types with those that structures are of and no schema knows."""
    for structure in structures:
        base = TOP if structure.begin is None else ANNOTATION
        supertype, features = types.setdefault(structure.type, (base, {}))
        missing = {name: STRING for name in structure.values if name not in features}
        missing |= {
            name: f"{link_type(structure.type)}{OF}" if name == ARGUMENTS else ANNOTATION
            for name in structure.references
            if name not in features
        }
        types[structure.type] = (supertype, {**features, **missing})
    return types


def for_structures(record: Record, losses: Losses) -> Record:
    """The record with sentences, for which a CAS always has structures, and no empty relations."""
    empty = [relation for relation in record.relations if not relation.arguments]
    for relation in empty:
        losses.add("relation without arguments", OUT, f"{record.document.name}: {relation.type}")
    if empty:
        kept = tuple(relation for relation in record.relations if relation.arguments)
        record = replace(record, relations=kept)
    if record.sentences is not None:
        return record
    cut = (
        Sentence(f"sentence {start}-{end}", record.document.id, start, end)
        for start, end in sentence_ranges(record)
    )
    return replace(record, sentences=tuple(cut))


def structures(record: Record, schema: Schema) -> Iterator[Structure]:
    """All but the sofa, which has the id SOFA_ID; others follow in order. Offsets are UTF-16."""
    units = OffsetMap(record.document.text, "utf-16")
    names, said = LabelNames(schema), _numbers(record)
    # XMI tells no reference from a number: what somebody wrote is the id of nothing.
    ids = (id for id in range(SOFA_ID + 1, 2**31) if id not in said)

    def place(start: int, end: int) -> tuple[int, int]:
        return units.to_units(start), units.to_units(end)

    title = {"documentTitle": record.document.name, "documentId": record.document.name}
    yield Structure(next(ids), META, *place(0, len(record.document.text)), values=title)
    for sentence in sentence_ranges(record):
        yield Structure(next(ids), SENTENCE, *place(*sentence))
    for tokens in token_ranges(record):
        for token in tokens:
            yield Structure(next(ids), TOKEN, *place(*token))
    made: dict[str, Structure] = {}
    for span in record.spans:
        made[span.id] = found = Structure(
            next(ids), span_type(span.layer), *place(span.start, span.end),
            values={LABEL: span.label, **_values(span)},
        )  # fmt: skip
        yield found
    for relation in record.relations:
        if len(relation.arguments) != 2:
            yield from _hosted(relation, schema, made, ids)
            continue
        first, second = relation.arguments
        governor, dependent = made[first.target], made[second.target]
        word = names.written_pair(relation.type, first.role, second.role)
        yield Structure(
            next(ids), relation_type(relation.type, schema), dependent.begin, dependent.end,
            values={LABEL: word, **_values(relation)},
            references={GOVERNOR: [governor.id], DEPENDENT: [dependent.id]},
        )  # fmt: skip


def _numbers(record: Record) -> set[int]:
    """All numbers that stand alone in attributes and notes."""
    items: tuple[Span | Relation, ...] = (*record.spans, *record.relations)
    values = (value for item in items for value in _values(item).values())
    return {int(n) for v in values for n in v.split() if n.isdecimal() and len(n) < 10}


def members(found: list[Structure]) -> list[int]:
    """The ids of what a view holds: annotations alone."""
    return [structure.id for structure in found if structure.begin is not None]


def _hosted(
    relation: Relation, schema: Schema, made: dict[str, Structure], ids: Iterator[int]
) -> Iterator[Structure]:
    """An annotation on the first argument that links to all, and the links."""
    type = host_type(relation.type, schema)
    links = [
        Structure(
            next(ids), link_type(type), values={ROLE: argument.role},
            references={LINK_TARGET: [made[argument.target].id]},
        )
        for argument in relation.arguments
    ]  # fmt: skip
    first = made[relation.arguments[0].target]
    yield from links
    yield Structure(
        next(ids), type, first.begin, first.end,
        values={RELATION: relation.type, **_values(relation)},
        references={ARGUMENTS: [link.id for link in links]},
    )  # fmt: skip


def _values(item: Span | Relation) -> dict[str, str]:
    found = {feature(a.name): a.values[0] for a in item.attributes}
    if item.note is not None:
        found[NOTE] = item.note
    return found
