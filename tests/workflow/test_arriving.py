"""What is in focus where one arrives: the first suggestion of a sentence that is not finished."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from proposing import proposed_span
from session_state import ARTICLE, at, project, session_at

from annotator.core.annotation import Span
from annotator.store.base import Store
from annotator.workflow.annotate import AnnotateSession


@pytest.fixture
def store(tmp_path: Path, root: Path) -> Iterator[Store]:
    source = (root / "schemas" / "news.toml").read_text("utf-8")
    with project(tmp_path / "p.db", source, {"a.txt": ARTICLE}) as made:
        yield made


def focused(session: AnnotateSession) -> tuple[str, str] | None:
    """The words suggested, and the word under the cursor."""
    suggestion, cursor = session.suggestions.focus, session.reader.cursor
    if suggestion is None:
        return None
    assert isinstance(suggestion.proposed, Span)
    return suggestion.proposed.text, session.document.text[cursor.start : cursor.end]


def proposing(store: Store, *spans: Span) -> AnnotateSession:
    session = session_at(store, "a.txt")
    session.suggestions.replace_open("x", spans)
    return session


def test_a_document_opens_on_its_first_suggestion_if_nothing_was_looked_at(store: Store) -> None:
    session = proposing(store, proposed_span("GROUP", "SDF"), proposed_span("LOCATION", "Raqqa"))
    assert focused(session) is None, "what is suggested later leaves the cursor alone"
    assert focused(session_at(store, "a.txt")) == ("SDF", "SDF")
    at(session, "spokesman")
    session.save_position()
    again = session_at(store, "a.txt")
    assert again.document.text[again.reader.cursor.start :].startswith("spokesman")
    assert focused(again) is None, "somebody was at work there"


def test_the_space_bar_goes_to_what_is_suggested_in_the_next_sentence(store: Store) -> None:
    session = proposing(
        store, proposed_span("PERSON", "he", nth=2), proposed_span("LOCATION", "Raqqa")
    )
    session.cut.toggle_done()
    assert focused(session) == ("he", "he")
    session.suggestions.reject(session.suggestions.need())
    assert focused(session) is None
    session.cut.toggle_done()
    assert focused(session) == ("Raqqa", "Raqqa")


def test_a_finished_sentence_is_left_by_an_answer(store: Store) -> None:
    session = proposing(store, proposed_span("GROUP", "SDF"), proposed_span("LOCATION", "Raqqa"))
    session.cut.toggle_done()
    at(session, "SDF")
    session.suggestions.accept(session.suggestions.need())
    assert focused(session) == ("Raqqa", "Raqqa"), "it is only looked through"


def test_without_suggestions_one_arrives_at_the_first_token(store: Store) -> None:
    session = session_at(store, "a.txt")
    session.cut.toggle_done()
    assert session.reader.cursor.start == session.sentences[1].start
    assert session.focus_id is None


def test_the_unsure_sentence_is_arrived_at_as_well(store: Store) -> None:
    session = proposing(store, proposed_span("LOCATION", "Raqqa"))
    last = session.sentences[len(session.sentences) - 1]
    session.stepping.doubts = {last.id: 0.9}
    session.stepping.to_unsure()
    assert focused(session) == ("Raqqa", "Raqqa")
