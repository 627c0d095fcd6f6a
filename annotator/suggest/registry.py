"""The engines there are, by name.

They come in through entry points of group ``annotator.suggesters``, the built-in ones too. Names
are listed without importing anything.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

from annotator.core import offered
from annotator.suggest.base import Engine

GROUP = "annotator.suggesters"


def names() -> list[str]:
    """The names of all engines, sorted; nothing is imported."""
    return sorted(_entry_points())


def get(name: str) -> Engine:
    """The engine of that name. Raises UsageError: unknown, or its package cannot be imported."""
    engine: Engine = offered.loaded(offered.one_of(_entry_points(), name, "engine"), "engine")
    return engine


def _entry_points() -> dict[str, EntryPoint]:
    return offered.by_name(entry_points(group=GROUP), "engine")
