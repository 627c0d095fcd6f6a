"""Texts that are not UTF-8, say that they are something else, or are not what they say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.errors import UsageError
from annotator.formats.base import Refusal, Source
from annotator.formats.decoding import encoding_of
from annotator.store.base import Store
from annotator.workflow.importing import Request, import_paths
from annotator.workflow.taking_in import Taken

NewProject = Callable[..., Store]


def outcome(store: Store, path: Path, encoding: str | None = None) -> Taken | Refusal:
    request = Request(paths=(path,), default_annotator="me", encoding=encoding)
    (step,) = import_paths(store, request)
    return step.outcome


def refusal(store: Store, path: Path, data: bytes, encoding: str | None = None) -> Refusal:
    path.write_bytes(data)
    found = outcome(store, path, encoding)
    assert isinstance(found, Refusal)
    return found


def test_a_byte_is_counted_from_the_start_of_the_file(
    new_project: NewProject, tmp_path: Path
) -> None:
    store, path = new_project(), tmp_path / "a.txt"
    assert "at byte 2:" in refusal(store, path, b"ab\xff").message
    marked = refusal(store, path, b"\xef\xbb\xbfab\xff")
    assert "at byte 5:" in marked.message
    assert "--encoding" not in marked.hint
    assert "byte order mark" in marked.hint
    line = refusal(store, tmp_path / "a.jsonl", b'{"format":"annotator/1","text":"a\xff"}')
    assert "not UTF-8 at byte 33 of the line" in line.message


def test_a_text_with_nuls_needs_its_encoding_alone(new_project: NewProject, tmp_path: Path) -> None:
    store, path = new_project(), tmp_path / "a.txt"
    data = "Hällo. Er geht.".encode("utf-16-le")
    assert "--encoding" in refusal(store, path, data).hint
    taken = outcome(store, path, "utf-16-le")
    assert isinstance(taken, Taken)
    assert store.document(store.find_document("a.txt")).text == "Hällo. Er geht."
    assert isinstance(refusal(store, tmp_path / "b.txt", b"\0\1\2\3" * 9, "cp1252"), Refusal)


@pytest.mark.parametrize("name", ["nope", "rot13", "hex", "a\0b", ""])
def test_an_encoding_that_is_none_is_wrong_use(
    name: str, new_project: NewProject, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfGood.")
    with pytest.raises(UsageError, match="no encoding"):
        outcome(new_project(), tmp_path / "a.txt", name)


FILES = [
    ("a.txt", "Käse, sagte Bob.\n", "Käse, sagte Bob.\n"),
    ("a.csv", "text\n“Käse” schmeckt.\n", "“Käse” schmeckt."),
    ("a.conll", "Käse B-A\nschmeckt O\n\n", "Käse schmeckt"),
]


@pytest.mark.parametrize(("name", "content", "text"), FILES, ids=lambda value: value[:7])
@pytest.mark.parametrize(
    ("encoding", "asked"),
    [
        ("utf-8", None), ("utf-8", "cp1252"), ("utf-8-sig", "cp1252"), ("utf-16", "cp1252"),
        ("cp1252", "cp1252"),
    ],
)  # fmt: skip
def test_an_encoding_is_asked_for_files_that_are_neither_marked_nor_utf_8(
    name: str, content: str, text: str, encoding: str, asked: str | None,
    new_project: NewProject, tmp_path: Path,
) -> None:  # fmt: skip
    store, path = new_project(), tmp_path / name
    path.write_bytes(content.encode(encoding))
    found = outcome(store, path, asked)
    assert isinstance(found, Taken), found
    (id,) = store.document_ids()
    assert store.document(id).text == text


@pytest.mark.parametrize("end", ["ä".encode(), "ä".encode("latin-1"), b"\xc3"])
def test_a_long_file_is_looked_at_to_its_end(end: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"text\n" + "ä".encode() * (1 << 19) + end)
    expected = "utf-8" if end == "ä".encode() else "latin-1"
    assert encoding_of(Source(path, "a.csv", encoding="latin-1")) == expected


@pytest.mark.parametrize("name", [name for name, *_ in FILES])
def test_what_to_do_about_wrong_bytes_depends_on_the_mark(
    name: str, new_project: NewProject, tmp_path: Path
) -> None:
    store, path, bad = new_project(), tmp_path / name, b"text B-A\nBob O\n\xff O\n"
    assert "--encoding" in refusal(store, path, bad).hint
    assert "take the mark away" in refusal(store, path, b"\xef\xbb\xbf" + bad).hint
