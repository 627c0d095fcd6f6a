"""Parquet: pyarrow reads what was written; others' tables come in; wrong ones are refused."""

from __future__ import annotations

import datetime
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from msgspec.structs import replace
from random_records import projects
from reading import one, read, refused, spans
from test_round_trips import FEW

from annotator.core.document import Document
from annotator.core.schema import Schema
from annotator.errors import InputError
from annotator.formats import parquet as module
from annotator.formats import parquet_apart
from annotator.formats.base import Record, Refusal, Source, Target
from annotator.formats.jsonl_rows import to_row
from annotator.formats.parquet import FORMAT
from annotator.formats.parquet_apart import rows_apart
from annotator.formats.parquet_rows import table_schema, to_table_row

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
from pyarrow import parquet  # noqa: E402

DOCUMENT = Record(document=Document("d", "one.txt", "Bob left.", ""), sentences=())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "in.parquet"


def exported(records: list[Record]) -> bytes:
    sink = io.BytesIO()
    assert FORMAT.export(iter(records), Target(file=sink)) == len(records)
    return sink.getvalue()


def table(rows: list[dict[str, Any]], schema: Any = None) -> bytes:
    sink = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(rows, schema), sink)
    return sink.getvalue()


def test_pyarrow_reads_what_is_written_and_so_do_we(tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("parquet")

    @settings(FEW, max_examples=12)
    @given(records=projects())
    def both(records: list[Record]) -> None:
        data = exported(records)
        rows = parquet.read_table(io.BytesIO(data)).to_pylist()
        for record, row in zip(records, rows, strict=True):
            assert (row["text"], row["annotator"]) == (record.document.text, record.annotator)
            assert json.loads(row["meta"]) == json.loads(json.dumps(record.document.meta))
            assert {s["id"]: (s["layer"], s["text"], s["note"]) for s in row["spans"]} == {
                s.id: (s.layer, s.text, s.note) for s in record.spans
            }
            for span in row["spans"]:
                pieces = [row["text"][f["start"] : f["end"]] for f in span["fragments"]]
                assert " ".join(pieces) == span["text"]
        found, _ = read(FORMAT, folder / "in.parquet", data)
        assert [to_row(r) for r in found if isinstance(r, Record)] == [to_row(r) for r in records]

    both()


def test_row_groups_bound_memory(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_GROUP", 1)
    monkeypatch.setattr(module, "_TOGETHER", 2)
    data = exported([DOCUMENT] * 5)
    file = parquet.ParquetFile(io.BytesIO(data))
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [2, 2, 1]
    found, _ = read(FORMAT, path, data)
    assert len(found) == 5


def test_no_cut_into_sentences_stays_none(path: Path) -> None:
    given = replace(DOCUMENT, sentences=None)
    assert one(read(FORMAT, path, exported([given]))).sentences is None


def test_no_records_make_an_empty_table(path: Path) -> None:
    data = exported([])
    assert parquet.read_table(io.BytesIO(data)).schema.names == table_schema().names
    assert refused(read(FORMAT, path, data)) == "the table has no rows"


def test_the_table_of_somebody_else(path: Path) -> None:
    row = {
        "body": "Bob left.", "name": "a.txt", "when": datetime.datetime(2017, 6, 6), "n": 3,
        "raw": b"\xff", "list": [1.5, None], "gone": None,
    }  # fmt: skip
    record = one(read(FORMAT, path, table([row]), **{"text-field": "body"}))
    assert (record.document.name, record.document.text) == ("a.txt", "Bob left.")
    assert record.document.meta == {
        "when": "2017-06-06T00:00:00", "n": 3, "raw": "/w==", "list": [1.5, None], "gone": None,
    }  # fmt: skip
    assert "there is no 'text'" in refused(read(FORMAT, path, table([row])))


def changed(**changes: Any) -> dict[str, Any]:
    return {**to_table_row(to_row(DOCUMENT)), "sentences": None, **changes}


def span(**changes: Any) -> dict[str, Any]:
    place = {"start": 0, "end": 3}
    given = {"id": "s", "layer": "entity", "label": "PERSON", **place, "fragments": [place]}
    return {**given, "text": "Bob", "attributes": [], "flagged": False, "origin": {}, **changes}


TWICE = [{"name": "mode", "values": ["x"], "uncertain": False}] * 2
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"text": None}, "missing required field `text`"),
    ({"status": "maybe"}, "Invalid enum value 'maybe'"),
    ({"meta": "[1"}, "its metadata is no JSON"),
    ({"meta": "[" * 100_000}, "its metadata is no JSON"),
    ({"spans": [span(start=-1)]}, "not a record of ours"),
    ({"spans": [span(end=99, fragments=[{"start": 0, "end": 99}])]}, "outside of the text"),
    ({"spans": [span(text="Ann")]}, "the offsets hold 'Bob'"),
    ({"spans": [span(attributes=TWICE)]}, "an attribute stands twice"),
    ({"spans": [span(label=None)]}, "not a record of ours"),
    ({"spans": [span(), span()]}, "the id is used 2 times"),
    ({"spans": [None]}, "not a record of ours"),
    (
        {
            "relations": [
                {
                    "id": "r",
                    "type": "t",
                    "arguments": [{"role": "a"}],
                    "attributes": [],
                    "flagged": False,
                    "origin": {},
                }
            ]
        },
        "must name one of",
    ),
]


