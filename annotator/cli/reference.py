"""The reference of the command line, ``docs/cli.md``, made from the help of the commands.

``python -m annotator.cli.reference`` prints it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from annotator.cli.main import cli

WIDTH = 90
_HEAD = """# The command line

Made by `python -m annotator.cli.reference > docs/cli.md`; a test compares.

Data goes to stdout, narration to stderr. Exit codes: 0 done, 1 done with something reported
(losses, findings), 2 wrong use, 3 bad input or project, 4 busy or I/O.
"""


def reference() -> str:
    """The Markdown text."""
    parts = [_HEAD]
    for name, text in _helps(cli, "annotator", None):
        parts.append(f"## {name}\n\n```\n{text.rstrip()}\n```\n")
    return "\n".join(parts)


def _helps(
    command: click.Command, name: str, parent: click.Context | None
) -> Iterator[tuple[str, str]]:
    settings = {**command.context_settings, "max_content_width": WIDTH, "terminal_width": WIDTH}
    context = click.Context(command, parent=parent, info_name=name, **settings)
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from _helps(child, name, context)


if __name__ == "__main__":
    sys.stdout.write(reference())
