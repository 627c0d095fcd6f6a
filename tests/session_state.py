"""Sessions to annotate in, and the one check that what they hold in memory is what is stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from annotator.core.annotation import Span
from annotator.core.document import Document, Sentence, content_hash
from annotator.core.edits import content
from annotator.core.ids import new_id
from annotator.core.sentences import SEGMENTER, SEGMENTER_VERSION, sentences
from annotator.store.base import NewDocument, Store
from annotator.store.sqlite.project import create_project
from annotator.store.sqlite.store import SqliteStore
from annotator.workflow.annotate import AnnotateSession

ARTICLE = (
    "Talal Sillo, a spokesman for the SDF, said on Monday the operation had begun.\n\n"
    "“We saw it,” he said. Nobody else in Raqqa did.\n"
)


def new_document(name: str, text: str) -> NewDocument:
    """A document cut by our own rules."""
    id = new_id()
    cut = tuple(Sentence(new_id(), id, *range_) for range_ in sentences(text))
    data = text.encode("utf-8", "surrogatepass")
    document = Document(id, name, text, content_hash(data + id.encode()))
    return NewDocument(document, cut, SEGMENTER, SEGMENTER_VERSION)


def project(path: Path, schema_source: str, texts: Mapping[str, str]) -> SqliteStore:
    """A new project holding these texts by name."""
    store = create_project(path, schema_source)
    for name, text in texts.items():
        store.add_document(new_document(name, text))
    return store


def session_at(store: Store, document: str, annotator: str = "alice") -> AnnotateSession:
    """A person sitting down at a document (name or id)."""
    who = store.annotator(annotator, create=True)
    id = store.find_document(document)
    return AnnotateSession(store, id, who, store.start_session(who.id))


def at(session: AnnotateSession, words: str) -> None:
    """Put the cursor on the first occurrence of these words."""
    session.reader.clear()
    session.moved()
    session.reader.move_to(session.document.text.index(words))


def selected(session: AnnotateSession, words: str) -> None:
    """Select the first occurrence of these words."""
    start = session.document.text.index(words)
    session.moved()
    assert session.reader.select(start, start + len(words))


def state(session: AnnotateSession) -> dict[str, Any]:
    """All that was made, revision numbers aside: what an undo has to bring back."""
    held = session.annotations
    groups = (held.spans, held.relations, held.unit_labels, held.suggestions)
    made = {id: content(record) for group in groups for id, record in group.items()}
    marks = {id: mark.done for id, mark in session.marks.items() if mark.done}
    mark = session.document_mark
    cut = [(s.id, s.start, s.end) for s in session.sentences]
    done = mark is not None and mark.status == "done"
    return {"made": made, "marks": marks, "done": done, "cut": cut}


def assert_saved(session: AnnotateSession) -> AnnotateSession:
    """Memory is what a fresh load gives, to the last revision; gives the fresh session."""
    fresh = AnnotateSession(session.store, session.document.id, session.annotator, session.session)
    held, stored = session.annotations, fresh.annotations
    assert held.spans == stored.spans
    assert held.relations == stored.relations
    assert held.unit_labels == stored.unit_labels
    assert held.suggestions == stored.suggestions
    shown = [{s.id for s in made.suggested.shown()} for made in (held, stored)]
    assert shown[0] == shown[1]
    assert stored.actors.items() <= held.actors.items()
    assert session.marks == fresh.marks
    assert session.document_mark == fresh.document_mark
    assert session.done_count == fresh.done_count
    assert session.sentences == fresh.sentences
    end = len(session.document.text)
    assert held.spans_in(0, end) == stored.spans_in(0, end)
    for id in stored.spans:
        assert held.relations_of(id) == stored.relations_of(id)
    _assert_reader_is_sound(session)
    return fresh


def _assert_reader_is_sound(session: AnnotateSession) -> None:
    reader = session.reader
    assert reader.sentences == session.sentences
    if not session.sentences:
        assert (reader.ordinal, tuple(reader.cursor)) == (-1, (0, 0))
        return
    assert reader.cursor in reader.tokens_of(reader.ordinal)
    selection = reader.selection
    if selection is not None:
        assert 0 <= selection.start < selection.end <= len(reader.text)


def stored_rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """What somebody else reads in the file, through a connection that may only read."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def press(session: AnnotateSession, key: str) -> str:
    """The label of a key, given where things stand; memory is as stored afterwards."""
    said = session.spans.label(*session.schema.keys()[key])
    assert_saved(session)
    return said


def label(session: AnnotateSession, words: str, key: str) -> Span:
    """A new span on these words; it has the focus."""
    selected(session, words)
    press(session, key)
    focus = session.focus
    assert focus is not None
    assert focus.text == words
    return focus


def tie(session: AnnotateSession, a: Span, b: Span) -> None:
    session.choose(session.annotations.span(a.id))
    other = session.annotations.span(b.id)
    session.ties.tie(other, session.ties.ways(other)[0])
    assert_saved(session)


def tied(session: AnnotateSession) -> tuple[Span, Span, Span]:
    claim = label(session, "the operation had begun", "c")
    source = label(session, "Talal Sillo", "s")
    cue = label(session, "said", "q")
    tie(session, source, claim)
    tie(session, claim, cue)
    return claim, source, cue


UNITS = """
name = "units"
version = 1

[layer.worth]
title = "worth"
scope = "sentence"
[layer.worth.labels.CHECK]
key = "1"
[layer.worth.labels.MINOR]
key = "2"
[layer.worth.attributes.topic]
title = "topic"
multi = true
labels = ["CHECK"]
[layer.worth.attributes.topic.values.money]
[layer.worth.attributes.topic.values.law]
[layer.worth.attributes.why]
title = "why"
labels = ["MINOR"]
default = "dull"
[layer.worth.attributes.why.values.dull]

[layer.genre]
title = "genre"
scope = "document"
[layer.genre.labels.REPORT]
key = "3"
[layer.genre.labels.OPINION]
key = "4"
"""
