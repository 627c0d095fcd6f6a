"""Contract: bugs of storage that peers shipped, each with a test named after what it did to people.

- inception#2038: concurrent modification wiped a document's annotations
- doccano#1236, label-studio#5755: "database is locked" while labelling lost labels
- doccano#1041: deleting and re-adding a label orphaned all work
- label-studio#1347, #4988, argilla#2353: emoji, ZWJ and UTF-16 made offsets drift
- label-studio#539, #4929, doccano#2114: CRLF or white space shifted offsets
- label-studio#2007: a span's end lay beyond the text
- doccano#166: spans that overlap were dropped in silence
- label-studio#1790: a stale draft overwrote newer work
- doccano#1951, #2370: labels made by the machine doubled on coming back
- inception#3335: a rejection leaked to other documents
- teamware: backups were never restorable
- inception#5790: opening slowed with the length of history
- slate: each key walked every annotation; any signal lost the work

What is about formats and screens is tested there. That many processes can write at once, and that
a killed one keeps what it was told is written, is in ``test_sqlite_processes``; the costs are
counted in full in ``test_sqlite_costs``.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace
from store_world import TEXT, World, new_document
from test_sqlite_costs import fill, grow, steps

from annotator.core.annotation import Span, Suggestion, surface
from annotator.core.edits import create, delete, update
from annotator.core.ids import new_id
from annotator.errors import InputError, StaleError
from annotator.store.base import Store
from annotator.store.sqlite.store import SqliteStore


def spans_of(store: Store, document: str, annotator: str) -> list[tuple[str, str]]:
    return [(s.text, s.label) for s in store.annotations(document, annotator).spans]


def test_concurrent_modification_wipes_nothing(world: World) -> None:
    """inception#2038."""
    other, document = world.another(), world.document.id
    world.add(world.span("Talal"), world.span("Raqqa", "PLACE"))
    theirs = replace(world.span("SDF", "GROUP"), annotator=world.bob)
    other.apply(world.bobs, document, "label", (create(theirs),))
    world.add(world.span("Sillo"))
    other.undo(world.bobs, document)
    other.redo(world.bobs, document)
    for store in (world.store, other, world.another()):
        assert len(spans_of(store, document, world.alice)) == 3
        assert spans_of(store, document, world.bob) == [("SDF", "GROUP")]


def test_two_at_once_lose_no_label_to_a_lock(world: World) -> None:
    """doccano#1236, label-studio#5755."""
    other, document = world.another(), world.document.id
    for n in range(20):
        store, who, session = (
            (world.store, world.alice, world.session) if n % 2 else (other, world.bob, world.bobs)
        )
        # The other has the document open and has just read it.
        (other if n % 2 else world.store).annotations(document, world.alice)
        span = replace(world.span("Raqqa"), annotator=who)
        store.apply(session, document, "label", (create(span),))
    assert len(spans_of(other, document, world.alice)) == 10
    assert len(spans_of(world.store, document, world.bob)) == 10


def test_a_label_that_goes_and_comes_back_orphans_nothing(world: World, schema_source: str) -> None:
    """doccano#1041."""
    claim = world.span("operations had begun", "CLAIM", "claim")
    source = world.span("Talal Sillo", "SOURCE", "source")
    world.add(claim, source)
    world.add(world.relation(("claim", claim), ("source", source)))
    before = world.state()
    world.store.schema()
    start = schema_source.index("[layer.source.labels.SOURCE]")
    other = schema_source[:start] + schema_source[start:].replace("SOURCE", "VOICE")
    # The label goes with what it is on left alone, as somebody may do who knows no better.
    world.store.change_schema(world.session, other.replace('name = "news"', 'name = "other"'), ())
    world.store.schema()
    assert world.state() == before
    world.store.change_schema(world.session, schema_source, ())
    world.store.schema()
    assert world.state() == before
    again = world.another()
    assert world.state(again) == before
    assert again.undo(world.session, world.document.id) is not None


