"""Signals at awkward moments: in a window, before the screen, and to a terminal that is stuck."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from emulator import command_line
from file_check import findings
from framed_terminal import FramedTerminal
from session_state import new_document, stored_rows

from annotator.store.sqlite.project import create_project
from annotator.tui.signals import ENDING, ending_on_signals, exit_code

LONG = "Talal Sillo spoke to the SDF in Raqqa. " * 2000


@pytest.fixture
def path(tmp_path: Path, schema_source: str) -> Path:
    path = tmp_path / "p.db"
    with create_project(path, schema_source) as store:
        store.add_document(new_document("t.txt", LONG))
    return path


@pytest.fixture
def terminal(path: Path) -> Iterator[FramedTerminal]:
    opened = FramedTerminal(command_line(path, "annotate"))
    opened.until_open()
    yield opened
    opened.child.close(force=True)


@pytest.mark.parametrize(
    ("keys", "number"), list(zip(["1;", "1\r", "g", "?", "1a", "1e"], ENDING * 2, strict=True))
)
def test_a_window_or_mode_does_not_hold_the_end_up(
    terminal: FramedTerminal, path: Path, keys: str, number: signal.Signals
) -> None:
    terminal.type("~j")
    terminal.until_frame(lambda f: f.place is not None and f.place[0] == 2, "sentence 2")
    terminal.type(keys)
    if keys.startswith("1"):
        terminal.until_frame(lambda f: "PERSON" in "".join(f.document), "the label")
    os.kill(terminal.child.pid, number)
    assert terminal.end() == exit_code(number)
    assert b"Traceback" not in terminal.raw
    assert terminal.raw.rfind(b"\x1b[?1049l") > terminal.raw.rfind(b"\x1b[?1049h")
    assert stored_rows(path, "SELECT count(*) FROM span") == [(int(keys.startswith("1")),)]
    assert stored_rows(path, 'SELECT "offset" FROM position') == [(LONG.index("Talal", 1),)]
    assert findings(path) == []


def test_ctrl_c_typed_is_a_key_that_does_nothing(terminal: FramedTerminal) -> None:
    terminal.type("1\x03")
    terminal.until_frame(lambda f: f.refused and "ctrl+c does nothing here" in f.said, "ctrl+c")
    terminal.type("\x11")
    assert terminal.end() == 0


def test_a_terminal_that_takes_no_more_does_not_hold_the_end_up(
    terminal: FramedTerminal, path: Path
) -> None:
    """Nobody reads what the program writes, as with a stopped SSH connection."""
    terminal.until_frame(lambda f: f.plain, "the document")
    for _ in range(400):
        terminal.type("\x1b[6~\x1b[5~")
    os.kill(terminal.child.pid, signal.SIGTERM)
    process = os.pidfd_open(terminal.child.pid)
    try:
        os.waitid(os.P_PIDFD, process, os.WEXITED | os.WNOWAIT)
    finally:
        os.close(process)
    assert terminal.end() == exit_code(signal.SIGTERM)
    assert findings(path) == []


@pytest.mark.parametrize("number", ENDING, ids=str)
def test_a_signal_without_a_screen_ends_the_program_on_the_spot(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with pytest.raises(SystemExit) as left, ending_on_signals(lambda _: None):
        signal.raise_signal(number)
    assert left.value.code == exit_code(number)
    assert signal.getsignal(number) is before


def test_an_end_that_does_not_come_is_forced(root: Path) -> None:
    code = (
        "import asyncio, os, signal, time\n"
        "from annotator.tui import signals\n"
        "signals.GRACE = 0.05\n"
        "async def stuck():\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    time.sleep(3600)\n"
        "with signals.ending_on_signals(lambda code: None):\n"
        "    asyncio.run(stuck())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, check=False)
    assert done.returncode == exit_code(signal.SIGTERM)
