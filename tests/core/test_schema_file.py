"""parse_schema: the shipped files, what it makes of a good file, and every message of bad ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mini_schema import GOOD
from msgspec.structs import replace

from annotator.core.commands import RESERVED
from annotator.core.migration import NO_MIGRATION
from annotator.core.schema_file import COLOURS, DOTS_LIMIT, TEXT_LIMIT, parse_schema
from annotator.core.schema_text import schema_text
from annotator.errors import ExitCode, SchemaError

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "schemas").glob("*.toml"))

PERSON = "[layer.entity.labels.PERSON]"


def problems_of(text: str, file: str = "bad.toml") -> list[str]:
    with pytest.raises(SchemaError) as error:
        parse_schema(text, file)
    assert error.value.code is ExitCode.BAD_INPUT
    assert "docs/schema.md" in error.value.hint or "three quotation marks" in error.value.hint
    return error.value.message.split("\n")


def test_no_layer_at_all() -> None:
    assert problems_of('name = "x"\nversion = 1\n') == [
        "bad.toml:1: (top) layer: found no layer; allowed: at least one, as in [layer.entity]"
    ]
    assert (
        "found a list; allowed: tables"
        in problems_of('name = "x"\nversion = 1\n[[layer]]\nscope = "span"\n')[0]
    )


def test_every_problem_is_told_at_once_in_the_order_of_the_file() -> None:
    text = GOOD.replace('"1"', '"u"').replace("max = 2", "max = -2").replace('"run"', '"rum"')
    text = text.replace('"mini"', '"mi ni"')
    lines = problems_of(text)
    assert [re.match(r"bad.toml:(\d+)", line)[1] for line in lines] == ["1", "6", "8", "23"]


def test_the_count_of_problems_told_is_bounded() -> None:
    lines = problems_of(GOOD + "".join(f"x{i} = 1\n" for i in range(500)))
    assert len(lines) == 201
    assert lines[-1] == "bad.toml: and 300 problems more"


def test_lines_are_right_after_multi_line_texts_that_look_like_tables() -> None:
    trap = 'description = """\n[layer.entity.labels.PERSON]\nkey = "u" # "\n"""\n# """ [layer.x]\n'
    text = GOOD.replace("version = 1\n", "version = 1\n" + trap).replace('key = "1"', 'key = "u"')
    (line,) = problems_of(text)
    assert line.startswith(f"bad.toml:{text[: text.rindex(PERSON)].count(chr(10)) + 2}: {PERSON}")


def test_a_hostile_file_name_and_key_are_escaped() -> None:
    lines = problems_of('"\\u001B[31m" = 1\n', "a\x1b[0m\n.toml")
    assert all(line.isprintable() and line.startswith("a\\x1b[0m\\n.toml:1: ") for line in lines)


