"""What the parts of the store share: the connection, the clock and the source of ids."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from annotator.core.ids import Clock
from annotator.store.sqlite.connection import Connection


def utc(seconds: float) -> str:
    """Seconds since the epoch as UTC, ISO 8601 with milliseconds: ``2026-11-22T21:44:00.000Z``."""
    stamp = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return stamp.removesuffix("+00:00") + "Z"


class StorePart:
    """Base of the parts that make up ``SqliteStore``, one for each family of tables."""

    def __init__(self, connection: Connection, *, clock: Clock, ids: Callable[[], str]) -> None:
        self._db = connection
        self._clock = clock
        self._ids = ids

    def _now(self) -> str:
        return utc(self._clock())