@pytest.mark.parametrize(
    "text",
    [
        "👩‍👩‍👧 said so",
        "a\U0001f1e9\U0001f1eab 𝔘𝔫𝔦",
        "e\u0301 ñ ﬁ",
        "العربية \u202enص\u202c",
        "one\r\ntwo\r\n\r\nthree\n",
        " \u00a0 lead and trail \t\r",
        "x\u2028y\u2029z\x0b\x0c\x85",
        "\ufeffmark",
        "nul\x00l",
    ],
)
def test_no_offset_drifts(world: World, text: str) -> None:
    """label-studio#1347, #4988, argilla#2353; label-studio#539, #4929, doccano#2114."""
    new = new_document("odd.txt", text)
    world.store.add_document(new)
    id = new.document.id
    places = [(n, m) for n in range(len(text)) for m in (n + 1, len(text)) if n < m]
    made = [
        Span(new_id(), id, world.alice, "entity", "PERSON", (place,), text[slice(*place)])
        for place in dict.fromkeys(places)
    ]
    world.store.apply(world.session, id, "label", tuple(map(create, made)))
    store = world.another()
    assert store.document(id).text == text
    kept = store.annotations(id, world.alice).spans
    assert [s.fragments for s in kept] == [s.fragments for s in made]
    assert all(surface(text, s.fragments) == s.text for s in kept)
    assert all(store.spans_in(id, world.alice, s.start, s.end) for s in made)


@pytest.mark.parametrize("place", [(0, len(TEXT) + 1), (len(TEXT), len(TEXT) + 1), (-1, 1), (3, 3)])
def test_no_span_reaches_beyond_the_text(world: World, place: tuple[int, int]) -> None:
    """label-studio#2007."""
    before = world.state()
    beyond = replace(world.span("Sillo"), fragments=(place,), text=TEXT[slice(*place)])
    with pytest.raises(InputError, match="does not lie in the text"):
        world.add(beyond)
    inside = world.span("Sillo")
    world.add(inside)
    with pytest.raises(InputError, match="does not lie in the text"):
        world.store.apply(
            world.session,
            world.document.id,
            "move",
            (update(inside, replace(inside, fragments=(place,), text=TEXT[slice(*place)])),),
        )
    world.store.undo(world.session, world.document.id)
    assert world.state() == before


def test_spans_that_overlap_are_all_kept(world: World) -> None:
    """doccano#166."""
    made = [world.span_at(((a, b),)) for a in range(4) for b in range(a + 1, 6)]
    made += [world.span_at(((0, 2), (3, 5))), world.span_at(((0, 2),))]
    world.add(*made)
    kept = world.another().annotations(world.document.id, world.alice).spans
    assert sorted(s.id for s in kept) == sorted(s.id for s in made)


def test_a_stale_draft_overwrites_nothing(world: World) -> None:
    """label-studio#1790."""
    span = world.span("Sillo")
    world.add(span)
    newer = replace(span, note="newer work")
    world.store.apply(world.session, world.document.id, "note", (update(span, newer),))
    other = world.another()
    before = world.state()
    for draft in (
        update(span, replace(span, note="an old draft")),
        delete(span),
        create(replace(span, note="saved as if it were new")),
    ):
        with pytest.raises(StaleError, match="Nothing was written"):
            other.apply(world.session, world.document.id, "draft", (draft,))
    assert world.state() == world.state(other) == before


def suggestion(world: World, document: str, text: str) -> Suggestion:
    span = Span(new_id(), document, world.alice, "entity", "PERSON", ((0, 5),), text[:5])
    return Suggestion(new_id(), document, world.alice, span)


def test_a_suggestion_made_twice_is_there_once(world: World) -> None:
    """doccano#1951, #2370."""
    proposed = suggestion(world, world.document.id, TEXT)
    world.add(proposed)
    for _ in range(3):
        with pytest.raises(StaleError):
            world.add(proposed)
        world.another().annotations(world.document.id, world.alice)
    kept = world.store.annotations(world.document.id, world.alice).suggestions
    assert [s.id for s in kept] == [proposed.id]


def test_a_rejection_stays_in_its_document(world: World) -> None:
    """inception#3335."""
    twin = new_document("twin.txt", TEXT + " ")
    world.store.add_document(twin)
    here = suggestion(world, world.document.id, TEXT)
    there = suggestion(world, twin.document.id, TEXT)
    world.add(here)
    world.store.apply(world.session, twin.document.id, "suggest", (create(there),))
    world.store.apply(
        world.session, world.document.id, "reject", (update(here, replace(here, state="rejected")),)
    )
    store = world.another()
    states = [
        [s.state for s in store.annotations(id, world.alice).suggestions]
        for id in (world.document.id, twin.document.id)
    ]
    assert states == [["rejected"], ["open"]]


