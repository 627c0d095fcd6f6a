"""What all tests share: where the corpora lie, the shipped schemas, and no waiting for the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from annotator.core.schema import Schema
from annotator.core.schema_file import parse_schema
from annotator.store.sqlite import connection

# Nothing is timed, and the same code is tried with the same examples, so that no change is judged
# by luck. ``--hypothesis-profile=other`` looks for what other examples find.
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", UNTIMED, derandomize=True)
settings.register_profile("other", UNTIMED)
settings.load_profile("same")

ROOT = Path(__file__).resolve().parent.parent
SYNC = connection.SYNC


@pytest.fixture(scope="session", autouse=True)
def unsynced() -> Iterator[None]:
    """No commit within the tests' own process waits for the disk, which no power cut threatens.

    Programs that tests start sync as ever; so do tests that ask for ``synced``.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "SYNC", "OFF")
        yield


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Projects opened behind it are synced as outside of tests."""
    monkeypatch.setattr(connection, "SYNC", SYNC)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of real files, or a skip that says it is absent."""
    folder = Path(os.environ.get("ANNOTATOR_CORPORA", ROOT.parent / "shared" / "corpora"))
    if not folder.is_dir():
        pytest.skip(f"the corpora are not here ({folder}); set ANNOTATOR_CORPORA")
    return folder


@pytest.fixture(scope="session")
def news() -> Schema:
    """The news schema."""
    path = ROOT / "schemas" / "news.toml"
    return parse_schema(path.read_text("utf-8"), path.name)
