"""``annotator merge``: files together, what would come, conflicts and how they are decided."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from annotator.core.edits import update
from annotator.errors import ExitCode
from annotator.workflow.projects import open_existing

Run = Callable[..., Any]

TEXT = "Talal Sillo, a spokesman for the SDF, confirmed it.\n"


@pytest.fixture
def files(annotator: Run, folder: Path) -> tuple[Path, Path]:
    """The project of the folder and a copy of it; the first sentence's label differs."""
    (folder / "a.txt").write_text(TEXT, "utf-8")
    record = {
        "format": "annotator/1", "name": "a.txt", "text": TEXT, "annotator": "alice",
        "spans": [{"id": "1", "layer": "entity", "label": "PERSON", "start": 0, "end": 11,
                   "text": "Talal Sillo"}],
    }  # fmt: skip
    (folder / "a.jsonl").write_text(json.dumps(record) + "\n", "utf-8")
    assert annotator("import", "a.jsonl").code == ExitCode.DONE
    mine, theirs = folder / "annotations.db", folder / "theirs.db"
    shutil.copy(mine, theirs)
    relabel(mine, "GROUP")
    relabel(theirs, "LOCATION")
    return mine, theirs


def relabel(path: Path, label: str) -> None:
    store = open_existing(path)
    alice = store.annotator("alice").id
    document = store.find_document("a.txt")
    (span,) = store.annotations(document, alice).spans
    session = store.start_session(alice)
    store.apply(session, document, "relabel", (update(span, replace(span, label=label)),))
    store.close()


def test_merge_tells_what_came_and_what_is_to_decide(
    annotator: Run, files: tuple[Path, Path]
) -> None:
    foretold = annotator("merge", "--dry-run", "theirs.db")
    assert foretold.code == ExitCode.REPORTED
    assert "would come: 0 documents, 0 annotators, 1 edit" in foretold.err
    done = annotator("merge", "theirs.db")
    assert done.code == ExitCode.REPORTED
    assert "came: 0 documents, 0 annotators, 1 edit" in done.err
    assert "1 conflict to decide:" in done.err
    assert "GROUP 'Talal Sillo'" in done.out
    assert "LOCATION 'Talal Sillo'" in done.out
    (backup,) = Path("annotations.backups").iterdir()
    assert f"As it was before: {backup}" in done.err
    again = annotator("merge", "theirs.db")
    assert len(list(backup.parent.iterdir())) == 1
    assert (again.code, again.out) == (ExitCode.DONE, "")
    assert "came: 0 documents, 0 annotators, 0 edits" in again.err


def test_the_order_of_files_leaves_no_trace_in_an_export(
    annotator: Run, files: tuple[Path, Path]
) -> None:
    shutil.copy(files[0], "third.db")
    relabel(Path("third.db"), "DATE")
    exports = []
    for number, order in enumerate((("theirs.db", "third.db"), ("third.db", "theirs.db"))):
        project = f"m{number}.db"
        shutil.copy("annotations.db", project)
        for name in order:
            annotator("-p", project, "merge", name)
        annotator("-p", project, "export", "--annotator", "all", "-o", "e.jsonl")
        exports.append(Path("e.jsonl").read_bytes())
        assert annotator("-p", project, "doctor").code == ExitCode.DONE
    assert exports[0] == exports[1]


