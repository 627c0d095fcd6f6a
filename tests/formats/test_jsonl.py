from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from msgspec.structs import replace
from random_records import projects

from annotator.formats.base import Record, Refusal, Source, Target
from annotator.formats.jsonl import FORMAT
from annotator.formats.jsonl_record import json_schema

TEXT = "Bob said it rained."


def written(records: list[Record]) -> bytes:
    sink = io.BytesIO()
    target = Target(file=sink)
    assert FORMAT.export(iter(records), target) == len(records)
    assert not target.losses
    return sink.getvalue()


def read(path: Path, **options: Any) -> list[Record | Refusal]:
    return list(FORMAT.read(Source(path, path.name, **options)))


def lines(tmp_path: Path, *content: bytes | str | dict[str, Any]) -> Path:
    path = tmp_path / "in.jsonl"
    rows = [json.dumps(c) if isinstance(c, dict) else c for c in content]
    path.write_bytes(b"\n".join(r.encode() if isinstance(r, str) else r for r in rows))
    return path


def row(**changes: Any) -> dict[str, Any]:
    return {"format": "annotator/1", "text": TEXT, **changes}


def span(**changes: Any) -> dict[str, Any]:
    return {"id": "s1", "layer": "thing", "label": "A", "start": 0, "end": 3, **changes}


def without_place(item: Record | Refusal) -> Record:
    assert isinstance(item, Record), item
    return replace(item, place="")


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(records=projects())
def test_what_is_written_is_read_again_and_fits_the_published_schema(
    records: list[Record], tmp_path: Path
) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(written(records))
    found = [without_place(item) for item in read(path)]
    assert written(found) == path.read_bytes()
    for before, after in zip(records, found, strict=True):
        assert after.document == before.document
        assert after.sentences == before.sentences
        assert after.done == before.done
        assert set(after.spans) == set(before.spans)
        assert set(after.relations) == set(before.relations)
        assert set(after.unit_labels) == set(before.unit_labels)
        assert {a.id: sorted(a.links) for a in after.actors} == {
            a.id: sorted(a.links) for a in before.actors
        }
    validator = jsonschema.Draft202012Validator(json_schema())
    for line in path.read_bytes().split(b"\n")[:-1]:
        validator.validate(json.loads(line))


def test_the_published_schema_is_the_one_of_the_code(root: Path) -> None:
    published = json.loads((root / "schemas" / "export.schema.json").read_bytes())
    assert published == json_schema()
    jsonschema.Draft202012Validator.check_schema(published)


def test_the_schema_refuses_what_an_export_never_holds() -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    assert not validator.is_valid(row())
    with pytest.raises(jsonschema.ValidationError, match="extra"):
        validator.validate(row(extra=1))


def test_the_keys_stand_in_the_order_of_the_design(tmp_path: Path) -> None:
    path = lines(tmp_path, row(spans=[span()]))
    line = json.loads(written([without_place(i) for i in read(path)]))
    order = "format id name text meta schema annotator status sentences tokens spans relations"
    assert [k for k in line if k in order.split()] == order.split()
    assert list(line)[-3:] == ["actors", "labels", "suggestions"]
    order = "id layer label start end fragments text attributes uncertain actor note origin"
    assert [k for k in line["spans"][0] if k != "flagged"] == order.split()


def test_a_script_may_leave_out_what_can_be_made_up(tmp_path: Path) -> None:
    path = lines(tmp_path, row(spans=[{"layer": "thing", "label": "A", "start": 0, "end": 3}]))
    (record,) = read(path)
    assert isinstance(record, Record)
    assert record.sentences is None
    assert record.spans[0].fragments == ((0, 3),)
    assert record.spans[0].text == "Bob"
    assert record.spans[0].id == "span 1"


def test_tokens_are_computed_not_taken_from_the_file(tmp_path: Path) -> None:
    sentence = {"id": "x", "start": 0, "end": len(TEXT)}
    (record,) = read(lines(tmp_path, row(tokens=[[0, 19]], sentences=[sentence])))
    line = json.loads(written([without_place(record)]))
    assert line["tokens"] == [[0, 3], [4, 8], [9, 11], [12, 18], [18, 19]]


def tie(id: str, **argument: str) -> dict[str, Any]:
    return {"id": id, "type": "tie", "arguments": [{"role": "one", **argument}]}


