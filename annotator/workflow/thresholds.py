"""Thresholds: the score from which on the suggestions of a layer are shown, kept in the project."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from annotator.core.schema import Schema
from annotator.core.settings import SCORES, checked, threshold_setting
from annotator.core.suggestion_set import layer_of
from annotator.errors import RuleError
from annotator.store.base import Store

if TYPE_CHECKING:
    from annotator.workflow.annotate import AnnotateSession


def thresholds(store: Store, schema: Schema) -> dict[str, float]:
    """Those chosen for the project, by layer or type of relation.

    Raises UsageError for one that somebody wrote into the file and that none can be.
    """
    found: dict[str, float] = {}
    for name in (*(layer.name for layer in schema.layers), *(r.name for r in schema.relations)):
        chosen = threshold_setting(name)
        found[name] = float(checked(chosen, store.setting(chosen)))
    return {name: score for name, score in found.items() if score > 0}


class Thresholds:
    """What a session does with them. A step is a twentieth."""

    def __init__(self, session: AnnotateSession) -> None:
        self._session = session
        self._layer: str | None = None

    def read(self) -> bool:
        """Show what the project's thresholds let through; whether that is anything else."""
        session = self._session
        suggested = session.annotations.suggested
        found = thresholds(session.store, session.schema)
        if found == suggested.thresholds:
            return False
        suggested.set_thresholds(found)
        return True

    def move(self, steps: int) -> str:
        """Raise (1) or lower (-1) the threshold of the layer that is being looked at.

        That is the layer of the suggestion here, else the one moved last, else that of the
        suggestion that is next, else the only one.
        """
        session = self._session
        layer = self._looked_at()
        now = session.annotations.suggested.thresholds.get(layer, 0.0)
        place = round(now * (len(SCORES) - 1)) + steps
        if not 0 <= place < len(SCORES):
            raise RuleError(
                f"{layer}: everything is shown already" if steps < 0
                else f"{layer}: only what is certain is shown already"
            )  # fmt: skip
        session.store.set_setting(threshold_setting(layer), SCORES[place])
        self._layer = layer
        self.read()
        session.tell(())
        return f"{layer} from {SCORES[place]} on: {self._told(layer)}"

    def _looked_at(self) -> str:
        session = self._session
        layers = _layers(session)
        moved = None if self._layer not in layers else self._layer
        found = session.suggestions.here or (session.suggestions.next if moved is None else None)
        if found is not None:
            return layer_of(found.proposed)
        if moved is not None:
            return moved
        if len(layers) == 1:
            return layers.pop()
        if not layers:
            raise RuleError("nothing is suggested in this document")
        raise RuleError("no suggestion here", "Go to one of the layer that you mean.")

    def _told(self, layer: str) -> str:
        suggested = self._session.annotations.suggested
        shown = sum(layer_of(s.proposed) == layer for s in suggested.shown())
        hidden = suggested.hidden(layer)
        return f"{shown} shown" + (f", {hidden} hidden" if hidden else "")


def _layers(session: AnnotateSession) -> set[str]:
    found: Iterable[str] = (layer_of(s.proposed) for s in session.annotations.suggestions.values())
    return set(found)
