"""Contract: undoing and redoing, step by step, across restarts and among annotators."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from store_world import World, new_document

from annotator.core.annotation import Span
from annotator.core.annotation_set import AnnotationSet
from annotator.core.edits import (
    Change,
    create,
    delete,
    delete_annotation,
    update,
)
from annotator.errors import StaleError


def test_undo_and_redo_go_all_the_way_and_stop(world: World) -> None:
    store, document = world.store, world.document.id
    states = [world.state()]
    for word in ("Talal", "Sillo", "Raqqa"):
        world.add(world.span(word), verb=f"label {word}")
        states.append(world.state())
    for state in reversed(states[:-1]):
        edit = store.undo(world.session, document)
        assert edit is not None
        assert edit.verb == "undo"
        assert world.state() == state
    assert store.undo(world.session, document) is None
    for state in states[1:]:
        edit = store.redo(world.session, document)
        assert edit is not None
        assert edit.verb == "redo"
        assert world.state() == state
    assert store.redo(world.session, document) is None


def test_an_undo_names_the_edit_first_made_however_often_it_was_redone(world: World) -> None:
    edit = world.store.apply(
        world.session, world.document.id, "label", (create(world.span("Sillo")),)
    )
    for _ in range(3):
        undone = world.store.undo(world.session, world.document.id)
        redone = world.store.redo(world.session, world.document.id)
        assert undone is not None
        assert redone is not None
        assert undone.target == redone.target == edit.id


def test_a_new_edit_ends_redoing(world: World) -> None:
    store, document = world.store, world.document.id
    world.add(world.span("Talal"))
    store.undo(world.session, document)
    world.add(world.span("Sillo"))
    assert store.redo(world.session, document) is None
    assert store.undo(world.session, document) is not None
    assert store.undo(world.session, document) is None


def test_stacks_survive_a_restart_and_another_session(world: World) -> None:
    empty = world.state()
    world.add(world.span("Talal"))
    world.add(world.span("Sillo"))
    full = world.state()
    world.store.close()
    again = world.another()
    session = again.start_session(world.alice)
    while again.undo(session, world.document.id) is not None:
        pass
    assert world.state(again) == empty
    again.close()
    third = world.another()
    session = third.start_session(world.alice)
    while third.redo(session, world.document.id) is not None:
        pass
    assert world.state(third) == full


def test_stacks_belong_to_an_annotator_and_a_document(world: World) -> None:
    store, document = world.store, world.document.id
    other = new_document("other.txt", "Other text.")
    store.add_document(other)
    world.add(world.span("Talal"))
    assert store.undo(world.bobs, document) is None
    assert store.undo(world.session, other.document.id) is None
    assert store.undo(world.session, document) is not None


def test_edits_that_are_not_undoable_stay_off_the_stack(world: World) -> None:
    store, document = world.store, world.document.id
    world.add(world.span("Talal"))
    imported = (create(world.span("Sillo")),)
    store.apply(world.session, document, "import", imported, undoable=False)
    store.apply(world.session, None, "actor", (create(world.actor()),))
    store.apply(world.session, document, "nothing", ())
    undone = store.undo(world.session, document)
    assert undone is not None
    assert [c.record.text for c in undone.changes if isinstance(c.record, Span)] == ["Talal"]
    assert store.undo(world.session, document) is None
    assert [s.text for s in store.annotations(document, world.alice).spans] == ["Sillo"]


def test_what_others_changed_since_is_not_undone(world: World) -> None:
    store, document = world.store, world.document.id
    span = world.span("Sillo")
    world.add(span)
    change = update(span, replace(span, label="LOCATION"))
    store.apply(world.bobs, document, "relabel", (change,))
    before = world.state()
    with pytest.raises(StaleError, match="'bob'"):
        store.undo(world.session, document)
    assert world.state() == before
    store.undo(world.bobs, document)
    assert store.undo(world.session, document) is not None
    assert store.annotations(document, world.alice).spans == ()
    with pytest.raises(StaleError, match="no longer there"):
        store.redo(world.bobs, document)


def test_deleting_a_span_takes_its_relations_and_one_undo_brings_all_back(world: World) -> None:
    claim, source = world.span("Raqqa", "CLAIM", "claim"), world.span("Sillo", "SOURCE", "source")
    relation = world.relation(("claim", claim), ("source", source))
    outer = world.relation(("claim", relation), ("source", source))
    world.add(claim, source, relation, outer)
    before = world.state()
    made = world.store.annotations(world.document.id, world.alice)
    held = AnnotationSet(made.spans, made.relations)
    changes = delete_annotation(held, world.store.schema(), claim)
    world.store.apply(world.session, world.document.id, "delete", changes)
    assert world.store.annotations(world.document.id, world.alice).relations == ()
    world.store.undo(world.session, world.document.id)
    assert world.state() == before


def test_undo_and_redo_know_no_limit_over_any_number_of_restarts(world: World) -> None:
    empty = world.state()
    span = world.span("Sillo")
    world.add(span)
    for _ in range(120):
        following = replace(span, flagged=not span.flagged, revision=span.revision + 1)
        world.store.apply(world.session, world.document.id, "flag", (Change(span, following),))
        span = following
    full = world.state()
    world.store.close()
    for turn, end in (("undo", empty), ("redo", full), ("undo", empty)):
        steps = 0
        while True:
            store = world.another()
            session = store.start_session(world.alice)
            made = [getattr(store, turn)(session, world.document.id) for _ in range(40)]
            steps += sum(edit is not None for edit in made)
            state = world.state(store)
            store.close()
            if made[-1] is None:
                break
        assert steps == 121
        assert state == end


def test_a_bulk_edit_is_one_step_also_after_a_restart(world: World) -> None:
    words = ("Talal", "Sillo", "SDF", "Raqqa", "begun", "Nobody")
    spans = [world.span(word) for word in words]
    world.add(*spans)
    before = world.state()
    bulk = (
        *(update(s, replace(s, label="GROUP")) for s in spans[:3]),
        *(delete(s) for s in spans[3:]),
        *(create(world.span(word, "GROUP")) for word in ("confirmed", "operations")),
    )
    world.store.apply(world.session, world.document.id, "bulk", bulk)
    after = world.state()
    world.store.close()
    again = world.another()
    session = again.start_session(world.alice)
    undone = again.undo(session, world.document.id)
    assert undone is not None
    assert len(undone.changes) == len(bulk)
    assert world.state(again) == before
    again.close()
    third = world.another()
    session = third.start_session(world.alice)
    assert third.redo(session, world.document.id) is not None
    assert world.state(third) == after
