"""The store that keeps a project in one SQLite file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path

from annotator.errors import UsageError
from annotator.store.base import Store
from annotator.store.merge_report import MergeReport
from annotator.store.sqlite.annotation_reader import AnnotationReader
from annotator.store.sqlite.conflict_reader import ConflictReader
from annotator.store.sqlite.connection import Waiting
from annotator.store.sqlite.log_reader import LogReader
from annotator.store.sqlite.model_table import ModelTable
from annotator.store.sqlite.schema_history import SchemaHistory
from annotator.store.sqlite.setting_table import SettingTable
from annotator.store.upkeep import Upkeep


class SqliteStore(
    SchemaHistory, LogReader, SettingTable, ModelTable, AnnotationReader, ConflictReader
):
    """One open project; see ``annotator.store.base.Store`` for what each method promises.

    Made by ``project.create_project`` and ``project.open_project``.
    """

    @property
    def name(self) -> str:
        """The project's name: the file's name without its ending."""
        return self._db.path.stem

    def owns(self, path: Path) -> bool:
        """Whether a path, links followed, is the project file or one of SQLite's beside it."""
        wanted, own = (Path(os.path.realpath(p)) for p in (path, self._db.path))
        logs = (own.with_name(f"{own.name}-{kind}") for kind in ("journal", "wal", "shm"))
        if wanted in (own, *logs):
            return True
        try:
            return wanted.samefile(own)
        except OSError:
            return False

    def tell_waiting(self, listener: Waiting | None) -> None:
        """Have it told, every second, for how long a call has waited for another program."""
        self._db.waiting = listener

    def close(self) -> None:
        """Let the project go; unfinished transactions are rolled back."""
        self._db.close()

    def __enter__(self) -> SqliteStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def transaction(self) -> AbstractContextManager[None]:
        """Several writes as one: all or nothing. One inside another belongs to the outer one."""
        return self._db.transaction()

    def merge(self, sources: Sequence[Store], *, dry_run: bool = False) -> MergeReport:
        """Take in all that other projects have and this one has not, in one transaction."""
        from annotator.store.sqlite.merging import merge_projects

        own = [source for source in sources if isinstance(source, SqliteStore)]
        if len(own) < len(sources):
            raise UsageError("Only projects of the same kind of store can be merged.")
        return merge_projects(self, own, dry_run=dry_run)

    @cached_property
    def upkeep(self) -> Upkeep:
        """What looks after the project: backups, checks and repairs."""
        from annotator.store.sqlite.upkeep import SqliteUpkeep

        return SqliteUpkeep(self._db, clock=self._clock, ids=self._ids)
