"""A project of any size for the benchmark: a hundred thousand documents and a million edits.

Edits are written by plain SQL, which takes a minute instead of hours; every row is as the store
would have written it, and the doctor finds nothing wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from annotator.core.annotation import Span
from annotator.core.document import Document, Sentence, content_hash
from annotator.core.edits import encode_record
from annotator.core.ids import new_id
from annotator.core.sentences import SEGMENTER, SEGMENTER_VERSION, sentences
from annotator.store.base import NewDocument
from annotator.store.sqlite.project import create_project
from annotator.store.sqlite.store import SqliteStore

ANNOTATOR = "bench"
FIRST = "d0.txt"
"""The document that has a tenth of all edits."""

_TIME = "2026-01-01T00:00:00.000Z"
_SCHEMA = Path(__file__).resolve().parent.parent / "schemas" / "news.toml"
_EDIT = (
    "INSERT INTO edit (id, session_id, annotator_id, document_id, time, verb, undoable,"
    " previous_id) VALUES (?, ?, ?, ?, ?, ?, 1, ?)"
)
_CHANGE = (
    "INSERT INTO change (edit_id, position, kind, record_id, before, after)"
    " VALUES (?, 0, 'span', ?, ?, ?)"
)
_AT_ONCE = 5_000


def make_large(path: Path, documents: int, edits: int) -> None:
    """A project with so many documents of three sentences; a tenth of the edits is on the first."""
    with create_project(path, _SCHEMA.read_text("utf-8")) as store:
        annotator = store.annotator(ANNOTATOR, create=True).id
        session = store.start_session(annotator)
        raw = store._db.raw
        raw.execute("PRAGMA synchronous = OFF")
        raw.execute("PRAGMA cache_size = -400000")
        with store.transaction():
            ids = [_add_document(store, number) for number in range(documents)]
            for document, count in _shares(ids, edits):
                _add_edits(store, document, annotator, session, count)


def _shares(ids: list[str], edits: int) -> Iterator[tuple[str, int]]:
    """Each document and how many edits are on it."""
    yield ids[0], edits // 10
    others = ids[1:]
    for number, id in enumerate(others):
        rest = edits - edits // 10
        yield id, rest * (number + 1) // len(others) - rest * number // len(others)


def _add_document(store: SqliteStore, number: int) -> str:
    text = (
        f"Overture {number}: Mara Venn said on Monday the road to Kessel was open again."
        " “We saw it,” Tomas Okri told reporters. Nobody else was there.\n"
    )
    id = new_id()
    cut = tuple(Sentence(new_id(), id, *place) for place in sentences(text))
    document = Document(id, f"d{number}.txt", text, content_hash(text.encode()))
    store.add_document(NewDocument(document, cut, SEGMENTER, SEGMENTER_VERSION))
    return id


def _add_edits(store: SqliteStore, document: str, annotator: str, session: str, count: int) -> None:
    """A label on the first word and its removal, again and again; nothing is left of them."""
    raw = store._db.raw
    top: str | None = None
    edits: list[tuple[object, ...]] = []
    changes: list[tuple[object, ...]] = []
    made = ""
    for number in range(count // 2 * 2):
        id = new_id()
        is_label = number % 2 == 0
        if is_label:
            labelled = new_id()
            span = Span(*(labelled, document, annotator, "entity", "PERSON", ((0, 8),), "Overture"))
            made = encode_record(span)
        verb = "label" if is_label else "delete"
        edits.append((id, session, annotator, document, _TIME, verb, top))
        changes.append((id, labelled, None if is_label else made, made if is_label else None))
        top = id
        if len(edits) >= _AT_ONCE:
            raw.executemany(_EDIT, edits)
            raw.executemany(_CHANGE, changes)
            edits, changes = [], []
    raw.executemany(_EDIT, edits)
    raw.executemany(_CHANGE, changes)
    if top is not None:
        raw.execute("INSERT INTO history VALUES (?, ?, ?, NULL)", (document, annotator, top))