def test_a_wrong_row_is_refused_and_stops_no_other(path: Path) -> None:
    rows = [changed(**change) for change, _ in WRONG] + [changed(spans=[span()])]
    found, _ = read(FORMAT, path, table(rows, table_schema()))
    assert len(found) == len(rows)
    for number, (item, (_, message)) in enumerate(zip(found[:-1], WRONG, strict=True), start=1):
        assert isinstance(item, Refusal)
        assert message in item.message
        assert item.place == f"{path} row {number}"
    assert isinstance(found[-1], Record)
    assert spans(found[-1]) == [("entity", "PERSON", "Bob")]


def test_columns_of_other_types_are_refused(path: Path) -> None:
    for change in ({"spans": "none"}, {"sentences": 5}, {"tokens": [7]}, {"actors": [["a"]]}):
        row = {"format": "annotator/1", "text": "Bob left.", **change}
        assert "not a record of ours" in refused(read(FORMAT, path, table([row])))
    lenient = one(read(FORMAT, path, table([{"format": "annotator/1", "text": "Bob left."}])))
    assert lenient.document.text == "Bob left."


def test_damaged_files(path: Path) -> None:
    data = exported([DOCUMENT])
    for wrong in (b"PAR1", data[: len(data) // 2], b"PAR1" + b"\xff" * 400 + b"PAR1"):
        with pytest.raises(InputError, match=r"no Parquet that can be read: .+"):
            read(FORMAT, path, wrong)
    assert "longer than 5 characters" in refused(read(FORMAT, path, data, largest_record=5))


def test_a_list_that_unfolds_is_refused(path: Path) -> None:
    """A kilobyte of file, a hundred million bytes of list."""
    many = 20_000_000
    nulls = pa.ListArray.from_arrays(pa.array([0, many], pa.int32()), pa.nulls(many, pa.int32()))
    parquet.write_table(pa.table({"text": ["a"], "list": nulls}), path)
    assert path.stat().st_size < 2_000
    with pytest.raises(InputError, match=r"more than \d+,000,000 bytes of memory|broke down"):
        list(rows_apart(Source(path, "bomb"), 150_000_000))


def test_a_reader_that_breaks_down_costs_its_file_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(b"PAR1")
    monkeypatch.setattr(parquet_apart, "__name__", "os.abort")
    with pytest.raises(InputError, match="its reader broke down over it"):
        list(rows_apart(Source(path, "broken"), 10**9))


def test_it_is_known_by_its_first_bytes(full_schema: Schema) -> None:
    assert FORMAT.sniff(exported([]), Path("table")) == 1.0
    assert FORMAT.sniff(b"text", Path("a.parquet")) == 0.0
