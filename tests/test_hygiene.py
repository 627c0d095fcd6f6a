"""The rules of the house that a machine can check."""

from __future__ import annotations

import ast
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from annotator import __version__
from annotator.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "annotator").rglob("*.py"))
SQLITE = {"sqlite3", "sqlite_utils"}
IO = {
    "asyncio", "fcntl", "glob", "http", "io", "multiprocessing", "os", "pathlib", "shutil",
    "signal", "socket", "sqlite3", "subprocess", "sys", "tempfile", "threading", "urllib",
}  # fmt: skip
"""Modules that touch the world; core is pure."""
LONGEST = 400
ARTICLE = "389f8d8ea1dfeec6e071d18cde511097baa8903f785c9b7be32e429d219cb5d4"


def imports(path: Path) -> Iterator[str]:
    """The top-level packages that a module imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def room(path: Path) -> str:
    return path.relative_to(ROOT / "annotator").as_posix()


@pytest.mark.parametrize("path", MODULES, ids=room)
def test_a_module_keeps_the_rules(path: Path) -> None:
    source = path.read_text("utf-8")
    found = set(imports(path))
    assert ast.get_docstring(ast.parse(source)), "no docstring"
    assert source.count("\n") <= LONGEST
    assert not found & SQLITE or room(path).startswith("store/sqlite/")
    assert not found & IO or not room(path).startswith("core/")
    assert "textual" not in found or room(path).startswith("tui/")
    assert "click" not in found or room(path).startswith("cli/")


@pytest.mark.parametrize("package", ["core", "formats", "store/sqlite"])
def test_the_map_of_a_large_package_names_its_modules_and_no_others(package: str) -> None:
    folder = ROOT / "annotator" / package
    names = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    told = set(re.findall(r"``(\w+)…?``", (folder / "__init__.py").read_text("utf-8")))
    families = {name for name in told if name.endswith("_")}
    assert told - families <= names
    for name in names - told:  # a part of a format that is named
        assert name.startswith((*families, *(f"{one}_" for one in told))), name


def test_no_two_files_of_tests_have_one_name() -> None:
    """Else pytest, which imports them by their names, collects neither."""
    names = [path.name for path in (ROOT / "tests").rglob("*.py") if path.name != "conftest.py"]
    assert sorted(names) == sorted(set(names))


def test_the_walk_sees_imports(tmp_path: Path) -> None:
    module = tmp_path / "m.py"
    module.write_text("def f():\n    import sqlite3\n    from os.path import join\n")
    assert set(imports(module)) == {"sqlite3", "os"}
    assert len(MODULES) > 60


def test_the_import_contracts_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(lint), "--no-cache"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["status"], ["show", "raqqa.txt"], ["export", "-o", "-"], ["schema", "list"]],
    ids=lambda arguments: arguments[0],
)
def test_commands_load_only_what_they_need(arguments: list[str], tmp_path: Path) -> None:
    """Textual takes longer to import than these commands take altogether."""
    code = (
        "import sys\nfrom annotator.cli.main import run\n"
        f"run(['import', {str(ROOT / 'seeds' / 'raqqa.txt')!r}])\n"
        f"code = run({arguments!r})\n"
        "heavy = sorted({'textual', 'rich', 'jsonschema', 'asyncio'} & set(sys.modules))\n"
        "sys.stderr.write(f'HEAVY {heavy} CODE {code}')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, encoding="utf-8",
        check=False,
    )  # fmt: skip
    assert done.stderr.endswith("HEAVY [] CODE 0"), done.stderr


def test_the_article_is_the_article() -> None:
    text = (ROOT / "seeds" / "raqqa.txt").read_bytes()
    assert hashlib.sha256(text).hexdigest() == ARTICLE


def test_the_version_is_one() -> None:
    assert version("annotator") == __version__
    assert f"\n## {__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_every_command_is_in_the_reference() -> None:
    reference = (ROOT / "docs" / "cli.md").read_text("utf-8")
    assert [name for name in COMMANDS if f"\n## annotator {name}\n" not in reference] == []


def test_the_licence_is_the_apache_licence() -> None:
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert re.match(r"\s*Apache License\s+Version 2\.0, January 2004", licence)
    assert "END OF TERMS AND CONDITIONS" in licence


def test_every_room_is_on_the_map() -> None:
    house = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    rooms = {p.name for p in (ROOT / "annotator").iterdir() if (p / "__init__.py").exists()}
    assert [name for name in sorted(rooms) if f"`annotator/{name}/`" not in house] == []
