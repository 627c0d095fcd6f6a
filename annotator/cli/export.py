"""``annotator export``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import click

from annotator.cli import output
from annotator.cli.documents import complete
from annotator.cli.format_options import WritingCommand, given
from annotator.cli.losses import losses_as_json, tell_losses
from annotator.cli.session import Session
from annotator.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from annotator.store.base import Store
    from annotator.workflow.exporting import Report


@click.command("export", cls=WritingCommand)
@click.option(
    "--format",
    "format_",
    default="jsonl",
    show_default=True,
    metavar="F",
    help="One of those below; docs/formats.md says what each can carry.",
)
@click.option(
    "-o",
    "--output",
    "target",
    metavar="PATH|-",
    help="The file or folder to write, or - for stdout. Default: in exports/.",
)
@click.option(
    "--documents",
    multiple=True,
    metavar="done|all|NAME…",
    shell_complete=complete,
    help="Only those marked done, all (the default), or those named.",
)
@click.argument("more", nargs=-1, metavar="", shell_complete=complete)
@click.option(
    "--annotator",
    metavar="NAME|gold|all",
    help="Whose annotations. Default: yours.",
)
@click.option(
    "--layer", "layers", multiple=True, metavar="NAME", help="This layer alone; may be repeated."
)
@click.option(
    "--unit",
    type=click.Choice(["document", "sentence"]),
    default="document",
    show_default=True,
    help="What makes a record.",
)
@click.option("--strict", is_flag=True, help="Write nothing, and exit with 3, if anything is lost.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON on stdout.")
@click.pass_obj
def command(
    session: Session,
    /,
    format_: str,
    target: str | None,
    documents: tuple[str, ...],
    more: tuple[str, ...],
    annotator: str | None,
    layers: tuple[str, ...],
    unit: str,
    strict: bool,
    as_json: bool,
    **options: str | None,
) -> int:
    """Write documents with annotations to a file, whole or not at all.

    What the format cannot carry is reported, and the exit code is then 1.
    """
    from annotator.formats import registry
    from annotator.workflow.exporting import ALL, Request, default_target, export
    from annotator.workflow.naming import checked_name

    if more and not documents:
        raise UsageError(f"What is {more[0]}?", "Name documents with: --documents NAME…")
    if as_json and target == "-":
        raise UsageError("--json and the export cannot both go to stdout.", "Export with -o FILE.")
    if target is not None and target.endswith("/") and not registry.get(format_).folder:
        raise UsageError(f"{target}: a folder", "Name the file to write.")
    store = session.open()
    asked = given(options)
    path = default_target(store, format_, asked) if target is None else Path(target)
    whose = session.annotator
    if annotator is not None:
        whose = annotator if annotator == ALL else checked_name(annotator)
    request = Request(
        annotator=whose,
        target=None if target == "-" else path,
        format=format_,
        documents=(*documents, *more) or (ALL,),
        layers=layers,
        unit=cast(Literal["document", "sentence"], unit),
        options=asked,
        strict=strict,
        may_be_new=annotator is None,
    )
    report = export(store, request, sys.stdout.buffer)
    sys.stdout.buffer.flush()
    _tell(report, "stdout" if target == "-" else str(path), as_json)
    if annotator is None:
        _tell_others(store, whose)
    return ExitCode.REPORTED if report.losses else ExitCode.DONE


def _tell(report: Report, where: str, as_json: bool) -> None:
    if as_json:
        figures = {"records": report.records, "target": where}
        output.data_lines(
            json.dumps({**figures, "losses": losses_as_json(report.losses)}, indent=2)
        )
        return
    if report.records is None:
        output.say(f"Written to {where}.")
        return
    output.say(f"{output.counted(report.records, 'record')} written to {where}.")
    tell_losses(report.losses)


def _tell_others(store: Store, name: str) -> None:
    """Say so where the person has made nothing here and others have."""
    names = [a.name for a in store.annotators()]
    if names and name not in names:
        output.say(f"{name} has annotated nothing here; {', '.join(names)} did: see --annotator.")
