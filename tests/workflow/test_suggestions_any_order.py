"""Engines that propose anew and a person who answers, in any order: memory is what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace
from proposing import proposed_attribution, proposed_span
from session_state import ARTICLE, assert_saved, new_document, project, session_at

from annotator.core.annotation import Annotation
from annotator.core.ids import new_id
from annotator.errors import RuleError
from annotator.store.sqlite.store import SqliteStore
from annotator.workflow.doctor import examine

PARTS = proposed_attribution()
PROPOSALS: tuple[list[Annotation], ...] = (
    [proposed_span("PERSON", "Talal Sillo")],
    [proposed_span("GROUP", "Talal")],
    [proposed_span("GROUP", "SDF", 0.2)],
    [proposed_span("LOCATION", "SDF", 0.9)],
    [proposed_span("CUE", "said on Monday")],
    PARTS,
    [PARTS[0], PARTS[1], replace(PARTS[3], arguments=PARTS[3].arguments[:2])],  # type: ignore[union-attr, type-var]
)
WORDS = ("Talal Sillo", "SDF", "said", "the operation had begun", "Monday the operation")


class Suggesting(RuleBasedStateMachine):
    """What rules refuse changes nothing; nothing that was rejected comes back."""

    store: SqliteStore

    @initialize()
    def open(self) -> None:
        document = new_document(new_id(), ARTICLE)
        self.store.add_document(document)
        self.session = session_at(self.store, document.document.id)

    def attempt(self, action: Callable[[], object]) -> None:
        with suppress(RuleError):
            action()

    @rule(
        engine=st.sampled_from(["crf", "rules"]),
        chosen=st.sets(st.integers(0, len(PROPOSALS) - 1)),
        in_steps=st.booleans(),
    )
    def propose(self, engine: str, chosen: set[int], in_steps: bool) -> None:
        proposed = [item for n in sorted(chosen) for item in PROPOSALS[n]]
        if in_steps:
            list(self.session.suggestions.replacing(engine, proposed))
        else:
            self.session.suggestions.replace_open(engine, proposed)
        assert not self.session.suggestions.replace_open(engine, proposed).changes

    @rule(direction=st.sampled_from([-1, 1, 1]))
    def step(self, direction: int) -> None:
        self.session.stepping.step(direction)

    @rule(direction=st.sampled_from([-1, 1]))
    def candidate(self, direction: int) -> None:
        self.session.moved()
        self.session.reader.move_candidates(direction)

    @rule(answer=st.sampled_from(["accept", "reject"]))
    def answer(self, answer: str) -> None:
        suggestions = self.session.suggestions
        self.attempt(lambda: getattr(suggestions, answer)(suggestions.need()))

    @rule()
    def everything(self) -> None:
        self.attempt(self.session.suggestions.accept_sentence)

    @rule(key=st.sampled_from("123csq"), words=st.none() | st.sampled_from(WORDS))
    def label(self, key: str, words: str | None) -> None:
        if words is not None:
            start = ARTICLE.index(words)
            self.session.reader.select(start, start + len(words))
        self.attempt(lambda: self.session.spans.label(*self.session.schema.keys()[key]))
        self.session.reader.clear()

    @rule()
    def delete(self) -> None:
        self.attempt(self.session.spans.delete)

    @rule(steps=st.sampled_from([-3, 3]))
    def threshold(self, steps: int) -> None:
        for _ in range(abs(steps)):
            self.attempt(lambda: self.session.thresholds.move(steps // abs(steps)))

    @rule()
    def propagate(self) -> None:
        self.attempt(self.session.propagation.here)

    @rule(action=st.sampled_from(["undo", "undo", "redo"]))
    def retrace(self, action: str) -> None:
        self.attempt(getattr(self.session, action))

    @invariant()
    def memory_is_what_is_stored(self) -> None:
        if hasattr(self, "session"):
            assert_saved(self.session)

    def teardown(self) -> None:
        if hasattr(self, "session"):
            for action in (self.session.undo, self.session.redo, self.session.undo):
                self.through(action)
                assert_saved(self.session)
            assert not self.session.annotations.spans

    def through(self, action: Callable[[], str]) -> None:
        while True:
            try:
                action()
            except RuleError as error:
                if "nothing to" in error.message:
                    return
                raise


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[SqliteStore]:
    source = (root / "schemas" / "news.toml").read_text("utf-8")
    with project(tmp_path_factory.mktemp("any") / "any.db", source, {}) as made:
        yield made


def test_any_answers_in_any_order(store: SqliteStore) -> None:
    run_state_machine_as_test(
        type("Here", (Suggesting,), {"store": store}),
        settings=settings(
            max_examples=25,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert [(f.kind, f.message) for f in examine(store)] == []
