"""Measures the store: edits of several processes beside raw sqlite3, and the cost of size.

Run it as ``python bench/store.py [--quick]``; see bench/README.md for what is measured and how.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from annotator.store.sqlite.project import open_project
from bench.news_text import news_text
from bench.screen_project import make_project
from bench.store_size import compare_sizes
from bench.store_work import RawWriter, Recorder, Worker, timed, typing

EDITS = 1000
PROCESSES = 8
GAP = 0.04
"""Seconds between the edits of one of them, on average: faster than anybody types for long."""
DOCUMENTS, HISTORY = 100_000, 1_000_000
VISITS = 30
ROUNDS = 3
"""How often ours and raw take turns; the figures are of all rounds together."""


def prepare(folder: Path, workers: int) -> tuple[Path, list[tuple[str, str]], str]:
    """A project with a document and a session for each worker; gives (annotator, session) ids."""
    path = folder / "start.db"
    make_project(path, news_text(200, 0))
    with open_project(path) as store:
        document = store.find_document("bench.txt")
        people = [store.annotator(f"worker {n}", create=True).id for n in range(workers)]
        return path, [(who, store.start_session(who)) for who in people], document


def record(start: Path, people: Sequence[tuple[str, str]], document: str, edits: int) -> list[Path]:
    """The transactions of each worker, for the raw writers, each in a file of its own."""
    scratch = start.with_name("scratch.db")
    shutil.copy(start, scratch)
    files = []
    for number, (annotator, session) in enumerate(people):
        with open_project(scratch) as store:
            recorder = Recorder()
            worker = Worker(store, annotator, session, document)
            recorder.watch(store)
            for _ in range(edits):
                recorder.begin()
                worker.step()
        files.append(start.with_name(f"raw-{number}.pickle"))
        files[-1].write_bytes(pickle.dumps(recorder.transactions))
    return files


def work(kind: str, path: str, edits: int, gap: float, *rest: str) -> tuple[list[float], float]:
    """What one process does, once its standard input is closed.

    Gives the seconds of each edit, and the seconds of CPU that all of them took.
    """
    gaps = typing(rest[0], gap) if gap else None
    if kind == "raw":
        writer = RawWriter(Path(path), pickle.loads(Path(rest[0]).read_bytes()))
        sys.stdin.read()
        return timed(edits, writer.step, gaps)
    with open_project(Path(path)) as store:
        worker = Worker(store, *rest)
        sys.stdin.read()
        return timed(edits, lambda _: worker.step(), gaps)


class Figures:
    """The edits of some processes on one file."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.elapsed = 0.0
        self._cpu = 0.0

    def run(self, path: Path, edits: int, gap: float, commands: Sequence[Sequence[str]]) -> None:
        """Start the processes, let them go at once, and take in what each of them measured."""
        started = [
            subprocess.Popen(
                [sys.executable, __file__, "work", kind, str(path), str(edits), str(gap), *rest],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for kind, *rest in commands
        ]
        time.sleep(1.0)  # all of them have opened the file by then; nothing else depends on it
        before = time.perf_counter()
        for process in started:
            assert process.stdin is not None
            process.stdin.close()
            process.stdin = None
        for process in started:
            out, _ = process.communicate()
            if process.returncode:
                raise SystemExit(f"a {commands[0][0]} writer failed")
            seconds, cpu = json.loads(out)
            self.seconds += seconds
            self._cpu += cpu
        self.elapsed += time.perf_counter() - before

    @property
    def rate(self) -> float:
        """Edits a second, all processes together."""
        return len(self.seconds) / self.elapsed

    @property
    def cpu(self) -> float:
        """CPU of one edit, in ms."""
        return self._cpu / len(self.seconds) * 1000

    def at(self, share: float) -> float:
        """The latency that this share of the edits stays below, in ms."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def compare(folder: Path, processes: int, edits: int, gap: float, rounds: int) -> str:
    """The rows of the table for so many processes, ours and raw in turns.

    ``gap`` is the mean time between the edits of a process, in seconds; 0: back to back.
    """
    start, people, document = prepare(folder, processes)
    recorded = record(start, people, document, edits)
    ours, raw = Figures(), Figures()
    for number in range(rounds):
        for kind, figures in (("ours", ours), ("raw", raw)):
            path = folder / f"{kind}-{number}.db"
            shutil.copy(start, path)
            os.sync()
            commands = (
                [("ours", *person, document) for person in people]
                if kind == "ours"
                else [("raw", str(file)) for file in recorded]
            )
            figures.run(path, edits, gap, commands)
    with open_project(folder / "ours-0.db") as store:
        logged = sum(1 for _ in store.edits())
    assert logged == processes * edits, "not every edit is in the log"
    what = f"{processes}, {f'{gap * 1000:.0f} ms apart' if gap else 'back to back'}"
    rows = [(f.rate, f.at(0.5), f.at(0.99), f.at(1), f.cpu) for f in (ours, raw)]
    first, *others = zip(*rows, strict=True)
    ratios = (first[1] / first[0], *(a / b for a, b in others))
    shown = [("ours", rows[0]), ("raw", rows[1]), ("ours / raw", ratios)]
    return "\n".join(
        f"| {what} | {name} | {' | '.join(f'{n:,.2f}' for n in row)} |" for name, row in shown
    )


def main() -> None:
    """Both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    parser.add_argument("--folder", type=Path, help="where to work; a real disk, not memory")
    parser.add_argument("--edits", type=int, help=f"per process; default {EDITS}")
    parser.add_argument("--only", choices=("processes", "sizes"), help="one table instead of both")
    arguments = parser.parse_args()
    edits = arguments.edits or (EDITS // 10 if arguments.quick else EDITS)
    if arguments.only != "sizes":
        print("| processes | | edits/s (slower by) | p50 ms | p99 ms | longest ms | CPU ms |")
        print("|---|---|---|---|---|---|---|")
        for processes, gap in ((1, 0.0), (PROCESSES, 0.0), (PROCESSES, GAP)):
            with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
                rounds = 1 if arguments.quick else ROUNDS
                print(compare(Path(folder), processes, edits, gap, rounds), flush=True)
    if arguments.only != "processes":
        size = (DOCUMENTS // 10, HISTORY // 10) if arguments.quick else (DOCUMENTS, HISTORY)
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            print(f"\n{compare_sizes(Path(folder), *size, VISITS)}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["work"]:
        kind, path, edits, gap, *rest = sys.argv[2:]
        print(json.dumps(work(kind, path, int(edits), float(gap), *rest)))
    else:
        main()
