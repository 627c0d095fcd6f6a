"""``annotator theme``: the colours of the screen."""

from __future__ import annotations

import click

from annotator.cli import output
from annotator.errors import NotFoundError


@click.command("theme")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """Show the themes, or choose one for all your projects.

    Without colours (NO_COLOR) and with sixteen of them nothing is told by colour alone either.
    """
    from annotator.tui.themes import DEFAULT, THEMES
    from annotator.workflow.own_choices import OwnChoices, config_folder

    choices = OwnChoices(config_folder())
    if name is None:
        chosen = choices.get("theme") or DEFAULT
        output.table([(known, "in use" if known == chosen else "") for known in THEMES])
        return
    if name not in THEMES:
        raise NotFoundError(f"There is no theme {name!r}.", f"There is: {', '.join(THEMES)}.")
    choices.choose("theme", name)
    output.say(f"The theme is {name}.")
