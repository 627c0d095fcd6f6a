"""Putting a backup in the place of a project, which is kept beside it.

The backup is only read. Everything is checked on a copy before the project is touched, and the
project's file, with any journal or log beside it, has a second name before it loses its first.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from annotator.core.ids import Clock, new_id
from annotator.errors import BusyError, ProjectError, UsageError
from annotator.store.sqlite.backups import backup_place, check_whole
from annotator.store.sqlite.connection import Connection
from annotator.store.sqlite.holders import need_alone
from annotator.store.sqlite.publishing import (
    LOGS,
    beside,
    disk_told,
    draft_of,
    logs_of,
    need_folder,
    publish,
    sync,
    sync_folder,
    take_rights,
)


def restore_project(
    path: Path, backup: Path, *, clock: Clock = time.time, ids: Callable[[], str] = new_id
) -> Path | None:
    """Make ``path`` what ``backup`` is; gives the name under which the former file is kept.

    None where there was none. Raises ProjectError where the backup is missing, no project, damaged
    or of a newer version, UsageError where both are one file, and BusyError where the project or
    the backup is open in another program, as far as the system tells, or the disk refuses.
    """
    if not backup.is_file():
        what = "is no regular file" if backup.exists() else "is not there"
        raise ProjectError(f"{backup} {what}.", "Name a file that `backup` made.")
    if path.exists() and path.samefile(backup):
        raise UsageError(f"{backup} is the project itself.", "Name a file that `backup` made.")
    if path.is_dir():
        raise ProjectError(f"{path} is a folder, not a project file.", "Name the file in it.")
    path = Path(os.path.realpath(path))
    need_folder(path)
    need_alone(backup)
    with draft_of(path, ids) as draft:
        with disk_told(path):
            _copy_files(backup, draft)
        _settle(draft, backup)
        if not path.exists() and not logs_of(path):
            with disk_told(path):
                sync(draft)
            publish(draft, path)
            return None
        need_alone(path)
        with _locked(path):
            kept = backup_place(path, "before-restore", clock, spare=[backup])
            with disk_told(path):
                if path.exists():
                    take_rights(path, draft)
                sync(draft)
                _keep(path, kept)
                draft.replace(path)
                sync_folder(path)
    return kept


def _copy_files(source: Path, target: Path) -> None:
    """Copy a file with what SQLite has not yet brought into it. Raises OSError."""
    for ending in ("", *LOGS):
        if beside(source, ending).exists():
            shutil.copyfile(beside(source, ending), beside(target, ending))


def _settle(draft: Path, backup: Path) -> None:
    """Bring the copy into one file that is whole and in the journal mode of a new project."""
    connection = Connection(draft, "rw", known_as=backup)
    try:
        connection.rows("PRAGMA journal_mode = DELETE")
    finally:
        connection.close()
    check_whole(draft, backup)
    connection = Connection(draft, "rw", known_as=backup)
    try:
        connection.choose_journal()
    finally:
        connection.close()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep others from reading and writing the project, where it is one that can be locked."""
    connection = None
    try:
        try:
            connection = Connection(path, "rw", patience=0)
            # What a killed program left is brought into the file; a log that others use is busy.
            connection.rows("PRAGMA journal_mode = DELETE")
            connection.rows("BEGIN EXCLUSIVE")
        except ProjectError:
            # Damaged, or no project at all: nobody can be working in it.
            pass
        except BusyError:
            if path.exists():
                raise
        yield
    finally:
        if connection is not None:
            connection.close()


def _keep(path: Path, kept: Path) -> None:
    """Give the file and its logs second names, then free the logs' first ones. Raises OSError."""
    found = [ending for ending in ("", *LOGS) if beside(path, ending).exists()]
    for ending in found:
        try:
            os.link(beside(path, ending), beside(kept, ending))
        except OSError:
            shutil.copyfile(beside(path, ending), beside(kept, ending))
    sync_folder(kept)
    for ending in (*(e for e in found if e), "-shm"):
        beside(path, ending).unlink(missing_ok=True)
