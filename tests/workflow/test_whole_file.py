"""Files and folders that take their place whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from annotator.errors import BusyError, ExitCode, UsageError
from annotator.workflow.whole_file import whole_file, whole_folder


def test_the_file_appears_whole_with_folders_and_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "a.txt"
    with whole_file(path) as file:
        file.write(b"one")
        assert not path.exists()
    assert path.read_bytes() == b"one"
    path.chmod(0o600)
    with whole_file(path) as file:
        file.write(b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def fail() -> None:
        with whole_file(path) as file:
            file.write(b"new")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_followed_and_a_device_written_to(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with whole_file(tmp_path / "link") as file:
        file.write(b"x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"x"
    with whole_file(Path(os.devnull)) as file:
        file.write(b"x")
    assert not Path(os.devnull).is_file()


def test_what_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a folder"), whole_file(tmp_path):
        pass
    (tmp_path / "file").write_text("x")
    with (
        pytest.raises(BusyError, match="could not be written") as caught,
        whole_file(tmp_path / "file" / "below"),
    ):
        pass
    assert caught.value.code == ExitCode.BUSY


def test_links_in_a_circle_stay(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(BusyError, match="symbolic links"), whole_file(tmp_path / "a"):
        pass
    assert (tmp_path / "a").is_symlink()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_file_that_may_only_be_read_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "a").chmod(0o444)
    with pytest.raises(BusyError, match="only be read"), whole_file(tmp_path / "a"):
        pass
    assert (tmp_path / "a").read_text() == "old"


# -- a folder ------------------------------------------------------------------------------------


def fill(path: Path, **files: str) -> None:
    with whole_folder(path, lambda file: file.read_text() != "mine") as folder:
        for name, text in files.items():
            (folder / name).write_text(text)


def content(path: Path) -> dict[str, str]:
    return {p.name: p.read_text() for p in path.iterdir()}


def test_a_folder_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "out"
    fill(path, a="1")
    fill(path, a="2", b="3")
    assert content(path) == {"a": "2", "b": "3"}
    assert [p.name for p in path.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("there", [{"other": "x"}, {"a": "mine"}, {"a": "1", ".hidden": ""}])
def test_a_folder_with_what_an_export_did_not_write_stays(
    tmp_path: Path, there: dict[str, str]
) -> None:
    path = tmp_path / "out"
    path.mkdir()
    for name, text in there.items():
        (path / name).write_text(text)
    with pytest.raises(UsageError, match="out: holds "):
        fill(path, a="new")
    assert content(path) == there
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_back_where_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out"
    fill(path, a="old")
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise PermissionError(errno.EACCES, "no")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(BusyError, match="could not be written: no"):
        fill(path, a="new")
    assert content(path) == {"a": "old"}
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(UsageError, match="out: a file"):
        fill(tmp_path / "out")
