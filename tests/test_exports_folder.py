"""exports/ is what ``annotator export`` writes, byte for byte unless packed, in every format."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from annotator.cli.main import run
from annotator.errors import UsageError
from annotator.formats import registry

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = [format for format in registry.all_formats() if format.writes]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = str(tmp_path_factory.mktemp("exports") / "seed.db")
    assert run(["-p", path, "init"]) == 0
    assert run(["-p", path, "import", str(ROOT / "seeds" / "raqqa.jsonl")]) == 0
    return path


def files(format: registry.Format, path: Path) -> dict[str, Any]:
    """What a file, or every file in a folder, says, by path within."""
    inside = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    return {p.relative_to(path).as_posix(): format.content(p.read_bytes()) for p in inside}


@pytest.mark.parametrize("format", WRITTEN, ids=lambda format: format.name)
def test_the_command_writes_these_bytes(
    format: registry.Format, project: str, tmp_path: Path
) -> None:
    target = tmp_path / "out"
    try:
        format.require()
    except UsageError as error:
        pytest.skip(str(error))
    arguments = ["-p", project, "export", "--annotator", "gold", "--format", format.name]
    assert run([*arguments, "-o", str(target)]) in (0, 1)
    kept = ROOT / "exports" / f"raqqa{format.extensions[0]}"
    assert files(format, target) == files(format, kept)
    assert target.is_dir() == format.folder


def test_the_folder_holds_nothing_else() -> None:
    known = {f"raqqa{format.extensions[0]}" for format in WRITTEN} | {"README.md"}
    ignored = {"demo.jsonl"}
    assert {path.name for path in (ROOT / "exports").iterdir()} - ignored == known


def test_the_tool_agrees() -> None:
    tool = ROOT / "tools" / "build_exports.py"
    done = subprocess.run(
        [sys.executable, "-W", "error", str(tool), "--check"],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_the_page_of_formats_has_the_tables_of_the_code() -> None:
    tool = ROOT / "tools" / "build_formats.py"
    done = subprocess.run(
        [sys.executable, "-W", "error", str(tool), "--check"],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_the_native_export_is_the_seed_and_valid() -> None:
    kept = (ROOT / "exports" / "raqqa.jsonl").read_bytes()
    assert kept == (ROOT / "seeds" / "raqqa.jsonl").read_bytes()
    rules = json.loads((ROOT / "schemas" / "export.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads(kept), rules)
