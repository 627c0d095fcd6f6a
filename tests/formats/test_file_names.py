from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.document import Document
from annotator.formats.base import Record, Target
from annotator.formats.file_names import FileNames


def record(name: str) -> Record:
    return Record(document=Document("", name, "", ""))


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("a.txt", "a"),
        ("sub/ü b.txt", "sub/ü b"),
        ("../../etc/passwd", "etc/passwd"),
        ("/abs", "abs"),
        ("C:\\x\ty", "C__x_y"),
        ("", "document"),
        ("...", "document"),
        ("con.txt", "con_"),
        ("日" * 100, "日" * 40),
    ],
)
def test_the_name_of_a_document_becomes_that_of_a_file(name: str, stem: str) -> None:
    assert FileNames().stem(record(name), ".txt") == stem


def test_no_two_are_alike() -> None:
    names = FileNames()
    assert [names.stem(record(n)) for n in ("a", "A", "a", "b/")] == ["a", "A (2)", "a (3)", "b"]


@given(given=st.lists(st.text(max_size=20), max_size=6))
def test_any_name_can_be_written(
    given: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("names")
    names, target = FileNames(), Target(folder=folder)
    for name in given:
        with target.open(f"{names.stem(record(name))}.x") as file:
            file.write(b"1")
    written = [p for p in Path(folder).rglob("*.x") if p.is_file()]
    assert len(written) == len(given)
