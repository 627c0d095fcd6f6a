"""One run of the program that ends by force, and the comparison of screen and file after it."""

from __future__ import annotations

import os
import random
import signal
from dataclasses import dataclass, field
from pathlib import Path

from emulator import command_line
from file_check import findings
from framed_terminal import COLUMNS, Frame, FramedTerminal
from pictures import Past, Picture, plain
from typist import TimeIsUpError, Typist

from annotator.core.annotation import Span

WAYS = ("SIGKILL", "SIGHUP", "SIGTERM", "SIGINT", "hang-up")
"""``hang-up`` closes the terminal itself, as the end of an SSH connection does."""

_LIVES = "SIGKILL"
_VERBS = {
    "accepted: ": "accept",
    "rejected: ": "reject",
    "corrected: ": "correct",
    "deleted ": "delete",
    "flag": "flag",
    "undone: ": "undo",
    "redone: ": "redo",
    "note saved": "note",
    "boundaries saved": "boundaries",
    "sentence done": "done",
    "document done": "done",
    "sentence not done": "not done",
    "sentence split": "split",
    "sentences merged": "merge",
    "attribution: ": "link",
    "no longer tied": "unlink",
    "mentions ": "mention",
}


def verb_of(frame: Frame) -> str | None:
    """The verb of the edit that a frame says was made; None where it speaks of none."""
    if frame.refused or not frame.said:
        return None
    return next((verb for start, verb in _VERBS.items() if frame.said.startswith(start)), None)


@dataclass
class Tally:
    """What a series of kills has shown."""

    kills: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WAYS, 0))
    edits: int = 0
    painted: int = 0
    """Edits that a frame showed before the end."""

    def add(self, other: Tally) -> None:
        """Count another series in."""
        for way, count in other.kills.items():
            self.kills[way] += count
        self.edits += other.edits
        self.painted += other.painted

    def __str__(self) -> str:
        kills = ", ".join(f"{way} {count}" for way, count in self.kills.items())
        return (
            f"{sum(self.kills.values())} kills ({kills}); {self.edits} edits logged,"
            f" {self.painted} of them painted before the end; none lost"
        )


class Victim:
    """A project whose program is killed again and again. AssertionError tells what was lost."""

    def __init__(self, path: Path, document: str, rng: random.Random) -> None:
        self._path = path
        self._document = document
        self._rng = rng
        self._before: Past | None = None
        self.tally = Tally()

    def die(self, way: str) -> None:
        """Start the program, annotate, end it in this way, and compare."""
        terminal = FramedTerminal(command_line(self._path, "annotate", self._document))
        try:
            terminal.until_open()
            calm = self._rng.random() < 0.4
            keys = None if calm else self._rng.randint(1, 25)
            typist = Typist(terminal, self._rng, keys)
            self._compare_with_start(typist.settle())
            self._type(terminal, typist, calm)
            code = _end(terminal, way)
        except BaseException:
            terminal.child.close(force=True)
            raise
        if way == _LIVES:
            assert code == -signal.SIGKILL, code
        else:
            number = "SIGHUP" if way == "hang-up" else way
            assert code == 128 + getattr(signal, number), (code, terminal.raw[-3000:])
            if way != "hang-up":
                assert terminal.raw.rfind(b"\x1b[?1049l") > terminal.raw.rfind(b"\x1b[?1049h")
                assert b"\x1b[?25h" in terminal.raw[terminal.raw.rfind(b"\x1b[?1049l") :]
        self._compare(terminal, typist, calm, way)
        self.tally.kills[way] += 1

    def _type(self, terminal: FramedTerminal, typist: Typist, calm: bool) -> None:
        """Some actions; calm ones are all dealt with, else the end comes in the midst of one."""
        rng = self._rng
        if calm:
            for _ in range(rng.randint(1, 8)):
                typist.act()
            # Twice: the document may be painted a moment after the status line that we wait for.
            typist.settle()
            typist.settle()
            return
        try:
            while True:
                typist.act()
                if rng.random() < 0.3:
                    terminal.listen(rng.random() * 0.02)
        except TimeIsUpError:
            terminal.listen(rng.random() * 0.06)

    def _compare_with_start(self, frame: Frame) -> None:
        """What is shown at the start is all that was stored, with the cursor where it was.

        Engines may have proposed something since, without a key.
        """
        if self._before is None:
            return
        past = self._before
        now = Past(self._path, self._document, "alice")
        picture, *since = now.pictures(len(past), COLUMNS)
        is_shown = any(p.shows(frame.document) for p in (picture, *since))
        assert is_shown, _both(picture.rows, frame)
        assert frame.place == (past.sentence_at_position(), picture.sentences)
        assert frame.done in (None, picture.done)

    def _compare(self, terminal: FramedTerminal, typist: Typist, calm: bool, way: str) -> None:
        start = len(self._before) if self._before is not None else 0
        past = Past(self._path, self._document, "alice")
        assert findings(self._path) == []
        self._compare_with_painted(terminal, past, start, calm)
        changed = [after for step in past.steps[start:] for _, after in step.changes]
        written = " ".join(record.note or "" for record in changed if isinstance(record, Span))
        lost = [note for note in typist.notes if note not in written]
        assert not lost, f"the screen called it saved: {lost}"
        if calm and way != _LIVES:
            place = terminal.frames[-1].place
            assert place is not None
            assert place[0] == past.sentence_at_position(), "the cursor was not saved"
        self.tally.edits += len(past) - start
        self._before = past

    def _compare_with_painted(
        self, terminal: FramedTerminal, past: Past, start: int, calm: bool
    ) -> None:
        """The last plain frame shows a state that the file went through; if the program had dealt
        with all keys, the one it is in."""
        frame = next(f for f in reversed(terminal.frames) if f.plain)
        verb = verb_of(frame)
        pictures = past.pictures(start, COLUMNS)
        numbers = range(len(past) if calm else start, len(past) + 1)
        told = [n for n in numbers if _tells(frame, verb, past, pictures[n - start], n, start)]
        # The status line may be painted a moment before the document is, never after.
        shown = [
            n
            for n in numbers
            if told and n <= told[-1] and pictures[n - start].shows(frame.document)
        ]
        if shown:
            self.tally.painted += shown[-1] - start
            return
        raise AssertionError(
            f"painted ({frame.said!r}), but not in the file:\n{_both(pictures[-1].rows, frame)}"
        )


def _tells(
    frame: Frame, verb: str | None, past: Past, picture: Picture, number: int, start: int
) -> bool:
    """Whether the status line is that of this state: its counts, and the edit that led to it."""
    counts = frame.place is None or frame.place[1] == picture.sentences
    counts = counts and frame.done in (None, picture.done)
    return counts and (verb is None or (number > start and past.steps[number - 1].verb == verb))


def _end(terminal: FramedTerminal, way: str) -> int:
    if way == "hang-up":
        terminal.listen(0)
        return terminal.hang_up()
    os.kill(terminal.child.pid, getattr(signal, way))
    return terminal.end()


def _both(rows: tuple[str, ...], frame: Frame) -> str:
    stored, shown = "\n".join(rows), "\n".join(map(plain, frame.rows)).rstrip()
    return f"--- stored\n{stored}\n--- shown\n{shown}"
