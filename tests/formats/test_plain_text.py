from __future__ import annotations

import io
from pathlib import Path

import pytest

from annotator.errors import InputError, UsageError
from annotator.formats.base import Record, Source, Target
from annotator.formats.plain_text import FORMAT


def read(path: Path, data: bytes, encoding: str | None = None) -> Record:
    path.write_bytes(data)
    (record,) = FORMAT.read(Source(path, "doc.txt", encoding=encoding))
    assert isinstance(record, Record)
    return record


@pytest.mark.parametrize(
    ("data", "asked", "text", "encoding"),
    [
        (b"a\r\nb\r\rc\n", None, "a\r\nb\r\rc\n", "utf-8"),
        (b"", None, "", "utf-8"),
        (b"\xef\xbb\xbfZ\xc3\xbcrich", None, "Zürich", "utf-8-sig"),
        ("😀 é".encode("utf-16"), None, "😀 é", "utf-16"),
        (b"\xfe\xff" + "é".encode("utf-16-be"), None, "é", "utf-16"),
        ("😀".encode("utf-32"), None, "😀", "utf-32"),
        ("Zürich".encode(), "cp1252", "Zürich", "utf-8"),
        (b"Z\xfcrich", "cp1252", "Zürich", "cp1252"),
        ("é".encode("utf-16-le"), "utf-16-le", "é", "utf-16-le"),
        ("日本".encode("iso2022_jp"), "iso2022_jp", "日本", "iso2022_jp"),
        (b"\xef\xbb\xbf\xc3\xbc", "latin-1", "ü", "utf-8-sig"),
    ],
)
def test_decoding(data: bytes, asked: str | None, text: str, encoding: str, tmp_path: Path) -> None:
    record = read(tmp_path / "a.txt", data, asked)
    assert (record.document.text, record.document.encoding) == (text, encoding)
    assert record.document.name == "doc.txt"


@pytest.mark.parametrize(
    ("data", "asked", "message", "hint"),
    [
        (b"abc\xff\xfe", None, r"a.txt: not utf-8 at byte 3: .*\(0xff\)", "--encoding"),
        (b"ab\xc3", None, r"not utf-8 at byte 2", "--encoding"),
        (b"a\xff", "ascii", r"not ascii at byte 1", "--encoding"),
        (b"a", "klingon", "there is no encoding 'klingon'", "cp1252"),
        (b"a\0b", None, "a binary file", "--encoding"),
        (b"\x7fELF\x01\x02\x03", None, "a binary file", "--encoding"),
    ],
)
def test_what_cannot_be_decoded_says_where_and_what_to_do(
    data: bytes, asked: str | None, message: str, hint: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read(tmp_path / "a.txt", data, asked)
    assert hint in caught.value.hint


def test_a_file_too_large_is_refused_without_being_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 11)
    with pytest.raises(InputError, match="larger than 10 bytes"):
        list(FORMAT.read(Source(path, "a", largest_record=10)))


def test_it_cannot_be_written() -> None:
    with pytest.raises(UsageError, match="not exported"):
        FORMAT.export([], Target(file=io.BytesIO()))
