"""How far a project is: documents, sentences done, labels, and the time that went into it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from annotator.errors import NotFoundError
from annotator.store.base import DocumentInfo, Store
from annotator.store.counts import LabelCount

LOG_LIMIT = 20_000
"""How many edits, from the newest back, the time is summed over."""
PAUSE = 300.0
"""Seconds between two edits of a session from which on the annotator was away."""


class Progress(Struct, frozen=True, kw_only=True):
    """The figures for one annotator; of ``document_count`` documents, ``documents`` are listed.

    ``seconds`` is the time between edits of one session that lie less than PAUSE apart;
    ``seconds_from`` says how many of the newest edits it was summed over, of all annotators.
    ``conflicts`` counts what merges left to decide.
    """

    project: str
    schema: str
    schema_version: int
    annotator: str
    annotators: tuple[str, ...]
    document_count: int
    sentences: int
    done: int
    documents: tuple[DocumentInfo, ...]
    labels: tuple[LabelCount, ...]
    seconds: float
    seconds_from: int
    conflicts: int


def progress(store: Store, annotator: str, listed: int | None = None) -> Progress:
    """The project's figures for the annotator of that name, who need not be known yet.

    ``listed`` is how many documents to list, the first ones; None for all.
    """
    try:
        id = store.annotator(annotator).id
    except NotFoundError:
        id = ""
    schema = store.schema()
    seconds, edits = _time(store, id)
    totals = store.totals(id)
    return Progress(
        project=store.name,
        schema=schema.name,
        schema_version=schema.version,
        annotator=annotator,
        annotators=tuple(a.name for a in store.annotators()),
        document_count=totals.documents,
        sentences=totals.sentences,
        done=totals.done,
        documents=tuple(store.documents(id, listed)),
        labels=tuple(store.label_counts(id)),
        seconds=seconds,
        seconds_from=edits,
        conflicts=sum(1 for _ in store.conflicts()),
    )


def _time(store: Store, annotator: str) -> tuple[float, int]:
    last: dict[str, datetime] = {}
    seconds, count = 0.0, 0
    for logged in store.log(limit=LOG_LIMIT, most=0):
        edit = logged.edit
        count += 1
        if edit.annotator != annotator or edit.verb == "import":
            continue
        time = datetime.fromisoformat(edit.time)
        gap = (last.get(edit.session, time) - time).total_seconds()
        last[edit.session] = time
        if 0 <= gap < PAUSE:
            seconds += gap
    return seconds, count
