"""The day's backup: made beside the work, without a key ever waiting for it noticeably."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from annotator.core.ids import Clock
from annotator.errors import AnnotatorError, BusyError
from annotator.store.sqlite.backups import (
    KEPT,
    NotWantedError,
    always,
    back_up,
    backup_place,
    backups_like,
)
from annotator.store.sqlite.connection import Connection
from annotator.store.sqlite.publishing import disk_told
from annotator.store.sqlite.store_part import utc

DAILY: Final = "daily"

_STEP: Final = 1024
"""Pages copied at once: 4 MB, a few milliseconds."""

_STATE: Final = (
    "SELECT (SELECT max(number) FROM edit), (SELECT max(number) FROM document),"
    " (SELECT max(time) FROM schema)"
)


def back_up_today(
    path: Path,
    *,
    clock: Clock,
    ids: Callable[[], str],
    is_wanted: Callable[[], bool] = always,
    kept: int = KEPT,
) -> Path | None:
    """The day's backup of the project at ``path``, and no more than ``kept`` of such in all.

    None where there is one of this day (UTC), or nothing was annotated, imported or set since the
    last, or it was called off. Uses a connection of its own, so that another thread may call it.
    Raises BusyError where there is no room for it.
    """
    earlier = daily_backups(path)
    if earlier and _day_of(earlier[-1]) == utc(clock())[:10].replace("-", ""):
        return None
    connection = Connection(path, "rw")
    try:
        if earlier and _state_of(earlier[-1]) == connection.row(_STATE):
            return None
        target = backup_place(path, DAILY, clock)
        _need_room(path, target)
        back_up(connection, target, ids, step=_STEP, is_wanted=is_wanted)
    except NotWantedError:
        return None
    finally:
        connection.close()
    for old in daily_backups(path)[:-kept]:
        with disk_told(old):
            old.unlink(missing_ok=True)
    return target


def daily_backups(path: Path) -> list[Path]:
    """The daily backups of a project, the oldest first."""
    return backups_like(path, DAILY)


def _day_of(backup: Path) -> str:
    return backup.stem.rsplit(".", 1)[-1][:8]


def _state_of(backup: Path) -> object:
    """How far the project was when the backup was made; None where it cannot be read."""
    try:
        connection = Connection(backup, "ro")
        try:
            return connection.row(_STATE)
        finally:
            connection.close()
    except AnnotatorError:
        return None


def _need_room(path: Path, target: Path) -> None:
    """A copy must not take the room that the day's work needs."""
    with disk_told(target):
        size, free = path.stat().st_size, shutil.disk_usage(target.parent).free
    if free < 2 * size:
        raise BusyError(
            f"There is no room for the day's backup: it takes {size >> 20} MB, and"
            f" {free >> 20} MB are free.",
            "Free some space, or back up to another disk with: annotator backup FILE.",
        )
