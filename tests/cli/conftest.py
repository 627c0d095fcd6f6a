"""Running the command line in a folder of its own, within the process."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import Struct

from annotator.cli.main import run


class Result(Struct):
    """What a command line gave: exit code, stdout and stderr."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, empty; the environment names nothing of ours."""
    monkeypatch.chdir(tmp_path)
    for name in ("ANNOTATOR_PROJECT", "ANNOTATOR_NAME", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LOGNAME", "alice")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    return tmp_path


@pytest.fixture
def annotator(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Carries out a command line."""

    def call(*arguments: str) -> Result:
        code = run(arguments)
        captured = capfdbinary.readouterr()
        return Result(code, captured.out.decode(), captured.err.decode())

    return call
