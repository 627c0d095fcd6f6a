"""What the screen must have shown of a state of the project, for comparing it with what it did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from past import read_log, states

from annotator.core.annotation import (
    Actor,
    DocumentMark,
    Record,
    Relation,
    SentenceMark,
    Span,
    Suggestion,
    UnitLabel,
)
from annotator.core.document import Document, Sentence
from annotator.core.edits import Change
from annotator.core.schema import Schema
from annotator.core.sentence_list import SentenceList
from annotator.core.settings import setting
from annotator.store.base import Annotations
from annotator.store.sqlite.project import open_project
from annotator.tui.document_layout import DocumentLayout
from annotator.tui.painting import Overlay
from annotator.tui.window import Place
from annotator.workflow.annotate import AnnotateSession

R = TypeVar("R", bound=Record)
_PLAIN_GLYPHS = str.maketrans("┗━┛┅╹┃╚═╝╍║╌┆", "╰─╯┄╵│╰─╯┄╵─╵")
"""Focus, what is next and other suggestions are drawn alike; the ``?`` still tells these."""


def plain(row: str) -> str:
    """A row without what tells focus, cursor and next, and without white space at its end."""
    return row.translate(_PLAIN_GLYPHS).rstrip()


class Picture(NamedTuple):
    """A whole document as the screen shows it, however long; and the counts of the status line."""

    rows: tuple[str, ...]
    sentences: int
    done: int

    def shows(self, rows: Iterable[str]) -> bool:
        """Whether these rows of a screen are a part of the picture, or all of it and no more."""
        seen = [plain(row) for row in rows]
        height = len(seen)
        for top in range(max(1, len(self.rows) - height + 1)):
            part = list(self.rows[top : top + height])
            if part + [""] * (height - len(part)) == seen:
                return True
        return False


class Past:
    """A document's past as its project tells it now. ``steps`` is the log."""

    def __init__(self, path: Path, document: str, annotator: str) -> None:
        self.steps = read_log(path)
        self.states = list(states(self.steps))
        with open_project(path) as store:
            self.schema = store.schema()
            self.document = store.document(store.find_document(document))
            self.annotator = store.annotator(annotator)
            self.position = store.position(self.document.id, self.annotator.id)
            cut = store.sentences(self.document.id)
        logged = {id for state in self.states for id in state}
        self.untouched = [sentence for sentence in cut if sentence.id not in logged]

    def __len__(self) -> int:
        """How many edits there are; states are numbered from 0 to this."""
        return len(self.steps)

    def pictures(self, start: int, columns: int) -> list[Picture]:
        """The pictures after ``start`` edits and after each one since.

        They are made as the program made them, from what it read at the start and then edit by
        edit: the numbers of claims and sources in the lanes come from the order.
        """
        moment = _Moment(self, start)
        session = moment.session()
        layout = DocumentLayout(session)
        layout.width = columns
        made = []
        for number in range(start, len(self) + 1):
            if number > start:
                moment.number = number
                changes = tuple(Change(*pair) for pair in self.steps[number - 1].changes)
                session.take_in(changes)
            made.append(Picture(tuple(_rows(layout)), len(session.sentences), session.done_count))
        return made

    def sentence_at_position(self) -> int:
        """The sentence, from 1, in which the stored position lies now."""
        return _Moment(self, len(self)).session().reader.ordinal + 1


def _rows(layout: DocumentLayout) -> Iterator[str]:
    for ordinal in range(layout.sentence_count()):
        for line in range(layout.line_count(ordinal)):
            for sub in range(layout.rows_of(ordinal, line)):
                row = layout.row(Place(ordinal, line, sub), Overlay())
                text = row.line.text if sub == 0 else row.lane.text if row.lane else ""
                yield plain(row.gutter + text)


class _Moment:
    """What a session reads of a store, as it was after ``number`` edits."""

    def __init__(self, past: Past, number: int) -> None:
        self._past = past
        self.number = number

    def session(self) -> AnnotateSession:
        store: Any = self
        return AnnotateSession(store, self._past.document.id, self._past.annotator, "")

    def _of(self, kind: type[R]) -> tuple[R, ...]:
        held = self._past.states[self.number].values()
        return tuple(record for record in held if isinstance(record, kind))

    def schema(self) -> Schema:
        return self._past.schema

    def check_schema(self) -> None:
        """It is the same at every moment."""

    def document(self, _: str) -> Document:
        return self._past.document

    def last_edit(self, _: str) -> int:
        return 0

    def moment(self) -> int:
        return 0

    def setting(self, name: str) -> str:
        return setting(name).values[0]

    def position(self, *_: str) -> int:
        return self._past.position

    def actors(self) -> list[Actor]:
        return list(self._of(Actor))

    def sentences(self, document: str) -> SentenceList:
        return SentenceList.of(document, [*self._past.untouched, *self._of(Sentence)])

    def annotations(self, *_: str) -> Annotations:
        return Annotations(
            *(self._of(Span), self._of(Relation), self._of(UnitLabel), self._of(Suggestion)),
            *(self._of(Actor), self._of(SentenceMark)),
            next(iter(self._of(DocumentMark)), None),
        )
