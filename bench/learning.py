"""Measures keys on the screen while engines learn and propose beside it, next to the same without.

Run it as ``python bench/learning.py``; see bench/README.md for what is measured and how.
"""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.news_text import LABELS, NewsText, news_text
from bench.pty_driver import Sample, Terminal
from bench.screen import OURS, Programs, Step
from bench.screen_project import ANNOTATOR, Size, Workbench
from bench.screen_report import Summary, summarise, table

ALONE, BUSY, BESIDE = "alone", "a busy loop beside", "engines learn beside"
GOALS = {"move": 8.0, "label": 10.0}
"""Milliseconds that the 99th percentile may take."""
_LESSONS = "lessons.txt"
_PAIRS = 20
"""Moves to and fro, and labels taken back, in a block of quick keys."""
_SLOW_PAIRS = 6
"""The same in a block of slow keys, between which the screen takes in what engines propose."""
_PATIENCE = 20.0
"""Seconds for engines to begin in."""
_BUSY_BESIDE = Path(__file__).resolve().parent / "busy_beside.py"

Found = dict[str, list[Sample]]
"""Samples by action."""


@dataclass
class Work:
    """What engines did while keys were pressed."""

    times: int = 0
    seconds: float = 0.0
    cpu: float = 0.0


@dataclass
class Subject:
    """The program in one surrounding, and what was measured there."""

    terminal: Terminal
    project: Path
    found: Found = field(default_factory=lambda: defaultdict(list))
    blocks: int = 0


class Beside:
    """The process that a program has started beside itself, if it has one by now."""

    def __init__(self, program: int) -> None:
        self._program = str(program)

    @property
    def pid(self) -> int | None:
        """Its id."""
        for file in Path("/proc").glob("[0-9]*/stat"):
            try:
                state, parent = file.read_text(encoding="ascii").rpartition(")")[2].split()[:2]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == self._program and state != "Z":
                return int(file.parent.name)
        return None


