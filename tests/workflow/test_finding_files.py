from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from annotator.formats.base import Refusal
from annotator.workflow.finding_files import FoundFile, find_files


def found(*paths: Path) -> tuple[list[str], dict[str, str]]:
    items = list(find_files(paths))
    names = [i.name for i in items if isinstance(i, FoundFile)]
    return names, {Path(i.place).name: i.message for i in items if isinstance(i, Refusal)}


def test_folders_are_walked_in_order_and_files_named_by_their_place(tmp_path: Path) -> None:
    for name in ("b.txt", "a/2.txt", "a/1.txt", "a/deep/x.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    names, refused = found(tmp_path, tmp_path / "a" / "1.txt")
    assert names == ["a/1.txt", "a/2.txt", "a/deep/x.txt", "b.txt", "1.txt"]
    assert refused == {}


def test_what_is_no_file_to_read_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".hidden").write_text("x")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("x")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        names, refused = found(tmp_path, tmp_path / "missing.txt")
    assert names == []
    assert refused == {
        ".git": "hidden, so not taken in",
        ".hidden": "hidden, so not taken in",
        "gone": "a link to what is not there",
        "missing.txt": "No such file or directory",
        "pipe": "not a regular file",
        "socket": "not a regular file",
    }


def test_a_link_that_goes_round_ends(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path)
    names, refused = found(tmp_path)
    assert names == ["a.txt"]
    assert list(refused) == ["loop"]


def test_control_characters_in_names_are_escaped(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m\n.txt").write_text("x")
    (tmp_path / os.fsdecode(b"b\xff.txt")).write_text("x")
    names, _ = found(tmp_path)
    assert names == ["a\\x1b[31m\\n.txt", "b\\udcff.txt"]


def test_the_folder_one_is_in_and_the_one_above_are_not_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "a.txt").write_text("x")
    monkeypatch.chdir(tmp_path / "in")
    assert found(Path(".."))[0] == ["a.txt"]
    monkeypatch.chdir(tmp_path)
    assert found(Path())[0] == ["a.txt"]
