"""The DOCUMENT argument: how one is found, and how shells complete its name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotator.errors import AnnotatorError, UsageError

if TYPE_CHECKING:
    from annotator.store.base import Store


def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Names of documents that begin with what was typed; none where the project cannot be read."""
    from annotator.workflow.projects import DEFAULT_FILE, open_existing

    given = ctx.find_root().params.get("project")
    try:
        store = open_existing(Path(given or DEFAULT_FILE))
        try:
            return store.names_beginning(incomplete)
        finally:
            store.close()
    except (AnnotatorError, OSError):
        return []


def chosen_or_last(store: Store, name: str | None, annotator: str) -> str:
    """The id of the document of that name, else of the one open last, else of the first.

    ``annotator`` is an id. Raises NotFoundError or, in an empty project, UsageError.
    """
    if name is not None:
        return store.find_document(name)
    found = store.last_document(annotator) or store.neighbour(None, 1)
    if found is None:
        raise UsageError(
            "The project has no documents yet.", "Take some in with: annotator import PATH…"
        )
    return found
