"""``annotator restore``."""

from __future__ import annotations

from pathlib import Path

import click

from annotator.cli import output
from annotator.cli.paths import PATH
from annotator.cli.session import Session


@click.command("restore")
@click.argument("file", type=PATH)
@click.pass_obj
def command(session: Session, file: Path) -> None:
    """Put the backup FILE in the project's place, and keep what was there.

    FILE is checked first and stays as it is. Nobody may have the project open meanwhile.
    """
    from annotator.workflow.projects import restore

    kept = restore(session.project, file)
    output.say(f"{session.project} is now what {file} is.")
    if kept is not None:
        output.say(f"What was there before is kept: {kept}")
