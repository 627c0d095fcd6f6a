"""A real terminal: the real command in a pseudo-terminal, and pyte to see what it would show."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pyte

PATIENCE = 60.0
"""Seconds to wait for the screen to show something; nothing waits longer than it has to."""


class Terminal:
    """One run of the command; ``raw`` is every byte it wrote."""

    def __init__(self, arguments: list[str], columns: int = 120, rows: int = 40) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "annotator.cli.main", *arguments],
            dimensions=(rows, columns),
            env={
                **os.environ,
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
                "LANG": "C.UTF-8",
            },
            timeout=PATIENCE,
        )

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
        # pyte knows no private prefix but "?": it would print the rest of such a sequence.
        for unknown in (b"\x1b[>", b"\x1b[<", b"\x1b[="):
            while unknown in data:
                at = data.index(unknown)
                end = next(i for i in range(at + 3, len(data)) if 64 <= data[i] < 127)
                data = data[:at] + data[end + 1 :]
        self._stream.feed(data)

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
