"""Which encoding a text file is in: a byte order mark, then UTF-8, then what was asked for."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

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
_PIECE = 1 << 20
"""Bytes that are looked at together."""
KNOWN = "Known are, among others: utf-8, utf-16, latin-1, cp1252, cp1251, big5, shift_jis."
"""What to do about an encoding that there is not."""


def decode(data: bytes, source: Source) -> tuple[str, str]:
    """The text and the encoding it was in: byte order mark, then strict UTF-8, then what was asked.

    The mark itself is not part of the text. Raises InputError with the byte offset of what is
    wrong.
    """
    encoding = marked_encoding(data)
    if encoding is None:
        encoding = "utf-8" if source.encoding is None else _choose([data], source)
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        raise InputError(
            f"{source.shown}: not {encoding}{_offset(error, data)}", wrong_encoding_hint(data)
        ) from None
    if _SURROGATE.search(text):
        raise InputError(f"{source.shown}: holds half of a surrogate pair, which is no character")
    return text, encoding


def marked_encoding(data: bytes) -> str | None:
    """The encoding that a byte order mark at the start names."""
    return next((name for mark, name in _MARKS if data.startswith(mark)), None)


def encoding_of(source: Source) -> str:
    """How to read a file piece by piece: in the encoding in which ``decode`` would read all of it.

    Where one was asked for, the file is gone through for that. Raises InputError for an encoding
    that Python does not know.
    """
    marked = marked_encoding(source.head(4))
    if marked is not None:
        return marked
    return "utf-8" if source.encoding is None else _choose(_pieces(source), source)


def _pieces(source: Source) -> Iterator[bytes]:
    with source.open() as file:
        while piece := file.read(_PIECE):
            yield piece


def is_encoding(name: str) -> bool:
    """Whether Python knows an encoding of texts by that name."""
    try:
        "".encode(name)
    except (LookupError, UnicodeError, ValueError):
        return False
    return True


def _choose(pieces: Iterable[bytes], source: Source) -> str:
    """UTF-8 where the bytes are that, unless the encoding asked for gives ASCII another meaning.

    So one call takes in a folder of both; bytes that happen to be UTF-8 are hardly anything else.
    """
    asked = source.encoding or "utf-8"
    if not is_encoding(asked):
        raise InputError(f"{source.shown}: there is no encoding {asked!r}", KNOWN)
    try:
        same_ascii = _ASCII.decode(asked) == _ASCII.decode()
    except UnicodeError:
        return asked
    return "utf-8" if same_ascii and _are_utf8(pieces) else asked


def _are_utf8(pieces: Iterable[bytes]) -> bool:
    """Whether bytes are UTF-8, and neither NULs nor escapes say that they are something else."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in pieces:
            if b"\0" in piece or b"\x1b" in piece:
                return False
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def wrong_encoding_hint(head: bytes) -> str:
    """What to do about a file that begins so, and is not in the encoding it was taken for."""
    if marked_encoding(head) is not None:  # which is believed more than what is asked for
        return "Its byte order mark says so: mend the file, or take the mark away."
    return "Say which encoding it is with --encoding, such as cp1252 or latin-1."


def _offset(error: UnicodeError, data: bytes) -> str:
    """Where in the file it is; Python's codecs leave a byte order mark out of what they count."""
    if isinstance(error, UnicodeDecodeError):
        at = error.start + len(data) - len(error.object)
        found = error.object[error.start : error.start + 1].hex() or "the end"
        return f" at byte {at}: {error.reason} (0x{found})"
    return f": {error}"
