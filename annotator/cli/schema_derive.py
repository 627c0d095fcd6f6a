"""``annotator schema derive``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotator.cli import output
from annotator.cli.format_options import ReadingCommand, given
from annotator.cli.losses import tell_losses
from annotator.cli.paths import PATH
from annotator.errors import ExitCode

if TYPE_CHECKING:
    from annotator.workflow.deriving import Derived

_SHOWN = 20


@click.command("derive", cls=ReadingCommand)
@click.argument("paths", nargs=-1, required=True, type=PATH, metavar="PATH…")
@click.option(
    "-o", "--output", "target", metavar="FILE|-", default="-", help="The file to write.",
    show_default="stdout",
)  # fmt: skip
@click.option("--name", metavar="NAME", default="derived", show_default=True, help="Its name.")
@click.option("--format", "format_", metavar="F", help="The files' format, one of those below.")
@click.option("--encoding", metavar="E", help="Encoding of text files, as for import.")
@click.option("--layer", metavar="NAME", help="The layer of labels whose file does not name one.")
def command(
    paths: tuple[Path, ...],
    target: str,
    name: str,
    format_: str | None,
    encoding: str | None,
    layer: str | None,
    **options: str | None,
) -> int:
    """Make a schema of the labels, attributes and relations that files contain.

    annotator init --schema FILE makes a project with it, into which the files can be imported.
    """
    from annotator.workflow.deriving import Request, derive
    from annotator.workflow.whole_file import whole_file

    made = derive(
        Request(
            paths=paths, name=name, format=format_, encoding=encoding, layer=layer,
            options=given(options),
        )
    )  # fmt: skip
    if target == "-":
        output.data_lines(made.text.rstrip("\n"))
    else:
        with whole_file(Path(target)) as file:
            file.write(made.text.encode())
    _tell(made)
    return ExitCode.REPORTED if made.refusals or made.losses else ExitCode.DONE


def _tell(made: Derived) -> None:
    output.say(f"{output.counted(made.documents, 'document')} looked at:")
    for (layer, scope), labels in made.findings.labels.items():
        shown = ", ".join(f"{label} {count:,}" for label, count in labels.most_common(_SHOWN))
        more = f" and {len(labels) - _SHOWN:,} more" if len(labels) > _SHOWN else ""
        output.say(f"  {layer} ({scope}): {shown}{more}")
    for type, roles in made.findings.relations.items():
        output.say(f"  relation {type}: {', '.join(roles)}")
    for refusal in made.refusals[:_SHOWN]:
        output.say(f"refused: {refusal.place}: {refusal.message}")
    if len(made.refusals) > _SHOWN:
        output.say(f"and {len(made.refusals) - _SHOWN:,} more were refused")
    tell_losses(made.losses)
