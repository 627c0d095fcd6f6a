"""One file to read, with all that a format needs to know for it."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from annotator.core.schema import NO_SCHEMA, Schema
from annotator.errors import InputError
from annotator.formats.loss import Losses
from annotator.formats.options import Options

HEAD_SIZE = 1024 * 1024
"""How many bytes of a file a format is shown for sniffing."""

LARGEST_RECORD = 256 * 1024 * 1024
"""Most bytes that a format takes into memory for one document, unless told otherwise."""


class Source:
    """One file to read: its path, how messages call it, and the name its document should get.

    ``options`` are those the format declares for reading, ``schema`` is the project's (empty where
    there is none), ``layer`` what labels belong to whose file names no layer, and ``losses`` takes
    what the format finds there and cannot bring in.
    """

    def __init__(
        self,
        path: Path,
        name: str,
        *,
        shown: str | None = None,
        encoding: str | None = None,
        layer: str | None = None,
        largest_record: int = LARGEST_RECORD,
        options: Options | None = None,
        schema: Schema = NO_SCHEMA,
        losses: Losses | None = None,
    ) -> None:
        self.path = path
        self.name = name
        self.shown = str(path) if shown is None else shown
        self.encoding = encoding
        self.layer = layer
        self.largest_record = largest_record
        self.options = options or {}
        self.schema = schema
        self.losses = Losses() if losses is None else losses
        self._file: BinaryIO | None = None

    def at(self, line: int) -> str:
        """A place in the file, for messages."""
        return f"{self.shown}:{line}"

    def numbered(self, number: int) -> str:
        """The name of the ``number``-th document of a file of several that have none."""
        return f"{self.name}#{number}"

    def beside(self, path: Path) -> Source:
        """Another file of the same document, such as the text of a stand-off file."""
        shown = str(Path(self.shown).parent / path.name)
        return Source(
            path, self.name, shown=shown, encoding=self.encoding, layer=self.layer,
            largest_record=self.largest_record, options=self.options, schema=self.schema,
            losses=self.losses,
        )  # fmt: skip

    def open(self) -> BinaryIO:
        """The file's bytes. Raises InputError where it cannot be read."""
        try:
            self._file = self.path.open("rb")
        except OSError as error:
            raise InputError(f"{self.shown}: {error.strerror}") from error
        return self._file

    def content(self) -> bytes:
        """All of the file. Raises InputError: it cannot be read, or is too large for one record."""
        with self.open() as file:
            try:
                data = file.read(self.largest_record + 1)
            except OSError as error:
                raise InputError(f"{self.shown}: {error.strerror}") from error
        if len(data) > self.largest_record:
            raise InputError(
                f"{self.shown}: the file is larger than {self.largest_record:,} bytes",
                "Cut it into smaller documents.",
            )
        return data

    def head(self, size: int = HEAD_SIZE) -> bytes:
        """The first ``size`` bytes. Raises InputError."""
        try:
            with self.open() as file:
                return file.read(size)
        except OSError as error:
            raise InputError(f"{self.shown}: {error.strerror}") from error

    @property
    def position(self) -> int:
        """How many bytes have been read, for a progress bar."""
        if self._file is None or self._file.closed:
            return 0
        return self._file.tell()
