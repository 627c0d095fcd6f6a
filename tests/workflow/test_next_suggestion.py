"""Which suggestion an answer is about: the one chosen, at the cursor, or next in the sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from proposing import proposed_attribution, proposed_span
from session_state import ARTICLE, UNITS, at, label, project, selected, session_at, tie

from annotator.core.annotation import Annotation, Argument, Origin, Relation, Span, UnitLabel
from annotator.store.base import Store
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.suggestion_actions import name_of


@pytest.fixture
def store(tmp_path: Path, root: Path) -> Iterator[Store]:
    source = (root / "schemas" / "news.toml").read_text("utf-8")
    with project(tmp_path / "p.db", source, {"a.txt": ARTICLE}) as made:
        yield made


def following(session: AnnotateSession) -> str | None:
    """The words that the next answer is about."""
    suggestion = session.suggestions.next
    if suggestion is None:
        return None
    assert isinstance(suggestion.proposed, Span)
    return suggestion.proposed.text


def here(session: AnnotateSession) -> str:
    """The word under the cursor."""
    return session.document.text[slice(*session.reader.cursor)]


def proposing(store: Store, *spans: Annotation) -> AnnotateSession:
    session = session_at(store, "a.txt")
    session.suggestions.replace_open("x", spans)
    return session


def proposed_without_cue(proposed: Annotation) -> Annotation:
    assert isinstance(proposed, Relation)
    return replace(proposed, arguments=proposed.arguments[:2])


def test_what_is_suggested_leaves_cursor_and_focus_where_they_are(store: Store) -> None:
    session = proposing(store, proposed_span("GROUP", "SDF"), proposed_span("LOCATION", "Raqqa"))
    for now in (session, session_at(store, "a.txt")):
        assert (following(now), here(now), now.in_focus) == ("SDF", "Talal", frozenset())
        assert now.suggestions.chosen is None


def test_the_space_bar_goes_to_the_first_word_and_names_what_is_next(store: Store) -> None:
    session = proposing(
        store, proposed_span("PERSON", "he", nth=2), proposed_span("LOCATION", "Raqqa")
    )
    session.cut.toggle_done()
    assert (following(session), here(session)) == ("he", "“")
    session.suggestions.reject(session.suggestions.need())
    assert (following(session), here(session)) == (None, "“"), "a rejection leaves the cursor alone"
    session.cut.toggle_done()
    assert (following(session), here(session)) == ("Raqqa", "Nobody")


def test_an_answer_puts_the_next_one_of_the_sentence_in_focus(store: Store) -> None:
    session = proposing(
        store, proposed_span("PERSON", "Talal Sillo"), proposed_span("GROUP", "SDF"),
        proposed_span("LOCATION", "Raqqa"),
    )  # fmt: skip
    session.suggestions.accept(session.suggestions.need())
    assert session.suggestions.chosen == session.suggestions.next
    assert (following(session), here(session)) == ("SDF", "SDF")
    session.suggestions.accept(session.suggestions.need())
    assert (following(session), here(session)) == (None, "SDF")
    assert session.focus is not None


def test_what_is_accepted_from_afar_is_gone_to(store: Store) -> None:
    session = proposing(store, proposed_span("GROUP", "SDF"))
    session.suggestions.accept(session.suggestions.need())
    assert here(session) == "SDF"
    assert session.need_focus().label == "GROUP"


def test_behind_the_last_of_a_sentence_comes_its_first(store: Store) -> None:
    session = proposing(
        store, proposed_span("GROUP", "SDF"), proposed_span("CUE", "said"),
        proposed_span("CLAIM", "the operation had begun"),
    )  # fmt: skip
    claim = "the operation had begun"
    for words, expected in (
        ("spokesman", "SDF"), ("SDF", "SDF"), ("said", "said"), ("on Monday", claim),
        ("had", claim), ("begun", claim),
    ):  # fmt: skip
        at(session, words)
        assert following(session) == expected
    session.suggestions.accept(session.suggestions.need())
    at(session, "begun")
    assert following(session) == "SDF"
    at(session, "Nobody")
    assert following(session) is None


def test_a_finished_sentence_is_left_by_an_answer(store: Store) -> None:
    session = proposing(store, proposed_span("GROUP", "SDF"), proposed_span("LOCATION", "Raqqa"))
    session.cut.toggle_done()
    at(session, "SDF")
    session.suggestions.accept(session.suggestions.need())
    assert following(session) == "Raqqa", "it is only looked through"


def test_an_annotation_at_the_cursor_is_the_focus_and_what_is_suggested_comes_next(
    store: Store,
) -> None:
    session = proposing(store, proposed_span("GROUP", "SDF"))
    at(session, "spokesman")
    session.spans.label(*session.schema.keys()["8"])
    assert session.need_focus().label == "QUANTITY"
    assert following(session) == "SDF"


def test_the_unsure_sentence_names_what_is_next_as_well(store: Store) -> None:
    session = proposing(store, proposed_span("LOCATION", "Raqqa"))
    last = session.sentences[len(session.sentences) - 1]
    session.stepping.doubts = {last.id: 0.9}
    session.stepping.to_unsure()
    assert (following(session), here(session)) == ("Raqqa", "Nobody")


def test_a_label_by_hand_is_the_focus_again_when_it_is_taken_back_and_made_again(
    store: Store,
) -> None:
    session = proposing(store, proposed_span("GROUP", "SDF"))
    at(session, "SDF")
    session.spans.label(*session.schema.keys()["2"])
    assert following(session) is None, "it was an answer"
    session.undo()
    assert (following(session), session.suggestions.chosen) == ("SDF", None)
    session.spans.label(*session.schema.keys()["2"])
    assert session.need_focus().label == "ORGANIZATION"


def test_labels_of_sentence_and_document_come_before_its_text(tmp_path: Path) -> None:
    with project(tmp_path / "units.db", UNITS, {"a.txt": f"  {ARTICLE}"}) as store:
        session = session_at(store, "a.txt")
        labels = [
            UnitLabel("2", "", "", "worth", "CHECK", session.sentences[1].id),
            UnitLabel("1", "", "", "genre", "REPORT"),
        ]
        session.suggestions.replace_open("x", labels)

        def following() -> str | None:
            suggestion = session.suggestions.next
            return None if suggestion is None else suggestion.proposed.label

        assert following() == "REPORT"
        at(session, "spokesman")
        assert following() == "REPORT", "from anywhere in the first sentence"
        at(session, "saw")
        assert following() == "CHECK"
        session.suggestions.accept(session.suggestions.need())
        at(session, "saw")
        assert following() is None


def test_what_begins_where_the_sentence_ends_belongs_to_the_following_one(
    tmp_path: Path, root: Path
) -> None:
    source = (root / "schemas" / "news.toml").read_text("utf-8")
    text = "甲来了。乙走了。"
    with project(tmp_path / "p.db", source, {"a.txt": text}) as store:
        session = session_at(store, "a.txt")
        first, second = session.sentences
        assert first.end == second.start
        place = ((second.start, second.start + 1),)
        session.suggestions.replace_open("x", [Span("1", "", "", "entity", "PERSON", place, "乙")])
        assert session.suggestions.next is None
        session.reader.move_sentences(1)
        assert following(session) == "乙"


def test_a_sentence_and_a_document_get_one_label_to_a_layer(tmp_path: Path) -> None:
    with project(tmp_path / "units.db", UNITS, {"a.txt": ARTICLE}) as store:
        session = session_at(store, "a.txt")
        first = session.sentences[0].id

        def propose(
            engine: str, layer: str, label: str, sentence: str | None, score: float
        ) -> None:
            unit = UnitLabel("1", "", "", layer, label, sentence, origin=Origin(engine, "1", score))
            session.suggestions.replace_open(engine, [unit])

        def made() -> list[tuple[str, str | None]]:
            held = store.annotations(session.document.id, session.annotator.id)
            return sorted((u.label, u.origin.engine) for u in held.unit_labels)

        propose("x", "worth", "CHECK", first, 0.5)
        propose("y", "worth", "MINOR", first, 0.6)
        propose("z", "worth", "MINOR", first, 0.4)
        told = session.suggestions.accept_sentence()
        assert told == "1 accepted, 1 left: MINOR is accepted there"
        assert made() == [("MINOR", "y")]
        assert session.suggestions.next is None
        propose("x", "genre", "REPORT", None, 0.5)
        session.suggestions.accept(session.suggestions.need())
        assert made() == [("MINOR", "y"), ("REPORT", "x")], "another layer is another matter"
        session.undo()
        session.undo()
        assert made() == []


def test_a_tie_by_hand_that_answered_one_is_taken_back_where_the_cursor_is(store: Store) -> None:
    session = session_at(store, "a.txt")
    claim = label(session, "the operation had begun", "c")
    source = label(session, "Talal Sillo", "s")
    claim_too, source_too, _, proposed = proposed_attribution()
    session.suggestions.replace_open("x", [claim_too, source_too, proposed_without_cue(proposed)])
    tie(session, claim, source)
    assert following(session) is None, "it was an answer"
    for again in (session.undo, session.redo, session.undo):
        assert "attribution" in again()
        assert (here(session), session.suggestions.chosen) == ("the", None)
        assert session.need_focus().label == "CLAIM"


def test_a_sentences_label_by_hand_is_taken_back_as_one_by_hand(tmp_path: Path, root: Path) -> None:
    source = (root / "schemas" / "checkworthy.toml").read_text("utf-8")
    with project(tmp_path / "q.db", source, {"a.txt": ARTICLE}) as store:
        session = session_at(store, "a.txt")
        layer, check = session.schema.keys()["1"]
        first = session.sentences[0]
        proposed = UnitLabel(
            *("u", "", "", layer.name, check.name, first.id), origin=Origin("x", "1", 0.5)
        )
        session.suggestions.replace_open("x", [proposed])
        session.spans.label(layer, check)
        assert session.suggestions.next is None, "it was an answer"
        assert session.undo() == f"undone: {check.name} gone"
        assert session.suggestions.next is not None
        assert session.suggestions.chosen is None


def test_edges_of_what_is_gone_by_then_are_a_span_by_hand(store: Store) -> None:
    session = proposing(store, proposed_span("PERSON", "Talal", 0.9))
    suggestion = session.suggestions.need()
    session.suggestions.replace_open("x", [])
    assert session.suggestions.reshape(suggestion, ((0, 11),)) == "PERSON"
    made = session.need_focus()
    assert (made.text, made.origin.engine) == ("Talal Sillo", None)


def test_edges_of_what_is_hidden_by_then_are_a_correction(store: Store) -> None:
    session = proposing(store, proposed_span("PERSON", "Talal", 0.5))
    suggestion = session.suggestions.need()
    session.annotations.suggested.set_thresholds({"entity": 0.9})
    assert session.suggestions.reshape(suggestion, ((0, 11),)).startswith("corrected")
    (answered,) = session.annotations.suggested.answered.values()
    assert (answered.state, session.need_focus().origin.engine) == ("corrected", "x")


def test_a_fragment_goes_to_the_span_accepted_last_though_another_is_asked_for(
    store: Store,
) -> None:
    session = proposing(store, proposed_span("PERSON", "Talal"), proposed_span("GROUP", "SDF"))
    session.suggestions.accept(session.suggestions.need())
    assert following(session) == "SDF"
    selected(session, "spokesman")
    assert session.spans.add_fragment() == "PERSON has 2 fragments"


@pytest.mark.parametrize("answer", ["accept", "reject"])
def test_a_tie_to_another_sentence_is_answered_where_the_cursor_is(
    store: Store, answer: str
) -> None:
    session = session_at(store, "a.txt")
    source = label(session, "Talal Sillo", "s")
    at(session, "Talal")
    session.cut.toggle_done()
    claim = proposed_span("CLAIM", "Nobody else in Raqqa did")
    tied = (Argument("claim", "span", claim.id), Argument("source", "span", source.id))
    proposed = Relation("t", "", "", "attribution", tied, origin=Origin("x", "1", 0.9))
    session.suggestions.replace_open("x", [claim, proposed, proposed_span("LOCATION", "Raqqa")])
    at(session, "Nobody")
    session.suggestions.accept(session.suggestions.need())
    tie = session.suggestions.need()
    assert (name_of(tie), here(session)) == ("attribution", "Nobody")
    getattr(session.suggestions, answer)(tie)
    assert (following(session), here(session)) == ("Raqqa", "Raqqa")
    session.cut.toggle_done()
    assert session.is_done(session.sentences[0]), "the space bar is about the sentence worked on"
    assert session.is_done(session.sentences[2])


@pytest.mark.parametrize("answer", ["accept", "reject"])
def test_behind_a_tie_to_another_sentence_comes_what_else_is_suggested_in_this_one(
    store: Store, answer: str
) -> None:
    session = session_at(store, "a.txt")
    source, claim = label(session, "Talal Sillo", "s"), proposed_span("CLAIM", "We saw it")
    arguments = (Argument("claim", "span", claim.id), Argument("source", "span", source.id))
    tie = Relation("tie", "", "", "attribution", arguments, origin=claim.origin)
    others = proposed_span("GROUP", "SDF"), proposed_span("PERSON", "he", nth=2)
    session.suggestions.replace_open("x", [claim, tie, *others])
    at(session, "We saw")
    session.suggestions.accept(session.suggestions.need())
    chosen = session.suggestions.chosen
    assert chosen is not None
    assert (name_of(chosen), here(session)) == ("attribution", "We")
    getattr(session.suggestions, answer)(chosen)
    assert (following(session), here(session)) == ("he", "he")
