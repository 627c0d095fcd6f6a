"""Very many of anything: what is listed, and that it is read beside the keys."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import TypeVar

import pytest
from screen_driver import Running

from annotator.core.annotation import Actor
from annotator.core.edits import create
from annotator.core.ids import new_id
from annotator.store.sqlite.store import SqliteStore
from annotator.tui.dialogs.picker import Choice, Picker, ranked

T = TypeVar("T")
NAMES = [f"Person {number}" for number in range(600)]


@pytest.fixture
def release(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """What windows list is read when this is called."""
    wanted = Event()
    read = Picker._read

    def waiting(picker: Picker[T], choices: Callable[[], object]) -> None:
        assert wanted.wait(60)
        read(picker, choices)  # type: ignore[arg-type]

    monkeypatch.setattr(Picker, "_read", waiting)
    return wanted.set


def add_actors(store: SqliteStore) -> None:
    session = store.start_session(store.annotator("alice", create=True).id)
    document = store.find_document("a.txt")
    made = tuple(create(Actor(new_id(), name, "person")) for name in NAMES)
    store.apply(session, document, "actor", made)


async def test_many_actors_are_read_beside_the_keys_and_enter_waits_for_them(
    running: Running, store: SqliteStore, release: Callable[[], None]
) -> None:
    add_actors(store)
    async with running() as d:
        span = d.label("Talal Sillo", "1")
        await d.press("m", *"PERSON", "space", *"599")
        assert d.options == ["reading …"]
        await d.press("enter")
        assert d.dialog is not None, "who is not read yet might be who is meant"
        release()
        await d.worked()
        assert d.dialog is None
        actor = d.session.annotations.spans[span.id].actor
        assert d.session.annotations.actors[actor or ""].name == "Person 599"
        assert store.actor_count() == len(NAMES), "no actor was made"


async def test_a_window_lists_some_of_many_and_says_how_many_more(
    running: Running, store: SqliteStore
) -> None:
    add_actors(store)
    async with running() as d:
        d.label("Talal Sillo", "1")
        await d.press("g", "a")
        await d.worked()
        assert len(d.options) == Picker.LISTED + 1
        assert d.options[-1] == "  and 400 more"
        await d.press(*"599")
        assert len(d.options) == 1
        await d.press("escape", "m")
        await d.worked()
        assert d.options[Picker.LISTED] == "+ new actor “Talal Sillo”"
        assert d.options[-1] == "  and 400 more"
        await d.press("enter")
        assert store.actor_count() == len(NAMES) + 1


async def test_who_is_given_up_while_it_is_read_does_not_come(
    running: Running, store: SqliteStore, release: Callable[[], None]
) -> None:
    add_actors(store)
    async with running() as d:
        d.label("Talal Sillo", "1")
        await d.press("m", "enter", "escape")
        release()
        await d.worked()
        assert d.dialog is None
        assert d.focus.actor is None


async def test_ties_among_many_are_listed_once_they_are_read(
    running: Running, store: SqliteStore, release: Callable[[], None]
) -> None:
    add_actors(store)
    async with running() as d:
        source = d.label("Talal Sillo", "s")
        d.label("the operation had begun", "c")
        await d.press("a", "a")
        assert d.options == ["reading …"]
        release()
        await d.worked()
        assert "Talal Sillo" in d.options[0]
        await d.press("enter")
        assert len(d.session.annotations.relations_of(source.id)) == 1


async def test_a_mention_reads_its_own_actor_alone(
    running: Running, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_actors(store)
    async with running() as d:
        span = d.label("Talal Sillo", "1")
        person = next(actor for actor in store.actors() if actor.name == "Person 7")
        monkeypatch.setattr(store, "actors", None)
        d.session.spans.mention(span, person)
        assert d.session.annotations.actors[person.id] == person


def test_letters_in_their_order_match_and_what_begins_so_comes_first() -> None:
    choices = [Choice(n, title) for n, title in enumerate(("Sabc", "a-b-c", "acb", "ABCD", "xabc"))]
    assert [c.title for c in ranked("abc", choices)] == ["ABCD", "Sabc", "xabc", "a-b-c"]
    assert [c.value for c in ranked(" ", choices)] == list(range(5))
    hostile = [Choice(0, "a" * 50_000)]
    assert ranked("a" * 40 + "b", hostile) == []
