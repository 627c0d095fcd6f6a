"""Writing a file, or a folder of files, whole or not at all: written beside it, fsync, rename."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from annotator.core.ids import new_id
from annotator.errors import AnnotatorError, BusyError, UsageError

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write that takes the place of ``path`` when the block ends well, and else is gone.

    Folders on the way are made; a link is followed. A pipe or device is written to as it is.
    Raises UsageError for a folder, BusyError where the disk or its rights forbid it.
    """
    try:
        target = _target(path)
        if path.is_dir():
            raise UsageError(f"{path}: a folder", "Name the file to write.")
        # Asked of the path as given: a pipe in /dev/fd has no path that its link leads to.
        if path.exists() and (not path.is_file() or _is_stream(path)):
            with path.open("wb") as device:
                yield device
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        # Named before it is there, so that a signal finds it in the block that takes it away.
        temporary = target.with_name(f".{target.name[:50]}.{new_id()}")
        try:
            with os.fdopen(os.open(temporary, _NEW, 0o600), "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            temporary.chmod(_mode(target))
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(target.parent)
    except AnnotatorError:
        raise
    except BrokenPipeError:
        raise
    except OSError as error:
        raise BusyError(f"{path}: could not be written: {error.strerror}", _hint(error)) from error


@contextmanager
def whole_folder(path: Path, may_replace: Callable[[Path], bool]) -> Iterator[Path]:
    """An empty folder to fill that takes the place of ``path`` when the block ends well.

    A folder that is there already is replaced only where every file in it is written anew, and
    ``may_replace`` says yes to each. Raises UsageError for anything else in its place, BusyError as
    :func:`whole_file` does.
    """
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not target.is_dir():
            raise UsageError(f"{path}: a file", "This format writes a folder: name one.")
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=f".{target.name[:100]}.", dir=target.parent
        ) as temporary:
            fresh, old = Path(temporary) / "new", Path(temporary) / "old"
            fresh.mkdir()
            yield fresh
            for folder, _, names in os.walk(fresh):
                for name in names:
                    _sync(Path(folder) / name)
                _sync_folder(Path(folder))
            if target.exists():
                _refuse_others(path, target, fresh, may_replace)
                target.rename(old)
            try:
                fresh.rename(target)
            except OSError:
                if old.exists():
                    old.rename(target)
                raise
        _sync_folder(target.parent)
    except (AnnotatorError, BrokenPipeError):
        raise
    except OSError as error:
        raise BusyError(f"{path}: could not be written: {error.strerror}", _hint(error)) from error


def _refuse_others(
    path: Path, target: Path, fresh: Path, may_replace: Callable[[Path], bool]
) -> None:
    """Raise UsageError where the folder holds a file that is not to be replaced by a new one."""
    for folder, _, names in os.walk(target):
        for name in sorted(names):
            inner = (Path(folder) / name).relative_to(target)
            if not (fresh / inner).exists():
                raise UsageError(
                    f"{path}: holds {inner}, which this export does not write",
                    "Remove it, or name another folder with -o FOLDER.",
                )
            if not may_replace(target / inner):
                raise UsageError(
                    f"{path}: holds {inner}, which somebody wrote or changed since",
                    "Move it away, or name another folder with -o FOLDER.",
                )


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _target(path: Path) -> Path:
    """Where links lead. Raises OSError for links in a circle, and for a file that is read-only."""
    target = Path(os.path.realpath(path))
    if target.is_symlink():  # which realpath left as it was
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "it may only be read")
    return target


def _is_stream(path: Path) -> bool:
    """Whether a path is an open file of this process, such as a redirected /dev/stdout."""
    parts = Path(os.path.normpath(path.absolute())).parts
    return parts[:3] in (("/", "dev", "fd"), ("/", "dev", "stdout"), ("/", "dev", "stderr"))


def _mode(target: Path) -> int:
    """The rights of the file replaced, or those that a new file gets."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, on systems where a folder can be opened.

    One that may be written to and not read cannot; the file in it is whole all the same.
    """
    if os.name != "nt" and os.access(folder, os.R_OK):
        _sync(folder)


def _hint(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "The disk is full; nothing was replaced."
    return "Write somewhere else with -o FILE, or to the screen with -o -."
