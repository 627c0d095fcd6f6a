"""The engines there are, by name.

They come in through entry points of group ``annotator.suggesters``, the built-in ones too. Names
are listed without importing anything.
"""

from __future__ import annotations

import warnings
from importlib.metadata import EntryPoint, entry_points

from annotator.errors import UsageError
from annotator.suggest.base import Engine

GROUP = "annotator.suggesters"


def names() -> list[str]:
    """The names of all engines, sorted; nothing is imported."""
    return sorted(_entry_points())


def get(name: str) -> Engine:
    """The engine of that name. Raises UsageError: unknown, or its package cannot be imported."""
    found = _entry_points().get(name)
    if found is None:
        raise UsageError(f"There is no engine {name!r}.", f"There is: {', '.join(names())}.")
    try:
        engine: Engine = found.load()
    except (ImportError, AttributeError) as error:
        package = found.dist.name if found.dist else found.value
        raise UsageError(
            f"The engine {name!r} cannot be loaded: {error}",
            f"Install what {package} needs, or reinstall it.",
        ) from error
    return engine


def _entry_points() -> dict[str, EntryPoint]:
    found: dict[str, EntryPoint] = {}
    for point in entry_points(group=GROUP):
        if point.name in found and found[point.name].value != point.value:
            warnings.warn(
                f"two packages offer the engine {point.name!r}: {found[point.name].value} is used,"
                f" {point.value} is not",
                RuntimeWarning,
                stacklevel=2,
            )
            continue
        found.setdefault(point.name, point)
    return found
