"""Giving a database file its name only when it is whole: a draft beside it, then a link.

SQLite keeps a journal or a log beside a file, under the file's name. One that is left without its
file belongs to a project that is gone; SQLite would play it into any file put in its place.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from annotator.errors import BusyError, ProjectError

LOGS: Final = ("-journal", "-wal")
"""What SQLite adds to a file's name for changes that may not be in the file yet."""

_BESIDE: Final = (*LOGS, "-shm")
_NO_HARD_LINKS: Final = frozenset({errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK})


def beside(path: Path, ending: str) -> Path:
    """The file that SQLite keeps beside ``path`` under this ending."""
    return path.with_name(path.name + ending)


def logs_of(path: Path) -> list[Path]:
    """The journals and logs that are there for a file of this name."""
    return [log for log in (beside(path, ending) for ending in LOGS) if log.exists()]


def refuse_existing(path: Path) -> None:
    """Raise ProjectError where there is a file of that name, or the log of one that is gone."""
    if path.exists() or path.is_symlink():
        raise ProjectError(f"{path} exists already.", "Choose another name, or open it as it is.")
    for log in logs_of(path):
        raise ProjectError(
            f"{log} is the log of a project that is no longer here.",
            "Put the project's file back beside it, or move it away, or choose another name.",
        )


def need_folder(path: Path) -> None:
    """Raise ProjectError where the folder of ``path`` is missing, BusyError where it is closed."""
    folder = path.absolute().parent
    if not folder.is_dir():
        raise ProjectError(
            f"{path} cannot be made: there is no folder {folder}.", "Make the folder first."
        )
    if not os.access(folder, os.W_OK):
        raise BusyError(
            f"{path} cannot be made: {folder} or its disk is read-only.",
            "Choose another folder, or change its permissions.",
        )


@contextmanager
def draft_of(path: Path, ids: Callable[[], str]) -> Iterator[Path]:
    """A free name beside ``path`` to build a database under; what is left there goes at the end."""
    draft = path.absolute().with_name(f".{path.name[:50]}.{ids()}")
    try:
        yield draft
    finally:
        for leftover in (draft, *(beside(draft, ending) for ending in _BESIDE)):
            leftover.unlink(missing_ok=True)


@contextmanager
def disk_told(path: Path) -> Iterator[None]:
    """Raise BusyError, naming ``path``, in place of what the system says."""
    try:
        yield
    except OSError as error:
        raise BusyError(
            f"{path} cannot be written: {error.strerror}.", "Check the folder and the disk."
        ) from error


def publish(draft: Path, path: Path) -> None:
    """Give the finished file its name, never taking that of another. Raises ProjectError."""
    with disk_told(path):
        try:
            os.link(draft, path)
        except FileExistsError:
            refuse_existing(path)
            raise
        except OSError as error:
            if error.errno not in _NO_HARD_LINKS:
                raise
            refuse_existing(path)
            draft.rename(path)
        sync_folder(path)


def sync_folder(path: Path) -> None:
    """Make the names in the folder of ``path`` durable, if it may be read. Raises OSError."""
    folder = path.absolute().parent
    if os.access(folder, os.R_OK):
        sync(folder)


def sync(path: Path) -> None:
    """Make what was written to a file or folder durable. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def take_rights(model: Path, file: Path) -> None:
    """Let those read and write ``file`` who may with ``model``, if it is there. Raises OSError."""
    if not model.exists():
        return
    # Only who belongs to a group may give a file to it.
    with suppress(PermissionError):
        os.chown(file, -1, model.stat().st_gid)
    shutil.copymode(model, file)
