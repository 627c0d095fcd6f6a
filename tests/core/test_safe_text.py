from __future__ import annotations

import sys
import unicodedata

import pytest
from awkward_text import AWKWARD, strings
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import iter_graphemes, wcwidth

from annotator.core import safe_text
from annotator.core.safe_text import (
    cell_width,
    clusters,
    cut,
    cut_front,
    cut_within,
    fit,
    measure,
    safe,
)
from annotator.core.wide_text import LONGEST_CLUSTER


def shown(text: str, safe_glyphs: bool = False) -> tuple[str, int]:
    measured = [measure(c, safe_glyphs) for c in clusters(safe(text))]
    return "".join(s for s, _ in measured), sum(w for _, w in measured)


@given(strings)
def test_one_code_point_for_each(text: str) -> None:
    assert len(safe(text)) == len(text)
    assert safe(safe(text)) == safe(text)
    assert "".join(clusters(safe(text))) == safe(text)


@given(strings, st.booleans())
def test_the_screen_library_measures_what_is_shown_as_we_do(text: str, safe_glyphs: bool) -> None:
    line, width = shown(text, safe_glyphs)
    assert cell_len(line) == width


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD.keys())
@pytest.mark.parametrize("safe_glyphs", [False, True])
def test_awkward_clusters(text: str, safe_glyphs: bool) -> None:
    for cluster in clusters(safe(text)):
        display, width = measure(cluster, safe_glyphs)
        assert width >= 1
        assert cell_len(display) == width
        assert len(display) <= LONGEST_CLUSTER + 1


def test_code_points_alone() -> None:
    """All of the planes in use but the ideographs and syllables, which are alike, and a sample."""
    ranges = [(0, 0x3400), (0xA000, 0xAC00), (0xD7A4, 0x20000), (0xE0000, 0xE1000)]
    codes = [code for first, last in ranges for code in range(first, last)]
    for code in [*codes, *range(0x3400, sys.maxunicode, 997)]:
        display = safe(chr(code))
        assert len(display) == 1
        allowed = display.isprintable() or display in safe_text._KEPT
        assert allowed or unicodedata.category(display) == "Zs", hex(code)
        shown, width = measure(display)
        assert width == cell_len(shown) >= 1, hex(code)


def test_what_is_measured_without_the_tables_is_what_they_say() -> None:
    codes = map(chr, range(sys.maxunicode + 1))
    plain = [c for c in codes if safe_text._PLAIN.fullmatch(c) and safe(c) == c]
    assert len(plain) > 1500
    assert {wcwidth(c) for c in plain} == {1}
    assert {cell_len(c) for c in plain} == {1}
    # Whether two join is decided by their classes: each beside its neighbours and a letter.
    in_a_row = "".join(plain)
    assert list(iter_graphemes(in_a_row)) == plain
    assert list(iter_graphemes("a".join(plain))) == list("a".join(plain))


def test_what_is_passed_over_quickly_is_safe() -> None:
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if not safe_text._not_common().match(character) and not character.isprintable():
            assert unicodedata.category(character) == "Zs", hex(code)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("a\tb\x00\x7f", "a␉b␀␡"),
        ("a\r\nb", "a␍↵b"),
        ("\x9b31m\x85", "�31m�"),
        ("\ud800", "�"),
        ("\u202eabc\u2069\u200f\u061c", "�abc���"),
        ("co\xadop\u200b\u2028\u2029", "co¬op¦↵¶"),
        ("\ufeff\ue000\U000e0041", "���"),
        ("[bold]x[/bold]", "[bold]x[/bold]"),
        ("a\u200db\u200cc", "a\u200db\u200cc"),
    ],
)
def test_stand_ins(text: str, expected: str) -> None:
    assert safe(text) == expected


@pytest.mark.parametrize(
    ("text", "plain", "guarded"),
    [
        ("🇩🇪", "🇩🇪", "ⒹⒺ"),
        ("🇫", "Ⓕ", "Ⓕ"),
        ("👨‍👩‍👧", "👨‍👩‍👧", "👨"),
        ("❤️", "❤️", "❤"),
        ("1️⃣", "1️⃣", "1"),
        ("👍🏽", "👍🏽", "👍"),
        ("a\u200db", "ab", "ab"),
        ("\u0301", "◌\u0301", "◌\u0301"),
        ("\u200d", "◌", "◌"),
    ],
)
def test_what_terminals_disagree_on(text: str, plain: str, guarded: str) -> None:
    assert shown(text)[0] == plain
    assert shown(text, safe_glyphs=True)[0] == guarded


@given(strings, st.integers(-1, 12))
def test_fit_fills_no_more_than_the_room(text: str, room: int) -> None:
    piece, width = fit(text, room)
    assert width == cell_len(piece) <= max(room, 0)
    assert shown(text)[0].startswith(piece)


def test_cell_width() -> None:
    assert cell_width("漢字 a") == 6


@given(strings, st.integers(-1, 20))
@example("0000000\u1160" + "00000000\u1100", 17)
def test_what_is_cut_has_room_and_a_sign(text: str, room: int) -> None:
    whole, cells = fit(text, 10_000)
    for way in (cut, cut_front, cut_within):
        piece = way(text, room)
        assert cell_len(piece) <= max(room, 0)
        assert piece == whole if cells <= room else "…" in piece or room < 1


def test_where_it_is_cut() -> None:
    name = "reuters-2017-000123.txt"
    assert cut(name, 12) == "reuters-201…"
    assert cut_front(name, 12) == "…-000123.txt"
    assert cut_within(name, 12) == "reute…23.txt"
    assert cut_within("漢字漢字漢字漢字", 9) == "漢字…漢字"
