"""The project as it was after each edit, from its log alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from annotator.core.annotation import Record
from annotator.core.edits import decode_record

Records = dict[str, Record]
"""By id."""


class Step(NamedTuple):
    """One edit of the log with its changes, (before, after) each."""

    number: int
    id: str
    session: str
    verb: str
    changes: tuple[tuple[Record | None, Record | None], ...]


def read_log(path: Path) -> list[Step]:
    """The whole log, oldest first, by plain SQL.

    The connection may write: a commit that was cut short is taken back by whoever reads first.
    """
    raw = sqlite3.connect(path)
    try:
        raw.execute("BEGIN")
        changes: dict[str, list[tuple[Record | None, Record | None]]] = {}
        for edit, before, after in raw.execute(
            "SELECT edit_id, before, after FROM change ORDER BY edit_id, position"
        ):
            changes.setdefault(edit, []).append((_decoded(before), _decoded(after)))
        return [
            Step(*row, tuple(changes.get(row[1], ())))
            for row in raw.execute("SELECT number, id, session_id, verb FROM edit ORDER BY number")
        ]
    finally:
        raw.close()


def _decoded(data: str | None) -> Record | None:
    return None if data is None else decode_record(data)


class BrokenLogError(Exception):
    """A change does not start from what the changes before it have left."""


def states(steps: Sequence[Step]) -> Iterator[Records]:
    """The records before the first step and after each one. Raises BrokenLogError.

    Of the first cut, which is no edit, only the sentences that the log speaks of are known.
    """
    first: dict[str, Record | None] = {}
    for step in steps:
        for before, after in step.changes:
            record = before if before is not None else after
            assert record is not None
            first.setdefault(record.id, before)
    now = {id: record for id, record in first.items() if record is not None}
    yield dict(now)
    for step in steps:
        for before, after in step.changes:
            record = before if before is not None else after
            assert record is not None
            if now.get(record.id) != before:
                raise BrokenLogError(
                    f"edit {step.number} ({step.verb}) starts from {before},"
                    f" where there was {now.get(record.id)}"
                )
            now.pop(record.id, None)
            if after is not None:
                now[record.id] = after
        yield dict(now)
