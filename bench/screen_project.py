"""Prepares what the screen benchmark opens: a project, made by its store, and the peer's file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.awkward_news import awkward_labels, awkward_schema, awkward_text
from bench.curses_peer import make_database
from bench.news_text import LABELS, NAME, NewsText, news_text

if TYPE_CHECKING:
    from annotator.core.edits import Change
    from annotator.store.base import Store

ANNOTATOR = "bench"
DOCUMENT = "bench.txt"
_OTHERS = 50
"""Documents besides, so that the list has something to show."""
_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Size:
    """How big a document is: its sentences and the annotations on it, and whether it is awkward."""

    sentences: int
    annotations: int
    awkward: bool = False

    def __str__(self) -> str:
        return f"{self.sentences:,} / {self.annotations:,}{' awkward' if self.awkward else ''}"


class Workbench:
    """A folder with one master of each file per size; every run of a program gets its own copy."""

    def __init__(self, folder: Path, with_project: bool = True) -> None:
        self._folder = folder
        self.with_project = with_project
        self._copies = 0

    def files(self, size: Size) -> dict[str, str]:
        """Fresh copies by name: ``project`` (annotator), ``peer`` (curses) and plain ``text``."""
        master = self._folder / f"{size.sentences}-{size.annotations}-{size.awkward}"
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
        make = awkward_text if size.awkward else news_text
        news = make(size.sentences, size.annotations)
        (folder / DOCUMENT).write_text(news.text, encoding="utf-8")
        make_database(folder / "peer.db", news)
        if self.with_project and size.awkward:
            make_project(folder / "annotations.db", news, awkward_schema(), awkward_labels()[1:])
        elif self.with_project:
            make_project(folder / "annotations.db", news)


def make_project(
    path: Path, news: NewsText, schema: str = "", names: Sequence[str] = ("LOCATION",)
) -> None:
    """A project with this document, annotated by ``ANNOTATOR``, and fifty short ones behind it.

    ``schema`` (a schema file's text; the news schema where it is empty) has the layers entity, with
    the labels ``names`` that names get in turn, claim and source.
    """
    from annotator.store.sqlite.project import create_project

    # No PERSON (key 1) among the spans, so that a press of that key always has something to write.
    schema = schema or (_ROOT / "schemas" / "news.toml").read_text(encoding="utf-8")
    store = create_project(path, schema)
    annotator = store.annotator(ANNOTATOR, create=True)
    session = store.start_session(annotator.id)
    with store.transaction():
        id = _add(store, DOCUMENT, news)
        changes = _annotations(news, id, annotator.id, names)
        for at in range(0, len(changes), 1000):
            store.apply(session, id, "import", tuple(changes[at : at + 1000]), undoable=False)
        for number in range(_OTHERS):
            _add(store, f"other-{number}.txt", news_text(3, 0, seed=number))
    store.close()


def _add(store: Store, name: str, news: NewsText) -> str:
    from annotator.core.document import Document, Sentence, content_hash
    from annotator.core.ids import new_id
    from annotator.store.base import NewDocument

    id = new_id()
    document = Document(id, name, news.text, content_hash(news.text.encode()))
    cut = tuple(Sentence(new_id(), id, start, end) for start, end in news.sentences)
    store.add_document(NewDocument(document, cut, "bench", "1"))
    return id


def _annotations(
    news: NewsText, document: str, annotator: str, names: Sequence[str]
) -> list[Change]:
    from annotator.core.annotation import Argument, Relation, Span
    from annotator.core.edits import create
    from annotator.core.ids import new_id

    spans: list[Span] = []
    for number, (a, b, kind) in enumerate(news.spans):
        layer, label = LABELS[kind]
        if kind == NAME:
            label = names[number % len(names)]
        place = (((a, b),), news.text[a:b])
        spans.append(Span(new_id(), document, annotator, layer, label, *place))
    ties = []
    for claim, source in news.relations:
        ends = (("claim", spans[claim]), ("source", spans[source]))
        arguments = tuple(Argument(role, "span", span.id) for role, span in ends)
        ties.append(Relation(new_id(), document, annotator, "attribution", arguments))
    return [*map(create, spans), *map(create, ties)]


def edits_made(path: str) -> int:
    """How many edits the project's log holds beside those that prepared it."""
    from annotator.store.sqlite.project import open_project

    store = open_project(Path(path))
    try:
        return sum(edit.verb != "import" for edit in store.edits())
    finally:
        store.close()
