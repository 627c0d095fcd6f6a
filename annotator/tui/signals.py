"""Signals that end the program: a terminal that is closed, a shutdown, ctrl-C from outside."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

ENDING: Final = tuple(
    getattr(signal, name) for name in ("SIGHUP", "SIGTERM", "SIGINT") if hasattr(signal, name)
)
"""The signals that ask a program to end; systems without a terminal to hang up lack the first."""

GRACE: Final = 5.0
"""Seconds in which the end must come. A terminal that takes no more output, or a project that
others keep locked, would hold it up for ever; what was painted is on disk already."""


def exit_code(number: int) -> int:
    """What shells report for a program that a signal ended."""
    return 128 + number


HUNG_UP: Final = exit_code(1)
"""The exit code for a terminal that is gone: SIGHUP is 1 wherever there is one."""


def has_terminal() -> bool:
    """Whether the keyboard is a terminal; one that was closed no longer is."""
    return os.isatty(0)


@contextmanager
def ending_on_signals(end: Callable[[int], None]) -> Iterator[None]:
    """Have ``end`` called in the running event loop, between two keys, with the exit code.

    Where no loop runs (any more), SystemExit is raised on the spot.
    """

    last_resorts: list[threading.Timer] = []

    def ask(number: int, _: FrameType | None) -> None:
        code = exit_code(number)
        last_resorts.append(threading.Timer(GRACE, os._exit, (code,)))
        last_resorts[-1].daemon = True
        last_resorts[-1].start()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise SystemExit(code) from None
        loop.call_soon_threadsafe(end, code)

    before = {number: signal.signal(number, ask) for number in ENDING}
    try:
        yield
    finally:
        for last_resort in last_resorts:
            last_resort.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)
