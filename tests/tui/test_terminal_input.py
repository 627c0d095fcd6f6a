"""What comes from a terminal: what is a key gets through, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from annotator.tui.terminal_input import Incoming


def events_of(*chunks: bytes) -> list[Message]:
    """What the parser makes of these reads."""
    incoming, parser = Incoming(), XTermParser()
    texts = (incoming.take(chunk) for chunk in chunks)
    return [event for text in texts if text for event in parser.feed(text)]


def keys_of(*chunks: bytes) -> list[str]:
    return [e.key for e in events_of(*chunks) if isinstance(e, events.Key)]


@pytest.mark.parametrize(
    ("sequence", "key"),
    [
        (b"a", "a"),
        ("ä".encode(), "ä"),
        (b"\x1b[A", "up"),
        (b"\x1bOA", "up"),
        (b"\x1b[1;2C", "shift+right"),
        (b"\x1b[1;5H", "ctrl+home"),
        (b"\x1b[3~", "delete"),
        (b"\x1b[18~", "f7"),
        (b"\x1b[Z", "shift+tab"),
        (b"\x1b[97u", "a"),
        (b"\x1b[27u", "escape"),
        (b"\x1b[112;5u", "ctrl+p"),
        (b"\x1b[112:80;5:1u", "ctrl+p"),
        (b"\x1b[27;5;112~", "ctrl+p"),
        (b"\x1b[57399u", "0"),
    ],
)
def test_keys_come_through(sequence: bytes, key: str) -> None:
    assert keys_of(sequence) == [key]


@pytest.mark.parametrize(
    "sequence",
    [
        b"\x1b[?62;1;4c",  # device attributes
        b"\x1b[?997;1n",  # dark or light
        b"\x1b]11;rgb:1212/1212/1212\x07",  # a colour
        b"\x1bP1$r0 q\x1b\\",
        b"\x1b_Gi=31;OK\x1b\\",
        b"\x1b[100;1:3u",  # a key let go
        b"\x1b[57441;2u",  # shift by itself
        b"\x1b[57358u",  # caps lock
        b"\x1b[1114112u",  # no character
        b"\x1b[55296u",  # half a pair
        b"\x1b[99999999999A",
        b"\x1b[:P",
        b"\x1b[?1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18c",
    ],
)
def test_what_is_no_key_is_dropped_as_a_whole(sequence: bytes) -> None:
    assert keys_of(sequence) == []
    for cut in range(2, len(sequence)):
        assert keys_of(sequence[:cut], sequence[cut:] + b"x")[-1:] == ["x"]
        assert len(keys_of(sequence[:cut], sequence[cut:])) == 0
    assert keys_of(b"a" + sequence + b"b") == ["a", "b"]


@pytest.mark.parametrize("data", [b"\xe9x", b"\x9b31mx", b"\xe6\xbcx", b"\xffx", b"\xc3x"])
def test_bytes_that_are_no_text_are_dropped(data: bytes) -> None:
    assert keys_of(data) == ["x"]


def test_controls_of_eight_bits_are_sequences() -> None:
    assert keys_of(b"\x9bA", b"\x8fB", "\x9bC".encode()) == ["up", "down", "right"]


def test_pasted_text_comes_as_one_whatever_is_in_it() -> None:
    text = b"one\ntwo \x1b[31mred\x1b[0m dd"
    whole = b"\x1b[200~" + text + b"\x1b[201~j"
    for cut in range(1, len(whole)):
        found = events_of(whole[:cut], whole[cut:])
        (pasted,) = (e for e in found if isinstance(e, events.Paste))
        assert pasted.text == text.decode().replace("\x1b", "␛")
        assert [e.key for e in found if isinstance(e, events.Key)] == ["j"]


def test_the_mouse_comes_through() -> None:
    (down,) = events_of(b"\x1b[<0;5;7M")
    assert isinstance(down, events.MouseDown)
    assert (down.x, down.y) == (4, 6)


_BYTES = st.lists(
    st.sampled_from([b"\x1b", b"[", b"O", b"]", b"?", b"1", b";", b":", b"~", b"u", b"M", b"<",
                     b"200~", b"201~", b"\x07", b"\\", b"x", b"\xc3", b"\xa4", b"\x9b", b"A"]),
    max_size=30,
)  # fmt: skip


@given(st.lists(st.binary(max_size=12), max_size=6))
@example([b"\x1b", b"[", b"A"])
def test_any_bytes_are_taken(chunks: list[bytes]) -> None:
    assert all(isinstance(event, Message) for event in events_of(*chunks))


@given(_BYTES)
@example([b"\x9b", b"M", b"\x9b", b":", b"~"])
@example([b"\x9b", b"\x9b", b"[", b":", b"200~"])
def test_anything_like_a_sequence_is_taken(parts: list[bytes]) -> None:
    assert all(isinstance(event, Message) for event in events_of(b"".join(parts)))


_C1 = "".join(map(chr, range(0x80, 0xA0)))


@given(st.text(st.characters(codec="utf-8", exclude_characters=f"\x1b{_C1}"), max_size=40))
def test_text_comes_through_as_it_is_however_it_is_cut(text: str) -> None:
    data = text.encode()
    for cut in range(len(data) + 1):
        incoming = Incoming()
        assert incoming.take(data[:cut]) + incoming.take(data[cut:]) == text
