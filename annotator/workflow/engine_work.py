"""What engines do for an annotator: learn from finished sentences, and propose for the others.

The work is a stream of events. It writes nothing but models; what is proposed becomes suggestions
where the events are taken in. Whatever an engine does, the work of the others goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeAlias

from msgspec import Struct

from annotator.core.annotation import Relation, Span, UnitLabel
from annotator.core.learned_model import LearnedModel
from annotator.core.schema import Schema
from annotator.core.suggestion_set import key_of
from annotator.errors import AnnotatorError, InputError
from annotator.store.base import Store
from annotator.suggest.base import Engine, Model, NothingToLearnError, Page, Proposal
from annotator.suggest.combining import combined
from annotator.suggest.quality import Quality, check
from annotator.suggest.schedule import is_due
from annotator.suggest.sealed import fingerprint, opened, sealed
from annotator.workflow.engine_choice import chosen
from annotator.workflow.pages import around, finished_pages, page_of


class Task(Struct, frozen=True, kw_only=True):
    """What is to be done, for the annotator (id) of a project (path).

    ``engines`` and ``layers`` are names; empty, those that are on. ``documents`` (ids) get
    proposals; ``near`` is a code point around which, in a long document. All sentences of the
    documents ``finished`` (ids) count as finished. ``anew`` learns even where nothing has changed,
    ``lenient`` only where much has (see ``suggest.schedule``) or where it takes a moment;
    ``check`` only finds out how good the engines that learn are. ``broken`` holds engine and layer
    of what is to be left alone.
    """

    project: str
    annotator: str
    engines: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    near: int | None = None
    finished: tuple[str, ...] = ()
    anew: bool = False
    lenient: bool = False
    check: bool = False
    broken: tuple[tuple[str, str], ...] = ()
    seed: int = 0


class Began(Struct, frozen=True, tag=True):
    """An engine is at work on a layer: if nothing more is heard, it was its fault."""

    engine: str
    layer: str


class Learned(Struct, frozen=True, tag=True):
    """An engine has a model: of so many finished sentences, in so many seconds (0: it had one)."""

    engine: str
    layer: str
    sentences: int
    seconds: float
    size: int


class NotLearned(Struct, frozen=True, tag=True):
    """An engine has nothing to go by; the reason is told."""

    engine: str
    layer: str
    reason: str
    hint: str = ""


class Broken(Struct, frozen=True, tag=True):
    """An engine failed. It is left alone from then on."""

    engine: str
    layer: str
    reason: str


class Checked(Struct, frozen=True, tag=True):
    """How good an engine is at a layer by now."""

    engine: str
    layer: str
    quality: Quality


class Proposed(Struct, frozen=True, tag=True):
    """What the engines ``by`` propose in a document (id), all together.

    ``doubts`` says of unfinished sentences (id) how unsure the engines are, 0 to 1.
    """

    document: str
    by: tuple[str, ...]
    proposals: tuple[Span | Relation | UnitLabel, ...]
    doubts: dict[str, float]


Event: TypeAlias = Began | Learned | NotLearned | Broken | Checked | Proposed
_Ready = tuple[Engine, str, Model]


def perform(
    store: Store, task: Task, clock: Callable[[], float] = time.monotonic
) -> Iterator[Event]:
    """Do it, telling what happens. Raises UsageError, NotFoundError and what the store raises."""
    schema = store.schema()
    pages = list(finished_pages(store, task.annotator, task.finished))
    ready: list[_Ready] = []
    engines: list[str] = []
    for engine, layers in chosen(store, schema, task.engines, task.layers):
        engines.append(engine.name)
        for layer in layers:
            if (engine.name, layer) in task.broken or _is_idle(store, task, engine, layer):
                continue
            yield Began(engine.name, layer)
            try:
                if task.check:
                    yield from _checked(engine, layer, pages, schema, task.seed)
                    continue
                begun = clock()
                learned, is_new = _learned(store, task, engine, layer, pages, schema)
                model = opened(learned, engine, schema)
            except NothingToLearnError as error:
                yield NotLearned(engine.name, layer, error.message, error.hint)
            except InputError as error:
                yield Broken(engine.name, layer, error.message)
            except AnnotatorError:
                raise
            except Exception as error:  # noqa: BLE001 - an engine is somebody else's code
                yield Broken(engine.name, layer, _fault(error))
            else:
                ready.append((engine, layer, model))
                yield Learned(
                    engine.name, layer, learned.sentences,
                    clock() - begun if is_new else 0.0, len(learned.data),
                )  # fmt: skip
    for document in task.documents:
        page = page_of(store, document, task.annotator, finished=document in task.finished)
        if task.near is not None:
            page = around(page, task.near)
        yield from _proposed(page, schema, ready, tuple(engines))


def _is_idle(store: Store, task: Task, engine: Engine, layer: str) -> bool:
    """Whether nobody asked for an engine that was never given what it is made of."""
    if engine.made_of != "files" or task.engines:
        return False
    return store.model(task.annotator, engine.name, layer) is None


def _checked(
    engine: Engine, layer: str, pages: list[Page], schema: Schema, seed: int
) -> Iterator[Event]:
    """A check of an engine that learns; the others are as good as what they were made of."""
    if engine.made_of == "sentences":
        yield Checked(engine.name, layer, check(engine, pages, schema, layer, seed))


def _learned(
    store: Store, task: Task, engine: Engine, layer: str, pages: list[Page], schema: Schema
) -> tuple[LearnedModel, bool]:
    """The model to go by, and whether it was made just now."""
    if engine.made_of == "nothing":
        return sealed(engine, layer, "", 0, b""), False
    kept = store.model(task.annotator, engine.name, layer)
    if engine.made_of == "files":
        if kept is None:
            engine.train((), schema, layer)
        assert kept is not None, "an engine made of files learns nothing"
        return kept, False
    print_ = fingerprint(pages, engine, schema, layer)
    is_fresh = kept is not None and (kept.version, kept.fingerprint, kept.is_whole) == (
        *(engine.version, print_, True),
    )
    count = sum(len(page.taught) for page in pages)
    if kept is not None and not task.anew:
        is_near = kept.version == engine.version and kept.is_whole and not engine.quick
        if is_fresh or (task.lenient and is_near and not is_due(count, kept.sentences)):
            return kept, False
    data = engine.train(pages, schema, layer, task.seed)
    learned = sealed(engine, layer, print_, count, data)
    store.save_model(task.annotator, learned)
    return learned, True


def _proposed(
    page: Page, schema: Schema, ready: list[_Ready], engines: tuple[str, ...]
) -> Iterator[Event]:
    """The proposals for a page; an engine that fails is told, and takes no part from then on."""
    answered = {key_of(s.proposed) for s in page.answered}
    proposals: list[Proposal] = []
    doubts: dict[str, float] = {}
    for part in tuple(ready):
        engine, layer, model = part
        yield Began(engine.name, layer)
        try:
            found = model.propose(page)
            unsure = model.doubts(page)
        except NothingToLearnError as error:
            yield NotLearned(engine.name, layer, error.message, error.hint)
            continue
        except Exception as error:  # noqa: BLE001 - an engine is somebody else's code
            ready.remove(part)
            yield Broken(engine.name, layer, _fault(error))
            continue
        proposals += (p for p in found if key_of(p) not in answered)
        for sentence, doubt in unsure.items():
            doubts[sentence] = max(doubt, doubts.get(sentence, 0.0))
    yield Proposed(page.document.id, engines, tuple(combined(proposals, schema)), doubts)


def _fault(error: Exception) -> str:
    if isinstance(error, AnnotatorError):
        return error.message
    return f"{type(error).__name__}: {error}"
