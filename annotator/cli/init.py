"""``annotator init``."""

from __future__ import annotations

import click

from annotator.cli import output
from annotator.cli.session import Session, closing


@click.command("init")
@click.option(
    "--schema",
    default="news",
    show_default=True,
    metavar="NAME|FILE",
    help="A schema that is shipped (annotator schema list), or a TOML file.",
)
@click.pass_obj
def command(session: Session, schema: str) -> None:
    """Make the project file."""
    from annotator.workflow.projects import init

    store = closing(init(session.project, schema))
    output.say(f"{session.project}: made, with the schema {store.schema().name}.")
    output.say("Next: annotator import PATH…")
