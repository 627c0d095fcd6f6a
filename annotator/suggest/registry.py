"""The engines there are, by name.

They come in through entry points of group ``annotator.suggesters``, the built-in ones too. Names
are listed without importing anything.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

from annotator.core import offered
from annotator.core.schema import Schema
from annotator.errors import UsageError
from annotator.suggest.base import Engine, proposable

GROUP = "annotator.suggesters"


class FaultyEngineError(UsageError):
    """An engine that there is cannot be used: the message says why."""


def names() -> list[str]:
    """The names of all engines, sorted; nothing is imported."""
    return sorted(_entry_points())


def is_ours(name: str) -> bool:
    """Whether an engine comes with annotator, so that importing it takes a moment."""
    point = _entry_points().get(name)
    return point is not None and point.module.partition(".")[0] == __package__.partition(".")[0]


def check(name: str) -> None:
    """Raise UsageError where there is no engine of that name; nothing is imported."""
    offered.one_of(_entry_points(), name, "engine")


def get(name: str) -> Engine:
    """The engine of that name. Raises UsageError: unknown.

    Raises FaultyEngineError: its package cannot be imported, or offers something else.
    """
    point = offered.one_of(_entry_points(), name, "engine")
    try:
        engine = offered.loaded(point, "engine")
    except UsageError as error:
        raise FaultyEngineError(error.message, error.hint) from error
    said = (getattr(engine, part, None) for part in ("name", "version", "title"))
    if not isinstance(engine, Engine) or not all(isinstance(part, str) for part in said):
        raise FaultyEngineError(
            f"The engine {name!r} cannot be loaded: {point.value} is no engine with name, version"
            " and title",
            "Reinstall it, or tell those who made it.",
        )
    if engine.name != name:
        raise FaultyEngineError(
            f"The engine {name!r} cannot be loaded: it calls itself {engine.name!r}",
            "Tell those who made it.",
        )
    return engine


def layers_of(engine: Engine, schema: Schema) -> list[str]:
    """What it can propose for, of what the schema has. Raises FaultyEngineError."""
    known = frozenset(proposable(schema))
    try:
        return [layer for layer in engine.layers(schema) if layer in known]
    except Exception as error:
        raise FaultyEngineError(
            f"The engine {engine.name!r} cannot be used: {type(error).__name__}: {error}",
            f"Switch it off: annotator suggest off {engine.name}",
        ) from error


def _entry_points() -> dict[str, EntryPoint]:
    return offered.by_name(entry_points(group=GROUP), "engine")
