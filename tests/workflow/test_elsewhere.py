"""Several annotators in one document at once: each keeps up with what the others write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from session_state import (
    ARTICLE,
    assert_saved,
    at,
    label,
    new_document,
    project,
    selected,
    session_at,
    tied,
)

from annotator.core.annotation import Actor
from annotator.core.edits import Changes
from annotator.core.ids import new_id
from annotator.errors import AnnotatorError, RuleError, SchemaChangedError, StaleError
from annotator.store.sqlite.project import open_project
from annotator.store.sqlite.store import SqliteStore
from annotator.workflow.annotate import AnnotateSession


@pytest.fixture
def stores(tmp_path: Path, root: Path) -> Iterator[tuple[SqliteStore, ...]]:
    """One project, opened by three programs."""
    source = (root / "schemas" / "news.toml").read_text("utf-8")
    path = tmp_path / "p.db"
    one = project(path, source, {"a.txt": ARTICLE})
    with one, open_project(path) as two, open_project(path) as three:
        yield one, two, three


@pytest.fixture
def alice(stores: tuple[SqliteStore, ...]) -> AnnotateSession:
    return session_at(stores[0], "a.txt")


@pytest.fixture
def bob(stores: tuple[SqliteStore, ...]) -> AnnotateSession:
    return session_at(stores[2], "a.txt", "bob")


@pytest.fixture
def elsewhere(stores: tuple[SqliteStore, ...]) -> AnnotateSession:
    """Alice at a second screen."""
    return session_at(stores[1], "a.txt")


def seen(session: AnnotateSession) -> list[tuple[str, str, str]]:
    spans = session.others.spans_in(0, len(ARTICLE))
    return [(session.others.name_of(s), s.label, s.text) for s in spans]


def test_others_are_seen_when_asked_for_and_as_they_work(
    alice: AnnotateSession, bob: AnnotateSession
) -> None:
    raqqa = label(bob, "Raqqa", "4")
    assert seen(alice) == []
    assert not bob.elsewhere.catch_up()
    assert not alice.elsewhere.catch_up()
    assert alice.others.toggle() == "seen, not touched: bob"
    assert seen(alice) == [("bob", "LOCATION", "Raqqa")]
    told: list[Changes] = []
    alice.listen(told.append)
    label(bob, "SDF", "3")
    assert seen(alice) == [("bob", "LOCATION", "Raqqa")]
    assert alice.elsewhere.catch_up()
    assert [len(changes) for changes in told] == [1]
    assert seen(alice) == [("bob", "GROUP", "SDF"), ("bob", "LOCATION", "Raqqa")]
    bob.choose(bob.annotations.span(raqqa.id))
    bob.spans.delete()
    bob.undo()
    bob.redo()
    assert alice.elsewhere.catch_up()
    assert seen(alice) == [("bob", "GROUP", "SDF")]
    assert alice.annotations.spans == {}
    at(alice, "SDF")
    assert alice.focus is None
    assert alice.others.toggle() == "others' annotations are hidden"
    assert seen(alice) == []
    assert_saved(alice)


def test_who_is_alone_is_told_so_and_a_project_may_keep_annotators_apart(
    alice: AnnotateSession, bob: AnnotateSession
) -> None:
    assert alice.others.toggle() == "nobody else has spans here yet"
    label(bob, "SDF", "3")
    assert alice.elsewhere.catch_up()
    bob.store.set_setting("see-others", "off")
    assert alice.elsewhere.catch_up()
    assert not alice.others.shown
    assert seen(alice) == []
    with pytest.raises(RuleError, match="keeps its annotators apart"):
        alice.others.toggle()


def test_where_nobody_wrote_nothing_is_read(
    alice: AnnotateSession, bob: AnnotateSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    rows = SqliteStore.edits_after
    monkeypatch.setattr(
        SqliteStore, "edits_after", lambda *args: asked.append("edits") or rows(*args)
    )
    alice.elsewhere.catch_up()
    asked.clear()
    label(alice, "SDF", "3")
    assert not alice.elsewhere.catch_up()
    assert asked == []
    label(bob, "SDF", "3")
    assert not alice.elsewhere.catch_up()
    assert asked == ["edits"]


def test_one_annotator_at_two_screens_has_one_state(
    alice: AnnotateSession, elsewhere: AnnotateSession
) -> None:
    claim, source, _ = tied(elsewhere)
    assert alice.elsewhere.catch_up()
    assert_saved(alice)
    alice.choose(alice.annotations.span(source.id))
    alice.spans.mention(alice.annotations.span(source.id), Actor(new_id(), "Talal Sillo"))
    at(alice, "Nobody")
    alice.cut.toggle_done()
    assert elsewhere.elsewhere.catch_up()
    assert_saved(elsewhere)
    at(elsewhere, "a spokesman")
    elsewhere.cut.split()
    elsewhere.choose(elsewhere.annotations.span(claim.id))
    elsewhere.spans.delete()
    assert alice.elsewhere.catch_up()
    assert_saved(alice)
    assert not alice.elsewhere.catch_up()


def test_a_cut_made_by_another_is_taken_in(alice: AnnotateSession, bob: AnnotateSession) -> None:
    at(bob, "said")
    bob.cut.split()
    assert alice.elsewhere.catch_up()
    assert alice.sentences == bob.sentences
    assert_saved(alice)


def test_a_stale_write_is_refused_caught_up_with_and_then_goes_through(
    alice: AnnotateSession, elsewhere: AnnotateSession
) -> None:
    span = label(elsewhere, "SDF", "3")
    alice.elsewhere.catch_up()
    elsewhere.spans.flag()
    alice.choose(alice.annotations.span(span.id))
    with pytest.raises(StaleError):
        alice.spans.set_note(alice.need_focus(), "which?")
    assert alice.elsewhere.catch_up()
    alice.spans.set_note(alice.need_focus(), "which?")
    assert (alice.need_focus().flagged, alice.need_focus().note) == (True, "which?")
    assert_saved(alice)


def test_a_session_that_reads_while_others_write_takes_nothing_twice(
    stores: tuple[SqliteStore, ...], bob: AnnotateSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = session_at(stores[1], "a.txt")
    read = SqliteStore.annotations

    def writing_first(self: SqliteStore, *args: str) -> object:
        if self is stores[0] and not elsewhere.annotations.spans:
            kept = label(elsewhere, "SDF", "3")
            label(elsewhere, "Monday", "7")
            elsewhere.spans.delete()
            elsewhere.choose(kept)
            elsewhere.spans.flag()
        return read(self, *args)

    monkeypatch.setattr(SqliteStore, "annotations", writing_first)
    alice = session_at(stores[0], "a.txt")
    assert [s.text for s in alice.annotations.spans.values()] == ["SDF"]
    label(bob, "Raqqa", "4")
    alice.elsewhere.catch_up()
    assert [(s.text, s.revision) for s in alice.annotations.spans.values()] == [("SDF", 2)]
    assert_saved(alice)


def test_a_change_of_schema_is_noticed(alice: AnnotateSession, bob: AnnotateSession) -> None:
    from annotator.workflow.schema_changes import change_schema

    source = bob.store.schema_source().replace("version = 1", "version = 2")
    change_schema(bob.store, source, "new.toml", "lead")
    for take_in in (alice.elsewhere.catch_up, alice.elsewhere.catch_up, alice.elsewhere.look):
        with pytest.raises(SchemaChangedError, match="by 'lead', to news 2"):
            take_in()


def test_nothing_is_read_across_a_change_of_schema(
    stores: tuple[SqliteStore, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotator.workflow.schema_changes import change_schema

    source = stores[1].schema_source().replace("version = 1", "version = 2")
    read = SqliteStore.annotations

    def changing_first(self: SqliteStore, *args: str) -> object:
        if self is stores[0] and self.schema_in_force().version == 1:
            change_schema(stores[1], source, "new.toml", "lead")
        return read(self, *args)

    monkeypatch.setattr(SqliteStore, "annotations", changing_first)
    with pytest.raises(SchemaChangedError, match="by 'lead', to news 2"):
        session_at(stores[0], "a.txt")
    assert session_at(stores[0], "a.txt").schema.version == 2


WORDS = ("Talal", "SDF", "Monday", "Raqqa", "said", "the operation had begun")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("alice", "elsewhere", "bob")),
        st.sampled_from(("label", "delete", "flag", "undo", "redo", "split", "done", "catch up")),
        st.sampled_from(WORDS),
    ),
    max_size=25,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_after_any_steps_of_any_order_all_see_what_is_stored(
    stores: tuple[SqliteStore, ...], steps: list[tuple[str, str, str]]
) -> None:
    name = f"{new_id()}.txt"
    stores[0].add_document(new_document(name, ARTICLE))
    sessions = {
        "alice": session_at(stores[0], name),
        "elsewhere": session_at(stores[1], name),
        "bob": session_at(stores[2], name, "bob"),
    }
    sessions["alice"].others.toggle()
    for who, what, word in steps:
        _step(sessions[who], what, word)
    for session in sessions.values():
        session.elsewhere.catch_up()
        assert_saved(session)
    expected = sorted(sessions["bob"].annotations.spans.values(), key=lambda s: s.id)
    found = sessions["alice"].others.spans_in(0, len(ARTICLE))
    assert sorted(found, key=lambda s: s.id) == expected


def _step(session: AnnotateSession, what: str, word: str) -> None:
    try:
        if what == "label":
            selected(session, word)
            session.spans.label(*session.schema.keys()["1"])
        elif what == "catch up":
            session.elsewhere.catch_up()
        elif what in ("undo", "redo"):
            getattr(session, what)()
        else:
            at(session, word)
            action = {
                "delete": session.spans.delete,
                "flag": session.spans.flag,
                "split": session.cut.split,
                "done": session.cut.toggle_done,
            }[what]
            action()
    except StaleError:
        session.elsewhere.catch_up()
    except AnnotatorError:
        pass
