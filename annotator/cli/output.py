"""What goes to the terminal: data on stdout, narration on stderr, never a raw control character."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

import click

from annotator.errors import AnnotatorError, SchemaError

_EVERY = 0.1
_WITHOUT_CURSOR = frozenset({"dumb", "unknown"})
"""What terminals are called that print one line after the other."""


def data(text: str) -> None:
    """One line of data on stdout, whatever it holds."""
    click.echo(_safe(text))


def data_lines(text: str) -> None:
    """Several lines of data on stdout, none of which comes from a document or a name."""
    click.echo(_safe(text, keep="\n"))


def lacking_for_screen() -> str:
    """Why the screen cannot be shown, in a sentence; empty where it can.

    It reads the keyboard, and Textual draws on stderr, all over the terminal.
    """
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        return "The screen needs a terminal."
    term = os.environ.get("TERM")
    if term in _WITHOUT_CURSOR:
        return f"The screen needs a terminal whose cursor can be moved; TERM is {term}."
    return ""


def exact(text: str) -> None:
    """A text on stdout just as it is; on a terminal with escapes for what would act upon it."""
    if sys.stdout.isatty():
        from annotator.workflow.escaping import printable

        click.echo(printable(text, keep="\n\t"), nl=not text.endswith("\n"))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())


def say(text: str) -> None:
    """One line of narration on stderr, whatever it holds.

    Where nobody can read it, the work goes on without.
    """
    with suppress(OSError):
        click.echo(_safe(text), err=True)


def say_lines(text: str) -> None:
    """Several lines of narration on stderr, of which whoever calls has seen to the parts."""
    with suppress(OSError):
        click.echo(_safe(text, keep="\n"), err=True)


class WaitingTold:
    """Says, once each time, that another program holds the project up."""

    def __init__(self) -> None:
        self._was_told = False

    def __call__(self, seconds: float) -> None:
        """Told for how many seconds by now; 0 when it is over."""
        if seconds and not self._was_told:
            say("waiting for another program that is writing …")
        self._was_told = seconds > 0


def say_error(error: AnnotatorError) -> None:
    """An error with its hint below it; that of a schema has a line for each problem."""
    tell = say_lines if isinstance(error, SchemaError) else say
    tell(f"annotator: {error.message}")
    if error.hint:
        say(f"  {error.hint}")


def columns() -> int | None:
    """The width of the terminal that stdout is; None where it is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def parts(texts: Iterable[str]) -> None:
    """What belongs together, with dots between; on a terminal on as many lines as it takes."""
    from wcwidth import wcswidth

    room, line = columns(), ""
    for text in map(_safe, texts):
        longer = f"{line} · {text}" if line else text
        if line and room is not None and wcswidth(longer) > room:
            click.echo(line)
            longer = text
        line = longer
    click.echo(line)


def table(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
    """Rows as columns on stdout; the columns numbered in ``right`` are set flush right."""
    from wcwidth import wcswidth

    safe = [[_safe(cell) for cell in row] for row in rows]
    widths = [max(max(wcswidth(cell), 0) for cell in column) for column in zip(*safe, strict=True)]
    for row in safe:
        cells = []
        for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
            gap = " " * (width - max(wcswidth(cell), 0))
            cells.append(gap + cell if number in right else cell + gap)
        click.echo("  ".join(cells).rstrip())


def counted(number: int, word: str) -> str:
    """``1 document``, ``2,000 documents``."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


class ProgressLine:
    """A line on stderr that is painted over, at most ten times a second; nothing off a terminal."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._shown = False
        self._next = 0.0
        self._on = sys.stderr.isatty()

    def show(self, part: int, whole: int, what: str) -> None:
        """Say that ``part`` of ``whole`` is done, unless it was said just now."""
        if not self._on or self._clock() < self._next:
            return
        self._next = self._clock() + _EVERY
        share = min(1.0, part / whole) if whole else 1.0
        filled = int(share * 30)
        bar = "█" * filled + "░" * (30 - filled)
        click.echo(f"\r{bar} {share:4.0%}  {_safe(what)}\x1b[K", err=True, nl=False)
        self._shown = True

    def tell(self, what: str) -> None:
        """Say what is being looked at, unless something was said just now."""
        if not self._on or self._clock() < self._next:
            return
        self._next = self._clock() + _EVERY
        click.echo(f"\r{_safe(what)}\x1b[K", err=True, nl=False)
        self._shown = True

    def clear(self) -> None:
        """Take the line away, so that something else can be said."""
        if self._shown:
            click.echo("\r\x1b[K", err=True, nl=False)
            self._shown = False


def _safe(text: str, keep: str = "") -> str:
    from annotator.workflow.escaping import printable

    return printable(text, keep=keep)
