"""What every format gives and takes: core objects, a document and an annotator at a time.

A format never sees a store. It reads one source as a stream of :class:`Record` and
:class:`Refusal`, and writes a stream of records into a binary file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Literal, Protocol, TypeAlias

from msgspec import Struct

from annotator.core.annotation import Actor, Relation, Span, Suggestion, UnitLabel
from annotator.core.document import Document, Sentence
from annotator.errors import InputError
from annotator.formats.loss import Losses

HEAD_SIZE = 65_536
"""How many bytes of a file a format is shown for sniffing."""

LARGEST_RECORD = 256 * 1024 * 1024
"""Most bytes that a format takes into memory for one document, unless told otherwise."""


class Record(Struct, frozen=True, kw_only=True):
    """One document as one annotator left it.

    ``sentences`` is None where the source has no cut; ``done`` holds ids of sentences. The field
    ``annotator`` of spans, relations, labels and suggestions means nothing here: the record has one
    annotator, given by name, or none at all (a document nobody touched). ``place`` is where it
    was read, as ``file:line``, for messages. An id that is no UUID holds within its record only.
    """

    document: Document
    sentences: tuple[Sentence, ...] | None = None
    done: frozenset[str] = frozenset()
    spans: tuple[Span, ...] = ()
    relations: tuple[Relation, ...] = ()
    unit_labels: tuple[UnitLabel, ...] = ()
    actors: tuple[Actor, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    annotator: str | None = None
    annotator_kind: Literal["person", "engine"] = "person"
    status: Literal["open", "done"] = "open"
    schema_name: str = ""
    schema_version: int = 0
    place: str = ""


class Refusal(Struct, frozen=True):
    """A document, or a whole file, that was not taken in: what is wrong, where, and what to do."""

    place: str
    message: str
    hint: str = ""


ImportItem: TypeAlias = Record | Refusal


class Source:
    """One file to read: the path as messages show it, and the name its document should get."""

    def __init__(
        self,
        path: Path,
        name: str,
        *,
        encoding: str | None = None,
        largest_record: int = LARGEST_RECORD,
    ) -> None:
        self.path = path
        self.name = name
        self.encoding = encoding
        self.largest_record = largest_record
        self._file: BinaryIO | None = None

    def open(self) -> BinaryIO:
        """The file's bytes. Raises InputError where it cannot be read."""
        try:
            self._file = self.path.open("rb")
        except OSError as error:
            raise InputError(f"{self.path}: {error.strerror}") from error
        return self._file

    def head(self) -> bytes:
        """The first HEAD_SIZE bytes. Raises InputError."""
        try:
            with self.open() as file:
                return file.read(HEAD_SIZE)
        except OSError as error:
            raise InputError(f"{self.path}: {error.strerror}") from error

    @property
    def position(self) -> int:
        """How many bytes have been read, for a progress bar."""
        if self._file is None or self._file.closed:
            return 0
        return self._file.tell()


class Format(Protocol):
    """One file format. The object that an entry point of group ``annotator.formats`` names."""

    name: str
    """What ``--format`` calls it."""
    title: str
    extensions: tuple[str, ...]
    """Endings of its files with the dot; the first is used for the default export path."""
    writes: bool
    """Whether it can be exported to."""

    def sniff(self, head: bytes, path: Path) -> float:
        """How likely a file is of this format, 0 to 1, by its first HEAD_SIZE bytes and name."""

    def read(self, source: Source) -> Iterator[ImportItem]:
        """The file's records in order, and a refusal for each that is wrong.

        Records come out checked (see ``check``). Holds one document in memory. Raises InputError
        where nothing behind that point can be read.
        """

    def write(self, records: Iterable[Record], sink: BinaryIO, losses: Losses) -> int:
        """Write the records as they come; what the format cannot carry goes into ``losses``.

        Gives the number of records written.
        """
