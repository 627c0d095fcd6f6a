"""What an annotator should do next: unfinished sentences, as engines or their words order them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from annotator.store.base import Annotator, Store
from annotator.suggest.base import Page
from annotator.suggest.ordering import Candidate, Order, ordered
from annotator.suggest.words import words_of
from annotator.workflow.engine_events import Broken, NewModel, Proposed, Task
from annotator.workflow.engine_process import EngineProcess
from annotator.workflow.pages import page_of
from annotator.workflow.suggesting import documents_of


class Next(Struct, frozen=True):
    """A sentence to do: its document's name, its number there from 1, and its text."""

    document: str
    number: int
    doubt: float
    text: str


def what_next(
    store: Store, project: Path, annotator: Annotator, by: Order, count: int,
    broken: list[Broken] | None = None,
) -> list[Next]:  # fmt: skip
    """The sentences to do first; those of one document may lie anywhere in the list.

    Engines are asked (and learn) where the order goes by their doubt; of those that fail, which are
    left out, ``broken`` is told.
    """
    documents = documents_of(store, annotator.id, ("all",))
    doubts: dict[str, float] = {}
    if by == "doubt":
        task = Task(project=str(project), annotator=annotator.id, documents=documents)
        for event in EngineProcess(task).events():
            if isinstance(event, Proposed):
                doubts.update(event.doubts)
            elif isinstance(event, NewModel):
                store.save_model(annotator.id, event.model)
            elif isinstance(event, Broken) and broken is not None:
                broken.append(event)
    candidates: list[Candidate] = []
    finished: list[frozenset[str]] = []
    numbers: dict[str, tuple[str, int, str]] = {}
    for id in documents:
        page = page_of(store, id, annotator.id)
        for number, candidate in _candidates(page, doubts, finished):
            candidates.append(candidate)
            sentence = page.sentences[number]
            text = page.document.text[sentence.start : sentence.end]
            numbers[candidate.sentence] = (page.document.name, number + 1, text)
    return [
        Next(name, number, round(c.doubt, 3), text)
        for c in ordered(candidates, by, finished, count)
        for name, number, text in (numbers[c.sentence],)
    ]


def _candidates(
    page: Page, doubts: dict[str, float], finished: list[frozenset[str]]
) -> Iterator[tuple[int, Candidate]]:
    for number, sentence in enumerate(page.sentences):
        words = frozenset(words_of(page, [sentence]).texts)
        if sentence.id in page.taught:
            finished.append(words)
        else:
            doubt = doubts.get(sentence.id, 0.0)
            yield number, Candidate(page.document.id, sentence.id, words, doubt)
