"""``annotator settings``: what is chosen for the project."""

from __future__ import annotations

import click

from annotator.cli import output
from annotator.cli.session import Session


@click.command("settings")
@click.argument("name", required=False)
@click.argument("value", required=False)
@click.pass_obj
def command(session: Session, name: str | None, value: str | None) -> None:
    """Show the project's settings, show one, or give one a value."""
    from annotator.workflow.settings import choose, settings, value_of

    store = session.open()
    if name is None:
        output.table(settings(store))
    elif value is None:
        output.data(value_of(store, name))
    else:
        output.say(f"{name} is {choose(store, name, value)}.")
