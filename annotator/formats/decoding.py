"""Which encoding a text file is in: a byte order mark, then UTF-8, then what was asked for."""

from __future__ import annotations

import codecs
import re

from annotator.errors import InputError
from annotator.formats.source import Source

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ASCII = bytes(range(32, 127))
_SURROGATE = re.compile("[\ud800-\udfff]")
WHICH = "Say which encoding it is with --encoding, such as cp1252 or latin-1."
"""What to do about bytes that are not in the encoding they were taken for."""
KNOWN = "Known are, among others: utf-8, utf-16, latin-1, cp1252, cp1251, big5, shift_jis."
"""What to do about an encoding that there is not."""


def decode(data: bytes, source: Source) -> tuple[str, str]:
    """The text and the encoding it was in: byte order mark, then strict UTF-8, then what was asked.

    The mark itself is not part of the text. Raises InputError with the byte offset of what is
    wrong.
    """
    encoding = marked_encoding(data)
    if encoding is None:
        encoding = "utf-8" if source.encoding is None else _choose(data, source)
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        raise InputError(
            f"{source.shown}: not {encoding}{_offset(error, data)}", _hint(data)
        ) from None
    if _SURROGATE.search(text):
        raise InputError(f"{source.shown}: holds half of a surrogate pair, which is no character")
    return text, encoding


def marked_encoding(data: bytes) -> str | None:
    """The encoding that a byte order mark at the start names."""
    return next((name for mark, name in _MARKS if data.startswith(mark)), None)


def encoding_of(source: Source) -> str:
    """How to read a file piece by piece: as its mark says, as asked, or as UTF-8.

    Raises InputError for an encoding that Python does not know.
    """
    encoding = marked_encoding(source.head(4)) or source.encoding or "utf-8"
    _check(encoding, source)
    return encoding


def is_encoding(name: str) -> bool:
    """Whether Python knows an encoding of texts by that name."""
    try:
        "".encode(name)
    except (LookupError, UnicodeError, ValueError):
        return False
    return True


def _check(name: str, source: Source) -> None:
    if not is_encoding(name):
        raise InputError(f"{source.shown}: there is no encoding {name!r}", KNOWN)


def _choose(data: bytes, source: Source) -> str:
    """UTF-8 where the bytes are that, unless the encoding asked for gives ASCII another meaning.

    So one call takes in a folder of both; bytes that happen to be UTF-8 are hardly anything else.
    """
    asked = source.encoding or "utf-8"
    _check(asked, source)
    try:
        same_ascii = _ASCII.decode(asked) == _ASCII.decode()
    except UnicodeError:
        return asked
    if not same_ascii or b"\0" in data or b"\x1b" in data:
        return asked
    try:
        data.decode()
    except UnicodeDecodeError:
        return asked
    return "utf-8"


def _hint(data: bytes) -> str:
    if marked_encoding(data) is not None:  # which is believed more than what is asked for
        return "Its byte order mark says so: mend the file, or take the mark away."
    return WHICH


def _offset(error: UnicodeError, data: bytes) -> str:
    """Where in the file it is; Python's codecs leave a byte order mark out of what they count."""
    if isinstance(error, UnicodeDecodeError):
        at = error.start + len(data) - len(error.object)
        found = error.object[error.start : error.start + 1].hex() or "the end"
        return f" at byte {at}: {error.reason} (0x{found})"
    return f": {error}"
