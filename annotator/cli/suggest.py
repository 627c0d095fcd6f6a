"""``annotator suggest``: engines that learn from what you finish and propose the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

import click

from annotator.cli import output
from annotator.cli.session import Session
from annotator.errors import ExitCode

if TYPE_CHECKING:
    from annotator.suggest.quality import Quality
    from annotator.workflow.engine_events import Event
    from annotator.workflow.engine_status import EngineStatus
    from annotator.workflow.suggesting import Placed
    from annotator.workflow.what_next import Next, NextDocument

_BARS = "▁▂▃▄▅▆▇█"

engines_option = click.option(
    "--engine", "engines", multiple=True, metavar="NAME",
    help="Only this engine, whether it is on or not; may be given again.",
)  # fmt: skip
layers_option = click.option(
    "--layer", "layers", multiple=True, metavar="NAME",
    help="Only this layer; may be given again.",
)  # fmt: skip
json_option = click.option("--json", "as_json", is_flag=True, help="The same as JSON.")


@click.group("suggest")
def command() -> None:
    """Engines that learn from the sentences you finish, and propose the rest.

    What an engine proposes is a suggestion: nothing is annotated until you accept it.
    """


@command.command("status")
@click.option("--check", is_flag=True, help="Find out how good each is by now; takes seconds.")
@json_option
@click.pass_obj
def status(session: Session, check: bool, as_json: bool) -> None:
    """Each engine and layer: on or off, trained on how much, and how its suggestions fared.

    With --check one finished sentence in five is held out and asked, and with them what has gold:
    precision and recall per label, the learning curve, and advice which engine had better be off.
    """
    from annotator.workflow.engine_status import checked, statuses

    store = session.open()
    found = statuses(store, session.project, session.annotator)
    if check:
        annotator = store.annotator(session.annotator)
        found = checked(found, session.project, annotator.id)
    if as_json:
        output.data_lines(_json([_status_row(row) for row in found]))
    else:
        _tell_status(found)


@command.command("train")
@engines_option
@layers_option
@click.option(
    "--documents", "documents", multiple=True, metavar="done|all|NAME",
    help="Take all sentences of these documents as finished; may be given again. Default: done, "
    "the sentences that are marked done.",
)  # fmt: skip
@click.option(
    "--from", "files", multiple=True, metavar="FILE|NAME",
    help="What an engine is made of that does not learn: lists take tables (string, TAB, label) "
    "and patterns.jsonl.",
)  # fmt: skip
@click.option("--anew", is_flag=True, help="Also where nothing has changed since.")
@json_option
@click.pass_obj
def train(
    session: Session,
    engines: tuple[str, ...],
    layers: tuple[str, ...],
    documents: tuple[str, ...],
    files: tuple[str, ...],
    anew: bool,
    as_json: bool,
) -> int:
    """Have engines learn from the sentences that you have finished.

    Models are kept in the project. The exit code is 1 where an engine fails.
    """
    from annotator.errors import UsageError
    from annotator.workflow.engine_events import Task
    from annotator.workflow.suggesting import documents_of, give, work

    store = session.open()
    annotator = store.annotator(session.annotator, create=True)
    if files:
        if len(engines) != 1:
            raise UsageError("--from wants one --engine.", "For example: --engine lists")
        made = give(store, annotator, engines[0], files)
        rows: list[Any] = [{"engine": engines[0], "layer": k, "size": v} for k, v in made.items()]
        if as_json:
            output.data_lines(_json(rows))
        for layer, size in made.items():
            output.say(f"{engines[0]} {layer}: {size:,} bytes kept")
        return ExitCode.DONE
    finished = () if documents in ((), ("done",)) else documents_of(store, annotator.id, documents)
    task = Task(
        project=str(session.project), annotator=annotator.id, engines=engines, layers=layers,
        finished=finished, anew=anew,
    )  # fmt: skip
    return _follow(work(store, annotator, task), as_json)


@command.command("run")
@engines_option
@layers_option
@click.option(
    "--documents", "documents", multiple=True, metavar="open|all|NAME",
    help="Propose for these; may be given again. Default: open, those with unfinished sentences.",
)  # fmt: skip
@json_option
@click.pass_obj
def run(
    session: Session,
    engines: tuple[str, ...],
    layers: tuple[str, ...],
    documents: tuple[str, ...],
    as_json: bool,
) -> int:
    """Propose annotations for unfinished sentences, as suggestions to be answered on the screen.

    Engines learn first, where anything was finished since. Running it again doubles nothing: what
    is no longer proposed goes, and what was answered stays answered. The exit code is 1 where an
    engine fails.
    """
    from annotator.workflow.engine_events import Task
    from annotator.workflow.suggesting import documents_of, work

    store = session.open()
    annotator = store.annotator(session.annotator, create=True)
    task = Task(
        project=str(session.project), annotator=annotator.id, engines=engines, layers=layers,
        documents=documents_of(store, annotator.id, documents),
    )  # fmt: skip
    return _follow(work(store, annotator, task), as_json)


@command.command("next")
@click.option(
    "--by", type=click.Choice(["doubt", "diversity", "text"]), default="doubt",
    help="What engines are least sure of (default), what is most unlike the finished sentences, "
    "or as it comes.",
)  # fmt: skip
@click.option("--documents", is_flag=True, help="Whole documents instead of sentences.")
@click.option("--count", type=click.IntRange(1), default=10, help="How many; default: 10.")
@json_option
@click.pass_obj
def next_(session: Session, by: str, documents: bool, count: int, as_json: bool) -> int:
    """The unfinished sentences that teach engines most: document, number and text.

    The exit code is 1 where an engine fails; the others are asked all the same.
    """
    import msgspec

    from annotator.workflow.engine_events import Broken
    from annotator.workflow.what_next import WhatNext

    store = session.open()
    annotator = store.annotator(session.annotator, create=True)
    asking = WhatNext(store, session.project, annotator.id, cast(Any, by))
    code = ExitCode.DONE
    for event in asking.events():
        if isinstance(event, Broken):
            _say(output.ProgressLine(), event, f"failed, and is left out: {event.reason}")
            code = ExitCode.REPORTED
    found = asking.documents(count) if documents else asking.sentences(count)
    if as_json:
        output.data_lines(_json([msgspec.to_builtins(row) for row in found]))
        return code
    for row in found:
        doubt = f"{row.doubt:.2f}  " if by == "doubt" else ""
        output.data(f"{doubt}{row.document} {_what_of(row)}")
    return code


def _what_of(row: Next | NextDocument) -> str:
    from annotator.workflow.what_next import Next

    if isinstance(row, Next):
        return f"{row.number}  {' '.join(row.text.split())}"
    return f" {output.counted(row.open, 'sentence')} not done"


@command.command("on")
@click.argument("engine")
@click.option("--layer", metavar="NAME", help="For this layer only.")
@click.pass_obj
def on(session: Session, engine: str, layer: str | None) -> None:
    """Switch an engine on, for the project."""
    _switch(session, engine, layer, "on")


@command.command("off")
@click.argument("engine")
@click.option("--layer", metavar="NAME", help="For this layer only.")
@click.pass_obj
def off(session: Session, engine: str, layer: str | None) -> None:
    """Switch an engine off, for the project."""
    _switch(session, engine, layer, "off")


def _switch(session: Session, engine: str, layer: str | None, value: str) -> None:
    from annotator.workflow.engine_choice import switch

    switch(session.open(), engine, layer, value)
    output.say(f"{engine} is {value}{'' if layer is None else f' for {layer}'}.")


def _follow(events: Iterable[Event | Placed], as_json: bool) -> int:
    """Tell what engines do, as they do it."""
    telling = _Telling()
    for event in events:
        telling.tell(event)
    telling.sum_up()
    if as_json:
        output.data_lines(_json(telling.rows))
    return ExitCode.REPORTED if telling.failed else ExitCode.DONE


class _Telling:
    """What is said of engines at work: each thing once, and sums at the end."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self.failed = False
        self._line = output.ProgressLine()
        self._hints: dict[str, None] = {}
        self._without: dict[tuple[str, str], int] = {}
        self._placed = [0, 0, 0, 0]

    def tell(self, event: Event | Placed) -> None:
        """Say what happened."""
        from annotator.workflow.engine_events import Began, Broken, Learned, NotLearned
        from annotator.workflow.suggesting import Placed

        match event:
            case Began():
                self._line.tell(f"{event.engine} {event.layer} …")
                return
            case Learned():
                told = output.counted(event.sentences, "finished sentence")
                how = f"learned in {event.seconds:.1f} s" if event.seconds else "learned before"
                _say(self._line, event, f"{told}, {how}" if event.sentences else "ready")
            case NotLearned():
                key = (event.engine, event.layer)
                self._without[key] = self._without.get(key, -1) + 1
                if self._without[key] == 0:
                    self._hints[event.hint] = None
                    _say(self._line, event, event.reason)
            case Broken():
                self.failed = True
                _say(self._line, event, f"failed, and is left out: {event.reason}")
            case Placed():
                parts = (1, event.made, event.gone, event.open)
                self._placed = [a + b for a, b in zip(self._placed, parts, strict=True)]
            case _:
                return
        self.rows.append(_row(event))

    def sum_up(self) -> None:
        """Say what was said less than it happened, and how much came of it."""
        self._line.clear()
        for (engine, layer), more in self._without.items():
            if more:
                besides = output.counted(more, "document")
                output.say(f"{engine} {layer}: nothing to go by in {besides} besides")
        for hint in filter(None, self._hints):
            output.say(hint)
        documents, made, gone, open_ = self._placed
        if documents:
            output.say(
                f"{output.counted(documents, 'document')}: {output.counted(open_, 'suggestion')}"
                f" open, {made:,} of them new; {gone:,} gone"
            )


