"""Taking files into a project: a transaction a document, and one that is wrong stops no other."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from msgspec import Struct, field

from annotator.core.annotation import GOLD
from annotator.core.schema import Schema
from annotator.errors import BusyError, InputError, ProjectError, RuleError, StaleError
from annotator.formats import options
from annotator.formats.base import ImportItem, Record, Refusal, Source
from annotator.formats.check import all_spans, all_unit_labels, schema_problems
from annotator.formats.loss import Losses
from annotator.store.base import Store
from annotator.workflow.naming import NAME_LIMIT, is_name
from annotator.workflow.recognising import Recognised, Recogniser, items_of
from annotator.workflow.taking_in import Intake, Kind, Taken, was_worked_on

_SHOWN_PROBLEMS = 8
_MOST_LACKING = 10_000
_FURTHER = "further labels"
"""What is counted together beyond so many names that the schema lacks."""


class Step(Struct, frozen=True):
    """One document, or file, done with: how far the import is, in bytes, and what came of it."""

    read: int
    total: int
    outcome: Taken | Refusal


class Request(Struct, frozen=True, kw_only=True):
    """What to import and how.

    ``format`` None finds out by content. ``annotator`` overrides the names in the files;
    ``default_annotator`` stands in where there is none. ``layer`` is where labels belong whose
    files name no layer. ``options`` are those that formats declare. ``strict`` takes in all that
    the files hold, or nothing.
    """

    paths: tuple[Path, ...]
    default_annotator: str
    format: str | None = None
    encoding: str | None = None
    kind: Kind = "annotations"
    annotator: str | None = None
    layer: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False


class Report:
    """What an import could not bring in, beside the refusals."""

    def __init__(self) -> None:
        self.losses = Losses()
        self.lacking: Counter[str] = Counter()
        """Labels and relation types of refused documents that the schema lacks."""


def import_paths(store: Store, request: Request, report: Report | None = None) -> Iterator[Step]:
    """Take the files in, in the order given, and say of each document what came of it.

    Raises UsageError for an unknown format or option, NotFoundError for a ``layer`` that the schema
    lacks, InputError where ``strict`` finds anything that would be lost (nothing is written then),
    and BusyError where the disk or another process forbids writing; what was told before is safely
    stored.
    """
    report = Report() if report is None else report
    intake = Intake(store)
    recogniser = _recogniser(request, intake.schema)
    with tempfile.TemporaryDirectory(prefix="annotator-") as folder:
        found = list(recogniser.files(request.paths, Path(folder), store.owns))
        if request.strict:
            _rehearse(found, intake.schema, request)
        total = sum(entry.file.size for entry in found if isinstance(entry, Recognised))
        before = 0
        for entry in found:
            if isinstance(entry, Refusal):
                yield Step(before, total, entry)
                continue
            source = _source(entry, request, intake.schema, report.losses)
            for item in items_of(entry.format, source):
                outcome = (
                    item if isinstance(item, Refusal) else _take(item, intake, request, report)
                )
                yield Step(before + min(source.position, entry.file.size), total, outcome)
            before += entry.file.size


def check_request(request: Request, schema: Schema) -> None:
    """Raise what :func:`import_paths` would before it takes anything in.

    For a project of this schema that is still to be made, and is not if this fails.
    """
    recogniser = _recogniser(request, schema)
    if request.strict:
        with tempfile.TemporaryDirectory(prefix="annotator-") as folder:
            _rehearse(list(recogniser.files(request.paths, Path(folder))), schema, request)


def _recogniser(request: Request, schema: Schema) -> Recogniser:
    if request.layer is not None:
        schema.layer(request.layer)
    return Recogniser(request.format, request.options, request.encoding)


def _source(entry: Recognised, request: Request, schema: Schema, losses: Losses) -> Source:
    format, file = entry.format, entry.file
    return Source(
        file.path, file.name, shown=file.shown, encoding=request.encoding, layer=request.layer,
        options=options.checked(format.name, format.read_options, request.options),
        schema=schema, losses=losses,
    )  # fmt: skip


def _rehearse(found: list[Recognised | Refusal], schema: Schema, request: Request) -> None:
    """Read all files without taking anything in. Raises InputError where anything would be lost."""
    losses, refused, first = Losses(), 0, ""
    for entry in found:
        items: Iterable[ImportItem] = (
            [entry]
            if isinstance(entry, Refusal)
            else items_of(entry.format, _source(entry, request, schema, losses))
        )
        for item in items:
            refusal = item if isinstance(item, Refusal) else _misfit(item, schema)
            if refusal is not None:
                refused += 1
                first = first or f"{refusal.place}: {refusal.message}"
    what = "document or file is" if refused == 1 else "documents or files are"
    wrong = [f"{refused:,} {what} wrong, first {first}"] if refused else []
    wrong += [f"{losses.summary()} would be lost"] if losses else []
    if wrong:
        raise InputError(
            f"Nothing was imported: {'; '.join(wrong)}", "Import without --strict for the details."
        )


def _misfit(record: Record, schema: Schema) -> Refusal | None:
    """Why a record does not fit the schema, if it does not."""
    found = list(islice(schema_problems(record, schema), _SHOWN_PROBLEMS + 1))
    if not found:
        return None
    shown = [*found[:_SHOWN_PROBLEMS], *(["and more"] if len(found) > _SHOWN_PROBLEMS else [])]
    return Refusal(
        record.place,
        f"{record.document.name}: does not fit the schema {schema.name}: " + "; ".join(shown),
        "See it with: annotator schema show. Import into a project whose schema has these.",
    )


def _misnamed(record: Record) -> Refusal | None:
    """Why a record's annotator cannot be one, if so."""
    if record.annotator is None or is_name(record.annotator):
        return None
    name = record.annotator
    return Refusal(
        record.place,
        f"{record.document.name}: {name if len(name) < NAME_LIMIT else name[:NAME_LIMIT] + '…'!r} "
        "is no name for an annotator",
        "Say whose the annotations are with --annotator.",
    )


