from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

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
    selected,
    session_at,
    state,
    stored_rows,
    tied,
)

from annotator.core.annotation import Actor, Span
from annotator.core.ids import new_id
from annotator.errors import RuleError
from annotator.store.sqlite.store import SqliteStore
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.mentions import guess


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


# -- labels ----------------------------------------------------------------------------------------


def test_a_selection_takes_the_label_and_is_stored_at_once(
    session: AnnotateSession, path: Path
) -> None:
    selected(session, "Talal Sillo")
    assert press(session, "1") == "PERSON"
    assert session.reader.selection is None
    assert session.focus is not None
    assert (session.focus.layer, session.focus.label) == ("entity", "PERSON")
    rows = stored_rows(path, 'SELECT layer, label, start, "end", text FROM span')
    assert rows == [("entity", "PERSON", 0, 11, "Talal Sillo")]


@pytest.mark.parametrize(
    ("words", "key", "text"),
    [
        ("Sillo", "1", "Talal Sillo"),
        ("said", "q", "said"),
        ("Nobody", "c", "Nobody else in Raqqa did"),
        ("Raqqa", "4", "Raqqa"),
    ],
)
def test_without_a_selection_the_layers_own_unit_is_labelled(
    session: AnnotateSession, words: str, key: str, text: str
) -> None:
    at(session, words)
    press(session, key)
    assert [s.text for s in session.annotations.spans.values()] == [text]


def test_a_label_on_the_focus_of_its_layer_relabels_it(session: AnnotateSession) -> None:
    span = label(session, "SDF", "2")
    assert press(session, "3") == "ORGANIZATION → GROUP"
    again = session.annotations.span(span.id)
    assert (again.label, again.revision) == ("GROUP", span.revision + 1)
    with pytest.raises(RuleError, match="GROUP already"):
        press(session, "3")
    assert len(session.annotations.spans) == 1


def test_a_label_of_another_layer_makes_a_new_span(session: AnnotateSession) -> None:
    label(session, "Talal Sillo", "1")
    at(session, "Sillo")
    press(session, "s")
    assert sorted(s.label for s in session.annotations.spans.values()) == ["PERSON", "SOURCE"]


def test_defaults_come_with_a_label(session: AnnotateSession) -> None:
    claim = label(session, "the operation had begun", "c")
    assert [(a.name, a.values) for a in claim.attributes] == [("act", ("statement",))]


@pytest.mark.parametrize(
    ("first", "key", "second", "other", "reason"),
    [
        ("Talal Sillo", "1", "Talal Sillo", "1", "PERSON already"),
        ("Talal Sillo", "1", "Sillo, a spokesman", "2", "cross PERSON"),
        ("said on", "q", "said", "q", "no overlap"),
    ],
)
def test_an_overlap_that_the_layer_forbids_is_refused_with_the_rule(
    session: AnnotateSession, first: str, key: str, second: str, other: str, reason: str
) -> None:
    label(session, first, key)
    before = state(session)
    selected(session, second)
    with pytest.raises(RuleError, match=reason):
        press(session, other)
    assert state(session) == before
    assert session.reader.selection is not None, "so that another label can be tried"
    assert_saved(session)


def test_nesting_and_duplicates_where_the_layer_allows_them(session: AnnotateSession) -> None:
    label(session, "Talal Sillo", "1")
    label(session, "Sillo", "2")
    label(session, "Talal Sillo", "s")
    label(session, "Talal Sillo", "s")
    label(session, "Sillo, a spokesman", "s")
    assert len(session.annotations.spans) == 5


@pytest.mark.parametrize("name", ["empty.txt", "blank.txt"])
def test_a_document_without_a_sentence_refuses_everything_in_words(
    store: SqliteStore, name: str
) -> None:
    session = session_at(store, name)
    for action in (
        lambda: press(session, "1"),
        session.spans.delete,
        session.spans.flag,
        session.spans.add_fragment,
        session.cut.toggle_done,
        session.cut.split,
        session.cut.merge,
        session.undo,
        session.redo,
    ):
        with pytest.raises(RuleError) as told:
            action()
        assert told.value.message
    assert not session.stepping.step(1)
    assert not session.stepping.step(-1)
    session.save_position()
    assert_saved(session)


# -- units -----------------------------------------------------------------------------------------


def test_sentence_labels(tmp_path: Path) -> None:
    with project(tmp_path / "units.db", UNITS, {"a.txt": ARTICLE}) as store:
        session = session_at(store, "a.txt")
        assert press(session, "1") == "sentence: CHECK"
        at(session, "Nobody")
        assert press(session, "1") == "sentence: CHECK"
        assert press(session, "2") == "sentence: CHECK → MINOR"
        labels = {u.sentence: u.label for u in session.annotations.unit_labels.values()}
        assert labels == {session.sentences[0].id: "CHECK", session.sentences[-1].id: "MINOR"}
        assert press(session, "2") == "MINOR taken off the sentence"
        assert len(session.annotations.unit_labels) == 1
        session.undo()
        assert_saved(session)
        assert len(session.annotations.unit_labels) == 2


