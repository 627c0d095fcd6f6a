"""Texts that are not UTF-8, say that they are something else, or are not what they say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.errors import UsageError
from annotator.formats.base import Refusal
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
