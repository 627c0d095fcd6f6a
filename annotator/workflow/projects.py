"""Making and opening projects, and who sits at them. The one place that knows which store it is."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path

from annotator.core.schema import Schema
from annotator.core.schema_file import parse_schema
from annotator.errors import ProjectError
from annotator.store.base import Store
from annotator.workflow.resources import DEFAULT_SCHEMA, schema_text

DEFAULT_FILE = "annotations.db"
FALLBACK_NAME = "annotator"


def init(path: Path, schema: str = DEFAULT_SCHEMA) -> Store:
    """Make a project with a shipped schema or one in a file.

    Raises ProjectError where there is a file already, SchemaError, NotFoundError or InputError for
    the schema.
    """
    from annotator.store.sqlite.project import create_project

    source, file = schema_text(schema)
    parse_schema(source, file)
    if path.exists():
        raise ProjectError(
            f"{path}: there is a file already", "Choose another with -p, or move this one away."
        )
    return create_project(path, source)


def open_existing(path: Path, waiting: Callable[[float], None] | None = None) -> Store:
    """Open a project; ``waiting`` is told as ``Store.tell_waiting`` says, from now on.

    Raises ProjectError where there is none, or it is foreign or damaged.
    """
    from annotator.store.sqlite.project import open_project

    return open_project(path, waiting=waiting)


def open_beside(path: Path) -> Store:
    """Open a project to read much of it beside somebody's keys, none of which waits for that.

    Raises ProjectError.
    """
    from annotator.store.sqlite.connection import A_FEW
    from annotator.store.sqlite.project import open_project

    return open_project(path, at_once=A_FEW)


def restore(path: Path, backup: Path) -> Path | None:
    """Put a backup in the project's place; gives where the former file is kept, if there was one.

    Raises ProjectError, and changes nothing, where the backup is missing, damaged, no project or of
    a newer version; UsageError where both are one file; BusyError where somebody has the project
    open, or the disk refuses.
    """
    from annotator.store.sqlite.restoring import restore_project

    return restore_project(path, backup)


def open_for_reading(path: Path) -> Store:
    """Open a project that is not to be changed in any way. Raises ProjectError."""
    from annotator.store.sqlite.project import open_project

    return open_project(path, read_only=True)


def default_schema() -> Schema:
    """The schema that a project is made with where none is named."""
    return parse_schema(*schema_text(DEFAULT_SCHEMA))


def open_or_init(path: Path) -> tuple[Store, bool]:
    """Open the project, or make one with the default schema; says whether it was made."""
    if not path.exists():
        try:
            return init(path), True
        except ProjectError:
            if not path.exists():
                raise
            # Another process made it just now.
    return open_existing(path), False


def login_name() -> str:
    """The name of the person at this machine; a stand-in where the system knows none."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError, ImportError):
        name = ""
    return "".join(c for c in name if c.isprintable()).strip() or FALLBACK_NAME
