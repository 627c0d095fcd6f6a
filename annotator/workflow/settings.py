"""The project's settings by their names: which there are, and what was chosen."""

from __future__ import annotations

from annotator.core.schema import Schema
from annotator.core.settings import ENGINE, SETTINGS, THRESHOLD, checked, setting
from annotator.errors import UsageError
from annotator.store.base import Store
from annotator.suggest import registry
from annotator.suggest.base import proposable
from annotator.workflow.engine_choice import no_layer, places_of


def settings(store: Store) -> list[tuple[str, str, str]]:
    """Name, value and title of each setting; those of layers and engines where they were chosen.

    The title says it where a layer or engine is not there, or no longer: such a choice has no
    effect, and is kept in case that it comes back.
    """
    schema, chosen = store.schema_in_force(), store.settings()
    rows = [(known.name, store.setting(known.name), known.title) for known in SETTINGS]
    for name in sorted(chosen.keys() - {known.name for known in SETTINGS}):
        try:
            _check(name, schema)
            title = setting(name).title
        except UsageError as error:
            title = f"without effect: {error.message}"
        if not _is_default(name, chosen[name]):
            rows.append((name, chosen[name], title))
    return rows


def value_of(store: Store, name: str) -> str:
    """The value of a setting. Raises UsageError: none has that name."""
    _check_in(store, name)
    return store.setting(name)


def choose(store: Store, name: str, value: str) -> str:
    """Give a setting a value, from now on and for all; gives it as it is kept.

    Raises UsageError: none has that name, or it cannot be that.
    """
    _check_in(store, name)
    kept = checked(name, value)
    store.set_setting(name, kept)
    return kept


def _check_in(store: Store, name: str) -> None:
    """Raise UsageError for a setting that there is not; one that was chosen can be taken back."""
    setting(name)
    if name not in store.settings():
        _check(name, store.schema_in_force())


def _check(name: str, schema: Schema) -> None:
    """Raise UsageError for a setting of nothing that there is."""
    setting(name)
    if name.startswith(THRESHOLD):
        layer, layers = name.removeprefix(THRESHOLD), proposable(schema)
        if layer not in layers:
            raise no_layer(layer, layers, "in the schema")
    elif name.startswith(ENGINE):
        engine, dot, layer = _parted(name.removeprefix(ENGINE))
        registry.check(engine)
        layers = places_of(engine, schema)
        if dot and layer not in layers:
            raise no_layer(layer, layers, f"that the engine {engine} proposes for")


def _parted(about: str) -> tuple[str, str, str]:
    """The engine that a setting is about, a dot, and the layer; an engine's name may hold a dot."""
    there = [n for n in registry.names() if about == n or about.startswith(f"{n}.")]
    engine = max(there, key=len, default=about.partition(".")[0])
    return engine, about[len(engine) : len(engine) + 1], about[len(engine) + 1 :]


def _is_default(name: str, value: str) -> bool:
    try:
        return value == setting(name).values[0]
    except UsageError:
        return False
