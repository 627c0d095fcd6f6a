"""``annotator annotate``: the screen."""

from __future__ import annotations

import sys

import click

from annotator.cli.documents import chosen_or_last, complete
from annotator.cli.session import Session
from annotator.errors import UsageError


@click.command("annotate")
@click.argument("document", required=False, shell_complete=complete)
@click.pass_obj
def command(session: Session, document: str | None = None) -> None:
    """Open the screen, at DOCUMENT or where you were last."""
    store = session.open()
    person = store.annotator(session.annotator, create=True)
    chosen = chosen_or_last(store, document, person.id)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "The screen needs a terminal.", "To see a document in a pipe: annotator show DOCUMENT."
        )
    from annotator.tui.app import run

    # Loaded when it is its turn: nothing of it belongs to the start.
    code = run(store, chosen, person.name, lambda wanted: store.upkeep.back_up_today(wanted))
    click.get_current_context().exit(code)
