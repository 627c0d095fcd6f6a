"""What engines do for an annotator: learn from finished sentences, and propose for the others.

The work is a stream of events and writes nothing: whoever takes the events in keeps the models, and
makes suggestions of what is proposed, when no key has to wait for it. Whatever an engine does, the
work of the others goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

from msgspec import Struct, field

from annotator.core.learned_model import LearnedModel
from annotator.core.safe_text import cut
from annotator.core.suggestion_set import key_of
from annotator.errors import AnnotatorError, BusyError, ProjectError
from annotator.store.base import Store
from annotator.suggest import registry
from annotator.suggest.base import Engine, Model, NothingToLearnError, Page, Proposal
from annotator.suggest.combining import combined
from annotator.suggest.quality import check, check_ready
from annotator.suggest.schedule import is_due
from annotator.suggest.sealed import fingerprint, opened, sealed
from annotator.suggest.soundness import sound, sound_doubts
from annotator.workflow.engine_answers import fared
from annotator.workflow.engine_choice import choice, names_of, no_layer
from annotator.workflow.engine_events import (
    LONGEST_FAULT,
    Asked,
    Began,
    Broken,
    Checked,
    Event,
    Learned,
    NewModel,
    NotLearned,
    Offers,
    Proposed,
    Task,
)
from annotator.workflow.pages import around, finished_pages, gold_pages, page_of


class _Part(Struct):
    """An engine at work: its models by layer, and the layers that failed it."""

    engine: Engine
    able: tuple[str, ...]
    layers: tuple[str, ...]
    models: dict[str, Model] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    """The layers whose models were learned before."""

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
    work = _Work(store, task, clock)
    if task.lenient:
        yield from work.ready_by_and_by()
    else:
        yield from work.ready_at_once()
    for document in () if task.look else task.documents:
        yield from work.proposed(document)


class _Work:
    """One task; ``_parts`` are the engines that are ready, in the order in which they are asked."""

    def __init__(self, store: Store, task: Task, clock: Callable[[], float]) -> None:
        self._store = store
        self._task = task
        self._clock = clock
        self._schema = store.schema()
        self._names, self._off = names_of(store, self._schema, task.engines)
        self._parts: list[_Part] = []
        self._gone = {engine for engine, layer in task.broken if not layer}
        self._lessons: list[Page] | None = None
        self._gold: list[Page] | None = None

    # -- which, and in which order ---------------------------------------------------------------

    def ready_at_once(self) -> Iterator[Event]:
        """Have all engines ready, once it is known that there are the layers that are wanted."""
        yield from self._chosen(self._names, self._parts)
        able = sorted({layer for part in self._parts for layer in part.able})
        for layer in self._task.layers if len(self._parts) == len(self._names) else ():
            if layer not in able:
                raise no_layer(layer, able, "that an engine proposes for")
        if not self._task.look:
            yield from self._prepared(self._parts)

    def ready_by_and_by(self) -> Iterator[Event]:
        """Have the engines ready, the quick ones first, so that nobody waits for the slow ones.

        Those of somebody else come last, each by itself: its very import may take a while.
        """
        answers = self._store.suggestion_counts(self._task.annotator)
        ours = [name for name in self._names if registry.is_ours(name)]
        others = [[name] for name in self._names if name not in ours]
        for group in (ours, *others):
            chosen: list[_Part] = []
            yield from self._chosen(group, chosen)
            for wave in _waves(chosen):
                yield from self._prepared(wave)
                self._parts += wave
                if self._to_come() and any(part.models for part in wave):
                    for document in self._task.documents[:1]:
                        yield from self.proposed(document)
                for part in wave:
                    yield from fared(answers, part.engine.name, part.layers, part.able)

    def _to_come(self) -> frozenset[str]:
        return frozenset(self._names) - {part.engine.name for part in self._parts} - self._gone

    def _chosen(self, names: Iterable[str], parts: list[_Part]) -> Iterator[Event]:
        """Import engines, and add them to the parts."""
        task = self._task
        for name in names:
            if name in self._gone:
                continue
            yield Began(name, "")
            found = choice(self._store, self._schema, name, task.layers, named=bool(task.engines))
            if found.engine is None:
                assert found.fault is not None
                self._gone.add(name)
                yield Broken(name, "", found.fault.message)
                continue
            if task.look:
                yield from (
                    Offers(name, layer, found.engine.title, found.engine.made_of)
                    for layer in found.able
                )
            broken = {layer for engine, layer in task.broken if engine == name}
            use = (
                layer
                for layer in found.layers
                if layer not in broken and not self._is_idle(found.engine, layer)
            )
            parts.append(_Part(found.engine, found.able, tuple(use), failed=broken))

    def _is_idle(self, engine: Engine, layer: str) -> bool:
        """Whether nobody asked for an engine that was never given what it is made of."""
        if engine.made_of != "files" or self._task.engines:
            return False
        return self._store.model(self._task.annotator, engine.name, layer) is None

    # -- learning --------------------------------------------------------------------------------

    def _prepared(self, parts: Sequence[_Part]) -> Iterator[Event]:
        """Have engines ready, or checked."""
        if self._lessons is None:
            found = finished_pages(self._store, self._task.annotator, self._task.finished)
            self._lessons = list(found)
        for part in parts:
            for layer in part.layers:
                yield from self._prepared_for(part, layer, self._lessons)

    def _prepared_for(self, part: _Part, layer: str, pages: list[Page]) -> Iterator[Event]:
        engine = part.engine
        yield Began(engine.name, layer)
        try:
            if self._task.check:
                yield from self._checked(engine, layer, pages)
                return
            begun = self._clock()
            learned, is_new, model = yield from self._opened(engine, layer, pages)
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
            elif engine.made_of == "sentences":
                part.kept.add(layer)
            yield Learned(
                engine.name, layer, learned.sentences, self._clock() - begun if is_new else 0.0,
                len(learned.data),
            )  # fmt: skip

    def _checked(self, engine: Engine, layer: str, pages: list[Page]) -> Iterator[Event]:
        """A check of an engine: one that learns is taught and asked, another only asked."""
        if self._gold is None:
            self._gold = list(gold_pages(self._store, pages))
        if engine.made_of == "sentences":
            quality = check(engine, pages, self._schema, layer, self._task.seed, self._gold)
        elif engine.made_of == "files" and self._kept(engine, layer) is None:
            return
        else:
            _, _, model = yield from self._opened(engine, layer, pages)
            quality = check_ready(model, pages, layer, self._gold)
        yield Checked(engine.name, layer, quality)

    def _kept(self, engine: Engine, layer: str) -> LearnedModel | None:
        return self._store.model(self._task.annotator, engine.name, layer)

    def _opened(
        self, engine: Engine, layer: str, pages: list[Page]
    ) -> Generator[Event, None, tuple[LearnedModel, bool, Model]]:
        """The model, whether it was made just now, and what proposes by it.

        One that was learned before and cannot be opened is learned again, whatever its bytes make
        of the engine: their checksum fits what somebody else may have put there.
        """
        anew = self._task.anew or (engine.name, layer) in self._task.spoiled
        learned, is_new = self._learned(engine, layer, pages, anew=anew)
        if is_new or engine.made_of != "sentences":
            return learned, is_new, opened(learned, engine, self._schema)
        yield Began(engine.name, layer, by_kept=True)
        try:
            return learned, False, opened(learned, engine, self._schema)
        except (Exception, SystemExit):  # noqa: BLE001 - somebody else's code
            learned, _ = self._learned(engine, layer, pages, anew=True)
        return learned, True, opened(learned, engine, self._schema)

    def _learned(
        self, engine: Engine, layer: str, pages: list[Page], *, anew: bool
    ) -> tuple[LearnedModel, bool]:
        """The model to go by, and whether it was made just now."""
        if engine.made_of == "nothing":
            return sealed(engine, layer, "", 0, b""), False
        kept = self._kept(engine, layer)
        if engine.made_of == "files":
            if kept is None:
                raise NothingToLearnError(
                    "nothing was named that it could be made of",
                    f"Name it: {engine.command}",
                )
            return kept, False
        print_ = fingerprint(pages, engine, self._schema, layer)
        count = sum(len(page.taught) for page in pages)
        if kept is not None and not anew:
            is_ours = kept.version == engine.version and kept.is_whole
            is_near = is_ours and not engine.quick and not is_due(count, kept.sentences)
            if (is_ours and kept.fingerprint == print_) or (self._task.lenient and is_near):
                return kept, False
        data = engine.train(pages, self._schema, layer, self._task.seed)
        return sealed(engine, layer, print_, count, data), True

    # -- proposing -------------------------------------------------------------------------------

    def proposed(self, document: str) -> Iterator[Event]:
        """What the engines that are ready propose for a document (id), all together.

        An engine that fails is told, and takes no part from then on. What those propose that were
        not asked yet is what they had proposed before.
        """
        task = self._task
        page = page_of(self._store, document, task.annotator, finished=document in task.finished)
        page = around(page, task.near[document]) if document in task.near else page
        to_come = self._to_come()
        proposals = [s.proposed for s in page.unanswered if s.proposed.origin.engine in to_come]
        doubts: dict[str, float] = {}
        answered = {key_of(s.proposed) for s in page.answered}
        for part in self._parts:
            for layer in tuple(part.models):
                yield Began(part.engine.name, layer, by_kept=layer in part.kept)
                try:
                    found, unsure = self._asked(part, layer, page)
                except NothingToLearnError as error:
                    yield NotLearned(part.engine.name, layer, error.message, error.hint)
                    continue
                except (Exception, SystemExit) as error:  # noqa: BLE001 - somebody else's code
                    del part.models[layer]
                    part.failed.add(layer)
                    yield Broken(part.engine.name, layer, _fault(error))
                    continue
                proposals += (p for p in found if key_of(p) not in answered)
                for sentence, doubt in unsure.items():
                    doubts[sentence] = max(doubt, doubts.get(sentence, 0.0))
        start, end, sentences = 0, len(page.document.text), None
        if page.is_part:
            start, end = page.sentences[0].start, page.sentences[-1].end
            sentences = tuple(sentence.id for sentence in page.sentences)
        given = tuple(combined(proposals, self._schema))
        yield Proposed(document, self._by(), given, doubts, start, end, sentences, bool(to_come))

    def _asked(
        self, part: _Part, layer: str, page: Page
    ) -> tuple[list[Proposal], dict[str, float]]:
        """What an engine proposes, and how unsure it is; whatever its code does is raised."""
        model, engine = part.models[layer], part.engine
        found = sound(model.propose(page), engine, page, self._schema)
        return found, sound_doubts(model.doubts(page), page)

    def _by(self) -> tuple[Asked, ...]:
        """Those whose proposals these are, be they none."""
        only = self._task.layers
        said = (part.asked(only) for part in self._parts if part.layers or part.failed)
        by = [asked for asked in said if asked is not None]
        if not only:
            by += (Asked(name) for name in self._off)  # what they proposed when they were on goes
        return tuple(by)


def _waves(parts: Sequence[_Part]) -> list[list[_Part]]:
    """Engines in the order in which they are to be heard: those that take a moment together, then
    those that learn, then those made of files, each by itself."""
    quick = [p for p in parts if p.engine.quick or p.engine.made_of == "nothing" or not p.layers]
    rest = sorted((p for p in parts if p not in quick), key=lambda p: p.engine.made_of == "files")
    return [quick, *([part] for part in rest)]


def _fault(error: BaseException) -> str:
    if isinstance(error, AnnotatorError):
        return ". ".join(part.rstrip(".") for part in (error.message, error.hint) if part)
    if isinstance(error, MemoryError):
        return "it needs more memory than engines may take"
    return cut(f"{type(error).__name__}: {error}", LONGEST_FAULT)
