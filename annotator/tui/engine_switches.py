"""Engines in the palette: whether each makes suggestions, for which layer, and switching that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from annotator.tui.dialogs.picker import Choice
from annotator.workflow.engine_choice import Switch, switch, switches

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen


def engine_choices(screen: AnnotateScreen) -> Iterator[Choice[Callable[[], object]]]:
    """What the palette offers for engines. Raises what the store raises."""
    for found in switches(screen.session.store):
        where = f" for {found.layer}" if found.layer else ""
        now, then = ("on", "off") if found.on else ("off", "on")
        yield Choice(
            partial(screen.then, partial(_switch, screen, found, then)),
            f"suggestions of {found.engine}{where} · {now}, to be switched {then}",
        )


def _switch(screen: AnnotateScreen, found: Switch, value: str) -> str:
    switch(screen.session.store, found.engine, found.layer, value)
    screen.app.engines.propose_anew()  # type: ignore[attr-defined]
    return f"{found.engine} is {value}{f' for {found.layer}' if found.layer else ''}"
