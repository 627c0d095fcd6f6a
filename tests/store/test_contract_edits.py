"""Contract: edits, what they refuse, and transactions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from store_world import TEXT, World, attributes, new_document

from annotator.core.annotation import Origin, SentenceMark, Span, Suggestion
from annotator.core.annotation_set import AnnotationSet
from annotator.core.edits import (
    create,
    delete,
    merge_sentences,
    split_sentence,
    update,
)
from annotator.core.ids import new_id
from annotator.errors import InputError, NotFoundError, RuleError, StaleError
from annotator.store.base import Store


def everything(world: World) -> list[object]:
    """One record of each kind, with all that it can hold."""
    actor = world.actor(note="spokesman")
    other = world.actor("SDF", aliases=(), links=())
    machine = Origin("crf", "2.1", 0.25)
    split = ((0, 5), (6, 11), (33, 36))
    spans = [
        world.span("Sillo", actor=actor.id, note="he", flagged=True, origin=machine),
        world.span_at(split, attributes=attributes(mode=("direct", "mixed"), empty=())),
        world.span("Sillo"),
    ]
    inner = world.relation(("claim", spans[0]), ("source", spans[1]), ("source", actor))
    outer = world.relation(
        ("claim", inner), ("cue", spans[2]), ("source", other), attributes=attributes(mode=("x",))
    )
    sentence = world.store.sentences(world.document.id)[1]
    labels = [
        world.unit_label(attributes=attributes(sure=("no",)), note="all"),
        world.unit_label(sentence.id, flagged=True, origin=machine),
    ]
    suggestions = [
        Suggestion(new_id(), world.document.id, world.alice, proposed, state, result)
        for proposed, state, result in (
            (world.span("Raqqa", origin=machine, actor=other.id), "open", None),
            (world.relation(("claim", spans[0])), "accepted", inner.id),
            (world.unit_label(), "rejected", None),
        )
    ]
    # The relation comes before what it holds: the order within an edit is free.
    return [outer, inner, *spans, actor, other, *labels, *suggestions, world.mark(sentence)]


def test_every_kind_of_record_comes_back_as_it_was(world: World) -> None:
    made = everything(world)
    world.add(*made)
    for store in (world.store, world.another()):
        kept = store.annotations(world.document.id, world.alice)
        found = [
            *(*kept.spans, *kept.relations, *kept.unit_labels, *kept.suggestions),
            *(*kept.actors, *kept.sentence_marks),
        ]
        assert sorted(map(repr, found)) == sorted(map(repr, made))
        for group in (kept.spans, kept.relations, kept.unit_labels, kept.suggestions, kept.actors):
            assert [r.id for r in group] == sorted(r.id for r in group)
    assert world.store.annotations(world.document.id, world.bob).spans == ()


def test_undo_and_redo_carry_every_kind_of_record(world: World) -> None:
    empty = world.state()
    world.add(*everything(world))
    full = world.state()
    world.store.undo(world.session, world.document.id)
    assert world.state() == empty
    world.store.redo(world.session, world.document.id)
    assert world.state() == full


def test_an_edit_is_returned_and_logged_as_made(world: World) -> None:
    span = world.span("Sillo")
    edit = world.store.apply(world.session, world.document.id, "label", (create(span),))
    assert (edit.session, edit.annotator, edit.document) == (
        world.session,
        world.alice,
        world.document.id,
    )
    assert (edit.verb, edit.target, edit.changes) == ("label", None, (create(span),))
    assert edit.time == "2026-11-22T21:44:00.123Z"
    assert list(world.another().edits()) == [edit]


def test_the_log_is_newest_first_and_can_be_cut(world: World) -> None:
    other = new_document("other.txt", "Other text.")
    world.store.add_document(other)
    documents = (world.document.id, other.document.id, None)
    with world.store.transaction():
        made = [
            world.store.apply(world.session, documents[n % 3], f"verb {n}", ()) for n in range(450)
        ]
    made.reverse()
    assert list(world.store.edits()) == made
    assert list(world.store.edits(limit=1)) == made[:1]
    assert list(world.store.edits(limit=401)) == made[:401]
    assert list(world.store.edits(limit=0)) == []
    mine = [e for e in made if e.document == world.document.id]
    assert list(world.store.edits(world.document.id)) == mine
    assert list(world.store.edits(world.document.id, limit=3)) == mine[:3]


def stale_changes(world: World, span: Span, newer: Span) -> dict[str, tuple[object, ...]]:
    return {
        "update of an older revision": (update(span, replace(span, label="GROUP")),),
        "delete of an older revision": (delete(span),),
        "update of what is not there": (update(world.span("Raqqa"), world.span("Raqqa")),),
        "delete of what is not there": (delete(world.span("Raqqa")),),
        "creation of what is there": (create(newer),),
        "a good change and a stale one": (create(world.span("SDF")), delete(span)),
        "the same revision with other content": (delete(replace(newer, label="X")),),
    }


@pytest.mark.parametrize("case", range(7))
def test_a_stale_edit_writes_nothing(world: World, case: int) -> None:
    span = world.span("Sillo")
    world.add(span)
    change = update(span, replace(span, label="LOCATION"))
    world.store.apply(world.bobs, world.document.id, "relabel", (change,))
    before, log = world.state(), len(list(world.store.edits()))
    _, changes = list(stale_changes(world, span, change.record).items())[case]
    with pytest.raises(StaleError):
        world.store.apply(world.session, world.document.id, "late", changes)
    assert world.state() == before
    assert len(list(world.store.edits())) == log


def test_a_stale_edit_names_what_changed_and_who_did_it(world: World) -> None:
    span = world.span("Sillo")
    world.add(span)
    change = update(span, replace(span, label="LOCATION"))
    world.store.apply(world.bobs, world.document.id, "relabel", (change,))
    with pytest.raises(StaleError, match=r"PERSON 'Sillo' at 6–11 was changed .*'bob' \(relabel"):
        world.store.apply(world.session, world.document.id, "delete", (delete(span),))


@pytest.mark.parametrize(
    ("fragments", "text"),
    [
        (((0, 5),), "talal"),
        (((0, 5),), "Talal "),
        (((1, 6),), "Talal"),
        (((0, len(TEXT) + 1),), TEXT),
        (((-5, 5),), ""),
        (((5, 5),), ""),
        (((5, 0),), ""),
        ((), ""),
        (((0, 5), (5, 6)), "Talal  "),
        (((6, 11), (0, 5)), "Sillo Talal"),
        (((0, 2**70),), TEXT),
    ],
)
def test_an_offset_that_does_not_fit_the_text_is_refused(
    world: World, fragments: tuple[tuple[int, int], ...], text: str
) -> None:
    span = replace(world.span("Talal"), fragments=fragments, text=text)
    suggestion = Suggestion(new_id(), world.document.id, world.alice, span)
    for record in (span, suggestion):
        with pytest.raises(InputError):
            world.add(record)
    assert list(world.store.edits()) == []


@pytest.mark.parametrize("score", [float("nan"), float("inf")])
def test_a_score_that_is_no_number_is_refused(world: World, score: float) -> None:
    with pytest.raises(InputError, match="score"):
        world.add(world.span("Sillo", origin=Origin("crf", "1", score)))


def test_nothing_may_refer_to_what_is_not_there(world: World) -> None:
    span, actor = world.span("Sillo"), world.actor()
    records = [
        world.relation(("claim", span)),
        world.relation(("claim", actor)),
        world.span("Raqqa", actor=actor.id),
        world.unit_label("nothing"),
        SentenceMark("x", world.document.id, world.alice, "nothing"),
        world.span("Raqqa", annotator="nobody"),
    ]
    for record in records:
        with pytest.raises(RuleError):
            world.add(record)
    with pytest.raises(NotFoundError):
        world.add(world.span("Raqqa", document="nothing"))
    assert list(world.store.edits()) == []


def test_what_is_in_use_cannot_be_deleted(world: World) -> None:
    actor, span = world.actor(), world.span("Talal")
    mention = world.span("Sillo", actor=actor.id)
    relation = world.relation(("source", actor), ("claim", span))
    outer = world.relation(("claim", relation), ("source", span))
    sentence = world.store.sentences(world.document.id)[0]
    world.add(actor, span, mention, relation, outer, world.mark(sentence, world.bob))
    before = world.state()
    named = {
        actor: "actor 'Talal Sillo' cannot go: a span mentions it",
        span: "PERSON 'Talal' at 0–5 cannot go: a relation holds it",
        relation: "relation attribution .* cannot go: a relation holds it",
        sentence: "sentence at 0–69 cannot go: an annotator marked it .'bob'",
    }
    for record, message in named.items():
        with pytest.raises(RuleError, match=message):
            world.store.apply(world.session, world.document.id, "delete", (delete(record),))
    assert world.state() == before


def test_unmentioned_actors(world: World) -> None:
    free, mentioned, tied = world.actor("A"), world.actor("B"), world.actor("C")
    world.add(free, mentioned, tied, world.span("Sillo", actor=mentioned.id))
    world.add(world.relation(("source", tied)))
    assert world.store.actors() == [free, mentioned, tied]
    assert world.store.actor_count() == 3
    assert list(world.store.unmentioned_actors()) == [free]


def test_an_actor_that_is_only_proposed_is_mentioned(world: World) -> None:
    of_span, of_tie, free = world.actor("A"), world.actor("B"), world.actor("C")
    world.add(of_span, of_tie, free)
    claim = world.span("Sillo")
    mention = world.span("Talal", actor=of_span.id)
    tie = world.relation(("claim", claim), ("source", of_tie))
    for proposed in (mention, tie):
        world.add(Suggestion(new_id(), world.document.id, world.alice, proposed))
    assert list(world.store.unmentioned_actors()) == [free]


def test_a_record_changes_once_in_an_edit_and_gains_a_revision(world: World) -> None:
    span = world.span("Sillo")
    with pytest.raises(RuleError, match="only once"):
        world.add(span, span)
    world.add(span)
    change = replace(update(span, span), after=span)
    with pytest.raises(RuleError, match="revision"):
        world.store.apply(world.session, world.document.id, "relabel", (change,))


def test_what_undo_and_redo_would_do_is_told_before(world: World) -> None:
    store, document = world.store, world.document.id
    assert store.undoable(world.session, document) is None
    assert store.redoable(world.session, document) is None
    first, second = (
        store.apply(world.session, document, "label", (create(world.span(words)),))
        for words in ("Sillo", "Talal")
    )
    assert store.undoable(world.session, document) == second
    undo = store.undo(world.session, document)
    assert store.undoable(world.session, document) == first
    assert store.redoable(world.session, document) == undo
    redo = store.redo(world.session, document)
    assert store.undoable(world.session, document) == redo
    assert store.redoable(world.session, document) is None
    assert store.undoable(world.bobs, document) is None


def test_of_a_large_edit_only_so_much_is_read_as_is_asked_for(world: World) -> None:
    store, document = world.store, world.document.id
    changes = tuple(create(world.span(words)) for words in ("Sillo", "Talal", "Raqqa"))
    store.apply(world.session, document, "label", changes)
    for most in (0, 2, 3, 4):
        told = store.undoable(world.session, document, most)
        assert told is not None
        assert told.changes == changes[:most]
    undo = store.undo(world.session, document)
    redoable = store.redoable(world.session, document, 1)
    assert undo is not None
    assert redoable is not None
    assert (redoable.id, redoable.changes) == (undo.id, undo.changes[:1])


def test_sentences_are_split_merged_and_brought_back(world: World) -> None:
    store, document = world.store, world.document.id
    before = store.sentences(document)
    offset = TEXT.index("a spokesman")
    store.apply(world.session, document, "split", split_sentence(before[0], TEXT, offset, new_id()))
    cut = store.sentences(document)
    assert [TEXT[s.start : s.end] for s in cut[:2]] == [
        "Talal Sillo,",
        "a spokesman for the SDF, confirmed operations had begun.",
    ]
    store.apply(world.session, document, "merge", merge_sentences(cut[1], cut[2]))
    assert len(store.sentences(document)) == len(before)
    store.undo(world.session, document)
    store.undo(world.session, document)
    assert [(s.id, s.start, s.end) for s in store.sentences(document)] == [
        (s.id, s.start, s.end) for s in before
    ]


def test_sentences_may_not_overlap_or_leave_the_text(world: World) -> None:
    store, document = world.store, world.document.id
    first, second = store.sentences(document)[:2]
    for wider, error in ((second.start + 1, RuleError), (len(TEXT) + 9, InputError)):
        with pytest.raises(error):
            store.apply(world.session, document, "cut", (update(first, replace(first, end=wider)),))
    earlier = update(second, replace(second, start=first.end - 1))
    with pytest.raises(RuleError, match="overlap"):
        store.apply(world.session, document, "cut", (earlier,))


def test_transactions_are_all_or_nothing(world: World) -> None:
    store, document = world.store, world.document.id

    def two_writes(last: Callable[[], object]) -> None:
        with store.transaction():
            store.add_document(new_document("b.txt", "Text."))
            world.add(world.span("Talal"))
            last()

    with pytest.raises(ZeroDivisionError):
        two_writes(lambda: 1 / 0)
    assert list(store.edits()) == []
    assert store.undo(world.session, document) is None
    with store.transaction():
        world.add(world.span("Talal"))
        with pytest.raises(RuleError):
            two_writes(lambda: world.add(world.span("Sillo", actor="nobody")))
        with store.transaction():
            world.add(world.span("Raqqa"))
        assert world.another().annotations(document, world.alice).spans == ()
    texts = [s.text for s in world.another().annotations(document, world.alice).spans]
    assert texts == ["Talal", "Raqqa"]
    assert len(store.documents(world.alice)) == 1


def reference(world: World, store: Store, start: int, end: int) -> list[Span]:
    made = store.annotations(world.document.id, world.alice)
    return AnnotationSet(made.spans).spans_in(start, end)


def test_spans_in_a_place_are_those_whose_fragments_lie_there(world: World) -> None:
    world.add(
        *(world.span(w) for w in ("Talal", "Sillo", "Sillo", "Talal Sillo", "SDF", "Raqqa")),
        world.span_at(((0, 3), (100, 105))),
        world.span_at(((0, len(TEXT)),)),
    )
    for start in range(0, len(TEXT), 3):
        for end in (start + 1, start + 7, len(TEXT)):
            found = world.store.spans_in(world.document.id, world.alice, start, end)
            assert found == reference(world, world.store, start, end)
    assert world.store.spans_in(world.document.id, world.bob, 0, len(TEXT)) == []
