"""``annotator theme``: the colours of the screen."""

from __future__ import annotations

import click

from annotator.cli.own_choice import choose


@click.command("theme")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """Show the themes, or choose one for all your projects.

    Without colours (NO_COLOR) and with sixteen of them nothing is told by colour alone either.
    """
    from annotator.tui.themes import THEMES

    choose("theme", dict.fromkeys(THEMES, ""), name)
