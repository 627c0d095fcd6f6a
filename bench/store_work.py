"""The mixed edits of the store benchmark: the same for the same seed, done by our store or raw.

Raw is what our store writes, statement by statement with the same values and in the same
transactions, recorded once and done again with nothing but Python's sqlite3.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from msgspec.structs import replace

from annotator.core.annotation import Argument, Relation, SentenceMark, Span, mark_id
from annotator.core.edits import Change, Edit, create, delete, update
from annotator.core.ids import new_id
from annotator.store.sqlite.connection import PATIENCE, SYNC
from annotator.store.sqlite.store import SqliteStore

Statement = tuple[str, Sequence[Any]]


class Worker:
    """One annotator at one document; ``step`` makes the next edit."""

    def __init__(self, store: SqliteStore, annotator: str, session: str, document: str) -> None:
        self._store = store
        self._annotator = annotator
        self._session = session
        self._document = document
        self._text = store.document(document).text
        self._sentences = list(store.sentences(document))
        self._rng = Random(annotator)
        self._spans: list[Span] = []
        self._relations: list[Relation] = []
        self._marks: dict[str, SentenceMark] = {}
        self._redo = False

    def step(self) -> None:
        """One edit: half of them make spans, the others do all else that a person does."""
        choice = self._rng.random()
        if self._redo:
            self._redo = False
            self._take_in(self._store.redo(self._session, self._document))
        elif choice < 0.1 and self._spans:
            self._redo = True
            self._store.undo(self._session, self._document)
        elif choice < 0.55 or len(self._spans) < 4:
            self._apply("label", create(self._new_span()))
        elif choice < 0.7:
            self._change_span()
        elif choice < 0.8:
            self._tie()
        elif choice < 0.9:
            self._mark()
        else:
            self._delete()

    def _apply(self, verb: str, change: Change) -> None:
        self._store.apply(self._session, self._document, verb, (change,))

    def _take_in(self, edit: Edit | None) -> None:
        """Hold what a redo has brought back in its new revision."""
        assert edit is not None
        for change in edit.changes:
            record = change.after
            if isinstance(record, Span):
                self._spans = [record if s.id == record.id else s for s in self._spans]
            elif isinstance(record, Relation):
                held = self._relations
                self._relations = [record if r.id == record.id else r for r in held]
            elif isinstance(record, SentenceMark):
                self._marks[record.sentence] = record

    def _new_span(self) -> Span:
        start = self._rng.randrange(len(self._text) - 20)
        end = start + self._rng.randint(1, 20)
        labels = (("entity", "LOCATION"), ("claim", "CLAIM"), ("source", "SOURCE"))
        span = Span(
            *(new_id(), self._document, self._annotator, *self._rng.choice(labels)),
            *(((start, end),), self._text[start:end]),
        )
        self._spans.append(span)
        return span

    def _change_span(self) -> None:
        place = self._rng.randrange(len(self._spans))
        span = self._spans[place]
        changed = replace(span, flagged=not span.flagged, note=f"note {self._rng.randrange(999)}")
        change = update(span, changed)
        self._apply("note", change)
        self._spans[place] = change.record  # type: ignore[assignment]

    def _tie(self) -> None:
        claim, source = self._rng.sample(self._spans, 2)
        arguments = (Argument("claim", "span", claim.id), Argument("source", "span", source.id))
        made = Relation(new_id(), self._document, self._annotator, "attribution", arguments)
        self._apply("link", create(made))
        self._relations.append(made)

    def _mark(self) -> None:
        sentence = self._rng.choice(self._sentences)
        mark = self._marks.get(sentence.id)
        if mark is None:
            id = mark_id(sentence.id, self._annotator)
            change = create(SentenceMark(id, self._document, self._annotator, sentence.id))
        else:
            change = update(mark, replace(mark, done=not mark.done))
        self._apply("done", change)
        self._marks[sentence.id] = change.record  # type: ignore[assignment]

    def _delete(self) -> None:
        if self._relations:
            self._apply("unlink", delete(self._relations.pop()))
        else:
            self._apply("delete", delete(self._spans.pop()))


@dataclass
class Recorder:
    """Notes every statement that a store writes, by transaction."""

    transactions: list[list[Statement]] = field(default_factory=list)

    def watch(self, store: SqliteStore) -> None:
        """Listen to the one way by which the store writes."""
        connection = store._db
        write, write_many = connection.write, connection.write_many

        def noted(sql: str, values: Sequence[object] = ()) -> int:
            self.transactions[-1].append((sql, tuple(values)))
            return write(sql, values)

        def many_noted(sql: str, rows: Any) -> None:
            kept = [tuple(row) for row in rows]
            self.transactions[-1].extend((sql, row) for row in kept)
            write_many(sql, kept)

        connection.write = noted  # type: ignore[method-assign]
        connection.write_many = many_noted  # type: ignore[method-assign, assignment]

    def begin(self) -> None:
        """The next edit begins."""
        self.transactions.append([])


def timed(
    count: int, step: Callable[[int], object], gaps: Iterator[float] | None = None
) -> tuple[list[float], float]:
    """Seconds of each of ``count`` steps, and seconds of CPU of all of them.

    ``gaps`` are the seconds between the moments at which steps are due; without, each begins where
    the one before it ends. What a step has to wait because the one before it took too long counts:
    a person waits as well.
    """
    found = []
    cpu = time.process_time()
    due = time.perf_counter()
    for number in range(count):
        now = time.perf_counter()
        due = now if gaps is None else due + next(gaps)
        start = due
        if due > now:
            time.sleep(due - now)
            start = time.perf_counter()
        step(number)
        found.append(time.perf_counter() - start)
    return found, time.process_time() - cpu


def typing(seed: str, mean: float) -> Iterator[float]:
    """Gaps between keys that come at no beat, ``mean`` seconds apart on average."""
    rng = Random(seed)
    while True:
        yield rng.expovariate(1 / mean)


class RawWriter:
    """The recorded transactions, done with sqlite3 and nothing else; waits as sqlite3 does."""

    def __init__(self, path: Path, transactions: list[list[Statement]]) -> None:
        self._raw = sqlite3.connect(path, isolation_level=None, timeout=PATIENCE)
        self._raw.execute("PRAGMA foreign_keys = ON")
        self._raw.execute(f"PRAGMA synchronous = {SYNC}")
        self._transactions = transactions

    def step(self, number: int) -> None:
        """One transaction."""
        execute = self._raw.execute
        execute("BEGIN IMMEDIATE")
        for sql, values in self._transactions[number]:
            execute(sql, values)
        execute("COMMIT")
