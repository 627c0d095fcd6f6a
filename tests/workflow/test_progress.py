from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from proposing import proposed_span
from session_state import ARTICLE, new_document, session_at

from annotator.core.annotation import Actor, SentenceMark, Span, mark_id
from annotator.core.edits import create
from annotator.core.ids import new_id
from annotator.store.base import Store
from annotator.store.sqlite.project import create_project
from annotator.workflow.progress import PAUSE, duration, progress
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


def test_work_is_told_per_sentence_per_hour_and_per_document(store: Store) -> None:
    new = new_document("a.txt", "One. Two.")
    store.add_document(new)
    id = new.document.id
    alice = store.annotator("alice", create=True)
    session = store.start_session(alice.id)
    first = store.sentences(id)[0]
    made = Span(new_id(), id, alice.id, "entity", "EVENT", ((0, 3),), "One", flagged=True)
    mark = SentenceMark(mark_id(first.id, alice.id), id, alice.id, first.id)
    for seconds, verb, record in ((0, "label", made), (60, "done", mark)):
        TIMES[0] = 1_700_000_000.0 + seconds
        store.apply(session, id, verb, (create(record),))
    store.count_keys(session, 12)
    figures = progress(store, "alice")
    assert figures.seconds_in == {id: 60.0}
    assert figures.seconds_a_sentence == 60
    assert figures.keys_a_sentence == 12
    assert figures.made_an_hour == 60
    assert figures.annotations == 1
    assert figures.documents[0].flagged == 1
    nobody = progress(store, "bob")
    assert (nobody.seconds_a_sentence, nobody.keys_a_sentence, nobody.made_an_hour) == (None,) * 3


def test_what_was_corrected_was_made_as_well(store: Store) -> None:
    store.add_document(new_document("a.txt", ARTICLE))
    session = session_at(store, "a.txt")
    session.suggestions.replace_open("x", [proposed_span("GROUP", "SDF")])
    session.suggestions.correct(session.suggestions.need(), session.schema.label("entity", "EVENT"))
    assert progress(store, "alice").made == 1


@pytest.mark.parametrize(("seconds", "words"), [(29, "0 min"), (3599, "1 h 00 min"), (90, "2 min")])
def test_durations_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words


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
