"""Contract: documents, sentences, annotators, positions and the schema."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from store_world import TEXT, World, new_document

from annotator.core.annotation import BY_HAND, DocumentMark, Origin, Suggestion, mark_id
from annotator.core.document import Sentence
from annotator.core.ids import new_id
from annotator.errors import AnnotatorError, InputError, NotFoundError, RuleError
from annotator.store.counts import LabelCount, SuggestionCount, Totals


def test_the_schema_comes_back_as_it_was_given(world: World, schema_source: str) -> None:
    assert world.store.schema_source() == schema_source
    assert world.store.schema().name == "news"
    assert world.store.name == "project"


def test_a_document_comes_back_with_everything(world: World) -> None:
    assert world.store.document(world.document.id) == world.document
    assert world.store.document(world.document.id).text == TEXT


@pytest.mark.parametrize(
    "text", ["", "a\x00b\x00", "\r\n\u2028x\x85", "e\u0301\U0001f469\u200d", "ﬁ"]
)
def test_any_decoded_text_survives(world: World, text: str) -> None:
    new = new_document("odd.txt", text)
    new = replace(new, document=replace(new.document, meta={"n": [1, None, "ü"], "x": {"y": 0.5}}))
    world.store.add_document(new)
    again = world.another()
    assert again.document(new.document.id) == new.document
    assert again.sentences(new.document.id) == list(new.sentences)
    assert again.document_with_text(text) == new.document.id
    assert again.documents(world.alice)[-1].length == len(text)


def test_half_a_surrogate_pair_is_refused(world: World) -> None:
    new = new_document("broken.txt", "fine")
    broken = replace(new, document=replace(new.document, text="a\ud83d"), sentences=())
    with pytest.raises(InputError, match=r"U\+D83D at 1"):
        world.store.add_document(broken)
    with pytest.raises(InputError, match=r"U\+D83D"):
        world.store.document_with_text("a\ud83d")
    assert len(world.store.documents(world.alice)) == 1


def test_a_name_is_taken_once(world: World) -> None:
    with pytest.raises(RuleError, match=r"'raqqa\.txt' already"):
        world.store.add_document(new_document("raqqa.txt", "other"))
    assert world.store.document_with_text("other") is None


@pytest.mark.parametrize(
    "cut",
    [((0, 99),), ((-1, 2),), ((2, 2),), ((0, 4), (3, 5)), ((3, 5), (0, 2))],
    ids=["beyond", "negative", "empty", "overlapping", "out of order"],
)
def test_a_wrong_cut_is_refused(world: World, cut: tuple[tuple[int, int], ...]) -> None:
    new = new_document("cut.txt", "abcdefg")
    sentences = tuple(Sentence(new_id(), new.document.id, a, b) for a, b in cut)
    with pytest.raises(InputError, match=r"cut\.txt"):
        world.store.add_document(replace(new, sentences=sentences))
    with pytest.raises(NotFoundError):
        world.store.find_document("cut.txt")


def test_metadata_that_is_no_json_is_refused(world: World) -> None:
    new = new_document("meta.txt", "x")
    with pytest.raises(InputError, match="metadata"):
        world.store.add_document(replace(new, document=replace(new.document, meta={"a": {1, 2}})))


def test_documents_are_found_by_name_id_text_and_hash(world: World) -> None:
    store, id = world.store, world.document.id
    assert store.find_document("raqqa.txt") == id
    assert store.find_document(id) == id
    assert store.document_with_text(TEXT) == id
    assert store.document_with_text(TEXT + " ") is None
    assert store.document_with_hash(world.document.sha256) == id
    assert store.document_with_hash("0" * 64) is None


@pytest.mark.parametrize("asked", ["raqa.txt", "RAQQA", "aqq"])
def test_an_unknown_document_names_close_ones(world: World, asked: str) -> None:
    with pytest.raises(NotFoundError) as error:
        world.store.find_document(asked)
    assert asked in error.value.message
    assert "raqqa.txt" in error.value.hint


def test_documents_are_listed_in_order_of_import_with_counts(world: World) -> None:
    for name in ("z.txt", "a.txt"):
        world.store.add_document(new_document(name, f"This is {name}"))
    sentences = world.store.sentences(world.document.id)
    spans = [world.span("Sillo"), world.span("Raqqa", "LOCATION")]
    relation = world.relation(("claim", spans[0]), ("source", spans[1]))
    status = DocumentMark(
        mark_id(world.document.id, world.alice), world.document.id, world.alice, "done"
    )
    world.add(*spans, relation, world.mark(sentences[0]), status)
    listed = world.store.documents(world.alice)
    assert [d.name for d in listed] == ["raqqa.txt", "z.txt", "a.txt"]
    first = listed[0]
    assert (first.length, first.sentences, first.done) == (len(TEXT), len(sentences), 1)
    assert (first.spans, first.relations, first.status) == (2, 1, "done")
    bobs = world.store.documents(world.bob)[0]
    assert (bobs.done, bobs.spans, bobs.relations, bobs.status) == (0, 0, 0, "open")
    assert world.store.documents(world.alice, 2) == listed[:2]
    totals = Totals(3, sum(d.sentences for d in listed), 1)
    assert [world.store.totals(w) for w in (world.alice, world.bob)] == [
        totals,
        replace(totals, done=0),
    ]


def test_labels_are_counted_per_annotator(world: World) -> None:
    world.add(world.span("Sillo"), world.span("Talal"), world.span("Raqqa", "LOCATION"))
    world.add(world.unit_label())
    assert world.store.label_counts(world.alice) == [
        LabelCount("entity", "LOCATION", 1),
        LabelCount("entity", "PERSON", 2),
        LabelCount("genre", "REPORT", 1),
    ]
    assert world.store.label_counts(world.bob) == []


def test_suggestions_are_counted_by_engine_label_and_state(world: World) -> None:
    document = world.document.id
    crf = Origin("crf", "1", 0.5)
    for who, words, origin, state in (
        (world.alice, "Sillo", crf, "open"),
        (world.alice, "Talal", crf, "open"),
        (world.alice, "Raqqa", crf, "rejected"),
        (world.bob, "Sillo", BY_HAND, "open"),
    ):
        proposed = replace(world.span(words), annotator=who, origin=origin)
        world.add(Suggestion(new_id(), document, who, proposed, state))
    tie = world.relation(("claim", world.span("Sillo")), ("source", world.span("Talal")))
    world.add(Suggestion(new_id(), document, world.alice, tie))
    counts = [
        SuggestionCount("", None, "attribution", "open", 1),
        SuggestionCount("crf", "entity", "PERSON", "open", 2),
        SuggestionCount("crf", "entity", "PERSON", "rejected", 1),
    ]
    assert world.store.suggestion_counts(world.alice, document) == counts
    both = world.store.suggestion_counts(document=document)
    assert both == [counts[0], SuggestionCount("", "entity", "PERSON", "open", 1), *counts[1:]]
    assert world.store.suggestion_counts(world.bob, "elsewhere") == []


def test_an_annotator_is_made_only_when_asked_for(world: World) -> None:
    with pytest.raises(NotFoundError, match="'carol'") as error:
        world.store.annotator("carol")
    assert "'alice', 'bob'" in error.value.hint
    made = world.store.annotator("carol", kind="engine", create=True)
    assert world.store.annotator("carol", create=True) == made
    assert world.another().annotator("carol") == made
    assert [a.name for a in world.store.annotators()] == ["alice", "bob", "carol"]


@pytest.mark.parametrize(("name", "kind"), [("", "person"), ("  ", "person"), ("x", "robot")])
def test_an_annotator_needs_a_name_and_a_kind(world: World, name: str, kind: str) -> None:
    with pytest.raises(RuleError):
        world.store.annotator(name, kind=kind, create=True)


def test_annotators_of_a_document_are_those_who_made_something(world: World) -> None:
    assert world.store.annotators_of(world.document.id) == []
    world.add(world.span("Sillo"))
    assert [a.name for a in world.store.annotators_of(world.document.id)] == ["alice"]
    sentence = world.store.sentences(world.document.id)[0]
    world.add(world.mark(sentence, world.bob))
    assert [a.name for a in world.store.annotators_of(world.document.id)] == ["alice", "bob"]


def test_positions_are_remembered_per_annotator(world: World) -> None:
    other = new_document("b.txt", "Another text.")
    world.store.add_document(other)
    assert world.store.position(world.document.id, world.alice) == 0
    assert world.store.last_document(world.alice) is None
    world.store.save_position(world.document.id, world.alice, 7)
    world.store.save_position(other.document.id, world.alice, 3)
    world.store.save_position(world.document.id, world.bob, 1)
    again = world.another()
    assert again.position(world.document.id, world.alice) == 7
    assert again.last_document(world.alice) == other.document.id
    assert again.last_document(world.bob) == world.document.id
    world.store.save_position(world.document.id, world.alice, 9)
    assert again.last_document(world.alice) == world.document.id
    assert again.position(world.document.id, world.alice) == 9


def test_unknown_ids_are_said(world: World) -> None:
    store, document = world.store, world.document.id
    calls = [
        lambda: store.document("nothing"),
        lambda: store.start_session("nobody"),
        lambda: store.apply("nothing", document, "label", ()),
        lambda: store.apply(world.session, "nothing", "label", ()),
        lambda: store.undo("nothing", document),
        lambda: store.save_position("nothing", world.alice, 0),
        lambda: store.save_position(document, "nobody", 0),
    ]
    for call in calls:
        with pytest.raises(NotFoundError):
            call()


@pytest.mark.parametrize("offset", [-1, len(TEXT) + 1, 2**70])
def test_a_position_outside_the_text_is_refused(world: World, offset: int) -> None:
    with pytest.raises(InputError):
        world.store.save_position(world.document.id, world.alice, offset)


def test_a_closed_store_says_so(world: World) -> None:
    world.store.close()
    world.store.close()
    with pytest.raises(AnnotatorError, match="closed"):
        world.store.documents(world.alice)
    with pytest.raises(AnnotatorError, match="closed"):
        world.store.annotator("x", create=True)


def test_names_that_begin_so_are_listed_without_any_counts(world: World) -> None:
    for name in ("b%.txt", "b.txt", "ba.txt", "Bb.txt", "été.txt", "éteint.txt"):
        world.store.add_document(new_document(name, name))
    assert world.store.names_beginning("b") == ["b%.txt", "b.txt", "ba.txt"]
    assert world.store.names_beginning("b%") == ["b%.txt"]
    assert world.store.names_beginning("ét") == ["éteint.txt", "été.txt"]
    assert world.store.names_beginning("no") == []
    assert len(world.store.names_beginning("")) == 7
