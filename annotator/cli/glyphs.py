"""``annotator glyphs``: how the screen shows emoji and joined letters."""

from __future__ import annotations

import click

from annotator.cli.own_choice import choose


@click.command("glyphs")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """Show in which glyphs text can be shown, or choose for all your projects.

    Where brackets on your terminal stand beside what they mark, "safe" helps: joined emoji and
    Indic syllables are shown by parts that every terminal draws in the same width.
    """
    from annotator.tui.glyphs import GLYPHS

    choose("glyphs", GLYPHS, name)
