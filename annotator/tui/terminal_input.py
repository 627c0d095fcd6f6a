"""From the bytes of a terminal to what Textual's parser can take: the border to the keyboard.

Terminals answer questions, name keys in protocols of their own, and send what was pasted or was
never meant for us. Whatever is not understood is dropped here as a whole; otherwise its letters
would arrive as keys, and label. Sequences are those of ECMA-48 (section 5.4 for CSI), keys those of
xterm and of kitty's keyboard protocol.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder, register_error
from typing import Final

PASTE_START: Final = "\x1b[200~"
PASTE_END: Final = "\x1b[201~"
_ESCAPE: Final = "\x1b"
_ESCAPE_SHOWN: Final = "\u241b"

_SEQUENCE = re.compile(
    r"""
      \x1b\[M[^\x1b]{3}                              # a mouse report of the oldest kind
    | \x1b\[[0-?]*[\ -/]*[@-~]                       # CSI
    | \x1b[\]P_^X] [^\x07\x1b]* (?:\x07 | \x1b\\)    # OSC, DCS, APC, PM, SOS: strings
    | \x1bO[ -~]                                     # SS3
    """,
    re.VERBOSE | re.DOTALL,
)
_UNFINISHED = re.compile(
    r"\x1b(?:\[(?:M[^\x1b]{0,2}|[0-?]*[ -/]*)|O|[\]P_^X][^\x07\x1b]*\x1b?)\Z", re.DOTALL
)
_BROKEN_OFF = re.compile(r"\x1b\[[0-?]*[ -/]*(?=\x1b)")
"""A CSI in which another sequence begins: it would go on behind that one, if that is dropped."""
_NO_KEY = re.compile(
    r"""\x1b\[(?:
      [IO]                                           # the window has, or has lost, the focus
    | M[^\x1b]{3}                                    # mouse
    | <\d{1,6};-?\d{1,6};-?\d{1,6}[Mm]
    | \d{1,6};\d{1,6}R                               # where the cursor is
    | \?\d{1,6};\d\$y                                # which modes there are
    | 48(?:;\d{1,6}(?::\d{1,6})*){4}t                # another size
    )\Z""",
    re.VERBOSE | re.DOTALL,
)
_KEY = re.compile(
    r"""\x1b\[
      (?P<code>\d{0,7}) (?P<alternates>(?::\d{0,7}){0,2})
      (?: ; (?P<modifiers>\d{0,3}) (?: : (?P<event>\d) )? (?P<text>;\d{1,7}(?::\d{1,7})*)? )?
      (?P<end>[u~ABCDEFHPQRSZ])\Z""",
    re.VERBOSE,
)
_OTHER_KEY = re.compile(r"\x1b\[27;(?P<modifiers>\d{1,3});(?P<code>\d{1,7})~\Z")
"""A key as xterm names it under modifyOtherKeys."""
_SHIFT_F3, _SHIFT_F3_KITTY = "\x1b[1;2R", "\x1b[13;2~"
"""xterm's name for the key is also where a cursor would be; nobody here asks for the cursor."""
_SHORT_KEY = re.compile(r"\x1bO[ -~]\Z|\x1b\[\[[A-E]\Z")

_C1: Final = dict.fromkeys(range(128, 160)) | {
    0x8F: "\x1bO", 0x90: "\x1bP", 0x98: "\x1bX", 0x9B: "\x1b[", 0x9C: "\x1b\\", 0x9D: "\x1b]",
    0x9E: "\x1b^", 0x9F: "\x1b_",
}  # fmt: skip
"""The controls of eight bits as the sequences of two characters that they stand for."""


def _of_no_text(error: UnicodeError) -> tuple[str, int]:
    """A byte that is no UTF-8: a control of eight bits, or nothing."""
    assert isinstance(error, UnicodeDecodeError)
    byte = error.object[error.start]
    return chr(byte) if byte in _C1 else "", error.start + 1


register_error("annotator.no-text", _of_no_text)

_RELEASED: Final = "3"
_LOCKS_AND_MODIFIERS: Final = frozenset([*range(57358, 57361), *range(57441, 57455)])
"""kitty's names for caps lock and the like, and for shift and the like pressed by themselves."""
_LAST_CODE_POINT: Final = 0x10FFFF


def understood(sequence: str) -> str:
    """What to hand on for one whole sequence: itself, another form of it, or nothing."""
    if sequence == _SHIFT_F3:
        return _SHIFT_F3_KITTY
    if _NO_KEY.match(sequence) or _SHORT_KEY.match(sequence):
        return sequence
    other = _OTHER_KEY.match(sequence)
    if other is not None:
        sequence = f"\x1b[{other['code']};{other['modifiers']}u"
    key = _KEY.match(sequence)
    if key is None or key["event"] == _RELEASED or (key["alternates"] and not key["code"]):
        return ""
    code, modifiers = int(key["code"] or 1), int(key["modifiers"] or 1)
    texts = [int(t) for t in re.findall(r"\d+", key["text"] or "")]
    if code in _LOCKS_AND_MODIFIERS or not 1 <= modifiers <= 256:
        return ""
    if not all(_is_character(point) for point in (code, *texts)):
        return ""
    plain = key["modifiers"] is None and not key["alternates"]
    if plain:
        return sequence
    return f"\x1b[{code};{modifiers}{key['text'] or ''}{key['end']}"


def _is_character(point: int) -> bool:
    return 0 < point <= _LAST_CODE_POINT and not 0xD800 <= point <= 0xDFFF


class Incoming:
    """Decodes what is read, bit by bit, and lets through what is understood.

    An escape at the end of what was read may be the key: it is let through at once, and held as
    well, since a sequence may follow.
    """

    def __init__(self) -> None:
        self._decoder = getincrementaldecoder("utf-8")("annotator.no-text")
        self._held = ""
        self._is_escape_through = False
        self._pasting = False

    def take(self, data: bytes) -> str:
        """The text to parse after these bytes; a sequence whose end is to come is held back."""
        new = self._decoder.decode(data).translate(_C1)
        if not new:
            return ""
        text, self._held = self._held + new, ""
        is_through, self._is_escape_through = self._is_escape_through, False
        passed: list[str] = []
        while text:
            part, text = self._pasted(text) if self._pasting else self._typed(text)
            if is_through and not self._held:
                part = part.removeprefix(_ESCAPE)
                is_through = False
            passed.append(part)
        self._is_escape_through |= is_through
        return "".join(passed)

    def wait_over(self) -> None:
        """Nothing more came for a while: what was held back is no sequence, and is dropped."""
        if not self._pasting:
            self._held = ""
            self._is_escape_through = False

    def _pasted(self, text: str) -> tuple[str, str]:
        body, end, rest = text.partition(PASTE_END)
        if not end:
            kept = next((n for n in range(5, 0, -1) if body.endswith(PASTE_END[:n])), 0)
            self._held = body[len(body) - kept :]
            body = body[: len(body) - kept]
        self._pasting = not end
        return body.replace(_ESCAPE, _ESCAPE_SHOWN) + end, rest

    def _typed(self, text: str) -> tuple[str, str]:
        at = text.find(_ESCAPE)
        if at:
            return (text, "") if at < 0 else (text[:at], text[at:])
        found = _SEQUENCE.match(text)
        if found is not None:
            sequence, rest = found[0], text[found.end() :]
            if sequence in (PASTE_START, PASTE_END):
                self._pasting = sequence == PASTE_START
                return sequence if self._pasting else "", rest
            return understood(sequence), rest
        broken = _BROKEN_OFF.match(text)
        if broken is not None:
            return "", text[broken.end() :]
        if text == _ESCAPE:
            self._held, self._is_escape_through = text, True
            return text, ""
        if _UNFINISHED.match(text):
            self._held = text
            return "", ""
        return text[0], text[1:]
