"""What a process may meet whatever the command: signals that end it, streams that take nothing."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

_ENDING = ("SIGTERM", "SIGHUP")


def end_on_signals() -> None:
    """Have SIGTERM and SIGHUP raise SystemExit, so that drafts and folders are taken away.

    The second one kills at once. A signal that whoever started us has ignored, as ``nohup`` does,
    stays so.
    """
    for name in _ENDING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def leave_signals() -> None:
    """Have signals end the process at once: all is done, nothing is left to be taken away.

    An exception that one raises while the interpreter ends would be told with its traceback.
    """
    for name in ("SIGINT", *_ENDING):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def signals_held() -> Iterator[None]:
    """Let signals wait, while what is made has nobody yet who would take it away."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(
        signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    )
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)
    raise SystemExit(128 + number)


def complete_streams() -> None:
    """Stand in for standard streams that were closed, so that no file gets their number.

    From stdin nothing comes, what stderr is told is gone, and writing to stdout is an OSError.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is not None:
            continue
        # Open for reading, so that data written to a stdout that was closed are not lost in peace.
        opened = os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)
        if opened != number:
            os.dup2(opened, number)
            os.close(opened)
        raw = io.FileIO(number, "w" if number else "r", closefd=False)
        buffer = io.BufferedWriter(raw) if number else io.BufferedReader(raw)
        setattr(sys, name, io.TextIOWrapper(buffer, encoding="utf-8", write_through=number == 2))


def silence(stream: TextIO) -> None:
    """Let what the interpreter still flushes into a stream on its way out go nowhere."""
    try:
        number = stream.fileno()
    except (OSError, ValueError):  # none of the system's
        return
    descriptor = os.open(os.devnull, os.O_WRONLY)
    os.dup2(descriptor, number)
    os.close(descriptor)
