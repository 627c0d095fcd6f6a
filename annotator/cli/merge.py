"""``annotator merge``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import click

from annotator.cli import output
from annotator.cli.paths import PATH
from annotator.cli.session import Session
from annotator.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from annotator.core.annotation import Record
    from annotator.store.merge_report import ConflictInfo, MergeReport

_SHOWN = 50
_KINDS = (
    ("span", "span"),
    ("relation", "relation"),
    ("unit_label", "label of a sentence or document"),
    ("actor", "actor"),
    ("suggestion", "suggestion"),
    ("sentence_mark", "mark of a sentence"),
    ("document_mark", "mark of a document"),
)


@click.command("merge")
@click.argument("files", nargs=-1, type=PATH, metavar="[FILE]…")
@click.option("--dry-run", is_flag=True, help="Say what would come, and change nothing.")
@click.option("--conflicts", is_flag=True, help="List what merges left to decide.")
@click.option("--settle", metavar="ID", help="Decide a conflict; the end of its id will do.")
@click.option(
    "--keep",
    type=click.Choice(["this", "other"]),
    help="With --settle: what is in force, or the version beside it.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@click.pass_obj
def command(
    session: Session,
    files: tuple[Path, ...],
    dry_run: bool,
    conflicts: bool,
    settle: str | None,
    keep: str | None,
    as_json: bool,
) -> int:
    """Take in what annotators made in other project files.

    Everything is kept: documents of the same text become one, annotators of the same name one, and
    the logs of edits are joined. What was changed in two files at once becomes a conflict, with
    both versions kept; the exit code is then 1. The order of files does not matter, and merging
    again changes nothing. The other files are only read.
    """
    _check_use(files, dry_run, conflicts, settle, keep)
    if settle is not None:
        return _settle(session, settle, cast(Literal["this", "other"], keep))
    if conflicts:
        return _list(session, as_json)
    from annotator.workflow.merging import merge_files

    report = merge_files(session.project, files, dry_run=dry_run)
    if as_json:
        output.data_lines(_json(report, dry_run))
    else:
        _tell(report, dry_run)
    return ExitCode.REPORTED if report.conflicts else ExitCode.DONE


def _check_use(
    files: tuple[Path, ...], dry_run: bool, conflicts: bool, settle: str | None, keep: str | None
) -> None:
    if sum((bool(files), conflicts, settle is not None)) != 1:
        raise UsageError(
            "A merge wants files, or --conflicts, or --settle ID.", "annotator merge --help"
        )
    if (settle is None) != (keep is None):
        raise UsageError("--settle ID and --keep this|other belong together.")
    if dry_run and not files:
        raise UsageError("--dry-run is for merging files.")


# -- a merge ---------------------------------------------------------------------------------------


def _tell(report: MergeReport, dry_run: bool) -> None:
    for wanted, name in report.renamed:
        output.say(f"renamed: {wanted} is {name}, as an older document has the name")
    for name in report.recut:
        output.say(f"{name}: cut into other sentences in one of the files; one cut counts")
    for one, other in report.doubled:
        output.say(f"{one} and {other} have one text in one of the files, and are one document now")
    for name, value in report.settings:
        output.say(f"setting {name} is {value} now: of different choices the more careful counts")
    edits = sum(report.edits.values())
    parts = [
        output.counted(len(report.documents), "document"),
        output.counted(len(report.annotators), "annotator"),
        output.counted(edits, "edit"),
    ]
    output.say(f"{'would come' if dry_run else 'came'}: {', '.join(parts)}")
    for path, count in report.edits.items():
        output.say(f"  {path}: {output.counted(count, 'edit')}")
    for title, names in (("documents", report.documents), ("annotators", report.annotators)):
        if names:
            more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
            output.say(f"  {title}: {', '.join(names[:_SHOWN])}{more}")
    for kind, word in _KINDS:
        counts = [
            f"{counter[kind]:,} {how}"
            for how, counter in (
                ("made", report.made),
                ("changed", report.changed),
                ("deleted", report.deleted),
            )
            if kind in counter
        ]
        if counts:
            output.say(f"  {word}: {', '.join(counts)}")
    if report.conflicts:
        output.say(f"{output.counted(len(report.conflicts), 'conflict')} to decide:")
        _show(report.conflicts[:_SHOWN])
        if not dry_run:
            output.say("List them again with: annotator merge --conflicts")
    if report.backup is not None:
        output.say(f"As it was before: {report.backup}")


def _json(report: MergeReport, dry_run: bool) -> str:
    import json

    import msgspec

    found = msgspec.to_builtins(report)
    found["dry_run"] = dry_run
    return json.dumps(found, indent=2)


# -- conflicts -------------------------------------------------------------------------------------


def _list(session: Session, as_json: bool) -> int:
    found = list(session.open().conflicts())
    if as_json:
        import json

        import msgspec

        output.data_lines(json.dumps(msgspec.to_builtins(found), indent=2))
    elif found:
        _show(found)
        output.say("Decide one with: annotator merge --settle ID --keep this|other")
    else:
        output.say("Nothing to decide.")
    return ExitCode.REPORTED if found else ExitCode.DONE


def _show(conflicts: Iterable[ConflictInfo]) -> None:
    rows = [("id", "document", "what", "this", "other", "by", "at")]
    rows += [
        (
            info.conflict.id[-8:],
            info.document or "",
            info.conflict.kind.replace("_", " "),
            _words(info.in_force),
            _words(info.other),
            info.annotator,
            info.time[:16].replace("T", " "),
        )
        for info in conflicts
    ]
    output.table(rows)


def _words(record: Record | None) -> str:
    from annotator.workflow.settling import in_words

    return in_words(record)


def _settle(session: Session, id: str, keep: Literal["this", "other"]) -> int:
    from annotator.workflow.settling import find_conflict, settle

    store = session.open()
    info = find_conflict(store, id)
    settle(store, store.annotator(session.annotator, create=True).id, info, keep)
    kept = info.in_force if keep == "this" else info.other
    output.say(f"settled: {info.name}: {_words(kept)}")
    left = sum(1 for _ in store.conflicts())
    output.say(f"{output.counted(left, 'conflict')} left.")
    return ExitCode.DONE