DEEP = "[" * 200_000 + "]" * 200_000
BROKEN: list[tuple[str, Callable[[], bytes | str | dict[str, Any]], str]] = [
    ("no json", lambda: "{", "not JSON"),
    ("a list", lambda: "[]", "Expected `object`, got `array`"),
    ("no text", lambda: {"format": "annotator/1"}, "missing required field `text`"),
    ("other format", lambda: row(format="annotator/9"), "Invalid enum value 'annotator/9'"),
    ("unknown key", lambda: row(coments=[]), "unknown field `coments`"),
    (
        "wrong type",
        lambda: row(spans=[span(start="0")]),
        "Expected `int`, got `str` - at `$.spans[0].start`",
    ),
    (
        "negative",
        lambda: row(spans=[span(start=-1)]),
        "Expected `int` >= 0 - at `$.spans[0].start`",
    ),
    (
        "beyond the text",
        lambda: row(spans=[span(end=99)]),
        "span s1: the range 0–99 lies outside of the text, which has 19 characters",
    ),
    ("reversed", lambda: row(spans=[span(start=3, end=1)]), "span s1: the range 3–1 holds no text"),
    (
        "zero width",
        lambda: row(spans=[span(start=1, end=1)]),
        "span s1: the range 1–1 holds no text",
    ),
    (
        "surface",
        lambda: row(spans=[span(text="Bop")]),
        "span s1: its text is 'Bop', but the offsets hold 'Bob'",
    ),
    (
        "fragments descend",
        lambda: row(spans=[span(start=4, end=3, fragments=[[4, 8], [0, 3]])]),
        "the fragment 0–3 is not behind",
    ),
    (
        "fragments touch",
        lambda: row(spans=[span(end=8, fragments=[[0, 3], [3, 8]])]),
        "the fragment 3–8 is not behind",
    ),
    (
        "fragments reach",
        lambda: row(spans=[span(fragments=[[0, 8]])]),
        "its fragments reach from 0 to 8",
    ),
    ("double id", lambda: row(spans=[span(), span()]), "annotation s1: the id is used 2 times"),
    ("no such actor", lambda: row(spans=[span(actor="a")]), "there is no actor a in the record"),
    (
        "argument",
        lambda: row(relations=[tie("r", span="s9")]),
        "relation r: role one names the span s9, which is not in the record",
    ),
    (
        "two targets",
        lambda: row(relations=[tie("r", span="s", actor="a")]),
        "role one must name one of span, relation and actor",
    ),
    (
        "circle",
        lambda: row(relations=[tie("r", relation="q"), tie("q", relation="r")]),
        "by way of its arguments, an argument of itself",
    ),
    ("uncertain", lambda: row(spans=[span(uncertain=["mode"])]), "uncertain names mode"),
    (
        "sentences overlap",
        lambda: row(sentences=[{"start": 0, "end": 9}, {"start": 4, "end": 19}]),
        "starts at 4, inside the one before it",
    ),
    (
        "sentences leave a gap",
        lambda: row(sentences=[{"start": 0, "end": 9}]),
        "'it rained.' at the end is in no sentence",
    ),
    (
        "double key",
        lambda: '{"format":"annotator/1","text":"a","text":"b"}',
        "the key 'text' stands twice",
    ),
    ("surrogate", lambda: '{"format":"annotator/1","text":"\\ud800"}', "not JSON"),
    ("not utf-8", lambda: b'{"format":"annotator/1","text":"\xff"}', "not UTF-8"),
    (
        "deep",
        lambda: '{"format":"annotator/1","text":"","meta":{"a":' + DEEP + "}}",
        "nested too deep",
    ),
    ("bad hash", lambda: row(sha256="12"), "Expected `str` matching regex"),
    (
        "suggestion",
        lambda: row(suggestions=[{"id": "g", "state": "open"}]),
        "give one of span, relation and label",
    ),
]


@pytest.mark.parametrize(("make", "expected"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_a_broken_line_is_refused_by_name_and_the_rest_goes_on(
    make: Callable[[], bytes | str | dict[str, Any]], expected: str, tmp_path: Path
) -> None:
    path = lines(tmp_path, row(name="one"), make(), row(name="three"))
    first, refusal, third = read(path)
    assert isinstance(first, Record)
    assert isinstance(third, Record)
    assert isinstance(refusal, Refusal)
    assert refusal.place == f"{path}:2"
    assert expected in refusal.message
    assert refusal.hint


def test_bom_crlf_and_blank_lines_are_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    line = json.dumps(row()).encode()
    path.write_bytes(b"\xef\xbb\xbf" + line + b"\r\n\r\n  \n" + line)
    assert [i.place for i in read(path)] == [f"{path}:1", f"{path}:4"]


def test_a_line_too_long_is_passed_over_without_being_kept(tmp_path: Path) -> None:
    path = lines(tmp_path, row(), "x" * 3_000_000, row())
    first, refusal, third = read(path, largest_record=1000)
    assert isinstance(first, Record)
    assert isinstance(third, Record)
    assert isinstance(refusal, Refusal)
    assert "longer than 1,000 bytes" in refusal.message


def test_an_empty_file_says_so(tmp_path: Path) -> None:
    (refusal,) = read(lines(tmp_path, ""))
    assert isinstance(refusal, Refusal)
    assert "no record" in refusal.message
