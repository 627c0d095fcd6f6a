"""The history of documents and annotations, and bringing back what was deleted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from proposing import proposed_span
from session_state import (
    ARTICLE,
    assert_saved,
    at,
    label,
    press,
    project,
    selected,
    session_at,
    state,
    tie,
    tied,
)

from annotator.core.annotation import Actor
from annotator.core.ids import new_id
from annotator.errors import NotFoundError, RuleError
from annotator.store.sqlite.store import SqliteStore
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.history import Entry, deletion_of, history
from annotator.workflow.schema_changes import change_schema


@pytest.fixture
def store(tmp_path: Path, root: Path) -> Iterator[SqliteStore]:
    source = (root / "schemas" / "news.toml").read_text("utf-8")
    with project(tmp_path / "p.db", source, {"a.txt": ARTICLE, "b.txt": ARTICLE}) as made:
        yield made


@pytest.fixture
def session(store: SqliteStore) -> AnnotateSession:
    return session_at(store, "a.txt")


def told(entry: Entry) -> list[str]:
    return [str(change) for change in entry.changes]


def last_deletion(session: AnnotateSession) -> str:
    return next(e.id for e in session.history.entries() if e.deletes)


def test_every_kind_of_edit_is_told_in_words(session: AnnotateSession) -> None:
    claim, source, _ = tied(session)
    session.choose(session.annotations.span(source.id))
    session.spans.flag()
    session.spans.set_note(session.annotations.span(source.id), "who?")
    actor = Actor(new_id(), "Talal Sillo", "person", ("Sillo",))
    session.spans.mention(session.annotations.span(source.id), actor)
    session.spans.set_attribute(session.annotations.span(claim.id), "mode", ("direct",), True)
    session.spans.set_fragments(session.annotations.span(source.id), ((0, 5),))
    session.choose(session.annotations.span(source.id))
    session.spans.delete()
    at(session, "Nobody")
    session.cut.toggle_done()
    session.undo()
    found = [line for entry in session.history.entries() for line in told(entry)]
    said = f"CLAIM 'the operation had begun' at {claim.start}–{claim.end}"
    assert found == [
        "mark of the sentence 'Nobody else in Raqqa did.' deleted, with done: yes",
        "mark of the sentence 'Nobody else in Raqqa did.' made: done: yes",
        "relation attribution changed: source: 'Talal' → none",
        "SOURCE 'Talal' at 0–5 deleted, with mentions: Talal Sillo; note: 'who?'; flagged: yes",
        "SOURCE 'Talal Sillo' at 0–11 changed: text: 'Talal Sillo' → 'Talal'; place: 0–11 → 0–5",
        f"{said} changed: mode: direct (uncertain)",
        "the actor 'Talal Sillo' made: kind: person; aliases: 'Sillo'",
        "SOURCE 'Talal Sillo' at 0–11 changed: mentions: Talal Sillo",
        "SOURCE 'Talal Sillo' at 0–11 changed: note: 'who?'",
        "SOURCE 'Talal Sillo' at 0–11 changed: flagged: yes",
        "relation attribution changed: cue: 'said'",
        "relation attribution made: claim: 'the operation had begun'; source: 'Talal'",
        "CUE 'said' at 38–42 made",
        "SOURCE 'Talal Sillo' at 0–11 made",
        f"{said} made: act: statement",
    ]


def test_the_newest_come_first_and_no_more_are_read_than_asked_for(
    session: AnnotateSession, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for word in ("Talal", "SDF", "Monday"):
        label(session, word, "1")
    other = session_at(store, "b.txt", "bob")
    label(other, "Raqqa", "4")
    everything = list(history(store))
    assert [(e.document, e.annotator) for e in everything] == [("b.txt", "bob")] + [
        ("a.txt", "alice")
    ] * 3
    assert list(history(store, limit=2)) == everything[:2]
    assert [e.id for e in session.history.entries()] == [e.id for e in everything[1:]]
    read: list[object] = []
    one = SqliteStore._logged_edit
    monkeypatch.setattr(SqliteStore, "_logged_edit", lambda *args: read.append(args) or one(*args))
    assert next(history(store)).annotator == "bob"
    assert len(read) == 1


def test_an_annotation_has_a_history_of_its_own(session: AnnotateSession) -> None:
    span = label(session, "Talal", "1")
    label(session, "SDF", "1")
    session.choose(session.annotations.span(span.id))
    press(session, "2")
    session.undo()
    session.choose(session.annotations.span(span.id))
    session.spans.delete()
    entries = session.history.entries(span.id)
    assert [e.verb for e in entries] == ["delete", "undo", "relabel", "label"]
    assert [t.how for e in entries for t in e.changes] == ["deleted", "changed", "changed", "made"]
    with pytest.raises(NotFoundError, match="Nothing is known"):
        session.history.entries(new_id())


def test_what_engines_propose_is_no_part_of_what_somebody_did(session: AnnotateSession) -> None:
    session.suggestions.replace_open("x", [proposed_span("LOCATION", "Raqqa")])
    assert session.history.entries() == []
    at(session, "Raqqa")
    session.suggestions.accept(session.suggestions.need())
    session.suggestions.replace_open("x", [proposed_span("GROUP", "SDF")])
    assert [e.verb for e in session.history.entries(limit=1)] == ["accept"]


def test_a_bulk_edit_is_told_in_part_and_counted(session: AnnotateSession) -> None:
    from annotator.core.edits import delete

    words = [label(session, w, "1") for w in ("Talal", "Sillo", "SDF", "Monday", "Raqqa")] * 5
    gone = tuple(delete(s) for s in dict.fromkeys(words))
    session.commit("bulk", gone)
    (entry,) = session.history.entries(limit=1)
    assert (len(entry.changes), entry.more) == (5, 0)
    assert entry.title.endswith("deleted and 4 more")
    (logged,) = session.store.log(limit=1, most=2)
    assert (len(logged.edit.changes), logged.changes) == (2, 5)


def test_a_deleted_span_comes_back_with_its_ties_as_one_undoable_edit(
    session: AnnotateSession,
) -> None:
    claim, source, _cue = tied(session)
    before = state(session)
    session.choose(session.annotations.span(source.id))
    session.spans.delete()
    without = state(session)
    assert "is back and 1 more" in session.history.bring_back(last_deletion(session))
    assert state(session) == before
    assert session.focus_id == source.id
    assert_saved(session)
    session.undo()
    assert state(session) == without
    session.redo()
    session.choose(session.annotations.span(claim.id))
    session.spans.delete()
    assert session.annotations.relations == {}
    session.history.bring_back(last_deletion(session))
    assert state(session) == before
    assert_saved(session)


def test_what_its_ties_stood_on_and_is_gone_is_left_out_and_told(session: AnnotateSession) -> None:
    claim, source, cue = tied(session)
    for span in (source, cue, claim):
        session.choose(session.annotations.span(span.id))
        session.spans.delete()
    edit, document = deletion_of(session.store, source.id)
    assert document == session.document.id
    said = session.history.bring_back(edit, source.id)
    assert "without" in said
    assert [s.label for s in session.annotations.spans.values()] == ["SOURCE"]
    assert session.annotations.relations == {}
    assert_saved(session)


def test_one_of_many_may_be_chosen(session: AnnotateSession) -> None:
    from annotator.core.edits import delete

    a, b = label(session, "Talal", "1"), label(session, "SDF", "3")
    session.commit("bulk", (delete(a), delete(b)))
    session.history.bring_back(last_deletion(session), b.id)
    assert list(session.annotations.spans) == [b.id]
    session.history.bring_back(last_deletion(session))
    assert set(session.annotations.spans) == {a.id, b.id}
    with pytest.raises(RuleError, match="is there already"):
        session.history.bring_back(last_deletion(session))


def test_rules_hold_for_what_comes_back(session: AnnotateSession, store: SqliteStore) -> None:
    span = label(session, "Talal", "1")
    session.choose(span)
    session.spans.delete()
    edit = last_deletion(session)
    label(session, "Talal", "1")
    with pytest.raises(RuleError, match="this is PERSON already"):
        session.history.bring_back(edit)
    bobs = session_at(store, "a.txt", "bob")
    with pytest.raises(RuleError, match="is alice's"):
        bobs.history.bring_back(edit)
    made = next(e.id for e in session.history.entries() if e.verb == "label")
    with pytest.raises(RuleError, match="deleted no annotation"):
        session.history.bring_back(made)
    selected(session, "Raqqa")
    with pytest.raises(RuleError, match="never deleted"):
        deletion_of(store, next(iter(session.annotations.spans)))
    with pytest.raises(NotFoundError, match="Nothing is known"):
        deletion_of(store, new_id())


def test_it_comes_back_under_the_schema_in_force(session: AnnotateSession) -> None:
    store = session.store
    span = label(session, "Raqqa", "4")
    assert span.label == "LOCATION"
    session.choose(span)
    session.spans.delete()
    edit = last_deletion(session)
    source = store.schema_source().replace("version = 1", "version = 2")
    source = source.replace("[layer.entity.labels.LOCATION]", "[layer.entity.labels.PLACE]")
    migrate = '\n[migrate.layer.entity.labels]\nLOCATION = "PLACE"\n'
    change_schema(store, source + migrate, "new.toml", "lead")
    again = session_at(store, "a.txt")
    assert again.history.entries(limit=1)[0].title == "schema: the schema is news 2 from here on"
    again.history.bring_back(edit)
    assert [s.label for s in again.annotations.spans.values()] == ["PLACE"]
    assert again.annotations.spans[span.id] == replace(span, label="PLACE", revision=2)


def test_a_span_comes_back_without_an_actor_that_is_gone(session: AnnotateSession) -> None:
    from annotator.core.edits import delete

    span = label(session, "Talal", "1")
    actor = Actor(new_id(), "T")
    session.spans.mention(span, actor)
    span = session.annotations.span(span.id)
    session.commit("delete", (delete(span), delete(actor)))
    assert "without the actor it mentioned" in session.history.bring_back(last_deletion(session))
    assert session.annotations.spans[span.id].actor is None


def test_a_tie_alone_does_not_come_back_between_what_is_gone(session: AnnotateSession) -> None:
    claim = label(session, "the operation had begun", "c")
    source = label(session, "Talal Sillo", "s")
    tie(session, claim, source)
    (relation,) = session.annotations.relations
    session.choose(session.annotations.span(source.id))
    session.spans.delete()
    edit, _ = deletion_of(session.store, relation)
    with pytest.raises(RuleError, match="cannot come back alone"):
        session.history.bring_back(edit, relation)
