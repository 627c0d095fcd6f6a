"""Plain text files: decoded strictly, every character kept, line ends and all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from annotator.core.document import Document, content_hash
from annotator.errors import InputError
from annotator.formats.base import Format, ImportItem, Record, Source
from annotator.formats.decoding import decode, marked_encoding

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


def _looks_binary(data: bytes) -> bool:
    """Whether bytes hold NULs or many control characters, and no mark says they are a text."""
    if marked_encoding(data) is not None:
        return False
    sample = data[:65_536]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return b"\0" in sample or controls > _MOST_CONTROLS * len(sample)
