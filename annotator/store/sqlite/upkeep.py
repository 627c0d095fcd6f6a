"""Looking after a project file: backups, checks, and repairs that the log knows about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import gettempdir

from annotator.core.annotation import Record
from annotator.core.edits import Edit
from annotator.core.ids import Clock
from annotator.errors import AnnotatorError, ProjectError
from annotator.store.sqlite import file_checks, row_checks
from annotator.store.sqlite.backups import back_up, backup_place
from annotator.store.sqlite.connection import Connection
from annotator.store.sqlite.daily_backup import back_up_today
from annotator.store.sqlite.failures import RESTORE
from annotator.store.sqlite.mending import Mending
from annotator.store.sqlite.replaying import Replay
from annotator.store.sqlite.store_part import StorePart
from annotator.store.upkeep import Fault, Finding, Replayed

Check = Callable[[Connection], Iterator[Fault]]


class SqliteUpkeep(StorePart):
    """Looks after an open project; see ``annotator.store.upkeep.Upkeep`` for what each promises."""

    def __init__(self, connection: Connection, *, clock: Clock, ids: Callable[[], str]) -> None:
        super().__init__(connection, clock=clock, ids=ids)
        self._mending = Mending(connection, clock=clock, ids=ids)
        self._rescued: Path | None = None

    def back_up(self, target: Path) -> None:
        """Copy the project, as it is at one moment while others write, to a new file, verified."""
        back_up(self._db, target, self._ids)

    def back_up_for(self, reason: str, spare: Sequence[Path] = ()) -> Path:
        """A copy of the project as it is, damaged or not, among the backups beside it."""
        target = backup_place(self._db.path, reason, self._clock, spare=spare)
        back_up(self._db, target, self._ids, verified=False)
        return target

    def is_gone(self) -> bool:
        """Whether the project lost its name while it was open; a look at the folder."""
        return not self._db.has_name

    def rescue(self) -> Path | None:
        """A copy of a project whose file was moved, deleted or replaced while it was open.

        One for each time: nothing is written to a file without its name. Where its folder went as
        well, the copy lies in the system's folder for temporary files.
        """
        if self._db.has_name:
            self._rescued = None
        elif self._rescued is None:
            try:
                self._rescued = self.back_up_for("rescued")
            except AnnotatorError:
                target = Path(gettempdir()) / f"{self._db.path.stem}.rescued.{self._ids()}.db"
                back_up(self._db, target, self._ids, verified=False)
                self._rescued = target
        return self._rescued

    def back_up_today(self, is_wanted: Callable[[], bool]) -> Path | None:
        """The day's copy, where one is due; old ones go."""
        return back_up_today(self._db.path, clock=self._clock, ids=self._ids, is_wanted=is_wanted)

    def snapshot(self) -> AbstractContextManager[None]:
        """Several reads that see one and the same state."""
        return self._db.snapshot()

    def faults_of_file(self) -> Iterator[Fault]:
        """What is wrong with the file, its tables and the documents' texts."""
        for check in file_checks.CHECKS:
            yield from self._faults(check)

    def faults_of_rows(self) -> Iterator[Fault]:
        """What belongs to nothing, positions outside their texts, and broken stacks of undo."""
        for check in row_checks.CHECKS:
            yield from self._faults(check)

    def _faults(self, check: Check) -> Iterator[Fault]:
        """What a check finds; what stops it is a finding itself, and the others go on."""
        try:
            yield from check(self._db)
        except ProjectError as error:
            name = check.__name__.replace("_", " ")
            yield Fault(
                Finding(
                    kind="damage",
                    message=f"the check of {name} ended early: {error.message}",
                    advice=error.hint or RESTORE,
                )
            )

    def replayed(self, document: str | None) -> Iterator[Replayed]:
        """Every record of a document (id), kind by kind; of None, the project's actors."""
        yield from Replay(self._db).of(document)

    def mend(
        self, session: str, record: Replayed, after: Record | None, *, undoable: bool
    ) -> Edit | None:
        """Make the record what ``after`` is (None: gone), whatever is stored, and log it."""
        return self._mending.mend(session, record, after, undoable=undoable)
