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
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from threading import Event, Thread

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from annotator.workflow.engine_events import Began, Learned, Proposed, Task
from annotator.workflow.engine_process import EngineProcess
from bench.news_text import LABELS, NewsText, news_text
from bench.pty_driver import Sample, Terminal
from bench.screen import OURS, Programs, Step
from bench.screen_project import ANNOTATOR, DOCUMENT, Size, Workbench
from bench.screen_report import Summary, summarise, table

ALONE, BESIDE = "alone", "learning"
GOALS = {"move": 8.0, "label": 10.0}
"""Milliseconds that the 99th percentile may take."""
_LESSONS = "lessons.txt"
_PAIRS = 10
"""Moves to and fro, and labels taken back, that one program gets before it is the other's turn."""


class Beside:
    """The random field and what it proposes, over and over, in a process such as the screen has.

    It stands still between ``pause`` and ``go_on``.
    """

    def __init__(self, project: Path) -> None:
        from annotator.store.sqlite.project import open_project

        store = open_project(project)
        annotator, document = store.annotator(ANNOTATOR).id, store.find_document(DOCUMENT)
        store.close()
        self._task = Task(
            project=str(project), annotator=annotator, engines=("crf",), anew=True,
            documents=(document,), near={document: 0},
        )  # fmt: skip
        self._process = EngineProcess(self._task)
        self._over = Event()
        self._going = Event()
        self._at_work = Event()
        self._thread = Thread(target=self._work, daemon=True)
        self.models = self.seconds = self.proposals = 0.0

    def go_on(self) -> None:
        """Begin, or take up again, and wait until an engine is at work."""
        self._going.set()
        self._signal(signal.SIGCONT)
        if not self._thread.is_alive():
            self._thread.start()
        self._at_work.wait(60)

    def pause(self) -> None:
        """Have the process stand still."""
        self._going.clear()
        self._signal(signal.SIGSTOP)

    def _signal(self, number: int) -> None:
        if self._process.pid is not None:
            os.kill(self._process.pid, number)

    def stop(self) -> None:
        """End."""
        self._over.set()
        self._going.set()
        self._process.stop()
        self._thread.join()

    @property
    def is_at_work(self) -> bool:
        """Whether an engine is."""
        return self._at_work.is_set()

    def _work(self) -> None:
        while not self._over.is_set():
            for event in self._process.events():
                if isinstance(event, Began) and event.layer:
                    self._at_work.set()
                elif isinstance(event, Learned):
                    self.models += 1
                    self.seconds += event.seconds
                elif isinstance(event, Proposed):
                    self.proposals += len(event.proposals)
            self._at_work.clear()
            self._going.wait()
            if not self._over.is_set():
                self._process = EngineProcess(self._task)


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


def block(number: int) -> Iterator[Step]:
    """Moves to and fro, labels that are taken back, and the places between them."""
    yield from (("move", key) for _ in range(_PAIRS) for key in ("right", "left"))
    for n in range(_PAIRS):
        yield "label", "1"
        yield "undo", "u"
        yield None, "left" if (number + n) % 20 >= 10 else "right"


def press(
    terminal: Terminal, number: int, beside: Beside | None, found: dict[str, list[Sample]]
) -> None:
    """One block; of keys while engines were not at work nothing is kept where they should be."""
    pauses = Random(number)
    # Sentences are finished and a moment is quiet: the screen begins to learn by itself as well.
    for _ in range(3):
        terminal.send(terminal.key(" "), patience=0.3)
    terminal.send(terminal.key("right"), quiet=0.6)
    for name, key in block(number):
        was_at_work = beside is None or beside.is_at_work
        sample = terminal.send(terminal.key(key), pauses.uniform(0.03, 0.04), 1.0 if name else 0.3)
        is_at_work = beside is None or beside.is_at_work
        if name is not None and was_at_work and is_at_work:
            found[name].append(sample)


