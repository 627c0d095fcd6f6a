"""Archives as input: what is in a zip or gz file, unpacked beside the project, within limits.

An archive is hostile until shown otherwise: names that lead elsewhere, links, archives within
archives and what grows beyond all measure are refused, and the rest goes on.
"""

from __future__ import annotations

import gzip
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import IO

from msgspec import Struct

from annotator.errors import InputError
from annotator.formats.base import Refusal
from annotator.workflow.finding_files import FoundFile, document_name

_ZIP, _EMPTY_ZIP, _GZ = b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b"
_NESTED = (_ZIP, _GZ, b"BZh", b"\xfd7zXZ\x00", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd")
_TAR_AT, _TAR = 257, b"ustar"
_CHUNK = 1 << 20
_ENCRYPTED = 0x1


def _damages() -> tuple[type[Exception], ...]:
    """What is raised for damaged bytes, by the decompressors that this Python has."""
    found: list[type[Exception]] = [zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError]
    for module, name in (("lzma", "LZMAError"), ("compression.zstd", "ZstdError")):
        with suppress(ImportError):
            found.append(getattr(import_module(module), name))
    return tuple(found)


_DAMAGES = _damages()


class Limits(Struct, frozen=True):
    """How much an archive may hold, in bytes; ``ratio`` counts from the first mebibyte on."""

    total: int = 8 * 1024**3
    ratio: int = 200
    members: int = 200_000


def with_unpacked(
    found: Iterable[FoundFile | Refusal], folder: Path
) -> Iterator[FoundFile | Refusal]:
    """The same files, with what is in them in the place of archives.

    ``folder`` is empty, and stays until the files are read.
    """
    for number, file in enumerate(found):
        if isinstance(file, FoundFile) and _is_archive(file.path):
            inner = folder / str(number)
            inner.mkdir()
            yield from unpacked(file, inner)
        else:
            yield file


def _is_archive(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(len(_ZIP)).startswith((_ZIP, _EMPTY_ZIP, _GZ))
    except OSError:  # which whoever reads the file will tell
        return False


def unpacked(
    file: FoundFile,
    folder: Path,
    limits: Limits = Limits(),  # noqa: B008 - immutable
) -> Iterator[FoundFile | Refusal]:
    """The files in an archive, written into an empty folder of ours; what is wrong is refused."""
    with file.path.open("rb") as stream:
        is_gz = stream.read(2) == _GZ
    budget = _Budget(limits, file.size)
    try:
        if is_gz:
            yield _unpack_gz(file, folder, budget)
        else:
            yield from _unpack_zip(file, folder, budget)
    except _DAMAGES as error:
        yield Refusal(file.shown, f"a damaged archive: {error}", "Pack it anew.")
    except NotImplementedError as error:
        yield Refusal(file.shown, f"packed in a way that is not known: {error}", "Pack it anew.")
    except InputError as error:
        yield Refusal(file.shown, error.message, error.hint)
    except OSError as error:
        yield Refusal(file.shown, f"could not be unpacked: {error.strerror or error}")


class _Budget:
    """What may still be written of one archive."""

    def __init__(self, limits: Limits, packed: int) -> None:
        self.limits = limits
        self._most = min(limits.total, max(_CHUNK, packed * limits.ratio))
        self._written = 0

    def copy(self, stream: IO[bytes] | gzip.GzipFile, path: Path) -> int:
        """Write the stream out. Raises InputError where it grows too large."""
        size = 0
        with path.open("xb") as file:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                self._written += len(chunk)
                if self._written > self._most:
                    raise InputError(
                        f"unpacks to more than {self._most:,} bytes, as archives do that are made "
                        "to fill a disk",
                        "If it is what it should be, unpack it yourself and import the folder.",
                    )
                file.write(chunk)
        return size


def _unpack_gz(file: FoundFile, folder: Path, budget: _Budget) -> FoundFile | Refusal:
    name = PurePosixPath(file.name).with_suffix("").name or "document"
    path = folder / name
    with gzip.open(file.path) as stream:
        size = budget.copy(stream, path)
    inner = FoundFile(path, document_name(name), size, f"{file.shown}/{name}")
    return _unless_nested(inner)


def _unpack_zip(file: FoundFile, folder: Path, budget: _Budget) -> Iterator[FoundFile | Refusal]:
    with zipfile.ZipFile(file.path) as archive:
        members = sorted(archive.infolist(), key=lambda m: m.filename)
        if len(members) > budget.limits.members:
            raise InputError(f"holds more than {budget.limits.members:,} files")
        for member in members:
            shown = f"{file.shown}/{document_name(member.filename)}"
            if member.is_dir():
                continue
            wrong = _wrong(member)
            if wrong:
                yield Refusal(shown, wrong, "Unpack the archive yourself and import the folder.")
                continue
            path = folder / PurePosixPath(member.filename)
            if path.exists() or any(p.is_file() for p in path.parents if p.is_relative_to(folder)):
                yield Refusal(shown, "the name stands twice in the archive")
                continue
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as stream:
                    size = budget.copy(stream, path)
            except _DAMAGES as error:
                yield Refusal(shown, f"damaged: {error}", "Pack it anew.")
                continue
            except RuntimeError as error:  # also where this Python was built without a way
                yield Refusal(shown, f"packed in a way that is not known: {error}", "Pack it anew.")
                continue
            except OSError as error:
                yield Refusal(shown, f"could not be unpacked: {error.strerror or error}")
                continue
            inner = FoundFile(path, document_name(member.filename), size, shown)
            yield _unless_nested(inner)


def _wrong(member: zipfile.ZipInfo) -> str:
    """What forbids unpacking a member, or nothing."""
    path = PurePosixPath(member.filename)
    if (
        not path.parts
        or path.is_absolute()
        or ".." in path.parts
        or "\\" in member.filename
        or ":" in path.parts[0]
    ):
        return "its name leads out of the archive"
    if any(part.startswith((".", "__MACOSX")) for part in path.parts):
        return "hidden, so not taken in"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "a link, and not a file"
    if member.flag_bits & _ENCRYPTED:
        return "encrypted"
    return ""


def _unless_nested(file: FoundFile) -> FoundFile | Refusal:
    with file.path.open("rb") as stream:
        head = stream.read(_TAR_AT + len(_TAR))
    if head.startswith(_NESTED) or head[_TAR_AT:] == _TAR:
        return Refusal(
            file.shown, "an archive within an archive", "Unpack it yourself and import the folder."
        )
    return file
