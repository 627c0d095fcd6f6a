"""How far a project is: documents, sentences done, labels, and the time that went into it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, field

from annotator.errors import NotFoundError
from annotator.store.base import DocumentInfo, Store
from annotator.store.counts import LabelCount

LOG_LIMIT = 20_000
"""How many edits, from the newest back, the time is summed over."""
PAUSE = 300.0
"""Seconds between two edits of a session from which on the annotator was away."""


MAKING = frozenset(["label", "link", "accept", "correct"])
"""Verbs of edits that make an annotation or a tie."""


class Answers(Struct, frozen=True):
    """What became of an engine's suggestions so far; ``engine`` is empty where none was told."""

    engine: str
    open: int = 0
    accepted: int = 0
    corrected: int = 0
    rejected: int = 0

    @property
    def answered(self) -> int:
        """How many got an answer."""
        return self.accepted + self.corrected + self.rejected


class Progress(Struct, frozen=True, kw_only=True):
    """The figures for one annotator; of ``document_count`` documents, ``documents`` are listed.

    ``seconds`` is the time between edits of one session that lie less than PAUSE apart, and
    ``seconds_in`` that of each document (id); ``seconds_from`` says how many of the newest edits it
    was summed over, of all annotators, and ``made`` how many of the annotator's own among them made
    an annotation or a tie. ``keys`` counts those pressed on the screen. ``conflicts`` counts what
    merges left to decide, ``engines`` what was answered to their suggestions.
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
    seconds_in: dict[str, float]
    made: int
    keys: int
    conflicts: int
    engines: tuple[Answers, ...] = ()

    @property
    def annotations(self) -> int:
        """Spans, and labels of sentences and documents."""
        return sum(c.count for c in self.labels)

    @property
    def seconds_a_sentence(self) -> float | None:
        """The time that a sentence took which is done; None without one, or without time."""
        return self.seconds / self.done if self.done and self.seconds else None

    @property
    def keys_a_sentence(self) -> float | None:
        """The keys that a sentence took which is done; None without one, or without keys."""
        return self.keys / self.done if self.done and self.keys else None

    @property
    def made_an_hour(self) -> float | None:
        """Annotations and ties made in an hour's work; None where there was no time."""
        return self.made * 3600 / self.seconds if self.seconds else None


def progress(store: Store, annotator: str, listed: int | None = None) -> Progress:
    """The project's figures for the annotator of that name, who need not be known yet.

    ``listed`` is how many documents to list, the first ones; None for all.
    """
    try:
        id = store.annotator(annotator).id
    except NotFoundError:
        id = ""
    schema = store.schema_in_force()
    work = _work(store, id)
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
        seconds=sum(work.seconds.values()),
        seconds_from=work.edits,
        seconds_in={document: s for document, s in work.seconds.items() if document},
        made=work.made,
        keys=store.keys_pressed(id),
        conflicts=sum(1 for _ in store.conflicts()),
        engines=tuple(answers(store, id)) if id else (),
    )


def answers(store: Store, annotator: str) -> list[Answers]:
    """What became of each engine's suggestions, for an annotator (id)."""
    counts: dict[str, dict[str, int]] = {}
    for found in store.suggestion_counts(annotator):
        row = counts.setdefault(found.engine, {})
        row[found.state] = row.get(found.state, 0) + found.count
    return [Answers(engine, **row) for engine, row in counts.items()]


class _Work(Struct):
    edits: int = 0
    made: int = 0
    seconds: dict[str, float] = field(default_factory=dict)


def _work(store: Store, annotator: str) -> _Work:
    last: dict[str, datetime] = {}
    work = _Work()
    for logged in store.log(limit=LOG_LIMIT, most=0):
        edit = logged.edit
        work.edits += 1
        if edit.annotator != annotator or edit.verb == "import":
            continue
        work.made += edit.verb in MAKING
        time = datetime.fromisoformat(edit.time)
        gap = (last.get(edit.session, time) - time).total_seconds()
        last[edit.session] = time
        if 0 <= gap < PAUSE:
            document = edit.document or ""
            work.seconds[document] = work.seconds.get(document, 0.0) + gap
    return work


def duration(seconds: float) -> str:
    """A time in hours and minutes."""
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"
