"""Writing a project out: which documents of which annotators, whole or not at all, losses told."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct, field

from annotator.core.annotation import GOLD
from annotator.errors import InputError, NotFoundError, UsageError
from annotator.formats import options, registry
from annotator.formats.base import Format, Record, Target
from annotator.formats.loss import Losses
from annotator.store.base import Annotations, Annotator, Store
from annotator.workflow.escaping import for_terminal
from annotator.workflow.selecting import Selection, Unit
from annotator.workflow.whole_file import whole_file, whole_folder

ALL = "all"
DONE = "done"


class Request(Struct, frozen=True, kw_only=True):
    """What to export and how.

    ``target`` None means the stream given to :func:`export`. ``documents`` holds ``all``, ``done``
    or names. ``annotator`` is a name, ``gold`` or ``all``; ``may_be_new`` lets a name pass that the
    project does not know, as of one who has annotated nothing yet. ``layers`` empty means all;
    ``unit`` makes a record of every sentence. ``options`` are those the format declares.
    """

    annotator: str
    target: Path | None = None
    format: str = "jsonl"
    documents: tuple[str, ...] = (ALL,)
    layers: tuple[str, ...] = ()
    unit: Unit = "document"
    options: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False
    may_be_new: bool = False


class Report(Struct, frozen=True):
    """What was written, and what the format could not carry.

    ``records`` is None where what was asked for holds none, such as a configuration.
    """

    records: int | None
    losses: Losses


def default_target(store: Store, format: str, given: Mapping[str, str]) -> Path:
    """Where an export goes if nothing else is said: ``exports/PROJECT`` and the format's ending.

    ``given`` holds the options of the format.
    """
    return Path("exports") / f"{store.name}{registry.get(format).ending(given)}"


def export(store: Store, request: Request, stream: BinaryIO) -> Report:
    """Write the records, a document in memory at a time, in the order of import.

    Raises UsageError or NotFoundError for what cannot be meant, InputError where ``strict`` finds a
    loss (nothing is written then), BusyError where the disk forbids it.
    """
    format = registry.get(request.format)
    if not format.writes:
        raise UsageError(f"{format.title} can be imported, not exported.", "Use --format jsonl.")
    format.require()
    run = _Run(store, format, request)
    if format.folder:
        if request.target is None:
            raise UsageError(
                f"{format.title} is a folder of files.", "Name the folder with -o FOLDER."
            )
        with whole_folder(request.target, format.may_replace) as folder:
            return run.write(folder=folder)
    if request.target is not None:
        _refuse_own_file(store, request.target)
        with whole_file(request.target) as sink:
            return run.write(file=_printed(sink, format))
    stream = _printed(stream, format)
    if not request.strict:
        return run.write(file=stream)
    with tempfile.TemporaryFile() as spool:
        report = run.write(file=spool)
        spool.seek(0)
        shutil.copyfileobj(spool, stream)
        return report


def _printed(file: BinaryIO, format: Format) -> BinaryIO:
    """The file, or if it is a terminal one that escapes. Raises UsageError for what is no text."""
    if format.binary and file.isatty():
        raise UsageError(
            f"{format.title} is no text, and so nothing for a terminal.",
            "Name a file with -o FILE, or send stdout to one.",
        )
    return for_terminal(file)


def _refuse_own_file(store: Store, target: Path) -> None:
    if store.owns(target):
        raise UsageError(
            f"{target}: this is the project itself, which an export would replace",
            "Name another file with -o FILE.",
        )


class _Run:
    """One export: all that must be right is looked at before a file is made."""

    def __init__(self, store: Store, format: Format, request: Request) -> None:
        self._store = store
        self._format = format
        self._request = request
        self._schema = store.schema()
        self._options = options.checked(format.name, format.write_options, request.options)
        self._selection = Selection(self._schema, request.layers, request.unit)
        self._ids = _chosen_documents(store, request.documents)
        self._chosen = _Chosen(store, request)

    def write(self, **place: Any) -> Report:
        losses = Losses()
        target = Target(
            **place, options=self._options, schema=self._schema, layers=self._request.layers,
            losses=losses,
        )  # fmt: skip
        records = self._chosen.records(self._ids)
        selected = (part for r in records for part in self._selection.parts(r, losses))
        count = self._format.export(selected, target)
        if count is not None and ALL in self._request.documents:
            for actor in self._store.unmentioned_actors():
                losses.add("actor that nothing mentions", "left out", actor.name)
        if self._request.strict and losses:
            raise InputError(
                f"Nothing was written: {self._format.title} would lose {losses.summary()}",
                "Export without --strict"
                + (", or in the format jsonl." if self._format.name != "jsonl" else "."),
            )
        return Report(count, losses)


def _chosen_documents(store: Store, documents: tuple[str, ...]) -> Iterator[str]:
    """Ids in the order of import. Raises NotFoundError with close names."""
    if set(documents) <= {ALL, DONE}:
        return _in_order(store)
    wanted = {store.find_document(name) for name in documents}
    if len(wanted) == 1:
        return iter(wanted)
    return islice((id for id in _in_order(store) if id in wanted), len(wanted))


def _in_order(store: Store) -> Iterator[str]:
    """The ids of all documents, in the order of import, one at a time."""
    id = store.neighbour(None, 1)
    while id is not None:
        yield id
        id = store.neighbour(id, 1)


class _Chosen:
    """Reads the records that a request asks for, one at a time."""

    def __init__(self, store: Store, request: Request) -> None:
        self._store = store
        self._request = request
        self._schema = store.schema()
        self._only_done = DONE in request.documents and ALL not in request.documents
        if request.annotator != ALL:
            self._one = self._annotator(request.annotator)

    def _annotator(self, name: str) -> Annotator:
        try:
            return self._store.annotator(name)
        except NotFoundError as error:
            if self._request.may_be_new:
                return Annotator("", name)
            if name == GOLD:
                raise NotFoundError(
                    "This project has no gold annotations.",
                    "They come from adjudication, or from: annotator import --as gold.",
                ) from error
            raise

    def records(self, ids: Iterable[str]) -> Iterator[Record]:
        """The records of these documents, annotators by name within each."""
        for id in ids:
            if self._request.annotator != ALL:
                annotators: list[Annotator | None] = [self._one]
            else:
                annotators = [*self._store.annotators_of(id)] or [None]
            for annotator in annotators:
                record = self._record(id, annotator)
                if record.status == "done" or not self._only_done:
                    yield record

    def _record(self, id: str, annotator: Annotator | None) -> Record:
        found = Annotations()
        if annotator is not None and annotator.id:
            found = self._store.annotations(id, annotator.id)
        mark = found.document_mark
        return Record(
            document=self._store.document(id),
            sentences=tuple(self._store.sentences(id)),
            done=frozenset(m.sentence for m in found.sentence_marks if m.done),
            spans=found.spans,
            relations=found.relations,
            unit_labels=found.unit_labels,
            actors=found.actors,
            suggestions=found.suggestions,
            annotator=annotator.name if annotator else None,
            annotator_kind="engine" if annotator and annotator.kind == "engine" else "person",
            status=mark.status if mark else "open",
            schema_name=self._schema.name,
            schema_version=self._schema.version,
        )
