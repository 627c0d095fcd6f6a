"""What engines propose comes into documents, open or not, and never comes twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from proposing import proposed_attribution, proposed_span
from session_state import (
    ARTICLE,
    assert_saved,
    label,
    new_document,
    project,
    session_at,
    state,
    stored_rows,
)

from annotator.core.annotation import Relation, Span
from annotator.errors import InputError, RuleError
from annotator.store.base import Store
from annotator.store.counts import SuggestionCount
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.suggestion_actions import replace_open


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "p.db"


@pytest.fixture
def store(path: Path, root: Path) -> Iterator[Store]:
    source = (root / "schemas" / "news.toml").read_text("utf-8")
    with project(path, source, {"a.txt": ARTICLE, "b.txt": ARTICLE}) as made:
        yield made


@pytest.fixture
def session(store: Store) -> AnnotateSession:
    return session_at(store, "a.txt")


def shown(session: AnnotateSession) -> list[tuple[str, str]]:
    found = session.annotations.suggested.shown_in(0, len(ARTICLE))
    return [(s.proposed.label, s.proposed.text) for s in found if isinstance(s.proposed, Span)]


def test_proposals_become_open_suggestions_with_their_origin(session: AnnotateSession) -> None:
    found = session.suggestions.replace_open(
        "crf", [proposed_span("PERSON", "Talal Sillo", 0.8), proposed_span("GROUP", "SDF", 0.6)]
    )
    assert (found.open, found.answered, found.known, found.refused) == (2, 0, 0, 0)
    assert shown(session) == [("PERSON", "Talal Sillo"), ("GROUP", "SDF")]
    fresh = assert_saved(session)
    for suggestion in fresh.annotations.suggestions.values():
        assert suggestion.proposed.origin.engine == "crf"
        assert suggestion.proposed.origin.version == "1"
        assert suggestion.proposed.document == session.document.id
    assert session.store.undo(session.session, session.document.id) is None


def test_the_same_again_changes_nothing_and_less_takes_away(
    session: AnnotateSession, path: Path
) -> None:
    person, group = proposed_span("PERSON", "Talal Sillo"), proposed_span("GROUP", "SDF")
    session.suggestions.replace_open("crf", [person, group])
    before = state(session)
    edits = stored_rows(path, "SELECT count(*) FROM edit")
    again = session.suggestions.replace_open("crf", [group, person, person])
    assert not again.changes
    assert (state(session), stored_rows(path, "SELECT count(*) FROM edit")) == (before, edits)
    session.suggestions.replace_open("crf", [group])
    assert shown(session) == [("GROUP", "SDF")]
    session.suggestions.replace_open("crf", [person, group])
    assert state(session) == before
    assert_saved(session)


def test_engines_do_not_touch_each_others_and_equal_ones_are_shown_once(
    session: AnnotateSession,
) -> None:
    session.suggestions.replace_open("crf", [proposed_span("PERSON", "Talal Sillo", 0.4)])
    session.suggestions.replace_open("list", [proposed_span("PERSON", "Talal Sillo", 0.9)])
    assert len(session.annotations.suggestions) == 2
    assert shown(session) == [("PERSON", "Talal Sillo")]
    (seen,) = session.annotations.suggested.shown()
    assert seen.proposed.origin.engine == "list"
    session.suggestions.replace_open("list", [])
    (seen,) = session.annotations.suggested.shown()
    assert seen.proposed.origin.engine == "crf"


def test_a_score_is_written_anew_only_where_it_differs_much(session: AnnotateSession) -> None:
    session.suggestions.replace_open("crf", [proposed_span("GROUP", "SDF", 0.60)])
    assert not session.suggestions.replace_open(
        "crf", [proposed_span("GROUP", "SDF", 0.64)]
    ).changes
    assert session.suggestions.replace_open("crf", [proposed_span("GROUP", "SDF", 0.7)]).changes
    (held,) = session.annotations.suggestions.values()
    assert held.proposed.origin.score == 0.7


def test_what_is_labelled_answered_or_forbidden_is_not_proposed(session: AnnotateSession) -> None:
    label(session, "Talal Sillo", "1")
    found = session.suggestions.replace_open(
        "crf",
        [
            proposed_span("GROUP", "Talal Sillo"),
            proposed_span("PERSON", "Sillo, a"),
            proposed_span("GROUP", "SDF"),
        ],
    )
    assert (found.open, found.known, found.refused) == (1, 1, 1)
    (suggestion,) = session.annotations.suggestions.values()
    session.suggestions.reject(suggestion)
    for engine in ("crf", "list"):
        again = session.suggestions.replace_open(engine, [proposed_span("GROUP", "SDF")])
        assert (again.open, again.answered, again.changes) == (0, 1, ())
    other = session_at(session.store, "b.txt")
    assert other.suggestions.replace_open("crf", [proposed_span("GROUP", "SDF")]).open == 1
    bob = session_at(session.store, "a.txt", "bob")
    assert bob.suggestions.replace_open("crf", [proposed_span("GROUP", "SDF")]).open == 1


def test_a_relation_comes_with_its_spans_and_stays_as_they_are_answered(
    session: AnnotateSession,
) -> None:
    parts = proposed_attribution()
    assert session.suggestions.replace_open("rules", parts).open == 4
    before = state(session)
    assert not session.suggestions.replace_open("rules", parts).changes
    source = next(s for s in session.annotations.suggested.shown_in(0, 20))
    session.suggestions.accept(source)
    assert len(session.annotations.suggestions) == 3
    assert not session.suggestions.replace_open("rules", parts).changes
    session.undo()
    assert state(session) == before
    assert_saved(session)


def test_a_rejected_relation_stays_away_when_its_spans_are_accepted(
    session: AnnotateSession,
) -> None:
    parts = proposed_attribution()
    session.suggestions.replace_open("rules", parts)
    relation = next(
        s for s in session.annotations.suggestions.values() if isinstance(s.proposed, Relation)
    )
    session.suggestions.reject(relation)
    for suggestion in list(session.annotations.suggestions.values()):
        session.suggestions.accept(suggestion)
    again = session.suggestions.replace_open("rules", parts)
    assert (again.open, again.changes) == (0, ())
    assert len(session.annotations.spans) == 3
    assert not session.annotations.relations


def test_a_document_that_is_not_open_takes_proposals_too(session: AnnotateSession) -> None:
    store, who = session.store, session.annotator.id
    document = store.find_document("b.txt")
    for count in (2, 0):
        found = replace_open(
            store, session.session, document, who, "rules", proposed_attribution()[:2]
        )
        assert len(found.changes) == count
    assert len(store.annotations(document, who).suggestions) == 2


@pytest.mark.parametrize("wrong", ["label", "place", "blank"])
def test_an_engine_that_proposes_what_cannot_be_is_named(
    session: AnnotateSession, wrong: str
) -> None:
    span = proposed_span("PERSON", "Talal Sillo")
    broken = {
        "label": replace(span, label="WIZARD"),
        "place": replace(span, fragments=((0, len(ARTICLE) + 1),)),
        "blank": replace(span, fragments=((5, 6),)),
    }[wrong]
    with pytest.raises(InputError, match="engine crf proposes"):
        session.suggestions.replace_open("crf", [proposed_span("GROUP", "SDF"), broken])
    assert not session.annotations.suggestions
    assert_saved(session)


def test_another_screen_of_the_same_annotator_is_no_reason_to_fail(
    session: AnnotateSession,
) -> None:
    other = session_at(session.store, "a.txt")
    other.suggestions.replace_open("crf", [proposed_span("GROUP", "SDF", 0.1)])
    label(other, "Talal Sillo", "1")
    session.suggestions.replace_open(
        "crf", [proposed_span("PERSON", "Talal Sillo"), proposed_span("GROUP", "SDF", 0.9)]
    )
    assert shown(session) == [("GROUP", "SDF")]
    assert_saved(session)


def test_answers_are_counted_by_engine_and_label(session: AnnotateSession) -> None:
    session.suggestions.replace_open(
        "crf",
        [proposed_span("PERSON", "Talal Sillo"), proposed_span("GROUP", "SDF"),
         proposed_span("LOCATION", "Raqqa"), proposed_span("LOCATION", "Monday")],
    )  # fmt: skip
    one, two, three, _ = session.annotations.suggested.shown_in(0, len(ARTICLE))
    session.suggestions.accept(one)
    session.suggestions.reject(two)
    label(session, "Monday", "6")
    del three
    counts = session.store.suggestion_counts(session.annotator.id, session.document.id)
    assert counts == [
        SuggestionCount("crf", "entity", "GROUP", "rejected", 1),
        SuggestionCount("crf", "entity", "LOCATION", "corrected", 1),
        SuggestionCount("crf", "entity", "LOCATION", "open", 1),
        SuggestionCount("crf", "entity", "PERSON", "accepted", 1),
    ]
    assert session.store.suggestion_counts() == counts
    assert not session.store.suggestion_counts("nobody")


def test_keys_between_the_steps_are_respected_by_the_steps_behind_them(
    store: Store, path: Path
) -> None:
    text = "\n".join(f"Sentence {n} of the SDF says so at Raqqa." for n in range(250))
    store.add_document(new_document("many.txt", text))
    session = session_at(store, "many.txt")
    proposals = [
        replace(proposed_span(name, words, text=text, nth=n), id=f"{name} {n}")
        for name, words in (("GROUP", "SDF"), ("LOCATION", "Raqqa"))
        for n in range(250)
    ]
    session.suggestions.replace_open("crf", proposals[:40])
    taken = 0
    for step, _ in enumerate(session.suggestions.replacing("crf", proposals[30:])):
        start = text.rindex("Raqqa", 0, len(text) - 50 * (step + 1))
        session.reader.select(start, start + 5)
        session.spans.label(*session.schema.keys()["4"])
        taken += 1
        if step == 1:
            session.suggestions.reject(list(session.annotations.suggested.shown())[-1])
            taken += 1
            assert_saved(session)
    assert taken > 5
    assert len(session.annotations.suggestions) == 470 - taken
    assert not session.suggestions.replace_open("crf", proposals[30:]).changes
    assert_saved(session)
    sizes = stored_rows(
        path, "SELECT count(*) FROM change JOIN edit ON edit.id = edit_id"
        " WHERE verb = 'suggest' GROUP BY edit.id ORDER BY number"
    )  # fmt: skip
    assert max(size for (size,) in sizes) <= 100


def test_the_sentence_that_engines_are_least_sure_of_comes_first(session: AnnotateSession) -> None:
    with pytest.raises(RuleError, match="no engine has said"):
        session.stepping.to_unsure()
    first, second, third = (sentence.id for sentence in session.sentences)
    session.stepping.doubts = {first: 0.2, second: 0.9, third: 0.5, "gone": 1.0}
    seen = [(session.stepping.to_unsure(), session.reader.ordinal) for _ in range(4)]
    assert seen == [(0.9, 1), (0.5, 2), (0.2, 0), (0.9, 1)]
    session.cut.toggle_done()
    assert session.stepping.to_unsure() == 0.2
    session.reader.move_to(ARTICLE.index("We saw"))
    assert session.stepping.to_unsure() == 0.5


def test_an_answer_is_undone_and_made_again_whatever_engines_did_meanwhile(
    session: AnnotateSession,
) -> None:
    parts = proposed_attribution()
    session.suggestions.replace_open("rules", parts)
    source = session.annotations.suggested.shown_in(0, 20)[0]
    session.suggestions.accept(source)
    session.suggestions.replace_open("rules", ())
    assert "SOURCE is open again" in session.undo()
    assert not session.annotations.spans
    assert [s.id for s in session.annotations.suggested.shown()] == [source.id]
    assert_saved(session)
    session.suggestions.replace_open("rules", ())
    session.redo()
    assert [s.label for s in session.annotations.spans.values()] == ["SOURCE"]
    assert not session.annotations.suggestions
    assert_saved(session)
    session.undo()
    assert not session.annotations.spans
    assert_saved(session)
