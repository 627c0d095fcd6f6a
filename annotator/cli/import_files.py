"""``annotator import``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import click

from annotator.cli import output
from annotator.cli.session import Session, checked_name, closing
from annotator.errors import ExitCode

if TYPE_CHECKING:
    from annotator.store.base import Store
    from annotator.workflow.importing import Tally
    from annotator.workflow.taking_in import Taken


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
@click.option("--format", "format_", metavar="F", help="Read the files as this format.")
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
@click.pass_obj
def command(
    session: Session,
    paths: tuple[Path, ...],
    format_: str | None,
    encoding: str | None,
    kind: str,
    annotator: str | None,
) -> int:
    """Take files and folders into the project.

    The format is found out by content. What cannot be read is named and the rest goes on; the exit
    code is then 1, or 3 where nothing at all could be read. Where the folder has no project yet,
    one is made.
    """
    from annotator.formats.base import Refusal
    from annotator.workflow.importing import Request, Tally, import_paths

    request = Request(
        paths=paths,
        default_annotator=session.annotator,
        format=format_,
        encoding=encoding,
        kind=cast(Literal["annotations", "suggestions", "gold"], kind),
        annotator=None if annotator is None else checked_name(annotator),
    )
    line, tally = output.ProgressLine(), Tally()
    for step in import_paths(_open(session), request):
        tally.count(step.outcome)
        if isinstance(step.outcome, Refusal):
            line.clear()
            output.say(f"refused: {step.outcome.place}: {step.outcome.message}")
            if step.outcome.hint:
                output.say(f"  {step.outcome.hint}")
            continue
        if notice := _notice(step.outcome):
            line.clear()
            output.say(notice)
        line.show(step.read, step.total, output.counted(tally.documents, "document"))
    line.clear()
    output.say(_summary(tally))
    if not tally.refused:
        return ExitCode.DONE
    any_good = tally.documents or tally.annotations or tally.known
    return ExitCode.REPORTED if any_good else ExitCode.BAD_INPUT


def _open(session: Session) -> Store:
    """The project; in a folder without one, and none named, a new one."""
    if session.project_option is not None:
        return session.open()
    from annotator.workflow.projects import open_or_init

    store, made = open_or_init(session.project)
    closing(store)
    if made:
        output.say(f"{session.project}: made, with the schema {store.schema().name}.")
    return store


def _notice(taken: Taken) -> str | None:
    """What is worth saying of a document that was taken in, or was there already."""
    if taken.same_as is not None and not taken.annotations and not taken.marks:
        return f"already there: {taken.place}, as {taken.same_as}"
    if taken.same_bytes is not None:
        return (
            f"the same bytes as {taken.same_bytes}, read in another encoding: {taken.place}, "
            f"now also {taken.name}"
        )
    if taken.new_document and taken.name != taken.wanted:
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
