"""The project's file is deleted or replaced while the real program runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from emulator import command_line
from file_check import findings
from framed_terminal import Frame, FramedTerminal
from session_state import new_document, stored_rows

from annotator.errors import ExitCode
from annotator.store.sqlite.project import create_project

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
        refused = press(terminal, "c", "was moved, deleted or replaced while it was open")
        assert refused.refused
        assert "CLAIM c1" not in "".join(refused.document)
        quit_by_key(terminal)
    assert (path.read_bytes() if path.exists() else None) == before
    assert stored_rows(kept, "SELECT label FROM span") == [("PERSON",)]
    assert findings(kept) == []
