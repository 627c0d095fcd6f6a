"""Suggestions from engines: training them, and bringing what they propose into documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from annotator.errors import AnnotatorError, InputError
from annotator.store.base import Annotator, Store
from annotator.suggest import registry
from annotator.suggest.sealed import sealed
from annotator.workflow.engine_events import Broken, Event, NewModel, Proposed, Task
from annotator.workflow.engine_process import EngineProcess
from annotator.workflow.suggestion_actions import replace_open


class Placed(Struct, frozen=True):
    """What became of the proposals for a document: suggestions made, taken away, and open now.

    ``left_out`` were answered before, labelled already, or forbidden by the schema.
    """

    document: str
    made: int
    gone: int
    open: int
    left_out: int


def documents_of(store: Store, annotator: str, names: Sequence[str]) -> tuple[str, ...]:
    """The ids of documents by name; of ``all`` every one, of ``open`` (or none) those not done.

    Raises NotFoundError.
    """
    infos = store.documents(annotator)
    if tuple(names) == ("all",):
        return tuple(info.id for info in infos)
    if not names or tuple(names) == ("open",):
        return tuple(i.id for i in infos if i.status != "done" and i.done < i.sentences)
    return tuple(store.find_document(name) for name in names)


def work(store: Store, annotator: Annotator, task: Task) -> Iterator[Event | Placed]:
    """Have engines do a task in a process of their own.

    What they learn is kept, and what they propose brought in. Raises what the task raises; see
    ``engine_work.perform``.
    """
    session: str | None = None
    for event in EngineProcess(task).events():
        if isinstance(event, NewModel):
            store.save_model(annotator.id, event.model)
            continue
        yield event
        if isinstance(event, Proposed):
            session = session or store.start_session(annotator.id)
            yield from _placed(store, session, annotator, event)


def _placed(
    store: Store, session: str, annotator: Annotator, event: Proposed
) -> Iterator[Event | Placed]:
    made = gone = open_ = left_out = 0
    for asked in event.by:
        mine = [p for p in event.proposals if p.origin.engine == asked.engine]
        owner = (event.document, annotator.id, asked.engine)
        try:
            found = replace_open(store, session, *owner, mine, event.scope(asked))
        except InputError as error:
            yield Broken(asked.engine, "", error.message)
            continue
        made += sum(c.before is None for c in found.changes)
        gone += sum(c.after is None for c in found.changes)
        open_ += found.open
        left_out += found.answered + found.known + found.refused
    yield Placed(event.document, made, gone, open_, left_out)


def give(store: Store, annotator: Annotator, engine: str, given: Sequence[str]) -> dict[str, int]:
    """Make an engine's models of files or a pipeline, and keep them; gives layers and bytes.

    Raises UsageError, InputError.
    """
    found = registry.get(engine)
    try:
        models = found.read(given, store.schema())
    except AnnotatorError:
        raise
    except Exception as error:
        raise InputError(
            f"The engine {engine!r} cannot read {', '.join(given)}: {type(error).__name__}: {error}"
        ) from error
    with store.transaction():
        for layer, data in models.items():
            store.save_model(annotator.id, sealed(found, layer, " ".join(given), 0, data))
    return {layer: len(data) for layer, data in models.items()}
