from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from annotator.core import safe_text
from annotator.core.safe_text import LONGEST_CLUSTER, cell_width, clusters, fit, measure, safe

AWKWARD = {
    "flag": "🇩🇪",
    "odd flag": "🇩🇪🇫",
    "family": "👨‍👩‍👧‍👦",
    "couple with heart": "👩‍❤️‍👨",
    "heart": "❤️",
    "text heart": "❤︎",
    "keycap": "1️⃣",
    "skin": "👍🏽",
    "lone skin": "🏽",
    "skin on a letter": "a🏽b",
    "thai": "น้ำ",
    "tamil": "நிக்ஷ",
    "devanagari": "क्षि नी",
    "joined devanagari": "क्\u200dष",
    "jamo": "각",
    "lone vowel jamo": "ᅡ",
    "stack": "a\u0301\u0323\u0308b",
    "lone mark": "\u0301a",
    "joiner between letters": "a\u200db",
    "joiners alone": "\u200d\u200c\u200d",
    "lone selector": "\ufe0f",
    "half width": "ｶﾞ",
    "persian": "می\u200cخواهم",
    "arabic number sign": "\u0600١",
    "hebrew": "שלום",
    "fillers": "\u115f\u1160\u3164\uffa0",
    "cjk": "漢字、テスト",
    "zalgo": "a" + "\u0301" * 100,
    "marks of Unicode 18": "\u05c8\U00011df0",
}
strings = st.text(st.characters()) | st.lists(st.sampled_from([*AWKWARD.values(), *"a \n\r"])).map(
    "".join
)


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


def test_every_code_point_alone() -> None:
    for code in range(sys.maxunicode + 1):
        display = safe(chr(code))
        assert len(display) == 1
        allowed = display.isprintable() or display in safe_text._KEPT
        assert allowed or unicodedata.category(display) == "Zs", hex(code)
        cells = measure(display)
        assert cells[1] == cell_len(cells[0]) >= 1, hex(code)


def test_what_is_passed_over_quickly_is_safe() -> None:
    for code in range(sys.maxunicode + 1):
        if not safe_text._NOT_COMMON.match(chr(code)):
            assert safe_text._SAFE[chr(code)] == chr(code), hex(code)


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
