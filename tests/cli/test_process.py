"""What only a process of its own can show: imports, pipes, streams."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

CODE = (
    "import sys; from annotator.cli.main import run; code = run(sys.argv[2:]); {}; sys.exit(code)"
)
LISTED = "sys.stderr.write(' '.join(m for m in sys.argv[1].split(',') if m in sys.modules))"


def process(
    *arguments: str, watch: str = "", **options: object
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", CODE.format(LISTED), watch, *arguments]
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        command, capture_output=True, text=True, check=False, **options
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("Talal Sillo said so. " * 3000)
    assert process("import", "a.txt", cwd=tmp_path).returncode == 0
    return tmp_path


def test_help_and_version_load_nothing_heavy() -> None:
    watch = "textual,rich,sqlite3,sqlite_utils,msgspec,regex,sentencex"
    for argument in ("--help", "--version"):
        result = process(argument, watch=watch)
        assert (result.returncode, result.stderr) == (0, "")


def test_status_and_export_load_no_screen_and_no_sqlite_utils(project: Path) -> None:
    for arguments in (["status"], ["export", "-o", "-"], ["show", "a.txt"]):
        result = process(*arguments, watch="textual,sqlite_utils,annotator.tui", cwd=project)
        assert result.returncode == 0
        assert "textual" not in result.stderr
        assert "sqlite_utils" not in result.stderr
        assert "annotator.tui" not in result.stderr


def test_a_reader_that_goes_away_is_no_error(project: Path) -> None:
    command = [sys.executable, "-m", "annotator.cli.main", "show", "a.txt"]
    with subprocess.Popen(
        command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as shown:
        assert shown.stdout is not None
        assert shown.stderr is not None
        shown.stdout.read(10)
        shown.stdout.close()
        assert shown.stderr.read() == b""
        assert shown.wait() == 141


def test_a_terminal_without_unicode_gets_escapes(project: Path) -> None:
    (project / "b.txt").write_text("Zürich")
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    options = {"cwd": project, "env": environment, "encoding": "latin-1"}
    assert process("import", "b.txt", **options).returncode == 0
    result = process("show", "b.txt", **options)
    assert result.returncode == 0
    assert "\\u2502 Zürich" in result.stdout


def test_a_foreign_file_is_no_project(tmp_path: Path) -> None:
    (tmp_path / "annotations.db").write_text("not a database at all, but long enough to be one")
    result = process("status", cwd=tmp_path)
    assert result.returncode == 3
    assert "annotations.db" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_command_that_another_program_holds_up_says_so(project: Path) -> None:
    other = sqlite3.connect(project / "annotations.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with subprocess.Popen(
        [sys.executable, "-m", "annotator.cli.main", "status"],
        cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as command:  # fmt: skip
        assert command.stderr is not None
        told = command.stderr.readline()
        other.execute("ROLLBACK")
        other.close()
        out, err = command.communicate()
    assert told == "waiting for another program that is writing …\n"
    assert (command.returncode, err) == (0, "")
    assert "1 document" in out
