"""What reads and writes cost, counted in SQLite's own steps: never in seconds.

inception#5790: opening slowed with the length of history. slate: each key walked every annotation.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from msgspec.structs import replace
from store_world import World, new_document

from annotator.core.annotation import Span
from annotator.core.edits import create, update
from annotator.core.ids import new_id
from annotator.store.sqlite.annotation_reader import (
    ATTRIBUTES_THERE,
    FRAGMENTS_THERE,
    LONG,
    SPANS_IN,
    SPANS_THERE,
)
from annotator.store.sqlite.document_table import AMONG, FOLLOWING, LIST, PRECEDING, SENTENCES
from annotator.store.sqlite.history import LAST_CHANGE, STANDING, TOPS
from annotator.store.sqlite.log_reader import EDITS_AFTER, LAST_EDIT, OF_RECORD
from annotator.store.sqlite.store import SqliteStore
from annotator.workflow.annotate import AnnotateSession


def steps(store: SqliteStore, action: Callable[[], object]) -> int:
    """How many steps of SQLite's virtual machine an action takes."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    store._db.raw.set_progress_handler(step, 1)
    try:
        action()
    finally:
        store._db.raw.set_progress_handler(None, 1)
    return count


@pytest.fixture
def sqlite(world: World) -> SqliteStore:
    assert isinstance(world.store, SqliteStore)
    return world.store


def keys(world: World) -> dict[str, Callable[[], object]]:
    """What happens at the start and on keys, in the order in which it can be repeated."""
    store, document = world.store, world.document.id

    def open_it() -> None:
        again = world.another()
        session = again.start_session(again.annotator("alice").id)
        assert session

    return {
        "label": lambda: world.add(world.span("Sillo")),
        "undo": lambda: store.undo(world.session, document),
        "redo": lambda: store.redo(world.session, document),
        "position": lambda: store.save_position(document, world.alice, 3),
        "last document": lambda: store.last_document(world.alice),
        "find": lambda: store.find_document("raqqa.txt"),
        "sentences": lambda: store.sentences(document),
        "next document": lambda: store.neighbour(document, 1),
        "first of the list": lambda: store.documents(world.alice, 1),
        "go to": lambda: store.documents_near(document, world.alice, "", 1),
        "session": lambda: AnnotateSession(
            store, document, store.annotator("alice"), world.session, near_cursor_first=True
        ),
        "label and cursor": lambda: store.apply(
            world.session, document, "label", (create(world.span("SDF")),), cursor=5
        ),
        "newest edits": lambda: list(store.edits(document, limit=5)),
        "newest of the log": lambda: list(store.log(document, limit=1)),
        "edits of others": lambda: store.edits_after(document, store.last_edit(document)),
        "schema": lambda: store.check_schema(),
        "moment": lambda: store.moment(),
        "annotators": lambda: store.annotators_of(document),
        "open": open_it,
    }


def grow(world: World, edits: int, documents: int) -> None:
    """A longer history of the same document, and more documents, but no more annotations."""
    with world.store.transaction():
        for n in range(documents):
            new = new_document(f"{n}.txt", f"Text {n}. It has sentences.")
            world.store.add_document(new)
        for n in range(edits):
            if n % 3 == 0:
                world.add(world.span("Talal"))
            elif n % 3 == 1:
                world.store.undo(world.session, world.document.id)
            else:
                world.store.apply(world.bobs, world.document.id, "nothing", ())


def test_the_cost_of_a_key_does_not_grow_with_history_or_documents(
    world: World, sqlite: SqliteStore
) -> None:
    world.add(world.span("Raqqa"))
    few = {name: steps(sqlite, action) for name, action in keys(world).items()}
    grow(world, edits=900, documents=300)
    many = {name: steps(sqlite, action) for name, action in keys(world).items()}
    # Indexes grow in depth; and the first label of a project makes its row of history.
    assert {n: (few[n], many[n]) for n in few if many[n] > few[n] * 1.3 + 60} == {}
    assert all(many[name] > 0 for name in many if name != "open")


def fill(world: World, count: int) -> str:
    """A document with a span on each of its words, and long ones; gives its id."""
    new = new_document(f"{count}.txt", "word " * count)
    world.store.add_document(new)
    id = new.document.id
    places = [(n * 5, n * 5 + 4) for n in range(count)]
    places += [(0, LONG - 1), (0, LONG + 1), (0, count * 5)]
    spans = [
        Span(new_id(), id, world.alice, "x", "X", (place,), new.document.text[slice(*place)])
        for place in places
    ]
    world.store.apply(world.session, id, "fill", tuple(map(create, spans)), undoable=False)
    return id


def test_the_spans_of_a_window_cost_what_lies_near_it(world: World, sqlite: SqliteStore) -> None:
    small, large = fill(world, 1_000), fill(world, 5_000)
    costs, found = [], []
    for id in (small, large):
        costs.append(
            steps(
                sqlite, lambda id=id: found.append(sqlite.spans_in(id, world.alice, 4_000, 4_100))
            )
        )
    assert [len(spans) for spans in found] == [21, 21]
    assert costs[1] <= costs[0] * 1.2


