"""What installed packages offer through entry points, one object a name."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from importlib.metadata import EntryPoint
from typing import Any

from annotator.errors import UsageError


def by_name(points: Iterable[EntryPoint], kind: str) -> dict[str, EntryPoint]:
    """The entry points by name; of two packages that offer the same, the first, with a warning."""
    found: dict[str, EntryPoint] = {}
    for point in points:
        first = found.setdefault(point.name, point)
        if first.value != point.value:
            warnings.warn(
                f"two packages offer the {kind} {point.name!r}: {first.value} is used,"
                f" {point.value} is not",
                RuntimeWarning,
                stacklevel=3,
            )
    return found


def one_of(points: dict[str, EntryPoint], name: str, kind: str) -> EntryPoint:
    """The entry point of that name. Raises UsageError, which names all there are."""
    found = points.get(name)
    if found is None:
        raise UsageError(f"There is no {kind} {name!r}.", f"There is: {', '.join(sorted(points))}.")
    return found


def loaded(point: EntryPoint, kind: str) -> Any:
    """What the entry point names. Raises UsageError where it cannot be imported."""
    try:
        return point.load()
    except (Exception, SystemExit) as error:
        package = point.dist.name if point.dist else point.value
        fault = (
            "" if isinstance(error, ImportError | AttributeError) else f"{type(error).__name__}: "
        )
        raise UsageError(
            f"The {kind} {point.name!r} cannot be loaded: {fault}{error}",
            f"Install what {package} needs, or reinstall it.",
        ) from error
