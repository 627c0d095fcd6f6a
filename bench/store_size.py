"""What size costs: the same things done in a small project and in a large one."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from annotator.store.sqlite.project import open_project
from annotator.store.sqlite.store import SqliteStore
from annotator.workflow.annotate import AnnotateSession
from bench.large_project import ANNOTATOR, FIRST, make_large
from bench.pty_driver import Terminal

_ROOT = Path(__file__).resolve().parent.parent
SMALL = (300, 1000)
"""Documents and edits of the project that others are compared with: enough to fill a list."""
_FIRST_WORDS = "Overture 0"


class Visit:
    """One visit to a project, each of whose steps is timed; what they took, by name, in ms."""

    def __init__(self, path: Path) -> None:
        self.took: dict[str, float] = {}
        self._path = path

    def _step(self, name: str, action: Callable[[], object]) -> None:
        start, cpu = time.perf_counter(), time.process_time()
        action()
        self.took[name] = (time.perf_counter() - start) * 1000
        self.took[f"{name}, CPU"] = (time.process_time() - cpu) * 1000

    def all(self, *, picture: bool) -> dict[str, float]:
        """Opening, a few keys, and with ``picture`` the program's first picture."""
        if picture:
            self._first_picture()
        self._step("open", self._open)
        with self._store as store:
            session = self._session
            here, who = session.document.id, session.annotator.id
            claim = session.schema.keys()["c"]
            self._step("label", lambda: session.spans.label(*claim))
            self._step("undo", session.undo)
            self._step("redo", session.redo)
            session.undo()
            self._step("next document", lambda: store.neighbour(here, 1))
            self._step("go to", lambda: store.documents_near(here, who, "", 200))
            self._step("go to, 2 letters", lambda: store.documents_near(here, who, "d1", 200))
            self._step("newest 50 edits", lambda: list(store.edits(here, limit=50)))
        return self.took

    def _open(self) -> None:
        """All that the screen does before it can be painted."""
        self._store: SqliteStore = open_project(self._path)
        who = self._store.annotator(ANNOTATOR)
        document = self._store.last_document(who.id) or self._store.find_document(FIRST)
        session = self._store.start_session(who.id)
        self._session = AnnotateSession(self._store, document, who, session, near_cursor_first=True)

    def _first_picture(self) -> None:
        arguments = ["-p", str(self._path), "-a", ANNOTATOR, "annotate", FIRST]
        environment = {**os.environ, "PYTHONPATH": str(_ROOT), "TERM": "xterm-256color"}
        terminal = Terminal(
            [sys.executable, "-m", "annotator.cli.main", *arguments], env=environment
        )
        try:
            self.took["first picture"] = terminal.wait_for(_FIRST_WORDS, quiet=0.1).text
        finally:
            terminal.close(b"\x11")


def compare_sizes(folder: Path, documents: int, edits: int, rounds: int) -> str:
    """The table: medians of so many visits to each project, in turns, and their ratio.

    Every third visit takes the first picture as well. Who is visited first changes each time, so
    that what the visit before leaves to the disk burdens both alike.
    """
    small, large = folder / "small.db", folder / "large.db"
    for path, *size in ((small, *SMALL), (large, documents, edits)):
        if not path.exists():
            make_large(path, *size)
    os.sync()
    found: dict[Path, dict[str, list[float]]] = {small: {}, large: {}}
    for number in range(rounds + 1):
        for path in (small, large) if number % 2 else (large, small):
            took = Visit(path).all(picture=number % 3 == 1)
            # The first round reads files and programs into memory.
            for name, ms in took.items() if number else ():
                found[path].setdefault(name, []).append(ms)
    lines = [
        f"| step | {SMALL[0]:,} documents, {SMALL[1]:,} edits: ms"
        f" | {documents:,} documents, {edits:,} edits: ms | ratio |",
        "|---|---|---|---|",
    ]
    for name in found[small]:
        a, b = (median(found[path][name]) for path in (small, large))
        lines.append(f"| {name} | {a:.2f} | {b:.2f} | {b / a:.2f} |")
    return "\n".join(lines)
