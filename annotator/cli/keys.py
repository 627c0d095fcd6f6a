"""``annotator keys``: which key does what."""

from __future__ import annotations

import click

from annotator.cli import output
from annotator.cli.session import Session


@click.command("keys")
@click.pass_obj
def command(session: Session) -> None:
    """Show every command of the screen with its keys, and the schema's labels with theirs.

    Other keys are given to commands in keys.toml, in your folder of settings
    ($XDG_CONFIG_HOME/annotator, else ~/.config/annotator), a command a line:
    sentence_done = "n", or grow = ["x", "f4"], or quit = [] for none.
    """
    from annotator.tui.key_file import FILE, read_keymap
    from annotator.tui.keymap import shown
    from annotator.workflow.own_choices import config_folder
    from annotator.workflow.projects import default_schema

    folder = config_folder()
    schema = session.open().schema() if session.project.exists() else default_schema()
    keymap = read_keymap(folder, schema)
    rows = [(c.id, keymap.keys_of(c), c.title) for c in keymap.commands]
    labels = [
        (f"{layer.name} {label.name}", shown(key), label.title)
        for key, (layer, label) in schema.keys().items()
    ]
    output.table([*rows, *labels])
    is_there = (folder / FILE).exists()
    output.say(f"{folder / FILE}{' is in force.' if is_there else ': there is no such file.'}")
