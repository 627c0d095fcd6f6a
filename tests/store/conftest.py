"""What the tests of stores share; which stores there are is said in ``store_world.FACTORIES``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from store_world import FACTORIES, StoreFactory, World, assert_replayable, populate


@pytest.fixture(scope="session")
def schema_source(root: Path) -> str:
    return (root / "schemas" / "news.toml").read_text("utf-8")


@pytest.fixture(params=sorted(FACTORIES))
def factory(request: pytest.FixtureRequest, tmp_path: Path) -> StoreFactory:
    return FACTORIES[request.param](tmp_path)


@pytest.fixture
def world(
    factory: StoreFactory, schema_source: str, request: pytest.FixtureRequest
) -> Iterator[World]:
    """A contract test leaves a project whose log, played again, gives what is stored."""
    made = populate(factory.create(schema_source), factory)
    yield made
    if request.module.__name__.startswith("test_contract_"):
        with closing(factory.open()) as store:
            assert_replayable(store)
    for store in (made.store, *made.opened):
        store.close()
