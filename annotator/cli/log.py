"""``annotator log``: who did what, when; and bringing back what was deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from annotator.cli import output
from annotator.cli.documents import complete
from annotator.cli.session import Session
from annotator.errors import UsageError

if TYPE_CHECKING:
    from annotator.store.base import Store
    from annotator.workflow.history import Entry

_SHOWN = 5
"""Changes of one edit that are told to a person; as JSON there are more."""


@click.command("log")
@click.argument("document", required=False, shell_complete=complete)
@click.option("--annotation", metavar="ID", help="Only what happened to this annotation.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the newest N edits.")
@click.option("--json", "as_json", is_flag=True, help="One edit a line, as JSON.")
@click.option(
    "--restore",
    metavar="ID",
    help="Bring back what this edit deleted, or this annotation, as a new edit.",
)
@click.pass_obj
def command(
    session: Session,
    document: str | None,
    annotation: str | None,
    limit: int | None,
    as_json: bool,
    restore: str | None,
) -> None:
    """The history of the project, of DOCUMENT or of an annotation, newest first."""
    from annotator.workflow.history import history

    store = session.open()
    if restore is not None:
        if annotation is not None or limit is not None or as_json:
            raise UsageError("--restore goes with no other option.")
        output.say(_restore(store, session.annotator, restore, document))
        return
    if document is not None and annotation is not None:
        raise UsageError("Name a document or --annotation, not both.")
    id = None if document is None else store.find_document(document)
    for entry in history(store, id, record=annotation, limit=limit):
        for line in [_json(entry)] if as_json else _lines(entry):
            output.data(line)


def _restore(store: Store, name: str, id: str, document: str | None) -> str:
    from annotator.errors import NotFoundError
    from annotator.workflow.annotate import AnnotateSession
    from annotator.workflow.history import HistoryActions, deletion_of

    where = None if document is None else store.find_document(document)
    annotation: str | None = None
    try:
        edit = store.edit(id, where or "").id
        where = where or store.edit(id, "").document
        if where is None:
            raise UsageError(
                "That edit is one of the whole project.",
                "Name a document, or an annotation of it; or see: annotator schema undo.",
            )
    except NotFoundError:
        annotation = id
        edit, where = deletion_of(store, id)
    who = store.annotator(name)
    session = AnnotateSession(store, where, who, store.start_session(who.id))
    return HistoryActions(session).bring_back(edit, annotation) + "."


def _json(entry: Entry) -> str:
    import json

    import msgspec

    return json.dumps(msgspec.to_builtins(entry))


def _lines(entry: Entry) -> list[str]:
    time = entry.time[:19].replace("T", " ")
    document = f"  {entry.document}" if entry.document is not None else ""
    lines = [f"{time}  {entry.annotator}  {entry.verb}{document}  {entry.id}"]
    if not entry.changes or entry.document is None:
        lines.append(f"    {entry.title}")
    lines += [f"    {told}  {told.id}" for told in entry.changes[:_SHOWN]]
    more = entry.more + max(0, len(entry.changes) - _SHOWN)
    if more:
        lines.append(f"    and {more:,} more")
    return lines
