"""Every message of a broken schema: its place, what was found, and what is allowed."""

from __future__ import annotations

import pytest
from mini_schema import GOOD

from annotator.core.schema_file import parse_schema
from annotator.errors import SchemaError

TOP = "bad.toml:1: (top)"
ENTITY = "bad.toml:3: [layer.entity]"
PERSON = "[layer.entity.labels.PERSON]"
KIND = "[layer.entity.attributes.kind]"
SOURCE = "[relation.attribution.roles.source]"
NAME_RULE = "allowed: 1 to 60 letters, digits, '_', '-' or '.'"
FREE = "allowed: a free character, such as 0 "
ONE_KEY = "allowed: one printable character that is no space"

# (what is replaced in GOOD, by what, pieces of one line of the message)
BROKEN = [
    # the top of the file
    ('name = "mini"', "", TOP, " name: ", "found nothing", NAME_RULE),
    ('name = "mini"', "name = 3", TOP, " name: ", "found 3", NAME_RULE),
    ('name = "mini"', 'name = ""', TOP, " name: ", 'found ""', NAME_RULE),
    ('name = "mini"', 'name = "-x"', TOP, " name: ", 'found "-x"', NAME_RULE),
    ("version = 1", "", TOP, " version: ", "found nothing", "allowed: a whole number from 1 to"),
    ("version = 1", "version = 0", ":2: (top) version: ", "found 0", "whole number from 1"),
    ("version = 1", 'version = "1"', ":2: (top) version: ", 'found "1"', "whole number from 1"),
    ("version = 1", "version = true", ":2: (top) version: ", "found true", "whole number from 1"),
    ("version = 1", "version = 1.0", ":2: (top) version: ", "found 1.0", "whole number from 1"),
    ("version = 1", "version = 2026-11-22", "version: ", "found a date", "whole number from 1"),
    (
        "version = 1",
        "version = 0x" + "f" * 9000,
        ":2: (top) version: ",
        "found a number beyond 64 bits",
        "allowed: a whole number from 1 to 1000000000",
    ),
    (
        "version = 1",
        "version = 1\nlayers = 1",
        "bad.toml:3: (top) layers: ",
        'found an unknown key (did you mean "layer"?)',
        "allowed: name, version, title, description, layer, relation",
    ),
    (
        "version = 1",
        'version = 1\n"\\u001B[2J" = 1',
        "(top) \\x1b[2J: ",
        "found an unknown key",
        "allowed: name, version",
    ),
    (
        "version = 1",
        'version = 1\ntitle = "a\\nb"',
        "bad.toml:3: (top) title: ",
        "found the control character U+000A",
        "allowed: one line of at most 80 characters",
    ),
    (
        "version = 1",
        f'version = 1\ntitle = "{"x" * 81}"',
        "(top) title: ",
        "found 81 characters",
        "allowed: one line of at most 80 characters",
    ),
    (
        "version = 1",
        'version = 1\ndescription = "\\u001B]0;x"',
        "(top) description: ",
        "found the control character U+001B",
        "allowed: a text of at most 10000 characters, none a control",
    ),
    # layers
    (
        '[layer.entity]\nscope = "span"',
        "[layer.entity]",
        ENTITY,
        " scope: ",
        "found nothing",
        "allowed: span, sentence, document",
    ),
    (
        'scope = "span"',
        'scope = "spam"',
        "bad.toml:4: [layer.entity] scope: ",
        'found "spam" (did you mean "span"?)',
        "allowed: span, sentence, document",
    ),
    (
        'overlap = "nested"',
        'overlap = "cross"',
        "bad.toml:5: [layer.entity] overlap: ",
        'found "cross"',
        "allowed: none, nested, any",
    ),
    (
        'unit = "run"',
        'unit = "word"',
        "bad.toml:6: [layer.entity] unit: ",
        'found "word"',
        "allowed: token, run, phrase, quote, clause, sentence, paragraph",
    ),
    (
        'scope = "document"',
        'scope = "document"\noverlap = "any"',
        "bad.toml:16: [layer.topic] overlap: ",
        'found "any" in a layer of scope document',
        'allowed: only with scope = "span"',
    ),
    (
        'scope = "document"',
        'scope = "sentence"\nunit = "token"',
        "bad.toml:16: [layer.topic] unit: ",
        'found "token" in a layer of scope sentence',
        'allowed: only with scope = "span"',
    ),
    (
        "[layer.topic.labels.WAR]\n",
        "",
        "bad.toml:14: [layer.topic] labels: ",
        "found no label",
        "allowed: at least one, as in [layer.topic.labels.NAME]",
    ),
    (
        "[layer.topic.labels.WAR]\n",
        'labels = ["WAR"]\n',
        "bad.toml:16: [layer.topic] labels: ",
        "found a list",
        "allowed: tables, as in [layer.topic.labels.NAME]",
    ),
    (
        "[layer.topic]",
        "[layer.Entity]\nscope='span'\n[layer.Entity.labels.X]\n[layer.topic]",
        "bad.toml:14: [layer] Entity: ",
        'found "Entity", which differs from "entity" in case or form only',
        "allowed: names that cannot be mistaken",
    ),
    (
        'overlap = "nested"',
        'overlapp = "nested"',
        "bad.toml:5: [layer.entity] overlapp: ",
        'found an unknown key (did you mean "overlap"?)',
        "allowed: title, description, scope, overlap, unit, labels, attributes",
    ),
    # labels
    (
        "[layer.entity.labels.PLACE]",
        '[layer.entity.labels."a b"]',
        'bad.toml:10: [layer.entity.labels] a b: found the name "a b"',
        NAME_RULE,
    ),
    (
        "[layer.entity.labels.PLACE]",
        f"[layer.entity.labels.{'P' * 61}]",
        "bad.toml:10: [layer.entity.labels] PPP",
        'found the name "PPP',
        NAME_RULE,
    ),
    (
        'key = "1"',
        'key = "u"',
        "bad.toml:8: ",
        PERSON,
        'key: found "u", which is the key of undo',
        FREE,
    ),
    (
        'key = "1"',
        'key = "."',
        "bad.toml:8: ",
        PERSON,
        'found ".", which is the key of edge one character right',
        FREE,
    ),
    (
        'key = "2"',
        'key = "1"',
        "bad.toml:11: [layer.entity.labels.PLACE] key: ",
        f'found "1", which is also the key of {PERSON}',
        FREE,
    ),
    ('key = "1"', 'key = "12"', "bad.toml:8: ", PERSON, 'key: found "12"', ONE_KEY),
    ('key = "1"', 'key = ""', "bad.toml:8: ", PERSON, 'key: found ""', ONE_KEY),
    ('key = "1"', 'key = " "', "bad.toml:8: ", PERSON, 'key: found " "', ONE_KEY),
    ('key = "1"', 'key = "\\u00a0"', "bad.toml:8: ", PERSON, 'key: found "\\xa0"', ONE_KEY),
    ('key = "1"', 'key = "\\u001B"', "bad.toml:8: ", PERSON, 'key: found "\\x1b"', ONE_KEY),
    ('key = "1"', 'key = "\\u0301"', "bad.toml:8: ", PERSON, "key: found ", ONE_KEY),
    ('key = "1"', "key = 1", "bad.toml:8: ", PERSON, "key: found 1;", ONE_KEY),
    (
        'colour = "red"',
        'colour = "bright_rde"',
        "bad.toml:9: ",
        PERSON,
        'colour: found "bright_rde" (did you mean "bright_red"?)',
        "allowed: black, red, ",
        "#rrggbb",
    ),
    ('colour = "red"', 'colour = "#ff00"', PERSON, 'colour: found "#ff00"', "#rrggbb"),
    (
        'colour = "red"',
        'color = "red"',
        "bad.toml:9: ",
        PERSON,
        'color: found an unknown key (did you mean "colour"?)',
        "allowed: title, key, colour, description, guideline",
    ),
    (
        'colour = "red"',
        'guideline = "a \\u202E b"',
        "bad.toml:9: ",
        PERSON,
        "guideline: found the control character U+202E",
        "allowed: a text of at most 10000 characters",
    ),
    (
        'colour = "red"',
        "[layer.entity.labels.PERSON.values]\n",
        PERSON,
        "values: found an unknown key",
        "allowed: title, key",
    ),
    # attributes
    (
        'values = ["real", "invented"]',
        "",
        "bad.toml:12: ",
        KIND,
        "values: found no value",
        'allowed: at least one, as in values = ["yes", "no"]',
    ),
    (
        '["real", "invented"]',
        '["real", 2]',
        "bad.toml:13: ",
        KIND,
        "values: found a list with 2",
        "allowed: tables, as in [layer.entity.attributes.kind.values.NAME] or a list of names",
    ),
    (
        '["real", "invented"]',
        '["real", "real"]',
        "bad.toml:13: ",
        KIND,
        'values: found "real" twice',
        "allowed: each name once",
    ),
    (
        'values = ["real", "invented"]',
        'values = { real = { key = "r" }, rare = { key = "r" } }',
        "bad.toml:13: [layer.entity.attributes.kind.values.rare] key: ",
        'found "r", which is also the key of the value "real"',
        "allowed: a key once in each attribute",
    ),
    (
        'values = ["real", "invented"]',
        'values = ["real"]\ndefault = "unreal"',
        "bad.toml:14: ",
        KIND,
        'default: found "unreal" (did you mean "real"?)',
        "allowed: real",
    ),
    (
        'values = ["real", "invented"]',
        'values = ["real"]\ndefault = "real"\nrequired = true',
        "bad.toml:15: ",
        KIND,
        'required: found true beside default = "real"',
        "allowed: required = true or a default, not both",
    ),
    (
        'values = ["real", "invented"]',
        'values = ["real"]\nmulti = "yes"',
        "bad.toml:14: ",
        KIND,
        'multi: found "yes"',
        "allowed: true, false",
    ),
    (
        'values = ["real", "invented"]',
        'values = ["real"]\nlabels = ["PERSONS"]',
        "bad.toml:14: ",
        KIND,
        'labels: found "PERSONS" (did you mean "PERSON"?)',
        "allowed: PERSON, PLACE",
    ),
    (
        'values = ["real", "invented"]',
        'values = ["real"]\nlabels = "PERSON"',
        "bad.toml:14: ",
        KIND,
        'labels: found "PERSON"',
        'allowed: a list of labels of the layer, as in labels = ["NAME"]',
    ),
    # relations
    (
        'layers = ["entity"]',
        'layers = ["entities"]',
        "bad.toml:18: ",
        SOURCE,
        'layers: found "entities" (did you mean "entity"?)',
        "allowed: entity",
    ),
    (
        'layers = ["entity"]',
        'layers = ["entity", "topic"]',
        "bad.toml:18: ",
        SOURCE,
        'layers: found "topic", a layer of scope document',
        "allowed: span layers: entity",
    ),
    (
        'labels = ["PERSON"]',
        'labels = ["WAR"]',
        "bad.toml:19: ",
        SOURCE,
        'labels: found "WAR"',
        "allowed: PERSON, PLACE",
    ),
    (
        'layers = ["entity"]',
        'layers = ["entity", "place"]\n[layer.place]\nscope = "span"\n[layer.place.labels.TOWN]\n'
        '[relation.attribution.roles.other]\nlayers = ["place", "entity"]',
        "bad.toml:24: [relation.attribution.roles.other] labels: ",
        'found no label of the layer "place", which layers names',
        "allowed: at least one of TOWN",
    ),
    (
        'relations = ["attribution"]',
        'relations = ["attributon"]',
        "bad.toml:22: [relation.attribution.roles.part] relations: ",
        'found "attributon" (did you mean "attribution"?)',
        "allowed: attribution",
    ),
    (
        'relations = ["attribution"]',
        "actors = false",
        "bad.toml:21: [relation.attribution.roles.part] layers: ",
        "found a role that takes nothing",
        "allowed: at least one of layers, relations, and actors = true",
    ),
    (
        "max = 2",
        "max = 2\nmin = 3",
        "bad.toml:24: [relation.attribution.roles.part] min: ",
        "found 3 with max = 2",
        "allowed: a min that is not above max",
    ),
    (
        "max = 2",
        "max = 0",
        "bad.toml:23: [relation.attribution.roles.part] max: ",
        "found 0",
        "allowed: a whole number from 1 to",
    ),
    ("min = 0", "min = -1", "bad.toml:20: ", SOURCE, "min: found -1", "whole number from 0 to"),
    (
        "min = 0",
        'min = 0\n[relation.attribution.attributes.sure]\nvalues = ["no"]\nlabels = ["PERSON"]',
        "bad.toml:23: [relation.attribution.attributes.sure] labels: ",
        "found an unknown key",
        "allowed: title, description, values, multi, required, default",
    ),
    (
        "[relation.attribution.roles.source]",
        "[relation.empty]\n[relation.attribution.roles.source]",
        "bad.toml:17: [relation.empty] roles: ",
        "found no role",
        "allowed: at least one, as in [relation.empty.roles.NAME]",
    ),
    # no TOML
    (
        "version = 1",
        "version = ",
        "bad.toml:2: ",
        "found what is no TOML: Invalid value",
        "TOML 1.0",
    ),
    ("version = 1", "version = 1\nname='x'", "bad.toml:3: ", "Cannot overwrite", "TOML 1.0"),
    ("version = 1", "version = 1\x00", "bad.toml:2: ", "no TOML: ", "allowed: TOML 1.0"),
    ("max = 2", 'x = """', "bad.toml:24: ", "no TOML: ", "end of the file", "allowed: TOML 1.0"),
    (
        "version = 1",
        "version = " + "9" * 5000,
        "bad.toml: ",
        "more digits than can be read",
        "TOML",
    ),
]


@pytest.mark.parametrize(
    "case", BROKEN, ids=[f"{i:02}-{c[1][:30]!r}" for i, c in enumerate(BROKEN)]
)
def test_a_broken_schema_is_told_with_its_place_what_was_found_and_what_is_allowed(
    case: tuple[str, ...],
) -> None:
    old, new, *pieces = case
    assert old in GOOD
    with pytest.raises(SchemaError) as error:
        parse_schema(GOOD.replace(old, new, 1), "bad.toml")
    message = error.value.message
    assert message.startswith("bad.toml:")
    assert message.isprintable(), "one problem is one line"
    for piece in pieces:
        assert piece in message


def test_there_is_a_table_of_broken_schemas() -> None:
    assert len({case[:2] for case in BROKEN}) >= 30
