"""Projects to import into and export from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotator.store.base import Store
from annotator.workflow.projects import init

FULL = Path(__file__).parent.parent / "formats" / "full.toml"
NewProject = Callable[..., Store]


@pytest.fixture
def new_project(tmp_path: Path) -> Iterator[NewProject]:
    """Makes empty projects, with the schema that allows everything if no other is named."""
    made: list[Store] = []

    def make(schema: str = str(FULL)) -> Store:
        made.append(init(tmp_path / f"project{len(made)}.db", schema))
        return made[-1]

    yield make
    for store in made:
        store.close()
