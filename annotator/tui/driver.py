"""Reading the keyboard: Textual's driver with our own border in front of its parser."""

from __future__ import annotations

import os
import selectors
from collections.abc import Iterable
from io import TextIOWrapper

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

from annotator.tui.terminal_input import Incoming

_CHUNK = 4096
_TICK = 0.1
"""Seconds until what looks like the beginning of a sequence is taken for a key."""


class Driver(LinuxDriver):
    """Takes any bytes: what is no key is dropped, and a parser that fails is replaced.

    It reads and writes UTF-8 whatever the locale says, which is often unset on another machine,
    where the terminal is the same.
    """

    def start_application_mode(self) -> None:
        """Show the screen."""
        if isinstance(self._file, TextIOWrapper):
            self._file.reconfigure(encoding="utf-8")
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def run_input_thread(self) -> None:
        """Read and hand on events until the program ends or the keyboard is gone."""
        incoming = Incoming()
        self._parser = XTermParser(self._debug)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if not selector.select(_TICK):
                    incoming.wait_over()
                    self._hand_on(self._parser.tick())
                    self._look_at_size()
                    continue
                data = self._read()
                if not data:
                    return  # Whoever waits for this thread must not wait for ever.
                text = incoming.take(data)
                if text:
                    self._hand_on(self._parser.feed(text))

    def _get_terminal_size(self) -> tuple[int, int]:
        """Cells across and down, as the terminal says.

        The library believes $COLUMNS and $LINES, which a shell may have exported when the window
        was another size.
        """
        try:
            columns, lines = os.get_terminal_size(self.fileno)
        except OSError:
            columns = lines = 0
        return (columns, lines) if columns and lines else super()._get_terminal_size()

    def _look_at_size(self) -> None:
        """Make up for a signal missed while a terminal changed its size again and again."""
        size = Size(*self._get_terminal_size())
        if size != self._app.size:
            self._hand_on((events.Resize(size, size),))

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, _CHUNK)
        except OSError:
            return b""

    def _hand_on(self, messages: Iterable[Message]) -> None:
        try:
            for message in messages:
                self.process_message(message)
        except Exception:  # noqa: BLE001 - whatever a terminal makes the parser trip over
            self._parser = XTermParser(self._debug)
