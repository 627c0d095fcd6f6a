"""The demo: the seed article, annotated, in a project that is thrown away."""

from __future__ import annotations

from pathlib import Path

from annotator.errors import InputError
from annotator.formats.base import Refusal
from annotator.store.base import Store
from annotator.workflow.importing import Request, import_paths
from annotator.workflow.projects import init
from annotator.workflow.resources import seed

SEEDS = ("raqqa.jsonl", "raqqa.txt")
"""The annotated article, else the bare one."""


def prepare(folder: Path, annotator: str, *, bare: bool = False) -> tuple[Store, str, str]:
    """Make the demo's project in ``folder``; with ``bare`` the article has no annotations.

    Gives the store, the document's id, and the name of who annotated it (else ``annotator``).
    Raises InputError where the seeds are missing or wrong.
    """
    path = next((found for name in SEEDS[bare:] if (found := seed(name))), None)
    if path is None:
        raise InputError("The seed article is missing.", "Install annotator again.")
    store = init(folder / "demo.db")
    for step in import_paths(store, Request(paths=(path,), default_annotator=annotator)):
        if isinstance(step.outcome, Refusal):
            store.close()
            raise InputError(f"{step.outcome.place}: {step.outcome.message}", step.outcome.hint)
    document = store.documents("")[0].id
    annotators = store.annotators_of(document)
    return store, document, annotators[0].name if annotators else annotator
