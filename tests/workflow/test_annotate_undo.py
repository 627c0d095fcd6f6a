from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from session_state import (
    ARTICLE,
    UNITS,
    assert_saved,
    at,
    label,
    new_document,
    press,
    project,
    session_at,
    state,
    stored_rows,
    tie,
    tied,
)

from annotator.core.annotation import Actor
from annotator.core.ids import new_id
from annotator.errors import BusyError, RuleError
from annotator.store.sqlite.project import open_project
from annotator.store.sqlite.store import SqliteStore
from annotator.workflow.annotate import AnnotateSession


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "project.db"


@pytest.fixture
def store(path: Path, root: Path) -> Iterator[SqliteStore]:
    source = (root / "schemas" / "news.toml").read_text("utf-8")
    with project(path, source, {"a.txt": ARTICLE, "empty.txt": "", "blank.txt": " \n\t\n"}) as made:
        yield made


@pytest.fixture
def session(store: SqliteStore) -> AnnotateSession:
    return session_at(store, "a.txt")


# -- sentences -------------------------------------------------------------------------------------


def test_sentences_done_and_the_document_with_the_last(
    session: AnnotateSession, path: Path
) -> None:
    count = len(session.sentences)
    for number in range(count):
        said = session.cut.toggle_done()
        assert_saved(session)
        assert said == ("document done" if number == count - 1 else "sentence done")
    assert session.done_count == count
    assert stored_rows(path, "SELECT status FROM document_mark") == [("done",)]
    assert session.cut.toggle_done() == "sentence not done"
    assert_saved(session)
    assert stored_rows(path, "SELECT status FROM document_mark") == [("open",)]
    session.undo()
    assert_saved(session)
    assert stored_rows(path, "SELECT status FROM document_mark") == [("done",)]


def test_done_goes_on_to_the_next_that_is_not(session: AnnotateSession) -> None:
    session.reader.move_sentences(1)
    session.cut.toggle_done()
    assert session.reader.ordinal == 2
    session.cut.toggle_done()
    assert session.reader.ordinal == 0


def test_split_and_merge(session: AnnotateSession) -> None:
    before = state(session)
    with pytest.raises(RuleError, match="split inside"):
        session.cut.split()
    at(session, "said on")
    session.cut.split()
    assert_saved(session)
    assert [ARTICLE[s.start : s.end] for s in session.sentences[:2]] == [
        "Talal Sillo, a spokesman for the SDF,",
        "said on Monday the operation had begun.",
    ]
    assert session.reader.ordinal == 1
    session.reader.move_sentences(-1)
    session.cut.merge()
    assert_saved(session)
    assert state(session) == before
    session.reader.move_sentences(len(session.sentences) - 1)
    with pytest.raises(RuleError, match="no next sentence"):
        session.cut.merge()


def test_a_merged_sentence_gives_up_its_mark_and_its_label(tmp_path: Path) -> None:
    with project(tmp_path / "units.db", UNITS, {"a.txt": ARTICLE}) as store:
        session = session_at(store, "a.txt")
        at(session, "We")
        press(session, "1")
        session.cut.toggle_done()
        before = state(session)
        at(session, "Talal")
        session.cut.merge()
        assert_saved(session)
        assert not session.annotations.unit_labels
        assert session.done_count == 0
        session.undo()
        assert_saved(session)
        assert state(session) == before


def test_a_split_opens_a_document_that_was_done(session: AnnotateSession, path: Path) -> None:
    for _ in session.sentences:
        session.cut.toggle_done()
    at(session, "said on")
    session.cut.split()
    assert_saved(session)
    assert session.document_mark is not None
    assert session.document_mark.status == "open"
    assert stored_rows(path, "SELECT status FROM document_mark") == [("open",)]


# -- undo ------------------------------------------------------------------------------------------


def do_all(session: AnnotateSession) -> list[dict[str, object]]:
    """One of every kind of edit; the state before each and after the last."""
    seen = [state(session)]

    def did() -> None:
        assert_saved(session)
        seen.append(state(session))

    claim = label(session, "the operation had begun", "c")
    did()
    source = label(session, "Talal Sillo", "s")
    did()
    tie(session, source, claim)
    did()
    session.spans.flag()
    did()
    session.spans.set_note(session.need_focus(), "hm")
    did()
    session.spans.mention(session.need_focus(), Actor(new_id(), "Talal Sillo"))
    did()
    session.choose(session.annotations.span(claim.id))
    session.spans.set_attribute(session.need_focus(), "mode", ("direct",))
    did()
    session.spans.set_fragments(session.need_focus(), ((40, 60), (65, 70)))
    did()
    at(session, "said on")
    session.cut.split()
    did()
    session.cut.toggle_done()
    did()
    at(session, "Talal")
    session.cut.merge()
    did()
    at(session, "Talal")
    session.spans.delete()
    did()
    return seen