def test_a_relabelled_sentence_keeps_no_attribute_the_new_label_has_not(tmp_path: Path) -> None:
    with project(tmp_path / "units.db", UNITS, {"a.txt": ARTICLE}) as store:
        session = session_at(store, "a.txt")
        press(session, "1")
        (made,) = session.annotations.unit_labels.values()
        session.spans.set_attribute(made, "topic", ("money", "law"))
        assert_saved(session)
        press(session, "2")
        (made,) = session.annotations.unit_labels.values()
        assert [(a.name, a.values) for a in made.attributes] == [("why", ("dull",))]


def test_document_labels(tmp_path: Path) -> None:
    with project(tmp_path / "units.db", UNITS, {"a.txt": ARTICLE, "empty.txt": ""}) as store:
        session = session_at(store, "a.txt")
        assert press(session, "3") == "document: REPORT"
        assert press(session, "4") == "document: REPORT → OPINION"
        (made,) = session.annotations.unit_labels.values()
        assert (made.sentence, made.label) == (None, "OPINION")
        assert press(session, "4") == "OPINION taken off the document"
        empty = session_at(store, "empty.txt")
        assert press(empty, "3") == "document: REPORT"
        with pytest.raises(RuleError, match="no sentence"):
            press(empty, "1")


# -- ties ------------------------------------------------------------------------------------------


def test_ties_grow_one_relation(session: AnnotateSession, path: Path) -> None:
    claim, source, cue = tied(session)
    (relation,) = session.annotations.relations.values()
    assert [(a.role, a.target) for a in relation.arguments] == [
        ("claim", claim.id),
        ("source", source.id),
        ("cue", cue.id),
    ]
    assert stored_rows(path, "SELECT claim, source, cue FROM attribution") == [
        ("the operation had begun", "Talal Sillo", "said")
    ]


def test_what_may_be_tied_is_told_nearest_first(session: AnnotateSession) -> None:
    claim = label(session, "the operation had begun", "c")
    source, cue = label(session, "Talal Sillo", "s"), label(session, "said", "q")
    label(session, "SDF", "3")
    session.choose(claim)
    assert session.ties.linkable(0, len(ARTICLE)) == [cue, source]
    assert session.ties.linkable(0, 12) == [source]


def test_of_its_own_layer_what_shares_a_word_is_told_first(store: SqliteStore) -> None:
    text = (
        "They say Raqqa has fallen, and that rain is near, while Sillo denies that Raqqa is lost."
    )
    store.add_document(new_document("claims.txt", text))
    session = session_at(store, "claims.txt")
    fallen, rain = label(session, "Raqqa has fallen", "c"), label(session, "rain is near", "c")
    denied, focus = label(session, "is lost", "c"), label(session, "Raqqa is lost", "c")
    source = label(session, "Sillo", "s")
    session.choose(focus)
    assert session.ties.linkable(0, len(text)) == [source, fallen, denied, rain]


def test_a_relation_of_its_own_leaves_the_other_as_it_is(
    session: AnnotateSession, path: Path
) -> None:
    claim, source, cue = tied(session)
    session.choose(claim)
    session.ties.tie(source, session.ties.own_ways(source)[0])
    assert_saved(session)
    attributions = "SELECT claim, source, cue FROM attribution ORDER BY id"
    words = ("the operation had begun", "Talal Sillo")
    assert stored_rows(path, attributions) == [(*words, "said"), (*words, None)]
    session.ties.untie(source)
    assert_saved(session)
    assert stored_rows(path, attributions) == [(*words, "said")], "the last made goes first"
    session.undo()
    session.undo()
    assert_saved(session)
    assert stored_rows(path, attributions) == [(*words, "said")]
    session.choose(source)
    with pytest.raises(RuleError, match="SOURCE and CUE alone make no relation"):
        session.ties.own_ways(cue)


def test_untying_keeps_the_rest_and_the_last_two_go_together(session: AnnotateSession) -> None:
    claim, source, cue = tied(session)
    session.choose(claim)
    assert "no longer tied" in session.ties.untie(cue)
    assert_saved(session)
    (relation,) = session.annotations.relations.values()
    assert {a.target for a in relation.arguments} == {claim.id, source.id}
    session.ties.untie(source)
    assert_saved(session)
    assert not session.annotations.relations
    with pytest.raises(RuleError, match="not tied"):
        session.ties.untie(source)


