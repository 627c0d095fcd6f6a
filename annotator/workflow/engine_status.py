"""How the engines of a project stand: on or off, trained, how their suggestions were answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from annotator.errors import NotFoundError
from annotator.store.base import Store
from annotator.store.counts import SuggestionCount
from annotator.suggest.quality import Quality
from annotator.workflow.engine_choice import is_on
from annotator.workflow.engine_events import Broken, Checked, NotLearned, Offers, Task
from annotator.workflow.engine_process import EngineProcess


class EngineStatus(Struct, frozen=True, kw_only=True):
    """One engine and layer for one annotator.

    ``trained`` counts the finished sentences its model was made of (None: it has none yet). The
    counters are of its suggestions by state. ``note`` is why there is no ``quality``, or what is
    wrong with the engine.
    """

    engine: str
    layer: str
    title: str
    on: bool
    trained: int | None
    open: int = 0
    accepted: int = 0
    corrected: int = 0
    rejected: int = 0
    quality: Quality | None = None
    note: str = ""

    @property
    def advice(self) -> str:
        """What to do about it; empty where all is well."""
        answered = self.accepted + self.corrected + self.rejected
        if answered >= _ENOUGH and self.rejected > 2 * (self.accepted + self.corrected):
            words = f"{self.rejected} of its {answered} suggestions were rejected"
        else:
            words = self.quality.advice if self.quality is not None else ""
        if not words or not self.on:
            return ""
        if "keys" in words or "rejected" in words:
            words += f"; annotator suggest off {self.engine} --layer {self.layer}"
        return words


_ENOUGH = 20
"""Answers from which on they say something about an engine."""


def statuses(store: Store, project: Path, annotator: str) -> list[EngineStatus]:
    """Every engine and layer for the annotator of that name, without checking how good they are.

    Engines are imported in a process of their own; one that cannot be has a row without a layer.
    """
    try:
        id = store.annotator(annotator).id
    except NotFoundError:
        id = ""
    rows: dict[tuple[str, str], EngineStatus] = {}
    for event in EngineProcess(Task(project=str(project), annotator=id, look=True)).events():
        if isinstance(event, Broken):
            rows[event.engine, event.layer] = EngineStatus(
                engine=event.engine, layer=event.layer, title="", on=True, trained=None,
                note=event.reason,
            )  # fmt: skip
        elif isinstance(event, Offers):
            name, layer = event.engine, event.layer
            model = store.model(id, name, layer)
            rows[name, layer] = EngineStatus(
                engine=name, layer=layer, title=event.title, on=is_on(store, name, layer),
                trained=None if model is None else model.sentences,
            )  # fmt: skip
    for found in store.suggestion_counts(id) if id else ():
        key = _row_of(found, rows)
        row = rows.get(key) or EngineStatus(
            engine=key[0], layer=key[1], title="", on=False, trained=None
        )
        rows[key] = replace(row, **{found.state: getattr(row, found.state) + found.count})
    return list(rows.values())


def _row_of(
    found: SuggestionCount, rows: Mapping[tuple[str, str], EngineStatus]
) -> tuple[str, str]:
    """Where suggestions are counted: by their layer, and the spans of an engine that proposes ties
    by the first of these."""
    key = (found.engine, found.layer or found.label)
    if key in rows:
        return key
    return next((other for other in rows if other[0] == found.engine), key)


def checked(
    found: Iterable[EngineStatus], project: Path, annotator: str, finished: tuple[str, ...] = ()
) -> list[EngineStatus]:
    """The same with how good each is that is on; ``annotator`` is an id. Takes seconds."""
    rows = {(row.engine, row.layer): row for row in found}
    wanted = [row for row in rows.values() if row.on and row.layer]
    task = Task(
        project=str(project), annotator=annotator, check=True, finished=finished,
        engines=tuple(dict.fromkeys(row.engine for row in wanted)),
        layers=tuple(dict.fromkeys(row.layer for row in wanted)),
    )  # fmt: skip
    for event in EngineProcess(task).events() if wanted else ():
        if isinstance(event, Checked | NotLearned | Broken):
            key = (event.engine, event.layer)
            if isinstance(event, Checked):
                rows[key] = replace(rows[key], quality=event.quality)
            else:
                rows[key] = replace(rows[key], note=event.reason)
    return list(rows.values())
