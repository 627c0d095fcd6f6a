"""Kinds of terminals: of few colours or none, of any size, in a locale that is not UTF-8, tmux."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from emulator import PATIENCE, Terminal, command_line
from session_state import ARTICLE, label, project, session_at, stored_rows

FEW = {
    "black", "red", "green", "brown", "blue", "magenta", "cyan", "white", "default", "brightblack",
    "brightred", "brightgreen", "brightbrown", "brightblue", "brightmagenta", "brightcyan",
    "brightwhite",
}  # fmt: skip
"""What pyte calls the sixteen colours."""


@pytest.fixture
def article(tmp_path: Path, root: Path) -> Path:
    """A project with an article in which a person is marked."""
    path = tmp_path / "p.db"
    source = (root / "schemas" / "news.toml").read_text("utf-8")
    with project(path, source, {"a.txt": ARTICLE}) as store:
        label(session_at(store, "a.txt"), "Talal Sillo", "1")
    return path


def colours(terminal: Terminal) -> set[str]:
    cells = [cell for row in terminal.screen.buffer.values() for cell in row.values()]
    return {colour for cell in cells for colour in (cell.fg, cell.bg)}


def is_grey(colour: str) -> bool:
    return colour in {"default", "black", "white"} or colour == colour[:2] * 3


@pytest.mark.parametrize(
    ("size", "environment", "allowed"),
    [
        (
            (80, 24),
            {"TERM": "linux", "LANG": "C.UTF-8", "COLUMNS": "33", "LINES": "7"},
            FEW.__contains__,
        ),
        ((60, 16), {"TERM": "xterm-256color", "LANG": "C.UTF-8", "NO_COLOR": "1"}, is_grey),
        (
            (300, 90),
            {"TERM": "vt100", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
            FEW.__contains__,
        ),
    ],
    ids=["sixteen colours, said to be small", "no colours", "not UTF-8"],
)
def test_the_same_is_shown_on_every_kind(
    article: Path,
    size: tuple[int, int],
    environment: Mapping[str, str],
    allowed: Callable[[str], bool],
) -> None:
    terminal = Terminal(command_line(article, "annotate"), *size, environment=environment)
    rows = terminal.until_shown("┗━PERSON━━┛")
    assert "  1  ┃ Talal Sillo, a spokesman for the SDF" in rows[0]
    assert "? help" in terminal.until_shown("sentence 1/3")[-2]
    assert [colour for colour in colours(terminal) if not allowed(colour)] == []
    terminal.type("jjw4")
    terminal.until_shown("LOCATION  saved")
    terminal.type("?")
    terminal.until_shown("─ Keys")
    terminal.type("q")
    terminal.until(lambda rows: not any("─ Keys" in row for row in rows), "no help")
    assert stored_rows(article, "SELECT text FROM span WHERE label = 'LOCATION'") == [("Raqqa",)]
    assert terminal.quit() == 0


def test_a_terminal_that_cannot_move_its_cursor_is_told_so(article: Path) -> None:
    terminal = Terminal(command_line(article, "annotate"), environment={"TERM": "dumb"})
    terminal.until_shown("TERM is dumb")
    terminal.until_shown("annotator show DOCUMENT")
    terminal.child.wait()
    assert terminal.child.exitstatus == 2
    assert b"\x1b" not in terminal.raw


class Tmux:
    """The command in a window of a tmux server of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._socket = folder / "tmux"
        command = [sys.executable, "-m", "annotator.cli.main", *arguments]
        self.run("-f", os.devnull, "new-session", "-d", "-x", "100", "-y", "30", *command)
        self.run("set-option", "-g", "focus-events", "on")

    def run(self, *words: str) -> str:
        """A command of tmux; what it prints."""
        done = subprocess.run(
            ["tmux", "-S", str(self._socket), *words], capture_output=True, text=True, check=False
        )
        return done.stdout

    def keys(self, *keys: str) -> None:
        """Keys by the names that tmux has for them."""
        self.run("send-keys", *keys)

    def until_shown(self, words: str) -> list[str]:
        """Wait until the pane shows these words."""
        return self.until(lambda rows: any(words in row for row in rows), words)

    def until(self, wanted: Callable[[list[str]], bool], what: str) -> list[str]:
        """Wait until the pane shows what is wanted."""
        deadline = time.monotonic() + PATIENCE
        rows: list[str] = []
        while time.monotonic() < deadline:
            rows = self.run("capture-pane", "-p").splitlines()
            if wanted(rows):
                return rows
            time.sleep(0.05)
        raise AssertionError(f"never shown: {what}\n" + "\n".join(rows))


@pytest.fixture
def tmux(tmp_path: Path, article: Path) -> Iterator[Tmux]:
    if shutil.which("tmux") is None:
        pytest.skip("there is no tmux here")
    made = Tmux(tmp_path, *command_line(article, "annotate"))
    yield made
    made.run("kill-server")


def test_in_tmux(tmux: Tmux, article: Path) -> None:
    tmux.until_shown("┗━PERSON━━┛")
    tmux.keys("j", "v", "S-Right", "s")
    tmux.until_shown("SOURCE  saved")
    tmux.run("resize-window", "-x", "60", "-y", "16")
    tmux.until(lambda rows: len(rows) == 16 and "? help" in rows[-2], "sixteen rows")
    tmux.run("set-buffer", "dd11")
    tmux.run("paste-buffer", "-p")
    tmux.until_shown("pasting does nothing")
    tmux.keys("Tab", "Escape", "C-Home", "2")
    tmux.until_shown("ORGANIZATION  saved")
    tmux.keys("F3", "S-F3", "M-x", "C-Right", "PPage", "BTab")
    tmux.keys("C-q")
    tmux.until(lambda _: "no server" in tmux.run("list-sessions") or not tmux.run("ls"), "an end")
    spans = "SELECT label, text FROM span ORDER BY start"
    assert stored_rows(article, spans) == [("ORGANIZATION", "Talal Sillo"), ("SOURCE", "“We")]
