"""How a project file says what it is: numbers in its header that every SQLite tool shows."""

from __future__ import annotations

from typing import Final

from annotator.errors import ProjectError
from annotator.store.sqlite.connection import Connection
from annotator.store.sqlite.failures import RESTORE

APPLICATION_ID: Final = 0x416E_6E6F
""""Anno" in ASCII, in the header field that SQLite keeps for applications."""

FORMAT: Final = 10
"""The number of migrations that make the current format; kept in ``user_version``."""


def needs_migration(connection: Connection) -> bool:
    """Whether the file is a project of an older format.

    Raises ProjectError where it is no project, or one that a newer version made.
    """
    application, version = (
        connection.rows(f"PRAGMA {name}")[0][0] for name in ("application_id", "user_version")
    )
    path = connection.path
    if application != APPLICATION_ID:
        empty = not connection.rows("SELECT 1 FROM sqlite_schema LIMIT 1")
        raise ProjectError(
            f"{path} is {'an empty file' if empty else 'an SQLite file'}, but not a project.",
            "Name the file that `init` made, or make one with `init`.",
        )
    if version < 0:
        raise ProjectError(f"{path} is damaged: its format is {version}.", RESTORE)
    if version > FORMAT:
        raise ProjectError(
            f"{path} has format {version}; this version knows formats up to {FORMAT}.",
            "A newer annotator made it: update, then open it again.",
        )
    return bool(version < FORMAT)
