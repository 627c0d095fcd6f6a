"""One connection to a project file: transactions, waiting for others, and errors a person can read.

All SQL of the package runs through here. Python's own transaction handling is off: a transaction
begins with BEGIN IMMEDIATE, so that nobody ever has to go from reading to writing half-way, which
is what makes SQLite give up at once with "database is locked".
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from annotator.errors import BusyError
from annotator.store.sqlite.failures import is_busy, moved, told

WAL_SAFE = (3, 51, 3)
"""The first SQLite without the WAL-reset corruption bug."""

SYNC = "EXTRA"
"""FULL does not sync the folder when a commit has deleted the rollback journal: after a power cut
the journal may be there again, and would take the last edit back."""

PATIENCE = 30.0
"""Seconds to wait for others before giving up."""

_LONGEST_NAP = 0.002
"""Seconds. Naps do not grow with the waiting time, so that who waits longest is not served last."""

_PAUSE = 0.001
"""Seconds between two transactions in which those who wait look in by themselves."""
_TURN = 0.04
"""Seconds for which one may write without such a pause; then the others are let in."""
_WAY = 0.004
"""Seconds that are left to them: twice the longest nap."""

_UNTOLD = 0.5
"""Seconds of waiting after which it is told, before anybody thinks that the program hangs."""
_TELL_EVERY = 1.0

ALL = -1
"""To SQLite, a negative limit is none."""
A_FEW = 250
"""Rows that are read in about a millisecond."""
_READINGS = 10
"""Readings that others may spoil by writing meanwhile; at the next one they have to wait."""

_SPILL = 50_000
"""Pages (200 MB) that a transaction may change before SQLite writes some of them to the file: from
then on nobody else could even read until it ends."""

Row = tuple[Any, ...]
T = TypeVar("T")

Waiting = Callable[[float], None]
"""Told for how many seconds a call has waited for other processes by now; 0: no longer."""


class Turns:
    """Threads that share a connection take turns; who has to wait is told as of other processes.

    Who waits comes next: a thread that works without a pause would else take the lock again before
    the one that it wakes is awake. A thread may enter again what it is in.

    Ctrl-c may come between any two steps here. So both locks are of the kind that knows its thread:
    who was interrupted never waits for itself while it ends.
    """

    def __init__(self, waiting: Callable[[], Waiting | None]) -> None:
        self._lock = threading.RLock()
        self._next = threading.RLock()
        self._owner: int | None = None
        self._depth = 0
        self._waiting = waiting

    @property
    def is_wanted(self) -> bool:
        """Whether a thread waits for its turn."""
        if self._next.acquire(blocking=False):
            self._next.release()
            return False
        return True

    def __enter__(self) -> None:
        me = threading.get_ident()
        if self._owner != me:
            self._acquire(self._next)
            try:
                self._acquire(self._lock)
            finally:
                self._next.release()
            self._owner = me
        self._depth += 1

    def __exit__(self, *_: object) -> None:
        self._depth -= 1
        if not self._depth:
            self._owner = None
            self._lock.release()

    def _acquire(self, lock: threading.RLock) -> None:
        if lock.acquire(timeout=_UNTOLD):
            return
        seconds, waiting = _UNTOLD, self._waiting()
        try:
            while True:
                if waiting is not None:
                    waiting(seconds)
                if lock.acquire(timeout=_TELL_EVERY):
                    return
                seconds += _TELL_EVERY
        finally:
            if waiting is not None:
                waiting(0)


class Connection:
    """A connection to one project file.

    ``mode`` is ``rw``, ``ro`` or ``rwc`` (create). ``patience`` is in seconds; ``waiting`` is told
    when a call waits for longer than a moment. Errors speak of the file as ``known_as``. Threads
    may share a connection: each transaction keeps the others out until it ends.

    With a rollback journal no process can commit while another reads. ``at_once`` is how many rows
    of a long query are read without a pause for those who write; ALL makes them wait for the end.
    """

    def __init__(
        self,
        path: Path,
        mode: str = "rw",
        *,
        known_as: Path | None = None,
        patience: float = PATIENCE,
        waiting: Waiting | None = None,
        at_once: int = ALL,
        nap: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path = path if known_as is None else known_as
        self.read_only = mode == "ro"
        self.waiting = waiting
        self.at_once = at_once
        self._patience = patience
        self._nap = nap
        self._monotonic = monotonic
        self._lock = Turns(lambda: self.waiting)
        self._depth = 0
        self._turn_since = self._wrote_at = 0.0
        self._file = path.absolute()
        uri = f"file:{quote(os.fsencode(self._file))}?mode={mode}"
        with told(self.path):
            self.raw = sqlite3.connect(
                uri,
                uri=True,
                timeout=0,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=256,
            )
        self._settle()
        self._identity = self._identify()

    def _identify(self) -> tuple[int, int] | None:
        """Device and number of the file that has the name now, if there is one."""
        try:
            found = os.stat(self._file)  # noqa: PTH116 - before each write
        except OSError:
            return None
        return found.st_dev, found.st_ino

    @property
    def has_name(self) -> bool:
        """Whether the file is still the one of its name: not moved, deleted or replaced."""
        return self._identify() == self._identity

    def _check_name(self) -> None:
        """SQLite itself looks only where it makes a journal, and so never while it keeps a log."""
        if not self.has_name:
            raise moved(self.path)

    def _settle(self) -> None:
        try:
            settings = ("foreign_keys = ON", f"synchronous = {SYNC}", f"cache_spill = {_SPILL}")
            for pragma in settings:
                self.rows(f"PRAGMA {pragma}")
            self.rows("PRAGMA schema_version")
        except BaseException:
            self.raw.close()
            raise

    def close(self) -> None:
        """Roll back what is unfinished and let the file go; a second call does nothing."""
        with told(self.path), self._lock:
            self.raw.close()

    def choose_journal(self) -> None:
        """Write-ahead log where this SQLite may be trusted with it, rollback journal elsewhere."""
        safe = sqlite3.sqlite_version_info >= WAL_SAFE
        self.rows(f"PRAGMA journal_mode = {'WAL' if safe else 'DELETE'}")

    def leave_unsafe_log(self) -> None:
        """Go back to the rollback journal where the file has a log that this SQLite may corrupt."""
        if self.read_only or sqlite3.sqlite_version_info >= WAL_SAFE:
            return
        if self.rows("PRAGMA journal_mode")[0][0] == "wal":
            self.choose_journal()

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """All rows of a query."""
        with self._lock:
            return self._attempt(self._fetch, sql, values)

    def _fetch(self, sql: str, values: Sequence[object]) -> list[Row]:
        return self.raw.execute(sql, values).fetchall()

    def each(self, sql: str, values: Sequence[object] = ()) -> Iterator[Row]:
        """The rows of a query one by one: for many, cheaper than holding them all at once.

        Only inside ``at_one_moment``, ``snapshot`` or ``transaction``. Where others are let in, the
        query must not sort, which it would do anew for each few rows.
        """
        if self.at_once != ALL and not self.raw.in_transaction:
            yield from self._by_a_few(sql, values)
            return
        with told(self.path), self._lock:
            # Not "yield from", which would close the cursor of a connection that may be closed.
            for row in self._attempt(self.raw.execute, sql, values):  # noqa: UP028
                yield row

    def _by_a_few(self, sql: str, values: Sequence[object]) -> Iterator[Row]:
        at = 0
        while True:
            few = self.rows(f"{sql} LIMIT ? OFFSET ?", (*values, self.at_once, at))
            yield from few
            at += len(few)
            if len(few) < self.at_once:
                return

    def each_of(self, ids: Sequence[str], sql: str) -> Iterator[Row]:
        """The rows of a query whose one value is a JSON array of ids; as ``each``."""
        few = len(ids) if self.at_once == ALL else self.at_once
        for at in range(0, len(ids), max(few, 1)):
            yield from self.rows(sql, (json.dumps(ids[at : at + few]),))

    def row(self, sql: str, values: Sequence[object] = ()) -> Row | None:
        """The first row of a query, if there is one."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def write(self, sql: str, values: Sequence[object] = ()) -> int:
        """Run one statement of the open transaction; gives the number of rows touched."""
        with self._lock:
            self._check_open()
            return self._attempt(self.raw.execute, sql, values).rowcount

    def write_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement of the open transaction for each row of values."""
        with self._lock:
            self._check_open()
            with told(self.path):
                self.raw.executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside, or none. One inside another is a savepoint of the outer one."""
        with self._lock:
            level, self._depth = self._depth, self._depth + 1
            try:
                yield from self._inside(level)
            finally:
                self._depth = level

    def _inside(self, level: int) -> Iterator[None]:
        name = f"level_{level}"
        if level:
            self._check_open()
        else:
            self._give_way()
        self._run(f"SAVEPOINT {name}" if level else "BEGIN IMMEDIATE")
        try:
            if not level:
                self._check_name()
            yield
            self._check_open()
            self._run(f"RELEASE {name}" if level else "COMMIT")
        except BaseException:
            # A full disk makes SQLite roll back by itself.
            if self.raw.in_transaction:
                self._run(f"ROLLBACK TO {name}" if level else "ROLLBACK")
                if level:
                    self._run(f"RELEASE {name}")
            raise
        finally:
            self._wrote_at = self._monotonic()

    def _give_way(self) -> None:
        """Let those in who wait, now and then: who writes without a pause always comes first."""
        now = self._monotonic()
        if now - self._wrote_at > _PAUSE:
            self._turn_since = now
        elif now - self._turn_since > _TURN:
            self._nap(_WAY)
            self._turn_since = self._monotonic()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Several queries that see one and the same state."""
        with self._lock:
            if self.raw.in_transaction:
                yield
                return
            self._run("BEGIN")
            try:
                yield
            finally:
                if self.raw.in_transaction:
                    self._run("ROLLBACK")

    def at_one_moment(self, read: Callable[[], T]) -> T:
        """What ``read`` finds by several queries of one and the same state.

        Where others are let in between, it is read again when one of them has written.
        """
        with self._lock:
            if self.at_once != ALL and not self.raw.in_transaction:
                for _ in range(_READINGS):
                    before = self.moment()
                    found = read()
                    if self.moment() == before:
                        return found
            with self.snapshot():
                return read()

    def moment(self) -> int:
        """A number that differs when another connection has written since; SQLite keeps it."""
        return int(self.rows("PRAGMA data_version")[0][0])

    def _check_open(self) -> None:
        with told(self.path):
            open_ = self.raw.in_transaction
        if not open_:
            raise BusyError(
                f"The change to {self.path} was rolled back before it was complete.",
                "This change was not written. Try again.",
            )

    def _run(self, sql: str) -> None:
        self._attempt(self.raw.execute, sql)

    def _attempt(self, action: Callable[..., T], *arguments: object) -> T:
        """Do it, waiting for other processes as long as patience lasts."""
        with told(self.path):
            try:
                return action(*arguments)
            except sqlite3.OperationalError as error:
                if not is_busy(error):
                    raise
                return self._attempt_again(error, action, arguments)

    def _attempt_again(
        self, error: sqlite3.OperationalError, action: Callable[..., T], arguments: Sequence[object]
    ) -> T:
        """Nap and try, until it is done or patience is at its end; then raise the last error."""
        began = now = self._monotonic()
        tell = began + _UNTOLD
        try:
            while now < began + self._patience:
                self._nap(random.uniform(_LONGEST_NAP / 8, _LONGEST_NAP))
                try:
                    return action(*arguments)
                except sqlite3.OperationalError as again:
                    if not is_busy(again):
                        raise
                    error = again
                now = self._monotonic()
                if now >= tell and self.waiting is not None:
                    self.waiting(now - began)
                    tell = now + _TELL_EVERY
            raise error
        finally:
            if tell > began + _UNTOLD and self.waiting is not None:
                self.waiting(0)