def _say(line: output.ProgressLine, event: Any, text: str) -> None:
    line.clear()
    output.say(f"{f'{event.engine} {event.layer}'.strip()}: {text}")


def _row(event: Event | Placed) -> dict[str, Any]:
    import msgspec

    row: dict[str, Any] = msgspec.to_builtins(event)
    row["event"] = row.pop("type", "Placed").lower()
    return row


def _json(rows: list[Any]) -> str:
    import json

    return json.dumps(rows, indent=2, ensure_ascii=False)


def _status_row(row: EngineStatus) -> dict[str, Any]:
    import msgspec

    found: dict[str, Any] = msgspec.to_builtins(row)
    found["advice"] = row.advice
    return found


def _tell_status(rows: list[EngineStatus]) -> None:
    head = ("engine", "layer", "", "trained on", "open", "accepted", "corrected", "rejected")
    output.table(
        [
            head,
            *(
                (
                    *(row.engine, row.layer, row.state),
                    "" if row.trained is None else f"{row.trained:,}",
                    *(f"{n:,}" for n in (row.open, row.accepted, row.corrected, row.rejected)),
                )
                for row in rows
            ),
        ],
        right=(3, 4, 5, 6, 7),
    )
    told: set[str] = set()
    for row in rows:
        if row.quality is not None:
            _tell_quality(row, row.quality)
        elif row.note and row.note not in told:
            told.add(row.note)
            alike = (r for r in rows if r.note == row.note and r.quality is None)
            names = ", ".join(f"{r.engine} {r.layer}".strip() for r in alike)
            output.data("")
            output.data(f"{names}: {row.note}")
        if row.advice:
            output.data(f"  advice: {row.advice}")


def _tell_quality(row: EngineStatus, quality: Quality) -> None:
    output.data("")
    taught, asked = (
        output.counted(n, "finished sentence") for n in (quality.taught, quality.asked)
    )
    how = f"taught {taught}, asked {quality.asked:,} others" if quality.taught else f"asked {asked}"
    how += f", {quality.gold:,} of them gold" if quality.gold else ""
    output.data(f"{row.engine} {row.layer}: {how}")
    cells: list[tuple[str, ...]] = [("  label", "precision", "recall", "F1", "annotations")]
    for found in (*quality.labels, quality.all):
        figures = (f"{figure:.2f}" for figure in (found.precision, found.recall, found.f1))
        cells.append((f"  {found.label or 'all'}", *figures, f"{found.right + found.missed:,}"))
    output.table(cells, right=(1, 2, 3, 4))
    steps = "  ".join(
        f"{_BARS[min(7, int(f1 * 8))]} {f1:.2f} at {count:,}" for count, f1 in quality.curve
    )
    if steps:
        output.data(f"  learning curve (F1): {steps}")
