"""What engines do for an annotator: learn from finished sentences, and propose for the others.

The work is a stream of events and writes nothing: whoever takes the events in keeps the models, and
makes suggestions of what is proposed, when no key has to wait for it. Whatever an engine does, the
work of the others goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from annotator.core.annotation import Relation, Span, UnitLabel
from annotator.core.learned_model import LearnedModel
from annotator.core.replacing import Scope
from annotator.core.schema import Schema
from annotator.core.suggestion_set import key_of
from annotator.errors import AnnotatorError, BusyError, InputError, ProjectError
from annotator.store.base import Store
from annotator.suggest.base import Engine, Model, NothingToLearnError, Page, Proposal
from annotator.suggest.combining import combined
from annotator.suggest.quality import Quality, check, check_ready
from annotator.suggest.schedule import is_due
from annotator.suggest.sealed import fingerprint, opened, sealed
from annotator.suggest.soundness import sound, sound_doubts
from annotator.workflow.engine_choice import choice, names_of, no_layer
from annotator.workflow.pages import around, finished_pages, page_of


class Task(Struct, frozen=True, kw_only=True):
    """What is to be done, for the annotator (id) of a project (path).

    ``engines`` and ``layers`` are names; empty, those that are on. ``documents`` (ids) get
    proposals, those in ``near`` around that code point only, where they are long. All sentences of
    the documents ``finished`` (ids) count as finished. ``anew`` learns even where nothing has
    changed, ``lenient`` only where much has (see ``suggest.schedule``) or where it takes a moment;
    ``check`` only finds out how good the engines are, and ``look`` only which there are.
    ``broken`` holds engine and layer (empty: all) of what is to be left alone.
    """

    project: str
    annotator: str
    engines: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    near: dict[str, int] = {}
    finished: tuple[str, ...] = ()
    anew: bool = False
    lenient: bool = False
    check: bool = False
    look: bool = False
    broken: tuple[tuple[str, str], ...] = ()
    seed: int = 0


class Began(Struct, frozen=True, tag=True):
    """An engine is at work on a layer, or (empty) being imported: if nothing more is heard, it was
    its fault."""

    engine: str
    layer: str


class Learned(Struct, frozen=True, tag=True):
    """An engine has a model: of so many finished sentences, in so many seconds (0: it had one)."""

    engine: str
    layer: str
    sentences: int
    seconds: float
    size: int


class NewModel(Struct, frozen=True, tag=True):
    """A model made just now, to be kept in the project; lost, it is only made again."""

    model: LearnedModel

    @property
    def engine(self) -> str:
        """Whose it is."""
        return self.model.engine

    @property
    def layer(self) -> str:
        """What it is for."""
        return self.model.layer


class NotLearned(Struct, frozen=True, tag=True):
    """An engine has nothing to go by; the reason is told."""

    engine: str
    layer: str
    reason: str
    hint: str = ""


class Broken(Struct, frozen=True, tag=True):
    """An engine failed for a layer (empty: for all). It is left alone from then on."""

    engine: str
    layer: str
    reason: str


class Checked(Struct, frozen=True, tag=True):
    """How good an engine is at a layer by now."""

    engine: str
    layer: str
    quality: Quality


class Offers(Struct, frozen=True, tag=True):
    """An engine that there is can propose for a layer."""

    engine: str
    layer: str
    title: str


class Asked(Struct, frozen=True):
    """An engine that was asked about a document; of the layers ``spared`` it said nothing."""

    engine: str
    spared: tuple[str, ...] = ()


class Proposed(Struct, frozen=True, tag=True):
    """What the engines ``by`` propose in a document (id), all together.

    They were asked of the text from ``start`` to ``end`` (half-open, code points), of a long
    document only of the ``sentences`` (id) there. ``doubts`` says of unfinished sentences (id) how
    unsure the engines are, 0 to 1.
    """

    document: str
    by: tuple[Asked, ...]
    proposals: tuple[Span | Relation | UnitLabel, ...]
    doubts: dict[str, float]
    start: int
    end: int
    sentences: tuple[str, ...] | None = None

    def scope(self, asked: Asked) -> Scope:
        """What an engine was asked."""
        sentences = None if self.sentences is None else frozenset(self.sentences)
        return Scope(self.start, self.end, sentences, frozenset(asked.spared))


Event: TypeAlias = Began | Learned | NewModel | NotLearned | Broken | Checked | Offers | Proposed


class _Part(Struct):
    """An engine at work: its models by layer, and the layers that failed it."""

    engine: Engine
    able: tuple[str, ...]
    layers: tuple[str, ...]
    models: dict[str, Model] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)

    def asked(self, only: tuple[str, ...]) -> Asked | None:
        """What it was asked; None where all that it could have said has failed."""
        if self.failed and not self.models:
            return None
        unasked = {layer for layer in self.able if only and layer not in only}
        return Asked(self.engine.name, tuple(sorted(self.failed | unasked)))


def perform(
    store: Store, task: Task, clock: Callable[[], float] = time.monotonic
) -> Iterator[Event]:
    """Do it, telling what happens. Raises UsageError, NotFoundError and what the store raises."""
    schema = store.schema()
    names, off = names_of(store, schema, task.engines)
    parts: list[_Part] = []
    for name in names:
        if (name, "") not in task.broken:
            yield from _chosen(store, task, schema, name, parts)
    able = sorted({layer for part in parts for layer in part.able})
    for layer in task.layers if len(parts) == len(names) else ():
        if layer not in able:
            raise no_layer(layer, able, "that an engine proposes for")
    if task.look:
        return
    pages = list(finished_pages(store, task.annotator, task.finished))
    for part in parts:
        for layer in part.layers:
            yield from _prepared(store, task, part, layer, pages, schema, clock)
    for document in task.documents:
        page = page_of(store, document, task.annotator, finished=document in task.finished)
        page = around(page, task.near[document]) if document in task.near else page
        yield from _proposed(page, schema, parts, task, off)


def _chosen(
    store: Store, task: Task, schema: Schema, name: str, parts: list[_Part]
) -> Iterator[Event]:
    """Import an engine, and add it to the parts."""
    yield Began(name, "")
    found = choice(store, schema, name, task.layers, named=bool(task.engines))
    if found.engine is None:
        assert found.fault is not None
        yield Broken(name, "", found.fault.message)
        return
    if task.look:
        yield from (Offers(name, layer, found.engine.title) for layer in found.able)
    broken = {layer for engine, layer in task.broken if engine == name}
    use = (
        layer
        for layer in found.layers
        if layer not in broken and not _is_idle(store, task, found.engine, layer)
    )
    parts.append(_Part(found.engine, found.able, tuple(use), failed=broken))


def _prepared(
    store: Store, task: Task, part: _Part, layer: str, pages: list[Page], schema: Schema,
    clock: Callable[[], float],
) -> Iterator[Event]:  # fmt: skip
    """Have an engine ready for a layer, or checked."""
    engine = part.engine
    yield Began(engine.name, layer)
    try:
        if task.check:
            yield from _checked(store, task, engine, layer, pages, schema)
            return
        begun = clock()
        learned, is_new, model = _opened(store, task, engine, layer, pages, schema)
    except NothingToLearnError as error:
        yield NotLearned(engine.name, layer, error.message, error.hint)
    except (ProjectError, BusyError):
        raise
    except (Exception, SystemExit) as error:  # noqa: BLE001 - an engine is somebody else's code
        part.failed.add(layer)
        yield Broken(engine.name, layer, _fault(error))
    else:
        part.models[layer] = model
        if is_new:
            yield NewModel(learned)
        yield Learned(
            engine.name, layer, learned.sentences, clock() - begun if is_new else 0.0,
            len(learned.data),
        )  # fmt: skip


def _is_idle(store: Store, task: Task, engine: Engine, layer: str) -> bool:
    """Whether nobody asked for an engine that was never given what it is made of."""
    if engine.made_of != "files" or task.engines:
        return False
    return store.model(task.annotator, engine.name, layer) is None


def _checked(
    store: Store, task: Task, engine: Engine, layer: str, pages: list[Page], schema: Schema
) -> Iterator[Event]:
    """A check of an engine: one that learns is taught and asked, another only asked."""
    if engine.made_of == "sentences":
        quality = check(engine, pages, schema, layer, task.seed)
    elif engine.made_of == "files" and store.model(task.annotator, engine.name, layer) is None:
        return
    else:
        _, _, model = _opened(store, task, engine, layer, pages, schema)
        quality = check_ready(model, pages, layer)
    yield Checked(engine.name, layer, quality)


def _learned(
    store: Store, task: Task, engine: Engine, layer: str, pages: list[Page], schema: Schema
) -> tuple[LearnedModel, bool]:
    """The model to go by, and whether it was made just now."""
    if engine.made_of == "nothing":
        return sealed(engine, layer, "", 0, b""), False
    kept = store.model(task.annotator, engine.name, layer)
    if engine.made_of == "files":
        if kept is None:
            raise NothingToLearnError(
                "nothing was named that it could be made of",
                f"Name it: annotator suggest train --engine {engine.name} --from {engine.takes}",
            )
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
    return sealed(engine, layer, print_, count, data), True


def _opened(
    store: Store, task: Task, engine: Engine, layer: str, pages: list[Page], schema: Schema
) -> tuple[LearnedModel, bool, Model]:
    """The model, whether it was made just now, and what proposes by it.

    One that was learned before and cannot be opened is learned again.
    """
    learned, is_new = _learned(store, task, engine, layer, pages, schema)
    try:
        return learned, is_new, opened(learned, engine, schema)
    except InputError:
        if is_new or engine.made_of != "sentences":
            raise
    learned, _ = _learned(store, replace(task, anew=True), engine, layer, pages, schema)
    return learned, True, opened(learned, engine, schema)


def _proposed(
    page: Page, schema: Schema, parts: list[_Part], task: Task, off: list[str]
) -> Iterator[Event]:
    """The proposals for a page; an engine that fails is told, and takes no part from then on."""
    answered = {key_of(s.proposed) for s in page.answered}
    proposals: list[Proposal] = []
    doubts: dict[str, float] = {}
    for part in parts:
        engine = part.engine
        for layer, model in tuple(part.models.items()):
            yield Began(engine.name, layer)
            try:
                found = sound(model.propose(page), engine, page, schema)
                unsure = sound_doubts(model.doubts(page), page)
            except NothingToLearnError as error:
                yield NotLearned(engine.name, layer, error.message, error.hint)
                continue
            except (Exception, SystemExit) as error:  # noqa: BLE001 - somebody else's code
                del part.models[layer]
                part.failed.add(layer)
                yield Broken(engine.name, layer, _fault(error))
                continue
            proposals += (p for p in found if key_of(p) not in answered)
            for sentence, doubt in unsure.items():
                doubts[sentence] = max(doubt, doubts.get(sentence, 0.0))
    said = (part.asked(task.layers) for part in parts if part.layers or part.failed)
    by = [asked for asked in said if asked is not None]
    if not task.layers:
        by += (Asked(name) for name in off)  # what they proposed when they were on goes
    start, end, sentences = 0, len(page.document.text), None
    if page.is_part:
        start, end = page.sentences[0].start, page.sentences[-1].end
        sentences = tuple(sentence.id for sentence in page.sentences)
    given = tuple(combined(proposals, schema))
    yield Proposed(page.document.id, tuple(by), given, doubts, start, end, sentences)


def _fault(error: BaseException) -> str:
    if isinstance(error, AnnotatorError):
        return ". ".join(part.rstrip(".") for part in (error.message, error.hint) if part)
    if isinstance(error, MemoryError):
        return "it needs more memory than engines may take"
    return f"{type(error).__name__}: {error}"
