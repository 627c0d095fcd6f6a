"""Hostile files of every format, a few in each run and thousands in the long one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from fuzzing import Fuzzer, good_files, seed_parts

from annotator.core.schema import Schema
from annotator.formats import registry
from annotator.formats.base import Format
from annotator.workflow.projects import init

READ = [format for format in registry.all_formats() if format.reads and not format.missing]
CASES = int(os.environ.get("ANNOTATOR_FUZZ", "1500"))
SEED = int(os.environ.get("ANNOTATOR_SEED", "1"))


def fuzz(format: Format, root: Path, news: Schema, folder: Path, cases: int, seed: int) -> None:
    store = init(folder / "p.db", "news")
    good = good_files(format, seed_parts(root), news, folder)
    try:
        figures = Fuzzer(format, good, news, store).run(cases, seed, folder)
    finally:
        store.close()
    assert figures.cases == cases
    assert figures.refusals + figures.records >= cases // 2


@pytest.mark.parametrize("format", READ, ids=lambda f: f.name)
def test_some_hostile_files(format: Format, root: Path, news: Schema, tmp_path: Path) -> None:
    fuzz(format, root, news, tmp_path, 12, 0)


@pytest.mark.torture
@pytest.mark.timeout(0)
@pytest.mark.parametrize("format", READ, ids=lambda f: f.name)
def test_many_hostile_files(format: Format, root: Path, news: Schema, tmp_path: Path) -> None:
    fuzz(format, root, news, tmp_path, CASES, SEED)
