"""The project's file is deleted or replaced while the real program runs."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from emulator import command_line
from file_check import findings
from framed_terminal import Frame, FramedTerminal
from session_state import new_document, stored_rows

from annotator.errors import ExitCode
from annotator.store.sqlite.project import create_project, open_project

TEXT = "Talal Sillo spoke to the SDF in Raqqa on Monday. " * 3


def make(path: Path, schema_source: str) -> Path:
    with create_project(path, schema_source) as store:
        store.add_document(new_document("t.txt", TEXT))
    return path


@contextmanager
def open_screen(path: Path) -> Iterator[FramedTerminal]:
    """The program in the project's folder, where messages name it shortly."""
    terminal = FramedTerminal(command_line(Path(path.name), "annotate"), path.parent)
    try:
        terminal.until_open()
        yield terminal
    finally:
        terminal.child.close(force=True)


def press(terminal: FramedTerminal, key: str, said: str) -> Frame:
    """Press a key and wait for the answer; gives the frame."""
    frames = len(terminal.frames)
    terminal.type(key)
    return terminal.until_frame(lambda frame: said in frame.said, said, frames)


def quit_by_key(terminal: FramedTerminal) -> None:
    terminal.type("\x11")
    assert terminal.end() == ExitCode.DONE


def test_what_was_painted_before_the_file_was_deleted_survives_a_kill(
    tmp_path: Path, schema_source: str
) -> None:
    path = make(tmp_path / "p.db", schema_source)
    with open_screen(path) as terminal:
        press(terminal, "1", "PERSON")
        path.unlink()
        # Nobody presses a key: it is noticed in the first quiet moment.
        terminal.until_frame(
            lambda frame: "what was saved is in p.backups" in frame.said, "the rescue"
        )
        os.kill(terminal.child.pid, signal.SIGKILL)
        terminal.child.wait()
    (saved,) = (tmp_path / "p.backups").iterdir()
    assert stored_rows(saved, "SELECT label FROM span") == [("PERSON",)]
    assert findings(saved) == []


def test_a_folder_that_goes_with_the_file_does_not_take_the_work_along(
    tmp_path: Path, schema_source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = tmp_path / "rest"
    rest.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(rest))
    (tmp_path / "work").mkdir()
    path = make(tmp_path / "work" / "p.db", schema_source)
    with open_project(path) as store:
        store.annotator("alice", create=True)
        shutil.rmtree(path.parent)
        saved = store.upkeep.rescue()
        assert saved == store.upkeep.rescue()
    assert saved is not None
    assert saved.parent == rest
    with open_project(saved) as again:
        assert [a.name for a in again.annotators()] == ["alice"]


@pytest.mark.parametrize("replaced", [False, True], ids=["deleted", "replaced"])
def test_a_file_taken_away_is_said_and_another_is_not_touched(
    tmp_path: Path, schema_source: str, replaced: bool
) -> None:
    path = make(tmp_path / "p.db", schema_source)
    other = make(tmp_path / "other.db", schema_source)
    with open_screen(path) as terminal:
        press(terminal, "1", "PERSON")
        kept = tmp_path / "kept.db"
        os.link(path, kept)
        if replaced:
            other.replace(path)
        else:
            path.unlink()
        before = path.read_bytes() if replaced else None
        refused = press(terminal, "c", "gone from its place; what was saved is in p.backups")
        assert refused.refused
        assert "CLAIM c1" not in "".join(refused.document)
        quit_by_key(terminal)
    assert (path.read_bytes() if path.exists() else None) == before
    assert stored_rows(kept, "SELECT label FROM span") == [("PERSON",)]
    assert findings(kept) == []
