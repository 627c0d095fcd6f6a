from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from awkward_text import texts, widths
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from annotator.core import visual_lines
from annotator.core.safe_text import NEWLINE
from annotator.core.visual_lines import VisualLine, Wrapped, wrap


def boundaries(line: VisualLine) -> list[int]:
    return sorted({line.offset_at(column) for column in range(line.width)} | {line.end})


@given(texts, widths, st.booleans())
def test_pieces_join_to_the_text(text: str, width: int, safe_glyphs: bool) -> None:
    lines = wrap(text, 0, len(text), width, safe_glyphs)
    assert "".join(text[line.start : line.end] for line in lines) == text
    assert all(line.end > line.start for line in lines) or not text
    assert [a.end for a in lines[:-1]] == [b.start for b in lines[1:]]


@given(texts, widths, st.booleans())
def test_no_row_is_too_wide(text: str, width: int, safe_glyphs: bool) -> None:
    for line in wrap(text, 0, len(text), width, safe_glyphs):
        assert cell_len(line.text) == line.width
        assert line.width <= width or len(boundaries(line)) == 2


@given(texts, widths)
def test_columns_and_offsets_are_inverse(text: str, width: int) -> None:
    for line in wrap(text, 0, len(text), width):
        starts = boundaries(line)
        assert starts[0] == line.start
        for start in starts:
            assert line.offset_at(line.column_of(start)) == start
        for offset in range(line.start, line.end + 1):
            found = line.offset_at(line.column_of(offset))
            assert found == max(s for s in starts if s <= offset)
        for column in range(line.width):
            first, last = line.columns(line.offset_at(column), line.offset_at(column) + 1)
            assert first <= column < last
        assert line.columns(line.start, line.end) == (0, line.width)


@given(texts, widths)
def test_pieces_between_cluster_columns(text: str, width: int) -> None:
    for line in wrap(text, 0, len(text), width):
        columns = [line.column_of(offset) for offset in boundaries(line)]
        cut = [line.piece(a, b) for a, b in pairwise(columns)]
        assert "".join(cut) == line.text
        widths_of = [b - a for a, b in pairwise(columns)]
        assert [cell_len(piece) for piece in cut] == widths_of


@given(texts, widths)
def test_a_part_is_laid_out_as_if_alone(text: str, width: int) -> None:
    start, end = len(text) // 4, len(text) - len(text) // 4
    inside = wrap(text, start, end, width)
    alone = wrap(text[start:end], 0, end - start, width)
    assert [(a.start - start, a.end - start, a.text) for a in inside] == [
        (b.start, b.end, b.text) for b in alone
    ]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 5, [""]),
        ("one two three", 8, ["one two ", "three"]),
        ("one two", 7, ["one two"]),
        ("abcdefgh ij", 3, ["abc", "def", "gh ", "ij"]),
        ("a    b", 3, ["a  ", "  b"]),
        ("no\xa0break here", 10, ["no\xa0break ", "here"]),
        ("漢字漢字", 5, ["漢字", "漢字"]),
        ("漢字。漢", 4, ["漢", "字。", "漢"]),
        ("漢字", 1, ["漢", "字"]),
        ("one\r\ntwo", 80, ["one↵two"]),
        ("one\ntwo", 80, ["one↵two"]),
        ("[bold]a\x1b[0m", 80, ["[bold]a␛[0m"]),
        ("e\u0301e\u0301e\u0301", 2, ["e\u0301e\u0301", "e\u0301"]),
    ],
)
def test_wrapping(text: str, width: int, expected: list[str]) -> None:
    assert [line.text for line in wrap(text, 0, len(text), width)] == expected


def test_line_ends_and_controls_are_told_as_stand_ins() -> None:
    (line,) = wrap("a\r\nb\tc", 0, 6, 20)
    assert (line.text, line.stand_ins) == (f"a{NEWLINE}b␉c", ((1, 2), (3, 4)))
    assert [line.column_of(offset) for offset in range(7)] == [0, 1, 1, 2, 3, 4, 5]
    (simple,) = wrap("a\tb", 0, 3, 20)
    assert simple.stand_ins == ((1, 2),)
    (plain,) = wrap("a “b”", 0, 5, 20)
    assert plain.stand_ins == ()


def test_wide_text_maps_cell_by_cell() -> None:
    (line,) = wrap("x漢👨‍👩‍👧y", 0, 8, 20)
    assert [line.offset_at(column) for column in range(-1, 8)] == [0, 0, 1, 1, 2, 2, 7, 8, 8]
    assert line.columns(4, 5) == (3, 5)


def test_only_the_lines_asked_for_are_laid_out() -> None:
    text = "word " * 200_000
    wrapped = Wrapped(text, 0, len(text), 100)
    assert wrapped.line(39) is not None
    assert wrapped.laid_out == 40
    assert wrapped.line_of(20) == 0
    assert wrapped.line_of(100 * 50) == 50
    assert wrapped.laid_out == 51
    assert not wrapped.complete


def test_lines_of_long_clusters_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    fill = visual_lines._fill

    def counted(raw: str, *rest: Any) -> Any:
        looks.append(len(raw))
        return fill(raw, *rest)

    monkeypatch.setattr(visual_lines, "_fill", counted)
    lines = wrap("👩‍👩‍👧" * 500, 0, 2500, 40)
    assert len(lines) == 25
    assert len(looks) <= len(lines) + 1, "only the first line is looked at twice"


def test_asking_behind_the_end() -> None:
    wrapped = Wrapped("one two three", 0, 13, 8)
    assert wrapped.line(2) is None
    assert wrapped.count() == wrapped.laid_out == 2
    assert [wrapped.line_of(offset) for offset in (-1, 0, 7, 8, 13, 99)] == [0, 0, 0, 1, 1, 1]
    with pytest.raises(IndexError):
        wrapped.line(-1)
    with pytest.raises(ValueError, match="0 cells"):
        Wrapped("a", 0, 1, 0)


def test_a_heap_of_marks_is_cut_into_bounded_lines() -> None:
    text = "a" + "\u0301" * 50_000
    wrapped = Wrapped(text, 0, len(text), 80)
    line = wrapped.line(0)
    assert line is not None
    assert line.width == 80
    assert len(line.text) < 80 * 40
