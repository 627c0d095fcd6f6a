"""A real terminal: the real command in a pseudo-terminal, and pyte to see what it would show."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pexpect
import pyte

PATIENCE = 60.0
"""Seconds to wait for the screen to show something; nothing waits longer than it has to."""

_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-?]*[ -/]*[@-~]")
"""pyte knows no private prefix but "?": it would print the rest of such a sequence."""
_CUT = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*)?\Z")
"""A sequence whose rest is still to be read."""
_OF_THE_RUNNER = {"COLUMNS", "LINES", "TERM", "COLORTERM", "LANG", "LC_ALL"}
_USUAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}


class Terminal:
    """One run of the command, in ``folder`` or here; ``raw`` is every byte it wrote.

    ``environment`` says what kind of terminal it is.
    """

    def __init__(
        self,
        arguments: list[str],
        columns: int = 120,
        rows: int = 40,
        folder: Path | None = None,
        environment: Mapping[str, str] = _USUAL,
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._unfinished = b""
        self.raw = b""
        # What the test runner says of its own terminal is not true of this one.
        inherited = {k: v for k, v in os.environ.items() if k not in _OF_THE_RUNNER}
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "annotator.cli.main", *arguments],
            dimensions=(rows, columns),
            env={**inherited, **environment},
            timeout=PATIENCE,
            cwd=folder,
        )
        self.child.delaybeforesend = None

    def type(self, keys: str | bytes) -> None:
        self.child.send(keys)

    def rows(self) -> list[str]:
        return [row.rstrip() for row in self.screen.display]

    def column(self, y: int, x: int) -> str:
        """The character in a cell."""
        return str(self.screen.buffer[y][x].data)

    def until(self, wanted: Callable[[list[str]], object], what: str = "") -> list[str]:
        """Read on until the screen shows it; fails after ``PATIENCE`` seconds."""
        deadline = time.monotonic() + PATIENCE
        while not wanted(self.rows()):
            if time.monotonic() > deadline:
                raise AssertionError(f"never shown: {what}\n" + "\n".join(self.rows()))
            self._read(0.1)
        return self.rows()

    def until_shown(self, words: str) -> list[str]:
        return self.until(lambda rows: any(words in row for row in rows), words)

    def _read(self, seconds: float) -> None:
        try:
            data = self.child.read_nonblocking(65536, timeout=seconds)
        except pexpect.TIMEOUT:
            return
        self.raw += data
        self._feed(data)

    def _feed(self, data: bytes) -> None:
        data = self._unfinished + data
        cut = _CUT.search(data)
        self._unfinished = cut[0] if cut else b""
        self._stream.feed(_UNKNOWN.sub(b"", data.removesuffix(self._unfinished)))

    def resize(self, columns: int, rows: int) -> None:
        self.screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)

    def kill(self) -> None:
        """As a power cut would."""
        os.kill(self.child.pid, signal.SIGKILL)
        self.child.wait()

    def quit(self) -> int:
        """By its own key; gives the exit code."""
        self.type("\x11")
        self.child.expect(pexpect.EOF)
        self.raw += self.child.before
        self.child.close()
        return int(self.child.exitstatus if self.child.exitstatus is not None else -1)


def command_line(project: Path, *more: str) -> list[str]:
    return ["-p", str(project), "-a", "alice", *more]
