"""The entry point: the root command, its lazy subcommands, and errors turned into exit codes."""

from __future__ import annotations

import io
import os
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from annotator import __version__
from annotator.cli import output
from annotator.cli.session import Session
from annotator.errors import AnnotatorError, ExitCode

COMMANDS = {
    "init": "annotator.cli.init",
    "import": "annotator.cli.import_files",
    "annotate": "annotator.cli.annotate",
    "show": "annotator.cli.show",
    "export": "annotator.cli.export",
    "status": "annotator.cli.status",
    "log": "annotator.cli.log",
    "merge": "annotator.cli.merge",
    "schema": "annotator.cli.schema",
    "doctor": "annotator.cli.doctor",
    "backup": "annotator.cli.backup",
    "restore": "annotator.cli.restore",
    "demo": "annotator.cli.demo",
    "completion": "annotator.cli.completion",
}
"""Subcommands in the order of the help, each the object ``command`` of its module."""

INTERRUPTED = 130
BROKEN_PIPE = 141


class ReaderGoneError(Exception):
    """Whoever read our stdout has closed it, as ``head`` does."""


class LazyGroup(click.Group):
    """A group that imports a subcommand's module only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The subcommand of that name, if there is one."""
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = import_module(module).command
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. Raises ReaderGoneError, since click would make exit code 1 of it."""
        try:
            result: object = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError as error:
            raise ReaderGoneError from error
        return result


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "-p",
    "--project",
    metavar="FILE",
    type=click.Path(path_type=Path),
    envvar="ANNOTATOR_PROJECT",
    help="The project's file. Default: $ANNOTATOR_PROJECT, else ./annotations.db.",
)
@click.option(
    "-a",
    "--annotator",
    metavar="NAME",
    envvar="ANNOTATOR_NAME",
    help="Who you are. Default: $ANNOTATOR_NAME, else the login name.",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(__version__, prog_name="annotator", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, project: Path | None, annotator: str | None, debug: bool) -> None:
    """Annotate news text in the terminal: entities, claims, sources, and what ties them together.

    Without a command, opens the project in this folder; where there is none, offers the demo.
    """
    session = ctx.ensure_object(Session)
    session.project_option = project
    session.annotator_option = annotator
    session.debug = debug
    if ctx.invoked_subcommand is None:
        _open_or_offer_demo(ctx, session)


def _open_or_offer_demo(ctx: click.Context, session: Session) -> None:
    from annotator.cli import annotate, demo

    if session.project.exists() or not sys.stdin.isatty():
        ctx.invoke(annotate.command)
        return
    output.say(f"{session.project}: there is no project here; annotator init makes one.")
    if click.confirm("Look at the demo first?", default=True, err=True):
        ctx.invoke(demo.command)


def run(arguments: Sequence[str]) -> int:
    """Carry out a command line and give its exit code; errors are told on stderr."""
    session = Session()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _tell_warning
            code = cli.main(
                list(arguments), prog_name="annotator", standalone_mode=False, obj=session
            )
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        output.say("")
        return INTERRUPTED
    except ReaderGoneError:
        _silence_stdout()
        return BROKEN_PIPE
    except AnnotatorError as error:
        if session.debug:
            _show_traceback()
        output.say_error(error)
        return error.code
    except Exception as error:  # noqa: BLE001 - the outermost border: no traceback reaches a user
        if session.debug:
            _show_traceback()
        output.say(f"annotator: internal error: {type(error).__name__}: {error}")
        output.say("  Run it again as: annotator --debug …  and report what it shows.")
        return ExitCode.BAD_INPUT
    return int(code or ExitCode.DONE)


def main() -> None:
    """Entry point of the ``annotator`` command."""
    sys.exit(run(sys.argv[1:]))


def _tell_warning(message: Warning | str, *_: object, **__: object) -> None:
    output.say(f"warning: {message}")


def _show_traceback() -> None:
    import traceback

    output.say(traceback.format_exc())


def _silence_stdout() -> None:
    """Let the interpreter flush into nothing on its way out."""
    descriptor = os.open(os.devnull, os.O_WRONLY)
    os.dup2(descriptor, sys.stdout.fileno())
    os.close(descriptor)


if __name__ == "__main__":
    main()
