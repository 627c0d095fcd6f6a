"""Copies of a project: made while others write, verified, whole or not at all.

SQLite's backup copies pages under a shared lock, which a commit of another process has to wait for:
in one go, or in steps with pauses between, starting anew where a commit came between.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from annotator.core.ids import Clock
from annotator.errors import AnnotatorError, BusyError, ProjectError, UsageError
from annotator.store.sqlite.connection import PATIENCE, Connection
from annotator.store.sqlite.failures import told
from annotator.store.sqlite.file_format import needs_migration
from annotator.store.sqlite.publishing import (
    LOGS,
    beside,
    disk_told,
    draft_of,
    need_folder,
    publish,
    refuse_existing,
    sync,
    take_rights,
)
from annotator.store.sqlite.store_part import utc

KEPT: Final = 5
"""Backups of a kind that stay; the oldest go."""
_ALL_STAY: Final = frozenset({"rescued", "daily"})
"""What is all there is of somebody's work, and what goes when the day's backup is made."""

_BREATHER: Final = 0.002
"""Seconds between two steps, in which others may write."""
_RESTARTS: Final = 20
"""Times that commits of others may throw a copy in steps back before it is made in one go."""
_OPCODES: Final = 100_000
"""Steps of SQLite between two looks at whether the work is still wanted."""


class NotWantedError(Exception):
    """The program is about to end, and the copy under way with it."""


def always() -> bool:
    """For work that nothing calls off."""
    return True


def backup_place(path: Path, reason: str, clock: Clock, *, spare: Iterable[Path] = ()) -> Path:
    """A name for a backup in the folder of backups beside the project, which is made if need be.

    The oldest of its kind go, so that with this one there are no more than ``KEPT``. The kind is
    the reason without its number; ``spare`` are files that are in use. Raises BusyError.
    """
    folder = backups_folder(path)
    with disk_told(folder):
        if not folder.is_dir():
            folder.mkdir(exist_ok=True)
            take_rights(path.absolute().parent, folder)
        if _kind(reason) not in _ALL_STAY:
            spared = [file for file in spare if file.exists()]
            for old in backups_like(path, reason)[: 1 - KEPT]:
                if not any(old.samefile(file) for file in spared):
                    for ending in ("", *LOGS):
                        beside(old, ending).unlink(missing_ok=True)
    stamp = utc(clock()).replace(":", "").replace("-", "").replace(".", "")
    return folder / f"{path.stem}.{reason}.{stamp}{path.suffix}"


def backups_like(path: Path, reason: str) -> list[Path]:
    """The project's backups of the same kind, the oldest first."""
    folder = backups_folder(path)
    if not folder.is_dir():
        return []
    stem, suffix = re.escape(path.stem), re.escape(path.suffix)
    name = re.compile(rf"{stem}\.([\w-]+)\.(\d{{8}}T\d+Z)(-\d+)?{suffix}")
    found = []
    for file in folder.iterdir():
        match = name.fullmatch(file.name)
        if match is not None and _kind(match[1]) == _kind(reason):
            found.append((match[2], len(match[3] or ""), match[3] or "", file))
    return [file for *_, file in sorted(found)]


def _kind(reason: str) -> str:
    """``schema`` for ``schema-3``."""
    return re.sub(r"-\d+$", "", reason)


def backups_folder(path: Path) -> Path:
    """Where backups that nobody named lie: ``annotations.backups`` beside ``annotations.db``."""
    return path.with_name(f"{path.stem}.backups")


def back_up(
    connection: Connection,
    target: Path,
    ids: Callable[[], str],
    *,
    verified: bool = True,
    step: int = -1,
    is_wanted: Callable[[], bool] = always,
) -> None:
    """Copy the project, as it is committed at one moment, to a new file that appears when whole.

    ``verified`` opens the copy and has SQLite check it. ``step`` is how many pages to copy at once,
    -1 for all. Raises UsageError where there is such a file, ProjectError where its folder is
    missing or the project is damaged, BusyError where the disk or others stand in the way, and
    NotWantedError when ``is_wanted`` says no.
    """
    if target.is_dir():
        raise UsageError(f"{target} is a folder.", "Name the file to write.")
    if target.exists() or target.is_symlink():
        raise UsageError(f"{target} exists already.", "Choose another name, or move it away.")
    refuse_existing(target)
    need_folder(target)
    with draft_of(target, ids) as draft:
        _copy(connection, draft, target, step, is_wanted)
        if verified:
            check_whole(draft, target, is_wanted)
        with disk_told(target):
            take_rights(connection.path, draft)
            sync(draft)
        publish(draft, target)


def check_whole(file: Path, known_as: Path, is_wanted: Callable[[], bool] = always) -> None:
    """Raise ProjectError where a file at rest is no project that this version reads, or damaged."""
    connection = Connection(file, "ro", known_as=known_as)
    try:
        needs_migration(connection)
        connection.raw.set_progress_handler(lambda: not is_wanted(), _OPCODES)
        found = connection.rows("PRAGMA integrity_check(1)")
    except AnnotatorError:
        if not is_wanted():
            raise NotWantedError from None
        raise
    finally:
        connection.close()
    if found != [("ok",)]:
        raise ProjectError(
            f"{known_as} is damaged: {str(found[0][0]).splitlines()[-1]}.",
            "See what is wrong with `doctor`; older backups may be whole.",
        )


def _copy(
    source: Connection, draft: Path, target: Path, step: int, is_wanted: Callable[[], bool]
) -> None:
    copy = Connection(draft, "rwc", known_as=target)
    try:
        # Synced once, at the end, when the source is no longer locked.
        copy.rows("PRAGMA synchronous = OFF")
        with told(target):
            try:
                source.raw.backup(
                    copy.raw, pages=step, progress=Watch(target, is_wanted, step), sleep=0.01
                )
            except _RestlessError:
                source.raw.backup(copy.raw, progress=Watch(target, is_wanted, -1), sleep=0.01)
        # One file without a log beside it, whatever SQLite opens it.
        copy.rows("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()


class _RestlessError(Exception):
    """Others commit so often that a copy in steps never ends."""


class Watch:
    """Told after each step of a copy; stops it where it waits too long or is no longer wanted."""

    def __init__(
        self,
        target: Path,
        is_wanted: Callable[[], bool],
        step: int,
        *,
        nap: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._target = target
        self._is_wanted = is_wanted
        self._step = step
        self._nap = nap
        self._monotonic = monotonic
        self._since: float | None = None
        self._left: int | None = None
        self._restarts = 0

    def __call__(self, status: int, left: int, _: int) -> None:
        """``status`` is SQLite's result of the step, ``left`` the number of pages to go."""
        if not self._is_wanted():
            raise NotWantedError
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            self._wait()
            return
        self._since = None
        if self._left is not None and left >= self._left:
            self._restarts += 1
            if self._restarts > _RESTARTS:
                raise _RestlessError
        self._left = left
        if self._step > 0 and left:
            self._nap(_BREATHER)

    def _wait(self) -> None:
        now = self._monotonic()
        self._since = now if self._since is None else self._since
        if now - self._since >= PATIENCE:
            raise BusyError(
                f"{self._target} was not made: others kept the project locked for too long.",
                "Nothing was written. Try again; close programs that hold the file open.",
            )
