"""What a shell is given to complete with: names that hold what it would act upon."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest
from click.shell_completion import CompletionItem

from annotator.cli.main import cli
from annotator.cli.shells import SHELLS, Fish, inserted

Run = Callable[..., Any]
NASTY = 'quo\'te$(touch P)`touch P2`\\ "x".txt'


@pytest.mark.parametrize(
    ("typed", "word", "value", "expected"),
    [
        ("", "", "a b.txt", "a\\ b.txt"),
        ("a\\ b", "a\\ b", "a b.txt", "a\\ b.txt"),
        ("'a b", "'a b", "a b'c.txt", "a b'\\''c.txt"),
        ('"a', '"a', 'a"$b`\\.txt', 'a\\"\\$b\\`\\\\.txt'),
        ("x'a b", "x'a b", "xa b.txt", "a b.txt"),
        ("co:lon", "lon", "co:lon.txt", "lon.txt"),
        ("a=", "=", "a=b.txt", "b.txt"),
        ("é", "é", "é à.txt", "é\\ à.txt"),
    ],
)
def test_bash_is_given_what_it_reads_as_the_name(
    typed: str, word: str, value: str, expected: str
) -> None:
    assert inserted(value, f"annotator show {typed}", word) == expected


def test_what_is_inserted_reads_as_one_word() -> None:
    for quote in ("", "'"):
        line = f"annotator show {quote}"
        assert shlex.split(line + inserted(NASTY, line, quote) + quote)[2:] == [NASTY]


def test_a_shell_that_says_nothing_is_given_something_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("COMP_LINE", "COMP_WORD", "COMP_WORDS", "COMP_CWORD"):
        monkeypatch.delenv(name, raising=False)
    for kind in SHELLS.values():
        assert "export" in kind(cli, {}, "annotator", "_ANNOTATOR_COMPLETE").complete()


def test_a_comma_stays_in_fish() -> None:
    fish = Fish(cli, {}, "annotator", "_ANNOTATOR_COMPLETE")
    assert "--max 1" in fish.source()
    assert fish.format_completion(CompletionItem("a,b.txt")) == "plain,a,b.txt"


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_bash_completes_and_runs_nothing(annotator: Run, folder: Path) -> None:
    annotator("init")
    (folder / "texts").mkdir()
    for name in (NASTY, "co:lon x.txt"):
        (folder / "texts" / name).write_text(f"This is in {name[:2]}.")
    assert annotator("import", "texts").code == 0
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    bash = pexpect.spawn(
        "bash", ["--norc", "--noprofile", "-i"], cwd=str(folder), encoding="utf-8", timeout=60,
        env={**os.environ, "PATH": path, "PS1": "", "TERM": "dumb"}, dimensions=(24, 200),
    )  # fmt: skip
    bash.sendline("bind 'set enable-bracketed-paste off'; eval \"$(annotator completion bash)\"")
    for typed, said in (("quo", "qu"), ("'quo", "qu"), ('"quo', "qu"), ("co:l", "co")):
        bash.sendline(f"annotator show {typed}\t")
        bash.expect_exact(f"│ This is in {said}.")
    bash.sendline("exit")
    bash.expect(pexpect.EOF)
    bash.close()
    assert sorted(p.name for p in folder.iterdir()) == ["annotations.db", "texts"]
