"""The files of an import: archives unpacked, formats found out, and their records read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from annotator.errors import InputError, UsageError
from annotator.formats import options, registry
from annotator.formats.base import Format, ImportItem, Refusal, Source
from annotator.formats.decoding import KNOWN, is_encoding, marked_encoding
from annotator.workflow.finding_files import FoundFile, find_files
from annotator.workflow.unpacking import with_unpacked


class Recognised(Struct, frozen=True):
    """A file and the format that reads it."""

    file: FoundFile
    format: Format


class Recogniser:
    """Finds formats by content, unless one is asked for.

    Options that are given narrow the choice to the formats that take them. Raises UsageError for a
    format that is unknown or cannot be read, an option it does not take, or an unknown encoding.
    """

    def __init__(
        self, format: str | None, given: Mapping[str, str], encoding: str | None = None
    ) -> None:
        self._forced: Format | None = None
        self._encoding = encoding
        if encoding is not None:
            check_encoding(encoding)
        if format is None:
            self._formats = [
                found
                for found in registry.all_formats()
                if found.reads and set(given) <= {option.name for option in found.read_options}
            ]
            return
        self._forced = registry.get(format)
        if not self._forced.reads:
            raise UsageError(f"{self._forced.title} can be exported, not imported.")
        self._forced.require()
        options.checked(format, self._forced.read_options, given)

    def files(
        self,
        paths: Sequence[Path],
        folder: Path,
        is_own: Callable[[Path], bool] = lambda _: False,
    ) -> Iterator[Recognised | Refusal]:
        """The files that paths stand for, each with its format, without the parts of others.

        ``folder`` is an empty one for what archives hold, and stays until all files are read.
        The project's own files (``is_own``) are passed over, unless one is named.
        """
        results = [
            (file, self._one(file)) for file in with_unpacked(_not_own(paths, is_own), folder)
        ]
        parts = {
            part.absolute()
            for file, result in results
            if isinstance(result, Recognised)
            for part in result.format.parts(result.file.path)
        }
        for file, result in results:
            if isinstance(file, Refusal) or file.path.absolute() not in parts:
                yield result

    def _one(self, file: FoundFile | Refusal) -> Recognised | Refusal:
        if isinstance(file, Refusal):
            return file
        if self._forced is not None:
            return Recognised(file, self._forced)
        try:
            head = self._readable(Source(file.path, file.name, shown=file.shown).head())
            format = registry.recognise(head, file.path, self._formats, shown=file.shown)
            format.require()
        except (InputError, UsageError) as error:
            return refusal(error, file.shown)
        return Recognised(file, format)

    def _readable(self, head: bytes) -> bytes:
        """The head as UTF-8 where it holds NULs that the encoding asked for makes sense of."""
        if self._encoding is None or b"\0" not in head or marked_encoding(head) is not None:
            return head
        return head.decode(self._encoding, "ignore").encode("utf-8", "ignore")


def _not_own(
    paths: Sequence[Path], is_own: Callable[[Path], bool]
) -> Iterator[FoundFile | Refusal]:
    for file in find_files(paths):
        if isinstance(file, Refusal) or not is_own(file.path):
            yield file
        elif file.path in paths:
            yield Refusal(file.shown, "this is the project itself")


def check_encoding(name: str) -> None:
    """Raise UsageError where Python knows no encoding of texts by that name."""
    if not is_encoding(name):
        raise UsageError(f"There is no encoding {name!r}.", KNOWN)


def items_of(format: Format, source: Source) -> Iterator[ImportItem]:
    """What the format reads; where it fails, a refusal instead of the rest of the file."""
    try:
        yield from format.read(source)
    except (InputError, UsageError) as error:
        yield refusal(error, source.shown)
    except OSError as error:
        yield Refusal(source.shown, f"could not be read: {error.strerror or error}")
    except Exception as error:  # noqa: BLE001 - a format is a plugin, and stops no other file
        yield Refusal(
            source.shown,
            f"the format {format.name} failed: {type(error).__name__}: {error}",
            "This is a fault of the program: please report it, with the file if you may.",
        )


def refusal(error: InputError | UsageError, shown: str) -> Refusal:
    """A whole file refused; the message need not repeat the file's name, which may bear a line."""
    found = re.match(rf"{re.escape(shown)}:\d+(?=: )", error.message)
    place = found[0] if found else shown
    return Refusal(place, error.message.removeprefix(f"{place}: "), error.hint)
