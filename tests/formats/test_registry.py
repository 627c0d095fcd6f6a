from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from annotator.errors import InputError, UsageError
from annotator.formats import registry
from annotator.formats.base import Format
from annotator.formats.jsonl import FORMAT as JSONL
from annotator.formats.plain_text import FORMAT as TEXT

HEAD = b'{"format":"annotator/1","text":"a"}\n'


def points(monkeypatch: pytest.MonkeyPatch, *found: tuple[str, str]) -> None:
    group = [EntryPoint(name, value, registry.GROUP) for name, value in found]
    monkeypatch.setattr(registry, "entry_points", lambda group: found_points)
    found_points = group


def test_the_built_in_formats_come_through_the_entry_points() -> None:
    assert {"jsonl", "text"} <= set(registry.names())
    assert registry.get("jsonl") is JSONL


def test_names_are_listed_without_importing_a_format() -> None:
    code = (
        "import sys; from annotator.formats import registry; registry.names();"
        "sys.exit('annotator.formats.jsonl' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_unknown_format_names_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"no format 'brut'.*\n.*jsonl"):
        registry.get("brut")


def test_one_that_cannot_be_imported_raises_with_a_hint_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    points(
        monkeypatch,
        ("text", "annotator.formats.plain_text:FORMAT"),
        ("broken", "no_such_package.here:FORMAT"),
    )
    with pytest.raises(UsageError, match=r"'broken' cannot be loaded: No module") as caught:
        registry.get("broken")
    assert caught.value.hint
    with pytest.warns(RuntimeWarning, match="broken"):
        assert registry.all_formats() == [TEXT]


def test_two_packages_with_one_name_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    points(
        monkeypatch,
        ("text", "annotator.formats.plain_text:FORMAT"),
        ("text", "other.package:FORMAT"),
    )
    with pytest.warns(RuntimeWarning, match="two packages offer the format 'text'"):
        assert registry.get("text") is TEXT


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (HEAD, "a.jsonl", "jsonl"),
        (b"\xef\xbb\xbf" + HEAD, "a.txt", "jsonl"),
        (b'{"text":"a","format":"annotator/1"}', "a.jsonl", "jsonl"),
        (b"Bob said.", "a.txt", "text"),
        (b"Bob said.", "a", "text"),
        (b"", "a.txt", "text"),
        ("é".encode("utf-16"), "a.txt", "text"),
    ],
)
def test_a_file_is_recognised_by_its_content(head: bytes, name: str, expected: str) -> None:
    assert registry.recognise(head, Path(name), [JSONL, TEXT]).name == expected


@pytest.mark.parametrize(
    ("head", "name"), [(b"\x89PNG\r\n\x1a\n\0", "a.txt"), (b'{"text":"a"}', "a.jsonl")]
)
def test_one_that_is_none_of_them_says_how_to_force_a_format(head: bytes, name: str) -> None:
    with pytest.raises(InputError, match="of no format that is known") as caught:
        registry.recognise(head, Path(name), [JSONL, TEXT])
    assert "--format" in caught.value.hint


@pytest.mark.parametrize(("name", "expected"), [("a.csv", "csv-text"), ("a.tsv", "csv-text")])
def test_a_table_whose_lines_end_as_on_old_macs_is_recognised(name: str, expected: str) -> None:
    formats = registry.all_formats()
    assert registry.recognise(b"text,b\rBob said.,1\r", Path(name), formats).name == expected


@pytest.mark.parametrize("head", [b'PAR1\x15\x04\r,\x15 "\r', b'"\r', b"x\x9c\xed\r\xbd,\x07\r"])
@pytest.mark.parametrize("format", registry.all_formats(), ids=lambda format: format.name)
def test_no_format_fails_at_bytes_under_its_ending(format: Format, head: bytes) -> None:
    for ending in format.extensions:
        assert 0 <= format.sniff(head, Path(f"a{ending}")) <= 1


def test_an_empty_file_is_called_so() -> None:
    with pytest.raises(InputError, match=r"a\.json: an empty file"):
        registry.recognise(b"", Path("a.json"), [JSONL, TEXT])


def test_an_ambiguous_one_says_what_it_could_be() -> None:
    class Rival(type(TEXT)):
        name = "rival"

    with pytest.raises(InputError, match="could be rival or text") as caught:
        registry.recognise(b"Bob", Path("a.txt"), [JSONL, TEXT, Rival()])
    assert "--format rival" in caught.value.hint
