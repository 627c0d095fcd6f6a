"""Engines beside the screen: when they begin, what is taken in, and how a fault is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_world import NAMES, install, teach
from msgspec.structs import replace
from session_state import ARTICLE, UNITS, at, label, new_document, project, session_at

from annotator.core.annotation import Argument, Relation, Span, UnitLabel
from annotator.core.edits import delete
from annotator.core.learned_model import LearnedModel
from annotator.errors import AnnotatorError, BusyError
from annotator.store.base import Store
from annotator.suggest import registry
from annotator.suggest.sealed import sealed
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.engine_choice import switch
from annotator.workflow.engine_events import Proposed, Task
from annotator.workflow.engine_process import EngineProcess
from annotator.workflow.learning import Learning, _late, _Work
from annotator.workflow.projects import init
from annotator.workflow.what_next import WhatNext

TEXT = " ".join(f"Yesterday Mr {name} went home by car." for name in NAMES) + " Ann Lee slept."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = init(tmp_path / "project.db", "news")
    for name in ("claim", "source", "cue"):
        made.set_setting(f"suggest.crf.{name}", "off")
        made.set_setting(f"suggest.gazetteer.{name}", "off")
    made.set_setting("suggest.rules", "off")
    made.add_document(new_document("a.txt", TEXT))
    yield made
    made.close()


@pytest.fixture
def learning(store: Store, tmp_path: Path) -> Iterator[Learning]:
    made = Learning(store, tmp_path / "project.db", store.annotator("me", create=True).id)
    yield made
    made.stop()


def finish(session: AnnotateSession, *names: str) -> None:
    for name in names:
        label(session, name, "1")
        session.reader.clear()
        at(session, name)
        session.cut.toggle_done()


def with_lessons(store: Store, learning: Learning) -> AnnotateSession:
    """A session that was looked after, and has four sentences finished since."""
    session = session_at(store, "a.txt", "me")
    assert not learning.when_idle(session)
    finish(session, *NAMES[:4])
    return session


def wait(learning: Learning, session: AnnotateSession) -> bool:
    """Look after it as an idle screen does, until the work that is going on is over."""
    changed = learning.when_idle(session)
    while learning._work is not None:
        learning._work.join()
        changed = learning.when_idle(session) or changed
    return changed


def shown(session: AnnotateSession) -> set[str]:
    return {s.proposed.text for s in session.annotations.suggested.shown()}


def test_engines_begin_after_a_few_finished_sentences(store: Store, learning: Learning) -> None:
    session = session_at(store, "a.txt", "me")
    assert not learning.when_idle(session)
    finish(session, *NAMES[:2])
    assert not learning.when_idle(session)
    assert learning._work is None
    finish(session, NAMES[2])
    assert wait(learning, session)
    assert {"Jim Low", "Kim Fox", "Lea Orr"} <= shown(session)
    before = dict(session.annotations.suggested.open)
    assert not wait(learning, session)
    finish(session, NAMES[3])
    assert not learning.when_idle(session)
    assert learning._work is None
    finish(session, *NAMES[4:])
    wait(learning, session)
    assert learning._learned == len(NAMES)
    assert shown(session) == {"Ann Lee"}
    assert before.keys() - session.annotations.suggested.open.keys()


def test_who_taught_them_before_gets_proposals_at_once_in_each_document(
    store: Store, learning: Learning, tmp_path: Path
) -> None:
    session = with_lessons(store, learning)
    assert wait(learning, session)
    teach(store, "somebody else")
    again = Learning(store, tmp_path / "project.db", session.annotator.id)
    other = session_at(store, "asked.txt", "me")
    assert not other.annotations.suggested.open
    assert wait(again, other)
    assert "Ann Lee" in shown(other)
    assert not wait(again, other)


def test_what_is_proposed_ahead_is_there_when_a_neighbour_is_opened(
    store: Store, learning: Learning, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Task] = []
    real = EngineProcess.__init__

    def counted(self: EngineProcess, task: Task) -> None:
        begun.append(task)
        real(self, task)

    monkeypatch.setattr(EngineProcess, "__init__", counted)
    for name in "bcd":
        store.add_document(new_document(f"{name}.txt", f"Here is Ann Lee, says {name}."))
    a, b, c, d = (store.find_document(f"{name}.txt") for name in "abcd")
    session = with_lessons(store, learning)
    wait(learning, session)
    assert [task.documents for task in begun] == [(a, b)]
    assert not store.annotations(b, session.annotator.id).suggestions, "b.txt is not opened yet"

    second = session_at(store, "b.txt", "me")
    assert learning.when_idle(second), "at once, without a process"
    assert shown(second) == {"Ann Lee"}
    assert second.stepping.doubts
    wait(learning, second)
    assert [task.documents for task in begun[1:]] == [(c, a)], "b.txt is as fresh as can be"

    finish(second, "Ann Lee")
    third = session_at(store, "c.txt", "me")
    assert learning.when_idle(third)
    wait(learning, third)
    assert [task.documents for task in begun[2:]] == [(c, d, b)], "one more was finished since"

    other = replace(third.schema, version=third.schema.version + 1)
    assert learning._ahead.take(d, other) is None
    assert not session_at(store, "d.txt", "me").annotations.suggestions


def test_of_a_long_document_the_part_around_the_cursor_is_asked_and_the_rest_stays(
    store: Store, learning: Learning
) -> None:
    session = with_lessons(store, learning)
    wait(learning, session)
    part = " ".join(["Nobody is there."] * 250)
    store.add_document(new_document("long.txt", f"Here is Ann Lee. {part} {part} Then Bob Ray."))
    other = session_at(store, "long.txt", "me")
    wait(learning, other)
    assert shown(other) == {"Ann Lee"}
    assert not wait(learning, other)
    at(other, "Bob Ray")
    assert wait(learning, other)
    assert shown(other) == {"Ann Lee", "Bob Ray"}
    assert not wait(learning, other)


def test_the_process_of_the_screen_neither_learns_nor_proposes(
    store: Store, learning: Learning, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work: list[str] = []
    for name in ("crf", "gazetteer"):
        engine = registry.get(name)
        for act in ("train", "load"):
            monkeypatch.setattr(
                type(engine), act, lambda *_, told=f"{name} {act}", **__: at_work.append(told)
            )
    session = with_lessons(store, learning)
    assert wait(learning, session)
    assert {s.proposed.origin.engine for s in session.annotations.suggestions.values()} >= {"crf"}
    assert at_work == []


def model_of(store: Store, session: AnnotateSession) -> LearnedModel | None:
    return store.model(session.annotator.id, "crf", "entity")


def test_models_are_kept_a_few_at_a_time_and_before_the_next_work(
    store: Store, learning: Learning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.workflow.learning._MODELS_AT_ONCE", 1)
    session = with_lessons(store, learning)
    learning.when_idle(session)
    work = learning._work
    assert work is not None
    work.join()
    kept = []
    while learning._work is work:
        learning.when_idle(session)
        kept.append(
            sum(
                store.model(session.annotator.id, e, "entity") is not None
                for e in ("crf", "gazetteer")
            )
        )
    assert kept == sorted(kept)
    assert {1, 2} <= set(kept)
    assert not learning._models


def test_of_what_is_proposed_a_quiet_moment_takes_in_a_part(
    store: Store, learning: Learning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.workflow.suggestion_actions._STEP", 2)
    session = session_at(store, "a.txt", "me")
    learning.when_idle(session)
    finish(session, *NAMES[:3])
    learning.when_idle(session)
    assert learning._work is not None
    learning._work.join()
    sizes: list[int] = []
    session.listen(lambda changes: sizes.append(len(changes)))
    while learning.is_behind:
        before = len(sizes)
        assert learning.when_idle(session) == (len(sizes) > before)
        assert len(sizes) <= before + 1
    assert max(sizes) == 2
    assert len(session.annotations.suggested.open) > 2


@pytest.mark.parametrize("how", ["left", "stopped"])
def test_what_was_learned_when_the_document_or_the_screen_is_left_is_kept(
    store: Store, learning: Learning, how: str
) -> None:
    store.add_document(new_document("b.txt", "Nothing here."))
    session = with_lessons(store, learning)
    learning.when_idle(session)
    assert learning._work is not None
    learning._work.join()
    assert model_of(store, session) is None
    if how == "left":
        learning.when_idle(session_at(store, "b.txt", "me"))
    else:
        learning.stop()
    assert model_of(store, session) is not None


def test_models_that_cannot_be_written_are_told_and_let_go(
    store: Store, learning: Learning, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise BusyError("the disk is full")

    monkeypatch.setattr(type(store), "save_model", full)
    session = with_lessons(store, learning)
    with pytest.raises(AnnotatorError, match="the disk is full"):
        wait(learning, session)
    wait(learning, session)
    assert not learning._models
    assert "Kim Fox" in shown(session)
    learning._models.append(sealed(registry.get("crf"), "entity", "", 0, b""))
    learning.stop()


def test_the_setting_and_the_switches_keep_them_quiet(store: Store, learning: Learning) -> None:
    store.set_setting("learning", "off")
    session = with_lessons(store, learning)
    assert not wait(learning, session)
    assert not session.annotations.suggested.open


def test_what_is_proposed_for_a_document_that_was_left_is_dropped(
    store: Store, learning: Learning
) -> None:
    store.add_document(new_document("b.txt", "Nothing here."))
    session = with_lessons(store, learning)
    assert not learning.when_idle(session)
    assert learning._work is not None
    learning._work.join()
    other = session_at(store, "b.txt", "me")
    wait(learning, other)
    assert not other.annotations.suggested.open
    assert not session.annotations.suggested.open


def test_a_broken_engine_is_told_once_and_the_others_go_on(
    store: Store,
    learning: Learning,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(install(tmp_path, "abort")))
    session = with_lessons(store, learning)
    with pytest.raises(AnnotatorError, match="the engine abort for entity failed and is off"):
        wait(learning, session)
    assert wait(learning, session)
    assert "Kim Fox" in shown(session)
    finish(session, *NAMES[4:])
    wait(learning, session)
    assert shown(session) == {"Ann Lee"}


def test_an_engine_that_is_mostly_wrong_is_told_once_with_what_to_do(
    store: Store, tmp_path: Path, learning: Learning, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = tmp_path / "packages"
    packages.mkdir()
    monkeypatch.setenv("PYTHONPATH", str(install(packages, "toy")))
    store.set_setting("suggest.crf", "off")
    store.set_setting("suggest.gazetteer", "off")
    store.add_document(new_document("many.txt", "Nobody went home by car. " * 40))
    session = session_at(store, "many.txt", "me")
    learning.when_idle(session)
    told = []
    for end in (3, 9, 16, 20):
        for sentence in session.sentences[session.done_count : end]:
            session.reader.move_to(sentence.start)
            session.cut.toggle_done()
        try:
            wait(learning, session)
        except AnnotatorError as error:
            told.append((end, error.message))
    words = "0 of its 13 suggestions were right; annotator suggest off toy --layer entity"
    assert told == [(16, f"toy for entity: {words}")]


def test_what_is_proposed_for_sentences_finished_meanwhile_is_dropped(
    store: Store, learning: Learning
) -> None:
    session = with_lessons(store, learning)
    learning.when_idle(session)
    assert learning._work is not None
    learning._work.join()
    at(session, NAMES[4])
    session.cut.toggle_done()
    while learning._work is not None:
        learning.when_idle(session)
    assert shown(session) == {NAMES[5], "Ann Lee"}


def test_labels_and_ties_of_sentences_finished_meanwhile_are_dropped(tmp_path: Path) -> None:
    with project(tmp_path / "units.db", UNITS, {"a.txt": ARTICLE}) as store:
        session = session_at(store, "a.txt")
        session.cut.toggle_done()
        first, second = session.sentences[0], session.sentences[1]
        spans = [
            Span(f"s{n}", "", "", "thing", "A", ((s.start, s.start + 1),), "")
            for n, s in enumerate((first, second))
        ]
        units = [
            UnitLabel(f"u{n}", "", "", "worth", "CHECK", place)
            for n, place in enumerate((first.id, second.id, None, "gone"))
        ]
        ties = [
            Relation(f"t{n}", "", "", "tie", (Argument("one", "span", s.id),))
            for n, s in enumerate(spans)
        ]
        event = Proposed("d", (), (*spans, *units, *ties), {}, 0, len(ARTICLE))
        assert _late(event, session) == {"s0", "u0", "t0"}


def test_work_is_not_broken_off_before_all_have_answered_for_the_document_in_sight(
    store: Store, learning: Learning, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = session_at(store, "a.txt", "me")
    learning.when_idle(session)
    task = Task(project=str(tmp_path / "project.db"), annotator=session.annotator.id)
    work = _Work(task, is_ahead=False)
    begun: list[AnnotateSession] = []
    monkeypatch.setattr(work, "is_alive", lambda: True)
    monkeypatch.setattr(learning, "_begin_what_is_due", begun.append)
    monkeypatch.setattr(learning, "_is_due", lambda: True)
    learning._work = work
    answer = Proposed(session.document.id, (), (), {}, 0, len(TEXT), more_to_come=True)
    for more in (None, answer, replace(answer, document="elsewhere", more_to_come=False)):
        work.events.extend([] if more is None else [more])
        learning.when_idle(session)
        assert not begun
    work.events.append(replace(answer, more_to_come=False))
    learning.when_idle(session)
    assert begun == [session], "only neighbours were still to come"


def test_what_an_engine_proposed_goes_when_it_is_switched_off_here(
    store: Store, learning: Learning
) -> None:
    session = with_lessons(store, learning)
    wait(learning, session)
    assert "Ann Lee" in shown(session)
    for engine in ("crf", "gazetteer"):
        switch(store, engine, None, "off")
    learning.propose_anew()
    wait(learning, session)
    assert shown(session) == set()


def test_work_that_cannot_be_done_is_told_and_not_tried_again_at_once(
    store: Store, learning: Learning, tmp_path: Path
) -> None:
    lost = Learning(store, tmp_path / "gone.db", learning._annotator)
    session = with_lessons(store, lost)
    lost.when_idle(session)
    lost._finished = 5
    with pytest.raises(AnnotatorError, match="there is no project here"):
        wait(lost, session)
    lost._finished = 0
    assert not lost.when_idle(session)
    assert lost._work is None


def test_marks_taken_back_are_not_counted(store: Store, learning: Learning) -> None:
    session = session_at(store, "a.txt", "me")
    assert not learning.when_idle(session)
    finish(session, *NAMES[:3])
    mark = next(iter(session.marks.values()))
    session.commit("undone", (delete(mark),))
    assert not learning.when_idle(session)
    assert learning._work is None


def test_the_screen_and_the_list_of_what_is_next_have_one_order(
    store: Store, learning: Learning, tmp_path: Path
) -> None:
    session = with_lessons(store, learning)
    assert wait(learning, session)
    asking = WhatNext(store, tmp_path / "project.db", session.annotator.id, "doubt")
    assert list(asking.events())
    listed = asking.sentences(99)
    order = []
    for _ in listed:
        session.stepping.to_unsure()
        order.append(session.reader.ordinal + 1)
    assert len(set(order)) == len(session.sentences) - 4
    assert order == [found.number for found in listed]


def test_a_model_is_written_when_somebody_rests_or_before_engines_learn_again(
    store: Store, learning: Learning
) -> None:
    session = session_at(store, "a.txt", "me")
    learning.when_idle(session, is_resting=False)
    finish(session, *NAMES[:3])

    def busy() -> None:
        learning.when_idle(session, is_resting=False)
        while learning._work is not None:
            learning._work.join()
            learning.when_idle(session, is_resting=False)

    def written() -> bool:
        return store.model(session.annotator.id, "crf", "entity") is not None

    busy()
    assert (len(learning._models) > 0, written(), learning.is_behind) == (True, False, False)
    learning.when_idle(session)
    assert written()
    finish(session, *NAMES[3:])
    learning._learned = 0
    busy()
    learning.when_idle(session, is_resting=False)
    assert learning._models, "learned again meanwhile"
    learning.stop()
    assert not learning._models, "on leaving at the latest"
