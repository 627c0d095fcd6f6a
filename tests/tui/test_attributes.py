"""Attributes: one key a value, several values, doubt, and those of ties."""

from __future__ import annotations

from pathlib import Path

from screen_driver import Driver, Running
from session_state import ARTICLE, project, stored_rows, tie

from annotator.core.annotation import AttributeValues
from annotator.tui.dialogs.attribute_menu import AttributeMenu
from annotator.tui.dialogs.key_menu import keys_for
from annotator.tui.dialogs.picker import Picker

SCHEMA = """
name = "several"
version = 1
[layer.claim]
title = "claim"
scope = "span"
overlap = "any"
[layer.claim.labels.CLAIM]
key = "c"
[layer.claim.attributes.topic]
title = "topic"
multi = true
[layer.claim.attributes.topic.values.money]
key = "m"
[layer.claim.attributes.topic.values.law]
key = "~"
[layer.claim.attributes.mode]
title = "mode"
[layer.claim.attributes.mode.values.mixed]
key = "m"
[layer.claim.attributes.mode.values.plain]
[layer.source]
title = "source"
scope = "span"
[layer.source.labels.SOURCE]
key = "s"
[relation.attribution]
title = "attribution"
[relation.attribution.roles.claim]
title = "claim"
layers = ["claim"]
min = 1
[relation.attribution.roles.source]
title = "source"
layers = ["source"]
[relation.attribution.attributes.kind]
title = "kind"
[relation.attribution.attributes.kind.values.fact]
key = "f"
"""


def held(d: Driver) -> dict[str, tuple[tuple[str, ...], bool]]:
    return {a.name: (a.values, a.uncertain) for a in d.focus.attributes}


def marked(d: Driver) -> list[str]:
    """The rows that are set, without their keys."""
    return [" ".join(row.split()[1:]) for row in d.options if "●" in row]


async def test_a_key_sets_a_value_and_again_takes_it_off(running: Running, path: Path) -> None:
    async with running() as d:
        d.label("the operation had begun", "c")
        await d.press("enter", "i")
        assert d.dialog is None
        assert "mode: indirect" in d.said
        assert held(d)["mode"] == (("indirect",), False)
        await d.press("enter", "d")
        assert held(d)["mode"] == (("direct",), False), "one value only"
        await d.press("enter", "d")
        assert "mode" not in held(d)
        assert stored_rows(path, "SELECT name, value FROM attribute") == [("act", "statement")]
        await d.press("u", "u")
        assert held(d)["mode"] == (("indirect",), False)


async def test_the_first_value_that_is_called_for_is_marked(running: Running) -> None:
    async with running() as d:
        d.label("Talal Sillo", "s")
        await d.press("enter", "enter")
        assert held(d) == {"kind": (("named",), False)}
        await d.press("enter", "u", "enter")
        assert isinstance(d.dialog, AttributeMenu)
        assert d.dialog.marked == 3, "else the one that is set"
        await d.press("up", "enter")
        assert held(d) == {"kind": (("institutional",), False)}


async def test_doubt_is_a_key_before_the_values(running: Running, path: Path) -> None:
    async with running() as d:
        d.label("the operation had begun", "c")
        await d.press("enter", "~")
        assert d.title == "Attributes of CLAIM · uncertain:"
        await d.press("i")
        assert "mode: indirect (uncertain)" in d.said
        assert held(d)["mode"] == (("indirect",), True)
        assert stored_rows(path, "SELECT value FROM attribute WHERE uncertain") == [("indirect",)]
        await d.press("enter")
        assert next(row for row in d.options if "uncertain" in row).split()[1] == "●?indirect"
        await d.press("~", "~", "~", "i")
        assert held(d)["mode"] == (("indirect",), False)
        await d.press("enter", "~", "i", "enter", "m")
        assert held(d)["mode"] == (("mixed",), False), "what is chosen anew is certain"


async def test_several_values_and_those_of_ties(running: Running, tmp_path: Path) -> None:
    with project(tmp_path / "q.db", SCHEMA, {"a.txt": ARTICLE}) as store:
        async with running(on=store) as d:
            source = d.label("Talal Sillo", "s")
            claim = d.label("the operation had begun", "c")
            tie(d.session, claim, source)
            d.session.choose(claim)
            await d.press("enter")
            keys = [row.split()[0] for row in d.options if "○" in row]
            assert keys == ["m", "1", "2", "3", "f"], "a key is given where it is taken or none"
            assert "topic · several" in d.options
            assert "attribution: kind" in d.options
            await d.press("m", "~", "1")
            assert d.dialog is not None, "of several more may follow"
            assert marked(d) == ["●?money uncertain", "●?law uncertain"]
            await d.press("m", "2")
            assert d.dialog is None
            assert held(d) == {"topic": (("law",), True), "mode": (("mixed",), False)}
            await d.press("enter", "f")
            (relation,) = d.session.annotations.relations.values()
            assert relation.attributes == (AttributeValues("kind", ("fact",)),)
            await d.press("u")
            (relation,) = d.session.annotations.relations.values()
            assert relation.attributes == ()


async def test_what_is_gone_meanwhile_is_told(running: Running) -> None:
    async with running() as d:
        span = d.label("the operation had begun", "c")
        await d.press("enter")
        d.session.focus_id = span.id
        d.session.spans.delete()
        await d.press("i")
        assert d.dialog is None
        assert "the annotation is gone" in d.said


async def test_more_values_than_keys_are_narrowed_down(running: Running, tmp_path: Path) -> None:
    values = "".join(f"[layer.claim.attributes.mode.values.v{n}]\n" for n in range(80))
    schema = SCHEMA.replace("[layer.claim.attributes.mode.values.plain]\n", values)
    with project(tmp_path / "q.db", schema, {"a.txt": ARTICLE}) as store:
        async with running(on=store) as d:
            d.label("the operation had begun", "c")
            await d.press("enter")
            assert isinstance(d.dialog, Picker)
            await d.press(*"v79", "enter")
            assert held(d) == {"mode": (("v79",), False)}


def test_keys_are_given_where_none_is_wanted_or_it_is_taken() -> None:
    assert keys_for(["a", None, "a", "~", "1"], "~") == ["a", "2", "3", "4", "1"]
    many = keys_for([None] * 100)
    assert len(set(many)) == 63
    assert many[-1] == ""
