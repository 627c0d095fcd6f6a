"""``annotator import``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import click

from annotator.cli import output
from annotator.cli.format_options import ReadingCommand, given
from annotator.cli.losses import losses_as_json, tell_losses
from annotator.cli.paths import PATH
from annotator.cli.session import Session, closing
from annotator.errors import ExitCode

if TYPE_CHECKING:
    from annotator.formats.base import Refusal
    from annotator.store.base import Store
    from annotator.workflow.importing import Report, Request, Step, Tally
    from annotator.workflow.taking_in import Taken

_SHOWN_LACKING = 20


@click.command("import", cls=ReadingCommand)
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    type=PATH,
    metavar="PATH…",
)
@click.option("--format", "format_", metavar="F", help="The files' format, one of those below.")
@click.option(
    "--encoding", metavar="E", help="Encoding of text files that are neither marked nor UTF-8."
)
@click.option(
    "--as",
    "kind",
    type=click.Choice(["annotations", "suggestions", "gold"]),
    default="annotations",
    show_default=True,
    help="What annotations in the files become.",
)
@click.option("--annotator", metavar="NAME", help="Whose they become, whatever the files say.")
@click.option("--layer", metavar="NAME", help="The layer of labels whose file does not name one.")
@click.option(
    "--strict", is_flag=True, help="Take in nothing, and exit with 3, if anything would be lost."
)
@click.option("--json", "as_json", is_flag=True, help="Report as JSON on stdout.")
@click.pass_obj
def command(
    session: Session,
    /,
    paths: tuple[Path, ...],
    format_: str | None,
    encoding: str | None,
    kind: str,
    annotator: str | None,
    layer: str | None,
    strict: bool,
    as_json: bool,
    **options: str | None,
) -> int:
    """Take files and folders into the project.

    The format is found out by content, also of what is in folders, zip and gz files. What cannot be
    read is named and the rest goes on; the exit code is then 1, or 3 where nothing at all could be
    read. Where there is no project yet, one is made.
    """
    from annotator.workflow.importing import Report, Request, Tally, import_paths
    from annotator.workflow.naming import checked_name

    request = Request(
        paths=paths,
        default_annotator=session.annotator,
        format=format_,
        encoding=encoding,
        kind=cast(Literal["annotations", "suggestions", "gold"], kind),
        annotator=None if annotator is None else checked_name(annotator),
        layer=layer,
        options=given(options),
        strict=strict,
    )
    store = _open(session, request)
    if store is None:
        return ExitCode.BAD_INPUT
    tally, report = Tally(), Report()
    refusals: list[Refusal] = []
    _told(import_paths(store, request, report), tally, refusals if as_json else None)
    _tell(tally, report)
    if as_json:
        output.data_lines(json.dumps(_as_json(tally, report, refusals), indent=2))
    any_good = tally.documents or tally.annotations or tally.known
    if tally.refused and not any_good:
        return ExitCode.BAD_INPUT
    return ExitCode.REPORTED if tally.refused or report.losses else ExitCode.DONE


def _told(steps: Iterable[Step], tally: Tally, refusals: list[Refusal] | None) -> None:
    """Carry the import out, count and tell what comes of it, and note refusals where wanted."""
    from annotator.formats.base import Refusal
    from annotator.workflow.importing import Tally

    line, hints = output.ProgressLine(), set[str]()
    try:
        for step in steps:
            tally.count(step.outcome)
            if isinstance(step.outcome, Refusal):
                line.clear()
                _tell_refusal(step.outcome, hints)
                if refusals is not None:
                    refusals.append(step.outcome)
                continue
            if notice := _notice(step.outcome):
                line.clear()
                output.say(notice)
            line.show(step.read, step.total, output.counted(tally.documents, "document"))
    except BaseException:
        line.clear()
        if tally != Tally():
            output.say(f"Broken off: {_summary(tally)} That is stored.")
        raise
    line.clear()


def _tell_refusal(refusal: Refusal, hints: set[str]) -> None:
    """Say what was refused, with its hint, unless it was among those given before."""
    output.say(f"refused: {refusal.place}: {refusal.message}")
    if refusal.hint and refusal.hint not in hints:
        output.say(f"  {refusal.hint}")
        hints.add(refusal.hint)


def _tell(tally: Tally, report: Report) -> None:
    output.say(_summary(tally))
    if tally.documents or tally.annotations or report.losses:
        tell_losses(report.losses)
    if report.lacking:
        output.say("The schema lacks what refused documents hold:")
        for name, count in report.lacking.most_common(_SHOWN_LACKING):
            output.say(f"  {count:,} × {name}")
        if len(report.lacking) > _SHOWN_LACKING:
            output.say(f"  and {len(report.lacking) - _SHOWN_LACKING:,} more")
        output.say("  annotator schema derive PATH… makes a schema that has them.")


def _as_json(tally: Tally, report: Report, refusals: list[Refusal]) -> dict[str, Any]:
    return {
        "documents": tally.documents,
        "annotations": tally.annotations,
        "known": tally.known,
        "refused": [{"place": r.place, "message": r.message, "hint": r.hint} for r in refusals],
        "losses": losses_as_json(report.losses),
        "lacking": dict(report.lacking.most_common()),
    }


def _open(session: Session, request: Request) -> Store | None:
    """The project, or a new one where there is none; but none is made for nothing to read.

    What there is instead is told then. Raises what forbids the import as a whole, before as well.
    """
    from annotator.workflow.finding_files import nothing_but_refusals
    from annotator.workflow.importing import check_request
    from annotator.workflow.projects import default_schema, open_or_init

    if not session.project.exists():
        hints: set[str] = set()
        if refused := nothing_but_refusals(request.paths):
            for refusal in refused:
                _tell_refusal(refusal, hints)
            return None
        check_request(request, default_schema())
    store, made = open_or_init(session.project)
    closing(store)
    if made:
        output.say(f"{session.project}: made, with the schema {store.schema().name}.")
    return store


def _notice(taken: Taken) -> str | None:
    """What is worth saying of a document that was taken in, or was there already.

    Those that are there under their own names are counted at the end.
    """
    from annotator.workflow.escaping import printable

    if taken.same_as is not None and not taken.annotations and not taken.marks:
        if taken.same_as == taken.wanted:
            return None
        return f"already there: {taken.place}, as {taken.same_as}"
    if taken.same_bytes is not None:
        return (
            f"the same bytes as {taken.same_bytes}, read in another encoding: {taken.place}, "
            f"now also {taken.name}"
        )
    if taken.new_document and taken.name != taken.wanted:
        if printable(taken.wanted).strip() in ("", taken.name):
            return f"named: {taken.place} is {taken.name}"
        return f"renamed: {taken.place} is {taken.name}, as {taken.wanted} is taken"
    return None


def _summary(tally: Tally) -> str:
    parts = [
        f"{output.counted(tally.documents, 'document')} and "
        f"{output.counted(tally.annotations, 'annotation')} imported"
    ]
    if tally.known:
        parts.append(f"{tally.known:,} already there")
    if tally.refused:
        parts.append(f"{tally.refused:,} refused")
    return "; ".join(parts) + "."
