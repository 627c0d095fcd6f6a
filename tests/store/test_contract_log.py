"""Contract: the log as it is read, settings, and noticing what others write."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from store_world import World, new_document

from annotator.core.annotation import Span
from annotator.core.edits import create, delete
from annotator.errors import NotFoundError, UsageError


def test_the_log_of_a_record_holds_only_its_own_changes(world: World) -> None:
    sillo, raqqa = world.span("Sillo"), world.span("Raqqa")
    world.add(sillo, raqqa)
    world.store.apply(world.bobs, world.document.id, "delete", (delete(raqqa),))
    of_it = list(world.store.log(record=raqqa.id))
    assert [(e.by, e.edit.verb, e.document, e.changes) for e in of_it] == [
        ("bob", "delete", "raqqa.txt", 1),
        ("alice", "label", "raqqa.txt", 2),
    ]
    assert [[c.record.id for c in e.edit.changes] for e in of_it] == [[raqqa.id]] * 2
    assert list(world.store.log(record="nothing")) == []


def test_a_documents_log_comes_with_edits_of_the_project_in_order(world: World) -> None:
    other = new_document("other.txt", "Other.")
    world.store.add_document(other)
    world.add(world.span("Sillo"))
    world.store.apply(world.bobs, None, "actor", (create(world.actor()),))
    world.store.apply(world.bobs, other.document.id, "nothing", ())
    world.add(world.span("Raqqa"), verb="second")
    verbs = [e.edit.verb for e in world.store.log(world.document.id)]
    assert verbs == ["second", "actor", "label"]
    assert [e.edit.verb for e in world.store.log()] == ["second", "nothing", "actor", "label"]
    assert [e.edit.verb for e in world.store.log(limit=2)] == ["second", "nothing"]


def test_of_a_bulk_edit_no_more_is_read_than_asked_for(world: World) -> None:
    words = ("Talal", "Sillo", "SDF", "Raqqa", "begun")
    world.add(*(world.span(word) for word in words))
    (logged,) = world.store.log(most=2)
    assert ([c.record.text for c in logged.edit.changes if isinstance(c.record, Span)]) == [
        "Talal",
        "Sillo",
    ]
    assert logged.changes == 5
    assert [len(e.edit.changes) for e in world.store.log(most=0)] == [0]


def test_the_log_goes_on_behind_a_page(world: World) -> None:
    for n in range(450):
        world.store.apply(world.session, world.document.id, f"verb {n}", ())
    verbs = [e.edit.verb for e in world.store.log(world.document.id)]
    assert verbs == [f"verb {n}" for n in reversed(range(450))]


def test_edits_behind_a_number_come_oldest_first(world: World) -> None:
    store, document = world.store, world.document.id
    assert store.last_edit(document) == 0
    world.add(world.span("Sillo"))
    seen = store.last_edit(document)
    store.apply(world.bobs, None, "actor", (create(world.actor()),))
    world.add(world.span("Raqqa"), verb="second")
    store.undo(world.session, document)
    found = store.edits_after(document, seen)
    assert [edit.verb for _, edit in found] == ["second", "undo"]
    assert [number for number, _ in found][-1] == store.last_edit(document)
    assert store.edits_after(document, store.last_edit(document)) == []


def test_a_moment_is_another_only_when_somebody_else_wrote(world: World) -> None:
    other = world.another()
    before = world.store.moment()
    world.add(world.span("Sillo"))
    assert world.store.moment() == before
    other.annotations(world.document.id, world.alice)
    assert world.store.moment() == before
    other.apply(world.bobs, world.document.id, "label", (create(world.span("Raqqa")),))
    assert world.store.moment() != before


def test_an_edit_is_found_by_id_whole_or_in_one_document(world: World) -> None:
    world.add(world.span("Sillo"), world.span("Raqqa"))
    (edit,) = world.store.edits()
    for document in (None, world.document.id):
        assert world.store.edit(edit.id, document) == edit
        for most in range(3):
            part = world.store.edit(edit.id, document, most=most)
            assert part == replace(edit, changes=edit.changes[:most])
    assert world.store.edit(edit.id, "elsewhere").changes == ()
    for ask in (world.store.edit, lambda id: world.store.carried(id, world.document.id)):
        with pytest.raises(NotFoundError, match="no edit nothing"):
            ask("nothing")


def test_settings_have_defaults_and_are_checked(world: World) -> None:
    store = world.store
    assert store.setting("see-others") == "on"
    assert store.settings() == {}, "a default was never chosen"
    store.set_setting("see-others", "off")
    assert world.another().setting("see-others") == "off"
    assert world.another().settings() == {"see-others": "off"}
    store.set_setting("see-others", "on")
    assert store.setting("see-others") == "on"
    with pytest.raises(UsageError, match="cannot be 'perhaps'"):
        store.set_setting("see-others", "perhaps")
    for ask in (store.setting, lambda name: store.set_setting(name, "on")):
        with pytest.raises(NotFoundError, match="no setting 'colour'"):
            ask("colour")
