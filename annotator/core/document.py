"""Documents and the sentences they are read by."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from msgspec import Struct, field


class Document(Struct, frozen=True):
    """One immutable text.

    ``text`` is the decoded file as it was, line ends and all; every offset in the program counts
    its code points. ``sha256`` is taken over the bytes of the file, ``encoding`` is what they were
    decoded with, ``source`` the path they came from.
    """

    id: str
    name: str
    text: str
    sha256: str
    encoding: str = "utf-8"
    source: str | None = None
    meta: dict[str, Any] = field(default_factory=dict)


class Sentence(Struct, frozen=True, gc=False, tag_field="record", tag="sentence"):
    """A half-open range of code points that a person may split or merge."""

    id: str
    document: str
    start: int
    end: int
    revision: int = 1


def content_hash(data: bytes) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return sha256(data).hexdigest()
