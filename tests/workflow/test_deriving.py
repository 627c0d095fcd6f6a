from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from random_records import projects

from annotator.cli.main import run
from annotator.core.schema_file import parse_schema
from annotator.core.schema_text import schema_text
from annotator.errors import InputError
from annotator.formats.base import Record
from annotator.formats.check import schema_problems
from annotator.formats.findings import Findings
from annotator.formats.loss import Losses
from annotator.workflow.deriving import Request, derive, derived_schema
from annotator.workflow.resources import schema_names
from annotator.workflow.resources import schema_text as shipped


@pytest.mark.parametrize("name", schema_names())
def test_a_schema_written_as_text_is_read_again_as_it_was(name: str) -> None:
    schema = parse_schema(*shipped(name))
    assert parse_schema(schema_text(schema), "again.toml") == schema


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)  # fmt: skip
@given(records=projects())
def test_what_it_was_derived_of_fits_it(records: list[Record]) -> None:
    findings, losses = Findings(), Losses()
    for record in records:
        findings.add(record)
    if not findings.labels:
        return
    schema = derived_schema(findings, "derived", losses)
    assert parse_schema(schema_text(schema), "derived.toml").layers == schema.layers
    for record in records:
        found = [p for p in schema_problems(record, schema) if "has no attribute" not in p]
        assert not found  # save attributes that nowhere have a value


def test_names_that_differ_in_case_alone_are_told() -> None:
    findings, losses = Findings(), Losses()
    findings.labels["entity", "span"] = Counter({"Person": 1, "PERSON": 5})
    (layer,) = derived_schema(findings, "d", losses).layers
    assert [label.name for label in layer.labels] == ["PERSON"]
    assert [(loss.kind, loss.examples) for loss in losses] == [
        ("name that differs in case alone", ("Person",))
    ]


def test_a_layer_takes_the_unit_that_most_of_its_spans_are(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The old man met Mary Lennox. He saw the garden with a boy.")
    (tmp_path / "a.ann").write_text(
        "T1\tPER 0 11\tThe old man\nT2\tPER 16 27\tMary Lennox\nT3\tPER 29 31\tHe\n"
        "T4\tFAC 36 46\tthe garden\nT5\tPER 52 57\ta boy\nR1\tMeets Arg1:T1 Arg2:T2\t\n"
    )
    schema = parse_schema(derive(Request(paths=(tmp_path,))).text, "d.toml")
    assert [(layer.name, layer.unit) for layer in schema.layers] == [("entity", "phrase")]
    assert [(r.name, r.min, r.max) for r in schema.relation("Meets").roles] == [
        ("from", 1, 1), ("to", 1, 1),
    ]  # fmt: skip


def test_files_without_annotations_give_none(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Bob.")
    with pytest.raises(InputError, match="No annotations were found"):
        derive(Request(paths=(tmp_path,)))


def test_from_a_file_to_a_project_that_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.jsonl").write_text(
        '{"text": "Bob is ill.", "label": [[0, 3, "PER"], [0, 11, "STATE"], [7, 10, "per"]]}'
    )
    assert run(["import", "in.jsonl"]) == 3
    told = capsys.readouterr().err
    assert "1 × entity PER" in told
    assert "annotator schema derive" in told
    assert run(["schema", "derive", "in.jsonl", "-o", "my.toml"]) == 1
    assert "entity (span): PER 1, STATE 1, per 1" in capsys.readouterr().err
    assert run(["-p", "my.db", "init", "--schema", "my.toml"]) == 0
    assert run(["-p", "my.db", "import", "in.jsonl", "--json"]) == 1
    told = capsys.readouterr()
    assert '"annotations": 3' in told.out
    assert "1 × label in another case: read as PER" in told.err
