"""Which engines are on, for which layers: what the project's settings say of them."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator

from annotator.core.schema import Schema
from annotator.core.settings import UNSAID, engine_setting
from annotator.errors import NotFoundError, UsageError
from annotator.store.base import Store
from annotator.suggest import registry
from annotator.suggest.base import Engine


def is_on(store: Store, engine: str, layer: str) -> bool:
    """Whether an engine is on for a layer; what is said of the layer counts for more."""
    for name in (engine_setting(engine, layer), engine_setting(engine)):
        value = store.setting(name)
        if value != UNSAID:
            return value == "on"
    return True


def switch(store: Store, engine: str, layer: str | None, value: str) -> None:
    """Switch an engine ``on`` or ``off`` for one layer, or for all.

    Raises UsageError for an engine, NotFoundError for a layer that there is not.
    """
    found = registry.get(engine)
    schema = store.schema()
    layers = found.layers(schema)
    if layer is not None and layer not in layers:
        raise _no_layer(layer, layers, f"that the engine {engine} proposes for")
    with store.transaction():
        for name in layers if layer is None else ():
            store.set_setting(engine_setting(engine, name), UNSAID)
        store.set_setting(engine_setting(engine, layer), value)


def chosen(
    store: Store, schema: Schema, names: Iterable[str] = (), layers: Iterable[str] = ()
) -> Iterator[tuple[Engine, list[str]]]:
    """The engines to be used, each with its layers.

    Those named, whether they are on or not; without names, those that are on, and of these one
    whose package is missing is warned of. Raises UsageError, NotFoundError.
    """
    wanted, only = list(names), list(layers)
    known: set[str] = set()
    for name in wanted or registry.names():
        try:
            engine = registry.get(name)
        except UsageError as error:
            if wanted:
                raise
            warnings.warn(str(error), RuntimeWarning, stacklevel=2)
            continue
        able = engine.layers(schema)
        known.update(able)
        use = [
            layer
            for layer in able
            if (not only or layer in only) and (wanted or is_on(store, name, layer))
        ]
        if use:
            yield engine, use
    for layer in only:
        if layer not in known:
            raise _no_layer(layer, sorted(known), "that an engine proposes for")


def _no_layer(layer: str, known: list[str], what: str) -> NotFoundError:
    return NotFoundError(
        f"There is no layer {layer!r} {what}.", f"There is: {', '.join(known) or 'none'}."
    )
