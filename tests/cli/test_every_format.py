"""What holds for every format on the command line: what is asked for, and what is told."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from format_examples import EXAMPLES, TEXT

from annotator.cli.main import run
from annotator.formats import registry
from annotator.formats.base import Format

Run = Callable[..., Any]

FORMATS = [format for format in registry.all_formats() if not format.missing]
WRITTEN = [format for format in FORMATS if format.writes]
READ = [format for format in FORMATS if format.reads]
SCHEMA = """
name = "small"
version = 1
title = "Small"
[layer.entity]
title = "Entities"
scope = "span"
overlap = "any"
[layer.entity.labels.PERSON]
[layer.claim]
title = "Claims"
scope = "span"
overlap = "any"
[layer.claim.labels.CLAIM]
[layer.source]
title = "Sources"
scope = "span"
overlap = "any"
[layer.source.labels.SOURCE]
[layer.cue]
title = "Cues"
scope = "span"
overlap = "any"
[layer.cue.labels.CUE]
[relation.attribution]
title = "attribution"
[relation.attribution.roles.claim]
layers = ["claim"]
[relation.attribution.roles.source]
layers = ["source"]
[relation.attribution.roles.cue]
layers = ["cue"]
"""
BAD = b'{"text": "\xff\xfe\0'
"""No text in any encoding that is guessed, and no JSON."""


def record(name: str, text: str, annotator: str, status: str, *words: str) -> dict[str, Any]:
    """A document with a person, and with an attribution of the words that follow."""

    def span(id: str, layer: str, label: str, word: str) -> dict[str, Any]:
        start = text.index(word)
        place = {"start": start, "end": start + len(word)}
        return {"id": id, "layer": layer, "label": label, **place}

    spans = [span("e", "entity", "PERSON", words[0])]
    relations = []
    if len(words) > 1:
        spans += [
            span("s", "source", "SOURCE", words[0]), span("q", "cue", "CUE", words[1]),
            span("c", "claim", "CLAIM", words[2]),
        ]  # fmt: skip
        arguments = [{"role": "claim", "span": "c"}, {"role": "source", "span": "s"}]
        relations = [{"type": "attribution", "arguments": arguments}]
    return {
        "format": "annotator/1", "name": name, "text": text, "annotator": annotator,
        "status": status, "spans": spans, "relations": relations,
    }  # fmt: skip


RECORDS = [
    record("one.txt", TEXT, "alice", "done", "Ada Lovelace", "said", "it rained"),
    record("two.txt", "Bob slept. Bob woke.", "alice", "open", "Bob"),
    record("two.txt", "Bob slept. Bob woke.", "carol", "done", "Bob"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a project of two documents, three records and two annotators, made once.

    Beside it come, as they are asked for, a file of each format and a schema that fits it.
    """
    folder = tmp_path_factory.mktemp("made")
    (folder / "small.toml").write_text(SCHEMA)
    (folder / "in.jsonl").write_text("\n".join(map(json.dumps, RECORDS)))
    project = str(folder / "annotations.db")
    assert run(["-p", project, "init", "--schema", str(folder / "small.toml")]) == 0
    assert run(["-p", project, "import", str(folder / "in.jsonl")]) == 0
    return folder


@pytest.fixture
def project(made: Path, folder: Path) -> Path:
    return Path(shutil.copy(made / "annotations.db", folder))


class Given(NamedTuple):
    """Files of a format, and the schema that was derived from them, if they have labels."""

    path: Path
    schema: Path | None


@pytest.fixture
def given(made: Path, folder: Path) -> Callable[[Format], Given]:
    """Gives files of a format: what is exported to it, or else an example."""

    def files(format: Format) -> Given:
        kept, schema = made / format.name, made / f"{format.name}.toml"
        if not kept.exists() and format.writes:
            project = ["-p", str(made / "annotations.db"), "-a", "alice"]
            assert run([*project, "export", "--format", format.name, "-o", str(kept)]) < 2
        elif not kept.exists():
            kept.write_text(EXAMPLES[format.name])
        if not schema.exists():
            run(["schema", "derive", "--format", format.name, str(kept), "-o", str(schema)])
        path = folder / "given"
        shutil.copytree(kept, path) if kept.is_dir() else shutil.copy(kept, path)
        return Given(path, schema if schema.exists() else None)

    return files


def export(annotator: Run, format: Format, target: str, *options: str) -> dict[str, Any]:
    """The report; code and losses agree."""
    result = annotator("export", "--format", format.name, "-o", target, "--json", *options)
    report: dict[str, Any] = json.loads(result.out)
    assert result.code == (1 if report["losses"] else 0), result.err
    assert Path(target).exists()
    for loss in report["losses"]:
        assert all(loss[key] for key in ("kind", "done", "count", "examples"))
    return report


@pytest.mark.parametrize("format", WRITTEN, ids=lambda f: f.name)
@pytest.mark.usefixtures("project")
def test_what_is_exported_is_what_was_asked_for(annotator: Run, format: Format) -> None:
    numbers = {
        "whole": (),
        "done": ("--documents", "done"),
        "named": ("--documents", "two.txt"),
        "carols": ("--annotator", "carol"),
        "everybody": ("--annotator", "all"),
        "sentences": ("--unit", "sentence"),
    }
    found = {n: export(annotator, format, n, *o)["records"] for n, o in numbers.items()}
    assert found == {
        "whole": 2, "done": 1, "named": 1, "carols": 2, "everybody": 3, "sentences": 4,
    }  # fmt: skip
    assert annotator("export", "--format", format.name, "--annotator", "gold").code == 2
    assert not os.path.lexists("exports")


