"""What the global options say: which project, who, and how errors are told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotator.cli import output

if TYPE_CHECKING:
    from annotator.store.base import Store


class Session:
    """One run of the command line; made before the arguments are read."""

    def __init__(self) -> None:
        self.debug = False
        self.project_option: Path | None = None
        self.annotator_option: str | None = None

    @property
    def project(self) -> Path:
        """The project's file: the option or variable, else the one in this folder."""
        from annotator.workflow.projects import DEFAULT_FILE

        return self.project_option or Path(DEFAULT_FILE)

    @property
    def annotator(self) -> str:
        """The annotator's name: the option or variable, else the login name. Raises UsageError."""
        from annotator.workflow.naming import checked_name
        from annotator.workflow.projects import login_name

        name = self.annotator_option
        return login_name() if name is None else checked_name(name)

    def open(self) -> Store:
        """The project, closed again when the command ends. Raises ProjectError."""
        from annotator.workflow.projects import open_existing

        return closing(open_existing(self.project, output.WaitingTold()))


def closing(store: Store) -> Store:
    """Have the store closed when the running command ends, and waiting told until then."""
    store.tell_waiting(output.WaitingTold())
    click.get_current_context().call_on_close(store.close)
    return store