def test_a_backup_can_be_restored(world: World, tmp_path: Path) -> None:
    """teamware."""
    from annotator.workflow.projects import restore

    actor = world.actor()
    world.add(actor, world.span("Talal Sillo", actor=actor.id), world.unit_label())
    before, target = world.state(), tmp_path / "backup.db"
    world.store.upkeep.back_up(target)
    world.add(world.span("Raqqa"))
    path = world.store._db.path  # type: ignore[attr-defined]
    world.store.close()
    assert restore(path, target) is not None
    again = world.another()
    assert world.state(again) == before
    assert again.undo(world.session, world.document.id) is not None
    assert again.redo(world.session, world.document.id) is not None
    assert world.state(again) == before


def test_opening_does_not_slow_with_the_length_of_history(world: World) -> None:
    """inception#5790."""
    assert isinstance(world.store, SqliteStore)

    def opened() -> int:
        store = world.another()
        assert isinstance(store, SqliteStore)
        document, alice = store.find_document("raqqa.txt"), store.annotator("alice").id
        return steps(
            store,
            lambda: (
                store.schema(),
                store.last_document(alice),
                store.document(document),
                store.sentences(document),
                store.annotations(document, alice),
                store.start_session(alice),
            ),
        )

    world.add(world.span("Sillo"))
    short = opened()
    grow(world, edits=600, documents=0)
    while world.store.undo(world.session, world.document.id) is not None:
        pass
    world.add(world.span("Sillo"))
    assert opened() <= short * 1.2 + 60


def test_a_key_walks_no_annotation_but_its_own(world: World) -> None:
    """slate: 625 ms a key at 50,000 annotations."""
    store = world.store
    assert isinstance(store, SqliteStore)
    costs = []
    for count in (1_000, 5_000):
        id = fill(world, count)
        span = Span(new_id(), id, world.alice, "entity", "PERSON", ((0, 4),), "word")
        changes = (create(span),)
        costs.append(
            steps(store, lambda id=id, c=changes: store.apply(world.session, id, "label", c))
        )
    assert costs[1] <= costs[0] * 1.2 + 60


SIGNALLED = """
import signal, sys
from pathlib import Path
from annotator.core.annotation import Span
from annotator.core.edits import create
from annotator.core.ids import new_id
from annotator.store.sqlite.project import open_project
# Whoever runs the tests may be out of their reach, as behind nohup or "&".
for number in (signal.SIGHUP, signal.SIGQUIT):
    signal.signal(number, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)
store = open_project(Path(sys.argv[1]))
alice = store.annotator("alice")
session, document = store.start_session(alice.id), store.find_document("raqqa.txt")
text = store.document(document).text
while True:
    span = Span(new_id(), document, alice.id, "entity", "PERSON", ((0, 5),), text[:5])
    store.apply(session, document, "label", (create(span),))
    print(span.id, flush=True)
"""


@pytest.mark.parametrize("sent", ["SIGHUP", "SIGTERM", "SIGINT", "SIGQUIT", "SIGKILL", "SIGSEGV"])
def test_a_signal_loses_nothing_that_was_written(world: World, root: Path, sent: str) -> None:
    """slate lost everything on any signal."""
    path = world.store._db.path  # type: ignore[attr-defined]
    child = subprocess.Popen(
        [sys.executable, "-c", SIGNALLED, str(path)],
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdout is not None
    try:
        told = [child.stdout.readline().strip() for _ in range(3)]
        child.send_signal(signal.Signals[sent])
        rest, _ = child.communicate(timeout=60)
    finally:
        child.kill()
    told += [line for line in rest.split("\n")[:-1] if line]
    assert child.returncode != 0
    kept = world.another().annotations(world.document.id, world.alice).spans
    assert {s.id for s in kept} >= set(told)
    for record in world.store.upkeep.replayed(world.document.id):
        assert record.stored == record.logged