def test_deleting_takes_ties_along_and_one_undo_brings_all_back(session: AnnotateSession) -> None:
    claim, source, _ = tied(session)
    before = state(session)
    session.choose(session.annotations.span(source.id))
    assert session.spans.delete() == "deleted SOURCE and 1 tie"
    assert_saved(session)
    (relation,) = session.annotations.relations.values()
    assert source.id not in {a.target for a in relation.arguments}
    session.choose(session.annotations.span(claim.id))
    session.spans.delete()
    assert_saved(session)
    assert not session.annotations.relations
    session.undo()
    session.undo()
    assert_saved(session)
    assert state(session) == before
    assert session.focus is not None
    assert session.focus.id == source.id


# -- reshaping and describing ----------------------------------------------------------------------


def test_boundaries_keep_ties_attributes_and_notes(session: AnnotateSession) -> None:
    claim, _, _ = tied(session)
    session.spans.set_note(session.annotations.span(claim.id), "check")
    ties = session.annotations.relations_of(claim.id)
    session.spans.set_fragments(
        session.annotations.span(claim.id), ((ARTICLE.index("operation"), ARTICLE.index("begun")),)
    )
    assert_saved(session)
    after = session.annotations.span(claim.id)
    assert (after.text, after.note, after.attributes) == (
        "operation had",
        "check",
        claim.attributes,
    )
    assert session.annotations.relations_of(claim.id) == ties


@pytest.mark.parametrize(
    ("fragments", "reason"),
    [((), "some text"), (((11, 11),), "some text"), (((0, 11),), "already"), (((0, 8),), "cross")],
)
def test_boundaries_that_cannot_be(
    session: AnnotateSession, fragments: tuple[tuple[int, int], ...], reason: str
) -> None:
    label(session, "Talal Sillo, a spokesman for the SDF", "1")
    span = label(session, "Talal Sillo", "1")
    label(session, "Sillo", "2")
    with pytest.raises(RuleError, match=reason):
        session.spans.set_fragments(span, fragments)
    assert_saved(session)


def test_fragments(session: AnnotateSession, path: Path) -> None:
    span = label(session, "We saw it,", "c")
    with pytest.raises(RuleError, match="nothing is selected"):
        session.spans.add_fragment()
    session.reader.select(ARTICLE.index("Nobody"), ARTICLE.index("Nobody") + 6)
    assert session.spans.add_fragment() == "CLAIM has 2 fragments"
    assert_saved(session)
    assert session.annotations.span(span.id).text == "We saw it, Nobody"
    assert stored_rows(path, "SELECT count(*) FROM fragment") == [(2,)]
    session.undo()
    assert_saved(session)
    assert session.annotations.span(span.id).fragments == span.fragments


def test_a_fragment_goes_to_the_span_chosen_last_wherever_the_cursor_has_been(
    session: AnnotateSession,
) -> None:
    claim = label(session, "We saw it,", "c")
    label(session, "Raqqa", "4")
    session.choose(session.annotations.span(claim.id))
    selected(session, "Nobody")
    session.moved()
    session.spans.add_fragment()
    assert_saved(session)
    assert session.annotations.span(claim.id).text == "We saw it, Nobody"


def test_a_fragment_needs_a_chosen_span(session: AnnotateSession) -> None:
    label(session, "We saw it,", "c")
    session.spans.delete()
    selected(session, "Nobody")
    with pytest.raises(RuleError, match="no span is chosen"):
        session.spans.add_fragment()


def test_flag_note_attribute_mention(session: AnnotateSession, path: Path) -> None:
    claim = label(session, "the operation had begun", "c")
    assert session.spans.flag() == "flagged as doubtful"
    assert_saved(session)
    session.spans.set_note(session.need_focus(), "  who \x1b[31m says?\n")
    assert_saved(session)
    session.spans.set_attribute(session.need_focus(), "mode", ("mixed",), uncertain=True)
    assert_saved(session)
    with pytest.raises(RuleError, match="mode takes one value, not 2"):
        session.spans.set_attribute(session.need_focus(), "mode", ("mixed", "direct"))
    talal = Actor(new_id(), "Talal Sillo")
    session.spans.mention(session.need_focus(), talal)
    assert_saved(session)
    assert stored_rows(path, "SELECT label, flagged, note, actor, attributes FROM annotation") == [
        ("CLAIM", 1, "who \x1b[31m says?", "Talal Sillo", "act=statement; mode=mixed")
    ]
    assert session.spans.flag() == "flag taken off"
    session.spans.set_note(session.need_focus(), " ")
    session.spans.set_attribute(session.need_focus(), "mode", ())
    session.spans.mention(session.need_focus(), None)
    assert_saved(session)
    assert replaced(session, claim) == claim


def replaced(session: AnnotateSession, span: Span) -> Span:
    """The span as it is now, but with the revision it had."""
    from msgspec.structs import replace

    return replace(session.annotations.span(span.id), revision=span.revision)