def measure(folder: Path, size: Size, lessons: int, rounds: int) -> list[str]:
    """The report: a table, the goals, and what engines did meanwhile."""
    bench, programs = Workbench(folder), Programs(OURS, folder)
    terminals: dict[str, Terminal] = {}
    found: dict[str, dict[str, list[Sample]]] = {
        ALONE: defaultdict(list),
        BESIDE: defaultdict(list),
    }
    projects: dict[str, Path] = {}
    try:
        for name in found:
            files = bench.files(size)
            projects[name] = Path(files["project"])
            add_lessons(projects[name], news_text(lessons, 2 * lessons, seed=2))
            _switch_learning(projects[name], "off" if name == ALONE else "on")
            terminals[name], _ = programs.start("ours", files, (120, 40))
            terminals[name].idle(1.0)
        beside = Beside(projects[BESIDE])
        gc.collect()
        gc.disable()
        for number in range(rounds + 1):
            print(f"  round {number} of {rounds}", file=sys.stderr)
            kept = found if number else {ALONE: defaultdict(list), BESIDE: defaultdict(list)}
            press(terminals[ALONE], number, None, kept[ALONE])
            beside.go_on()
            press(terminals[BESIDE], number, beside, kept[BESIDE])
            beside.pause()
        beside.stop()
    finally:
        gc.enable()
        for terminal in terminals.values():
            terminal.close(terminal.key("ctrl+q"))
    figures = {
        action: [summarise(found[name][action]) for name in (ALONE, BESIDE)]
        for action in ("move", "label", "undo")
    }
    return [
        table(_HEAD, (_row(action, *both) for action, both in figures.items())),
        "",
        *(_verdict(action, figures[action][1]) for action in GOALS),
        f"- meanwhile {beside.models:.0f} models were learned ({beside.seconds:.0f} s) and"
        f" {beside.proposals:.0f}"
        " annotations proposed beside the screen, and the screen asked for its own",
        f"- {len(os.sched_getaffinity(0))} cores; load {os.getloadavg()[0]:.1f}",
    ]


def _switch_learning(project: Path, value: str) -> None:
    from annotator.store.sqlite.project import open_project

    store = open_project(project)
    store.set_setting("learning", value)
    store.close()


_HEAD = (
    "action", "alone p50 / p95 / p99, ms", "undisturbed p50 / p99 (n)",
    "while engines learn", "undisturbed", "n",
)  # fmt: skip


def _row(action: str, alone: Summary | None, beside: Summary | None) -> Sequence[str]:
    def calm(summary: Summary | None) -> str:
        if summary is None or summary.calm is None:
            return "too few"
        return "{:.2f} / {:.2f} ({})".format(*summary.calm, summary.undisturbed)

    counts = "/".join(str(summary.samples if summary else 0) for summary in (alone, beside))
    return action, str(alone or ""), calm(alone), str(beside or ""), calm(beside), counts


def _verdict(action: str, beside: Summary | None) -> str:
    goal = GOALS[action]
    if beside is None:
        return f"- {action} p99 ≤ {goal:.0f} ms: nothing measured"
    met = "met" if beside.p99 <= goal else "MISSED"
    return f"- {action} p99 ≤ {goal:.0f} ms while engines learn: {met}, {beside.p99:.2f}"


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure keys while engines learn.")
    parser.add_argument("--rounds", type=int, default=20, help="of 50 keys each (default 20)")
    parser.add_argument("--size", default="5000:5000", help="SENTENCES:ANNOTATIONS on the screen")
    parser.add_argument("--lessons", type=int, default=3000, help="finished sentences")
    parser.add_argument("--folder", type=Path, help="where the projects are made; a real disk")
    options = parser.parse_args(argv)
    size = Size(*map(int, options.size.split(":")))
    with tempfile.TemporaryDirectory(prefix="annotator-bench-", dir=options.folder) as name:
        print("\n".join(measure(Path(name), size, options.lessons, options.rounds)))


if __name__ == "__main__":
    main()
