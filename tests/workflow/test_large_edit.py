"""Edits of very many changes: written apart, taken in by steps, and the same as all at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from session_state import assert_saved, at, label, project, session_at, state

from annotator.core.edits import Changes
from annotator.errors import BusyError
from annotator.store.base import Store
from annotator.workflow import large_edit, propagation, retracing
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.large_edit import LargeEdit

TIMES = 12
HERE = " ".join(f"In {n} the SDF came." for n in range(TIMES))


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have tests of twelve places do what a person meets with thousands."""
    monkeypatch.setattr(propagation, "MANY", TIMES - 2)
    monkeypatch.setattr(retracing, "MANY", TIMES - 2)
    monkeypatch.setattr(large_edit, "_STEP", 5)


@pytest.fixture
def store(tmp_path: Path, root: Path) -> Iterator[Store]:
    source = (root / "schemas" / "news.toml").read_text("utf-8")
    with project(tmp_path / "p.db", source, {"here.txt": HERE}) as made:
        yield made


@pytest.fixture
def session(store: Store) -> AnnotateSession:
    made = session_at(store, "here.txt")
    label(made, "SDF", "3")
    return made


def done(edit: LargeEdit | None) -> str:
    """Do it as a screen would."""
    assert edit is not None
    edit.write()
    for _ in edit.taking_in():
        pass
    return edit.told()


def test_it_comes_to_the_same_as_all_at_once(session: AnnotateSession) -> None:
    before = state(session)
    said = session.propagation.here()
    at_once, place = state(session), session.focus_id
    session.undo()
    assert state(session) == before
    again = session_at(session.store, "here.txt")
    again.choose(next(iter(again.annotations.spans.values())))
    assert done(again.propagation.large()) == said
    assert_saved(again)
    assert (state(again), again.focus_id) == (at_once, place)
    assert again.propagation.is_asked_again
    assert done(again.retracing.large_undo()) == "undone: 11 suggestions gone"
    assert_saved(again)
    assert state(again) == before
    assert done(again.retracing.large_redo()) == "redone: 11 suggested"
    assert_saved(again)
    assert (state(again), again.focus_id) == (at_once, place)


def test_memory_takes_it_in_by_small_steps(session: AnnotateSession) -> None:
    taken: list[int] = []

    def listen(changes: Changes) -> None:
        taken.append(len(changes))

    session.listen(listen)
    done(session.propagation.large())
    done(session.retracing.large_undo())
    assert taken == [5, 5, 1] * 2


def test_what_is_small_is_not_large(session: AnnotateSession) -> None:
    assert session.retracing.large_undo() is None
    assert session.retracing.large_redo() is None
    label(session, "came", "4")
    assert session.propagation.large() is not None
    label(session, "In 3", "4")
    assert session.propagation.large() is None


@pytest.mark.parametrize("many", [TIMES - 2, TIMES - 1, TIMES])
def test_more_than_many_changes_are_large(
    session: AnnotateSession, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(propagation, "MANY", many)
    monkeypatch.setattr(retracing, "MANY", many)
    assert (session.propagation.large() is not None) == (many < TIMES), "all places are gone to"
    session.propagation.here()
    assert (session.retracing.large_undo() is not None) == (many < TIMES - 1), "the word itself not"


def test_who_moved_meanwhile_stays_there(session: AnnotateSession) -> None:
    for large in (session.propagation.large, session.retracing.large_undo):
        edit = large()
        assert edit is not None
        edit.write()
        at(session, "7")
        for _ in edit.taking_in():
            pass
        assert session.reader.cursor.start == HERE.index("7")
        assert session.focus_id is None


def test_what_others_wrote_before_is_taken_in_too(session: AnnotateSession) -> None:
    again = session_at(session.store, "here.txt")
    edit = session.propagation.large()
    label(again, "came", "4")
    assert "11 × 'SDF' suggested" in done(edit)
    assert_saved(session)
    assert session.elsewhere.unseen() == [], "its own edit is not read once more"
    looked: list[Changes] = []
    session.listen(looked.append)
    session.elsewhere.look()
    assert not looked
    again.elsewhere.look()
    label(again, "In 3", "4")
    session.elsewhere.look()
    assert_saved(session)


def test_one_that_fails_leaves_all_as_it_was(
    session: AnnotateSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(session)
    edit = session.propagation.large()
    assert edit is not None
    with monkeypatch.context() as patched:
        patched.setattr(session.store, "last_edit", _busy)
        with pytest.raises(BusyError):
            edit.write()
    assert state(assert_saved(session)) == before
    assert "11 ×" in done(session.propagation.large())
    assert_saved(session)


def _busy(_: str) -> int:
    raise BusyError("Somebody else writes.")


def test_nothing_new_is_said_and_no_edit(session: AnnotateSession) -> None:
    done(session.propagation.large())
    for suggestion in tuple(session.annotations.suggestions.values()):
        session.suggestions.reject(suggestion)
    session.choose(next(iter(session.annotations.spans.values())))
    edits = session.store.last_edit(session.document.id)
    assert "nothing new for 'SDF' here, 11 answered before" in done(session.propagation.large())
    assert session.store.last_edit(session.document.id) == edits
