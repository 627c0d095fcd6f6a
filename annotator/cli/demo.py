"""``annotator demo``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotator.cli import output
from annotator.cli.process import signals_held
from annotator.cli.session import Session
from annotator.cli.show import terminal_width
from annotator.errors import UsageError

if TYPE_CHECKING:
    from annotator.store.base import Store

TARGET = Path("exports/demo.jsonl")


@click.command("demo")
@click.option("--tutorial", is_flag=True, help="Annotate it yourself, led step by step.")
@click.pass_obj
def command(session: Session, tutorial: bool) -> None:
    """The seed article, annotated, in a throw-away project.

    Opens the screen. Without a terminal, prints the article in lanes and exports it.
    """
    lacking = output.lacking_for_screen()
    if tutorial and lacking:
        raise UsageError(lacking, "Without the tutorial: annotator demo.")
    from annotator.workflow.demo import prepare

    with signals_held():
        throw_away = tempfile.TemporaryDirectory(prefix="annotator-demo-")
    with throw_away as folder:
        store, document, name = prepare(Path(folder), session.annotator, bare=tutorial)
        try:
            if not lacking:
                from annotator.tui.app import run
                from annotator.tui.key_file import read_keymap
                from annotator.workflow.own_choices import OwnChoices, config_folder
                from annotator.workflow.sitting import Sitting

                keymap = read_keymap(config_folder(), store.schema())
                choices = OwnChoices(config_folder())
                code = run(
                    Sitting(store, name), document,
                    keymap=keymap, choices=choices, tutorial=tutorial,
                )  # fmt: skip
                output.say("The demo is gone. For texts of your own: annotator import FILE…")
                click.get_current_context().exit(code)
            else:
                _print_and_export(store, document, name)
        finally:
            store.close()


def _print_and_export(store: Store, document: str, name: str) -> None:
    from annotator.workflow.exporting import Request, export
    from annotator.workflow.show import render_document

    person = store.annotator(name, create=True)
    for line in render_document(store, document, person.id, "lanes", terminal_width()):
        output.data(line)
    export(store, Request(annotator=name, target=TARGET), sys.stdout.buffer)
    output.say(f"Exported to {TARGET}.")
