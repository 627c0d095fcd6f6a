"""``annotator annotate``: the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from annotator.cli import output
from annotator.cli.documents import chosen_or_last, complete
from annotator.cli.session import Session
from annotator.errors import UsageError

if TYPE_CHECKING:
    from annotator.store.base import Store


@click.command("annotate")
@click.argument("document", required=False, shell_complete=complete)
@click.pass_obj
def command(session: Session, document: str | None = None) -> None:
    """Open the screen, at DOCUMENT or where you were last."""
    store = session.open()
    name = session.annotator
    known = {person.name: person.id for person in store.annotators()}
    chosen = chosen_or_last(store, document, known.get(name, ""))
    lacking = output.lacking_for_screen()
    if lacking:
        raise UsageError(lacking, "To read a document without it: annotator show DOCUMENT.")
    from annotator.tui.garbage import Garbage

    Garbage().switch_off()  # The screen collects it; loading the screen leaves none.
    from annotator.tui.key_file import read_keymap
    from annotator.workflow.own_choices import OwnChoices, config_folder
    from annotator.workflow.sitting import Sitting

    keymap = read_keymap(config_folder(), store.schema())
    choices = OwnChoices(config_folder())
    sitting = Sitting(store, name)
    sitting.read_ahead(chosen)
    from annotator.tui.app import run

    # Loaded when it is its turn: nothing of it belongs to the start.
    code = run(
        sitting,
        chosen,
        lambda wanted: store.upkeep.back_up_today(wanted),
        keymap,
        choices,
        lambda: sitting.learning(session.project),
    )
    _rescue(store, session)
    click.get_current_context().exit(code)


def _rescue(store: Store, session: Session) -> None:
    """Copy what was saved, where the file lost its name meanwhile: it is gone when we end."""
    saved = store.upkeep.rescue()
    if saved is not None:
        output.say(f"{session.project} was moved, deleted or replaced while you worked.")
        output.say(f"What you had saved is in {saved}; to put it back:")
        output.say(f"  annotator -p {session.project} restore {saved}")
