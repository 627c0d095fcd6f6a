"""``annotator log``: reading the history, and bringing back what was deleted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from session_state import label, session_at, tied

from annotator.workflow.projects import open_existing

Run = Callable[..., Any]


@pytest.fixture
def deleted(annotator: Run, folder: Path) -> str:
    """A project in which alice deleted a source with its tie; the source's id."""
    text = "Talal Sillo, of the SDF, said on Monday the operation had begun."
    (folder / "a.txt").write_text(text)
    (folder / "b.txt").write_text(f"{text} Twice.")
    annotator("import", "a.txt", "b.txt")
    store = open_existing(folder / "annotations.db")
    session = session_at(store, "a.txt")
    _, source, _ = tied(session)
    session.choose(session.annotations.span(source.id))
    session.spans.delete()
    label(session_at(store, "b.txt", "bob"), "SDF", "3")
    store.close()
    return source.id


def test_the_log_of_the_project_of_a_document_and_of_an_annotation(
    annotator: Run, deleted: str
) -> None:
    whole = annotator("log", "--limit", "2")
    assert (whole.code, whole.err) == (0, "")
    first, made, second, *rest = whole.out.splitlines()
    assert "  bob  label  b.txt  " in first
    assert made.strip().startswith("GROUP 'SDF' at 20–23 made  ")
    assert "  alice  delete  a.txt  " in second
    assert rest[-1].strip() == f"SOURCE 'Talal Sillo' at 0–11 deleted  {deleted}"
    one = annotator("log", "a.txt")
    assert "bob" not in one.out
    assert one.out.count("  alice  ") == 6
    of_it = annotator("log", "--annotation", deleted, "--json")
    rows = [json.loads(line) for line in of_it.out.splitlines()]
    assert [(r["verb"], r["annotator"], r["document"]) for r in rows] == [
        ("delete", "alice", "a.txt"),
        ("label", "alice", "a.txt"),
    ]
    assert rows[0]["changes"] == [
        {
            "kind": "span",
            "id": deleted,
            "what": "SOURCE 'Talal Sillo' at 0–11",
            "how": "deleted",
            "details": [],
        }
    ]


def test_what_was_deleted_is_brought_back(annotator: Run, deleted: str) -> None:
    back = annotator("log", "--restore", deleted)
    assert (back.code, back.out) == (0, "")
    assert back.err == "SOURCE 'Talal Sillo' at 0–11 is back and 1 more.\n"
    record = json.loads(annotator("export", "--documents", "a.txt", "-o", "-").out)
    assert deleted in [span["id"] for span in record["spans"]]
    assert {a["role"] for a in record["relations"][0]["arguments"]} == {"claim", "source", "cue"}
    again = annotator("log", "--restore", deleted)
    assert (again.code, "is there already" in again.err) == (2, True)
    edit = annotator("log", "a.txt", "--limit", "1").out.splitlines()[0]
    assert "  alice  restore  a.txt  " in edit


def test_an_edit_may_be_named_and_others_are_asked(annotator: Run, deleted: str) -> None:
    found = json.loads(annotator("log", "a.txt", "--limit", "1", "--json").out)
    wrong = annotator("-a", "bob", "log", "--restore", found["id"])
    assert (wrong.code, "SOURCE 'Talal Sillo' at 0–11 is alice's" in wrong.err) == (2, True)
    assert annotator("log", "--restore", found["id"]).code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--restore", "nothing"), "Nothing is known of an annotation nothing."),
        (("--annotation", "nothing"), "Nothing is known of an annotation nothing."),
        (("c.txt",), "There is no document 'c.txt'"),
        (("a.txt", "--annotation", "x"), "not both"),
        (("--restore", "x", "--json"), "goes with no other option"),
    ],
)
def test_what_cannot_be_meant(
    annotator: Run, deleted: str, arguments: tuple[str, ...], message: str
) -> None:
    wrong = annotator("log", *arguments)
    assert wrong.code == 2
    assert message in wrong.err


def test_the_edit_of_a_whole_project_is_told_and_taken_back_elsewhere(
    annotator: Run, deleted: str, folder: Path
) -> None:
    text = annotator("schema", "show").out.replace("version = 1", "version = 2")
    (folder / "mine.toml").write_text(text.replace('key = "1"', 'key = "0"'))
    assert annotator("schema", "apply", "mine.toml").code == 0
    newest = annotator("log", "--limit", "1").out.splitlines()
    assert newest[1:] == ["    schema: the schema is news 2 from here on"]
    wrong = annotator("log", "--restore", newest[0].split()[-1])
    assert (wrong.code, "annotator schema undo" in wrong.err) == (2, True)
