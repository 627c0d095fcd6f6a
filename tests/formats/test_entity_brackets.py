"""Brackets of coreference: which closing one belongs to which opening one."""

from __future__ import annotations

import pytest

from annotator.formats.entity_brackets import Brackets, are_brackets


@pytest.mark.parametrize(
    ("cells", "found", "wrong"),
    [
        ("(1-A) _ (1-A", {"1-A": [(0, 1)], "1-A ": []}, []),
        ("(1 (1 1) 1)", {"1": [(0, 4)], "1 ": [(1, 3)]}, []),
        ("(1-A (1-B 1-A) 1-B)", {"1-A": [(0, 3)], "1-B": [(1, 4)]}, []),
        ("(1-A (1-B 1-B) 1)", {"1-A": [(0, 4)], "1-B": [(1, 3)]}, []),
        ("(1-A (1-A (1-B 1-A) 1) 1)", {"1-A": [(0, 6)], "1-A ": [(1, 4)], "1-B": [(2, 5)]}, []),
        ("(1-A 1) 1-A)", {"1-A": [(0, 2)]}, [(2, "1-A")]),
        ("(1-A(2-B) 2)1)", {"1-A": [(0, 2)], "2-B": [(0, 1)]}, [(1, "2")]),
        ("(1[1/2]-A) _ (1[2/2]-A 1[2/2])", {"1-A": [(0, 1), (2, 4)]}, []),
        (")( () x", {}, [(0, ")("), (1, "()"), (2, "x")]),
    ],
)
def test_a_bracket_closes_the_last_of_its_content_or_else_of_its_first_field(
    cells: str, found: dict[str, list[tuple[int, int]]], wrong: list[tuple[int, str]]
) -> None:
    brackets = Brackets()
    for token, cell in enumerate(cells.split()):
        if cell != "_":
            brackets.cell(cell, token, token + 1)
    assert [("-".join(one.fields), one.fragments) for one in brackets.found] == [
        (content.strip(), fragments) for content, fragments in found.items()
    ]
    assert brackets.wrong == wrong


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((value, True) for value in ("(a)", "(a", "a)", "(a)b)", "(a(b)c)", "(a)(b")),
        *((value, False) for value in ("", "a", "(", ")", "()", "(a)b", "b(a)", "(a))", "(a)()")),
    ],
)
def test_brackets_and_nothing_else_are_brackets(value: str, expected: bool) -> None:
    assert are_brackets(value) is expected