OPEN = """
import sqlite3, sys
db = sqlite3.connect("annotations.db")
db.execute("SELECT 1 FROM edit").fetchall()
print(flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system does not tell who")
def test_nobody_may_have_the_project_open(annotator: Run, files: tuple[Path, Path]) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OPEN], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        refused = annotator("merge", "theirs.db")
        assert (refused.code, "open in another program" in refused.err) == (ExitCode.BUSY, True)
        assert annotator("merge", "--dry-run", "theirs.db").code == ExitCode.REPORTED
        other.communicate()
    assert annotator("merge", "theirs.db").code == ExitCode.REPORTED


def test_merge_as_json(annotator: Run, files: tuple[Path, Path]) -> None:
    found = json.loads(annotator("merge", "--dry-run", "--json", "theirs.db").out)
    assert (found["dry_run"], found["edits"]) == (True, {"theirs.db": 1})
    assert found["changed"] in ({}, {"span": 1})
    (conflict,) = found["conflicts"]
    labels = {conflict["in_force"]["label"], conflict["conflict"]["other"]["label"]}
    assert labels == {"GROUP", "LOCATION"}


def test_conflicts_are_listed_settled_and_undone(annotator: Run, files: tuple[Path, Path]) -> None:
    annotator("merge", "theirs.db")
    (found,) = json.loads(annotator("merge", "--conflicts", "--json").out)
    id, other = found["conflict"]["id"], found["conflict"]["other"]["label"]
    shown = annotator("merge", "--conflicts")
    assert (shown.code, id[-8:] in shown.out) == (ExitCode.REPORTED, True)
    assert "1 conflict to decide" in annotator("status").out
    settled = annotator("merge", "--settle", id[-8:], "--keep", "other")
    assert (settled.code, "0 conflicts left" in settled.err) == (ExitCode.DONE, True)
    assert label(files[0]) == other
    left = annotator("merge", "--conflicts")
    assert (left.code, left.err) == (ExitCode.DONE, "Nothing to decide.\n")
    assert "to decide" not in annotator("status").out
    store = open_existing(files[0])
    session = store.start_session(store.annotator("alice").id)
    store.undo(session, store.find_document("a.txt"))
    store.close()
    assert label(files[0]) != other
    assert annotator("merge", "--conflicts").code == ExitCode.REPORTED


def label(path: Path) -> str:
    store = open_existing(path)
    (span,) = store.annotations(store.find_document("a.txt"), store.annotator("alice").id).spans
    store.close()
    return span.label


def test_files_that_cannot_be_merged(annotator: Run, files: tuple[Path, Path]) -> None:
    mine, theirs = files
    folder = mine.parent
    before = mine.read_bytes()
    (folder / "text.db").write_text("no project " * 200)
    (folder / "cut.db").write_bytes(theirs.read_bytes()[:6000])
    (folder / "empty.db").write_bytes(b"")
    shutil.copy(theirs, folder / "newer.db")
    set_format(folder / "newer.db", 99)
    shutil.copy(theirs, folder / "older.db")
    set_format(folder / "older.db", 5)
    with sqlite3.connect(folder / "foreign.db") as other:
        other.execute("CREATE TABLE t (a)")
    other.close()
    for name, code, words in (
        ("annotations.db", ExitCode.USAGE, "is the project itself"),
        ("missing.db", ExitCode.BAD_INPUT, "missing.db: there is no project"),
        ("text.db", ExitCode.BAD_INPUT, "is no SQLite file"),
        ("cut.db", ExitCode.BAD_INPUT, "damaged or cut short"),
        ("empty.db", ExitCode.BAD_INPUT, "empty file"),
        ("foreign.db", ExitCode.BAD_INPUT, "but not a project"),
        ("newer.db", ExitCode.BAD_INPUT, "has format 99"),
        ("older.db", ExitCode.BAD_INPUT, "annotator -p older.db status"),
        (".", ExitCode.BAD_INPUT, "is a folder"),
    ):
        result = annotator("merge", "theirs.db", name)
        assert (name, result.code) == (name, code)
        assert words in result.err
        assert mine.read_bytes() == before
    twice = annotator("merge", "theirs.db", str(theirs))
    assert (twice.code, "named twice" in twice.err) == (ExitCode.USAGE, True)


def set_format(path: Path, number: int) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute(f"PRAGMA user_version = {number}")
    raw.close()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["a.db", "--conflicts"],
        ["--conflicts", "--settle", "x", "--keep", "this"],
        ["--settle", "x"],
        ["a.db", "--keep", "this"],
        ["--conflicts", "--dry-run"],
    ],
)
def test_wrong_use(arguments: list[str], annotator: Run) -> None:
    assert annotator("merge", *arguments).code == ExitCode.USAGE