@pytest.mark.parametrize("format", WRITTEN, ids=lambda f: f.name)
@pytest.mark.usefixtures("project")
def test_all_or_nothing(annotator: Run, format: Format) -> None:
    told = annotator("export", "--format", format.name, "-o", "told")
    strict = annotator("export", "--format", format.name, "-o", "strict", "--strict")
    is_whole = "Nothing was lost" in told.err
    assert told.code == (0 if is_whole else 1)
    assert ("lost: " in told.err) != is_whole
    assert strict.code == (0 if is_whole else 3)
    assert ("Nothing was written" in strict.err) != is_whole
    assert Path("strict").exists() == is_whole


@pytest.mark.parametrize("format", WRITTEN, ids=lambda f: f.name)
@pytest.mark.usefixtures("project")
def test_one_layer_alone(annotator: Run, made: Path, format: Format) -> None:
    layer = "claim" if format.name == "citron" else "entity"  # which holds attributions alone
    export(annotator, format, "layer", "--layer", layer)
    if format.reads:
        shutil.copy(made / "small.toml", "small.toml")
        new = ["-p", "new.db"]
        annotator(*new, "init", "--schema", "small.toml")
        assert annotator(*new, "import", "--format", format.name, "layer").code <= 1
        labels = json.loads(annotator(*new, "status", "--json").out)["labels"]
        expected = set() if format.name == "citron" else {"entity"}
        assert {entry["layer"] for entry in labels} == expected


@pytest.mark.parametrize("format", READ, ids=lambda f: f.name)
@pytest.mark.parametrize("kind", ["annotations", "suggestions", "gold"])
def test_annotations_come_in_as_what_was_asked_for(
    annotator: Run, given: Callable[[Format], Given], format: Format, kind: str
) -> None:
    files = given(format)
    if files.schema is not None:
        annotator("init", "--schema", str(files.schema))
    named = ("--annotator", "dora") if kind == "annotations" else ()
    command = ("import", "--json", "--format", format.name, "--as", kind, *named, "given")
    result = annotator(*command)
    report = json.loads(result.out)
    assert not report["refused"], report
    assert result.code == (1 if report["losses"] else 0)
    assert bool(report["annotations"]) == (files.schema is not None)
    if files.schema is not None:
        whose = {"annotations": "dora", "suggestions": "alice", "gold": "gold"}[kind]
        status = json.loads(annotator("-a", whose, "status", "--json").out)
        assert status["annotators"] == [whose]
        assert bool(status["labels"]) == (kind != "suggestions")
    again = json.loads(annotator(*command).out)
    assert (again["documents"], again["annotations"]) == (0, 0)
    assert again["known"]


@pytest.mark.parametrize("format", READ, ids=lambda f: f.name)
def test_a_bad_file_is_named_and_the_others_go_on(
    annotator: Run, given: Callable[[Format], Given], format: Format
) -> None:
    files = given(format)
    schema = () if files.schema is None else ("--schema", str(files.schema))
    bad = Path(f"bad{format.extensions[-1]}")
    bad.write_bytes(BAD)
    annotator("init", *schema)
    options = ("--format", format.name, bad.name, "given")
    strict = annotator("import", "--strict", *options)
    assert strict.code == 3
    assert json.loads(annotator("status", "--json").out)["documents"] == []
    whole = annotator("import", "--json", *options)
    report = json.loads(whole.out)
    assert whole.code == 1
    assert report["documents"]
    (refused,) = report["refused"]
    assert refused["place"].startswith(bad.name)
    assert refused["message"]
    assert f"refused: {bad}" in whole.err


@pytest.mark.usefixtures("project")
def test_an_export_of_spans_alone_is_no_table_of_texts(annotator: Run) -> None:
    annotator("export", "--format", "csv", "-o", "spans.csv")
    result = annotator("-p", "fresh.db", "import", "spans.csv")
    assert (result.code, "a table of spans" in result.err) == (3, True)
    assert "0 documents and 0 annotations imported" in result.err


@pytest.mark.parametrize("format", READ, ids=lambda f: f.name)
def test_labels_that_the_schema_lacks_are_listed(
    annotator: Run, given: Callable[[Format], Given], format: Format
) -> None:
    files = given(format)
    annotator("init", "--schema", "checkworthy")
    result = annotator("import", "--json", "--format", format.name, "given")
    report = json.loads(result.out)
    if files.schema is not None:
        assert result.code in (1, 3)
        assert report["lacking"]
        assert "annotator schema derive" in result.err
        assert all("checkworthy" in entry["message"] for entry in report["refused"])
    else:
        assert result.code == 0
        assert report["lacking"] == {}


@pytest.mark.parametrize("command", ["import", "export", "schema derive"])
def test_help_names_every_format_with_its_options(annotator: Run, command: str) -> None:
    told = annotator(*command.split(), "--help").out
    _, _, rest = told.partition("\nOptions of some formats")
    options, _, formats = rest.partition("\nFormats:\n")
    listed = WRITTEN if command == "export" else READ
    assert [line.split()[0] for line in formats.splitlines()] == [f.name for f in listed]
    for format in listed:
        for option in format.write_options if command == "export" else format.read_options:
            assert f"--{option.name} " in options
            assert option.default is None or option.default in options