def test_undo_and_redo_go_through_every_kind_of_edit(session: AnnotateSession) -> None:
    seen = do_all(session)
    for _ in range(2):
        for before in reversed(seen[:-1]):
            assert session.undo().startswith("undone: ")
            assert_saved(session)
            assert state(session) == before
        with pytest.raises(RuleError, match="nothing to undo"):
            session.undo()
        for after in seen[1:]:
            assert session.redo().startswith("redone: ")
            assert_saved(session)
            assert state(session) == after
        with pytest.raises(RuleError, match="nothing to redo"):
            session.redo()


def test_undo_and_redo_survive_the_program(store: SqliteStore, path: Path) -> None:
    seen = do_all(session_at(store, "a.txt"))
    store.close()
    for before in reversed(seen[:-1]):
        with open_project(path) as again:
            session = session_at(again, "a.txt")
            session.undo()
            assert_saved(session)
            assert state(session) == before
    with open_project(path) as again:
        session = session_at(again, "a.txt")
        for after in seen[1:]:
            session.redo()
            assert_saved(session)
            assert state(session) == after


def test_a_new_edit_ends_what_could_be_redone(session: AnnotateSession) -> None:
    label(session, "SDF", "3")
    session.undo()
    label(session, "Raqqa", "4")
    with pytest.raises(RuleError, match="nothing to redo"):
        session.redo()


def test_each_annotator_undoes_their_own(store: SqliteStore) -> None:
    alice, bob = session_at(store, "a.txt"), session_at(store, "a.txt", "bob")
    label(alice, "SDF", "3")
    with pytest.raises(RuleError, match="nothing to undo"):
        bob.undo()
    assert_saved(alice)


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (lambda s: s.spans.flag(), "undone: GROUP changed"),
        (lambda s: s.spans.delete(), "undone: GROUP back"),
        (lambda s: s.cut.toggle_done(), "undone: sentence mark"),
    ],
)
def test_undo_says_what_it_did(session: AnnotateSession, action, said: str) -> None:  # type: ignore[no-untyped-def]
    label(session, "SDF", "3")
    action(session)
    assert session.undo() == said


# -- reading and failing ---------------------------------------------------------------------------


def test_stepping_goes_through_all_annotations_in_order(session: AnnotateSession) -> None:
    for words, key in (("Talal Sillo", "1"), ("Talal Sillo", "s"), ("Sillo", "2"), ("Raqqa", "4")):
        label(session, words, key)
    at(session, "did")
    back = []
    while session.stepping.step(-1):
        back.append(session.need_focus())
    there = [back[-1]]
    while session.stepping.step(1):
        there.append(session.need_focus())
    assert there == back[::-1]
    assert there == sorted(there, key=lambda s: (s.start, -s.end, s.id))
    assert len(there) == 4


def test_the_position_is_remembered(session: AnnotateSession, store: SqliteStore) -> None:
    at(session, "Raqqa")
    session.save_position()
    assert session_at(store, "a.txt").reader.cursor == session.reader.cursor
    assert session_at(store, "a.txt", "bob").reader.cursor.start == 0


class Failing:
    """A store of which one method raises, once it is told to."""

    def __init__(self, store: SqliteStore, method: str) -> None:
        self._store = store
        self._method = method
        self.failing = False

    def __getattr__(self, name: str) -> object:
        if self.failing and name == self._method:
            return self._fail
        return getattr(self._store, name)

    def _fail(self, *_: object, **__: object) -> object:
        raise BusyError("the disk is full")


def test_what_the_store_refuses_never_reaches_memory(store: SqliteStore) -> None:
    failing = Failing(store, "apply")
    session = session_at(failing, "a.txt")  # type: ignore[arg-type]
    claim, source, _ = tied(session)
    session.choose(session.annotations.span(claim.id))
    before, failing.failing = state(session), True
    for action in (
        session.spans.flag,
        session.spans.delete,
        session.cut.toggle_done,
        session.cut.merge,
        lambda: session.ties.untie(source),
        lambda: session.spans.mention(session.need_focus(), Actor(new_id(), "x")),
        lambda: session.spans.set_note(session.need_focus(), "x"),
    ):
        with pytest.raises(BusyError):
            action()
        assert state(session) == before
        assert_saved(session)


def test_a_large_document_is_read_near_the_cursor_and_then_whole(
    store: SqliteStore, root: Path
) -> None:
    text = "The SDF said so on Monday. " * 9_000
    store.add_document(new_document("large.txt", text))
    session = session_at(store, "large.txt")
    for offset in (4, 120_000, len(text) - 24):
        session.reader.select(offset, offset + 3)
        session.spans.label(*session.schema.keys()["2"])
    store.save_position(session.document.id, session.annotator.id, 4)
    failing = Failing(store, "annotations")
    who = store.annotator("alice")
    near = AnnotateSession(
        failing,  # type: ignore[arg-type]
        session.document.id,
        who,
        store.start_session(who.id),
        near_cursor_first=True,
    )
    assert [s.start for s in near.annotations.spans.values()] == [4]
    failing.failing = True
    with pytest.raises(BusyError):
        near.complete()
    failing.failing = False
    near.complete()
    assert len(near.annotations.spans) == 3
    assert_saved(near)
