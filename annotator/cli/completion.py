"""``annotator completion``: what makes a shell complete commands, options and document names."""

from __future__ import annotations

import click

from annotator.cli import output
from annotator.cli.shells import SHELLS


@click.command("completion")
@click.argument("shell", type=click.Choice(tuple(SHELLS)))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    For bash, in ~/.bashrc: eval "$(annotator completion bash)". For zsh alike, in ~/.zshrc. For
    fish: annotator completion fish > ~/.config/fish/completions/annotator.fish
    """
    script = SHELLS[shell](ctx.find_root().command, {}, "annotator", "_ANNOTATOR_COMPLETE")
    # Not source(), which for bash runs a bash to ask for its version.
    output.data_lines(script.source_template % script.source_vars())
