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
    from annotator.core.settings import SETTINGS, checked, setting

    store = session.open()
    if name is None:
        rows = [(s.name, store.setting(s.name), s.title) for s in SETTINGS]
        output.table(rows)
    elif value is None:
        output.data(store.setting(setting(name).name))
    else:
        store.set_setting(name, checked(name, value))
        output.say(f"{name} is {value}.")
