"""Contract: what a second store could forget, and that the suite asks for every method."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from msgspec.structs import replace
from store_world import TEXT, World, held_until_told, new_document

from annotator.core.annotation import DocumentMark, mark_id
from annotator.core.edits import create, update
from annotator.errors import InputError, NotFoundError, StaleError
from annotator.store.base import Among, Store

HERE = Path(__file__).parent
METHODS = sorted(name for name in vars(Store) if not name.startswith("_"))


@pytest.mark.parametrize("method", METHODS)
def test_the_contract_asks_for_every_method(method: str) -> None:
    files = (*HERE.glob("test_contract_*.py"), *HERE.glob("merge_world.py"))
    suite = "".join(file.read_text("utf-8") for file in files)
    assert re.search(rf"\.{method}\b", suite), f"no contract test calls Store.{method}"


def test_a_store_owns_no_file_of_others(world: World) -> None:
    assert not world.store.owns(Path(__file__))


def test_who_waits_for_another_is_told_and_told_when_it_is_over(world: World) -> None:
    with held_until_told(world.another()) as heard:
        world.store.tell_waiting(heard)
        world.store.set_setting("see-others", "on")
    assert heard[0] > 0
    assert heard[-1] == 0
    assert world.store.setting("see-others") == "on"
    heard.clear()
    world.store.set_setting("see-others", "off")
    assert heard == []


def add(world: World, *names: str) -> list[str]:
    """Documents of these names; gives their ids."""
    made = [new_document(name, f"This is {name}") for name in names]
    for new in made:
        world.store.add_document(new)
    return [new.document.id for new in made]


def test_neighbours_follow_the_order_of_import(world: World) -> None:
    z, a = add(world, "z.txt", "a.txt")
    store, first = world.store, world.document.id
    assert [store.neighbour(id, 1) for id in (first, z, a)] == [z, a, None]
    assert [store.neighbour(id, -1) for id in (first, z, a)] == [None, first, z]
    assert (store.neighbour(None, 1), store.neighbour(None, -1)) == (first, a)
    assert store.neighbour("nothing", 1) is None


def test_a_document_is_found_by_its_very_name(world: World) -> None:
    assert world.store.document_named("raqqa.txt") == world.document.id
    assert world.store.document_named("RAQQA.txt") is None
    assert world.store.document_named(world.document.id) is None


def test_a_project_that_was_never_merged_has_no_conflicts(world: World) -> None:
    world.add(world.span("Sillo"))
    assert list(world.store.conflicts()) == []


def test_a_schema_that_did_not_change_is_no_trouble(world: World) -> None:
    world.another().check_schema()
    world.store.check_schema()


def near(world: World, document: str, letters: str = "", limit: int = 100) -> list[str]:
    found = world.store.documents_near(document, world.alice, letters, limit)
    return [info.name for info in found]


def test_the_documents_around_one_are_listed_in_order_of_import(world: World) -> None:
    ids = add(world, *(f"{n}.txt" for n in range(6)))
    everything = ["raqqa.txt", *(f"{n}.txt" for n in range(6))]
    assert near(world, ids[0]) == everything
    assert near(world, ids[3], limit=4) == ["1.txt", "2.txt", "3.txt", "4.txt"]
    assert near(world, ids[5], limit=3) == ["3.txt", "4.txt", "5.txt"]
    assert near(world, world.document.id, limit=2) == ["raqqa.txt", "0.txt"]
    assert world.store.documents_near(ids[0], world.alice, "", 100) == world.store.documents(
        world.alice
    )


@pytest.mark.parametrize(
    ("letters", "found"),
    [
        ("rqa", ["raqqa.txt"]),
        ("RA QA", ["raqqa.txt"]),
        ("%", ["100%_\\.txt"]),
        ("_", ["100%_\\.txt"]),
        ("\\", ["100%_\\.txt"]),
        ("10.t", ["100%_\\.txt"]),
        ("ö", ["raqqa.txt", "100%_\\.txt", "Größe.txt"]),
        ("gße", ["Größe.txt"]),
        ("zz", []),
    ],
)
def test_documents_are_found_by_letters_of_their_names(
    world: World, letters: str, found: list[str]
) -> None:
    add(world, "100%_\\.txt", "Größe.txt")
    assert near(world, world.document.id, letters) == found


def test_an_edit_takes_the_cursor_with_it_or_leaves_it(world: World) -> None:
    store, document = world.store, world.document.id
    span = world.span("Sillo")
    store.apply(world.session, document, "label", (create(span),), cursor=6)
    again = world.another()
    assert again.position(document, world.alice) == 6
    assert again.last_document(world.alice) == document
    assert again.position(document, world.bob) == 0
    world.add(world.span("Raqqa"))
    assert store.position(document, world.alice) == 6
    stale = update(replace(span, label="GROUP"), span)
    with pytest.raises(StaleError):
        store.apply(world.session, document, "late", (stale,), cursor=9)
    with pytest.raises(InputError):
        store.apply(world.session, document, "label", (), cursor=len(TEXT) + 1)
    assert store.position(document, world.alice) == 6


def test_a_session_belongs_to_who_sat_down(world: World) -> None:
    sessions = {world.store.start_session(world.alice) for _ in range(3)}
    assert len(sessions | {world.session}) == 4
    for session in sessions:
        edit = world.another().apply(session, world.document.id, "nothing", ())
        assert (edit.session, edit.annotator) == (session, world.alice)
    with pytest.raises(NotFoundError):
        world.store.start_session("nobody")


def test_two_stores_see_each_other_s_writes(world: World) -> None:
    other = world.another()
    span = world.span("Sillo")
    world.add(span)
    assert other.annotations(world.document.id, world.alice).spans == (span,)
    assert other.undo(world.session, world.document.id) is not None
    assert world.store.annotations(world.document.id, world.alice).spans == ()
    assert [e.verb for e in world.store.edits()] == ["undo", "label"]


def test_the_history_reads_the_same_however_it_is_cut(world: World) -> None:
    for word in ("Talal", "Sillo", "Raqqa"):
        world.add(world.span(word), verb=word)
        world.store.undo(world.session, world.document.id)
    whole = list(world.store.edits())
    assert [e.verb for e in whole] == ["undo", "Raqqa", "undo", "Sillo", "undo", "Talal"]
    for limit in range(len(whole) + 2):
        assert list(world.store.edits(world.document.id, limit=limit)) == whole[:limit]
    assert [e.target for e in whole[::2]] == [e.id for e in whole[1::2]]


def test_documents_are_found_by_what_an_annotator_has_in_them(world: World) -> None:
    z, a = add(world, "z.txt", "a.txt")
    store, raqqa = world.store, world.document.id
    actor = world.actor()
    sentences = store.sentences(raqqa)
    flagged = world.unit_label(sentences[0].id, flagged=True)
    world.add(actor, world.span("Sillo", actor=actor.id), flagged)
    world.add(*(world.mark(sentence) for sentence in sentences))
    assert store.document_ids() == [raqqa, z, a]
    assert store.documents_holding(world.alice, "annotations") == [raqqa]
    assert store.documents_holding(world.alice, "flags") == [raqqa]
    assert store.documents_holding(world.alice, "actor", actor.id) == [raqqa]
    assert store.documents_holding(world.alice, "actor", "nobody") == []
    assert store.documents_holding(world.alice, "suggestions") == []
    assert store.documents_holding(world.alice, "open sentences") == [z, a]
    assert store.documents_holding(world.alice, "finished") == [raqqa]
    assert store.documents_holding(world.bob, "annotations") == []
    assert store.documents_holding(world.bob, "finished") == []
    done = DocumentMark(mark_id(a, world.bob), a, world.bob, "done")
    store.apply(world.bobs, a, "done", (create(done),))
    assert store.documents_holding(world.bob, "finished") == [a]
    store.apply(world.bobs, a, "reopen", (update(done, replace(done, status="open")),))
    mark = world.mark(sentences[0], world.bob)
    store.apply(world.bobs, raqqa, "done", (create(replace(mark, done=False)),))
    assert store.documents_holding(world.bob, "finished") == []
    assert store.documents_holding(world.bob, "open sentences") == [raqqa, z, a]
    assert store.mention_counts(world.alice) == {actor.id: 1}
    assert store.mention_counts(world.bob) == {}
    listed = store.documents(world.alice)[0]
    assert (listed.unit_labels, listed.flagged) == (1, 1)


def test_an_actor_that_a_relation_ties_is_found_in_its_document(world: World) -> None:
    actor, claim = world.actor(), world.span("operations", "CLAIM", "claim")
    world.add(actor, claim, world.relation(("claim", claim), ("source", actor)))
    assert world.store.documents_holding(world.alice, "actor", actor.id) == [world.document.id]


def test_documents_near_are_narrowed_down_by_how_far_they_are(world: World) -> None:
    z, a = add(world, "z.txt", "a.txt")
    world.add(world.span("Sillo", flagged=True))
    done = DocumentMark(mark_id(z, world.alice), z, world.alice, "done")
    world.store.apply(world.session, z, "done", (create(done),))
    names = {
        among: [d.name for d in world.store.documents_near(a, world.alice, "", 9, among)]
        for among in get_args(Among)
    }
    assert names == {
        "all": ["raqqa.txt", "z.txt", "a.txt"],
        "open": ["raqqa.txt", "a.txt"],
        "done": ["z.txt"],
        "flagged": ["raqqa.txt"],
        "suggested": [],
    }
    assert world.store.documents_near(a, world.bob, "", 9, "done") == []


def test_the_keys_of_sessions_add_up(world: World) -> None:
    world.store.count_keys(world.session, 3)
    world.store.count_keys(world.session, 4)
    world.store.count_keys(world.store.start_session(world.alice), 1)
    assert world.store.keys_pressed(world.alice) == 8
    assert world.another().keys_pressed(world.alice) == 8
    assert world.store.keys_pressed(world.bob) == 0


def test_texts_that_have_several_labels_are_told_with_their_numbers(world: World) -> None:
    raqqa = [world.span("Raqqa", label) for label in ("LOCATION", "LOCATION", "GROUP")]
    world.add(*raqqa, world.span("Sillo"), world.span("Raqqa", "SOURCE", "source"))
    assert world.store.labels_of_texts(world.alice) == [
        ("entity", "Raqqa", "GROUP", 1),
        ("entity", "Raqqa", "LOCATION", 2),
    ]
    assert world.store.labels_of_texts(world.bob) == []