def test_a_note_that_says_the_same_is_no_edit(session: AnnotateSession) -> None:
    span = label(session, "SDF", "3")
    session.spans.set_note(span, "who?")
    edits = len(list(session.store.edits(session.document.id)))
    with pytest.raises(RuleError, match="note"):
        session.spans.set_note(session.need_focus(), " who? ")
    assert len(list(session.store.edits(session.document.id))) == edits


def test_actors_of_like_name_come_first(session: AnnotateSession) -> None:
    for words, name in (("SDF", "Aardvark"), ("Raqqa", "Zed of Raqqa"), ("Monday", "Monday club")):
        session.spans.mention(label(session, words, "2"), Actor(new_id(), name))
    at(session, "Raqqa")
    assert likely(session) == ["Zed of Raqqa", "Monday club", "Aardvark"]


def likely(session: AnnotateSession) -> list[str]:
    """The actors for the focus, the most probable first."""
    found = guess(session.need_focus(), session.store.actors(), session.annotations)
    return [actor.name for actor in found.actors]


def test_whom_the_same_words_mention_comes_before_like_names(session: AnnotateSession) -> None:
    first, _ = label(session, "SDF", "3"), label(session, "Talal Sillo", "1")
    session.spans.mention(first, Actor(new_id(), "The alliance"))
    session.spans.mention(session.need_focus(), Actor(new_id(), "SDF office"))
    label(session, "the SDF", "s")
    assert likely(session)[0] == "SDF office", "no other span says exactly this"
    label(session, "SDF", "2")
    assert likely(session)[0] == "The alliance"


def test_an_acronym_finds_its_actor_and_a_pronoun_the_last_person(session: AnnotateSession) -> None:
    person, group = label(session, "Talal Sillo", "1"), label(session, "spokesman", "1")
    session.spans.mention(person, Actor(new_id(), "Talal Sillo", "person"))
    session.spans.mention(group, Actor(new_id(), "Syrian Democratic Forces", "group"))
    label(session, "SDF", "2")
    assert likely(session)[0] == "Syrian Democratic Forces"
    label(session, "he", "s")
    assert likely(session)[0] == "Talal Sillo"


def test_a_pronoun_probably_means_who_was_mentioned_last(session: AnnotateSession) -> None:
    for words, name in (("Talal Sillo", "Talal Sillo"), ("SDF", "Forces"), ("Raqqa", "Raqqa")):
        session.spans.mention(label(session, words, "1"), Actor(new_id(), name))
    focus = label(session, "it", "s")
    assert likely(session) == ["Forces", "Talal Sillo", "Raqqa"], "Raqqa comes behind it"
    assert not guess(focus, session.store.actors(), session.annotations).is_new


def test_a_name_like_no_actors_is_a_new_one(session: AnnotateSession) -> None:
    session.spans.mention(label(session, "SDF", "3"), Actor(new_id(), "Forces"))
    focus = label(session, "Talal Sillo", "1")
    assert guess(focus, session.store.actors(), session.annotations).is_new


def test_a_redone_mention_knows_its_actor_after_reopening(
    session: AnnotateSession, store: SqliteStore
) -> None:
    actor = Actor(new_id(), "Syrian Democratic Forces")
    session.spans.mention(label(session, "SDF", "3"), actor)
    session.spans.mention(label(session, "Raqqa", "4"), actor)
    session.undo()
    session.undo()
    session.undo()
    again = session_at(store, "a.txt")
    assert not again.annotations.actors
    again.redo()
    again.redo()
    assert_saved(again)
    again.redo()
    assert_saved(again)
    assert list(again.annotations.actors) == [actor.id]


def test_a_mention_of_an_actor_made_elsewhere_can_be_redone(store: SqliteStore) -> None:
    first, actor = session_at(store, "a.txt"), Actor(new_id(), "SDF")
    first.spans.mention(label(first, "SDF", "3"), actor)
    other = session_at(store, "a.txt", "bob")
    other.spans.mention(label(other, "SDF", "3"), actor)
    other.undo()
    again = session_at(store, "a.txt", "bob")
    again.redo()
    assert again.annotations.actors == {actor.id: actor}
    assert_saved(again)


def test_a_cut_is_changed_in_memory_and_not_read_again(
    session: AnnotateSession, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(_: str) -> NoReturn:
        raise AssertionError("the whole cut is read")

    monkeypatch.setattr(store, "sentences", read)
    before = list(session.sentences)
    session.reader.move_tokens(2)
    session.cut.split()
    assert len(session.sentences) == len(before) + 1
    session.cut.merge()
    session.undo()
    session.undo()
    assert [(s.id, s.start, s.end) for s in session.sentences] == [
        (s.id, s.start, s.end) for s in before
    ]
    monkeypatch.undo()
    assert session.sentences == store.sentences(session.document.id)
