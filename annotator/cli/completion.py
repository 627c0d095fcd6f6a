"""``annotator completion``: what makes a shell complete commands, options and document names."""

from __future__ import annotations

import click

from annotator.cli import output

SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    For bash, in ~/.bashrc: eval "$(annotator completion bash)". For zsh alike, in ~/.zshrc. For
    fish: annotator completion fish > ~/.config/fish/completions/annotator.fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    script = kind(ctx.find_root().command, {}, "annotator", "_ANNOTATOR_COMPLETE")
    # Not source(), which for bash runs a bash to ask for its version.
    output.data(script.source_template % script.source_vars())
