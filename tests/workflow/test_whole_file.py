from __future__ import annotations

import os
from pathlib import Path

import pytest

from annotator.errors import BusyError, ExitCode, UsageError
from annotator.workflow.whole_file import whole_file


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
