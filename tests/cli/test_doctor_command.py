"""``doctor``, ``backup`` and ``restore``: what is said, and the exit codes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def project(annotator: Run, folder: Path, root: Path) -> Path:
    """The annotated article."""
    assert annotator("import", str(root / "seeds" / "raqqa.jsonl")).code == 0
    return folder / "annotations.db"


def execute(path: Path, sql: str) -> None:
    raw = sqlite3.connect(path, isolation_level=None)
    raw.executescript(sql)
    raw.close()


def test_a_whole_project(annotator: Run, project: Path) -> None:
    seen = annotator("doctor")
    assert (seen.code, seen.out) == (0, "")
    assert "nothing found; the project is whole" in seen.err
    report = json.loads(annotator("doctor", "--json").out)
    assert report == {
        "project": "annotations.db",
        "findings": [],
        "found": 0,
        "mended": 0,
        "backup": None,
    }
    mended = annotator("doctor", "--repair")
    assert mended.code == 0
    assert not project.with_name("annotations.backups").exists()


def test_findings_are_named_and_mended(annotator: Run, project: Path) -> None:
    execute(
        project,
        "UPDATE span SET text = 'x' WHERE text = 'Talal Sillo';"
        " UPDATE document SET text_sha256 = 'x', sha256 = 'x'",
    )
    seen = annotator("doctor")
    assert seen.code == 1
    assert "place: raqqa.txt PERSON 'x' at 557–568 (0" in seen.out
    assert "its text is 'x', but the offsets hold 'Talal Sillo'" in seen.out
    assert "  annotator doctor --repair puts it back as the last edit left it." in seen.out
    report = json.loads(annotator("doctor", "--json").out)
    assert report["found"] == len(report["findings"]) >= 3
    one = next(f for f in report["findings"] if f["kind"] == "place")
    assert one["document"] == "raqqa.txt"
    assert one.keys() == {"kind", "message", "advice", "document", "annotation", "id"}
    mended = annotator("doctor", "--repair")
    assert mended.code == 1
    assert "  mended: puts it back as the last edit left it" in mended.out
    assert "text: raqqa.txt: the text is not the one that was imported" in mended.out
    assert "  left: Put a backup in its place" in mended.out
    assert "The project as it was before: annotations.backups/annotations.before-repair." in (
        mended.err
    )
    again = json.loads(annotator("doctor", "--repair", "--json").out)
    assert [(f["kind"], f["mended"]) for f in again["findings"]] == [("text", None)]


def test_a_project_of_which_all_was_mended_is_done(annotator: Run, project: Path) -> None:
    execute(project, "DROP VIEW progress")
    report = annotator("doctor", "--repair", "--json")
    assert report.code == 0
    assert json.loads(report.out)["mended"] == 1
    assert json.loads(report.out)["backup"].startswith("annotations.backups/")
    assert annotator("doctor").code == 0


def test_a_hostile_name_reaches_no_terminal(annotator: Run, project: Path) -> None:
    execute(project, "UPDATE document SET name = char(27) || '[31m.txt', length = 1")
    seen = annotator("doctor")
    assert "\x1b" not in seen.out + seen.err
    assert "\\x1b[31m.txt" in seen.out


def test_no_project_at_all(annotator: Run, folder: Path) -> None:
    for command in (["doctor"], ["backup", "b.db"]):
        gone = annotator(*command)
        assert (gone.code, gone.out) == (3, "")
        assert "there is no project here" in gone.err
    assert list(folder.iterdir()) == []


def test_backup_and_restore(annotator: Run, project: Path) -> None:
    before = annotator("export", "--annotator", "all", "-o", "-").out
    made = annotator("backup", "safe.db")
    assert (made.code, made.out) == (0, "")
    assert "safe.db: a copy of annotations.db, checked" in made.err
    execute(project, "DELETE FROM argument; DELETE FROM relation")
    assert annotator("export", "--annotator", "all", "-o", "-").out != before
    spoilt = project.read_bytes()
    back = annotator("restore", "safe.db")
    assert back.code == 0
    assert annotator("export", "--annotator", "all", "-o", "-").out == before
    kept = Path(back.err.split("is kept: ")[1].strip())
    assert kept.read_bytes() == spoilt
    assert annotator("-p", "elsewhere.db", "restore", "safe.db").code == 0
    assert annotator("-p", "elsewhere.db", "export", "--annotator", "all", "-o", "-").out == before


@pytest.mark.parametrize(
    ("target", "code", "words"),
    [
        ("annotations.db", 2, "exists already"),
        (".", 2, "is a folder"),
        ("nowhere/b.db", 3, "there is no folder"),
        ("/proc/b.db", 4, "/proc/b.db cannot be"),
    ],
)
def test_a_backup_that_cannot_be_made(
    annotator: Run, project: Path, target: str, code: int, words: str
) -> None:
    before = project.read_bytes()
    refused = annotator("backup", target)
    assert refused.code == code
    assert words in refused.err
    assert project.read_bytes() == before
    assert [p.name for p in project.parent.iterdir()] == ["annotations.db"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "is not there"),
        (b"", "empty file, but not a project"),
        (b"Not a database. " * 400, "not a project"),
        (b"SQLite format 3\x00" + b"\xff" * 4080, "not a project|damaged"),
    ],
)
def test_what_is_no_backup_is_not_restored(
    annotator: Run, project: Path, data: bytes | None, words: str
) -> None:
    import re

    before = project.read_bytes()
    if data is not None:
        Path("b.db").write_bytes(data)
    refused = annotator("restore", "b.db")
    assert refused.code == 3, refused.err
    assert re.search(words, refused.err)
    assert "b.db" in refused.err
    assert project.read_bytes() == before
    assert data is None or Path("b.db").read_bytes() == data
    assert {p.name for p in project.parent.iterdir()} <= {"annotations.db", "b.db"}
