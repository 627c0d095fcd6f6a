"""Making and opening project files."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from pathlib import Path

from annotator.core.ids import Clock, new_id
from annotator.errors import BusyError, ProjectError
from annotator.store.sqlite.connection import PATIENCE, Connection
from annotator.store.sqlite.file_format import needs_migration
from annotator.store.sqlite.store import SqliteStore
from annotator.store.sqlite.store_part import utc

_NO_HARD_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK})


def create_project(
    path: Path,
    schema_source: str,
    *,
    clock: Clock = time.time,
    ids: Callable[[], str] = new_id,
    patience: float = PATIENCE,
) -> SqliteStore:
    """Make a project file with this schema (TOML) in force, and open it.

    The file appears complete or not at all. Raises SchemaError, ProjectError where there is a file
    of that name or no such folder, and BusyError where the disk refuses.
    """
    from annotator.core.schema_file import parse_schema

    schema = parse_schema(schema_source, "the schema")
    _refuse_existing(path)
    if not path.absolute().parent.is_dir():
        raise ProjectError(
            f"{path} cannot be made: there is no folder {path.absolute().parent}.",
            "Make the folder first.",
        )
    draft = path.absolute().with_name(f".{path.name}.{ids()}")
    try:
        _write_draft(draft, (schema.name, schema.version, schema_source), clock, ids)
        _publish(draft, path)
    finally:
        for leftover in (
            draft,
            Path(f"{draft}-journal"),
            Path(f"{draft}-wal"),
            Path(f"{draft}-shm"),
        ):
            leftover.unlink(missing_ok=True)
    return open_project(path, clock=clock, ids=ids, patience=patience)


def _refuse_existing(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise ProjectError(f"{path} exists already.", "Choose another name, or open it as it is.")


def _write_draft(
    draft: Path, schema: tuple[str, int, str], clock: Clock, ids: Callable[[], str]
) -> None:
    from annotator.store.sqlite.migrations import migrate

    connection = Connection(draft, "rwc")
    try:
        connection.choose_journal()
        migrate(connection)
        now = utc(clock())
        with connection.transaction():
            connection.write("INSERT INTO project (id, time) VALUES (?, ?)", (ids(), now))
            connection.write(
                "INSERT INTO schema (id, name, version, source, active, time)"
                " VALUES (?, ?, ?, ?, 1, ?)",
                (ids(), *schema, now),
            )
    finally:
        connection.close()


def _publish(draft: Path, path: Path) -> None:
    """Give the finished file its name, never taking that of another."""
    try:
        try:
            os.link(draft, path)
        except FileExistsError:
            _refuse_existing(path)
            raise
        except OSError as error:
            if error.errno not in _NO_HARD_LINKS:
                raise
            _refuse_existing(path)
            draft.rename(path)
        folder = os.open(path.absolute().parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise BusyError(
            f"{path} cannot be written: {error.strerror}.", "Check the folder and the disk."
        ) from error


def open_project(
    path: Path,
    *,
    read_only: bool = False,
    clock: Clock = time.time,
    ids: Callable[[], str] = new_id,
    patience: float = PATIENCE,
) -> SqliteStore:
    """Open a project file, migrating it (after a backup beside it) where its format is older.

    A file that may only be read opens as well; writing then raises BusyError. ``patience`` is how
    many seconds to wait for other processes. Raises ProjectError where the file is missing, not
    readable, damaged, no project, or made by a newer version.
    """
    _check_file(path)
    connection = Connection(path, "ro" if read_only else "rw", patience=patience)
    try:
        if needs_migration(connection):
            _migrate_with_backup(connection, clock)
        connection.leave_unsafe_log()
    except BaseException:
        connection.close()
        raise
    return SqliteStore(connection, clock=clock, ids=ids)


def _check_file(path: Path) -> None:
    """Look at the outside only: opening the file by other means would drop SQLite's locks on it."""
    if path.is_dir():
        raise ProjectError(f"{path} is a folder, not a project file.", "Name the file in it.")
    if not path.exists():
        raise ProjectError(f"There is no project {path}.", "Make one with `init`, or name another.")
    if not path.is_file():
        raise ProjectError(f"{path} is not a regular file.", "Name the file that `init` made.")
    if not os.access(path, os.R_OK):
        raise ProjectError(f"{path} may not be read.", "Change its permissions.")


def _migrate_with_backup(connection: Connection, clock: Clock) -> None:
    from annotator.store.sqlite.migrations import back_up, migrate

    path = connection.path
    if connection.read_only:
        raise ProjectError(
            f"{path} has an older format, and is open for reading only.",
            "Open it once for writing, which migrates it.",
        )
    version = connection.rows("PRAGMA user_version")[0][0]
    stamp = utc(clock()).replace(":", "").replace("-", "").replace(".", "")
    back_up(connection, path.with_name(f"{path.stem}.format-{version}.{stamp}{path.suffix}"))
    migrate(connection)
