"""Text from documents, names and paths as it may be shown on a terminal."""

from __future__ import annotations

import codecs
import io
import unicodedata
from typing import Any, BinaryIO, cast

_JOINERS = "\u200c\u200d"


def printable(text: str, keep: str = "") -> str:
    """``text`` with every control, direction-changing or unassigned character as an escape.

    What is in ``keep`` (such as a newline) stays. Doing it twice changes nothing more.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if _is_safe(c) or c in keep else ascii(c)[1:-1] for c in text)


def _is_safe(character: str) -> bool:
    return (
        character.isprintable() or character in _JOINERS or unicodedata.category(character) == "Zs"
    )


def for_terminal(file: BinaryIO) -> BinaryIO:
    """What text in UTF-8 is written to, so that no byte of it acts upon a terminal.

    A file that is no terminal is given back as it is.
    """
    return cast(BinaryIO, _Escaping(file)) if file.isatty() else file


class _Escaping(io.RawIOBase):
    """Writes text with escapes in the place of what a terminal would act upon."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        text = printable(self._decoder.decode(bytes(data)), keep="\n\t")
        self._file.write(text.encode())
        return len(data)

    def flush(self) -> None:
        if not self._file.closed:
            self._file.flush()
