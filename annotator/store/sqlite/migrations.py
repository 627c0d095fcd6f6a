"""The steps from an empty file to the current format: append-only, each named by what it does.

Imports sqlite_utils (45 ms), so only making and migrating a project import this module. The
connection is always ours: sqlite_utils on its own might open the file with another SQLite library.
"""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from annotator.errors import ProjectError
from annotator.store.sqlite import tables
from annotator.store.sqlite.connection import Connection
from annotator.store.sqlite.failures import told
from annotator.store.sqlite.file_format import APPLICATION_ID

MIGRATIONS = Migrations("annotator")


@MIGRATIONS()
def create_project_schema_annotator_session(db: Database) -> None:
    """Who and what: the project itself, its schemas, annotators and their sessions."""
    _run(db, tables.PROJECT)


@MIGRATIONS()
def create_document_sentence_position(db: Database) -> None:
    """The texts, how they are cut, and where each annotator is in them."""
    _run(db, tables.DOCUMENTS)


@MIGRATIONS()
def create_annotations_actors_suggestions(db: Database) -> None:
    """What annotators make, in one table per kind of record and per kind of detail."""
    _run(db, tables.ANNOTATIONS)


@MIGRATIONS()
def create_edit_change_history(db: Database) -> None:
    """The log, and the tops of the undo and redo stacks."""
    _run(db, tables.HISTORY)


@MIGRATIONS()
def create_views(db: Database) -> None:
    """The common questions: annotations with their text, progress, attributions."""
    _run(db, tables.VIEWS)


@MIGRATIONS()
def version_schema(db: Database) -> None:
    """Which edit put each schema in force, and which schema it took the place of."""
    _run(db, tables.SCHEMA_VERSIONS)


@MIGRATIONS()
def create_setting(db: Database) -> None:
    """What may be chosen for a project."""
    _run(db, tables.SETTINGS)


@MIGRATIONS()
def create_clock_conflict(db: Database) -> None:
    """An order of edits that holds across files, and what a merge could not decide."""
    _run(db, tables.MERGING)


@MIGRATIONS()
def index_flags_count_keys(db: Database) -> None:
    """Where annotations are flagged as doubtful, and how many keys a session took."""
    _run(db, tables.FLAGS_AND_KEYS)


@MIGRATIONS()
def create_model(db: Database) -> None:
    """What engines learned."""
    _run(db, tables.MODELS)


def _run(db: Database, statements: str) -> None:
    """Run each statement by itself: executescript would commit the transaction."""
    for statement in statements.split(";\n"):
        if statement.strip():
            db.conn.execute(statement)


def migrate(connection: Connection, steps: Migrations = MIGRATIONS) -> None:
    """Bring the file to the newest format in one transaction; nothing changes where it fails.

    Foreign keys are off meanwhile, since rebuilding a table would otherwise delete what refers to
    it, and are checked before the commit. A second process that had the same idea waits, and then
    finds nothing left to do. Raises ProjectError where rows refer to nothing, BusyError.
    """
    connection.rows("PRAGMA foreign_keys = OFF")
    try:
        db = Database(connection.raw, execute_plugins=False, recursive_triggers=False)
        with connection.transaction(), told(connection.path):
            steps.apply(db)
            dangling = connection.rows("PRAGMA foreign_key_check")
            if dangling:
                raise ProjectError(
                    f"{connection.path} was not migrated: {len(dangling)} rows refer to rows that"
                    f" do not exist, the first in {dangling[0][0]}.",
                    "The file is unchanged. Run `doctor` with the version that made it.",
                )
            applied = len(steps.applied(db))
            connection.write(f"PRAGMA user_version = {applied}")
            connection.write(f"PRAGMA application_id = {APPLICATION_ID}")
    finally:
        connection.rows("PRAGMA foreign_keys = ON")
