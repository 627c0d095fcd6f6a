"""Bringing together project files that annotators made apart."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from annotator.errors import AnnotatorError, ProjectError, UsageError
from annotator.store.base import Store
from annotator.store.merge_report import MergeReport
from annotator.workflow.projects import open_existing, open_for_reading


def merge_files(target: Path, sources: Sequence[Path], *, dry_run: bool = False) -> MergeReport:
    """Take what is in other project files into the one at ``target``, all of it or nothing.

    The sources are only read. The project as it was is kept among its backups. With ``dry_run``
    nothing is written. Raises UsageError where a file
    is named twice or the schemas do not go together, ProjectError where one is no project, has an
    older or newer format or is damaged, and BusyError.
    """
    _refuse_same_files([target, *sources])
    with ExitStack() as stack:
        store = open_existing(target)
        stack.callback(store.close)
        opened: list[Store] = []
        for source in sources:
            opened.append(_opened(source))
            stack.callback(opened[-1].close)
        if dry_run:
            return store.merge(opened, dry_run=True)
        return _merged(store, opened, sources)


def _merged(store: Store, sources: Sequence[Store], files: Sequence[Path]) -> MergeReport:
    """Merge with a backup, since no undo takes a merge back; it goes where nothing came."""
    backup = store.upkeep.back_up_for("before-merge", spare=files)
    report = MergeReport()
    try:
        report = store.merge(sources)
    finally:
        if report.is_empty:
            backup.unlink(missing_ok=True)
        else:
            report.backup = str(backup)
    return report


def _opened(path: Path) -> Store:
    try:
        return open_for_reading(path)
    except AnnotatorError as error:
        if "older format" not in error.message:
            raise
        raise ProjectError(
            f"{path} has an older format, and a merge only reads it.",
            f"Open it once, which migrates it: annotator -p {path} status. Then merge again.",
        ) from error


def _refuse_same_files(paths: Sequence[Path]) -> None:
    seen: list[Path] = []
    for path in paths:
        for other in seen:
            if path.exists() and other.exists() and path.samefile(other):
                what = "the project itself" if other == paths[0] else f"{other}, named twice"
                raise UsageError(
                    f"{path} is {what}.", "Nothing was merged. Name each other file once."
                )
        seen.append(path)
