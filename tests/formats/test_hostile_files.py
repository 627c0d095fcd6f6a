"""Whatever a file holds, a format gives records that hold, or refusals; nothing else, in bounds."""

from __future__ import annotations

import json
import subprocess
import sys
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
    """What was read, every record looked at once more; a file that is refused whole is one.

    A file gives something, or says why it does not, and all of that says where it stood.
    """
    checked = options.checked(format.name, format.read_options, {})
    source = Source(path, path.name, schema=schema, options=checked, largest_record=largest)
    found: list[Record | Refusal] = []
    try:
        for item in format.read(source):
            assert isinstance(item, Refusal) or not list(problems(item))
            found.append(item)
    except InputError as error:
        found.append(Refusal(source.shown, error.message, error.hint))
    assert found
    assert all(item.place.startswith(source.shown) for item in found)
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


@pytest.mark.parametrize("format", JSON_FORMATS, ids=lambda f: f.name)
def test_json_that_swells_is_refused(
    format: Format, news: Schema, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two bytes of an empty list are more than fifty in memory."""
    for module in ("json_items.MOST_VALUES", "jsonl._MOST_VALUES"):
        monkeypatch.setattr(f"annotator.formats.{module}", 20_000)
    path = tmp_path / "in.json"
    path.write_text('{"text": "a", "meta": {"a": [' + ",".join(["[]"] * 100_000) + "]}}")
    tracemalloc.start()
    found = outcome(format, path, news)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [item for item in found if isinstance(item, Refusal)]
    assert any("values" in item.message for item in found if isinstance(item, Refusal))
    assert peak < 4_000_000


def test_a_row_without_end_is_refused(news: Schema, tmp_path: Path) -> None:
    """Each line and each cell is short, but no row ends."""
    path = tmp_path / "in.csv"
    path.write_text("text,b\nBob,1\n" + '"a\nb",' * 20_000)
    found = outcome(registry.get("csv-text"), path, news, largest=10_000)
    assert [type(item) for item in found] == [Record, Refusal]
    assert "the row is longer than 10,000 characters" in str(found[1])


LINES = ("jsonl", "csv-text", "doccano", "prodigy", "jsonl-text")


@pytest.mark.torture
@pytest.mark.parametrize("name", [name for name in LINES if name in {f.name for f in READ}])
def test_a_line_of_a_gigabyte(name: str, news: Schema, tmp_path: Path) -> None:
    """A sparse file, with the limit as it is; what is read of the line is not kept twice."""
    format = registry.get(name)
    path = tmp_path / f"in{format.extensions[-1]}"
    with path.open("wb") as file:
        file.write(b'text,b\n"' if name == "csv-text" else b'{"text":"')
        file.truncate(1 << 30)
    program = (
        "import resource, sys; from pathlib import Path\n"
        "from annotator.formats import options, registry\n"
        "from annotator.formats.base import Source\n"
        "from annotator.workflow.recognising import items_of\n"
        f"format, path = registry.get({name!r}), Path(sys.argv[1])\n"
        "checked = options.checked(format.name, format.read_options, {})\n"
        "(item,) = items_of(format, Source(path, 'in', options=checked))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, item.message)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, path], capture_output=True, text=True, check=True
    ).stdout
    megabytes, _, message = told.partition(" ")
    assert "longer than 268,435,456" in message
    assert int(megabytes) < 900
