"""Contract: whatever is done, undoing it all and redoing it all passes every state again."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from store_world import FACTORIES, TEXT, World, assert_replayable, attributes, populate

from annotator.core.annotation import DocumentMark, mark_id
from annotator.core.annotation_set import AnnotationSet
from annotator.core.edits import (
    Changes,
    create,
    delete,
    delete_annotation,
    merge_sentences,
    split_sentence,
    update,
)
from annotator.core.ids import new_id

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("label", "label", "relabel", "delete", "tie", "tie", "split", "merge"),
                *("done", "status", "actor", "mention", "unit", "undo", "redo", "reopen"),
            ]
        ),
        st.integers(0, 10**6),
        st.integers(0, 10**6),
    ),
    max_size=14,
)


def changes_of(world: World, step: str, a: int, b: int) -> Changes:
    """The changes of one step; empty where there is nothing to do it to."""
    made = world.store.annotations(world.document.id, world.alice)
    cut = world.store.sentences(world.document.id)
    sentence = cut[a % len(cut)]
    match step:
        case "label":
            start = a % (len(TEXT) - 6)
            places = ((start, start + 1 + b % 3), (start + 4, start + 6))[: 1 + b % 2]
            return (create(world.span_at(places, attributes=attributes(mode=("x",) * (b % 3)))),)
        case "done":
            mark = mark_id(sentence.id, world.alice)
            held = [m for m in made.sentence_marks if m.id == mark]
            return (delete(held[0]),) if held else (create(world.mark(sentence)),)
        case "status":
            now = made.document_mark
            if now is None:
                id = mark_id(world.document.id, world.alice)
                return (create(DocumentMark(id, world.document.id, world.alice, "done")),)
            return (update(now, replace(now, status="open" if a % 2 else "done")),)
        case "actor":
            return (create(world.actor(f"actor {a}", aliases=("x",) * (b % 3))),)
        case "unit":
            return (create(world.unit_label(sentence.id if b % 2 else None)),)
        case "split" | "merge":
            return recut(world, step, a, b)
    return changes_of_spans(world, step, a, b)


def changes_of_spans(world: World, step: str, a: int, b: int) -> Changes:
    made = world.store.annotations(world.document.id, world.alice)
    if not made.spans:
        return ()
    span = made.spans[a % len(made.spans)]
    match step:
        case "relabel":
            return (update(span, replace(span, label="GROUP", attributes=(), flagged=a % 2 == 0)),)
        case "mention":
            actors = world.store.actors()
            return (
                (update(span, replace(span, actor=actors[b % len(actors)].id)),) if actors else ()
            )
        case "tie":
            others = [*made.spans, *made.relations]
            return (create(world.relation(("claim", span), ("source", others[b % len(others)]))),)
        case "delete":
            held = AnnotationSet(made.spans, made.relations)
            return delete_annotation(held, world.store.schema(), span)
    raise AssertionError(step)


def recut(world: World, step: str, a: int, b: int) -> Changes:
    cut = world.store.sentences(world.document.id)
    sentence = cut[a % len(cut)]
    if step == "split":
        offset = sentence.start + 1 + b % (sentence.end - sentence.start)
        return split_sentence(sentence, TEXT, offset, new_id())
    following = [s for s in cut if s.start >= sentence.end]
    if not following:
        return ()
    made = world.store.annotations(world.document.id, world.alice)
    on_it = [r for r in (*made.sentence_marks, *made.unit_labels) if r.sentence == following[0].id]
    return (*(delete(r) for r in on_it), *merge_sentences(sentence, following[0]))


def run(world: World, steps: list[tuple[str, int, int]]) -> tuple[list[object], int]:
    """Do the steps; gives all states on the way up and which of them holds at the end."""
    states: list[object] = [world.state()]
    now = 0
    for step, a, b in steps:
        if step == "undo":
            undone = world.store.undo(world.session, world.document.id)
            assert (undone is None) == (now == 0)
            now = max(0, now - 1)
        elif step == "redo":
            redone = world.store.redo(world.session, world.document.id)
            assert (redone is None) == (now == len(states) - 1)
            now = min(len(states) - 1, now + 1)
        elif step == "reopen":
            world.store.close()
            world.store = world.factory.open()
        else:
            changes = changes_of(world, step, a, b)
            if changes:
                world.store.apply(world.session, world.document.id, step, changes)
                states = [*states[: now + 1], world.state()]
                now += 1
        assert world.state() == states[now]
    return states, now


@pytest.mark.parametrize("kind", sorted(FACTORIES))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_undoing_all_and_redoing_all_passes_every_state(
    kind: str, steps: list[tuple[str, int, int]], schema_source: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        factory = FACTORIES[kind](Path(folder))
        world = populate(factory.create(schema_source), factory)
        states, now = run(world, steps)
        for state in reversed(states[:now]):
            assert world.store.undo(world.session, world.document.id) is not None
            assert world.state() == state
        assert world.store.undo(world.session, world.document.id) is None
        for state in states[1:]:
            assert world.store.redo(world.session, world.document.id) is not None
            assert world.state() == state
        assert world.store.redo(world.session, world.document.id) is None
        assert_replayable(world.store)
        world.store.close()
