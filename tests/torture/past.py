"""The project as it was after each edit, from its log alone; and whether log and state agree."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from annotator.core.annotation import Record
from annotator.core.document import Sentence
from annotator.core.edits import decode_record
from annotator.store.base import Store
from annotator.store.sqlite.project import open_project

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
    """The whole log, oldest first, by plain SQL."""
    raw = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
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


def findings(path: Path) -> list[str]:
    """What is wrong with a project: SQLite's own checks, the order of the log, log against state."""
    raw = sqlite3.connect(path)
    try:
        found = [str(row) for row in raw.execute("PRAGMA integrity_check") if row != ("ok",)]
        found += [f"dangling: {row}" for row in raw.execute("PRAGMA foreign_key_check")]
    finally:
        raw.close()
    steps = read_log(path)
    found += [
        f"edit {later.number} has an id before that of edit {earlier.number}"
        for earlier, later in pairwise(steps)
        if earlier.session == later.session and earlier.id >= later.id
    ]
    try:
        *_, logged = states(steps)
    except BrokenLogError as error:
        return [*found, str(error)]
    with open_project(path) as store:
        stored = {record.id: record for record in all_records(store)}
    untouched = {
        id
        for id, record in stored.items()
        if isinstance(record, Sentence) and record.revision == 1 and id not in logged
    }
    return found + [
        f"the log says {logged.get(id)}, the tables say {stored.get(id)}"
        for id in (logged.keys() | stored.keys()) - untouched
        if logged.get(id) != stored.get(id)
    ]


def all_records(store: Store) -> Iterator[Record]:
    """Every record of a project."""
    yield from store.actors()
    for info in store.documents(""):
        yield from store.sentences(info.id)
        for annotator in store.annotators():
            made = store.annotations(info.id, annotator.id)
            yield from (*made.spans, *made.relations, *made.unit_labels, *made.suggestions)
            yield from made.sentence_marks
            if made.document_mark is not None:
                yield made.document_mark
