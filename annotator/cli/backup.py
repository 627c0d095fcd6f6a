"""``annotator backup``."""

from __future__ import annotations

from pathlib import Path

import click

from annotator.cli import output
from annotator.cli.paths import PATH
from annotator.cli.session import Session


@click.command("backup")
@click.argument("file", type=PATH)
@click.pass_obj
def command(session: Session, file: Path) -> None:
    """Copy the project to FILE, also while others work in it.

    FILE is a project as it was at one moment, checked, whole or not there at all. One that exists
    is never replaced.
    """
    session.open().upkeep.back_up(file)
    output.say(f"{file}: a copy of {session.project}, checked.")
    output.say(f"To put it back: annotator -p {session.project} restore {file}")
