"""The table ``[migrate]``: what it may say, and what is told where it says something else."""

from __future__ import annotations

import pytest
from schema_pairs import changed, schema

from annotator.errors import SchemaError


def test_every_kind_of_name_may_be_given_a_new_one_or_let_go() -> None:
    migrate = """
[migrate.layer.ent]
to = "entity"
[migrate.layer.ent.labels]
PERSON = "PER"
THING = false
SAID = { layer = "claim", label = "CLAIM" }
[migrate.layer.old]
to = false
[migrate.layer.entity.attributes]
mind = "mood"
mood = false
[migrate.layer.claim.labels]
BELIEF = "CLAIM"
[migrate.layer.ent.attributes.feel]
to = "mood"
values = { fine = "good", none = false }
[migrate.relation.utters]
to = "says"
roles = { speaker = "who", place = false }
[migrate.relation.says.roles]
who = false
"""
    found = schema(changed(migrate=migrate)).migration
    assert found.layers == {"ent": "entity", "old": None}
    assert found.labels == {
        ("ent", "PERSON"): ("entity", "PER"),
        ("ent", "THING"): None,
        ("ent", "SAID"): ("claim", "CLAIM"),
        ("claim", "BELIEF"): ("claim", "CLAIM"),
    }
    entity, ent = ("layer", "entity"), ("layer", "ent")
    assert found.attributes == {
        (entity, "mind"): "mood",
        (entity, "mood"): None,
        (ent, "feel"): "mood",
    }
    assert found.values == {(ent, "feel", "fine"): "good", (ent, "feel", "none"): None}
    assert found.relations == {"utters": "says"}
    assert found.roles == {
        ("utters", "speaker"): "who",
        ("utters", "place"): None,
        ("says", "who"): None,
    }
    assert found.place("ent", "PER") == ("entity", "PER")
    assert found.place("ent", "THING") is None
    assert found.place("old", "ANY") is None


@pytest.mark.parametrize(
    ("migrate", "message"),
    [
        ('[migrate.layer.entity.labels]\nPER = "LOC"', 'PER: found "PER", which there still is'),
        ('[migrate.layer.entity.labels]\nPRE = "PRE"', 'PRE: found "PRE" (did you mean "PER"?)'),
        ("[migrate.layer.entity.labels]\nPER = false", 'PER: found "PER", which there still is'),
        ("[migrate.layer.entity.labels]\nX = 3", "X: found 3; allowed: a name of this schema"),
        (
            '[migrate.layer.entity.labels]\nX = { layer = "claim", label = "PER" }',
            'label: found "PER"; allowed: CLAIM',
        ),
        ('[migrate.layer.x]\nlabels = { A = "PER" }', 'there is no layer "x"'),
        ('[migrate.layer.entity]\nto = "claim"', 'to: found "entity", which there still is'),
        ("[migrate.layer.x]\nto = false\nlabels = {}", "labels: found an unknown key"),
        (
            '[migrate.layer.entity.attributes]\nmood = "mood"',
            'mood: found "mood", which there still is',
        ),
        (
            "[migrate.layer.entity.attributes.feel]\nvalues = {}",
            'to: found nothing, and there is no attribute "feel"',
        ),
        (
            '[migrate.layer.entity.attributes.mood.values]\nx = "fine"',
            'x: found "fine"; allowed: good, bad, odd',
        ),
        ('[migrate.relation.says.roles]\nx = "y"', 'x: found "y"; allowed: what, who'),
        ("[migrate.relation.says]\nrole = {}", 'found an unknown key (did you mean "roles"?)'),
        ("[migrate]\nlayers = {}", 'found an unknown key (did you mean "layer"?)'),
        ("[migrate]\nlayer = 3", "layer: found 3; allowed: tables"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_place(migrate: str, message: str) -> None:
    with pytest.raises(SchemaError) as caught:
        schema(changed(migrate=migrate))
    assert message in caught.value.message
    assert caught.value.message.startswith("pair.toml:")
