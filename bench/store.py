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
from bench.store_work import RawWriter, Recorder, Worker, timed

EDITS = 1000
PROCESSES = 8
DOCUMENTS, HISTORY = 100_000, 1_000_000
VISITS = 9
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


def work(kind: str, path: str, edits: int, *rest: str) -> tuple[list[float], float]:
    """What one process does, once its standard input is closed.

    Gives the seconds of each edit, and the seconds of CPU that all of them took.
    """
    if kind == "raw":
        writer = RawWriter(Path(path), pickle.loads(Path(rest[0]).read_bytes()))
        sys.stdin.read()
        return timed(edits, writer.step)
    with open_project(Path(path)) as store:
        worker = Worker(store, *rest)
        sys.stdin.read()
        return timed(edits, lambda _: worker.step())


class Figures:
    """The edits of some processes on one file."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.elapsed = 0.0
        self._cpu = 0.0

    def run(self, path: Path, edits: int, commands: Sequence[Sequence[str]]) -> None:
        """Start the processes, let them go at once, and take in what each of them measured."""
        started = [
            subprocess.Popen(
                [sys.executable, __file__, "work", kind, str(path), str(edits), *rest],
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


def compare(folder: Path, processes: int, edits: int, rounds: int) -> str:
    """The rows of the table for so many processes, ours and raw in turns."""
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
            figures.run(path, edits, commands)
    with open_project(folder / "ours-0.db") as store:
        logged = sum(1 for _ in store.edits())
    assert logged == processes * edits, "not every edit is in the log"
    lines = [
        f"| {processes} | {name} | {f.rate:,.0f} | {f.at(0.5):.2f} | {f.at(0.99):.2f} |"
        f" {f.cpu:.2f} |"
        for name, f in (("ours", ours), ("raw", raw))
    ]
    ratios = (
        *(raw.rate / ours.rate, ours.at(0.5) / raw.at(0.5), ours.at(0.99) / raw.at(0.99)),
        ours.cpu / raw.cpu,
    )
    cells = " | ".join(f"{ratio:.2f}" for ratio in ratios)
    return "\n".join([*lines, f"| {processes} | ours / raw | {cells} |"])


def main() -> None:
    """Both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    parser.add_argument("--folder", type=Path, help="where to work; a real disk, not memory")
    parser.add_argument("--edits", type=int, help=f"per process; default {EDITS}")
    arguments = parser.parse_args()
    edits = arguments.edits or (EDITS // 10 if arguments.quick else EDITS)
    print("| processes | | edits/s (slower by) | p50 ms | p99 ms | CPU ms |")
    print("|---|---|---|---|---|---|")
    for processes in (1, PROCESSES):
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            print(compare(Path(folder), processes, edits, 1 if arguments.quick else ROUNDS))
    size = (DOCUMENTS // 10, HISTORY // 10) if arguments.quick else (DOCUMENTS, HISTORY)
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        print(f"\n{compare_sizes(Path(folder), *size, VISITS)}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["work"]:
        kind, path, edits, *rest = sys.argv[2:]
        print(json.dumps(work(kind, path, int(edits), *rest)))
    else:
        main()
