"""Lists from files: names by the million, token patterns, and what is wrong told with its line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from small_pages import page, said, schema

from annotator.errors import InputError
from annotator.suggest.lists import ENGINE
from annotator.suggest.patterns import Element, longest_match
from annotator.suggest.phrases import PhraseBuilder, Phrases


def proposed(text: str, *files: Path) -> list[tuple[str, str]]:
    (data,) = ENGINE.read([str(file) for file in files], schema()).values()
    model = ENGINE.load(data, schema(), "entity")
    return said(model.propose(page(text, name="e", taught=False)))


def patterns(folder: Path, *lines: str) -> Path:
    file = folder / "patterns.jsonl"
    file.write_text("\n".join(lines) + "\n")
    return file


def test_names_of_a_table_are_found_the_longest_first(tmp_path: Path) -> None:
    table = tmp_path / "names.tsv"
    table.write_bytes(
        b"\xef\xbb\xbfBonn\tPLACE\r\n# a comment\n\n"
        b"Bonn am Rhein\tentity/PLACE\textra\nAnn\tPERSON\n"
    )
    assert proposed("Ann, in Bonn am Rhein; Bonn, bonn.", table) == [
        ("Ann", "PERSON"), ("Bonn am Rhein", "PLACE"), ("Bonn", "PLACE"),
    ]  # fmt: skip


def test_a_label_that_the_schema_no_longer_has_is_not_proposed(tmp_path: Path) -> None:
    table = tmp_path / "names.tsv"
    table.write_text("Bonn\tPLACE\nAnn\tPERSON\n")
    (data,) = ENGINE.read([str(table)], schema()).values()
    model = ENGINE.load(data, schema("none", "PLACE"), "entity")
    assert said(model.propose(page("Ann in Bonn.", taught=False))) == [("Bonn", "PLACE")]
    with pytest.raises(InputError, match="has none of its labels any more: PERSON, PLACE") as told:
        ENGINE.load(data, schema("none", "RIVER"), "entity")
    assert told.value.hint.endswith("train --engine lists --from FILE…")


def test_a_name_under_two_labels_is_proposed_with_half_the_score(tmp_path: Path) -> None:
    table = tmp_path / "names.tsv"
    table.write_text("Paris\tPLACE\nParis\tPERSON\n")
    (data,) = ENGINE.read([str(table)], schema()).values()
    model = ENGINE.load(data, schema(), "entity")
    found = model.propose(page("Paris.", taught=False))
    assert [(p.text, p.label, p.origin.score) for p in found] == [
        ("Paris", "PERSON", 0.5), ("Paris", "PLACE", 0.5),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ('"New York"', "New York, new york", ["New York"]),
        ('[{"LOWER": "new"}, {"LOWER": "york"}]', "NEW York", ["NEW York"]),
        ('[{"ORTH": "new"}, {"TEXT": "York"}]', "new York New York", ["new York"]),
        ('[{"TEXT": {"REGEX": "^B.+n$"}}]', "Bonn Born bonn", ["Bonn", "Born"]),
        ('[{"REGEX": "^[A-Z]+$"}]', "UNO, Uno", ["UNO"]),
        ('[{"LOWER": {"IN": ["mr", "mrs"]}}, {"IS_TITLE": true}]', "Mr Lee", ["Mr Lee"]),
        ('[{"LOWER": {"NOT_IN": ["a"]}, "IS_ALPHA": true}]', "a b 1", ["b"]),
        ('[{"IS_TITLE": true, "OP": "+"}]', "Ann Bee Cee d", ["Ann Bee Cee"]),
        ('[{"TEXT": "a", "OP": "*"}, {"TEXT": "b"}]', "a a b", ["a a b"]),
        ('[{"TEXT": "a"}, {"TEXT": "-", "OP": "?"}, {"TEXT": "b"}]', "a - b a b", ["a - b", "a b"]),
        ('[{"IS_DIGIT": true, "LENGTH": 4}]', "2017 17", ["2017"]),
        ('[{"IS_PUNCT": true}, {"LIKE_NUM": true}]', "x - 1,000", ["- 1,000"]),
        ('[{"IS_UPPER": true, "IS_ASCII": true, "IS_LOWER": false}]', "AB ÄB", ["AB"]),
    ],
)  # fmt: skip
def test_patterns_are_matched(pattern: str, text: str, found: list[str], tmp_path: Path) -> None:
    file = patterns(tmp_path, f'{{"label": "PLACE", "pattern": {pattern}, "id": "x"}}')
    assert proposed(text, file) == [(words, "PLACE") for words in found]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"label": "PLACE", "pattern": [{"POS": "NOUN"}]}', "the key POS with 'NOUN' is not"),
        ('{"label": "PLACE", "pattern": [{"IS_STOP": true}]}', "the key IS_STOP with True is not"),
        ('{"label": "PLACE", "pattern": [{"TEXT": {"FUZZY": "a"}}]}', "TEXT cannot be {'FUZZY'"),
        ('{"label": "PLACE", "pattern": [{"TEXT": "a", "OP": "{2}"}]}', "OP '{2}' is not"),
        ('{"label": "PLACE", "pattern": [{"TEXT": "a", "OP": "?"}]}', "every token of the pattern"),
        ('{"label": "PLACE", "pattern": [{"REGEX": "("}]}', "the regular expression '('"),
        ('{"label": "PLACE", "pattern": []}', "a pattern is a string or a list"),
        ('{"label": "PLACE", "pattern": ["a"]}', "a token of a pattern is an object"),
        ('{"label": "PLACE"}', "a pattern is a string or a list of tokens, not None"),
        ('{"label": "RIVER", "pattern": "Rhine"}', "there is no label 'RIVER'"),
        ('{"pattern": "Rhine"}', "a pattern is an object with label and pattern"),
        ("[1", "this is no JSON"),
    ],
)
def test_what_is_wrong_with_a_pattern_is_told_with_its_line(
    line: str, message: str, tmp_path: Path
) -> None:
    file = patterns(tmp_path, '{"label": "PLACE", "pattern": "Bonn"}', "", line)
    with pytest.raises(InputError) as caught:
        ENGINE.read([str(file)], schema())
    assert message in caught.value.message
    assert caught.value.message.startswith(f"{file}:3: ")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"Bonn\tPLACE\nRhine\n", ":2: a line is a string, a TAB and a label"),
        (b"Bonn\tPLACE\n\xff\tPLACE\n", ":2: this is not UTF-8"),
        (b"Bonn\tRIVER\n", ":1: there is no label 'RIVER'"),
    ],
)
def test_what_is_wrong_with_a_table_is_told_with_its_line(
    data: bytes, message: str, tmp_path: Path
) -> None:
    file = tmp_path / "names.tsv"
    file.write_bytes(data)
    with pytest.raises(InputError) as caught:
        ENGINE.read([str(file)], schema())
    assert str(file) + message in caught.value.message
    with pytest.raises(InputError, match="No such file"):
        ENGINE.read([str(tmp_path / "none.tsv")], schema())


def test_a_regular_expression_that_never_ends_is_given_up(tmp_path: Path) -> None:
    file = patterns(tmp_path, r'{"label": "PLACE", "pattern": [{"REGEX": "^(a|a?)+$"}]}')
    assert proposed("a" * 36 + "b", file) == []


def test_a_phrase_costs_nine_bytes(tmp_path: Path) -> None:
    builder = PhraseBuilder()
    for number in range(5_000):
        builder.add(["name", str(number)], number % 2)
    packed = builder.packed()
    assert sum(map(len, packed.by_length.values())) == 8 * 5_000
    assert len(packed.first) == 8
    known = Phrases(packed)
    words = ["the", "name", "4999", "name", "5000", "name", "0"]
    assert list(known.matches(words)) == [(1, 3, [1]), (5, 7, [0])]


def test_of_many_patterns_only_those_are_tried_that_may_begin_at_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        f'{{"label": "PERSON", "pattern": [{{"LOWER": "a{n}"}}, {{"TEXT": "b{n}"}}]}}'
        for n in range(2_000)
    ]
    among = '{"label": "PLACE", "pattern": [{"TEXT": {"IN": ["X", "Y"]}}, {"OP": "?"}]}'
    anywhere = '{"label": "PLACE", "pattern": [{"LOWER": "z", "OP": "?"}, {"IS_DIGIT": true}]}'
    tried = []
    real = longest_match

    def counted(elements: Sequence[Element], words: Sequence[str], first: int) -> int:
        tried.append(words[first])
        return real(elements, words, first)

    monkeypatch.setattr("annotator.suggest.patterns.longest_match", counted)
    text = "A7 b7 a8 b9 x X Y Z 3 4"
    assert proposed(text, patterns(tmp_path, *lines, among, anywhere)) == [
        ("A7 b7", "PERSON"), ("X Y", "PLACE"), ("Z 3", "PLACE"), ("4", "PLACE"),
    ]  # fmt: skip
    assert len(tried) < 20


def test_foreign_bytes_are_refused() -> None:
    with pytest.raises(InputError, match="no model of the engine lists"):
        ENGINE.load(b"\xff", schema(), "entity")
