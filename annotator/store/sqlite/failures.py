"""What SQLite's errors mean to a person: the one place where they become ours."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import msgspec

from annotator.errors import AnnotatorError, BusyError, InputError, ProjectError, RuleError

RESTORE = (
    "Put a backup in its place: annotator restore FILE. The daily ones are beside it, in the folder"
    " that ends in .backups."
)

_PRIMARY = 0xFF
"""The low byte of an extended result code is the primary one (sqlite.org/rescode.html)."""

_MOVED = 1032  # SQLITE_READONLY_DBMOVED
_READ_ONLY = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH})
_DISK = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM})
_DAMAGED = frozenset(
    {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_SCHEMA, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_FORMAT}
)
_CONSTRAINTS = {
    787: "something else still refers to it, or it refers to what does not exist",
    1555: "its id is already taken",
    2067: "its name or place is already taken",
    275: "a value is outside what the project file allows",
    1299: "a value is missing",
}


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another process held a lock, so that trying again makes sense."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & _PRIMARY == sqlite3.SQLITE_BUSY


def is_refused(error: AnnotatorError) -> bool:
    """Whether the system did not let SQLite write, or open what it needs beside the file."""
    code = getattr(error.__cause__, "sqlite_errorcode", 0) & _PRIMARY
    return code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)


def moved(path: Path) -> BusyError:
    """The error of a write to a file that has lost its name."""
    return BusyError(
        f"{path} was moved, deleted or replaced while it was open.",
        "This change was not written. Put the file back, or leave and open the new one.",
    )


def translated(error: sqlite3.Error, path: Path) -> AnnotatorError:
    """The error to tell a person, for what SQLite reported about the project at ``path``."""
    extended = getattr(error, "sqlite_errorcode", None)
    if extended is None:
        return _without_code(error, path)
    code = extended & _PRIMARY
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return BusyError(
            f"{path} is in use: others kept it locked for too long.",
            "This change was not written. Try again; close programs that hold the file open.",
        )
    if code == sqlite3.SQLITE_FULL:
        return BusyError(
            f"The disk of {path} is full.",
            "This change was not written. Free some space and try again.",
        )
    if extended == _MOVED:
        return moved(path)
    if code in _READ_ONLY:
        return BusyError(
            f"{path} cannot be written: it, its folder or its disk is read-only.",
            "This change was not written. Change the permissions, or work on a copy.",
        )
    if code in _DISK:
        return BusyError(
            f"{path} cannot be read or written: {error}.",
            "This change was not written. Check the disk and the folder's permissions; try again.",
        )
    if code == sqlite3.SQLITE_CONSTRAINT:
        why = _CONSTRAINTS.get(extended, str(error))
        return RuleError("The edit does not fit the project: " + why + ".", f"SQLite says: {error}")
    if code == sqlite3.SQLITE_NOTADB:
        return ProjectError(
            f"{path} is not a project: it is no SQLite file.", "Name the file `init` made."
        )
    if code in _DAMAGED:
        return ProjectError(f"{path} is damaged or cut short: {error}.", RESTORE)
    return ProjectError(f"{path}: SQLite failed: {error}.", "Make a copy and run `doctor` on it.")


def _without_code(error: sqlite3.Error, path: Path) -> AnnotatorError:
    """Errors of Python's own sqlite3 module, which carry no result code."""
    if "closed" in str(error):
        return ProjectError(f"{path} was closed already.", "Open it again.")
    if "decode" in str(error):
        return ProjectError(f"{path} is damaged: {error}.", RESTORE)
    return InputError(f"{path} does not take this value: {error}.")


class told:  # noqa: N801 - reads as a context manager
    """Raise our own errors in place of sqlite3's, and of values that SQLite cannot hold.

    A class, since a generator would cost more than the statement it guards.
    """

    __slots__ = ("_path",)

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Translate what is known; let everything else pass."""
        if error is None:
            return
        if isinstance(error, sqlite3.Error):
            raise translated(error, self._path) from error
        if isinstance(error, UnicodeEncodeError):
            found = f"U+{ord(error.object[error.start]):04X}"
            raise InputError(
                f"The text holds half a surrogate pair ({found} at {error.start}).",
                "It was decoded wrongly; such text cannot be stored.",
            ) from error
        if isinstance(error, OverflowError):
            raise InputError(f"A number is too large for {self._path}.") from error
        if isinstance(error, KeyError | UnicodeDecodeError):
            what = f"of {error} not all is there" if isinstance(error, KeyError) else str(error)
            raise ProjectError(f"{self._path} is damaged: {what}.", RESTORE) from error
        if isinstance(error, msgspec.MsgspecError):
            raise ProjectError(
                f"{self._path} holds a record that cannot be read: {error}.", RESTORE
            ) from error
