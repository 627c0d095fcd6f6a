"""Plain text files: decoded strictly, every character kept, line ends and all."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from annotator.core.document import Document, content_hash
from annotator.errors import InputError
from annotator.formats.base import Format, ImportItem, Record, Source

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
_MOST_CONTROLS = 0.1
_CONTROLS = bytes(b for b in range(32) if b not in b"\t\n\v\f\r\x1b")
_STRUCTURED = frozenset((".json", ".jsonl", ".csv", ".tsv", ".xml", ".xmi", ".html", ".htm"))


class PlainTextFormat(Format):
    """Reads a text file as one document; there is nothing to be written."""

    name = "text"
    title = "plain text"
    extensions = (".txt", ".text", ".md")
    writes = False

    def sniff(self, head: bytes, path: Path) -> float:
        """Likely for a text ending, less so for others, hardly where the file has a structure."""
        if _looks_binary(head):
            return 0.0
        if path.suffix.lower() in self.extensions:
            return 0.7
        if path.suffix.lower() in _STRUCTURED:
            return 0.1
        return 0.1 if head.lstrip()[:2] in (b'{"', b"<?", b"[{") else 0.5

    def read(self, source: Source) -> Iterator[ImportItem]:
        """The one document. Raises InputError: binary, too big, or not in the encoding."""
        data = source.content()
        if source.encoding is None and _looks_binary(data):
            raise InputError(
                f"{source.shown}: a binary file, not a text",
                "If it is a text, give its encoding with --encoding.",
            )
        text, encoding = decode(data, source)
        document = Document(
            id="", name=source.name, text=text, sha256=content_hash(data), encoding=encoding,
            source=source.shown,
        )  # fmt: skip
        yield Record(document=document, place=source.shown)


FORMAT = PlainTextFormat()


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


def _choose(data: bytes, source: Source) -> str:
    """UTF-8 where the bytes are that, unless the encoding asked for gives ASCII another meaning.

    So one call takes in a folder of both; bytes that happen to be UTF-8 are hardly anything else.
    """
    asked = source.encoding or "utf-8"
    try:
        same_ascii = _ASCII.decode(asked) == _ASCII.decode()
    except LookupError:
        raise InputError(
            f"{source.shown}: there is no encoding {asked!r}",
            "Known are, among others: utf-8, utf-16, latin-1, cp1252, cp1251, big5, shift_jis.",
        ) from None
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
    return "Say which encoding it is with --encoding, such as cp1252 or latin-1."


def _offset(error: UnicodeError, data: bytes) -> str:
    """Where in the file it is; Python's codecs leave a byte order mark out of what they count."""
    if isinstance(error, UnicodeDecodeError):
        at = error.start + len(data) - len(error.object)
        found = error.object[error.start : error.start + 1].hex() or "the end"
        return f" at byte {at}: {error.reason} (0x{found})"
    return f": {error}"


def _looks_binary(data: bytes) -> bool:
    """Whether bytes hold NULs or many control characters, and no mark says they are a text."""
    if any(data.startswith(mark) for mark, _ in _MARKS):
        return False
    sample = data[:65_536]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return b"\0" in sample or controls > _MOST_CONTROLS * len(sample)
