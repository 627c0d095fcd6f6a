"""How the engines of a project stand: on or off, trained, how their suggestions were answered."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from annotator.errors import NotFoundError
from annotator.store.base import Store
from annotator.suggest.base import MadeOf
from annotator.suggest.quality import Quality
from annotator.workflow.engine_answers import advice_on, home_of, off_command
from annotator.workflow.engine_choice import is_on
from annotator.workflow.engine_events import Broken, Checked, NotLearned, Offers, Task
from annotator.workflow.engine_process import EngineProcess


class EngineStatus(Struct, frozen=True, kw_only=True):
    """One engine and layer for one annotator.

    ``trained`` counts the finished sentences its model was made of (None: it has none yet). The
    counters are of its suggestions by state. ``made_of`` is what its model comes from (None: it
    cannot be asked). ``note`` is why there is no ``quality``, or what is wrong with the engine.
    """

    engine: str
    layer: str
    title: str
    on: bool
    trained: int | None
    made_of: MadeOf | None = None
    open: int = 0
    accepted: int = 0
    corrected: int = 0
    rejected: int = 0
    quality: Quality | None = None
    note: str = ""

    @property
    def state(self) -> str:
        """Off, on, or on without the files that it is made of, and so without suggestions."""
        lacking = self.made_of == "files" and self.trained is None
        return "off" if not self.on else "no files" if lacking else "on"

    @property
    def advice(self) -> str:
        """What to do about it; empty where all is well."""
        if not self.on:
            return ""
        right = self.accepted + self.corrected
        found, answered = self.quality, advice_on(self.engine, self.layer, right, self.rejected)
        if answered or found is None:
            return answered
        if found.is_mostly_wrong or found.learns_nothing:
            return f"{found.advice}; {off_command(self.engine, self.layer)}"
        return found.advice


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
                trained=None if model is None else model.sentences, made_of=event.made_of,
            )  # fmt: skip
    able: dict[str, list[str]] = {}
    for engine, layer in rows:
        able.setdefault(engine, []).append(layer)
    for found in store.suggestion_counts(id) if id else ():
        key = (found.engine, home_of(found.layer or found.label, able.get(found.engine, ())))
        row = rows.get(key) or EngineStatus(
            engine=key[0], layer=key[1], title="", on=False, trained=None
        )
        rows[key] = replace(row, **{found.state: getattr(row, found.state) + found.count})
    return list(rows.values())


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
