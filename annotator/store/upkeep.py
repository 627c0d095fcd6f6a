"""Looking after a project: copies of it, and whether what is stored is whole and as logged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from annotator.core.annotation import Record
from annotator.core.edits import Edit


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that is not as it should be.

    ``kind`` is one word for scripts. ``document`` is a name; ``annotation`` says in words which
    annotation, actor or sentence it is, ``id`` its id. ``advice`` is what to do about it.
    """

    kind: str
    message: str
    advice: str
    document: str | None = None
    annotation: str | None = None
    id: str | None = None


class Fault(Struct, frozen=True):
    """A finding about the store itself, and what mends it.

    ``mend`` repairs it in a transaction of its own and says what it did; None where nothing safe is
    known. A ``fatal`` one makes it unsafe to write to the project at all.
    """

    finding: Finding
    mend: Callable[[], str] | None = None
    fatal: bool = False


class Replayed(Struct, frozen=True, kw_only=True):
    """One record as it is stored, and as the log of edits says that it should be.

    ``fault`` says why what is stored cannot be trusted, ``gaps`` where an edit does not start from
    what the one before it left. ``missing`` holds kind and id of what ``stored`` refers to and is
    not there, ``logged_missing`` the same of ``logged``.
    """

    kind: str
    id: str
    stored: Record | None
    logged: Record | None
    fault: str | None = None
    gaps: tuple[str, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    logged_missing: tuple[tuple[str, str], ...] = ()

    @property
    def record(self) -> Record | None:
        """Whichever side there is; what is stored, if both are."""
        return self.stored if self.stored is not None else self.logged


class Upkeep(Protocol):
    """What looks after one open store. Methods raise ProjectError and BusyError."""

    def back_up(self, target: Path) -> None:
        """Copy the project, as it is at one moment while others write, to a new file, verified.

        The file appears whole or not at all. Raises UsageError where there is one.
        """

    def back_up_for(self, reason: str, spare: Sequence[Path] = ()) -> Path:
        """A copy of the project as it is, damaged or not, among the backups beside it.

        Of each reason a few stay; the oldest go, except those to ``spare``, which are in use.
        """

    def is_gone(self) -> bool:
        """Whether the project lost its name while it was open; next to nothing to find out."""

    def rescue(self) -> Path | None:
        """A copy of a project that lost its name while it was open, among the backups beside it.

        Made once: nothing can be written to such a project. None where it still has its name.
        """

    def back_up_today(self, is_wanted: Callable[[], bool]) -> Path | None:
        """The day's copy, where one is due; old ones go. Another thread may call it.

        It gives up when ``is_wanted``, asked every few milliseconds, says no.
        """

    def snapshot(self) -> AbstractContextManager[None]:
        """Several reads that see one and the same state."""

    def faults_of_file(self) -> Iterator[Fault]:
        """What is wrong with the file, its tables and the documents' texts."""

    def faults_of_rows(self) -> Iterator[Fault]:
        """What belongs to nothing, positions outside their texts, and broken stacks of undo."""

    def replayed(self, document: str | None) -> Iterator[Replayed]:
        """Every record of a document (id), kind by kind; of None, the project's actors."""

    def mend(
        self, session: str, record: Replayed, after: Record | None, *, undoable: bool
    ) -> Edit | None:
        """Make the record what ``after`` is (None: gone), whatever is stored, and log it.

        The edit starts from what the log knew, so that it can be replayed again; it is None where
        the log needs none. Raises RuleError or InputError where ``after`` does not fit, StaleError
        where the record is no longer as ``record`` says.
        """
