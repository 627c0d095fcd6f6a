"""Tables: texts in one column of CSV or TSV, and spans written a row each."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from msgspec.structs import replace
from reading import losses, one, read

from annotator.core.annotation import Actor, AttributeValues, Origin, Span
from annotator.core.document import Document
from annotator.errors import InputError
from annotator.formats.base import Record, Refusal, Target
from annotator.formats.csv_spans import COLUMNS
from annotator.formats.csv_spans import FORMAT as SPANS
from annotator.formats.csv_text import FORMAT as TEXTS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "in.csv"


@pytest.mark.parametrize(
    "data",
    [
        "id,text,name\r\n1,Bob said 😀,a\r\n",
        "\ufeffid\ttext\tname\n1\tBob said 😀\ta\n",
        'name;"text";id\na;"Bob said 😀";1\n\n',
        "id | text |name\n1|Bob said 😀|a",
        "id,text,name\n1,Bob said 😀,a\n".encode("utf-16"),
    ],
)
def test_a_row_is_a_document_with_its_other_columns_as_metadata(
    data: str | bytes, path: Path
) -> None:
    record = one(read(TEXTS, path, data))
    document = record.document
    assert (document.text, document.name, document.meta) == ("Bob said 😀", "a", {"id": "1"})


def test_line_ends_and_marks_in_a_quoted_text_are_kept(path: Path) -> None:
    record = one(read(TEXTS, path, 'text\n"Bob\r\nsaid, ""yes"".\n"\n'))
    assert record.document.text == 'Bob\r\nsaid, "yes".\n'
    assert record.document.name == "in.csv#1"


def test_cells_without_a_heading_of_their_own_are_told(path: Path) -> None:
    found = read(TEXTS, path, ",id,text,id\n0,1,Bob,2\n,3,Ann,\n")
    assert [i.document.meta for i in found[0] if isinstance(i, Record)] == [
        {"id": "1"},
        {"id": "3"},
    ]
    assert losses(found) == {"cell of a column without a name of its own": 2}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("a,b\n1,2\n", r"in\.csv:1: there is no column 'text' \(columns: a, b\)"),
        ("text,text\n1,2\n", r"in\.csv:1: there are 2 columns 'text'"),
        ('text\n"Bob\nAnn\n', r"in\.csv:2: not a table"),
        (",".join(COLUMNS) + "\n", r"in\.csv:1: a table of spans"),
    ],
)
def test_what_is_no_table_of_texts_is_refused_with_its_line(
    data: str, message: str, path: Path
) -> None:
    with pytest.raises(InputError, match=message):
        read(TEXTS, path, data)


def test_a_row_with_too_many_cells_is_refused_and_the_others_come(path: Path) -> None:
    good, bad = read(TEXTS, path, "id,text\n1,Bob\n2,said, so\n")[0]
    assert isinstance(good, Record)
    assert isinstance(bad, Refusal)
    assert bad.place == f"{path}:3"
    assert "3 cells, and the table 2 columns" in bad.message


def test_spans_are_written_a_row_each(path: Path) -> None:
    text = 'A😀 "b",\nc'
    span = Span(
        "s", "d", "", "claim", "CLAIM", ((1, 2), (4, 8)), f"{text[1:2]} {text[4:8]}",
        attributes=(AttributeValues("mode", ("x", "y"), True), AttributeValues("act", ())),
        actor="a", note="one\ntwo", flagged=True, origin=Origin("crf", "1", 0.5),
    )  # fmt: skip
    record = Record(
        document=Document("d", "a.txt", text, ""), annotator="bob", actors=(Actor("a", "Ann"),),
        spans=(span, replace(span, id="t", fragments=((0, 1),), text="A", actor=None)),
    )  # fmt: skip
    sink = io.BytesIO()
    target = Target(file=sink)
    assert SPANS.export([record], target) == 1
    rows = list(csv.DictReader(io.StringIO(sink.getvalue().decode(), newline="")))
    assert [row["id"] for row in rows] == ["t", "s"]
    assert {k: v for k, v in rows[1].items() if k not in ("id", "layer", "label")} == {
        "document": "a.txt", "annotator": "bob", "start": "1", "end": "8", "fragments": "1-2 4-8",
        "text": span.text, "attributes": "mode=x|y;act=", "uncertain": "mode", "actor": "Ann",
        "note": "one\ntwo", "flagged": "true", "engine": "crf", "version": "1", "score": "0.5",
        "document_id": "d",
    }  # fmt: skip
    assert [loss.kind for loss in target.losses] == ["text outside of spans"]
