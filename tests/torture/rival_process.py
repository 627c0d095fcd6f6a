"""One of several processes that edit the same project at once: PATH NAME EDITS SEED.

Half of its edits are its own annotations in one document. The others count up, in a note, on spans
of another document that all processes share: each reads the number, adds one, and writes it. Where
somebody else was faster the store says so, and the count is tried again. Prints, as JSON, how many
counts came through and how many were refused, how many edits were written, and the ids of its own
annotations at the end.
"""

from __future__ import annotations

import json
import random
import re
import sys
from pathlib import Path

from msgspec.structs import replace

from annotator.core.annotation import Span
from annotator.core.edits import Change, create, delete, update
from annotator.core.ids import new_id
from annotator.errors import StaleError
from annotator.store.sqlite.project import open_project
from annotator.store.sqlite.store import SqliteStore

OWN, SHARED = "own.txt", "shared.txt"
COUNTER = "counter"
"""The annotator whose spans everybody counts on."""


class Rival:
    """One process at the project."""

    def __init__(self, store: SqliteStore, name: str, rng: random.Random) -> None:
        self._store = store
        self._rng = rng
        self._own, self._shared = store.find_document(OWN), store.find_document(SHARED)
        self._text = store.document(self._own).text
        self._words = [match.span() for match in re.finditer(r"\w+", self._text)]
        self._me = store.annotator(name, create=True).id
        self._counter = store.annotator(COUNTER).id
        self._session = store.start_session(self._me)
        self.spans: list[Span] = []
        self.counted = self.refused = self.written = 0

    def edit(self) -> None:
        """One edit that comes through, or an undo and its redo."""
        choice = self._rng.random()
        if choice < 0.5:
            self._count()
        elif choice < 0.7 and self.spans:
            self._undo_and_redo()
        elif choice < 0.8 and self.spans:
            self._apply(self._own, "delete", delete(self.spans.pop()))
        else:
            self._label()

    def _label(self) -> None:
        """A claim from one word's first letter to another's last, where there is none yet."""
        taken = {span.fragments for span in self.spans}
        while True:
            first, last = sorted(self._rng.choices(self._words, k=2))
            place = ((first[0], last[1]),)
            if place not in taken:
                break
        text = self._text[first[0] : last[1]]
        span = Span(new_id(), self._own, self._me, "claim", "CLAIM", place, text)
        self._apply(self._own, "label", create(span))
        self.spans.append(span)

    def _apply(self, document: str, verb: str, change: Change) -> None:
        self._store.apply(self._session, document, verb, (change,))
        self.written += 1

    def _count(self) -> None:
        while True:
            span = self._rng.choice(self._store.annotations(self._shared, self._counter).spans)
            counted = replace(span, note=str(int(span.note or 0) + 1))
            try:
                self._apply(self._shared, "count", update(span, counted))
            except StaleError:
                self.refused += 1
            else:
                self.counted += 1
                return

    def _undo_and_redo(self) -> None:
        undone = self._store.undo(self._session, self._own)
        redone = self._store.redo(self._session, self._own)
        assert undone is not None
        assert redone is not None
        self.written += 2
        record = redone.changes[0].after
        self.spans = [record if record and s.id == record.id else s for s in self.spans]  # type: ignore[misc]


def main(path: str, name: str, edits: int, seed: int) -> None:
    with open_project(Path(path)) as store:
        rival = Rival(store, name, random.Random(seed))
        for _ in range(edits):
            rival.edit()
    told = {
        "counted": rival.counted,
        "refused": rival.refused,
        "written": rival.written,
        "spans": sorted(span.id for span in rival.spans),
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
