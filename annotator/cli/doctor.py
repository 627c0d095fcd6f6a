"""``annotator doctor``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotator.cli import output
from annotator.cli.session import Session
from annotator.errors import ExitCode

if TYPE_CHECKING:
    from annotator.store.upkeep import Finding
    from annotator.workflow.doctor import Outcome


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@click.option("--repair", is_flag=True, help="Mend what is safe, after a backup.")
@click.pass_obj
def command(session: Session, as_json: bool, repair: bool) -> int:
    """Check the project from the file to the last annotation.

    SQLite's own check, tables, texts, every annotation's place, surface, labels and ties, and the
    log of edits replayed beside what is stored. The exit code is 1 where something is found, or
    with --repair where something is left. Repairs are edits, and the backup is named.
    """
    from annotator.workflow.doctor import Outcome, examine
    from annotator.workflow.doctor import repair as mend

    store = session.open()
    line = output.ProgressLine()
    backups: list[Path] = []
    outcomes: Iterable[Outcome]
    if repair:
        outcomes = mend(store, session.annotator, backups.append, line.tell)
    else:
        outcomes = (Outcome(f) for f in examine(store, line.tell))
    counted = _Counted(outcomes, line)
    if as_json:
        _print_json(counted, session.project, backups, repair=repair)
    else:
        for outcome in counted:
            _print(outcome, repair=repair)
    line.clear()
    _sum_up(counted, session.project, backups)
    return ExitCode.REPORTED if counted.found > counted.mended else ExitCode.DONE


class _Counted:
    """Outcomes as they come, counted; the progress line makes room for each."""

    def __init__(self, outcomes: Iterable[Outcome], line: output.ProgressLine) -> None:
        self._outcomes = outcomes
        self._line = line
        self.found = 0
        self.mended = 0

    def __iter__(self) -> Iterator[Outcome]:
        for outcome in self._outcomes:
            self.found += 1
            self.mended += outcome.done is not None
            self._line.clear()
            yield outcome


def _print(outcome: Outcome, *, repair: bool) -> None:
    finding = outcome.finding
    output.data(f"{_place(finding)}: {finding.message}")
    if outcome.done is not None:
        output.data(f"  mended: {outcome.done}")
    else:
        output.data(f"  {'left: ' * repair}{finding.advice}")


def _place(finding: Finding) -> str:
    names = [finding.document, finding.annotation, finding.id and f"({finding.id})"]
    return f"{finding.kind}: " + " ".join(n for n in names if n) if any(names) else finding.kind


def _print_json(counted: _Counted, project: Path, backups: list[Path], *, repair: bool) -> None:
    """One object, written as the findings come: there may be many."""
    import msgspec

    output.data(f'{{"project": {json.dumps(str(project))}, "findings": [')
    first = True
    for outcome in counted:
        row = msgspec.to_builtins(outcome.finding)
        if repair:
            row["mended"] = outcome.done
        output.data(("" if first else ", ") + json.dumps(row))
        first = False
    backup = json.dumps(str(backups[0]) if backups else None)
    output.data(f'], "found": {counted.found}, "mended": {counted.mended}, "backup": {backup}}}')


def _sum_up(counted: _Counted, project: Path, backups: list[Path]) -> None:
    if not counted.found:
        output.say(f"{project}: nothing found; the project is whole.")
        return
    mended = f", {counted.mended:,} mended" if counted.mended else ""
    output.say(f"{output.counted(counted.found, 'finding')}{mended}.")
    for backup in backups:
        output.say(f"The project as it was before: {backup}")
