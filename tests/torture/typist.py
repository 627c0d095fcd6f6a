"""Presses documented keys at random, but the same ones for the same seed and the same screen."""

from __future__ import annotations

import random
from collections.abc import Callable

from framed_terminal import Frame, FramedTerminal

_MOVES = (
    "l",
    "h",
    "j",
    "k",
    "w",
    "b",
    "\t",
    "\x1b[Z",
    "\x1b[A",
    "\x1b[B",
    "\x1b[1;5H",
    "\x1b[1;5F",
)
_SINGLE: tuple[tuple[str, int], ...] = (
    *((key, 1) for key in _MOVES),
    *(("1", 3), ("2", 2), ("4", 2), ("c", 2), ("s", 2), ("q", 1)),
    *(("x", 2), ("z", 1), ("v", 1), ("\x1b[1;2C", 2)),
    *(("d", 4), ("!", 2), (" ", 3), ("u", 4), ("U", 3), ("|", 2), ("&", 1), ("+", 1)),
    *(("y", 3), ("n", 2), ("=", 1)),
    ("\x03", 1),
)
_NOTHING = ("~", "%")
"""Keys that no schema and no command uses: they say that all keys before them are dealt with."""


class TimeIsUpError(Exception):
    """The key that was to be the last has been pressed."""


class Typist:
    """Types at a terminal; after ``keys`` of them raises TimeIsUpError, wherever it is."""

    def __init__(self, terminal: FramedTerminal, rng: random.Random, keys: int | None) -> None:
        self._terminal = terminal
        self._rng = rng
        self._left = keys
        self._settled = 0
        self.notes: list[str] = []
        """The notes of which the screen said that they are saved."""

    def act(self) -> None:
        """One action of a person: a key, or several that belong together."""
        several = (self._note, self._tie, self._boundaries, self._pick, self._mention)
        if self._rng.random() < 0.25:
            self._rng.choice(several)()
            return
        keys, weights = zip(*_SINGLE, strict=True)
        self._press(self._rng.choices(keys, weights)[0])

    def settle(self) -> Frame:
        """Wait until the program has dealt with all that was typed; gives what it shows then.

        The key for it is no action, and so is not counted.
        """
        self._settled += 1
        key = _NOTHING[self._settled % 2]
        frames = len(self._terminal.frames)
        self._terminal.type(key)
        said = f"{key} does nothing"
        return self._until(lambda f: f.refused and f.said.startswith(said), key, frames)

    def _press(self, key: str) -> None:
        self._terminal.type(key)
        if self._left is not None:
            self._left -= 1
            if self._left <= 0:
                raise TimeIsUpError

    def _opened(self, key: str) -> bool:
        """Press a key that opens a window or a mode; False where it was refused.

        What was said before it may be painted twice, where a line of the screen gets free.
        """
        before = self.settle().said
        frames = len(self._terminal.frames)
        self._press(key)
        shown = self._until(
            lambda frame: not frame.plain or (frame.refused and frame.said != before), key, frames
        )
        return not shown.plain

    def _until(self, wanted: Callable[[Frame], bool], what: str, since: int) -> Frame:
        return self._terminal.until_frame(wanted, what, since)

    def _closed(self) -> Frame:
        frames = len(self._terminal.frames)
        self._press("\r")
        shown = self._until(lambda frame: frame.plain or frame.refused, "an answer", frames)
        if not shown.plain:
            self._press("\x1b")
            shown = self._until(lambda frame: frame.plain, "the window closed", frames)
        return shown

    def _note(self) -> None:
        if self._opened(";"):
            note = f"note {self._rng.randrange(10**6)}"
            self._terminal.type(note)
            if self._closed().said == "note saved":
                self.notes.append(note)

    def _mention(self) -> None:
        if self._opened("m"):
            self._terminal.type(f"actor {self._rng.randrange(100)}")
            self._closed()

    def _pick(self) -> None:
        if self._opened("\r"):
            for _ in range(self._rng.randrange(3)):
                self._press("\x1b[B")
            self._closed()

    def _tie(self) -> None:
        if not self._opened("a"):
            return
        frames = len(self._terminal.frames)
        self._press(self._rng.choice("sdf"))
        shown = self._until(lambda f: f.plain or "╭─" in "".join(f.rows), "tied", frames)
        if not shown.plain:
            self._closed()

    def _boundaries(self) -> None:
        if self._opened("e"):
            for _ in range(self._rng.randrange(4)):
                self._press(self._rng.choice(("l", "h", ".", ",", "\t")))
            self.settle()
            self._closed()
