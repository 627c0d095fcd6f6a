"""JSON that may be written anywhere: no byte of it does anything to a terminal."""

from __future__ import annotations

import json
import re

import msgspec

_UNSAFE = {
    b"\x7f": re.compile(rb"\x7f"),
    b"\xc2": re.compile(rb"\xc2[\x80-\x9f]"),
    b"\xd8": re.compile(rb"\xd8\x9c"),
    b"\xe2": re.compile(rb"\xe2(?:\x80[\x8b\x8e\x8f\xa8-\xae]|\x81[\xa0-\xaf])"),
    b"\xef": re.compile(rb"\xef(?:\xbb\xbf|\xbf[\xb9-\xbb])"),
    b"\xf3": re.compile(rb"\xf3\xa0[\x80\x81][\x80-\xbf]"),
}
"""What a terminal acts upon or hides, in UTF-8, by its first byte: DEL, C1 controls, all that sets
the direction of text, line separators, byte order marks, annotation and tag characters. One certain
byte is searched for many times faster than a pattern."""


def encoded(value: object) -> bytes:
    """The value as JSON on one line, the same bytes wherever it goes.

    JSON holds what is not ASCII within strings only, where an escape means the same.
    """
    return made_safe(msgspec.json.encode(value))


def made_safe(data: bytes) -> bytes:
    """JSON with all escaped that a terminal might act upon."""
    for first, unsafe in _UNSAFE.items():
        if first in data and unsafe.search(data):
            data = unsafe.sub(_escape, data)
    return data


def _escape(found: re.Match[bytes]) -> bytes:
    return json.dumps(found[0].decode())[1:-1].encode().replace(b"\x7f", b"\\u007f")
