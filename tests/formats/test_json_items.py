from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.errors import InputError
from annotator.formats import json_items as module
from annotator.formats.base import Source
from annotator.formats.json_items import decoded, decoded_object, first_value, json_items

VALUES = st.recursive(
    st.none() | st.integers(-9, 9) | st.text(st.sampled_from('a"\\{}[],:\n😀'), max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=2)
    ),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(st.sampled_from('k"\\{'), max_size=3), VALUES, max_size=3)


def items(data: bytes, tmp_path: Path, **options: int) -> list[tuple[int, bytes | None]]:
    path = tmp_path / "in.json"
    path.write_bytes(data)
    return [tuple(item) for item in json_items(Source(path, "in", **options))]


def scanned(data: bytes, chunk: int) -> list[object]:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(chunk)

    scanner = module._Scanner(10_000, data.lstrip()[:1] == b"[")
    return [json.loads(item.data or b"") for item in scanner.items(Slow(data))]


@settings(max_examples=200, deadline=None)
@given(
    values=st.lists(VALUES, max_size=4), indent=st.sampled_from((None, 2)),
    chunk=st.integers(1, 40), escape=st.booleans(),
)  # fmt: skip
def test_an_array_is_read_element_by_element(
    values: list[object], indent: int | None, chunk: int, escape: bool
) -> None:
    data = json.dumps(values, indent=indent, ensure_ascii=escape).encode()
    assert scanned(data, chunk) == values


@settings(max_examples=100, deadline=None)
@given(values=st.lists(OBJECTS, max_size=3), chunk=st.integers(1, 40))
def test_values_behind_each_other_are_read_one_by_one(values: list[object], chunk: int) -> None:
    assert scanned("\n".join(json.dumps(v, indent=1) for v in values).encode(), chunk) == values


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b'{"a":1}\n\n{"b":2}\n', [1, 3]),
        (b'\xef\xbb\xbf{"a":1}\r\n{"b":2}', [1, 2]),
        (b'[\n  {"a": 1},\n  {"b":\n 2}\n]\n', [2, 3]),
        (b'[{"a": 1}, 7, "x"]', [1, 1, 1]),
        (b'{\n "a": 1\n}\n{\n "b": 2}', [1, 4]),
        (b'{"a": 1}\n{"b": \n{"c": 3}\n', [1, 2, 3]),
        (b'{"a" 1}\n{"c": 3}\n', [1, 2]),
        (b'[{"a": 1}, {"b": "', [1, 1]),
        (b"", []),
        (b"[]", []),
    ],
)
def test_every_item_has_its_line(data: bytes, lines: list[int], tmp_path: Path) -> None:
    assert [line for line, _ in items(data, tmp_path)] == lines


def test_a_value_too_long_is_passed_over_in_every_shape(tmp_path: Path) -> None:
    long = b'{"a": "%s"}' % (b"x" * 300_000)
    for data in (b'[%s,\n{"b": 2}]', b'%s\n{"b": 2}\n', b'{\n}\n%s\n{"b": 2}'):
        found = [data for _, data in items(data % long, tmp_path, largest_record=1000)]
        assert found[-2:] == [None, b'{"b": 2}']


@pytest.mark.parametrize(
    ("head", "value"),
    [
        (b'{"a": 1}\n{"b"', {"a": 1}),
        (b'[\n {"a": [1]}, {"b"', {"a": [1]}),
        (b'{\n "a": 1\n}', {"a": 1}),
        (b'{"a": 1, "b', {"a": 1}),
        (b'{"a": [1, {"b": 2}, [', {"a": [1, {"b": 2}]}),
        (b'[{"a": "long \\', {"a": "long "}),
        (b"plain", None),
        (b"[" * 70_000, None),
        (b'{"a":' * 70_000, None),
    ],
)
def test_the_first_value_of_a_head(head: bytes, value: object) -> None:
    assert first_value(head) == value


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{", "not JSON"),
        (b'"\\ud800"', "not JSON"),
        (b'"\xff"', "not UTF-8"),
        (b"[" * 200_000, "nested too deep"),
    ],
)
def test_what_is_wrong_is_said(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        decoded(data)
    with pytest.raises(InputError, match="an object is expected, and not '7'"):
        decoded_object(b"7")
