"""Any actions in any order, on text that is hard to handle: memory is always what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from awkward_text import texts
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from session_state import assert_saved, new_document, project, state

from annotator.core.annotation import Actor, Span
from annotator.core.ids import new_id
from annotator.errors import RuleError
from annotator.store.sqlite.store import SqliteStore
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.doctor import examine

places = st.integers(0, 200)
prose = st.lists(
    st.sampled_from(["The SDF said so. ", "He, too, “left”. ", "\n\n", "漢字。", "👨‍👩‍👧 "])
)
mixed = st.tuples(prose.map("".join), texts, prose.map("".join)).map("".join)


class Annotating(RuleBasedStateMachine):
    """A person who tries everything; what the rules refuse changes nothing."""

    store: SqliteStore

    @initialize(text=mixed)
    def open(self, text: str) -> None:
        text = text.encode("utf-8", "replace").decode()
        new = new_document(new_id(), text)
        self.store.add_document(new)
        who = self.store.annotator("alice", create=True)
        session = self.store.start_session(who.id)
        self.session = AnnotateSession(self.store, new.document.id, who, session)
        self.first = state(self.session)

    def attempt(self, action: Callable[[], object]) -> None:
        before = state(self.session)
        refused: RuleError | None = None
        try:
            action()
        except RuleError as error:
            refused = error
        if refused is not None:
            assert refused.message
            assert state(self.session) == before

    def some_span(self, place: int) -> Span | None:
        spans = list(self.session.annotations.spans.values())
        return spans[place % len(spans)] if spans else None

    @rule(count=st.integers(-9, 9), extend=st.booleans())
    def move(self, count: int, extend: bool) -> None:
        self.session.moved()
        self.session.reader.move_tokens(count, extend=extend)

    @rule(offset=places, extend=st.booleans())
    def jump(self, offset: int, extend: bool) -> None:
        self.session.moved()
        self.session.reader.move_to(offset, extend=extend)

    @rule(direction=st.sampled_from([-1, 1]))
    def step(self, direction: int) -> None:
        self.session.stepping.step(direction)

    @rule(action=st.sampled_from(["grow", "shrink", "drop_anchor", "clear"]))
    def select(self, action: str) -> None:
        getattr(self.session.reader, action)()

    @rule(start=places, length=st.integers(0, 40))
    def drag(self, start: int, length: int) -> None:
        self.session.reader.select(start, start + length)

    @rule(key=st.sampled_from("123csqcsq"))
    def label(self, key: str) -> None:
        self.attempt(lambda: self.session.spans.label(*self.session.schema.keys()[key]))

    @rule(action=st.sampled_from(["delete", "flag", "add_fragment"]))
    def on_focus(self, action: str) -> None:
        self.attempt(getattr(self.session.spans, action))

    @rule(text=st.text(st.characters(codec="utf-8"), max_size=5))
    def note(self, text: str) -> None:
        self.attempt(lambda: self.session.spans.set_note(self.session.need_focus(), text))

    @rule(values=st.sampled_from([(), ("direct",), ("mixed", "indirect")]))
    def attribute(self, values: tuple[str, ...]) -> None:
        self.attempt(
            lambda: self.session.spans.set_attribute(self.session.need_focus(), "mode", values)
        )

    @rule(known=st.booleans(), place=places)
    def mention(self, known: bool, place: int) -> None:
        actors = self.store.actors()
        actor = actors[place % len(actors)] if known and actors else Actor(new_id(), "someone")
        self.attempt(lambda: self.session.spans.mention(self.session.need_focus(), actor))

    @rule(start=places, end=places)
    def boundaries(self, start: int, end: int) -> None:
        focus, length = self.session.focus, len(self.session.document.text)
        if focus is not None:
            place = tuple(sorted((min(start, length), min(end, length))))
            self.attempt(lambda: self.session.spans.set_fragments(focus, (place,)))  # type: ignore[arg-type]

    @rule(place=places)
    def tie(self, place: int) -> None:
        other = self.some_span(place)
        ways = self.session.ties.ways(other) if other and self.session.focus else []
        if other and other != self.session.focus and ways:
            self.attempt(lambda: self.session.ties.tie(other, ways[place % len(ways)]))

    @rule(place=places)
    def untie(self, place: int) -> None:
        other = self.some_span(place)
        if other and other != self.session.focus and self.session.focus:
            self.attempt(lambda: self.session.ties.untie(other))

    @rule(action=st.sampled_from(["toggle_done", "toggle_done", "split", "merge"]))
    def on_sentence(self, action: str) -> None:
        self.attempt(getattr(self.session.cut, action))

    @rule(action=st.sampled_from(["undo", "undo", "redo"]))
    def retrace(self, action: str) -> None:
        self.attempt(getattr(self.session, action))

    @rule()
    def reopen(self) -> None:
        before = state(self.session)
        self.session = assert_saved(self.session)
        assert state(self.session) == before

    @invariant()
    def memory_is_what_is_stored(self) -> None:
        if hasattr(self, "session"):
            assert_saved(self.session)

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.through(self.session.redo)
            last = state(self.session)
            self.through(self.session.undo)
            assert state(self.session) == self.first
            assert_saved(self.session)
            self.through(self.session.redo)
            assert state(self.session) == last
            assert_saved(self.session)

    def through(self, action: Callable[[], str]) -> None:
        while True:
            try:
                action()
            except RuleError:
                return


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[SqliteStore]:
    source = (root / "schemas" / "news.toml").read_text("utf-8")
    with project(tmp_path_factory.mktemp("any") / "any.db", source, {}) as made:
        yield made


def test_any_actions_in_any_order(store: SqliteStore) -> None:
    run_state_machine_as_test(
        type("Here", (Annotating,), {"store": store}),
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert [(f.kind, f.message) for f in examine(store)] == []
