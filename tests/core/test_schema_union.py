"""Which schemas go together, and whose counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.core.schema import Schema
from annotator.core.schema_file import parse_schema
from annotator.core.schema_union import lacking, schema_that_holds_all
from annotator.errors import UsageError

BASE = """
name = "small"
version = 1
[layer.thing]
scope = "span"
[layer.thing.labels.A]
key = "1"
[layer.thing.attributes.mode.values.x]
[relation.tie.roles.one]
layers = ["thing"]
max = 1
[relation.tie.roles.two]
layers = ["thing"]
min = 1
"""
MORE = BASE + '[layer.thing.labels.B]\nkey = "2"\n'
OTHER = BASE + '[layer.thing.labels.C]\nkey = "2"\n'


def entry(source: str, file: str) -> tuple[str, Schema, str]:
    return (file, parse_schema(source, file), source)


def test_the_same_schema_goes_with_itself(root: Path) -> None:
    for path in sorted((root / "schemas").glob("*.toml")):
        source = path.read_text("utf-8")
        assert schema_that_holds_all([entry(source, "a"), entry(source, "b")]) == 0


def test_the_schema_that_has_all_counts_in_any_order() -> None:
    assert schema_that_holds_all([entry(BASE, "a"), entry(MORE, "b"), entry(BASE, "c")]) == 1
    assert schema_that_holds_all([entry(MORE, "b"), entry(BASE, "a")]) == 0


def test_titles_and_keys_make_no_difference_and_the_newer_counts() -> None:
    newer = BASE.replace("version = 1", "version = 2").replace('key = "1"', 'key = "7"')
    assert schema_that_holds_all([entry(BASE, "a"), entry(newer, "b")]) == 1
    assert schema_that_holds_all([entry(newer, "b"), entry(BASE, "a")]) == 0


def test_schemas_of_which_each_has_something_of_its_own_are_refused() -> None:
    with pytest.raises(UsageError) as caught:
        schema_that_holds_all([entry(MORE, "m.db"), entry(OTHER, "o.db")])
    assert "m.db and o.db do not go together" in caught.value.message
    assert "o.db has the label thing/C" in caught.value.message
    assert "m.db has the label thing/B" in caught.value.message


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('scope = "span"', 'scope = "span"\noverlap = "any"', "the layer thing with scope span"),
        ("[layer.thing.attributes.mode.values.x]", "", "the attribute mode of thing"),
        ("values.x]", "values.y]", "the value x of thing/mode"),
        ("max = 1", "max = 1\nmin = 1", "the role tie/one"),
        ('[relation.tie.roles.two]\nlayers = ["thing"]\nmin = 1', "", "the role tie/two"),
        ("relation.tie", "relation.bond", "the relation tie"),
        ("layer.thing", "layer.matter", "the layer thing"),
    ],
)
def test_what_is_lacking_is_named(old: str, new: str, what: str) -> None:
    changed = BASE.replace(old, new)
    if "matter" in changed:
        changed = changed.replace('["thing"]', '["matter"]')
    found = list(lacking(parse_schema(changed, "f"), parse_schema(BASE, "f")))
    assert any(line.startswith(what) for line in found), found
