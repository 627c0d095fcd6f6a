"""``annotator show``: the annotated text on stdout."""

from __future__ import annotations

import shutil

import click

from annotator.cli import output
from annotator.cli.documents import complete
from annotator.cli.session import Session
from annotator.errors import NotFoundError


@click.command("show")
@click.argument("document", shell_complete=complete)
@click.option(
    "--mode",
    type=click.Choice(["lanes", "compact", "inline"]),
    default="lanes",
    show_default=True,
    help="How annotations are drawn; inline: told in words, for screen readers.",
)
@click.pass_obj
def command(session: Session, document: str, mode: str) -> None:
    """Print a document with your annotations, for pipes and pagers."""
    from annotator.workflow.show import render_document

    store = session.open()
    try:
        annotator = store.annotator(session.annotator).id
    except NotFoundError:
        annotator = ""
    id = store.find_document(document)
    for line in render_document(store, id, annotator, mode, terminal_width()):
        output.data(line)


def terminal_width() -> int:
    """The cells of a line: of the terminal, of $COLUMNS, or 100 in a pipe."""
    return max(20, shutil.get_terminal_size((100, 24)).columns)
