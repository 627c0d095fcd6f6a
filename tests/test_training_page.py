"""What docs/training.md says of the CRF is run as it stands there, on real data."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from annotator.cli.main import run

DOCUMENTS = 160
LEAST_F1 = 0.35


def project(path: Path, data: Path, schema: Path) -> str:
    """A project with the documents of a file."""
    assert run(["-p", str(path), "init", "--schema", str(schema)]) == 0
    assert run(["-p", str(path), "-a", "gold", "import", str(data), "--as", "gold"]) == 0
    return str(path)


def check_rows(page: str, conll: str, folder: Path) -> None:
    """The rows for Hugging Face hold the same words and tags as the CoNLL file."""
    (command,) = re.findall(r"^annotator (export .*--format huggingface .*)$", page, re.MULTILINE)
    # 1 where the segmenter would cut a sentence again: that is told.
    assert run(["-p", str(folder / "train.db"), *command.split()]) in (0, 1)
    names = json.loads((folder / "dataset" / "label_names.json").read_text("utf-8"))["ner_tags"]
    lines = (folder / "dataset" / "train.jsonl").read_bytes().splitlines()
    rows = map(json.loads, lines)
    found = [
        f"{word} {names[tag]}"
        for row in rows
        for word, tag in zip(row["tokens"], row["ner_tags"], strict=True)
    ]
    assert found == [line for line in conll.split("\n") if line and not line.startswith("-DOC")]


def test_a_crf_learns_from_an_export(
    root: Path, corpora: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turku = corpora / "turku_ner" / "conll"
    parts = (turku / "train.tsv").read_text("utf-8").split("-DOCSTART-\tO\n")
    (tmp_path / "train.tsv").write_text("-DOCSTART-\tO\n".join(parts[: DOCUMENTS + 1]), "utf-8")
    (tmp_path / "dev.tsv").write_bytes((turku / "dev.tsv").read_bytes())
    monkeypatch.chdir(tmp_path)
    assert run(["schema", "derive", "train.tsv", "dev.tsv", "-o", "names.toml"]) in (0, 1)
    page = (root / "docs" / "training.md").read_text("utf-8")
    commands = re.findall(r"^annotator (-p (\w+)\.db export .*conll2002.*)$", page, re.MULTILINE)
    assert len(commands) == 2
    for command, name in commands:
        project(tmp_path / f"{name}.db", tmp_path / f"{name}.tsv", tmp_path / "names.toml")
        assert run(command.split()) == 0  # nothing is lost
    check_rows(page, (tmp_path / "train.conll").read_text("utf-8"), tmp_path)
    (code,) = re.findall(r"```python\n(import pycrfsuite.*?)```", page, re.DOTALL)
    found: dict[str, Any] = {}
    exec(compile(code, "docs/training.md", "exec"), found)
    assert found["wanted"] == 1063
    assert found["f1"] > LEAST_F1
