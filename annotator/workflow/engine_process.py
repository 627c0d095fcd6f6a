"""Engines at work in a process of their own.

crfsuite holds Python's lock while it trains, and may end its process; any engine may hang. So the
work is done apart, with little claim on the processor and a bound on its memory: whoever asked only
reads what happens. ``python -m annotator.workflow.engine_process`` is that process: a task comes in
on stdin, a line of JSON; events go out on stdout, each a length of four bytes and as much of
MessagePack, which takes the bytes of a model as they are. It ends when its stdin does.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from annotator.core.safe_text import cut
from annotator.errors import AnnotatorError, ExitCode, ProjectError
from annotator.workflow.engine_events import (
    LONGEST_FAULT,
    Began,
    Broken,
    Event,
    Proposed,
    Task,
)
from annotator.workflow.engine_work import perform

PATIENCE = 300.0
"""Seconds without any event after which the engine at work is given up, unless it hardly gets to
work: the machine may have others to serve, and this process stands back."""
_FAIR = 0.5
"""The part of them in which it must have had a processor to be given up."""
_LEAST = 0.01
"""The part of them in which it must have worked not to be taken for one that waits."""
MOST_MEMORY = 4 << 30
"""Bytes that engines may take at most; half of the machine's memory where that is less."""
_NICENESS = 10
_LENGTH = 4
"""Bytes before each message that say how long it is."""
_LAST_WORDS = 2_000
"""Bytes of what the process says that are kept, for its last line."""


class _Stopped(Struct, frozen=True, tag=True):
    """The whole task cannot be done: an error for whoever asked."""

    message: str
    hint: str
    code: int


class _Ended(Struct, frozen=True, tag=True):
    """The task is done: however the process ends behind this, no engine is to blame."""


class EngineProcess:
    """The work on one task. ``stop`` ends it early, from any thread.

    ``worked`` says for how many seconds a process (id) had a processor, None where that is unknown.
    """

    def __init__(
        self,
        task: Task,
        *,
        patience: float = PATIENCE,
        worked: Callable[[int], float | None] | None = None,
    ) -> None:
        self._task = task
        self._patience = patience
        self._worked = worked or seconds_worked
        self._child: subprocess.Popen[bytes] | None = None
        self._is_stopped = False
        self._hung = 0.0  # seconds without an answer for which it was given up
        self._words: _LastWords

    @property
    def pid(self) -> int | None:
        """The id of the process at work; None where there is none."""
        child = self._child
        return None if child is None or child.poll() is not None else child.pid

    def stop(self) -> None:
        """End the work; ``events`` ends as well."""
        self._is_stopped = True
        child = self._child
        if child is not None:
            child.kill()

    def events(self) -> Iterator[Event]:
        """What happens, as it happens. An engine that takes its process down is told as broken.

        The work of the others is taken up again then, and what was told is not told twice. Where it
        was at work by a model kept from before, that is made anew first, once. Raises
        what the task itself raises (see ``perform``), and ProjectError where no process can be
        started.
        """
        task, told = self._task, set()
        while not self._is_stopped:
            at: Began | None = None
            for event in self._run(task):
                if self._is_stopped or isinstance(event, _Ended):
                    return  # what it said before it was stopped may still be on its way
                if isinstance(event, _Stopped):
                    raise AnnotatorError(event.message, event.hint, ExitCode(event.code))
                if isinstance(event, Began):
                    at = event
                elif isinstance(event, Proposed) and not event.more_to_come:
                    left = (id for id in task.documents if id != event.document)
                    task = replace(task, documents=tuple(left))
                elif not isinstance(event, Proposed):
                    if (key := _told_as(event)) in told:
                        continue
                    told.add(key)
                yield event
            if self._is_stopped:
                return
            task, broken = self._without_fault(task, at)
            if broken is not None:
                yield broken

    def _without_fault(self, task: Task, at: Began | None) -> tuple[Task, Broken | None]:
        """What is still to be done when the process has ended, and what is told of it."""
        assert self._child is not None
        why = self._end(self._child.returncode)
        if at is None:
            raise ProjectError(
                f"The process of the engines failed: {why}", "Work goes on without suggestions."
            )
        whose = (at.engine, "" if self._hung else at.layer)
        if at.by_kept and not self._hung and whose not in task.spoiled:
            return replace(task, spoiled=(*task.spoiled, whose)), None
        return replace(task, broken=(*task.broken, whose)), Broken(*whose, why)

    def _run(self, task: Task) -> Iterator[Event | _Stopped | _Ended]:
        self._hung = 0.0
        with self._started() as child:
            self._child = child
            if self._is_stopped:
                child.kill()
            assert child.stdin is not None
            assert child.stdout is not None
            assert child.stderr is not None
            self._words = _LastWords(child.stderr)
            try:
                child.stdin.write(msgspec.json.encode(task) + b"\n")
                child.stdin.flush()
                watch = self._watch(child, PATIENCE)
                for message in messages(child.stdout):
                    watch.cancel()
                    yield _EVENT.decode(message)
                    watch = self._watch(child, self._patience)
                watch.cancel()
                child.wait()
            except BrokenPipeError:
                child.wait()
            finally:
                child.kill()
                self._words.join()

    def _started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", "annotator.workflow.engine_process"]
        pipe = subprocess.PIPE
        try:
            return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe)
        except OSError as error:
            raise ProjectError(
                f"The process of the engines cannot be started: {error}",
                "Work goes on without suggestions.",
            ) from error

    def _watch(self, child: subprocess.Popen[bytes], patience: float) -> _Watch:
        def give_up(seconds: float) -> None:
            self._hung = seconds
            child.kill()

        return _Watch(patience, lambda: self._worked(child.pid), give_up)

    def _end(self, code: int) -> str:
        if self._hung:
            return f"it gave no answer for {self._hung:.0f} seconds"
        if code < 0:
            return f"it ended its process with {signal.Signals(-code).name}"
        return f"it ended its process: {self._words.last_line}"


