"""What an annotator should do next: unfinished sentences, as engines or their words order them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from annotator.core.page import Stop
from annotator.store.base import Store
from annotator.suggest.ordering import Candidate, Order, ordered
from annotator.suggest.words import words_of
from annotator.workflow.engine_events import Event, NewModel, Proposed, Task
from annotator.workflow.engine_process import EngineProcess
from annotator.workflow.pages import page_of
from annotator.workflow.queues import Found
from annotator.workflow.suggesting import documents_of

MOST = 1_000
"""Sentences that are ordered for a queue."""


class Next(Struct, frozen=True):
    """A sentence to do: its document's name and id, its number there from 1, where it starts (a
    code point), how unsure engines are of it, and its text."""

    document: str
    document_id: str
    number: int
    start: int
    doubt: float
    text: str


class NextDocument(Struct, frozen=True):
    """A document to do: its name, how many sentences are unfinished, and how unsure engines are of
    these on average."""

    document: str
    open: int
    doubt: float


class WhatNext:
    """Orders what an annotator (id) has not finished in a project (path).

    Engines are asked (and learn) where the order goes by their doubt: ``events`` is to be gone
    through before anything is ordered.
    """

    def __init__(self, store: Store, project: Path, annotator: str, by: Order) -> None:
        self._store = store
        self._annotator = annotator
        self._by = by
        self.documents_there = documents_of(store, annotator, ("all",))
        self._doubts: dict[str, float] = {}
        task = Task(project=str(project), annotator=annotator, documents=self.documents_there)
        self._process = EngineProcess(task)

    def events(self) -> Iterator[Event]:
        """Ask the engines; one that fails is told, and left out. Raises what the task raises."""
        if self._by != "doubt":
            return
        try:
            for event in self._process.events():
                if isinstance(event, Proposed):
                    self._doubts.update(event.doubts)
                elif isinstance(event, NewModel):
                    self._store.save_model(self._annotator, event.model)
                yield event
        finally:
            self.stop()

    def stop(self) -> None:
        """End the engines' work early, from any thread."""
        self._process.stop()

    def sentences(self, count: int) -> list[Next]:
        """The sentences to do first; those of one document may lie anywhere in the list."""
        found: dict[str, Next] = {}
        candidates: list[Candidate] = []
        finished: list[frozenset[str]] = []
        for page_found, page_candidates in self._pages(finished):
            found.update(page_found)
            candidates += page_candidates
        return [found[c.sentence] for c in ordered(candidates, self._by, finished, count)]

    def documents(self, count: int) -> list[NextDocument]:
        """The documents to do first, by what is unfinished in them."""
        found: dict[str, NextDocument] = {}
        candidates: list[Candidate] = []
        finished: list[frozenset[str]] = []
        for sentences, parts in self._pages(finished):
            if not parts:
                continue
            id, doubt = parts[0].document, sum(c.doubt for c in parts) / len(parts)
            words = frozenset[str]().union(*(c.words for c in parts))
            candidates.append(Candidate(id, id, words, doubt))
            name = next(iter(sentences.values())).document
            found[id] = NextDocument(name, len(parts), round(doubt, 3))
        return [found[c.sentence] for c in ordered(candidates, self._by, finished, count)]

    def _pages(
        self, finished: list[frozenset[str]]
    ) -> Iterator[tuple[dict[str, Next], list[Candidate]]]:
        """What is unfinished, document by document; the words of the rest go to ``finished``."""
        for id in self.documents_there:
            page = page_of(self._store, id, self._annotator)
            name, text = page.document.name, page.document.text
            found: dict[str, Next] = {}
            candidates: list[Candidate] = []
            for number, sentence in enumerate(page.sentences, 1):
                words = frozenset(words_of(page, [sentence]).texts)
                if sentence.id in page.taught:
                    finished.append(words)
                    continue
                doubt = self._doubts.get(sentence.id, 0.0)
                candidates.append(Candidate(id, sentence.id, words, doubt))
                said = text[sentence.start : sentence.end]
                place = (number, sentence.start, round(doubt, 3))
                found[sentence.id] = Next(name, id, *place, said)
            yield found, candidates


def places(asking: WhatNext) -> Iterator[Found]:
    """The sentences to do as places of a queue: none while engines are asked, then all, in order.

    Raises what ``WhatNext.events`` raises.
    """
    there, done = len(asking.documents_there), 0
    for event in asking.events():
        done += isinstance(event, Proposed)
        yield Found("", [], done, there)
    for found in asking.sentences(MOST):
        title = " ".join(found.text.split())
        stop = Stop(found.document_id, found.start, found.start + len(found.text), title)
        yield Found(found.document, [(stop, found.number)], there, there)
