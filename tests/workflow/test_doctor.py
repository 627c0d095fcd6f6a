"""The doctor: every kind of harm is named, what is safe is mended, and nothing else is touched."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from session_state import ARTICLE, at, label, new_document, project, session_at, state, tied

from annotator.core.annotation import Actor, Span, surface
from annotator.core.document import content_hash
from annotator.core.edits import create
from annotator.core.ids import new_id
from annotator.errors import StaleError
from annotator.store.sqlite.project import open_project
from annotator.store.upkeep import Finding
from annotator.workflow.chart import Chart
from annotator.workflow.doctor import Outcome, examine, repair

Spoil = Callable[[sqlite3.Connection], object]


@pytest.fixture
def path(tmp_path: Path, root: Path) -> Path:
    """A project with two documents, and in the first of each kind of record one or more."""
    source = (root / "schemas" / "news.toml").read_text("utf-8")
    path = tmp_path / "project.db"
    with project(path, source, {"a.txt": ARTICLE, "b.txt": "Nobody else did."}) as store:
        session = session_at(store, "a.txt")
        tied(session)
        person = label(session, "SDF", "1")
        session.spans.mention(person, Actor(new_id(), "SDF", "group", ("the SDF",)))
        at(session, "Talal")
        session.cut.toggle_done()
        at(session, "Nobody")
        session.undo()
        session.redo()
        session.save_position()
        other = session_at(store, "b.txt", "bob")
        label(other, "Nobody", "1")
    return path


def spoiled(path: Path, spoil: str | Spoil) -> Path:
    """The project after somebody wrote into it past us."""
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA ignore_check_constraints = ON")
    if callable(spoil):
        spoil(raw)
    else:
        raw.executescript(spoil)
    raw.close()
    return path


def dump(data: bytes) -> list[str]:
    """All that a file holds, whatever its pages look like."""
    with sqlite3.connect(":memory:") as raw:
        raw.deserialize(data)
        lines = list(raw.iterdump())
    raw.close()
    return lines


def findings(path: Path) -> list[Finding]:
    with open_project(path) as store:
        return list(examine(store))


def repaired(path: Path) -> tuple[list[Outcome], list[Path]]:
    backups: list[Path] = []
    with open_project(path) as store:
        outcomes = list(repair(store, "carol", backups.append))
    return outcomes, backups


def edits(path: Path) -> list[str]:
    with open_project(path) as store:
        return [edit.verb for edit in store.edits()]


def test_a_sound_project_has_no_findings_and_repairing_it_writes_nothing(path: Path) -> None:
    assert findings(path) == []
    before = path.read_bytes()
    assert repaired(path) == ([], [])
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


PERSON = "(SELECT id FROM span WHERE text = 'SDF')"
SILLO = "(SELECT id FROM span WHERE text = 'Talal Sillo')"

MENDED: dict[str, tuple[str, set[str], str]] = {
    "a label changed past the log": (
        f"UPDATE span SET label = 'GROUP' WHERE id = {PERSON}",
        {"replay"},
        "not what the last edit left: label differs",
    ),
    "offsets moved past the log": (
        f"UPDATE span SET start = start + 1, \"end\" = \"end\" + 1 WHERE id = {SILLO};"
        f"UPDATE fragment SET start = start + 1, \"end\" = \"end\" + 1 WHERE span_id = {SILLO}",
        {"replay", "place"},
        "its text is 'Talal Sillo', but the offsets hold 'alal Sillo,'",
    ),
    "an end beyond the text": (
        f"UPDATE span SET \"end\" = 9999 WHERE id = {SILLO};"
        f"UPDATE fragment SET \"end\" = 9999 WHERE span_id = {SILLO}",
        {"replay", "place"},
        "lies outside of the text",
    ),
    "a surface changed": (
        f"UPDATE span SET text = 'SFD' WHERE id = {PERSON}",
        {"replay", "place"},
        "its text is 'SFD', but the offsets hold 'SDF'",
    ),
    "a row and its fragments differ": (
        f"UPDATE span SET \"end\" = \"end\" - 1 WHERE id = {PERSON}",
        {"replay", "place"},
        "its row and its rows of detail differ",
    ),
    "fragments lost": (
        f"UPDATE span SET pieces = 2 WHERE id = {PERSON};"
        f"DELETE FROM fragment WHERE span_id = {PERSON}",
        {"replay", "place"},
        "it has no fragments",
    ),
    "a span deleted past the log": (
        f"DELETE FROM fragment WHERE span_id = {SILLO}; DELETE FROM span WHERE id = {SILLO}",
        {"replay", "dangling"},
        "it is gone, and no edit deleted it",
    ),
    "its details left behind": (
        f"DELETE FROM span WHERE id = {SILLO}",
        {"replay", "dangling", "orphan"},
        "which is not there",
    ),
    "an actor deleted past the log": (
        "DELETE FROM actor_alias; DELETE FROM actor",
        {"replay", "dangling"},
        "it refers to the actor",
    ),
    "an edit that the log has lost": (
        f"DELETE FROM change WHERE record_id = {PERSON}",
        {"replay"},
        "by the log of edits it should not be",
    ),
    "fragments of nothing": (
        "INSERT INTO fragment VALUES ('nobody', 0, 1, 2), ('nobody', 1, 3, 4)",
        {"orphan"},
        "fragment: 2 rows belong to the span nobody, which is not there",
    ),
    "a cursor behind the end": (
        "UPDATE position SET \"offset\" = 100000",
        {"position"},
        "the cursor of alice is at 100000",
    ),
    "a wrong top of the undo stack": (
        "UPDATE history SET undo_id = (SELECT id FROM edit ORDER BY number LIMIT 1)",
        {"history"},
        "what can be undone and redone is not what the log of edits says",
    ),
    "no stacks at all": ("DELETE FROM history", {"history"}, "undone and redone"),
    "a wrong hash of a right text": (
        "UPDATE document SET text_sha256 = 'x', sha256 = "
        "'{sha256}' WHERE name = 'a.txt'",
        {"text"},
        "the hash of the text differs",
    ),
    "a wrong length": ("UPDATE document SET length = 1", {"text"}, "its length is given as 1"),
    "values out of bounds": (
        "UPDATE span SET revision = 0", {"damage", "replay"}, "CHECK constraint failed"
    ),
    "a missing index": ("DROP INDEX change_of_record", {"format"}, "change_of_record is missing"),
    "another view": (
        "DROP VIEW progress; CREATE VIEW progress AS SELECT 1",
        {"format"},
        "the view progress is not as this version makes it",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(MENDED))
def test_harm_that_is_safe_to_mend(path: Path, case: str) -> None:
    spoil, kinds, message = MENDED[case]
    before = edits(path)
    spoiled(path, spoil.replace("{sha256}", content_hash(ARTICLE.encode())))
    harmed = path.read_bytes()
    found = findings(path)
    assert {f.kind for f in found} == kinds
    assert any(message in f.message for f in found), [f.message for f in found]
    assert all(f.advice for f in found)
    assert path.read_bytes() == harmed
    outcomes, backups = repaired(path)
    assert [o.finding for o in outcomes if o.done is None] == []
    # What is put back first may take other findings with it.
    assert {o.finding.kind for o in outcomes} & kinds
    assert findings(path) == []
    assert [b.parent.name for b in backups] == ["project.backups"]
    assert dump(backups[0].read_bytes()) == dump(harmed)
    assert [v for v in edits(path) if v != "repair"] == before
    logged = edits(path).count("repair")
    assert (logged > 0) == ("replay" in kinds)


LEFT: dict[str, tuple[str, str, str]] = {
    "an unknown label": (
        f"UPDATE span SET label = 'WHO' WHERE id = {PERSON};"
        "UPDATE change SET after = replace(after, '\"label\":\"PERSON\"', '\"label\":\"WHO\"'),"
        " before = replace(before, '\"label\":\"PERSON\"', '\"label\":\"WHO\"')",
        "schema",
        "layer entity has no label WHO",
    ),
    "an unknown role": (
        "UPDATE argument SET role = 'author' WHERE role = 'source';"
        "UPDATE change SET after = replace(after, '\"role\":\"source\"', '\"role\":\"author\"'),"
        " before = replace(before, '\"role\":\"source\"', '\"role\":\"author\"')",
        "schema",
        "relation attribution has no role author",
    ),
    "another text": ("UPDATE document SET text = upper(text)", "text", "its hash differs"),
    "no schema": ("UPDATE schema SET active = 0", "schema", "no schema is in force"),
    "a schema that cannot be read": ("UPDATE schema SET source = 'x'", "schema", "TOML"),
    "a sentence beyond the text": (
        'UPDATE sentence SET "end" = 9999 WHERE start = 0', "cut", "does not lie in the text"
    ),
    "sentences on each other": (
        'UPDATE sentence SET "end" = "end" + 5 WHERE start = 0', "cut", "overlaps the sentence"
    ),
    "no sentences": (
        "DELETE FROM sentence_mark; DELETE FROM change WHERE kind = 'sentence_mark';"
        " DELETE FROM sentence",
        "cut",
        "is in no sentence",
    ),
    "a gap in the log": (
        "DELETE FROM change WHERE edit_id = (SELECT edit_id FROM change"
        f" WHERE record_id = {PERSON} AND before IS NULL)",
        "log",
        "starts from something else than was left",
    ),
    "a log that cannot be read": (
        f"UPDATE change SET after = '{{}}' WHERE record_id = {SILLO}",
        "log",
        "cannot be read",
    ),
    "edits on top of nothing": (
        "UPDATE edit SET previous_id = NULL",
        "history",
        "does not lie on the edit that was made before",
    ),
    "an annotator gone": (
        "DELETE FROM annotator WHERE name = 'bob'", "orphan", "to the annotator"
    ),
    "a trigger": (
        "CREATE TRIGGER t AFTER INSERT ON span BEGIN DELETE FROM span; END",
        "format",
        "the trigger t is none of ours",
    ),
    "another table": (
        "ALTER TABLE project ADD COLUMN x TEXT", "format", "the table project is not"
    ),
    "a source that is somebody else's": (
        "UPDATE argument SET span_id = (SELECT id FROM span WHERE text = 'Nobody')"
        " WHERE role = 'cue'",
        "elsewhere",
        "in another document",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(LEFT))
def test_harm_that_only_a_person_can_mend(path: Path, case: str) -> None:
    spoil, kind, message = LEFT[case]
    spoiled(path, spoil)
    found = [f for f in findings(path) if f.kind == kind]
    assert any(message in f.message for f in found), findings(path)
    assert all(f.advice for f in found)
    outcomes, _ = repaired(path)
    left = [o.finding for o in outcomes if o.done is None]
    assert any(message in f.message for f in left)
    # It is still there, and said again.
    assert any(message in f.message for f in findings(path))


def test_a_repair_keeps_both_versions_in_the_log(path: Path) -> None:
    spoiled(path, f"UPDATE span SET label = 'GROUP' WHERE id = {PERSON}")
    repaired(path)
    with open_project(path) as store:
        last = next(store.edits())
        assert (last.verb, store.annotator("carol").id) == ("repair", last.annotator)
        (change,) = last.changes
        assert isinstance(change.before, Span)
        assert isinstance(change.after, Span)
        assert (change.before.label, change.after.label) == ("PERSON", "GROUP")
        assert change.after.revision > change.before.revision


def test_what_was_lost_is_back_word_for_word(path: Path) -> None:
    with open_project(path) as store:
        before = state(session_at(store, "a.txt"))
    spoiled(
        path,
        "DELETE FROM attribute; DELETE FROM argument; DELETE FROM relation; DELETE FROM fragment;"
        " DELETE FROM span WHERE text <> 'Nobody'; DELETE FROM actor_alias; DELETE FROM actor;"
        " DELETE FROM sentence_mark",
    )
    outcomes, _ = repaired(path)
    assert [o.finding for o in outcomes if o.done is None] == []
    assert findings(path) == []
    with open_project(path) as store:
        assert state(session_at(store, "a.txt")) == before


def test_a_dangling_argument_goes_as_it_would_on_the_screen(path: Path) -> None:
    """What the log deleted stays deleted: the relation loses the argument, and nothing else."""
    gone = f"DELETE FROM fragment WHERE span_id = {SILLO}; DELETE FROM span WHERE id = {SILLO}"
    spoiled(path, f"DELETE FROM change WHERE record_id = {SILLO}; {gone}")
    (finding,) = findings(path)
    assert (finding.kind, finding.document) == ("dangling", "a.txt")
    assert "--repair leaves the argument out" in finding.advice
    outcomes, _ = repaired(path)
    assert [o.done for o in outcomes] == ["leaves the argument out"]
    with open_project(path) as store:
        made = store.annotations(store.find_document("a.txt"), store.annotator("alice").id)
        assert [[a.role for a in r.arguments] for r in made.relations] == [["claim", "cue"]]
    assert findings(path) == []


def test_a_relation_of_which_too_little_is_left_is_deleted_in_an_edit(path: Path) -> None:
    for text in ("Talal Sillo", "said"):
        id = f"(SELECT id FROM span WHERE text = '{text}')"
        spoiled(
            path,
            f"DELETE FROM change WHERE record_id = {id}; DELETE FROM fragment WHERE span_id = {id};"
            f" DELETE FROM span WHERE id = {id}",
        )
    outcomes, _ = repaired(path)
    assert [o.done for o in outcomes] == ["deletes the relation, of which too little is left"]
    assert edits(path)[0] == "repair"
    assert findings(path) == []


def with_spans(path: Path, *texts: tuple[str, str, str], document: str = "a.txt") -> None:
    """Spans as an import may bring them: (words, layer, label)."""
    with open_project(path) as store:
        session = session_at(store, document)
        text = session.document.text
        changes = []
        for words, layer, name in texts:
            places = ((text.index(words), text.index(words) + len(words)),)
            changes.append(
                create(
                    Span(
                        *(new_id(), session.document.id, session.annotator.id, layer, name),
                        *(places, surface(text, places)),
                    )
                )
            )
        store.apply(session.session, session.document.id, "import", tuple(changes), undoable=False)


def test_white_space_at_the_edges_is_trimmed_by_an_edit_that_can_be_undone(path: Path) -> None:
    with_spans(path, (" operation ", "entity", "PERSON"))
    (finding,) = findings(path)
    assert (finding.kind, finding.document) == ("edges", "a.txt")
    assert finding.annotation is not None
    assert finding.annotation.startswith("PERSON ' operation ' at ")
    repaired(path)
    assert findings(path) == []
    with open_project(path) as store:
        session = session_at(store, "a.txt", "carol")
        spans = store.annotations(session.document.id, store.annotator("alice").id).spans
        assert "operation" in [s.text for s in spans]
        assert store.undo(session.session, session.document.id) is not None
    assert [f.kind for f in findings(path)] == ["edges"]


def test_a_blank_span_is_left(path: Path) -> None:
    with_spans(path, ("\n\n", "entity", "PERSON"))
    outcomes, backups = repaired(path)
    assert [(o.finding.kind, o.done) for o in outcomes] == [("edges", None)]
    assert "nothing but white space" in outcomes[0].finding.message
    assert backups == []


def test_spans_that_their_layer_forbids_are_left_and_both_named(path: Path) -> None:
    source = (Path(__file__).parents[2] / "schemas" / "conll.toml").read_text("utf-8")
    other = path.with_name("conll.db")
    with project(other, source, {"a.txt": ARTICLE}):
        pass
    with open_project(other) as store:
        layer = store.schema().layers[0]
    assert layer.overlap == "none"
    name = layer.labels[0].name
    with_spans(other, ("Talal Sillo", layer.name, name), ("Sillo, a", layer.name, name))
    outcomes, _ = repaired(other)
    assert [(o.finding.kind, o.done) for o in outcomes] == [("overlap", None)]
    assert "allows no overlap" in outcomes[0].finding.message


def page_of(raw: sqlite3.Connection, name: str) -> tuple[int, int]:
    (root,) = raw.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
    (size,) = raw.execute("PRAGMA page_size").fetchone()
    return root, size


def overwrite(path: Path, name: str, data: bytes, at: int = 0) -> None:
    raw = sqlite3.connect(path)
    page, size = page_of(raw, name)
    raw.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size + at)
        file.write(data)


def test_a_damaged_page_is_named_and_nothing_is_written(path: Path) -> None:
    overwrite(path, "span", b"\xff" * 64)
    before = path.read_bytes()
    found = findings(path)
    assert {f.kind for f in found} >= {"damage"}
    assert any("SQLite says" in f.message or "damaged" in f.message for f in found)
    outcomes, backups = repaired(path)
    assert backups == []
    assert outcomes
    assert all(o.done is None for o in outcomes)
    assert path.read_bytes() == before


def test_a_damaged_index_is_built_anew(path: Path) -> None:
    def forget_an_entry(raw: sqlite3.Connection) -> None:
        raw.execute("PRAGMA writable_schema = ON")
        keep = raw.execute("SELECT sql FROM sqlite_schema WHERE name = 'actor_by_name'").fetchone()
        raw.execute(
            "UPDATE sqlite_schema SET sql = ? WHERE name = 'actor_by_name'",
            (keep[0] + " WHERE 0",),
        )
        raw.close()
        again = sqlite3.connect(path, isolation_level=None)
        again.execute("REINDEX actor_by_name")
        again.execute("PRAGMA writable_schema = ON")
        again.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'actor_by_name'", keep)
        again.close()

    spoiled(path, forget_an_entry)
    found = findings(path)
    assert found
    assert {f.kind for f in found} == {"damage"}
    assert any("missing from index actor_by_name" in f.message for f in found)
    outcomes, _ = repaired(path)
    assert {o.done for o in outcomes} == {"all indexes were built anew"}
    assert findings(path) == []


def test_one_document_at_a_time_is_held(path: Path) -> None:
    """What was read of a document is let go before the next is read."""
    with open_project(path) as store:
        for n in range(20):
            store.add_document(new_document(f"{n}.txt", f"Text {n}."))
        alive: list[int] = []

        def count(_: str) -> None:
            alive.append(sum(isinstance(thing, Chart) for thing in gc.get_objects()))

        gc.collect()
        assert list(examine(store, count)) == []
        assert len(alive) == 23
        assert max(alive) <= 1


def test_no_lock_is_kept_from_one_document_to_the_next(path: Path) -> None:
    with open_project(path) as store, open_project(path, patience=0) as other:
        session = session_at(other, "b.txt", "bob")
        found = examine(store)
        assert list(found) == []
        spoiled(path, f"UPDATE span SET note = 'x' WHERE id = {PERSON}")
        found = examine(store)
        assert next(found).kind == "replay"
        session.cut.toggle_done()
        assert list(found) == []


def test_a_second_repair_finds_nothing_to_do(path: Path) -> None:
    spoiled(path, f"UPDATE span SET note = 'x' WHERE id = {PERSON}")
    first, _ = repaired(path)
    assert [o.done is None for o in first] == [False]
    before = path.read_bytes()
    assert repaired(path) == ([], [])
    assert path.read_bytes() == before


def test_an_actor_is_the_projects_and_no_documents(path: Path) -> None:
    spoiled(path, "UPDATE actor SET note = 'x'")
    (finding,) = findings(path)
    assert (finding.kind, finding.document) == ("replay", None)
    assert finding.annotation == "the actor 'SDF'"
    repaired(path)
    with open_project(path) as store:
        assert [(a.name, a.note) for a in store.actors()] == [("SDF", "x")]


def test_what_others_write_meanwhile_is_not_mended_away(path: Path) -> None:
    spoiled(path, f"UPDATE span SET label = 'GROUP' WHERE id = {PERSON}")
    with open_project(path) as store, open_project(path) as other:
        document = store.find_document("a.txt")
        (seen,) = [r for r in store.upkeep.replayed(document) if r.stored != r.logged]
        span = seen.stored
        assert isinstance(span, Span)
        session = session_at(other, "a.txt")
        session.spans.set_note(session.annotations.span(span.id), "newer")
        carol = store.annotator("carol", create=True)
        with pytest.raises(StaleError, match="was changed meanwhile"):
            store.upkeep.mend(store.start_session(carol.id), seen, span, undoable=False)
        kept = other.annotations(document, other.annotator("alice").id).spans
        assert [s.note for s in kept if s.id == span.id] == ["newer"]


def test_stacks_are_mended_as_they_are_then(path: Path) -> None:
    spoiled(path, "UPDATE history SET undo_id = (SELECT id FROM edit ORDER BY number LIMIT 1)")
    with open_project(path) as store:
        faults = list(store.upkeep.faults_of_rows())
        label(session_at(store, "b.txt", "bob"), "else", "1")
        for fault in faults:
            assert fault.mend is not None
            fault.mend()
        # The new edit lies on the wrong one for good; what comes next is right again.
        assert [fault.mend for fault in store.upkeep.faults_of_rows()] == [None]