def cpu_beside(program: int) -> float:
    """Seconds that processes which a program has started, and seen end, computed."""
    fields = Path(f"/proc/{program}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[13:15])) / os.sysconf("SC_CLK_TCK")


def add_lessons(project: Path, news: NewsText) -> None:
    """A second document, of which all is done."""
    from annotator.core.annotation import DocumentMark, Span
    from annotator.core.document import Document, Sentence, content_hash
    from annotator.core.edits import create
    from annotator.core.ids import new_id
    from annotator.store.base import NewDocument
    from annotator.store.sqlite.project import open_project

    store, id = open_project(project), new_id()
    annotator = store.annotator(ANNOTATOR)
    session = store.start_session(annotator.id)
    document = Document(id, _LESSONS, news.text, content_hash(news.text.encode()))
    cut = tuple(Sentence(new_id(), id, start, end) for start, end in news.sentences)
    made = [
        create(Span(new_id(), id, annotator.id, *LABELS[k], ((a, b),), news.text[a:b]))
        for a, b, k in news.spans
    ]
    done = DocumentMark(f"{id}:{annotator.id}", id, annotator.id, "done")
    with store.transaction():
        store.add_document(NewDocument(document, cut, "bench", "1"))
        for at in range(0, len(made), 1000):
            store.apply(session, id, "import", tuple(made[at : at + 1000]), undoable=False)
        store.apply(session, id, "import", (create(done),), undoable=False)
    store.close()


def forget(project: Path) -> None:
    """Spoil what the random field has learned, so that it is learned anew."""
    from msgspec.structs import replace

    from annotator.store.sqlite.project import open_project

    store = open_project(project)
    annotator = store.annotator(ANNOTATOR).id
    for layer, _ in LABELS:
        kept = store.model(annotator, "crf", layer)
        if kept is not None:
            store.save_model(annotator, replace(kept, data=b""))
    store.close()


def quick_keys(number: int) -> Iterator[Step]:
    """Moves to and fro, labels that are taken back, and the places between them."""
    yield from (("move", key) for _ in range(_PAIRS) for key in ("right", "left"))
    for n in range(_PAIRS):
        yield "label", "1"
        yield "undo", "u"
        yield None, "left" if (number + n) % 20 >= 10 else "right"


def slow_keys() -> Iterator[Step]:
    """The same, as they come from somebody who reads."""
    for _ in range(_SLOW_PAIRS):
        yield from (("slow label", "1"), ("undo", "u"), ("slow move", "right"))


def press(subject: Subject, pauses: Random) -> None:
    """A block of keys, the slow ones 0.15 to 0.6 s apart."""
    terminal = subject.terminal
    for name, key in quick_keys(subject.blocks):
        pause = pauses.uniform(0.03, 0.04)
        sample = terminal.send(terminal.key(key), pause, 1.0 if name else 0.3)
        if name is not None:
            subject.found[name].append(sample)
    press_slowly(subject, pauses)
    subject.blocks += 1


def press_slowly(subject: Subject, pauses: Random) -> None:
    """The slow keys of a block alone."""
    terminal = subject.terminal
    for name, key in slow_keys():
        terminal.rest(pauses.uniform(0.15, 0.6))
        sample = terminal.send(terminal.key(key))
        if name is not None:
            subject.found[name].append(sample)


def set_to_work(subject: Subject, lessons: int) -> int:
    """Finish sentences, and wait until engines learn of them; gives their process (id)."""
    terminal, beside = subject.terminal, Beside(subject.terminal.pid)
    forget(subject.project)
    for _ in range(max(3, lessons // 200) + 1):
        terminal.send(terminal.key(" "), patience=0.3)
    begun = monotonic()
    while (pid := beside.pid) is None:
        if monotonic() - begun > _PATIENCE:
            sys.exit("The engines did not begin: there is nothing to measure.")
        terminal.rest(0.05)
    return pid


def turns(subjects: Mapping[str, Subject], lessons: int, work: Work, pauses: Random) -> None:
    """Blocks of keys for each program, from when engines begin until what they propose is there.

    Whatever is beside a program stands still while another has its turn.
    """
    taught = subjects[BESIDE]
    pid = set_to_work(taught, lessons)
    beside, loop = Beside(taught.terminal.pid), Beside(subjects[BUSY].terminal.pid).pid
    before = cpu_beside(taught.terminal.pid)
    while beside.pid == pid:
        begun = monotonic()
        press(taught, pauses)
        work.seconds += monotonic() - begun
        _signal(pid, signal.SIGSTOP)
        press(subjects[ALONE], pauses)
        _signal(loop, signal.SIGCONT)
        press(subjects[BUSY], pauses)
        _signal(loop, signal.SIGSTOP)
        _signal(pid, signal.SIGCONT)
    work.times += 1
    press_slowly(taught, pauses)
    while beside.pid is not None:
        taught.terminal.rest(0.2)
    work.cpu += cpu_beside(taught.terminal.pid) - before
    taught.terminal.rest(1.0)


def _signal(pid: int | None, number: signal.Signals) -> None:
    if pid is not None:
        with suppress(ProcessLookupError):  # it has ended meanwhile
            os.kill(pid, number)


def begin(folder: Path, size: Size, lessons: int) -> dict[str, Subject]:
    """The programs, each with a project of its own."""
    bench = Workbench(folder)
    subjects: dict[str, Subject] = {}
    try:
        for name in (ALONE, BUSY, BESIDE):
            files = bench.files(size)
            project = Path(files["project"])
            add_lessons(project, news_text(lessons, 2 * lessons, seed=2))
            _switch_learning(project, "on" if name == BESIDE else "off")
            ours = f"{{python}} {_BUSY_BESIDE} {OURS}" if name == BUSY else OURS
            terminal, _ = Programs(ours, folder).start("ours", files, (120, 40))
            subjects[name] = Subject(terminal, project)
            if name == BUSY:
                _signal(Beside(terminal.pid).pid, signal.SIGSTOP)
            terminal.idle(1.0)
    except BaseException:
        end(subjects)
        raise
    return subjects


def end(subjects: Mapping[str, Subject]) -> None:
    """Close the programs; what is beside them ends with them."""
    for subject in subjects.values():
        _signal(Beside(subject.terminal.pid).pid, signal.SIGCONT)
        subject.terminal.close(subject.terminal.key("ctrl+q"))


def measure(folder: Path, size: Size, lessons: int, rounds: int) -> list[str]:
    """The report: a table, the goals, and what engines did meanwhile."""
    subjects, work, pauses = begin(folder, size, lessons), Work(), Random(7)
    try:
        gc.collect()
        gc.disable()
        for number in range(rounds + 1):
            print(f"  round {number} of {rounds}", file=sys.stderr)
            if number == 1:
                work = Work()
                for subject in subjects.values():
                    subject.found.clear()
            turns(subjects, lessons, work, pauses)
    finally:
        gc.enable()
        end(subjects)
    return report({name: subject.found for name, subject in subjects.items()}, work)


def report(found: Mapping[str, Found], work: Work) -> list[str]:
    """Tables in Markdown, and the goals."""
    actions = ("move", "slow move", "label", "slow label", "undo")
    rows = {action: [summarise(found[name][action]) for name in found] for action in actions}
    goal = {action: GOALS[action.removeprefix("slow ")] for action in actions[:4]}
    over = [
        (f"{action}, over {most:.0f} ms", *(_over(found[name][action], most) for name in found))
        for action, most in goal.items()
    ]
    return [
        table(("p50 / p95 / p99, ms", *found), (_row(action, row) for action, row in rows.items())),
        "",
        table(("undisturbed p50 / p99 (n)", *found), (_calm(a, row) for a, row in rows.items())),
        "",
        table(("CPU per key, median ms", *found), (_cpu(a, row) for a, row in rows.items())),
        "",
        table(("keys (of them disturbed) of all", *found), over),
        "",
        *(_verdict(action, most, rows[action][-1]) for action, most in goal.items()),
        f"- engines worked {work.times} times, beside keys for {work.seconds:.0f} s; they had a"
        f" core for {work.cpu:.0f} s",
        f"- {len(os.sched_getaffinity(0))} cores; load {os.getloadavg()[0]:.1f}",
    ]


def _switch_learning(project: Path, value: str) -> None:
    from annotator.store.sqlite.project import open_project

    store = open_project(project)
    store.set_setting("learning", value)
    store.close()


def _row(action: str, figures: Sequence[Summary | None]) -> Sequence[str]:
    return action, *(f"{figure or ''}" for figure in figures)


def _calm(action: str, figures: Sequence[Summary | None]) -> Sequence[str]:
    def calm(figure: Summary | None) -> str:
        if figure is None or figure.calm is None:
            return "too few"
        return "{:.2f} / {:.2f} ({})".format(*figure.calm, figure.undisturbed)

    return action, *map(calm, figures)


def _cpu(action: str, figures: Sequence[Summary | None]) -> Sequence[str]:
    return action, *("" if figure is None else f"{figure.cpu:.2f}" for figure in figures)


def _over(samples: Sequence[Sample], most: float) -> str:
    over = [s for s in samples if s.latency is not None and s.latency > most]
    return f"{len(over)} ({sum(s.disturbed for s in over)}) of {len(samples)}"


def _verdict(action: str, most: float, beside: Summary | None) -> str:
    if beside is None:
        return f"- {action} p99 ≤ {most:.0f} ms: nothing measured"
    met = "met" if beside.p99 <= most else "MISSED"
    return f"- {action} p99 ≤ {most:.0f} ms while engines learn: {met}, {beside.p99:.2f}"


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure keys while engines learn.")
    parser.add_argument("--rounds", type=int, default=5, help="of learning (default 5)")
    parser.add_argument("--size", default="5000:5000", help="SENTENCES:ANNOTATIONS on the screen")
    parser.add_argument("--lessons", type=int, default=3000, help="finished sentences")
    parser.add_argument("--folder", type=Path, help="where the projects are made; a real disk")
    options = parser.parse_args(argv)
    size = Size(*map(int, options.size.split(":")))
    with tempfile.TemporaryDirectory(prefix="annotator-bench-", dir=options.folder) as name:
        print("\n".join(measure(Path(name), size, options.lessons, options.rounds)))


if __name__ == "__main__":
    main()
