"""Somebody who knows nothing, types everything, and does it again for the same seed."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from awkward_text import AWKWARD
from screen_driver import Driver
from session_state import assert_saved
from textual import events
from textual._xterm_parser import XTermParser

from annotator.core.commands import COMMANDS
from annotator.tui.terminal_input import Incoming

NEVER = {"quit"}
"""Commands that would end it."""
_KEYS = [
    "space" if key == "space" else key
    for command in COMMANDS
    for key in command.keys
    if command.id not in NEVER
]
_DIGITS_AND_LETTERS = "123456789csqabcdefghijklmnopqrstuvwxyzABCXYZäß漢€.,;:"
_PASTES = ["SDF", "1csq dd", "a\nb\tc", "\x1b[31mred", "😀" * 40, "x" * 3000, "", *AWKWARD.values()]
_JUNK = [
    b"\x1b[I", b"\x1b[O", b"\x1b[1;2", b"\x1b[999;999;999~", b"\x1b]0;title\x07", b"\x1bP1$r\x1b\\",
    b"\x9b31m", b"\xff\xfe", b"\x1b[<0;5;5M", b"\x1b[<0;5;5m", b"\x1b[<64;9;9M", b"\x1b[57441u",
    b"\x1bOZ", b"\x1b[200~pasted\x1b[201~", b"\x1b\x1b\x1b", b"\x00\x01\x02", b"\x1b[M !!",
]  # fmt: skip
_SIZES = [(60, 16), (80, 24), (120, 40), (300, 90), (20, 5), (7, 3), (1, 1)]


class Monkey:
    """Types on a running screen; ``done`` tells what, so that a failure can be told."""

    def __init__(self, driver: Driver, seed: int) -> None:
        self._driver = driver
        self._random = Random(seed)
        self._parser = XTermParser()
        self._incoming = Incoming()
        self.done: list[str] = []

    async def work(self, keys: int, checked_every: int = 50) -> None:
        """Do so many things; what is in memory is what is stored, again and again."""
        ways: list[tuple[int, Callable[[], None]]] = [
            (60, self._command), (25, self._letter), (6, self._mouse), (3, self._paste),
            (3, self._junk), (3, self._escape), (3, self._resize), (2, self._burst),
            (1, self._idle),
        ]  # fmt: skip
        for number in range(keys):
            way = self._random.choices([w for _, w in ways], [n for n, _ in ways])[0]
            way()
            await self._driver.pilot.pause(0)
            if number % checked_every == checked_every - 1:
                await self.settled()
        await self.settled()

    async def settled(self) -> None:
        """Everything is dealt with, and saved."""
        await self._driver.settle()
        assert_saved(self._driver.session)
        self._driver.rows()

    def _post(self, event: events.Event, told: str) -> None:
        self.done.append(told)
        self._driver.app.post_message(event)

    def _key(self, key: str) -> None:
        character = {"space": " ", "tab": "\t"}.get(key, key if len(key) == 1 else None)
        self._post(events.Key(key, character), key)

    def _command(self) -> None:
        self._key(self._random.choice(_KEYS))

    def _letter(self) -> None:
        self._key(self._random.choice(_DIGITS_AND_LETTERS))

    def _escape(self) -> None:
        self._key(self._random.choice(["escape", "enter", "backspace"]))

    def _burst(self) -> None:
        """Keys faster than anything is painted, as where pasted text is not told from typed."""
        for _ in range(self._random.randrange(2, 30)):
            self._random.choice([self._command, self._letter, self._escape])()

    def _idle(self) -> None:
        """Nobody types for a while: others are looked for, the place is noted."""
        self.done.append("idle")
        self._driver.idle()

    def _paste(self) -> None:
        text = self._random.choice(_PASTES)
        self._post(events.Paste(text), f"paste {text[:9]!r}")

    def _resize(self) -> None:
        from textual.geometry import Size

        size = Size(*self._random.choice(_SIZES))
        app = self._driver.app
        assert app._driver is not None
        app._driver._size = size  # type: ignore[attr-defined]
        self._post(events.Resize(size, size), f"resize {tuple(size)}")

    def _junk(self) -> None:
        junk = self._random.choice(_JUNK)
        text = self._incoming.take(junk)
        self._incoming.wait_over()
        self.done.append(f"bytes {junk!r}")
        for message in self._parser.feed(text) if text else ():
            self._driver.app.post_message(message)

    def _mouse(self) -> None:
        width, height = self._driver.app.size
        x, y = self._random.randrange(max(1, width)), self._random.randrange(max(1, height))
        button = self._random.choice([1, 1, 1, 3])
        kinds: list[type[events.MouseEvent]] = self._random.choice(
            [
                [events.MouseDown, events.MouseUp],
                [events.MouseDown, *[events.MouseMove] * 4, events.MouseUp],
                [events.MouseDown, events.MouseMove],
                [events.MouseMove],
                [events.MouseScrollDown],
                [events.MouseScrollUp],
                [events.MouseDown, events.MouseUp] * 3,
            ]
        )
        for kind in kinds:
            x = min(max(0, x + self._random.randrange(-3, 4)), max(0, width - 1))
            if kind is events.MouseMove:
                y = min(max(0, y + self._random.randrange(-2, 3)), max(0, height - 1))
            event = kind(None, x, y, 0, 0, button, False, False, False, x, y)
            self._post(event, f"{kind.__name__} {x},{y} {button}")
