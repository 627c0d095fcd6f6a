"""Engines at work in a process of their own.

crfsuite holds Python's lock while it trains, and may end its process; any engine may hang. So the
work is done apart, with the least claim on the processor: whoever asked only reads what happens.
``python -m annotator.workflow.engine_process`` is that process: a task comes in on stdin, events go
out on stdout, a line of JSON each.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from annotator.errors import AnnotatorError, ExitCode, ProjectError
from annotator.workflow.engine_work import Began, Broken, Event, Task, perform

PATIENCE = 300.0
"""Seconds without any event after which the engine at work is given up."""
_NICENESS = 10


class _Stopped(Struct, frozen=True, tag=True):
    """The whole task cannot be done: an error for whoever asked."""

    message: str
    hint: str
    code: int


class EngineProcess:
    """The work on one task. ``stop`` ends it early, from any thread."""

    def __init__(self, task: Task, *, patience: float = PATIENCE) -> None:
        self._task = task
        self._patience = patience
        self._child: subprocess.Popen[bytes] | None = None
        self._is_stopped = False
        self._hung = False

    def stop(self) -> None:
        """End the work; ``events`` ends as well."""
        self._is_stopped = True
        child = self._child
        if child is not None:
            child.kill()

    def events(self) -> Iterator[Event]:
        """What happens, as it happens. An engine that takes its process down is told as broken.

        Raises what the task itself raises (see ``perform``), and ProjectError where no process can
        be started.
        """
        task = self._task
        while not self._is_stopped:
            at: Began | None = None
            with tempfile.TemporaryFile() as errors:
                for event in self._run(task, errors.fileno()):
                    if isinstance(event, Began):
                        at = event
                    elif isinstance(event, _Stopped):
                        raise AnnotatorError(event.message, event.hint, ExitCode(event.code))
                    yield event
                child = self._child
                assert child is not None
                if child.returncode == 0 or self._is_stopped:
                    return
                errors.seek(0)
                said = errors.read()[-2000:].decode("utf-8", "replace").strip()
            if at is None:
                raise ProjectError(
                    f"The process of the engines failed: {_last_line(said)}",
                    "Work goes on without suggestions.",
                )
            yield Broken(at.engine, at.layer, self._end(child.returncode, said))
            task = replace(task, broken=(*task.broken, (at.engine, at.layer)))

    def _run(self, task: Task, errors: int) -> Iterator[Event | _Stopped]:
        self._hung = False
        with self._started(errors) as child:
            self._child = child
            if self._is_stopped:
                child.kill()
            try:
                assert child.stdin is not None
                assert child.stdout is not None
                child.stdin.write(msgspec.json.encode(task))
                child.stdin.close()
                watch = self._watch(child, PATIENCE)
                for line in child.stdout:
                    watch.cancel()
                    yield _EVENT.decode(line)
                    watch = self._watch(child, self._patience)
                watch.cancel()
                child.wait()
            except BrokenPipeError:
                child.wait()
            finally:
                child.kill()

    def _started(self, errors: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", "annotator.workflow.engine_process"]
        pipe = subprocess.PIPE
        try:
            return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=errors)
        except OSError as error:
            raise ProjectError(
                f"The process of the engines cannot be started: {error}",
                "Work goes on without suggestions.",
            ) from error

    def _watch(self, child: subprocess.Popen[bytes], patience: float) -> Timer:
        def give_up() -> None:
            self._hung = True
            child.kill()

        watch = Timer(patience, give_up)
        watch.daemon = True
        watch.start()
        return watch

    def _end(self, code: int, said: str) -> str:
        if self._hung:
            return f"it gave no answer for {self._patience:.0f} seconds"
        if code < 0:
            return f"it ended its process with {signal.Signals(-code).name}"
        return f"it ended its process: {_last_line(said)}"


_EVENT: msgspec.json.Decoder[Event | _Stopped] = msgspec.json.Decoder(Event | _Stopped)


def _last_line(said: str) -> str:
    return said.rpartition("\n")[2] or "it said nothing"


def main() -> None:
    """Do the task on stdin."""
    from annotator.workflow.projects import open_existing

    os.nice(_NICENESS)
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    out = sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever an engine prints is no event
    try:
        store = open_existing(Path(task.project))
        try:
            for event in perform(store, task):
                out.write(msgspec.json.encode(event) + b"\n")
                out.flush()
        finally:
            store.close()
    except AnnotatorError as error:
        out.write(msgspec.json.encode(_Stopped(error.message, error.hint, error.code)) + b"\n")
        out.flush()


if __name__ == "__main__":
    main()
