"""Contract: changing the schema as one edit of the project, undoing it, and what stands against."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from store_world import World

from annotator.core.annotation import Suggestion
from annotator.core.annotation_set import AnnotationSet
from annotator.core.edits import Changes, create, delete_annotation, update
from annotator.core.fitting import Fitting
from annotator.core.ids import new_id
from annotator.core.schema_change import change_document
from annotator.core.schema_file import parse_schema
from annotator.errors import RuleError, SchemaChangedError, StaleError
from annotator.store.base import Store


@pytest.fixture
def second(schema_source: str) -> str:
    """The news schema with LOCATION called PLACE."""
    source = schema_source.replace("version = 1", "version = 2")
    source = source.replace("[layer.entity.labels.LOCATION]", "[layer.entity.labels.PLACE]")
    return f'{source}\n[migrate.layer.entity.labels]\nLOCATION = "PLACE"\n'


@pytest.fixture
def third(second: str) -> str:
    """That without PLACE: what has it is deleted."""
    start = second.index("[layer.entity.labels.PLACE]")
    source = second[:start] + second[second.index("[layer.entity.labels.FACILITY]") :]
    source = source.replace("version = 2", "version = 3").split("[migrate")[0]
    return f"{source}\n[migrate.layer.entity.labels]\nPLACE = false\n"


def parts(store: Store, source: str, world: World) -> Iterator[Changes]:
    for who in (world.alice, world.bob):
        made = store.annotations(world.document.id, who)
        records = (*made.spans, *made.relations, *made.unit_labels, *made.suggestions)
        yield change_document(
            records, store.schema(), Fitting(parse_schema(source, "x")), lambda e, r: None
        )


def change(world: World, source: str, store: Store | None = None) -> None:
    asked = store or world.store
    edit = asked.change_schema(world.session, source, parts(asked, source, world))
    assert Path(edit.backup).is_file()
    assert asked.schema_source() == source
    assert asked.schema().version == edit.version


def labels(world: World, store: Store | None = None) -> list[str]:
    made = (store or world.store).annotations(world.document.id, world.alice)
    return [span.label for span in made.spans]


def test_a_change_of_schema_is_one_edit_and_comes_back_whole(
    world: World, second: str, schema_source: str
) -> None:
    place = world.span("Raqqa", "LOCATION")
    world.add(place, world.span("Sillo"))
    before = world.state()
    change(world, second)
    assert labels(world) == ["PLACE", "PERSON"]
    (edit,) = world.store.edits(limit=1)
    assert (edit.verb, edit.document) == ("schema", None)
    assert [c.after for c in edit.changes] == [replace(place, label="PLACE", revision=2)]
    after = world.state()
    world.store.close()
    again = world.another()
    undone = again.undo_schema(world.bobs)
    assert undone is not None
    assert (undone.version, undone.changes, again.schema_source()) == (1, 1, schema_source)
    assert again.schema().version == 1
    assert world.state(again) == before
    (undo,) = again.edits(limit=1)
    assert (undo.verb, undo.target, undo.annotator) == ("undo", edit.id, world.bob)
    assert again.undo_schema(world.bobs) is None
    again.close()
    third = world.another()
    redone = third.redo_schema(world.session)
    assert redone is not None
    assert (redone.version, third.schema_source()) == (2, second)
    assert world.state(third) == after
    assert third.redo_schema(world.session) is None
    assert third.undo_schema(world.session) is not None
    assert world.state(third) == before


def test_changes_of_schema_lie_on_a_stack_of_their_own(
    world: World, second: str, third: str, schema_source: str
) -> None:
    world.add(world.span("Raqqa", "LOCATION"), world.span("Sillo"))
    states = [world.state()]
    for source in (second, third):
        change(world, source)
        states.append(world.state())
    for state in reversed(states[:-1]):
        assert world.store.undo_schema(world.session) is not None
        assert world.state() == state
    for state in states[1:]:
        assert world.store.redo_schema(world.session) is not None
        assert world.state() == state
    world.store.undo_schema(world.session)
    change(world, schema_source.replace("version = 1", "version = 9"))
    assert world.store.redo_schema(world.session) is None


def test_what_fails_half_way_changes_nothing(world: World, second: str) -> None:
    world.add(world.span("Raqqa", "LOCATION"))
    before, source = world.state(), world.store.schema_source()

    def failing() -> Iterator[Changes]:
        yield from parts(world.store, second, world)
        raise RuleError("no")

    with pytest.raises(RuleError, match="no"):
        world.store.change_schema(world.session, second, failing())
    assert (world.state(), world.store.schema_source()) == (before, source)
    assert [e.verb for e in world.store.edits()] == ["label"]


def test_nothing_is_written_under_a_schema_that_is_no_longer_in_force(
    world: World, second: str
) -> None:
    world.add(world.span("Sillo"))
    other = world.another()
    other.schema()
    assert not other.schema_changed()
    change(world, second)
    before = world.state()
    span = world.span("Raqqa", "LOCATION")
    for write in (
        lambda: other.apply(world.bobs, world.document.id, "label", (create(span),)),
        lambda: other.undo(world.session, world.document.id),
        lambda: other.redo(world.session, world.document.id),
        lambda: other.change_schema(world.bobs, second, ()),
        lambda: other.undo_schema(world.bobs),
    ):
        assert other.schema_in_force() == world.store.schema()
        assert other.schema_changed(), "who only looks goes by no other schema"
        with pytest.raises(SchemaChangedError, match="by 'alice', to news 2"):
            write()
    assert world.state() == before
    other.schema()
    other.apply(world.bobs, world.document.id, "label", (create(replace(span, label="PLACE")),))


def test_undo_in_a_document_goes_on_across_a_change_of_schema(world: World, second: str) -> None:
    store, document = world.store, world.document.id
    empty = world.state()
    span = world.span("Raqqa", "LOCATION")
    world.add(span)
    world.add(world.span("Sillo"))
    store.apply(world.session, document, "flag", (update(span, replace(span, flagged=True)),))
    change(world, second)
    full = world.state()
    for _ in range(3):
        assert store.undo(world.session, document) is not None
    assert world.state() == empty
    for _ in range(3):
        assert store.redo(world.session, document) is not None
    assert world.state() == full
    assert labels(world) == ["PLACE", "PERSON"]


def test_a_deletion_undone_after_a_change_of_schema_gives_the_new_name(
    world: World, second: str, third: str
) -> None:
    span = world.span("Raqqa", "LOCATION")
    world.add(span)
    gone = delete_annotation(AnnotationSet([span]), world.store.schema(), span)
    world.store.apply(world.session, world.document.id, "delete", gone)
    change(world, second)
    world.store.undo(world.session, world.document.id)
    assert labels(world) == ["PLACE"]
    world.store.redo(world.session, world.document.id)
    change(world, third)
    undone = world.store.undo(world.session, world.document.id)
    assert undone is not None
    assert undone.changes == ()
    assert labels(world) == []


def test_a_deletion_that_the_schema_has_no_place_for_is_not_undone(
    world: World, schema_source: str, second: str
) -> None:
    span = world.span("Raqqa", "LOCATION")
    world.add(span)
    gone = delete_annotation(AnnotationSet([span]), world.store.schema(), span)
    world.store.apply(world.session, world.document.id, "delete", gone)
    change(world, second.split("[migrate")[0])
    with pytest.raises(RuleError, match="cannot come back: label entity"):
        world.store.undo(world.session, world.document.id)
    world.store.undo_schema(world.session)
    assert world.store.undo(world.session, world.document.id) is not None
    assert labels(world) == ["LOCATION"]


def test_what_engines_tied_since_does_not_hinder_an_undo(world: World, second: str) -> None:
    """Fillers of a proposed tie are proposals too, and may be gone when it was answered."""
    store, document = world.store, world.document.id
    change(world, second)
    who, said, gone = world.span("Talal Sillo"), world.span("confirmed"), world.span("SDF")
    who, said = (
        replace(who, layer="source", label="SOURCE"),
        replace(said, layer="cue", label="CUE"),
    )
    tie = world.relation(("source", who), ("cue", said), ("claim", gone))
    proposed = [Suggestion(new_id(), document, world.alice, item) for item in (tie, who, said)]
    world.add(*proposed, verb="suggest")
    misplaced = replace(said, id=new_id(), layer="entity", label="PERSON")
    wrong = replace(tie, id=new_id(), arguments=(replace(tie.arguments[1], target=misplaced.id),))
    others = [Suggestion(new_id(), document, world.alice, item) for item in (wrong, misplaced)]
    world.add(*others, verb="suggest")
    with pytest.raises(StaleError, match=r"attribution.cue no longer takes"):
        store.undo_schema(world.session)
    store.undo(world.session, document)
    assert store.undo_schema(world.session) is not None


def test_a_change_of_schema_is_not_undone_under_what_was_done_since(
    world: World, second: str
) -> None:
    store, document = world.store, world.document.id
    span, other = world.span("Raqqa", "LOCATION"), world.span("Sillo")
    world.add(span, other)
    change(world, second)
    now = replace(span, label="PLACE", revision=2)
    store.apply(world.bobs, document, "flag", (update(now, replace(now, flagged=True)),))
    before = world.state()
    with pytest.raises(StaleError, match="1 annotation that the change of schema touched"):
        store.undo_schema(world.session)
    assert (world.state(), store.schema().version) == (before, 2)
    store.undo(world.bobs, document)
    store.apply(world.bobs, document, "label", (create(world.span("SDF", "PLACE")),))
    with pytest.raises(StaleError, match="1 annotation, made or changed since, would not fit"):
        store.undo_schema(world.session)
    assert store.schema().version == 2
    store.undo(world.bobs, document)
    store.apply(world.bobs, document, "flag", (update(other, replace(other, flagged=True)),))
    assert store.undo_schema(world.session) is not None
    assert labels(world) == ["LOCATION", "PERSON"]
