"""A small project to test stores on: two annotators, one document, and builders of records."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec.structs import replace

from annotator.core.annotation import (
    Actor,
    Argument,
    AttributeValues,
    Relation,
    SentenceMark,
    Span,
    UnitLabel,
    mark_id,
    surface,
)
from annotator.core.document import Document, Sentence, content_hash
from annotator.core.edits import content, create
from annotator.core.ids import new_id
from annotator.core.sentences import sentences
from annotator.store.base import NewDocument, Store
from annotator.store.sqlite.project import create_project, open_project

TEXT = (
    "Talal Sillo, a spokesman for the SDF, confirmed operations had begun.\r\n"
    "He said “we all saw 👩‍👩‍👧 it“ in Raqqa. Nobody else was there.\n"
)


class StoreFactory(Protocol):
    """How the contract suite makes and opens projects; each call is an independent store."""

    def create(self, schema_source: str) -> Store: ...

    def open(self) -> Store: ...


@dataclass
class SqliteFactory:
    """Projects in one file."""

    path: Path
    clock: Callable[[], float] = lambda: 1_795_383_840.123

    def create(self, schema_source: str) -> Store:
        return create_project(self.path, schema_source, clock=self.clock)

    def open(self) -> Store:
        return open_project(self.path, clock=self.clock)


FACTORIES: dict[str, Callable[[Path], StoreFactory]] = {
    "sqlite": lambda folder: SqliteFactory(folder / "project.db")
}
"""The stores that the contract suite runs on, by name; another one needs a line here."""


class Heard(list[float]):
    """For how many seconds a store has waited, as it tells; the first time sets ``told``."""

    def __init__(self) -> None:
        super().__init__()
        self.told = threading.Event()

    def __call__(self, seconds: float) -> None:
        self.append(seconds)
        self.told.set()


@contextmanager
def held_until_told(store: Store) -> Iterator[Heard]:
    """A thread holds a transaction of the store until what is given is told of waiting for it."""
    heard, held = Heard(), threading.Event()

    def hold() -> None:
        with store.transaction():
            held.set()
            heard.told.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(60)
        yield heard
    finally:
        heard.told.set()
        holder.join()


@dataclass
class World:
    """An open store with what the tests need at hand."""

    store: Store
    factory: StoreFactory
    document: Document
    alice: str
    bob: str
    session: str
    bobs: str
    opened: list[Store] = field(default_factory=list)

    def another(self) -> Store:
        """The same project, opened once more."""
        self.opened.append(self.factory.open())
        return self.opened[-1]

    def span(self, word: str, label: str = "PERSON", layer: str = "entity", **rest: object) -> Span:
        start = self.document.text.index(word)
        return self.span_at(((start, start + len(word)),), label, layer, **rest)

    def span_at(
        self,
        fragments: tuple[tuple[int, int], ...],
        label: str = "PERSON",
        layer: str = "entity",
        **rest: object,
    ) -> Span:
        span = Span(
            id=new_id(),
            document=self.document.id,
            annotator=self.alice,
            layer=layer,
            label=label,
            fragments=fragments,
            text=surface(self.document.text, fragments),
        )
        return replace(span, **rest)

    def relation(self, *arguments: tuple[str, Span | Relation | Actor], **rest: object) -> Relation:
        kinds = {Span: "span", Relation: "relation", Actor: "actor"}
        relation = Relation(
            id=new_id(),
            document=self.document.id,
            annotator=self.alice,
            type="attribution",
            arguments=tuple(Argument(role, kinds[type(t)], t.id) for role, t in arguments),
        )
        return replace(relation, **rest)

    def actor(self, name: str = "Talal Sillo", **rest: object) -> Actor:
        return replace(Actor(new_id(), name, "person", ("Sillo",), (("wikidata", "Q1"),)), **rest)

    def unit_label(self, sentence: str | None = None, **rest: object) -> UnitLabel:
        label = UnitLabel(new_id(), self.document.id, self.alice, "genre", "REPORT", sentence)
        return replace(label, **rest)

    def mark(self, sentence: Sentence, annotator: str | None = None) -> SentenceMark:
        who = annotator or self.alice
        return SentenceMark(mark_id(sentence.id, who), self.document.id, who, sentence.id)

    def add(self, *records: object, verb: str = "label") -> None:
        """Create records as alice, in one edit."""
        self.store.apply(self.session, self.document.id, verb, tuple(map(create, records)))

    def state(self, store: Store | None = None) -> dict[str, object]:
        """All that both annotators made, without revisions, and the cut."""
        asked = store or self.store
        return {
            "cut": [content(s) for s in asked.sentences(self.document.id)],
            "actors": sorted(map(repr, (content(a) for a in asked.actors()))),
            **{
                who: _without_revisions(asked, self.document.id, who)
                for who in (self.alice, self.bob)
            },
        }


def _without_revisions(store: Store, document: str, annotator: str) -> list[object]:
    made = store.annotations(document, annotator)
    groups = [getattr(made, f.name) for f in msgspec.structs.fields(type(made))[:-1]]
    marks = () if made.document_mark is None else (made.document_mark,)
    return [[content(record) for record in group] for group in (*groups, marks)]


def assert_replayable(store: Store) -> None:
    """The log, played again, gives what is stored, and the stacks of undo stand on it."""
    documents = [info.id for info in store.documents("")]
    for document in (None, *documents):
        for record in store.upkeep.replayed(document):
            assert record.stored == record.logged
            assert (record.fault, record.gaps, record.missing) == (None, (), ())
    assert [*store.upkeep.faults_of_file(), *store.upkeep.faults_of_rows()] == []


def new_document(name: str = "raqqa.txt", text: str = TEXT) -> NewDocument:
    id = new_id()
    document = Document(id, name, text, content_hash(text.encode()), "utf-8", f"texts/{name}", {})
    cut = tuple(Sentence(new_id(), id, r.start, r.end) for r in sentences(text))
    return NewDocument(document, cut, "sentencex", "1.0")


def populate(store: Store, factory: StoreFactory) -> World:
    new = new_document()
    store.add_document(new)
    alice, bob = (store.annotator(name, create=True).id for name in ("alice", "bob"))
    sessions = (store.start_session(alice), store.start_session(bob))
    return World(store, factory, new.document, alice, bob, *sessions)


def attributes(**values: tuple[str, ...]) -> tuple[AttributeValues, ...]:
    return tuple(AttributeValues(name, v, uncertain=name == "mode") for name, v in values.items())
