"""The wheel has the command, the schemas and the seeds inside; CI installs it as well."""

from __future__ import annotations

import tomllib
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from annotator import __version__
from annotator.workflow.resources import schema_names, schema_text, seed

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = {"news", "quotes", "conll", "checkworthy", "polnear"}


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of the wheel, built in this process."""
    folder = tmp_path_factory.mktemp("wheel")
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_schemas_and_seeds_are_inside(contents: dict[str, bytes]) -> None:
    for folder in ("schemas", "seeds"):
        for path in (ROOT / folder).iterdir():
            assert contents[f"annotator/{folder}/{path.name}"] == path.read_bytes()


def test_every_module_is_inside_and_nothing_foreign(contents: dict[str, bytes]) -> None:
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "annotator").rglob("*.py")}
    assert modules <= set(contents)
    assert {name.split("/")[0] for name in contents} == {
        "annotator",
        f"annotator-{__version__}.dist-info",
    }


def test_the_command_and_the_formats_are_announced(contents: dict[str, bytes]) -> None:
    points = contents[f"annotator-{__version__}.dist-info/entry_points.txt"].decode()
    assert "annotator = annotator.__main__:main" in points
    assert "jsonl = annotator.formats.jsonl:FORMAT" in points


def test_the_description_is_the_readme(contents: dict[str, bytes]) -> None:
    metadata = contents[f"annotator-{__version__}.dist-info/METADATA"].decode()
    assert "make demo" in metadata
    assert "License-Expression: Apache-2.0" in metadata


def test_the_checkout_finds_the_same_things() -> None:
    assert set(schema_names()) == SHIPPED
    assert schema_text("news")[1] == "news.toml"
    assert seed("raqqa.txt") is not None
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included == {"schemas": "annotator/schemas", "seeds": "annotator/seeds"}