class _Watch(Thread):
    """Gives up what says nothing for too long; cancelled when something is heard."""

    def __init__(
        self,
        patience: float,
        worked: Callable[[], float | None],
        give_up: Callable[[float], None],
    ) -> None:
        super().__init__(name="watch on engines", daemon=True)
        self._patience = patience
        self._worked = worked
        self._give_up = give_up
        self._is_over = threading.Event()
        self.start()

    def cancel(self) -> None:
        """Something was heard."""
        self._is_over.set()

    def run(self) -> None:
        """Wait, and again as long as it gets on without having had its time."""
        first = last = self._worked()
        waited = 0.0
        while not self._is_over.wait(self._patience):
            waited += self._patience
            now = self._worked()
            if first is None or last is None or now is None:
                break
            has_waited = now - last < _LEAST * self._patience
            if has_waited or now - first >= _FAIR * self._patience:
                break
            last = now
        if not self._is_over.is_set():
            self._give_up(waited)


def seconds_worked(pid: int) -> float | None:
    """For how long a process had a processor, as Linux counts (``stat`` in proc_pid_stat(5)).

    None where that is not known.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        user, system = fields.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError):
        return None


class _LastWords(Thread):
    """Reads what the process says, however much that is, and keeps the end of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(name="what engines say", daemon=True)
        self._stream = stream
        self._said = b""
        self.start()

    def run(self) -> None:
        """Read to the end."""
        while part := self._stream.read1():  # type: ignore[attr-defined]
            self._said = (self._said + part)[-_LAST_WORDS:]

    @property
    def last_line(self) -> str:
        """The last line, once the process is over."""
        said = self._said.decode("utf-8", "replace").strip()
        return cut(said.rpartition("\n")[2], LONGEST_FAULT) or "it said nothing"


_EVENT: msgspec.msgpack.Decoder[Event | _Stopped | _Ended] = msgspec.msgpack.Decoder(
    Event | _Stopped | _Ended
)


def messages(stream: IO[bytes]) -> Iterator[bytes]:
    """What a process of engines sends, message by message; one that is cut short is dropped."""
    while len(head := stream.read(_LENGTH)) == _LENGTH:
        message = stream.read(size := int.from_bytes(head))
        if len(message) < size:
            return
        yield message


def _told_as(event: Event) -> tuple[object, ...]:
    """Equal for events that say the same of an engine and layer."""
    parts = ("engine", "layer", "reason")
    return type(event), *(getattr(event, part, "") for part in parts)


def main() -> None:
    """Do the task on stdin."""
    from annotator.workflow.projects import open_beside

    stand_back()
    bound_memory()
    given, out = _own_streams()
    task = msgspec.json.decode(given.readline(), type=Task)
    Thread(target=_end_with, args=(given,), daemon=True).start()

    def tell(event: Event | _Stopped | _Ended) -> None:
        message = msgspec.msgpack.encode(event)
        out.write(len(message).to_bytes(_LENGTH))
        out.write(message)
        out.flush()

    try:
        store = open_beside(Path(task.project))
        try:
            for event in perform(store, task):
                tell(event)
        finally:
            store.close()
        tell(_Ended())
    except AnnotatorError as error:
        tell(_Stopped(error.message, error.hint, error.code))
    os._exit(0)  # without what an engine would do, or wait for, at the end


def stand_back() -> None:
    """Leave the processor to the screen, and to everybody else.

    In a session of its own: Linux shares a processor among sessions first (``sched_autogroup`` in
    sched(7)), and what is computed within the screen's would be taken off the screen's share.
    """
    os.nice(_NICENESS)
    with suppress(OSError):  # it leads a session already, or this system has no such groups
        os.setsid()
        Path("/proc/self/autogroup").write_text(str(_NICENESS), encoding="ascii")


def bound_memory() -> None:
    """Let this process take no more than MOST_MEMORY, or half of what the machine has."""
    there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bounds = [MOST_MEMORY, there // 2, *((hard,) if hard != resource.RLIM_INFINITY else ())]
    resource.setrlimit(resource.RLIMIT_DATA, (min(bounds), hard))


def _own_streams() -> tuple[IO[bytes], IO[bytes]]:
    """Where tasks come from and events go; an engine that reads or prints has other streams."""
    given, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    return given, out


def _end_with(given: IO[bytes]) -> None:
    """End when whoever gave the task is gone."""
    given.read()
    os._exit(1)


if __name__ == "__main__":
    main()
