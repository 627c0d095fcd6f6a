"""Examining a project, and mending what can be mended without losing anything.

Memory is bound by the largest document: one is looked at, and let go, at a time, and each in a
snapshot of its own, so that others can go on writing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from annotator.core.schema import Schema
from annotator.errors import InputError, ProjectError, RuleError, SchemaError, StaleError
from annotator.store.base import Store
from annotator.store.upkeep import Finding, Replayed
from annotator.workflow.chart import Chart, Diagnosis, Treatment
from annotator.workflow.record_checks import diagnose

Watch = Callable[[str], None]
"""Told the name of each document when its turn comes."""

_ROUNDS = 4
"""How often a document is mended and looked at again: one repair may make the next possible."""

_ALONG = "put right along with another finding"


class Outcome(Struct, frozen=True):
    """A finding and what became of it: ``done`` says what was mended, None that it was left."""

    finding: Finding
    done: str | None = None


def examine(store: Store, watch: Watch = lambda _: None) -> Iterator[Finding]:
    """All findings of a project, one document after the other. Raises BusyError."""
    for fault in store.upkeep.faults_of_file():
        yield fault.finding
    for document in _documents(store):
        for diagnosis in _examined(store, _schema(store), document, watch):
            yield diagnosis.finding
    for fault in store.upkeep.faults_of_rows():
        yield fault.finding


def repair(
    store: Store, annotator: str, told: Callable[[Path], None], watch: Watch = lambda _: None
) -> Iterator[Outcome]:
    """Mend what is safe, in the name of ``annotator``, and say of each finding what became of it.

    Before the first repair the project is copied, and ``told`` where. Nothing is written where the
    file itself is damaged. Raises BusyError where others or the disk forbid writing.
    """
    upkeep = store.upkeep
    faults = list(upkeep.faults_of_file())
    if any(fault.fatal for fault in faults):
        yield from map(Outcome, examine(store, watch))
        return
    healer = _Healer(store, annotator, told)
    for fault in faults:
        if fault.mend is not None:
            yield Outcome(fault.finding, healer.attempt(fault.mend))
    for document in _documents(store):
        yield from _repaired(store, healer, document, watch)
    for fault in upkeep.faults_of_rows():
        yield Outcome(fault.finding, healer.attempt(fault.mend))
    others = [fault.finding for fault in faults if fault.mend is None]
    left = {_key(fault.finding) for fault in upkeep.faults_of_file()} if others else set()
    for finding in others:
        yield Outcome(finding, None if _key(finding) in left else _ALONG)


class _Healer:
    """Carries out repairs; before the first it sees to a backup."""

    def __init__(self, store: Store, annotator: str, told: Callable[[Path], None]) -> None:
        self._store = store
        self._annotator = annotator
        self._told = told
        self._session: str | None = None
        self._is_safe = False

    def _make_safe(self) -> None:
        if not self._is_safe:
            self._told(self._store.upkeep.back_up_for("before-repair"))
            self._is_safe = True

    def attempt(self, mend: Callable[[], str] | None) -> str | None:
        """Carry it out, if there is a way; gives what was done, None where it was refused."""
        if mend is None:
            return None
        self._make_safe()
        try:
            return mend()
        except (InputError, ProjectError, RuleError):
            return None

    def treat(self, item: Replayed, treatment: Treatment) -> bool:
        """Mend a record; False where something forbids it still."""
        self._make_safe()
        if self._session is None:
            who = self._store.annotator(self._annotator, create=True)
            self._session = self._store.start_session(who.id)
        try:
            self._store.upkeep.mend(
                self._session, item, treatment.after, undoable=treatment.undoable
            )
        except (InputError, ProjectError, RuleError, StaleError):
            return False
        return True


def _documents(store: Store) -> Iterator[str | None]:
    """None for what belongs to the project, then the documents' ids in order of import."""
    yield None
    document = store.neighbour(None, 1)
    while document is not None:
        yield document
        document = store.neighbour(document, 1)


def _schema(store: Store) -> Schema | None:
    try:
        return store.schema()
    except (ProjectError, SchemaError):
        # Which is a finding of the file's.
        return None


def _examined(
    store: Store, schema: Schema | None, document: str | None, watch: Watch
) -> list[Diagnosis]:
    try:
        with store.upkeep.snapshot():
            text = None if document is None else store.document(document)
            watch("" if text is None else text.name)
            chart = Chart(text, schema, tuple(store.upkeep.replayed(document)))
    except ProjectError as error:
        finding = Finding(kind="damage", id=document, message=f"{error.message}", advice=error.hint)
        return [Diagnosis(finding)]
    return diagnose(chart)


def _repaired(
    store: Store, healer: _Healer, document: str | None, watch: Watch
) -> Iterator[Outcome]:
    schema = _schema(store)
    found = _examined(store, schema, document, watch)
    first, said = found, dict[tuple[str, str | None], str]()
    for _ in range(_ROUNDS):
        plan = _plan(found)
        treated = [d for d in plan if d.item and d.treatment and healer.treat(d.item, d.treatment)]
        if not treated:
            break
        for diagnosis in treated:
            assert diagnosis.item is not None
            assert diagnosis.treatment is not None
            key = (diagnosis.item.kind, diagnosis.item.id)
            said.setdefault(key, diagnosis.treatment.words)
        found = _examined(store, schema, document, watch)
    left = {_key(d.finding) for d in found}
    for diagnosis in first:
        if _key(diagnosis.finding) in left:
            yield Outcome(diagnosis.finding)
        else:
            item = diagnosis.item
            words = said.get((item.kind, item.id)) if item is not None else None
            yield Outcome(diagnosis.finding, words or _ALONG)
    known = {_key(d.finding) for d in first}
    yield from (Outcome(d.finding) for d in found if _key(d.finding) not in known)


def _plan(found: list[Diagnosis]) -> list[Diagnosis]:
    """The first treatment of each record; those of one record may not be mixed."""
    plan: dict[tuple[str, str], Diagnosis] = {}
    for diagnosis in found:
        if diagnosis.item is not None and diagnosis.treatment is not None:
            plan.setdefault((diagnosis.item.kind, diagnosis.item.id), diagnosis)
    return list(plan.values())


def _key(finding: Finding) -> tuple[str, str | None, str]:
    return (finding.kind, finding.id, finding.message)
