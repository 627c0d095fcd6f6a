"""Ends that only a process of its own can meet: signals, closed and full streams, pipes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "annotator"]
SHELL = "/bin/sh"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a project whose one document takes a while to print and to export."""
    (tmp_path / "a.txt").write_text("Talal Sillo, of the SDF, said so on Tuesday. " * 5000)
    subprocess.run([*COMMAND, "import", "a.txt"], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A line of shell; ``annotator`` in it is ours."""
    prelude = f'annotator() {{ "{sys.executable}" -m annotator "$@"; }}; '
    # As users have it: streams are buffered, whatever holds for the tests themselves.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    return subprocess.run(
        [SHELL, "-c", prelude + line],
        cwd=folder, capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    "command",
    ["--help", "--version", "show a.txt", "export -o -", "export --strict -o -", "status",
     "status --json", "schema list", "schema show", "completion bash", "show --help"],
)  # fmt: skip
def test_a_stdout_that_is_full_is_told(command: str, project: Path) -> None:
    result = shell(f"annotator {command} >/dev/full", project)
    reason = "annotator: The output could not be written: No space left on device\n"
    assert (result.returncode, result.stderr) == (4, reason)


def test_streams_that_are_closed(project: Path) -> None:
    closed = shell("annotator status >&-", project)
    assert (closed.returncode, "Bad file descriptor" in closed.stderr) == (4, True)
    assert shell("annotator import a.txt >&-", project).returncode == 0
    assert shell("annotator status 2>&- <&-", project).returncode == 0
    assert shell("annotator nonsense >&- 2>&- <&-", project).returncode == 2
    assert shell("annotator nonsense 2>/dev/full", project).returncode == 2


def test_a_reader_that_goes_away_ends_every_command_alike(project: Path) -> None:
    for command in ("--help", "show --help", "show a.txt", "export -o -"):
        result = shell(f"{{ annotator {command}; echo $? >code; }} | :", project)
        # A short text may be gone before the reader is.
        assert (project / "code").read_text() in ("141\n", "0\n")
        assert "Traceback" not in result.stderr


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="needs /dev/stdout")
def test_an_export_into_a_pipe_by_its_path(project: Path) -> None:
    plain = shell("annotator export -o -", project).stdout
    for line in ("annotator export -o /dev/stdout | cat", "annotator export -o /dev/stdout"):
        assert shell(line, project).stdout == plain
    assert shell("annotator export -o /dev/stdout >>file", project).returncode == 0
    assert (project / "file").read_text() == plain


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    result = shell("cd gone; rmdir ../gone; annotator init", tmp_path)
    assert (result.returncode, result.stderr) == (
        4,
        "annotator: The current folder is not there any more.\n  Change to another one.\n",
    )


def ended(
    number: signal.Signals, *arguments: str, folder: Path, when: str
) -> tuple[int, str, set[Path]]:
    """Send a signal as soon as a file matches ``when``; gives code, stderr and new hidden files."""
    before = set(folder.iterdir())
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=folder, text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(folder)},
    ) as process:  # fmt: skip
        assert process.stderr is not None
        while process.poll() is None and not any(folder.glob(when)):
            continue
        process.send_signal(number)
        told = process.stderr.read()
        return process.wait(), told, set(folder.iterdir()) - before


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_signals_leave_no_litter(name: str, project: Path) -> None:
    number = signal.Signals[name]
    for arguments, when in (
        (["export", "-o", "out.jsonl"], ".out.jsonl.*"),
        (["-p", "i.db", "init"], ".i.db.*"),
        (["demo"], "annotator-demo-*"),
    ):
        code, told, left = ended(number, *arguments, folder=project, when=when)
        # Where it was faster than the signal, that met the interpreter's own end, or nobody.
        if code not in (0, -number):
            assert code == 128 + number
            assert left == set()
        assert not any(project.glob(when))
        assert "Traceback" not in told
        assert "Exception ignored" not in told


def test_an_interrupted_export_is_one_line(project: Path) -> None:
    code, told, _ = ended(
        signal.SIGINT, "export", "-o", "out.jsonl", folder=project, when=".out.jsonl.*"
    )
    assert (code, told.strip()) == (130, "Interrupted.") or code in (0, -signal.SIGINT)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_behind_the_last_word_is_told_by_no_traceback(name: str) -> None:
    number = signal.Signals[name]
    code = (
        "import atexit, os, signal, sys; from annotator.cli.main import main;"
        f" signal.signal({number.value}, signal.default_int_handler if {number.value} == 2"
        f" else signal.SIG_DFL); atexit.register(os.kill, os.getpid(), {number.value}); main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--version"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (-number, "")
