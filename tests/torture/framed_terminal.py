"""A terminal that takes whole frames only, and keeps what each of them showed.

It says that it knows synchronised output (mode 2026), so that every picture comes between two
marks. What the program was in the middle of writing when it died was never seen by anybody.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pexpect
from emulator import PATIENCE, Terminal

COLUMNS = 99
"""Below the width from which the inspector is shown: the document has the screen to itself."""
ROWS = 60

_END = b"\x1b[?2026l"
_ASKED = b"\x1b[?2026$p"
_KNOWN = "\x1b[?2026;2$y"
_PLACE = re.compile(r" \S+  sentence (\d+)/(\d+)(?:  (\d+) done)?(?=  )")
_LEFT = re.compile(
    r"^ \S+(?:  sentence \d+/\d+)?(?:  \d+ done)?(?:  \d+ suggested)?(?:  \?.*?)?(?:  alice|…)?"
    r"(?=  | ✗|$)"
)
"""What stands at the left of the status line, cut short by a long message."""
_REFUSED, _SAVED = "✗ ", "saved"
_SCHEMA_BAR = re.compile(r"(?:^|\s)1 (?:P[A-Z]*\s+)?2 ")
"""The first row of the labels, as short as the keys for what is in focus leave them room."""
_BAR = 2
"""Rows of the label bar in so wide a terminal, with the schema of these tests."""
_DIALOG = "╭─"
_MOST_ABOVE = 5
"""Rows that a long message may take between the bar and the status line."""


class Frame(NamedTuple):
    """One whole picture of the annotation screen, without the rows of a long message."""

    rows: tuple[str, ...]
    place: tuple[int, int] | None
    """The sentence (from 1), and of how many; None where no room was left."""
    done: int | None
    """How many are done; None likewise."""
    refused: bool
    said: str
    """What the last key did, or why it did nothing."""

    @property
    def plain(self) -> bool:
        """Whether the document is there and nothing lies over it: no window, hints or draft."""
        is_clear = bool(_SCHEMA_BAR.search(self.rows[-1 - _BAR])) and bool(self.rows[0])
        return is_clear and not any(_DIALOG in row for row in self.rows)

    @property
    def document(self) -> tuple[str, ...]:
        """The rows of the document's view."""
        return self.rows[: -1 - _BAR]


class FramedTerminal(Terminal):
    """The program in a pseudo-terminal, and the ``frames`` it has painted."""

    def __init__(self, arguments: list[str], folder: Path | None = None) -> None:
        self.frames: list[Frame] = []
        self._waiting = b""
        super().__init__(arguments, COLUMNS, ROWS, folder)

    def until_open(self) -> None:
        """Read on until the screen is there, as frames or not: it may be before our answer is."""
        deadline = time.monotonic() + PATIENCE
        while _SAVED.encode() not in self.raw:
            assert time.monotonic() < deadline, f"the screen never opened: {self.raw!r}"
            self._read(0.1)

    def until_frame(self, wanted: Callable[[Frame], bool], what: str, since: int = 0) -> Frame:
        """Read on until one of the frames from number ``since`` on is as wanted."""
        deadline = time.monotonic() + PATIENCE
        while True:
            for frame in self.frames[since:]:
                if wanted(frame):
                    return frame
            since = max(since, len(self.frames))
            if time.monotonic() > deadline:
                raise AssertionError(f"never shown: {what}\n" + "\n".join(self.picture()))
            self._read(0.1)

    def listen(self, seconds: float) -> None:
        """Read what comes within so many seconds."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._read(left)

    def end(self) -> int:
        """Read to the end of a program that ends by itself or was killed; gives its exit code.

        That of a program that a signal killed is negative.
        """
        try:
            while True:
                self._read(PATIENCE)
        except pexpect.EOF:
            pass
        self.child.close(force=True)
        signal_number = self.child.signalstatus
        return -int(signal_number) if signal_number else int(self.child.exitstatus)

    def hang_up(self) -> int:
        """Close the terminal under the program, as a lost connection does; gives its exit code."""
        os.close(self.child.child_fd)
        _, status = os.waitpid(self.child.pid, 0)
        return os.waitstatus_to_exitcode(status)

    def _read(self, seconds: float) -> None:
        try:
            data = self.child.read_nonblocking(65536, timeout=seconds)
        except pexpect.TIMEOUT:
            return
        asked = self.raw.count(_ASKED)
        self.raw += data
        if self.raw.count(_ASKED) > asked:
            self.child.send(_KNOWN)
        self._waiting += data
        while (end := self._waiting.find(_END)) >= 0:
            end += len(_END)
            self._feed(self._waiting[:end])
            self._waiting = self._waiting[end:]
            self._keep()

    def _keep(self) -> None:
        rows = self.picture()
        status = rows[-1]
        if status:
            place = _PLACE.match(status)
            numbers = (int(place[1]), int(place[2])) if place else None
            done = int(place[3]) if place and place[3] else None
            above = _rows_above(rows)
            long = " ".join(row.strip() for row in rows[-1 - above : -1]) if above else ""
            left, mark, said = (long or status).partition(_REFUSED)
            if not mark:
                said = left if above else _LEFT.sub("", left)
            said = said.removesuffix(_SAVED).strip()
            seen = (*rows[: -1 - above], status)
            self.frames.append(Frame(seen, numbers, done, bool(mark), said))

    def picture(self) -> tuple[str, ...]:
        """The rows; all cells here are one column wide, so that nothing needs measuring."""
        buffer, columns = self.screen.buffer, range(self.screen.columns)
        return tuple(
            "".join([row[x].data for x in columns]).rstrip()
            for row in (buffer[y] for y in range(self.screen.lines))
        )


def _rows_above(rows: tuple[str, ...]) -> int:
    """How many rows a message takes that the status line has no room for."""
    for count in range(min(_MOST_ABOVE, len(rows) - 1 - _BAR) + 1):
        if _SCHEMA_BAR.search(rows[-1 - _BAR - count]):
            return count
    told = (n for n in range(1, _MOST_ABOVE + 1) if rows[-1 - n].startswith(f" {_REFUSED}"))
    return next(told, 0)
