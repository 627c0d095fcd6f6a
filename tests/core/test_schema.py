"""Lookups on the schema structs, on the shipped news schema and on a small one made by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.core.schema import (
    Attribute,
    AttributeValue,
    Label,
    Layer,
    RelationType,
    Role,
    Schema,
)
from annotator.core.schema_file import parse_schema
from annotator.errors import NotFoundError

SCHEMAS = Path(__file__).parents[2] / "schemas"


@pytest.fixture(scope="module")
def news() -> Schema:
    return parse_schema((SCHEMAS / "news.toml").read_text("utf-8"), "news.toml")


@pytest.fixture(scope="module")
def small() -> Schema:
    """One layer of two labels, one relation that takes A as head and either as parts."""
    layer = Layer("x", "X", "span", (Label("A", key="1"), Label("B")))
    head = Role("head", "head", ("x",), ("A",), min=1, max=1)
    part = Role("part", "part", ("x",), relations=("whole",), actors=True, max=3)
    free = RelationType("set", "set", (Role("member", "member", ("x",), min=2),))
    return Schema("s", 1, "S", "", (layer,), (RelationType("whole", "whole", (head, part)), free))


def options(schema: Schema, a: tuple[str, str], b: tuple[str, str]) -> list[tuple[str, str, str]]:
    return [(o.relation.name, o.role_a.name, o.role_b.name) for o in schema.link_options(*a, *b)]


def test_lookups_return_what_was_asked_for(news: Schema) -> None:
    assert news.layer("claim").scope == "span"
    assert news.label("entity", "PERSON").key == "1"
    assert news.relation("attribution").role("claim").max == 1
    assert news.layer("claim").attribute("mode").value("mixed").key == "m"


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda s: s.layer("entty"), ("no layer 'entty'", "entity, claim, source, cue")),
        (lambda s: s.label("claim", "X"), ("no label 'X' in layer claim", "CLAIM")),
        (lambda s: s.label("nowhere", "X"), ("no layer 'nowhere'", "entity")),
        (lambda s: s.relation("tie"), ("no relation 'tie'", "attribution")),
        (lambda s: s.relation("support").role("x"), ("no role 'x'", "claim, ground")),
        (lambda s: s.relation("support").attribute("x"), ("no attribute 'x'", "none")),
        (lambda s: s.layer("claim").attribute("x"), ("no attribute 'x'", "mode")),
        (lambda s: s.layer("claim").attribute("mode").value("x"), ("no value 'x'", "direct")),
    ],
)
def test_an_unknown_name_is_told_with_those_that_exist(news: Schema, ask, told) -> None:
    with pytest.raises(NotFoundError) as error:
        ask(news)
    for piece in told:
        assert piece in str(error.value)


def test_an_unknown_name_reaches_the_message_escaped(news: Schema) -> None:
    with pytest.raises(NotFoundError) as error:
        news.layer("\x1b[31m")
    assert "\x1b" not in str(error.value)


def test_keys_are_in_the_order_of_the_label_bar(news: Schema, small: Schema) -> None:
    assert "".join(news.keys()) == "123456789csq"
    assert [(layer.name, label.name) for layer, label in small.keys().values()] == [("x", "A")]


def test_an_attribute_applies_to_its_labels() -> None:
    everywhere = Attribute("a", "a", (AttributeValue("v"),))
    on_b = Attribute("b", "b", (AttributeValue("v"),), labels=("B",))
    layer = Layer("x", "X", "span", (Label("A"), Label("B")), attributes=(everywhere, on_b))
    assert layer.attributes_of("A") == (everywhere,)
    assert layer.attributes_of("B") == (everywhere, on_b)


def test_a_role_accepts_its_layers_and_labels(small: Schema) -> None:
    head, part = small.relation("whole").roles
    assert head.accepts("x", "A")
    assert not head.accepts("x", "B")
    assert not head.accepts("y", "A")
    assert part.accepts("x", "B")
    assert part.accepts_relation("whole")
    assert not head.accepts_relation("whole")


@pytest.mark.parametrize(("arguments", "full"), [(0, False), (2, False), (3, True), (4, True)])
def test_a_role_is_full_at_its_max(small: Schema, arguments: int, full: bool) -> None:
    assert small.relation("whole").role("part").is_full(arguments) is full
    assert not small.relation("set").role("member").is_full(10**6)


def test_roles_for_spans_relations_and_actors(small: Schema) -> None:
    def names(found: list[tuple[RelationType, Role]]) -> list[str]:
        return [f"{relation.name}.{role.name}" for relation, role in found]

    assert names(small.roles_for("x", "A")) == ["whole.head", "whole.part", "set.member"]
    assert names(small.roles_for("x", "B")) == ["whole.part", "set.member"]
    assert names(small.roles_for("y", "A")) == []
    assert names(small.roles_for_actor()) == ["whole.part"]


def test_link_options_follow_from_the_schema(news: Schema) -> None:
    claim, source, cue = ("claim", "CLAIM"), ("source", "SOURCE"), ("cue", "CUE")
    assert options(news, claim, source) == [("attribution", "claim", "source")]
    assert options(news, cue, claim) == [("attribution", "cue", "claim")]
    assert options(news, claim, ("entity", "PERSON")) == []
    assert options(news, claim, claim) == [
        ("contradiction", "claim", "claim"),
        ("support", "claim", "ground"),
        ("support", "ground", "claim"),
    ]


def test_link_options_respect_labels_and_limits(small: Schema) -> None:
    a, b = ("x", "A"), ("x", "B")
    assert options(small, a, a) == [
        ("whole", "head", "part"),
        ("whole", "part", "head"),
        ("set", "member", "member"),
    ]
    assert options(small, b, a) == [("whole", "part", "head"), ("set", "member", "member")]
    assert options(small, b, b) == [("set", "member", "member")]


def test_the_news_schema_expresses_what_the_seed_needs(news: Schema) -> None:
    """Nested claims, sources inside claims, contradictions between attributions, actors."""
    assert news.layer("claim").overlap != "none"
    assert news.layer("source").overlap == "any"
    assert news.layer("entity").overlap == "nested"
    assert [v.name for v in news.layer("claim").attribute("mode").values] == [
        "direct",
        "indirect",
        "mixed",
    ]
    assert news.relation("contradiction").role("claim").accepts_relation("attribution")
    assert [role.name for _, role in news.roles_for_actor()] == ["source"]
