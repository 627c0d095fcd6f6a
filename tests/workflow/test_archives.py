from __future__ import annotations

import gzip
import io
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from annotator.formats.base import Refusal
from annotator.store.base import Store
from annotator.workflow.finding_files import FoundFile, find_files
from annotator.workflow.importing import Request, import_paths
from annotator.workflow.taking_in import Taken
from annotator.workflow.unpacking import Limits, unpacked

NewProject = Callable[..., Store]


def packed(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def unpack(path: Path, limits: Limits | None = None) -> list[FoundFile | Refusal]:
    (file,) = find_files([path])
    assert isinstance(file, FoundFile)
    folder = path.parent / "unpacked"
    folder.mkdir()
    return list(unpacked(file, folder, limits or Limits()))


def message(found: list[FoundFile | Refusal]) -> str:
    (refusal,) = found
    assert isinstance(refusal, Refusal), refusal
    return refusal.message


def test_what_is_in_archives_is_imported_by_its_name_within(
    new_project: NewProject, tmp_path: Path
) -> None:
    archive = packed(tmp_path / "a.zip", ("sub/b.txt", b"Two."), ("a.txt", b"One."))
    (tmp_path / "c.txt.gz").write_bytes(gzip.compress(b"Three."))
    store = new_project()
    request = Request(paths=(archive, tmp_path / "c.txt.gz"), default_annotator="me")
    outcomes = [step.outcome for step in import_paths(store, request)]
    assert [o.name for o in outcomes if isinstance(o, Taken)] == ["a.txt", "sub/b.txt", "c.txt"]
    assert store.document(store.documents("")[1].id).source == f"{archive}/sub/b.txt"


LINK = zipfile.ZipInfo("link")
LINK.external_attr = (stat.S_IFLNK | 0o777) << 16


@pytest.mark.parametrize(
    ("member", "data", "expected"),
    [
        ("../out.txt", b"x", "leads out of the archive"),
        ("/etc/x.txt", b"x", "leads out of the archive"),
        ("a\\..\\b.txt", b"x", "leads out of the archive"),
        ("c:/x.txt", b"x", "leads out of the archive"),
        (".hidden", b"x", "hidden"),
        ("__MACOSX/a", b"x", "hidden"),
        (LINK, b"/etc/passwd", "a link"),
        ("b.zip", b"PK\x03\x04rest", "an archive within an archive"),
        ("b.gz", gzip.compress(b"x", mtime=0), "an archive within an archive"),
    ],
)
def test_members_that_are_not_to_be_trusted_are_refused_and_the_rest_goes_on(
    member: str | zipfile.ZipInfo, data: bytes, expected: str, tmp_path: Path
) -> None:
    found = unpack(packed(tmp_path / "a.zip", ("good.txt", b"Good."), (member, data)))
    assert [f.name for f in found if isinstance(f, FoundFile)] == ["good.txt"]
    assert expected in message([f for f in found if isinstance(f, Refusal)])
    inside = [p for p in tmp_path.rglob("*") if p.is_file() and p.suffix != ".zip"]
    assert all(p.is_relative_to(tmp_path / "unpacked") for p in inside)
    assert not any(p.is_symlink() for p in inside)


def test_a_member_packed_in_an_unknown_way_stops_no_other(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", ("a.txt", b"One."), ("b.txt", b"Two."))
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        data[data.index(mark) + at] = 9  # Deflate64
    path.write_bytes(data)
    refusal, good = unpack(path)
    assert isinstance(refusal, Refusal)
    assert isinstance(good, FoundFile)
    assert (refusal.place, good.name) == (f"{path}/a.txt", "b.txt")
    assert "packed in a way that is not known" in refusal.message


def test_an_archive_of_a_later_version_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", ("a.txt", b"One."))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 6] = 99
    path.write_bytes(data)
    assert "packed in a way that is not known: zip file version 9.9" in message(unpack(path))


@pytest.mark.parametrize("way", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_member_stops_no_other(way: int, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", way) as archive:
        archive.writestr("a.txt", Random(0).randbytes(400))
        archive.writestr("b.txt", b"Two.")
    data = bytearray(path.read_bytes())
    for at in range(60, 70):
        data[at] ^= 0xFF
    path.write_bytes(data)
    refusal, good = unpack(path)
    assert isinstance(refusal, Refusal)
    assert isinstance(good, FoundFile)
    assert (refusal.place, good.name) == (f"{path}/a.txt", "b.txt")
    assert refusal.message.startswith(("damaged: ", "could not be unpacked: "))


def test_a_member_that_this_python_cannot_unpack_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = packed(tmp_path / "a.zip", ("a.txt", b"One."), ("b.txt", b"Two."))
    opened = zipfile.ZipFile.open

    def built_without(self: zipfile.ZipFile, member: zipfile.ZipInfo) -> object:
        if member.filename == "a.txt":
            raise RuntimeError("Compression requires the (missing) lzma module")
        return opened(self, member)

    monkeypatch.setattr(zipfile.ZipFile, "open", built_without)
    refusal, good = unpack(path)
    assert isinstance(refusal, Refusal)
    assert isinstance(good, FoundFile)
    assert "packed in a way that is not known: Compression requires" in refusal.message


def test_a_tar_in_a_gz_says_what_to_do(tmp_path: Path) -> None:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"), io.BytesIO())
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(data.getvalue()))
    assert "an archive within an archive" in message(unpack(tmp_path / "a.tar.gz"))


@pytest.mark.parametrize("kind", ["zip", "gz"])
def test_a_bomb_is_stopped_while_it_grows(kind: str, tmp_path: Path) -> None:
    bomb = b"\0" * 30_000_000
    path = tmp_path / f"bomb.{kind}"
    if kind == "zip":
        packed(path, ("a.txt", b"Good."), ("bomb.txt", bomb))
    else:
        path.write_bytes(gzip.compress(bomb))
    found = unpack(path, Limits(ratio=100))
    assert "unpacks to more than" in message([f for f in found if isinstance(f, Refusal)])
    written = sum(p.stat().st_size for p in (tmp_path / "unpacked").rglob("*") if p.is_file())
    assert written <= path.stat().st_size * 100 + (1 << 20)


def test_too_many_members_and_damaged_archives(tmp_path: Path) -> None:
    many = packed(tmp_path / "many.zip", *((f"{n}.txt", b"") for n in range(5)))
    assert "holds more than 4 files" in message(unpack(many, Limits(members=4)))


@pytest.mark.parametrize("keep", [4, 30, 60])
def test_damaged_archives(keep: int, tmp_path: Path) -> None:
    whole = packed(tmp_path / "whole.zip", ("a.txt", b"One. " * 100)).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[:keep])
    assert "a damaged archive" in message(unpack(tmp_path / "cut.zip"))


def test_a_cut_gz(tmp_path: Path) -> None:
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"One. " * 1000)[:25])
    assert "a damaged archive" in message(unpack(tmp_path / "cut.gz"))
