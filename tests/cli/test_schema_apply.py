"""``annotator schema apply``, ``undo`` and ``redo``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

Run = Callable[..., Any]


@pytest.fixture
def mine(annotator: Run, folder: Path, root: Path) -> Path:
    """The seed, annotated, and a schema file in which LOCATION is called PLACE."""
    annotator("init")
    annotator("import", str(root / "seeds" / "raqqa.jsonl"))
    text = annotator("schema", "show").out.replace("version = 1", "version = 2")
    path = folder / "mine.toml"
    path.write_text(text.replace("[layer.entity.labels.LOCATION]", "[layer.entity.labels.PLACE]"))
    return path


def name_it(path: Path, fate: str = '"PLACE"') -> None:
    with path.open("a") as file:
        file.write(f"\n[migrate.layer.entity.labels]\nLOCATION = {fate}\n")


def test_what_is_not_named_is_shown_and_refused(annotator: Run, mine: Path, folder: Path) -> None:
    looked = annotator("schema", "apply", "mine.toml", "--dry-run")
    assert (looked.code, looked.err) == (1, "")
    assert looked.out.splitlines() == [
        "news 1 → news 2",
        "added    label entity.PLACE",
        "refused  label entity.LOCATION  is not in the new schema"
        "  35 spans in 1 document (gold 35)",
        "",
        "To let the refused pass, say in the file:",
        '  [migrate.layer.entity.labels] LOCATION = "NEW NAME", or false to delete',
    ]
    tried = annotator("schema", "apply", "mine.toml")
    assert (tried.code, tried.out) == (3, looked.out)
    assert "Nothing was changed" in tried.err
    assert annotator("schema", "show").out != mine.read_text()
    assert sorted(p.name for p in folder.iterdir()) == ["annotations.db", "mine.toml"]


def test_it_is_applied_undone_and_redone_and_exports_are_valid(
    annotator: Run, mine: Path, folder: Path, root: Path
) -> None:
    name_it(mine)
    before = annotator("export", "--annotator", "gold", "-o", "-").out
    looked = annotator("schema", "apply", "mine.toml", "--dry-run")
    row = "renamed  label entity.LOCATION  → entity.PLACE  35 spans in 1 document (gold 35)"
    assert (looked.code, looked.out.splitlines()) == (0, ["news 1 → news 2", row])
    assert annotator("export", "--annotator", "gold", "-o", "-").out == before
    done = annotator("schema", "apply", "mine.toml")
    assert (done.code, done.out) == (0, looked.out)
    assert (
        "The schema is news 2; 35 records changed. The project as it was: annotations" in done.err
    )
    (backup,) = folder.glob("annotations.backups/annotations.schema-1.*.db")
    copy = annotator("-p", str(backup), "export", "--annotator", "gold", "-o", "-")
    assert copy.out == before
    after = annotator("export", "--annotator", "gold", "-o", "-").out
    published = json.loads((root / "schemas" / "export.schema.json").read_bytes())
    jsonschema.validate(json.loads(after), published)
    assert json.loads(after)["schema"] == {"name": "news", "version": 2}
    annotator("-p", "two.db", "init", "--schema", "mine.toml")
    (folder / "after.jsonl").write_text(after)
    assert annotator("-p", "two.db", "import", "after.jsonl").code == 0
    assert annotator("schema", "undo").code == 0
    assert annotator("export", "--annotator", "gold", "-o", "-").out == before
    assert annotator("schema", "redo").code == 0
    assert annotator("export", "--annotator", "gold", "-o", "-").out == after
    assert annotator("schema", "redo").code == 2
    assert "the schema of this project already" in annotator("schema", "apply", "mine.toml").err


def test_as_json(annotator: Run, mine: Path) -> None:
    name_it(mine, "false")
    looked = annotator("schema", "apply", "mine.toml", "--dry-run", "--json")
    found = json.loads(looked.out)
    assert (looked.code, found["former_version"], found["version"]) == (0, 1, 2)
    assert found["edit"] is None
    assert found["differences"][-1] == {
        "kind": "deleted",
        "what": "label entity.LOCATION",
        "to": "",
        "hint": "",
        "counts": {"span": 35},
        "annotators": {"gold": 35},
        "documents": 1,
    }
    done = json.loads(annotator("schema", "apply", "mine.toml", "--json").out)
    assert done["edit"]["changes"] == 35


def test_rules_not_kept_are_told_with_exit_code_1(annotator: Run, mine: Path) -> None:
    name_it(mine)
    text = mine.read_text()
    assert 'overlap = "nested"' in text
    mine.write_text(
        text.replace("max = 1\n", "max = 1\n").replace('overlap = "nested"', 'overlap = "none"')
    )
    done = annotator("schema", "apply", "mine.toml")
    assert done.code == 1
    assert "overlap  layer entity  " in done.out.replace("changed", "")
    assert "The schema is news 2" in done.err


def test_a_wrong_file_is_told_as_by_check(annotator: Run, mine: Path) -> None:
    name_it(mine, '"PLAICE"')
    for arguments in (("check",), ("apply",)):
        wrong = annotator("schema", *arguments, "mine.toml")
        assert wrong.code == 3
        assert 'LOCATION: found "PLAICE" (did you mean "PLACE"?); allowed: PERSON' in wrong.err
