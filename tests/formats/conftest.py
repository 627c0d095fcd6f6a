"""Records and files for the tests of formats."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.core.schema import Schema
from annotator.core.schema_file import parse_schema


@pytest.fixture(scope="session")
def full_schema() -> Schema:
    """A schema that allows everything the data model can hold."""
    path = Path(__file__).with_name("full.toml")
    return parse_schema(path.read_text("utf-8"), path.name)
