from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pytest
from msgspec.structs import replace

from annotator.core.annotation import Argument, AttributeValues, Relation, Span, UnitLabel
from annotator.core.document import Document
from annotator.core.schema import Schema
from annotator.formats.base import Record
from annotator.formats.check import problems, schema_problems, type_problems

SPAN = Span("s", "d", "", "thing", "A", ((0, 3),), "Bob")
TIE = Relation("r", "d", "", "tie", (Argument("one", "span", "s"),))
DOCUMENT = Document("d", "d", "Bob", "")


def found(schema: Schema, *items: Span | Relation | UnitLabel) -> list[str]:
    record = Record(
        document=DOCUMENT,
        spans=tuple(i for i in items if isinstance(i, Span)),
        relations=tuple(i for i in items if isinstance(i, Relation)),
        unit_labels=tuple(i for i in items if isinstance(i, UnitLabel)),
    )
    return list(schema_problems(record, schema))


@pytest.mark.parametrize("wrap", [lambda v: [v], lambda v: {"a": v}, lambda v: (1, v)])
def test_metadata_may_nest_a_hundred_levels(wrap: Callable[[Any], Any]) -> None:
    value: Any = 1
    for _ in range(99):
        value = wrap(value)
    assert not list(problems(Record(document=replace(DOCUMENT, meta={"x": value}))))
    for deep in (wrap(value), wrap(wrap(value))):
        (problem,) = problems(Record(document=replace(DOCUMENT, meta={"x": deep})))
        assert problem == "its metadata is nested more than 100 levels deep"


@pytest.mark.parametrize("kind", ["span", "relation"])
def test_of_an_argument_that_is_not_there_nothing_is_said(
    kind: Literal["span", "relation"], full_schema: Schema
) -> None:
    tie = replace(TIE, arguments=(Argument("one", kind, "gone"),))
    assert list(type_problems(tie, full_schema, {}, {})) == []
    if kind == "span":
        assert list(type_problems(tie, full_schema, {}, {"gone": "tie"})) == []
    else:
        assert list(type_problems(tie, full_schema, {"gone": ("thing", "A")}, {})) == []


def test_what_the_schema_allows_is_fine(full_schema: Schema) -> None:
    attributes = (AttributeValues("mode", ("x", "y"), True),)
    assert found(full_schema, replace(SPAN, attributes=attributes), TIE) == []
    assert found(full_schema, UnitLabel("u", "d", "", "genre", "NEWS")) == []


def test_what_it_lacks_is_listed_once_with_its_number(full_schema: Schema) -> None:
    missing = [replace(SPAN, id=str(n), label="C") for n in range(3)]
    assert found(full_schema, *missing, replace(SPAN, layer="entity")) == [
        "layer thing has no label C (there is: A, B) (3 times)",
        "there is no layer entity (there is: thing, worth, genre)",
    ]


def test_scopes_attributes_types_and_roles(full_schema: Schema) -> None:
    assert found(full_schema, UnitLabel("u", "d", "", "thing", "A")) == [
        "layer thing is for a span, and here labels a document"
    ]

    def with_attribute(name: str, *values: str) -> Span:
        return replace(SPAN, attributes=(AttributeValues(name, values),))

    assert found(full_schema, with_attribute("mood", "x")) == [
        "thing A has no attribute mood (there is: mode)"
    ]
    assert found(full_schema, with_attribute("mode", "w")) == [
        "thing A: mode has no value w (there is: x, y, z)"
    ]
    two = replace(with_attribute("only", "yes", "no"), label="B")
    assert found(full_schema, two) == ["thing B: only takes one value, not 2"]
    assert found(full_schema, replace(TIE, type="knot"), SPAN) == [
        "there is no relation type knot (there is: tie)"
    ]
    three = replace(TIE, arguments=(Argument("three", "span", "s"),))
    assert found(full_schema, three, SPAN) == [
        "relation tie has no role three (there is: one, two)"
    ]


def test_a_role_takes_what_the_schema_says(news: Schema) -> None:
    source = replace(SPAN, layer="source", label="SOURCE")
    relation = replace(TIE, type="attribution", arguments=(Argument("claim", "span", "s"),))
    assert found(news, source, relation) == ["role claim of attribution takes no source SOURCE"]
    actor = replace(relation, arguments=(Argument("claim", "actor", "a"),))
    assert found(news, actor) == ["role claim of attribution takes no actor"]
    nested = replace(relation, id="q", arguments=(Argument("claim", "relation", "r"),))
    assert found(news, nested, replace(relation, arguments=())) == [
        "role claim of attribution takes no attribution"
    ]
