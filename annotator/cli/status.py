"""``annotator status``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from annotator.cli import output
from annotator.cli.session import Session
from annotator.errors import ExitCode, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotator.store.base import DocumentInfo
    from annotator.workflow.progress import Progress

_SHOWN = 50
_COLUMNS = ("done", "of", "spans", "labels", "relations", "flagged", "suggested")
_LEAST = 12
"""Cells of a name at least."""
_WHOLE = 10_000
"""More cells than a name takes."""


@click.command("status")
@click.option("--checks", is_flag=True, help="What is left out or at odds, place by place.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@click.pass_context
def command(context: click.Context, checks: bool, as_json: bool) -> None:
    """Documents, progress, labels and time, for you.

    With --checks claims without a source, sources never used, quotes outside any claim, strings
    labelled two ways, and required attributes missing: a line each, with document and sentence, and
    exit code 1 where there are any.
    """
    from annotator.workflow.progress import progress

    session: Session = context.obj
    if checks:
        context.exit(_check(session, as_json))
    store = session.open()
    if as_json:
        output.data_lines(_json(progress(store, session.annotator)))
    else:
        _tables(progress(store, session.annotator, _SHOWN))


def _check(session: Session, as_json: bool) -> ExitCode:
    """Print what the checks find; one line or JSON object each, as they come."""
    import json

    from annotator.workflow.queues import look_through, project_checks_queue

    store = session.open()
    try:
        who = store.annotator(session.annotator).id
    except NotFoundError:
        who = ""
    count = 0
    for found in look_through(store, who, project_checks_queue(store, who)):
        for stop, sentence in found.stops:
            count += 1
            if as_json:
                row = {"document": found.name, "sentence": sentence, "start": stop.start}
                row |= {"end": stop.end, "finding": stop.title, "annotation": stop.target}
                output.data(json.dumps(row))
            else:
                output.data(f"{found.name}: sentence {sentence}: {stop.title}")
    output.say(f"{output.counted(count, 'place')} to look at." if count else "Nothing found.")
    return ExitCode.REPORTED if count else ExitCode.DONE


def _json(figures: Progress) -> str:
    import json

    import msgspec

    return json.dumps(msgspec.to_builtins(figures), indent=2)


def _tables(figures: Progress) -> None:
    from annotator.workflow.progress import duration

    output.parts([
        figures.project,
        f"schema {figures.schema} {figures.schema_version}",
        f"annotator {figures.annotator}",
        output.counted(figures.document_count, "document"),
    ])  # fmt: skip
    output.parts([
        f"{figures.done:,} of {output.counted(figures.sentences, 'sentence')} done",
        f"time {duration(figures.seconds)}",
        *_pace(figures),
    ])  # fmt: skip
    if figures.conflicts:
        output.data(
            f"{output.counted(figures.conflicts, 'conflict')} to decide:"
            " annotator merge --conflicts"
        )
    if figures.annotators:
        output.data(f"annotators: {', '.join(figures.annotators)}")
    if figures.documents:
        output.data("")
        _documents(figures)
    if figures.labels:
        output.data("")
        rows = [(c.layer, c.label, str(c.count)) for c in figures.labels]
        output.table([("layer", "label", "count"), *rows], right=(2,))
    if figures.engines:
        output.data("")
        head = ("suggested by", "open", "accepted", "corrected", "rejected")
        counts = [
            (e.engine, *(f"{n:,}" for n in (e.open, e.accepted, e.corrected, e.rejected)))
            for e in figures.engines
        ]
        output.table([head, *counts], right=(1, 2, 3, 4))


def _documents(figures: Progress) -> None:
    """A row for each; on a terminal names are cut, and the other columns where it is narrow."""
    from annotator.core.safe_text import cut_within

    documents, columns = figures.documents, output.columns()
    rows = _wide(documents)
    if columns is not None and columns - _cells(rows) < _LEAST:
        rows = _narrow(documents)
    room = _WHOLE if columns is None else max(_LEAST, columns - _cells(rows))
    names = ["document", *(cut_within(d.name, room) for d in documents)]
    output.table(
        [(name, *row) for name, row in zip(names, rows, strict=True)],
        right=range(1, 1 + len(_COLUMNS)),
    )
    if more := figures.document_count - len(documents):
        output.data(f"… and {more:,} more: see --json")


def _wide(documents: Sequence[DocumentInfo]) -> list[Sequence[str]]:
    """The columns beside the names, each under its name."""
    figures = (
        (d.done, d.sentences, d.spans, d.unit_labels, d.relations, d.flagged, d.suggested)
        for d in documents
    )
    rows = zip(figures, documents, strict=True)
    return [(*_COLUMNS, "status"), *((*map(str, row), d.status) for row, d in rows)]


def _narrow(documents: Sequence[DocumentInfo]) -> list[Sequence[str]]:
    """The same in fewer cells; what is 0 in all documents has no column."""
    done = ("done", *(f"{'✓' * (d.status == 'done')}{d.done}/{d.sentences}" for d in documents))
    counts = [
        ("spans", *(d.spans for d in documents)),
        ("labels", *(d.unit_labels for d in documents)),
        ("rel.", *(d.relations for d in documents)),
        ("flags", *(d.flagged for d in documents)),
        ("sugg.", *(d.suggested for d in documents)),
    ]
    told = (tuple(map(str, column)) for column in counts if any(column[1:]))
    return list(zip(done, *told, strict=True))


def _cells(rows: Sequence[Sequence[str]]) -> int:
    """Cells that the columns take, and the gaps before them."""
    return sum(2 + max(map(len, column)) for column in zip(*rows, strict=True))


def _pace(figures: Progress) -> list[str]:
    """Time, keys and annotations set against each other, as far as there are any."""
    parts = []
    if figures.seconds_a_sentence is not None:
        parts.append(f"{figures.seconds_a_sentence:,.0f} s a sentence")
    if figures.keys_a_sentence is not None:
        parts.append(f"{figures.keys_a_sentence:,.1f} keys a sentence")
    if figures.made_an_hour is not None:
        parts.append(f"{figures.made_an_hour:,.0f} annotations an hour")
    return parts
