"""What the tests share that harm the program or its file on purpose."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def schema_source(root: Path) -> str:
    return (root / "schemas" / "news.toml").read_text("utf-8")
