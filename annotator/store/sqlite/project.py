"""Making and opening project files."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from annotator.core.ids import Clock, new_id
from annotator.errors import BusyError, ProjectError
from annotator.store.sqlite.connection import ALL, PATIENCE, Connection, Waiting
from annotator.store.sqlite.failures import is_refused
from annotator.store.sqlite.file_format import needs_migration
from annotator.store.sqlite.publishing import (
    draft_of,
    logs_of,
    need_folder,
    publish,
    refuse_existing,
)
from annotator.store.sqlite.store import SqliteStore
from annotator.store.sqlite.store_part import utc


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
    refuse_existing(path)
    need_folder(path)
    with draft_of(path, ids) as draft:
        _write_draft(draft, (schema.name, schema.version, schema_source), clock, ids)
        publish(draft, path)
    return open_project(path, clock=clock, ids=ids, patience=patience)


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


def open_project(
    path: Path,
    *,
    read_only: bool = False,
    waiting: Waiting | None = None,
    at_once: int = ALL,
    clock: Clock = time.time,
    ids: Callable[[], str] = new_id,
    patience: float = PATIENCE,
) -> SqliteStore:
    """Open a project file, migrating it (after a backup) where its format is older.

    A file that may only be read opens as well; writing then raises BusyError. ``patience`` is how
    many seconds to wait for other processes, of which ``waiting`` is told; ``at_once`` how many
    rows to read before these may write (see ``Connection``). Raises ProjectError where the file is
    missing, not readable, damaged, no project, or made by a newer version.
    """
    _check_file(path)
    connection = _connected(path, "ro" if read_only else "rw", patience, waiting, at_once)
    try:
        if needs_migration(connection):
            _migrate_with_backup(connection, clock, ids)
        connection.leave_unsafe_log()
    except BaseException:
        connection.close()
        raise
    return SqliteStore(connection, clock=clock, ids=ids)


def _connected(
    path: Path, mode: str, patience: float, waiting: Waiting | None, at_once: int
) -> Connection:
    try:
        return Connection(path, mode, patience=patience, waiting=waiting, at_once=at_once)
    except BusyError as error:
        if not (is_refused(error) and not os.access(path.absolute().parent, os.W_OK)):
            raise
        logs = [str(log) for log in logs_of(path)]
        why = f"{' and '.join(logs)} must be played into it" if logs else "it is kept with a log"
        raise BusyError(
            f"{path} cannot be read in a folder where nothing may be written: {why}.",
            "It is untouched. Copy it, with all files whose names begin like its own, to a folder"
            " in which you may write, and open the copy.",
        ) from error


def _check_file(path: Path) -> None:
    """Look at the outside only: opening the file by other means would drop SQLite's locks on it."""
    if path.is_dir():
        raise ProjectError(f"{path} is a folder, not a project file.", "Name the file in it.")
    if not path.exists():
        raise ProjectError(f"{path}: there is no project here.", _missing_hint(path))
    if not path.is_file():
        raise ProjectError(f"{path} is not a regular file.", "Name the file that `init` made.")
    if not os.access(path, os.R_OK):
        raise ProjectError(f"{path} may not be read.", "Change its permissions.")


def _missing_hint(path: Path) -> str:
    logs = logs_of(path)
    if not logs:
        return "Make one with: annotator init. To look around first: annotator demo."
    return f"Its log {logs[0]} is still there: put the file back beside it before you open it."


def _migrate_with_backup(connection: Connection, clock: Clock, ids: Callable[[], str]) -> None:
    from annotator.store.sqlite.backups import back_up, backup_place
    from annotator.store.sqlite.migrations import migrate

    path = connection.path
    if connection.read_only:
        raise ProjectError(
            f"{path} has an older format, and is open for reading only.",
            "Open it once for writing, which migrates it.",
        )
    version = connection.rows("PRAGMA user_version")[0][0]
    back_up(connection, backup_place(path, f"format-{version}", clock), ids)
    migrate(connection)
