from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from session_state import new_document

from annotator.core.annotation import Actor
from annotator.core.edits import create
from annotator.core.ids import new_id
from annotator.store.base import Store
from annotator.store.sqlite.project import create_project
from annotator.workflow.progress import PAUSE, progress
from annotator.workflow.resources import schema_text

TIMES = [0.0]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = create_project(tmp_path / "p.db", schema_text("news")[0], clock=lambda: TIMES[0])
    yield made
    made.close()


def edit_at(store: Store, session: str, seconds: float) -> None:
    TIMES[0] = 1_700_000_000.0 + seconds
    store.apply(session, None, "create actor", (create(Actor(new_id(), "Bob")),))


def test_time_is_summed_within_sessions_and_without_pauses(store: Store) -> None:
    alice = store.annotator("alice", create=True)
    sessions = [store.start_session(alice.id) for _ in range(2)]
    for session, times in zip(sessions, ((0, 10, 10 + PAUSE, 35 + PAUSE), (500,)), strict=True):
        for seconds in times:
            edit_at(store, session, seconds)
    bob = store.start_session(store.annotator("bob", create=True).id)
    edit_at(store, bob, 501)
    figures = progress(store, "alice")
    assert figures.seconds == pytest.approx(35)
    assert figures.seconds_from == 6
    assert figures.annotators == ("alice", "bob")
    assert progress(store, "carol").seconds == 0


def test_few_documents_are_listed_and_all_are_counted(store: Store) -> None:
    for n in range(3):
        store.add_document(new_document(f"{n}.txt", f"One {n} was. Two was not."))
    all_, some = (progress(store, "alice", listed) for listed in (None, 2))
    assert [d.name for d in some.documents] == ["0.txt", "1.txt"]
    assert some.documents == all_.documents[:2]
    assert (some.document_count, all_.document_count) == (3, 3)
    assert some.sentences == sum(d.sentences for d in all_.documents) == 6


def test_an_empty_project(new_project: Callable[..., Store]) -> None:
    figures = progress(new_project(), "alice")
    assert (figures.sentences, figures.done, figures.documents) == (0, 0, ())
