"""JSON that may be written anywhere: no byte of it does anything to a terminal."""

from __future__ import annotations

import json
import re

import msgspec

_UNSAFE = re.compile(
    rb"\x7f|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8b\x8e\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]"
    rb"|\xef\xbb\xbf|\xef\xbf[\xb9-\xbb]|\xf3\xa0[\x80\x81][\x80-\xbf]"
)
"""What a terminal acts upon or hides, in UTF-8: DEL, C1 controls, all that sets the direction of
text, line separators, byte order marks, annotation and tag characters."""


def encoded(value: object) -> bytes:
    """The value as JSON on one line, the same bytes wherever it goes.

    JSON holds what is not ASCII within strings only, where an escape means the same.
    """
    return _UNSAFE.sub(_escape, msgspec.json.encode(value))


def _escape(found: re.Match[bytes]) -> bytes:
    return json.dumps(found[0].decode())[1:-1].encode().replace(b"\x7f", b"\\u007f")
