"""Which engines are on, for which layers: what the project's settings say of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from annotator.core.schema import Schema
from annotator.core.settings import UNSAID, engine_setting
from annotator.errors import NotFoundError
from annotator.store.base import Store
from annotator.suggest import registry
from annotator.suggest.base import Engine, proposable
from annotator.suggest.registry import FaultyEngineError


def is_on(store: Store, engine: str, layer: str) -> bool:
    """Whether an engine is on for a layer; what is said of the layer counts for more."""
    for name in (engine_setting(engine, layer), engine_setting(engine)):
        value = store.setting(name)
        if value != UNSAID:
            return value == "on"
    return True


def switch(store: Store, engine: str, layer: str | None, value: str) -> None:
    """Switch an engine ``on`` or ``off`` for one layer, or for all.

    For all, the engine is not imported: one that fails to be can be switched off. Raises UsageError
    for an engine, NotFoundError for a layer that there is not.
    """
    registry.check(engine)
    schema = store.schema_in_force()
    if layer is not None:
        layers = registry.layers_of(registry.get(engine), schema)
        if layer not in layers:
            raise no_layer(layer, layers, f"that the engine {engine} proposes for")
    with store.transaction():
        for part in proposable(schema) if layer is None else ():
            name = engine_setting(engine, part)
            if store.setting(name) != UNSAID:
                store.set_setting(name, UNSAID)
        store.set_setting(engine_setting(engine, layer), value)


class Switch(Struct, frozen=True):
    """What can be switched: an engine for all layers (None), or for one; and whether it is on."""

    engine: str
    layer: str | None
    on: bool


def switches(store: Store) -> Iterator[Switch]:
    """All that can be switched without importing the code of somebody else.

    Engines of others can be switched for all layers only; layer by layer on the command line.
    """
    schema = store.schema_in_force()
    for name in registry.names():
        able = places_of(name, schema)
        on = [layer for layer in able or proposable(schema) if is_on(store, name, layer)]
        yield Switch(name, None, bool(on))
        yield from (Switch(name, layer, layer in on) for layer in able if registry.is_ours(name))


def places_of(engine: str, schema: Schema) -> list[str]:
    """What an engine can propose for; of somebody else's, which is not imported, what any can."""
    if registry.is_ours(engine):
        return registry.layers_of(registry.get(engine), schema)
    return proposable(schema)


class Choice(Struct, frozen=True):
    """An engine to be used, or why it cannot be; ``layers`` are those of ``able`` to be used."""

    name: str
    engine: Engine | None = None
    able: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    fault: FaultyEngineError | None = None


def names_of(
    store: Store, schema: Schema, names: Iterable[str] = ()
) -> tuple[list[str], list[str]]:
    """The engines to be used by name, and those that are off for every layer; none is imported.

    Used are those named, whether they are on or not; without names, those that are on. Raises
    UsageError for one that there is not.
    """
    wanted = list(names)
    for name in wanted:
        registry.check(name)
    if wanted:
        return wanted, []
    places = proposable(schema)
    on = [n for n in registry.names() if any(is_on(store, n, layer) for layer in places)]
    return on, [name for name in registry.names() if name not in on]


def choice(
    store: Store, schema: Schema, name: str, layers: Iterable[str] = (), *, named: bool
) -> Choice:
    """Import an engine and choose its layers: those given (none: all) that are on, or ``named``."""
    only = list(layers)
    try:
        engine = registry.get(name)
        able = registry.layers_of(engine, schema)
    except FaultyEngineError as error:
        return Choice(name, fault=error)
    use = (
        layer
        for layer in able
        if (not only or layer in only) and (named or is_on(store, name, layer))
    )
    return Choice(name, engine, tuple(able), tuple(use))


def no_layer(layer: str, known: Sequence[str], what: str) -> NotFoundError:
    """That there is no such layer; ``known`` are those that there are."""
    return NotFoundError(
        f"There is no layer {layer!r} {what}.", f"There is: {', '.join(known) or 'none'}."
    )
