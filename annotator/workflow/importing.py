"""Taking files into a project: a transaction a document, and one that is wrong stops no other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from msgspec import Struct

from annotator.errors import (
    BusyError,
    InputError,
    ProjectError,
    RuleError,
    StaleError,
)
from annotator.formats import registry
from annotator.formats.base import Format, Record, Refusal, Source
from annotator.formats.check import schema_problems
from annotator.store.base import Store
from annotator.workflow.finding_files import FoundFile, find_files
from annotator.workflow.taking_in import Intake, Kind, Taken, was_worked_on

GOLD = "gold"
_SHOWN_PROBLEMS = 8


class Step(Struct, frozen=True):
    """One document, or file, done with: how far the import is, in bytes, and what came of it."""

    read: int
    total: int
    outcome: Taken | Refusal


class Request(Struct, frozen=True, kw_only=True):
    """What to import and how.

    ``format`` None finds out by content. ``annotator`` overrides the names in the files;
    ``default_annotator`` stands in where there is none.
    """

    paths: tuple[Path, ...]
    default_annotator: str
    format: str | None = None
    encoding: str | None = None
    kind: Kind = "annotations"
    annotator: str | None = None


def import_paths(store: Store, request: Request) -> Iterator[Step]:
    """Take the files in, in the order given, and say of each document what came of it.

    Raises UsageError for an unknown format and BusyError where the disk or another process forbids
    writing; what was told before is safely stored.
    """
    formats = [registry.get(request.format)] if request.format else registry.all_formats()
    intake = Intake(store)
    found = list(find_files(request.paths))
    total = sum(f.size for f in found if isinstance(f, FoundFile))
    before = 0
    for file in found:
        if isinstance(file, Refusal):
            yield Step(before, total, file)
            continue
        source = Source(file.path, file.name, encoding=request.encoding)
        for outcome in _import_file(source, formats, intake, request):
            yield Step(before + min(source.position, file.size), total, outcome)
        before += file.size


def _import_file(
    source: Source, formats: list[Format], intake: Intake, request: Request
) -> Iterator[Taken | Refusal]:
    try:
        format = formats[0]
        if request.format is None:
            format = registry.recognise(source.head(), source.path, formats)
        for item in format.read(source):
            yield item if isinstance(item, Refusal) else _take(item, intake, request)
    except InputError as error:
        yield Refusal(str(source.path), _without(error.message, source.path), error.hint)


def _take(record: Record, intake: Intake, request: Request) -> Taken | Refusal:
    found = list(islice(schema_problems(record, intake.schema), _SHOWN_PROBLEMS + 1))
    if found:
        shown = [*found[:_SHOWN_PROBLEMS], *(["and more"] if len(found) > _SHOWN_PROBLEMS else [])]
        return Refusal(
            record.place,
            f"{record.document.name}: does not fit the schema {intake.schema.name}: "
            + "; ".join(shown),
            "See it with: annotator schema show. Import into a project whose schema has these.",
        )
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


def _without(message: str, path: Path) -> str:
    """The message without the path before it, which the refusal names itself."""
    return message.removeprefix(f"{path}: ")


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