@pytest.mark.parametrize("opening", ["[", "{a=", "[{a="])
def test_deep_nesting_is_a_clear_error(opening: str) -> None:
    (line,) = problems_of("x = " + opening * (200_000 // len(opening)))
    assert line.startswith("bad.toml: found lists or tables nested too deep")


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    (line,) = problems_of("#" * (TEXT_LIMIT + 1))
    assert line == "bad.toml: found 250001 characters; allowed: 250000 in a schema file"


def test_a_key_with_too_many_parts_is_refused_before_it_is_read() -> None:
    (line,) = problems_of("x = 1\n" + "a." * DOTS_LIMIT + "a.a = 1")
    assert line == "bad.toml:2: found 101 dots; allowed: 100 in one line"
    assert parse_schema(GOOD + "# " + "." * DOTS_LIMIT, "good.toml")


@pytest.mark.parametrize("key", sorted(RESERVED))
def test_no_command_key_can_be_a_label_key(key: str) -> None:
    escaped = "".join(f"\\u{ord(c):04X}" for c in key)
    (line,) = problems_of(GOOD.replace('key = "1"', f'key = "{escaped}"'))
    assert f"{PERSON} key: " in line


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_the_shipped_schemas_are_valid_and_complete(path: Path) -> None:
    schema = parse_schema(path.read_text("utf-8"), path.name)
    assert schema.name == path.stem
    assert schema.title
    assert schema.description
    for layer in schema.layers:
        assert layer.description, layer.name
        for label in layer.labels:
            assert label.description, label.name
            assert label.guideline, label.name
            assert label.key, label.name
    for kind in (*schema.layers, *schema.relations):
        assert kind.description, kind.name
        for attribute in kind.attributes:
            assert attribute.description, attribute.name
            assert all(value.description for value in attribute.values), attribute.name


def test_five_schemas_are_shipped() -> None:
    assert [p.stem for p in SHIPPED] == ["checkworthy", "conll", "news", "polnear", "quotes"]


def test_the_example_in_the_docs_is_valid_and_its_messages_are_real() -> None:
    docs = (ROOT / "docs" / "schema.md").read_text("utf-8")
    example = re.search(r"```toml\n(.*?)```", docs, re.DOTALL)[1]
    assert parse_schema(example, "mini.toml").name == "mini"
    told = re.search(r"told at once.*?```\n(.*?)```", docs, re.DOTALL)[1].splitlines()
    broken = example.replace('key = "1"', 'key = "u"').replace("colour", "color")
    lines = problems_of(broken, "mini.toml")
    for shown, line in zip(told, lines, strict=True):
        assert line.startswith(shown.removesuffix("1 …"))


def test_a_good_file_becomes_structs_with_their_defaults() -> None:
    schema = parse_schema(GOOD, "good.toml")
    entity, topic = schema.layers
    assert (schema.title, entity.title, entity.overlap, entity.unit) == (
        "mini",
        "entity",
        "nested",
        "run",
    )
    assert [label.name for label in entity.labels] == ["PERSON", "PLACE"]
    assert [label.colour for label in entity.labels] == ["red", "green"]
    assert topic.labels[0].key is None
    kind = entity.attribute("kind")
    assert [(v.name, v.title, v.key) for v in kind.values] == [
        ("real", "real", None),
        ("invented", "invented", None),
    ]
    assert (kind.multi, kind.required, kind.default, kind.labels) == (False, False, None, ())
    source, part = schema.relation("attribution").roles
    assert (source.min, source.max, source.actors) == (0, None, False)
    assert (part.max, part.relations) == (2, ("attribution",))


@pytest.mark.parametrize("name", ["P" * 60, "Ünïcode", "人物", "हिन्दी", "B-PER", "a.b", "1st"])
def test_names_of_any_script_and_of_sixty_characters_are_legal(name: str) -> None:
    text = GOOD.replace("labels.PLACE", f'labels."{name}"')
    assert parse_schema(text, "good.toml").label("entity", name).name == name


@pytest.mark.parametrize("colour", [*COLOURS, "#00fFaA"])
def test_colours_that_are_allowed(colour: str) -> None:
    text = GOOD.replace('"red"', f'"{colour}"')
    assert parse_schema(text, "good.toml").label("entity", "PERSON").colour == colour


def test_a_byte_order_mark_and_crlf_change_nothing() -> None:
    windows = "\ufeff" + GOOD.replace("\n", "\r\n")
    assert parse_schema(windows, "good.toml") == parse_schema(GOOD, "good.toml")


def test_roles_may_refer_to_each_others_relations_in_a_circle() -> None:
    circle = (
        GOOD + '[relation.b.roles.x]\nrelations = ["c"]\n[relation.c.roles.x]\nrelations = ["b"]\n'
    )
    assert len(parse_schema(circle, "good.toml").relations) == 3


def parses_or_is_refused(text: str) -> None:
    """A schema says the same when it is written and read again; a refusal says where and what."""
    try:
        schema = parse_schema(text, "fuzz.toml")
    except SchemaError as error:
        for line in error.message.split("\n"):
            told = re.fullmatch(r"fuzz\.toml(?::(\d+))?: .*found .*; allowed: .*", line)
            assert told, line
            assert line.isprintable()
            assert 1 <= int(told[1] or 1) <= text.replace("\r\n", "\n").count("\n") + 1
    else:
        again = parse_schema(schema_text(schema), "again.toml")
        assert again == replace(schema, migration=NO_MIGRATION)
        assert not set(schema.keys()) & set(RESERVED)


@given(st.text(max_size=200))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    parses_or_is_refused(text)


@given(
    st.lists(
        st.one_of(
            st.sampled_from(GOOD.splitlines()),
            st.sampled_from(["[", "]", "{}", "=", ".", ",", '"', "'''", '"""', "#", "\n"]),
            st.sampled_from(["1", "-1", "true", "1979-05-27", "nan", "x = 0x", "[[layer]]"]),
            st.text(max_size=5),
        ),
        max_size=40,
    ),
    st.sampled_from(["\n", " ", ""]),
)
def test_toml_like_text_is_parsed_or_refused(pieces: list[str], glue: str) -> None:
    parses_or_is_refused(glue.join(pieces))


VALUES = st.recursive(
    st.sampled_from(['"span"', '"x"', '""', "1", "-1", "true", "1.5", "1979-05-27", '"\\u001b"']),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(inner, max_size=3).map(
            lambda items: "{" + ", ".join(f"k{i} = {v}" for i, v in enumerate(items)) + "}"
        ),
    ),
    max_leaves=6,
)


@given(st.integers(0, GOOD.count("\n") - 1), VALUES)
def test_a_value_of_any_type_in_any_place_is_parsed_or_refused(line: int, value: str) -> None:
    lines = GOOD.splitlines()
    lines[line] = (
        lines[line].strip("[]").rpartition(".")[2] if "=" not in lines[line] else lines[line]
    )
    lines[line] = f"{lines[line].partition('=')[0].strip()} = {value}"
    parses_or_is_refused("\n".join(lines))
