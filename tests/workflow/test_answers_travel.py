"""Answers to suggestions go along with an export, whatever became of what they were about."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from proposing import proposed_attribution
from session_state import ARTICLE, assert_saved, at, project, session_at

from annotator.core.annotation import Origin, Relation, Suggestion, UnitLabel
from annotator.formats.base import Refusal
from annotator.store.base import Store
from annotator.store.sqlite.store import SqliteStore
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.exporting import Request, export
from annotator.workflow.importing import Request as ImportRequest
from annotator.workflow.importing import import_paths

SENTENCES = """
[layer.worth]
scope = "sentence"
[layer.worth.labels.CHECK]
[layer.worth.labels.SKIP]
"""


@pytest.fixture
def source(root: Path) -> str:
    return (root / "schemas" / "news.toml").read_text("utf-8") + SENTENCES


@pytest.fixture
def store(tmp_path: Path, source: str) -> Iterator[SqliteStore]:
    with project(tmp_path / "p.db", source, {"a.txt": ARTICLE}) as made:
        yield made


def tie_of(session: AnnotateSession) -> Suggestion:
    shown = session.annotations.suggested.shown()
    return next(s for s in shown if isinstance(s.proposed, Relation))


def delete_all(session: AnnotateSession) -> None:
    for span in list(session.annotations.spans.values()):
        session.choose(span)
        session.spans.delete()


def parts_go(session: AnnotateSession) -> None:
    session.suggestions.reject(tie_of(session))
    session.suggestions.replace_open("x", [])


def its_annotation_goes(session: AnnotateSession) -> None:
    tie = tie_of(session)
    session.suggestions.accept(next(s for s in session.annotations.suggested.shown() if s != tie))
    delete_all(session)


def all_was_accepted_and_goes(session: AnnotateSession) -> None:
    session.suggestions.accept(tie_of(session))
    delete_all(session)


def its_sentence_goes(session: AnnotateSession) -> None:
    labels = [
        UnitLabel(f"u{n}", "", "", "worth", label, s.id, origin=Origin("y", "1", 0.5))
        for n, s in enumerate(session.sentences)
        for label in ("CHECK", "SKIP")[: n + 1]
    ]
    session.suggestions.replace_open("y", labels)
    at(session, "“We")
    suggested = session.annotations.suggested
    session.suggestions.reject(suggested.shown_on(session.sentences[1].id)[0])
    at(session, "Talal")
    session.cut.merge()


def answers(session: AnnotateSession) -> dict[str, tuple[str, str | None]]:
    answered = session.annotations.suggested.answered
    return {id: (s.state, s.result) for id, s in answered.items()}


def exported(store: Store) -> bytes:
    stream = io.BytesIO()
    export(store, Request(annotator="all"), stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "act", [parts_go, its_annotation_goes, all_was_accepted_and_goes, its_sentence_goes]
)
def test_an_export_comes_back_and_is_the_same_again(
    store: SqliteStore, tmp_path: Path, source: str, act: Callable[[AnnotateSession], None]
) -> None:
    session = session_at(store, "a.txt")
    session.suggestions.replace_open("x", proposed_attribution())
    act(session)
    assert_saved(session)
    (path := tmp_path / "a.jsonl").write_bytes(given := exported(store))
    with project(tmp_path / "q.db", source, {}) as other:
        for step in import_paths(other, ImportRequest(paths=(path,), default_annotator="me")):
            assert not isinstance(step.outcome, Refusal), step.outcome
        assert exported(other) == given
        again = session_at(other, "a.txt")
        assert answers(again) == answers(session)
        assert_saved(again)


@pytest.mark.parametrize(("threshold", "shown"), [("0.00", 3), ("0.90", 0)])
def test_what_is_suggested_for_a_sentence_that_is_merged_goes_with_it(
    store: SqliteStore, threshold: str, shown: int
) -> None:
    session = session_at(store, "a.txt")
    labels = [
        UnitLabel(f"u{n}", "", "", "worth", "CHECK", s.id, origin=Origin("y", "1", 0.5))
        for n, s in enumerate(session.sentences)
    ]
    session.suggestions.replace_open("y", labels)
    suggested = session.annotations.suggested
    store.set_setting("threshold.worth", threshold)
    session.thresholds.read()
    assert suggested.count == shown
    assert len(suggested.open) == 3
    session.cut.merge()
    assert_saved(session)
    assert len(suggested.open) == 2, "be it shown or hidden"
    session.undo()
    assert_saved(session)
    assert len(suggested.open) == 3