def _count_lacking(record: Record, schema: Schema, lacking: Counter[str]) -> None:
    """Count the labels and relation types of a record that the schema lacks."""
    known = {(layer.name, label.name) for layer in schema.layers for label in layer.labels}
    types = {relation.name for relation in schema.relations}
    labels = [(span.layer, span.label) for span in all_spans(record)]
    labels += [(unit.layer, unit.label) for unit in all_unit_labels(record)]
    names = [f"{layer} {label}" for layer, label in labels if (layer, label) not in known]
    names += [f"relation {r.type}" for r in record.relations if r.type not in types]
    for name in names:
        is_kept = name in lacking or len(lacking) < _MOST_LACKING
        lacking[name if is_kept else _FURTHER] += 1


def _take(record: Record, intake: Intake, request: Request, report: Report) -> Taken | Refusal:
    misfit = _misfit(record, intake.schema)
    if misfit is None and request.annotator is None and request.kind == "annotations":
        misfit = _misnamed(record)
    if misfit is not None:
        _count_lacking(record, intake.schema, report.lacking)
        return misfit
    try:
        return intake.take(record, *_who(record, request), kind=request.kind)
    except (BusyError, ProjectError):
        raise
    except StaleError:
        return Refusal(
            record.place,
            f"{record.document.name}: ids of its annotations are taken by others in this project",
            "To give them to somebody else, name whom with --annotator.",
        )
    except (InputError, RuleError) as error:
        return Refusal(record.place, error.message, error.hint)


def _who(record: Record, request: Request) -> tuple[str | None, str]:
    """Whose the annotations become (None: nobody made any), and the kind of annotator."""
    if request.kind == "suggestions":
        return request.annotator or request.default_annotator, "person"
    if request.annotator is not None:
        return request.annotator, "person"
    if request.kind == "gold":
        return GOLD, "person"
    if record.annotator is None and was_worked_on(record):
        return request.default_annotator, "person"
    return record.annotator, record.annotator_kind


class Tally(Struct):
    """Numbers of an import: documents and annotations taken in, and what was not."""

    documents: int = 0
    annotations: int = 0
    known: int = 0
    refused: int = 0

    def count(self, outcome: Taken | Refusal) -> None:
        """Add one outcome."""
        if isinstance(outcome, Refusal):
            self.refused += 1
            return
        self.documents += outcome.new_document
        self.annotations += outcome.annotations
        self.known += not (outcome.new_document or outcome.annotations or outcome.marks)
