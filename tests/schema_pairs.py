"""A schema, and what the tests make of it: the smallest that has everything a change can touch."""

from __future__ import annotations

from annotator.core.annotation import (
    Annotation,
    Argument,
    AttributeValues,
    Relation,
    Span,
    Suggestion,
    UnitLabel,
)
from annotator.core.edits import Changes
from annotator.core.fitting import Effect, Fitting
from annotator.core.schema import Schema
from annotator.core.schema_change import Made, change_document
from annotator.core.schema_file import parse_schema

FORMER = """
name = "pair"
version = 1

[layer.entity]
scope = "span"
overlap = "nested"
[layer.entity.labels]
PER = { key = "1" }
LOC = { key = "2" }
GPE = { key = "3" }
MISC = {}
[layer.entity.attributes.mood]
multi = true
values = ["good", "bad", "odd"]

[layer.claim]
scope = "span"
overlap = "any"
[layer.claim.labels]
CLAIM = { key = "c" }

[layer.worth]
scope = "sentence"
[layer.worth.labels]
CHECK = {}
NO = {}

[layer.topic]
scope = "sentence"
[layer.topic.labels]
WAR = {}

[relation.says.roles.what]
layers = ["claim"]
relations = ["says"]
min = 1
[relation.says.roles.who]
layers = ["entity"]
actors = true
[relation.says.attributes.tone]
values = ["calm", "loud"]
"""


def changed(*replacements: tuple[str, str], migrate: str = "") -> str:
    """The schema with texts replaced, and with a table ``[migrate]``."""
    source = FORMER.replace("version = 1", "version = 2")
    for old, new in replacements:
        assert old in source, old
        source = source.replace(old, new)
    return f"{source}\n{migrate}"


def schema(source: str = FORMER) -> Schema:
    return parse_schema(source, "pair.toml")


def span(id: str, label: str = "PER", place: tuple[int, int] = (0, 3), **rest: object) -> Span:
    layer = str(rest.pop("layer", "claim" if label == "CLAIM" else "entity"))
    return Span(id, "d", "alice", layer, label, (place,), "Bob", **rest)  # type: ignore[arg-type]


def says(id: str, *arguments: tuple[str, str], kind: str = "span", **rest: object) -> Relation:
    held = tuple(
        Argument(role, "relation" if target.startswith("r") else kind, target)  # type: ignore[arg-type]
        for role, target in arguments
    )
    return Relation(id, "d", "alice", "says", held, **rest)  # type: ignore[arg-type]


def unit(id: str, layer: str, label: str, sentence: str = "s") -> UnitLabel:
    return UnitLabel(id, "d", "alice", layer, label, sentence)


def proposal(item: Annotation) -> Suggestion:
    return Suggestion(f"sug-{item.id}", "d", "alice", item)


def held(name: str, *values: str) -> tuple[AttributeValues, ...]:
    return (AttributeValues(name, values),)


def changes(source: str, *made: Made) -> tuple[Changes, list[tuple[Effect, str]]]:
    """What a schema does to records, and what it tells of which of them."""
    told: list[tuple[Effect, str]] = []
    found = change_document(
        made, schema(), Fitting(schema(source)), lambda e, r: told.append((e, r.id))
    )
    return found, told


def told_of(told: list[tuple[Effect, str]]) -> list[tuple[str, str, str, str]]:
    return [(e.kind, e.what, e.to, id) for e, id in told]
