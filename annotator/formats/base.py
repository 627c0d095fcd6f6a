"""What every format gives and takes: core objects, a document and an annotator at a time.

A format never sees a store. It reads one source as a stream of :class:`Record` and
:class:`Refusal`, and writes a stream of records into a target. What it cannot carry is taken out of
the records on the way to it, by what it declares (``carries``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from annotator.errors import UsageError
from annotator.formats.carries import Carries
from annotator.formats.findings import Findings
from annotator.formats.options import Option, Options
from annotator.formats.record import ImportItem, Record, Refusal
from annotator.formats.reducing import reduced
from annotator.formats.source import HEAD_SIZE, LARGEST_RECORD, Source
from annotator.formats.target import Target

__all__ = [
    "HEAD_SIZE", "LARGEST_RECORD", "Carries", "Format", "ImportItem", "Option", "Record",
    "Refusal", "Source", "Target",
]  # fmt: skip


class Format:
    """One file format. An entry point of group ``annotator.formats`` names an object of it."""

    name: str
    """What ``--format`` calls it."""
    title: str
    extensions: tuple[str, ...]
    """Endings of its files with the dot; the first is that of an export (see ``ending``)."""
    reads: bool = True
    """Whether it can be imported."""
    writes: bool = True
    """Whether it can be exported to."""
    folder: bool = False
    """Whether an export is a folder of files."""
    binary: bool = False
    """Whether an export is bytes, and no text in UTF-8."""
    carries: Carries = Carries()
    """What an export holds; an import of what was exported brings just that back."""
    read_options: tuple[Option, ...] = ()
    write_options: tuple[Option, ...] = ()
    needs: tuple[str, ...] = ()
    """Packages, as imported, that are no part of a plain installation."""
    extra: str = ""
    """The extra of this project that installs them."""

    def sniff(self, head: bytes, path: Path) -> float:
        """How likely a file is of this format, 0 to 1, by its first HEAD_SIZE bytes and name."""
        raise NotImplementedError

    def parts(self, path: Path) -> tuple[Path, ...]:
        """The other files that are read with this one, and so not on their own."""
        return ()

    def read(self, source: Source) -> Iterator[ImportItem]:
        """The file's records in order, and a refusal for each that is wrong.

        Records come out checked (see ``building``). Holds one document in memory. Raises InputError
        where nothing behind that point can be read.
        """
        raise UsageError(f"{self.title} can be exported, not imported.")

    def declare(self, source: Source, findings: Findings) -> None:
        """Add what the file's configuration allows, for ``schema derive``; labels in use are
        counted without it.
        """

    def reduce(self, record: Record, target: Target) -> Record:
        """The part of a record that the format carries; the rest goes into the target's losses."""
        return reduced(record, self.carries, target.losses)

    def write(self, records: Iterable[Record], target: Target) -> int:
        """Write reduced records as they come, and give their number."""
        raise UsageError(
            f"{self.title} can be imported, not exported.", "Export with --format jsonl."
        )

    def ending(self, options: Options) -> str:
        """What the default export path ends in, with the options as they were given."""
        return self.extensions[0]

    def may_replace(self, file: Path) -> bool:
        """Whether an export to a folder may put its own in the place of a file that is there.

        Not what a person wrote, where the format invites them to.
        """
        return True

    def export(self, records: Iterable[Record], target: Target) -> int | None:
        """Reduce and write records as they come, and give their number.

        None where the options ask for something that holds no records.
        """
        return self.write((self.reduce(record, target) for record in records), target)

    @property
    def missing(self) -> list[str]:
        """The packages that it needs and that are not installed."""
        return [name for name in self.needs if find_spec(name) is None]

    def content(self, data: bytes) -> Any:
        """What the bytes of an exported file say, where packing may differ between machines."""
        return data

    def require(self) -> None:
        """Raise UsageError, saying what to install, where a package that it needs is missing."""
        if missing := self.missing:
            raise UsageError(
                f"The format {self.name} needs {' and '.join(missing)}.",
                f"Install with: pip install 'annotator[{self.extra}]'",
            )