def test_spans_of_any_length_are_found_in_a_window(world: World) -> None:
    id = fill(world, 1_000)
    for start in (0, LONG - 2, LONG - 1, LONG, LONG + 1, 2 * LONG):
        found = world.store.spans_in(id, world.alice, start, start + 1)
        made = world.store.annotations(id, world.alice).spans
        expected = [s for s in made if s.start < start + 1 and s.end > start]
        assert sorted(s.id for s in found) == sorted(s.id for s in expected)


def test_an_edit_takes_few_statements_while_others_wait_for_the_lock(
    world: World, sqlite: SqliteStore
) -> None:
    said: list[str] = []
    world.store.document(world.document.id)
    span = world.span("Sillo")
    flag = update(span, replace(span, flagged=True))
    sqlite._db.raw.set_trace_callback(said.append)
    world.store.apply(world.session, world.document.id, "label", (create(span),), cursor=3)
    label = [line.split()[0] for line in said]
    said.clear()
    world.store.apply(world.session, world.document.id, "flag", (flag,))
    sqlite._db.raw.set_trace_callback(None)
    # Who and where, the record as it is; the cursor, span, fragment, edit, change, undo.
    assert label == ["BEGIN", "SELECT", "INSERT", "SELECT", *["INSERT"] * 5, "COMMIT"]
    flagged = [line.split()[0] for line in said]
    assert flagged == ["BEGIN", "SELECT", "SELECT", "UPDATE", *["INSERT"] * 3, "COMMIT"]
    (changed,) = (line for line in said if line.startswith("UPDATE"))
    assert changed.startswith("UPDATE span SET flagged = 1, revision = 2 WHERE")


def test_an_edit_of_many_records_looks_them_up_at_once(world: World, sqlite: SqliteStore) -> None:
    words = ("Talal", "Sillo", "SDF", "Raqqa", "operations")
    spans = [world.span(word) for word in words]
    world.add(*spans)
    said: list[str] = []
    sqlite._db.raw.set_trace_callback(said.append)
    changes = tuple(update(span, replace(span, label="GROUP")) for span in spans)
    world.store.apply(world.session, world.document.id, "relabel", changes)
    sqlite._db.raw.set_trace_callback(None)
    assert len([line for line in said if line.startswith("SELECT") and "FROM span" in line]) == 0
    assert len([line for line in said if "CROSS JOIN span" in line]) == 1
    assert len([line for line in said if line.startswith("UPDATE span SET label")]) == len(words)


@pytest.mark.parametrize(
    ("query", "values"),
    [
        (SPANS_THERE, 2),
        (FRAGMENTS_THERE, 2),
        (ATTRIBUTES_THERE, 2),
        (SPANS_IN, 9),
        (SENTENCES, 3),
        (TOPS, 2),
        (STANDING, 2),
        (LAST_CHANGE, 1),
        (LAST_EDIT, 1),
        (EDITS_AFTER, 2),
        (f"SELECT * FROM edit WHERE {OF_RECORD} ORDER BY number DESC", 1),
        *((FOLLOWING.format(among), 4) for among in AMONG.values()),
        *((PRECEDING.format(among), 4) for among in AMONG.values()),
        ("SELECT document_id FROM position WHERE annotator_id = ? ORDER BY visit DESC LIMIT 1", 1),
        ("SELECT annotator_id FROM session WHERE id = ?", 1),
        ("SELECT target_id, previous_id FROM edit WHERE id = ?", 1),
        ("SELECT 1 FROM edit WHERE document_id = ? AND number < ? ORDER BY number DESC LIMIT 9", 2),
        ("SELECT before, after FROM change WHERE edit_id = ? ORDER BY position", 1),
        ("SELECT 1 FROM argument WHERE span_id = ?", 1),
        ("SELECT 1 FROM argument WHERE relation_argument_id = ?", 1),
        ("SELECT 1 FROM argument WHERE actor_id = ?", 1),
        ("SELECT 1 FROM span WHERE actor_id = ?", 1),
        ("SELECT 1 FROM unit_label WHERE sentence_id = ?", 1),
        ("SELECT 1 FROM sentence_mark WHERE sentence_id = ?", 1),
        ("SELECT 1 FROM attribute WHERE span_id = ?", 1),
        ("SELECT 1 FROM attribute WHERE relation_id = ?", 1),
        ("SELECT 1 FROM attribute WHERE unit_label_id = ?", 1),
    ],
)
def test_hot_queries_search_an_index(sqlite: SqliteStore, query: str, values: int) -> None:
    plan = [row[3] for row in sqlite._db.rows(f"EXPLAIN QUERY PLAN {query}", (1,) * values)]
    assert not [line for line in plan if re.match(r"SCAN \w", line)]
    assert [line for line in plan if line.startswith("SEARCH")]


def test_the_list_of_documents_reads_no_text(sqlite: SqliteStore) -> None:
    plan = [row[3] for row in sqlite._db.rows(f"EXPLAIN QUERY PLAN {LIST}", ("x", -1))]
    assert "SCAN d USING COVERING INDEX document_list" in plan
    assert not [
        line
        for line in plan
        if line.startswith("SCAN")
        and "COVERING" not in line
        and line.split()[1] in ("d", "sentence", "span", "relation")
    ]
