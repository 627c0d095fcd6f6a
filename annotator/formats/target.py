"""Where an export goes, one file or a folder of files, and what a format needs to know for it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import BinaryIO

from annotator.core.schema import NO_SCHEMA, Schema
from annotator.errors import AnnotatorError
from annotator.formats.loss import Losses
from annotator.formats.options import Options


class Target:
    """One file, or an empty folder, to be filled: it takes its place when all of it is written.

    ``options`` are those the format declares for writing, ``schema`` is the project's, ``layers``
    those that were asked for (empty means all; of others the records hold nothing), and ``losses``
    takes what the format cannot carry.
    """

    def __init__(
        self,
        *,
        file: BinaryIO | None = None,
        folder: Path | None = None,
        options: Options | None = None,
        schema: Schema = NO_SCHEMA,
        layers: tuple[str, ...] = (),
        losses: Losses | None = None,
    ) -> None:
        self._file = file
        self._folder = folder
        self.options = options or {}
        self.schema = schema
        self.layers = layers
        self.losses = Losses() if losses is None else losses

    @property
    def span_layers(self) -> list[str]:
        """The layers of spans that may come, in the order of the schema."""
        return [
            layer.name
            for layer in self.schema.layers
            if layer.scope == "span" and (not self.layers or layer.name in self.layers)
        ]

    @property
    def file(self) -> BinaryIO:
        """The file to write, for a format that makes one."""
        if self._file is None:
            raise AnnotatorError("This format writes one file, and was given a folder.")
        return self._file

    def open(self, name: str) -> BinaryIO:
        """A new file in the folder, for a format that makes several; close it.

        ``name`` may hold folders, parted by ``/``. Raises AnnotatorError where the name leads out
        of the folder or is there already: names come from ``file_names``.
        """
        if self._folder is None:
            raise AnnotatorError("This format writes a folder, and was given a file.")
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts:
            raise AnnotatorError(f"{name!r} is no name for a file within the export.")
        full = self._folder / path
        full.parent.mkdir(parents=True, exist_ok=True)
        return full.open("xb")
