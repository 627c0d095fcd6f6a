"""The one family of errors a user may see: what failed, where, and what to do about it."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the command line; part of its fixed interface."""

    DONE = 0
    REPORTED = 1
    USAGE = 2
    BAD_INPUT = 3
    BUSY = 4


class AnnotatorError(Exception):
    """Base of all errors that are told to a person.

    ``message`` says what failed and where (``file:line`` where there is one), ``hint`` what to do.
    ``code`` is the exit code the command line ends with.
    """

    code: ExitCode = ExitCode.BAD_INPUT

    def __init__(self, message: str, hint: str = "", code: ExitCode | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class UsageError(AnnotatorError):
    """The request itself cannot be carried out: an unknown name, a rule that forbids it."""

    code = ExitCode.USAGE


class InputError(AnnotatorError):
    """A file given to us cannot be used."""


class SchemaError(InputError):
    """A schema file is wrong; the message names file, table and key, and what is allowed."""


class ProjectError(AnnotatorError):
    """The project file is missing, foreign, damaged or made by a newer version."""


class NotFoundError(UsageError):
    """A named document, annotator or annotation does not exist."""


class RuleError(UsageError):
    """The schema forbids the edit; the message names the rule."""


class StaleError(AnnotatorError):
    """Someone else changed the same thing first; nothing was written."""

    code = ExitCode.BUSY


class SchemaChangedError(StaleError):
    """Another schema is in force than the one that was worked with; nothing was written."""


class BusyError(AnnotatorError):
    """The project file is locked by others, or the disk refuses to take the write."""

    code = ExitCode.BUSY
