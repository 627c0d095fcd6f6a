"""Prepares what the screen benchmark opens: a project, made by its store, and the peer's file."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from bench.curses_peer import make_database
from bench.news_text import NewsText, news_text

ANNOTATOR = "bench"
DOCUMENT = "bench.txt"


@dataclass(frozen=True)
class Size:
    """How big a document is: its sentences and the annotations on it."""

    sentences: int
    annotations: int

    def __str__(self) -> str:
        return f"{self.sentences:,} / {self.annotations:,}"


class Workbench:
    """A folder with one master of each file per size; every run of a program gets its own copy."""

    def __init__(self, folder: Path, with_project: bool = True) -> None:
        self._folder = folder
        self.with_project = with_project
        self._copies = 0

    def files(self, size: Size) -> dict[str, str]:
        """Fresh copies by name: ``project`` (annotator), ``peer`` (curses) and plain ``text``."""
        master = self._folder / f"{size.sentences}-{size.annotations}"
        if not master.exists():
            master.mkdir()
            self._make(master, size)
        self._copies += 1
        copy = self._folder / f"run-{self._copies}"
        shutil.copytree(master, copy)
        # Or the first commit of the program would wait for the whole copy to reach the disk.
        os.sync()
        names = {"project": "annotations.db", "peer": "peer.db", "text": DOCUMENT}
        return {kind: str(copy / name) for kind, name in names.items()}

    def _make(self, folder: Path, size: Size) -> None:
        news = news_text(size.sentences, size.annotations)
        (folder / DOCUMENT).write_text(news.text, encoding="utf-8")
        make_database(folder / "peer.db", news.text, news.sentences, news.spans)
        if self.with_project:
            make_project(folder / "annotations.db", news)


def make_project(path: Path, news: NewsText) -> None:
    """A project in the news schema with one document, annotated by ``ANNOTATOR``."""
    from annotator.core.annotation import Span
    from annotator.core.document import Document, Sentence, content_hash
    from annotator.core.edits import create
    from annotator.core.ids import new_id
    from annotator.store.base import NewDocument
    from annotator.store.sqlite.project import create_project

    schema = Path(__file__).resolve().parent.parent / "schemas" / "news.toml"
    store = create_project(path, schema.read_text(encoding="utf-8"))
    id = new_id()
    document = Document(id, DOCUMENT, news.text, content_hash(news.text.encode()))
    cut = tuple(Sentence(new_id(), id, start, end) for start, end in news.sentences)
    annotator = store.annotator(ANNOTATOR, create=True)
    session = store.start_session(annotator.id)
    # No PERSON (key 1) among the spans, so that a press of that key always has something to write.
    labels = (("entity", "LOCATION"), ("claim", "CLAIM"))
    changes = [
        create(Span(new_id(), id, annotator.id, *labels[k], ((a, b),), news.text[a:b]))
        for a, b, k in news.spans
    ]
    with store.transaction():
        store.add_document(NewDocument(document, cut, "bench", "1"))
        for at in range(0, len(changes), 1000):
            part = tuple(changes[at : at + 1000])
            store.apply(session, id, "import", part, undoable=False)
    store.close()


def edits_made(path: str) -> int:
    """How many edits the project's log holds beside those that prepared it."""
    from annotator.store.sqlite.project import open_project

    store = open_project(Path(path))
    try:
        return sum(edit.verb != "import" for edit in store.edits())
    finally:
        store.close()
