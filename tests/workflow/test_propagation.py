"""Propagating a span: here, in every document, and taking it back as one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from proposing import proposed_span
from session_state import assert_saved, label, new_document, project, session_at, state

from annotator.core.annotation import Suggestion
from annotator.core.place_index import Stop
from annotator.core.suggestion_set import SuggestionSet
from annotator.errors import RuleError
from annotator.store.base import Store
from annotator.workflow.annotate import AnnotateSession

HERE = "SDF said so. The SDF and the SDF agree. Nobody asked the SDF, or SDF-men."
THERE = "Of the SDF nothing is known. ISIS was SDF once."
NOWHERE = "Nothing here."


@pytest.fixture
def store(tmp_path: Path, root: Path) -> Iterator[Store]:
    source = (root / "schemas" / "news.toml").read_text("utf-8")
    texts = {"here.txt": HERE, "there.txt": THERE, "nowhere.txt": NOWHERE, "empty.txt": ""}
    with project(tmp_path / "p.db", source, texts) as made:
        yield made


@pytest.fixture
def session(store: Store) -> AnnotateSession:
    made = session_at(store, "here.txt")
    label(made, "SDF", "3")
    return made


def answer(session: AnnotateSession, answers: str) -> None:
    for key in answers:
        suggestion = session.suggestions.need()
        if key == "y":
            session.suggestions.accept(suggestion)
        else:
            session.suggestions.reject(suggestion)
        assert_saved(session)


def test_the_same_words_become_suggestions_stepped_one_by_one(session: AnnotateSession) -> None:
    assert "4 × 'SDF' suggested as GROUP" in session.propagation.here()
    assert_saved(session)
    focus = session.suggestions.chosen
    assert focus is not None
    assert focus.proposed.origin.engine == "propagate"
    assert session.reader.cursor.start == HERE.index("SDF and")
    answer(session, "ynyn")
    assert [s.label for s in session.annotations.spans.values()] == ["GROUP"] * 3
    assert not session.annotations.suggestions
    session.choose(next(iter(session.annotations.spans.values())))
    assert "nothing new for 'SDF' here, 4 answered before" in session.propagation.here()


def test_behind_the_last_comes_the_first_and_what_engines_suggest_is_passed_over(
    session: AnnotateSession,
) -> None:
    session.propagation.here()
    others = [proposed_span("PERSON", words, text=HERE) for words in ("and", "Nobody", "men")]
    session.suggestions.replace_open("crf", others)
    gone_to = []
    stop = (0, 3, "")
    for _ in range(5):
        assert session.stepping.to_propagated(stop)
        chosen = session.suggestions.chosen
        assert chosen is not None
        stop = session.stepping.stop_of(chosen)
        gone_to.append(HERE[stop[0] : stop[1] + 5])
    assert gone_to == ["SDF and ", "SDF agre", "SDF, or ", "SDF-men.", "SDF and "]
    assert session.stepping.to_propagated((len(HERE), 0, ""))
    for _ in range(4):
        assert session.suggestions.chosen is not None
        session.suggestions.reject(session.suggestions.chosen)
    assert not session.stepping.to_propagated((0, 0, "")), "what is left is of others"


def test_a_step_looks_at_what_is_near_and_not_at_all_that_is_left(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []
    for kind in ("shown", "after"):
        every = getattr(SuggestionSet, kind)

        def counted(
            held: SuggestionSet, *asked: int, every: Any = every
        ) -> Iterator[Stop | Suggestion]:
            for found in every(held, *asked):
                looked.append(found)
                yield found

        monkeypatch.setattr(SuggestionSet, kind, counted)
    costs = []
    for count in (30, 300):
        text = "The SDF has said on Monday that nothing is known of it.\n\n" * count
        store.add_document(new_document(f"{count}.txt", text))
        session = session_at(store, f"{count}.txt")
        label(session, "SDF", "3")
        session.propagation.here()
        looked.clear()
        for _ in range(5):
            assert session.suggestions.chosen is not None
            session.suggestions.reject(session.suggestions.chosen)
        costs.append(len(looked))
    assert costs[0] == costs[1] > 0


def test_a_finished_one_is_undone_and_made_again_as_one(session: AnnotateSession) -> None:
    before = state(session)
    session.propagation.here()
    answer(session, "ynyy")
    after = state(session)
    assert session.undo() == "undone as one: what was propagated, with 4 answers"
    assert state(session) == before
    assert session.redo() == "redone as one: what was propagated, with 4 answers"
    assert state(session) == after
    session.undo()
    assert "GROUP gone" in session.undo()
    assert_saved(session)


def test_one_that_is_going_on_is_undone_answer_by_answer(session: AnnotateSession) -> None:
    start = state(session)
    session.propagation.here()
    states = [state(session)]
    for key in "yn":
        answer(session, key)
        states.append(state(session))
    assert session.undo() == "undone: GROUP is open again"
    assert state(session) == states[1]
    assert session.undo() == "undone: GROUP is open again"
    assert state(session) == states[0]
    assert session.undo() == "undone: 4 suggestions gone"
    assert state(session) == start


def test_what_came_between_is_not_taken_along(session: AnnotateSession) -> None:
    session.propagation.here()
    answer(session, "yyy")
    label(session, "Nobody", "1")
    session.stepping.to_suggestion((0, 0, ""))
    answer(session, "n")
    assert session.undo() == "undone: GROUP is open again"
    assert session.undo() == "undone: PERSON gone"
    assert_saved(session)


def test_another_session_undoes_it_as_one_too(session: AnnotateSession) -> None:
    before = state(session)
    session.propagation.here()
    answer(session, "yyyy")
    again = session_at(session.store, "here.txt")
    assert "as one" in again.undo()
    assert state(again) == before


def test_asked_again_it_goes_through_the_other_documents(session: AnnotateSession) -> None:
    assert not session.propagation.is_asked_again
    session.propagation.here()
    assert session.propagation.is_asked_again
    steps = list(session.propagation.everywhere())
    assert [step.documents for step in steps] == [1, 2, 3]
    assert (steps[-1].with_new, steps[-1].suggestions) == (1, 2)
    assert steps[-1].told == "3 documents looked through, 2 suggested in 1"
    assert [step.changed for step in steps] == [
        session.store.find_document("there.txt"),
        None,
        None,
    ]
    assert not session.propagation.is_asked_again
    there = session_at(session.store, "there.txt")
    texts = sorted(s.proposed.start for s in there.annotations.suggestions.values())  # type: ignore[union-attr]
    assert texts == [THERE.index("SDF"), THERE.index("SDF once")]
    assert there.undo() == "undone: 2 suggestions gone"
    assert not there.annotations.suggestions
    assert_saved(there)


def test_taken_back_and_asked_for_again_it_is_meant_here(session: AnnotateSession) -> None:
    session.propagation.here()
    session.undo()
    session.choose(next(iter(session.annotations.spans.values())))
    assert not session.propagation.is_asked_again
    assert "4 × 'SDF' suggested" in session.propagation.here()


def test_it_can_be_given_up_half_way(session: AnnotateSession) -> None:
    session.propagation.here()
    steps = session.propagation.everywhere()
    assert next(steps).suggestions == 2
    steps.close()
    assert session_at(session.store, "there.txt").annotations.suggestions


def test_what_is_answered_there_stays_answered(session: AnnotateSession) -> None:
    there = session_at(session.store, "there.txt")
    label(there, "SDF", "3")
    session.propagation.here()
    assert list(session.propagation.everywhere())[-1].suggestions == 1
    there = session_at(session.store, "there.txt")
    there.suggestions.reject(next(there.annotations.suggested.shown()))
    session.choose(next(iter(session.annotations.spans.values())))
    session.propagation.here()
    assert session.propagation.is_asked_again
    assert list(session.propagation.everywhere())[-1].suggestions == 0


def test_what_cannot_be_propagated_says_so(session: AnnotateSession) -> None:
    session.reader.select(HERE.index("so"), HERE.index("so") + 2)
    session.spans.add_fragment()
    with pytest.raises(RuleError, match="several fragments"):
        session.propagation.here()
    session.moved()
    session.reader.move_to(HERE.index("agree"))
    with pytest.raises(RuleError, match="no annotation here"):
        session.propagation.here()
