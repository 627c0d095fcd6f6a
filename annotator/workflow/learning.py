"""Engines beside the screen: they learn after a few more finished sentences, and propose anew.

The work is done in a process of its own, and a thread waits for it; what comes of it is taken in
where keys are dealt with, while none comes (``when_idle``), and models are written then. No key
waits for any of it. What is proposed for the neighbours of the document on the screen is kept until
they are opened.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

from annotator.core.annotation import Relation, SentenceMark, Span, UnitLabel
from annotator.core.edits import Changes
from annotator.core.learned_model import LearnedModel
from annotator.core.schema import Schema
from annotator.errors import AnnotatorError, InputError
from annotator.store.base import Store
from annotator.suggest.ordering import Order
from annotator.suggest.schedule import FEW, is_due
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.engine_answers import Advising, Fared
from annotator.workflow.engine_events import Broken, Event, Learned, NewModel, Proposed, Task
from annotator.workflow.engine_process import EngineProcess
from annotator.workflow.what_next import WhatNext

SETTING = "learning"
_AHEAD_LASTS = 12
"""Finished sentences after which what was proposed ahead is made anew: names come again mostly
within a document."""
_STEPS = 4
"""Steps of taking in suggestions that change nothing and are made in one quiet moment; one that
writes ends it. A key that comes then waits a few milliseconds, and mostly for the disk."""
_MODELS_AT_ONCE = 1_000_000
"""Bytes of models after which no further one is written in the same quiet moment: so many take the
disk hardly longer than a label, and each million more some ten milliseconds."""


class Learning:
    """Looks after the engines for one annotator (id) of a project (path).

    Nothing is done before a few sentences are finished in the sitting, unless engines learned in an
    earlier one. An engine that fails is told, once, and left alone until the end of the sitting.
    """

    def __init__(self, store: Store, project: Path, annotator: str) -> None:
        self._store = store
        self._project = project
        self._annotator = annotator
        self._session: AnnotateSession | None = None
        self._broken: tuple[tuple[str, str], ...] = ()
        self._finished = 0
        self._learned: int | None = None
        self._is_wanted = False
        self._ahead = _Ahead()
        self._neighbours: tuple[str, ...] | None = None
        self._near: tuple[int, int] | None = None
        self._work: _Work | None = None
        self._asking: WhatNext | None = None
        self._models: deque[LearnedModel] = deque()
        self._steps: deque[tuple[str, list[Span | Relation | UnitLabel], Iterator[int]]] = deque()
        self._advising = Advising()

    def when_idle(self, session: AnnotateSession, *, is_resting: bool = True) -> bool:
        """Take in what is there, and begin what is due; whether suggestions changed.

        A model takes the disk tens of milliseconds: it is written when somebody ``is_resting``, and
        so will hardly press a key meanwhile, or at the latest before engines are wanted again.

        To be called where keys are dealt with. Raises AnnotatorError, whose message is to be told:
        an engine failed and is off for the sitting, or had better be switched off (each told only
        once), or the work cannot be done.
        """
        if session is not self._session:
            self._open(session)
        advice = self._advising.advice()
        if advice:
            raise AnnotatorError(advice)
        work = self._work
        if work is not None:
            self._take_in(work, session)
        changed = self._write()
        if self._steps or (work is not None and work.events):
            return changed
        if self._models and (is_resting or self._is_wanted or self._is_due()):
            self._keep_models()
            return changed
        if work is not None and not work.is_alive() and not work.events:
            self._work = None
            if work.error is not None:
                self._is_wanted, self._near = False, None
                raise work.error
        elif not self._models and (work is None or (work.is_ahead and self._is_due())):
            self._begin_what_is_due(session)
        return changed

    def what_next(self, by: Order) -> WhatNext:
        """Finds out what to do next in the whole project; ``stop`` ends that as well."""
        self._asking = WhatNext(self._store, self._project, self._annotator, by)
        return self._asking

    @property
    def is_behind(self) -> bool:
        """Whether there is more to take in, in quiet moments to come."""
        events = self._work is not None and self._work.events
        return bool(self._steps or events)

    def propose_anew(self) -> None:
        """Have engines asked again in the next quiet moment, since others of them are on."""
        self._interrupt()
        self._ahead = _Ahead()
        self._is_wanted = True

    def stop(self) -> None:
        """End what is going on, and keep what was learned."""
        if self._asking is not None:
            self._asking.stop()
        self._interrupt()
        with suppress(AnnotatorError):  # what is not kept is learned again
            while self._models:
                self._keep_models()

    def _interrupt(self) -> None:
        """End what is going on, to begin something else; what was learned is not lost."""
        work = self._work
        if work is not None:
            work.process.stop()
            self._ahead.interrupt()
            while work.events:
                event = work.events.popleft()
                if isinstance(event, NewModel):
                    self._models.append(event.model)

    # -- when ------------------------------------------------------------------------------------

    def _open(self, session: AnnotateSession) -> None:
        """Another document is on the screen: it gets what was proposed ahead, and wants proposals
        if engines have learned, unless nothing was finished since."""
        self._interrupt()
        self._work = None
        self._steps.clear()
        self._session = session
        self._neighbours = None
        self._near = None
        session.listen(self._count)
        if self._learned is None and self._has_models():
            self._learned = 0
        ahead = self._ahead.take(session.document.id, session.schema)
        if ahead is not None:
            self._propose(session, ahead)
        self._is_wanted = self._learned is not None and not (ahead and self._ahead.age == 0)

    def _has_models(self) -> bool:
        from annotator.suggest import registry

        layers = [layer.name for layer in self._store.schema_in_force().layers]
        return any(
            self._store.model(self._annotator, name, layer) is not None
            for name in registry.names()
            for layer in layers
        )

    def _count(self, changes: Changes) -> None:
        for change in changes:
            before, after = change.before, change.after
            if isinstance(after, SentenceMark) and after.done:
                self._finished += 1
                self._pass_over(after.sentence)
            elif isinstance(before, SentenceMark) and before.done:
                self._finished -= 1
                self._advising.taken_back(before.sentence)
            else:
                continue
            self._ahead.age += 1

    def _pass_over(self, id: str) -> None:
        assert self._session is not None
        sentence = self._session.sentences.with_id(id)
        if sentence is not None:
            self._advising.finished(sentence, self._session)

    def _is_due(self) -> bool:
        if self._learned is None:
            return self._finished >= FEW
        return is_due(self._learned + self._finished, self._learned, quick=True)

    # -- what ------------------------------------------------------------------------------------

    def _begin_what_is_due(self, session: AnnotateSession) -> None:
        """Propose for the document on the screen, where that is due, and for its neighbours, where
        nothing is there for them or much was finished since."""
        wanted = self._is_wanted or self._is_due() or self._is_away(session)
        here = (session.document.id,) if wanted else ()
        neighbours = () if self._learned is None and not here else self._next_to(session)
        if not here and (not neighbours or self._ahead.has(neighbours)):
            return
        self._is_wanted = False
        if self._store.setting(SETTING) != "on":
            self._finished = 0
            return
        self._interrupt()
        if here:
            self._learned = (self._learned or 0) + self._finished
            self._finished = 0
        if self._ahead.has(neighbours):
            neighbours = ()
        self._ahead.begin(neighbours, session.schema)
        at = {id: self._store.position(id, self._annotator) for id in neighbours}
        self._work = _Work(
            Task(
                project=str(self._project),
                annotator=self._annotator,
                documents=(*here, *neighbours),
                near={**at, session.document.id: session.reader.cursor.start},
                broken=self._broken,
                lenient=True,
            ),
            is_ahead=not here,
        )
        self._work.start()

    def _is_away(self, session: AnnotateSession) -> bool:
        """Whether the cursor has left the part of a long document that was asked about."""
        if self._near is None:
            return False
        return not self._near[0] <= session.reader.cursor.start <= self._near[1]

    def _next_to(self, session: AnnotateSession) -> tuple[str, ...]:
        """The documents (id) that will probably be opened next."""
        if self._neighbours is None:
            there = (self._store.neighbour(session.document.id, step) for step in (1, -1))
            self._neighbours = tuple(id for id in there if id is not None)
        return self._neighbours

    def _take_in(self, work: _Work, session: AnnotateSession) -> None:
        """The events so far, in order; proposals for neighbours wait until these are opened."""
        while work.events:
            event = work.events.popleft()
            if isinstance(event, Learned) and event.seconds:
                self._learned = event.sentences
            elif isinstance(event, NewModel):
                self._models.append(event.model)
            elif isinstance(event, Proposed):
                if event.document == session.document.id:
                    self._propose(session, event)
                    work.is_ahead = not event.more_to_come
                elif not event.more_to_come:
                    self._ahead.put(event)
            elif isinstance(event, Broken):
                self._give_up(event.engine, event.layer, event.reason)
            elif isinstance(event, Fared):
                self._advising.fared(event)

    def _propose(self, session: AnnotateSession, event: Proposed) -> None:
        before = session.stepping.doubts if event.more_to_come else {}
        session.stepping.doubts = {**before, **event.doubts}
        self._near = (event.start, event.end)
        late = _late(event, session)
        given = [p for p in event.proposals if p.id not in late]
        for asked in event.by:
            mine = [p for p in given if p.origin.engine == asked.engine]
            steps = session.suggestions.replacing(asked.engine, mine, event.scope(asked))
            self._steps.append((asked.engine, mine, steps))

    def _write(self) -> bool:
        """Write a few of the suggestions that are still to be written; whether any changed."""
        for _ in range(_STEPS):
            if not self._steps:
                break
            engine, mine, steps = self._steps[0]
            try:
                written = next(steps, None)
            except InputError as error:
                self._steps.popleft()
                for layer in {getattr(p, "layer", "") or getattr(p, "type", "") for p in mine}:
                    self._broken = (*self._broken, (engine, layer))
                raise _off(engine, error.message) from error
            if written is None:
                self._steps.popleft()
            elif written:
                return True
        return False

    def _keep_models(self) -> None:
        """Write models, no more at once than a key may wait for; the disk may not want them."""
        size = 0
        try:
            with self._store.transaction():
                while self._models and size < _MODELS_AT_ONCE:
                    model = self._models.popleft()
                    self._store.save_model(self._annotator, model)
                    size += len(model.data)
        except AnnotatorError:
            self._models.clear()
            raise

    def _give_up(self, engine: str, layer: str, reason: str) -> None:
        if (engine, layer) not in self._broken:
            self._broken = (*self._broken, (engine, layer))
            raise _off(f"{engine} for {layer}" if layer else engine, reason)


class _Ahead:
    """What is proposed for the documents next to the one on the screen, until they are opened.

    ``age`` counts the sentences that were finished, or no longer are, since it was asked for.
    """

    def __init__(self) -> None:
        self.age = 0
        self._asked: tuple[str, ...] = ()
        self._schema: Schema | None = None
        self._proposed: dict[str, Proposed] = {}

    def begin(self, documents: tuple[str, ...], schema: Schema) -> None:
        """These (id) are asked about now, and others no longer needed."""
        if documents:
            self._asked, self._schema, self.age = documents, schema, 0
            kept = {id: found for id, found in self._proposed.items() if id in documents}
            self._proposed = kept

    def has(self, documents: tuple[str, ...]) -> bool:
        """Whether these were asked about, not so long ago."""
        return self._asked == documents and self.age < _AHEAD_LASTS

    def interrupt(self) -> None:
        """What has not come yet does not come any more."""
        self._asked = ()

    def put(self, event: Proposed) -> None:
        """Keep what is proposed for one that was asked about."""
        if event.document in self._asked:
            self._proposed[event.document] = event

    def take(self, document: str, schema: Schema) -> Proposed | None:
        """What is proposed for a document (id) under this schema, if anything is there."""
        found = self._proposed.pop(document, None)
        return found if schema == self._schema else None


class _Work(Thread):
    """One task: its events as they come, and what ended it early.

    ``is_ahead`` says that only neighbours of the document on the screen are still to come.
    """

    def __init__(self, task: Task, *, is_ahead: bool) -> None:
        super().__init__(name="engines", daemon=True)
        self.is_ahead = is_ahead
        self.process = EngineProcess(task)
        self.events: deque[Event] = deque()
        self.error: AnnotatorError | None = None

    def run(self) -> None:
        """Wait for all that happens."""
        try:
            for event in self.process.events():
                self.events.append(event)
        except AnnotatorError as error:
            self.error = error


def _late(event: Proposed, session: AnnotateSession) -> frozenset[str]:
    """The proposals (id) in sentences that were finished while engines were at work, and the ties
    that stand on them."""
    late = {p.id for p in event.proposals if _is_of_finished(p, session)}
    ties = (p for p in event.proposals if isinstance(p, Relation))
    return frozenset(late).union(t.id for t in ties if any(a.target in late for a in t.arguments))


def _is_of_finished(proposal: Span | Relation | UnitLabel, session: AnnotateSession) -> bool:
    sentence = None
    if isinstance(proposal, Span) and session.sentences:
        sentence = session.sentences[session.reader.ordinal_at(proposal.start)]
    elif isinstance(proposal, UnitLabel) and proposal.sentence is not None:
        sentence = session.sentences.with_id(proposal.sentence)
    return sentence is not None and session.is_done(sentence)


def _off(what: str, reason: str) -> AnnotatorError:
    return AnnotatorError(
        f"the engine {what} failed and is off for now: {reason}", "Work goes on without it."
    )
