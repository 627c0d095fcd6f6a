"""The disk fills up, turns read-only, or the file is taken away while the program runs.

What needs a file system of its own is skipped where the tests may not mount one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
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
SPANS = "SELECT count(*) FROM span"
EDITS = "SELECT count(*) FROM edit"


def make(path: Path, schema_source: str) -> Path:
    with create_project(path, schema_source) as store:
        store.add_document(new_document("t.txt", TEXT))
    return path


@contextmanager
def mounted(folder: Path, *arguments: str) -> Iterator[Path]:
    """A file system of its own; skips where the system does not allow it."""
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("mounting a file system needs root")
    done = subprocess.run(["mount", *arguments, str(folder)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


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


def test_a_full_disk_refuses_keys_until_there_is_room(tmp_path: Path, schema_source: str) -> None:
    with mounted(tmp_path / "small", "-t", "tmpfs", "-o", "size=700k", "tmpfs") as folder:
        path = make(folder / "p.db", schema_source)
        ballast = folder / "ballast"
        with open_screen(path) as terminal:
            press(terminal, "1", "PERSON")
            with pytest.raises(OSError, match="No space left"):
                ballast.write_bytes(b"x" * 700_000)
            refused = press(terminal, "c", "is full. This change was not written")
            assert refused.refused
            assert "CLAIM c1" not in "".join(refused.document)
            assert stored_rows(path, SPANS) == [(1,)]
            ballast.unlink()
            shown = press(terminal, "c", "CLAIM")
            assert "CLAIM c1" in "".join(shown.document)
            assert stored_rows(path, SPANS) == [(2,)]
            quit_by_key(terminal)
        assert findings(path) == []


def test_a_disk_that_turns_read_only_loses_nothing(tmp_path: Path, schema_source: str) -> None:
    """As ext4 does by itself after an error of the device (mount option errors=remount-ro)."""
    if shutil.which("mkfs.ext4") is None:
        pytest.skip("there is no mkfs.ext4")
    image = tmp_path / "image"
    image.write_bytes(b"")
    os.truncate(image, 8 << 20)
    subprocess.run(["mkfs.ext4", "-q", str(image)], check=True)
    options = ("-o", "loop,errors=remount-ro", str(image))
    with mounted(tmp_path / "disk", *options) as folder:
        path = make(folder / "p.db", schema_source)
        with open_screen(path) as terminal:
            press(terminal, "1", "PERSON")
            _break(folder)
            refused = press(terminal, "c", "This change was not written")
            assert refused.refused
            assert "CLAIM" not in "".join(refused.document)
            quit_by_key(terminal)
    subprocess.run(["e2fsck", "-p", "-f", str(image)], capture_output=True, check=False)
    with mounted(tmp_path / "again", *options) as folder:
        # The write that failed left its journal behind: opening the file takes the write back.
        assert findings(folder / "p.db") == []
        assert stored_rows(folder / "p.db", "SELECT label FROM span") == [("PERSON",)]


def _break(folder: Path) -> None:
    """Tell ext4 that its device has failed."""
    source = subprocess.run(
        ["findmnt", "--noheadings", "--output", "SOURCE", str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    switch = Path("/sys/fs/ext4", Path(source.stdout.strip()).name, "trigger_fs_error")
    if not switch.exists():
        pytest.skip("this kernel cannot be told that a file system has failed")
    switch.write_text("the tests want it read-only")


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
