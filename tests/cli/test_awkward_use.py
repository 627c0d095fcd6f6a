"""Wrong, unlucky and hostile uses of the command line, within the process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def project(annotator: Run, folder: Path) -> Path:
    """A project with one document, and nothing else, in the current folder."""
    (folder / "rain.txt").write_text("Bob said it rained.")
    assert annotator("import", "rain.txt").code == 0
    return folder / "annotations.db"


# -- what an export must not replace -------------------------------------------------------------


@pytest.mark.parametrize(
    "target", ["annotations.db", "./x/../annotations.db", "link", "hard", "annotations.db-journal"]
)
def test_an_export_never_replaces_the_project(target: str, annotator: Run, project: Path) -> None:
    (project.parent / "x").mkdir()
    (project.parent / "link").symlink_to(project)
    (project.parent / "hard").hardlink_to(project)
    before = project.read_bytes()
    result = annotator("export", "-o", target)
    assert result.code == 2
    assert "this is the project itself" in result.err
    assert project.read_bytes() == before
    assert not (project.parent / "annotations.db-journal").exists()


def test_nor_where_the_default_place_is_the_projects(annotator: Run, project: Path) -> None:
    own = project.parent / "exports" / "mine.jsonl"
    own.parent.mkdir()
    project.rename(own)
    assert annotator("-p", "exports/mine.jsonl", "export").code == 2
    assert annotator("-p", "exports/mine.jsonl", "status").code == 0


def test_a_span_without_an_annotator_arrives(annotator: Run, folder: Path) -> None:
    span = {"layer": "entity", "label": "PERSON", "start": 0, "end": 5}
    record = {"format": "annotator/1", "text": "Alice.", "status": "done", "spans": [span]}
    (folder / "a.jsonl").write_text(json.dumps(record))
    assert "1 document and 1 annotation imported." in annotator("import", "a.jsonl").err
    found = json.loads(annotator("export", "-o", "-").out)
    assert (found["annotator"], found["status"], len(found["spans"])) == ("alice", "done", 1)
