"""Drives a program in a raw pseudo-terminal and times keys: key written → last byte of output.

The end of an answer is found by waiting until nothing came for a while, but the wait is no part of
the figure: what counts is the time stamp of the last chunk read. Output that a program sends
without being asked (a blinking cursor, a clock) is learnt by ``idle`` and left out of the figures.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import tty
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter_ns

KEYS: Mapping[str, bytes] = {
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "pageup": b"\x1b[5~",
    "pagedown": b"\x1b[6~",
    "ctrl+home": b"\x1b[1;5H",
    "ctrl+end": b"\x1b[1;5F",
    "ctrl+d": b"\x04",
    "ctrl+q": b"\x11",
    "escape": b"\x1b",
}
"""What xterm sends for the keys that are no plain character."""

_ESCAPE = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])"
)
_QUERY = re.compile(rb"\x1b\[(?:(?P<mode>\?\d+)\$p|(?P<attributes>0?c)|(?P<cursor>6n))")
_CURSOR_KEYS = re.compile(rb"\x1b\[\?1([hl])")
_UNFINISHED = re.compile(rb"\x1b(?:\[[?>=]?[\d;]*\$?)?\Z")


class ProgramEnded(Exception):
    """The program closed its terminal; the message holds the end of what it had written."""


class NothingPainted(Exception):
    """The text waited for did not appear in time; the message holds the end of the output."""


@dataclass(frozen=True)
class Sample:
    """One key. ``latency`` is in ms, None when nothing was written in answer.

    ``size`` counts all bytes of the answer; ``late`` those that had come after the quiet period of
    the key before, and so belong to no figure. ``cpu`` is what all threads of the program used, in
    ms of one core, until it was quiet again. ``disturbed`` says that the program was kept waiting
    for a core, or the machine for its host, while the key was measured.
    """

    latency: float | None
    size: int
    late: int = 0
    cpu: float = 0.0
    disturbed: bool = False


@dataclass(frozen=True)
class FirstPaint:
    """Milliseconds from spawn until the text was there, and until the last byte of the paint."""

    text: float
    quiet: float


@dataclass(frozen=True)
class Memory:
    """Resident memory of the process in megabytes: now, and at its highest."""

    resident: float
    highest: float


WAIT_ALLOWED = 0.3
"""Milliseconds that a program may wait for a core before its sample counts as disturbed."""


@dataclass(frozen=True)
class _Load:
    """Running totals: CPU and run-queue milliseconds of a process, ticks stolen by the host."""

    cpu: float
    waited: float
    stolen: int


def plain(output: bytes) -> str:
    """The output without escape sequences, in the order it was written."""
    return _ESCAPE.sub(b"", output).decode("utf-8", "replace")


class Terminal:
    """A program in a pseudo-terminal of ``columns`` × ``rows`` cells.

    Queries are answered as an xterm without extensions would: device attributes are given, every
    mode asked for is reported as not recognised, and what xterm does not know gets no answer.
    """

    def __init__(
        self,
        argv: Sequence[str],
        columns: int = 120,
        rows: int = 40,
        env: Mapping[str, str] | None = None,
        clock: Callable[[], int] = perf_counter_ns,
    ) -> None:
        environment = dict(os.environ if env is None else env)
        self._clock = clock
        self._unfinished = b""
        self._end = b""
        self._read_at = 0
        self._noise: set[bytes] = set()
        self._application_keys = False
        self._exit: int | None = None
        self.started = clock()
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            _become(argv, columns, rows, environment)

    def key(self, name: str) -> bytes:
        """The bytes of a key by name, or of a plain character, in the cursor key mode in force."""
        keys = KEYS.get(name, name.encode())
        if self._application_keys and re.fullmatch(rb"\x1b\[[A-D]", keys):
            return b"\x1bO" + keys[-1:]
        return keys

    def write(self, keys: bytes) -> None:
        """Write ``keys`` and wait for nothing."""
        os.write(self._file, keys)

    def wait_for(self, marker: str, quiet: float = 0.1, patience: float = 60.0) -> FirstPaint:
        """Wait until ``marker`` is in the output and then nothing came for ``quiet`` seconds.

        ``patience`` is in seconds, for all of it. Raises NothingPainted, ProgramEnded.
        """
        output = b""
        found: int | None = None
        last = self.started
        end = self.started + int(patience * 1e9)
        while True:
            now = self._clock()
            wait = (end - now) / 1e9 if found is None else quiet
            chunk = self._read(wait) if now < end else None
            if chunk is None:
                break
            last = self._read_at
            output += chunk
            self._answer(chunk)
            if found is None and marker in plain(output):
                found = last
        if found is None:
            raise NothingPainted(f"no {marker!r} in {plain(output)[-800:]!r}")
        return FirstPaint((found - self.started) / 1e6, (last - self.started) / 1e6)

    def idle(self, seconds: float) -> int:
        """Listen without a key; gives the bytes that came and keeps them out of later samples."""
        end = self._clock() + int(seconds * 1e9)
        size = 0
        while (now := self._clock()) < end:
            chunk = self._read((end - now) / 1e9)
            if chunk is not None:
                self._answer(chunk)
                self._noise.add(chunk)
                size += len(chunk)
        return size

    def rest(self, seconds: float) -> None:
        """Read on without a key, and count nothing of what comes."""
        end = self._clock() + int(seconds * 1e9)
        while (left := self._left(end)) > 0:
            self._answer(self._read(left) or b"")

    def send(self, keys: bytes, quiet: float = 0.03, patience: float = 1.0) -> Sample:
        """Write ``keys`` and read the answer until nothing came for ``quiet`` seconds.

        ``patience`` is how many seconds to wait for the first byte. Raises ProgramEnded.
        """
        late = self._drain()
        before = self._load()
        chunks: list[bytes] = []
        written = self._clock()
        last: int | None = None
        os.write(self._file, keys)
        end = written + int(patience * 1e9)
        while True:
            pause = quiet if last is not None else (end - self._clock()) / 1e9
            chunk = self._read(max(pause, 0.0))
            if chunk is None:
                break
            if chunk not in self._noise:
                last = self._read_at
                chunks.append(chunk)
        # Looking at the output waits until the key is over, so that reading is never held up.
        answer = b"".join(chunks)
        after = self._load()
        self._answer(answer)
        return Sample(
            latency=None if last is None else (last - written) / 1e6,
            size=len(answer),
            late=late,
            cpu=after.cpu - before.cpu,
            disturbed=after.waited - before.waited > WAIT_ALLOWED or after.stolen > before.stolen,
        )

    def hold(self, keys: bytes, count: int, rate: float = 30.0) -> list[Sample]:
        """Write ``keys`` ``count`` times, ``rate`` times a second whatever the program does.

        A sample holds what came before the next key was written; the last one waits for quiet, so
        that its latency is the lag left after the key is let go.
        """
        samples: list[Sample] = []
        step = int(1e9 / rate)
        start = self._clock()
        for n in range(count - 1):
            chunks: list[bytes] = []
            last: int | None = None
            written = self._clock()
            os.write(self._file, keys)
            while (left := start + (n + 1) * step - self._clock()) > 0:
                chunk = self._read(left / 1e9)
                if chunk is not None and chunk not in self._noise:
                    last = self._read_at
                    chunks.append(chunk)
            size = sum(map(len, chunks))
            samples.append(Sample(None if last is None else (last - written) / 1e6, size))
        samples.append(self.send(keys, quiet=0.25))
        return samples

    def _load(self) -> _Load:
        """What the kernel counted so far; a thread that ended takes its part away."""
        cpu = waited = 0
        for file in Path(f"/proc/{self.pid}/task").glob("*/schedstat"):
            ran, queued, _ = file.read_text(encoding="ascii").split()
            cpu += int(ran)
            waited += int(queued)
        with Path("/proc/stat").open(encoding="ascii") as stat:
            stolen = int(stat.readline().split()[8])
        return _Load(cpu / 1e6, waited / 1e6, stolen)

    def memory(self) -> Memory:
        """What the kernel says of the process. Raises FileNotFoundError when it has ended."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii", errors="replace")
        kilobytes = dict(re.findall(r"^(Vm\w+):\s+(\d+) kB", status, re.MULTILINE))
        return Memory(int(kilobytes["VmRSS"]) / 1024, int(kilobytes["VmHWM"]) / 1024)

    def close(self, keys: bytes = b"", patience: float = 5.0) -> int:
        """Write ``keys`` (those that quit), wait for the end, and kill it where that does not come.

        Gives the exit code; negative is the signal that ended it.
        """
        if self._exit is not None:
            return self._exit
        if not self._ends(keys, patience):
            os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        os.close(self._file)
        self._exit = os.waitstatus_to_exitcode(status)
        return self._exit

    def _ends(self, keys: bytes, patience: float) -> bool:
        """Write ``keys`` and read on; whether the process ended within ``patience`` seconds."""
        process = os.pidfd_open(self.pid)
        watched = [process, self._file]
        end = self._clock() + int(patience * 1e9) if keys else 0
        try:
            if keys:
                os.write(self._file, keys)
            while process not in (ready := select.select(watched, [], [], self._left(end))[0]):
                if not ready:
                    return False
                try:
                    self._answer(self._read(0.0) or b"")
                except ProgramEnded:
                    watched.remove(self._file)
            return True
        finally:
            os.close(process)

    def _left(self, end: int) -> float:
        """Seconds until ``end``, at least 0."""
        return max((end - self._clock()) / 1e9, 0.0)

    def has_output(self, seconds: float) -> bool:
        """Whether anything waits to be read, or comes within ``seconds``; reads nothing."""
        return bool(select.select([self._file], [], [], max(seconds, 0.0))[0])

    def _read(self, seconds: float) -> bytes | None:
        """The next chunk, None when none came within ``seconds``."""
        if not self.has_output(seconds):
            return None
        try:
            chunk = os.read(self._file, 65536)
        except OSError as error:  # EIO: nobody holds the other end any more
            raise ProgramEnded(plain(self._end)) from error
        if not chunk:
            raise ProgramEnded(plain(self._end))
        self._read_at = self._clock()
        self._end = (self._end + chunk)[-2000:]
        return chunk

    def _drain(self) -> int:
        size = 0
        while (chunk := self._read(0.0)) is not None:
            if chunk not in self._noise:
                size += len(chunk)
        return size

    def _answer(self, chunk: bytes) -> None:
        output = self._unfinished + chunk
        for query in _QUERY.finditer(output):
            if query["mode"]:
                os.write(self._file, b"\x1b[%b;0$y" % query["mode"])
            elif query["attributes"]:
                os.write(self._file, b"\x1b[?64;1;2;6;9;15;18;21;22c")
            else:
                os.write(self._file, b"\x1b[1;1R")
        for switch in _CURSOR_KEYS.finditer(output):
            self._application_keys = switch[1] == b"h"
        rest = _UNFINISHED.search(output)
        self._unfinished = rest[0] if rest else b""


def _become(argv: Sequence[str], columns: int, rows: int, env: Mapping[str, str]) -> None:
    """In the child: size the terminal, make it raw, and turn into the program."""
    try:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        tty.setraw(0)
        os.execvpe(argv[0], list(argv), dict(env))
    except OSError as error:
        os.write(2, f"{argv[0]}: {error}".encode())
    finally:
        os._exit(127)
