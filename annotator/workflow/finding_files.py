"""The files that an import is to read: paths as given, folders walked, what is refused there."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from annotator.formats.base import Refusal
from annotator.workflow.escaping import printable

NAME_LIMIT = 255


class FoundFile(Struct, frozen=True):
    """A regular file: its size in bytes, and the name its document should get.

    ``shown`` is what messages call it: its path, or that of the archive it was in and its own
    within.
    """

    path: Path
    name: str
    size: int
    shown: str


def find_files(paths: Iterable[Path]) -> Iterator[FoundFile | Refusal]:
    """The files in the order given, folders in order of their names.

    Documents are named by the path within the folder given, or by the file's own name. What is
    hidden, missing, unreadable or no regular file is refused by name, a hidden folder as a whole.
    """
    walker = _Walker()
    for path in paths:
        yield from walker.walk(path, path.parent)


def nothing_but_refusals(paths: Iterable[Path]) -> list[Refusal]:
    """Why there is nothing to read in these paths; empty where there is something."""
    refused: list[Refusal] = []
    for found in find_files(paths):
        if isinstance(found, FoundFile):
            return []
        refused.append(found)
    return refused


class _Walker:
    """Walks folders, links included, and enters each folder once."""

    def __init__(self) -> None:
        self._seen: set[tuple[int, int]] = set()

    def walk(self, top: Path, base: Path) -> Iterator[FoundFile | Refusal]:
        stack = [top]
        while stack:
            path = stack.pop()
            if path.name.startswith(".") and path.name != "..":
                yield Refusal(str(path), "hidden, so not taken in", "Rename it to import it.")
                continue
            try:
                status = path.stat()
                entries = sorted(path.iterdir()) if stat.S_ISDIR(status.st_mode) else []
            except OSError as error:
                yield Refusal(str(path), _reason(path, error))
                continue
            identity = (status.st_dev, status.st_ino)
            if stat.S_ISDIR(status.st_mode):
                base = top
                if identity in self._seen:
                    yield Refusal(str(path), "this folder was visited before, by another path")
                    continue
                self._seen.add(identity)
                stack.extend(reversed(entries))
            elif not stat.S_ISREG(status.st_mode):
                yield Refusal(str(path), "not a regular file", "Only files and folders are read.")
                continue
            else:
                yield FoundFile(
                    path,
                    document_name(path.relative_to(base).as_posix()),
                    status.st_size,
                    str(path),
                )


def _reason(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError) and path.is_symlink():
        return "a link to what is not there"
    return error.strerror or str(error)


def document_name(path: str) -> str:
    """The name of a document that was found under a path within what was given."""
    return printable(path)[-NAME_LIMIT:]
