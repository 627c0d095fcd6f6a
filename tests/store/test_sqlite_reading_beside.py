"""Reading much beside somebody who writes: with a rollback journal, a commit waits for readers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from store_world import World

from annotator.core.annotation import AttributeValues, Span, Suggestion
from annotator.core.edits import create
from annotator.core.ids import new_id
from annotator.errors import BusyError
from annotator.store.base import Annotations
from annotator.store.sqlite.connection import ALL
from annotator.store.sqlite.project import open_project
from annotator.store.sqlite.store import SqliteStore

WORDS = (
    "Talal",
    "Sillo",
    "spokesman",
    "SDF",
    "confirmed",
    "operations",
    "Raqqa",
    "Nobody",
    "there",
)


@pytest.fixture
def path(world: World, tmp_path: Path) -> Path:
    """A project with some of everything; without a log, in which nobody waits for anybody."""
    spans = [world.span(word) for word in WORDS]
    mode = (AttributeValues("mode", ("direct",)),)
    claims = [world.span(w, "CLAIM", "claim", attributes=mode) for w in WORDS[:4]]
    split = world.span_at(((0, 5), (12, 13), (20, 25)))
    actor = world.actor()
    spans[0] = world.span("Talal", actor=actor.id)
    ties = [world.relation(("claim", claim)) for claim in claims]
    cut = world.store.sentences(world.document.id)
    world.add(actor, *spans, split, *claims, *ties)
    world.add(world.unit_label(), world.unit_label(cut[0].id), *(world.mark(s) for s in cut))
    world.add(*(proposed(world, span) for span in spans[2:]))
    assert isinstance(world.store, SqliteStore)
    world.store._db.rows("PRAGMA journal_mode = DELETE")
    return tmp_path / "project.db"


def proposed(world: World, span: Span) -> Suggestion:
    return Suggestion(new_id(), world.document.id, world.alice, span)


class Reader:
    """A store that reads at most ``at_once`` rows; ``between`` is called before each query."""

    def __init__(self, path: Path, at_once: int) -> None:
        self.store = open_project(path, at_once=at_once)
        self.queries = 0
        self.between: Callable[[], None] = lambda: None
        self.failed: list[BaseException] = []
        self.store._db.raw.set_trace_callback(self._told)

    def _told(self, statement: str) -> None:
        if statement.lstrip().startswith("SELECT"):
            self.queries += 1
            try:
                self.between()
            except BusyError as error:
                self.failed.append(error)


@pytest.fixture
def reader(path: Path) -> Iterator[Callable[[int], Reader]]:
    made: list[Reader] = []

    def make(at_once: int) -> Reader:
        made.append(Reader(path, at_once))
        return made[-1]

    yield make
    for each in made:
        each.store.close()


def read(world: World, store: SqliteStore) -> tuple[Annotations, list[tuple[str, int, int]]]:
    made = store.annotations(world.document.id, world.alice)
    return made, [(s.id, s.start, s.end) for s in store.sentences(world.document.id)]


@pytest.mark.parametrize("at_once", [1, 2, 3, 250])
def test_a_few_rows_at_once_are_the_same_in_the_end(
    world: World, reader: Callable[[int], Reader], at_once: int
) -> None:
    whole, few = reader(ALL), reader(at_once)
    assert read(world, few.store) == read(world, whole.store)
    assert few.queries >= whole.queries


def test_no_query_gives_more_than_a_few_rows(
    world: World, reader: Callable[[int], Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    few, most = reader(2), 0
    rows = few.store._db.rows

    def counted(*given: Any) -> list[Any]:
        nonlocal most
        found = rows(*given)
        most = max(most, len(found))
        return found

    monkeypatch.setattr(few.store._db, "rows", counted)
    read(world, few.store)
    assert most == 2


def test_who_writes_waits_for_no_more_than_a_few_rows_and_what_is_read_is_of_one_moment(
    world: World, path: Path, reader: Callable[[int], Reader]
) -> None:
    with closing(open_project(path, patience=0.0)) as writer:
        session = writer.start_session(world.alice)
        few, written = reader(2), iter(("He said", "we all", "was"))

        def write() -> None:
            word = next(written, None) if few.queries % 7 == 0 else None
            if word is not None:
                span = world.span(word)
                writer.apply(session, world.document.id, "label", (create(span),))

        few.between = write
        found, _ = read(world, few.store)
        few.between = lambda: None
        assert next(written, None) is None
        assert not few.failed
        assert found == writer.annotations(world.document.id, world.alice)


def test_whoever_is_disturbed_again_and_again_reads_it_whole_in_the_end(
    world: World, path: Path, reader: Callable[[int], Reader]
) -> None:
    with closing(open_project(path, patience=0.0)) as writer:
        few, values = reader(2), ("on", "off")
        few.between = lambda: writer.set_setting("learning", values[few.queries % 2])
        found = few.store.annotations(world.document.id, world.alice)
        assert few.failed, "who writes has to wait for the last reading"
        assert found == writer.annotations(world.document.id, world.alice)


def test_reading_all_at_once_keeps_who_writes_waiting(
    world: World, path: Path, reader: Callable[[int], Reader]
) -> None:
    with closing(open_project(path, patience=0.0)) as writer:
        whole = reader(ALL)
        whole.between = lambda: writer.set_setting("learning", "off")
        read(world, whole.store)
        assert whole.failed
