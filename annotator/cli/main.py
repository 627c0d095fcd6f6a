"""The entry point: the root command, its lazy subcommands, and errors turned into exit codes."""

from __future__ import annotations

import io
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from annotator import __version__
from annotator.cli import output
from annotator.cli.paths import PATH
from annotator.cli.process import complete_streams, end_on_signals, leave_signals, silence
from annotator.cli.session import Session
from annotator.errors import AnnotatorError, BusyError, ExitCode

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
    "suggest": "annotator.cli.suggest",
    "settings": "annotator.cli.settings",
    "keys": "annotator.cli.keys",
    "theme": "annotator.cli.theme",
    "glyphs": "annotator.cli.glyphs",
    "doctor": "annotator.cli.doctor",
    "backup": "annotator.cli.backup",
    "restore": "annotator.cli.restore",
    "demo": "annotator.cli.demo",
    "completion": "annotator.cli.completion",
}
"""Subcommands in the order of the help, each the object ``command`` of its module."""

INTERRUPTED = 130
BROKEN_PIPE = 141
_COMPLETE = "_ANNOTATOR_COMPLETE"
"""The variable by which a shell asks for completions."""


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

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the arguments, which may print the help. Raises ReaderGoneError."""
        with _reader():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. Raises ReaderGoneError."""
        with _reader():
            result: object = super().invoke(ctx)
            sys.stdout.flush()
        return result


@contextmanager
def _reader() -> Iterator[None]:
    """Raise ReaderGoneError for a broken pipe, of which click would make exit code 1."""
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderGoneError from error


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "-p",
    "--project",
    metavar="FILE",
    type=PATH,
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
        ctx.invoke(demo.command, tutorial=False)


def run(arguments: Sequence[str]) -> int:
    """Carry out a command line and give its exit code; errors are told on stderr."""
    session = Session()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if _COMPLETE in os.environ:
        from annotator.cli.shells import mend_completion

        mend_completion()
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _tell_warning
            code = cli.main(
                list(arguments),
                prog_name="annotator",
                standalone_mode=False,
                obj=session,
                complete_var=_COMPLETE,
            )
    except click.ClickException as error:
        _say_wrong_use(error, arguments)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        output.say("Interrupted.")  # on a line of its own: click has ended the one before
        return INTERRUPTED
    except ReaderGoneError:
        silence(sys.stdout)
        return BROKEN_PIPE
    except (AnnotatorError, OSError) as error:
        if session.debug:
            _show_traceback()
        told = error if isinstance(error, AnnotatorError) else _from_system(error)
        output.say_error(told)
        return told.code
    except Exception as error:  # noqa: BLE001 - the outermost border: no traceback reaches a user
        if session.debug:
            _show_traceback()
        output.say(f"annotator: internal error: {type(error).__name__}: {error}")
        output.say("  Run it again as: annotator --debug …  and report what it shows.")
        return ExitCode.BAD_INPUT
    return int(code or ExitCode.DONE)


def main() -> None:
    """Carry out the command line of this process, and end it."""
    complete_streams()
    end_on_signals()
    try:
        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # a second one, while the first was told
        code = INTERRUPTED
    leave_signals()
    try:
        sys.stderr.flush()
    except OSError:  # it was not told, but what was done was done: the exit code stays
        silence(sys.stderr)
    sys.exit(code)


def _say_wrong_use(error: click.ClickException, arguments: Sequence[str]) -> None:
    """What click has to say, in which it repeats arguments as they are."""
    from annotator.workflow.escaping import printable

    text = io.StringIO()
    if isinstance(error, click.UsageError) and error.ctx is not None:
        error.ctx.color = True  # else click strips escape sequences, which hides what was typed
    error.show(text)
    shown = text.getvalue().rstrip("\n")
    for argument in arguments:
        shown = shown.replace(argument, printable(argument)) if argument else shown
    output.say_lines(shown)


def _from_system(error: OSError) -> AnnotatorError:
    """What the system refused, where no one place could say more about it."""
    reason = error.strerror or str(error)
    if error.filename is not None:
        return BusyError(f"{os.fsdecode(error.filename)}: {reason}")
    try:
        Path.cwd()
    except OSError:
        return BusyError("The current folder is not there any more.", "Change to another one.")
    silence(sys.stdout)
    return BusyError(f"The output could not be written: {reason}")


def _tell_warning(message: Warning | str, *_: object, **__: object) -> None:
    output.say(f"warning: {message}")


def _show_traceback() -> None:
    import traceback

    output.say_lines(traceback.format_exc())


if __name__ == "__main__":
    main()
