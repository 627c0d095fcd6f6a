"""Whatever a file holds, a format gives records that hold, or refusals; nothing else, in bounds."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from annotator.core.annotation import Span
from annotator.core.document import Document
from annotator.core.schema import Schema
from annotator.errors import InputError, UsageError
from annotator.formats import options, registry
from annotator.formats.base import Format, Record, Refusal, Source, Target
from annotator.formats.check import problems


def usable(format: Format) -> bool:
    try:
        format.require()
    except UsageError:
        return False
    return True


READ = [f for f in registry.all_formats() if f.reads and usable(f)]
WRITTEN = [f for f in READ if f.writes and not f.folder]
EXPORTS = Path(__file__).resolve().parents[2] / "exports"
FUZZ = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


def outcome(
    format: Format, path: Path, schema: Schema, largest: int = 1 << 20
) -> list[Record | Refusal]:
    """What was read, every record looked at once more; a file that is refused whole is one."""
    checked = options.checked(format.name, format.read_options, {})
    source = Source(path, path.name, schema=schema, options=checked, largest_record=largest)
    found: list[Record | Refusal] = []
    try:
        for item in format.read(source):
            assert isinstance(item, Refusal) or not list(problems(item))
            found.append(item)
    except InputError as error:
        found.append(Refusal(source.shown, error.message, error.hint))
    assert all(item.message for item in found if isinstance(item, Refusal))
    return found


def example(format: Format) -> bytes:
    """The seed in this format, or else in one that it might read."""
    path = EXPORTS / f"raqqa{format.extensions[0]}"
    if path.is_dir():
        path = min(p for p in path.rglob("*") if p.is_file())
    return path.read_bytes() if path.is_file() else b"a,text\n1,Bob\n"


@pytest.mark.parametrize("format", READ, ids=lambda f: f.name)
def test_bytes_changed_anywhere_break_nothing(format: Format, news: Schema, tmp_path: Path) -> None:
    whole = example(format)
    path = tmp_path / f"in{format.extensions[-1]}"

    @FUZZ
    @given(
        cuts=st.lists(
            st.tuples(
                st.integers(0, len(whole)), st.integers(0, 40),
                st.sampled_from((b"", b"\xff", b"[[", b"}", b'"', b"\n", b"-1", b"99999", b"\0")),
            ),
            min_size=1, max_size=3,
        )
    )  # fmt: skip
    def changed(cuts: list[tuple[int, int, bytes]]) -> None:
        data = whole
        for at, length, new in cuts:
            data = data[:at] + new + data[at + length :]
        path.write_bytes(data)
        outcome(format, path, news)

    changed()


JUNK: tuple[Any, ...] = (None, -1, 10**30, "\ud83d", [], {"start": 5, "end": 1}, [0, 1, 2])


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths to the values of a JSON value, of lists only to the first."""
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*path, key))
    elif isinstance(value, list) and value:
        yield from places(value[0], (*path, 0))


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = put(value[path[0]], path[1:], new)
    return copy


JSON_FORMATS = [f for f in READ if ".json" in f.extensions or f.extensions[-1] == ".jsonl"]


@pytest.mark.torture
@pytest.mark.parametrize("format", JSON_FORMATS, ids=lambda f: f.name)
def test_every_value_replaced_by_junk_is_read_or_refused(
    format: Format, news: Schema, tmp_path: Path
) -> None:
    value = json.loads(example(format))
    path, tried = tmp_path / "in.json", 0
    for place in places(value):
        for junk in JUNK:
            path.write_text(json.dumps(put(value, place, junk)))
            outcome(format, path, news)
            tried += 1
    assert tried > 40


@pytest.mark.parametrize("format", JSON_FORMATS, ids=lambda f: f.name)
@pytest.mark.parametrize(
    "deep", ["[" * 100_000, '{"text":' * 100_000, '{"text":"a","x":' + "[" * 99_999]
)
def test_deep_json_is_refused(format: Format, deep: str, news: Schema, tmp_path: Path) -> None:
    path = tmp_path / "in.json"
    path.write_text(deep)
    assert any(isinstance(item, Refusal) for item in outcome(format, path, news))


@pytest.mark.parametrize("format", READ, ids=lambda f: f.name)
def test_a_long_line_is_refused_without_being_kept(
    format: Format, news: Schema, tmp_path: Path
) -> None:
    """Thirty times what a record may hold: memory stays near one record."""
    path = tmp_path / f"in{format.extensions[-1]}"
    with path.open("wb") as file:
        file.write(b'{"text":"' if example(format)[:1] in b"[{" else b"a,text\n1,")
        for _ in range(12):
            file.write(b"x" * 1_000_000)
    tracemalloc.start()
    found = outcome(format, path, news, largest=400_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert any(isinstance(item, Refusal) for item in found)
    assert peak < 6_000_000


def many(number: int) -> Iterator[Record]:
    """Documents of about 500 B with a span each."""
    for n in range(number):
        text = f"{n} " + "Bob said so. " * 40
        span = Span(f"s{n}", f"d{n}", "", "entity", "PERSON", ((0, 1),), text[:1])
        yield Record(document=Document(f"d{n}", f"{n}.txt", text, ""), spans=(span,))


@pytest.mark.torture
@pytest.mark.parametrize("format", WRITTEN, ids=lambda f: f.name)
def test_memory_does_not_grow_with_the_number_of_documents(
    format: Format, news: Schema, tmp_path: Path
) -> None:
    path = tmp_path / f"out{format.extensions[0]}"
    checked = options.checked(format.name, format.write_options, {})
    peaks = []
    for number in (60, 60, 360):  # the first loads modules and fills caches
        tracemalloc.start()
        with path.open("wb") as file:
            format.export(many(number), Target(file=file, schema=news, options=checked))
        checked_read = options.checked(format.name, format.read_options, {})
        source = Source(path, "out", schema=news, options=checked_read)
        assert sum(1 for _ in format.read(source)) == number
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < peaks[1] + 500_000
