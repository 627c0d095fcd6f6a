"""What a change of the log did, in words."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from annotator.core.annotation import Actor, Argument, AttributeValues, Relation, Span
from annotator.core.edits import create, delete, update
from annotator.core.telling import tell

SPAN = Span("s", "d", "a", "entity", "PERSON", ((0, 3),), "Bob")


def name_of(kind: str, id: str) -> str:
    return f"{kind} {id}"


@pytest.mark.parametrize("name", ["label", "text", "place", "type", "name", "note", "flagged"])
def test_an_attribute_is_told_whatever_it_is_called(name: str) -> None:
    span = replace(SPAN, note="n", attributes=(AttributeValues(name, ("x",)),))
    assert f"{name}: x" in str(tell(create(span), name_of))
    assert f"{name}: x" in str(tell(delete(span), name_of))
    changed = update(span, replace(span, attributes=(AttributeValues(name, ("y",), True),)))
    assert str(tell(changed, name_of)) == f"PERSON 'Bob' at 0–3 changed: {name}: x → y (uncertain)"


def test_a_role_is_told_whatever_it_is_called() -> None:
    arguments = tuple(Argument(role, "span", role) for role in ("type", "note"))
    told = tell(create(Relation("r", "d", "a", "tie", arguments, note="n")), name_of)
    assert str(told) == "relation tie made: type: span type; note: span note; note: 'n'"


def test_all_links_of_an_actor_are_told() -> None:
    actor = Actor("a", "Bob", links=(("wikidata", "Q1"), ("name", "B."), ("wikidata", "Q2")))
    assert str(tell(create(actor), name_of)) == ("the actor 'Bob' made: wikidata: Q1, Q2; name: B.")
    fewer = update(actor, replace(actor, links=actor.links[:2]))
    assert str(tell(fewer, name_of)) == "the actor 'Bob' changed: wikidata: Q1, Q2 → Q1"
