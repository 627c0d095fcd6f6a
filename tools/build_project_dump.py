"""A project with every kind of record in it, as SQL text: what migrations are tested with for good.

Writes ``tests/store/projects/format_N.sql`` for the format of this version, once, when the format
is released; the files are never made anew.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from itertools import count
from pathlib import Path

from msgspec.structs import replace

from annotator.core.annotation import (
    Actor,
    Argument,
    AttributeValues,
    DocumentMark,
    Origin,
    Relation,
    SentenceMark,
    Span,
    Suggestion,
    UnitLabel,
    mark_id,
    surface,
)
from annotator.core.document import Document, Sentence, content_hash
from annotator.core.edits import create, delete, update
from annotator.core.ids import IdSource
from annotator.core.learned_model import LearnedModel, checksum
from annotator.store.base import NewDocument
from annotator.store.sqlite.project import create_project

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "store" / "projects"
TEXT = "Ann says it rained.\r\n“It 👩‍👩‍👧 did,“ said Bob. Nobody else e\u0301 saw it.\n"
CUT = ((0, 19), (21, 45), (46, 67))
SCHEMA = """name = "small"
version = 1
[layer.thing]
title = "thing"
scope = "span"
overlap = "any"
[layer.thing.labels.A]
key = "1"
[layer.thing.labels.B]
key = "2"
[layer.thing.attributes.mode]
title = "mode"
multi = true
[layer.thing.attributes.mode.values.x]
[layer.thing.attributes.mode.values.y]
[layer.worth]
title = "worth"
scope = "sentence"
[layer.worth.labels.CHECK]
key = "3"
[layer.genre]
title = "genre"
scope = "document"
[layer.genre.labels.NEWS]
key = "4"
[relation.tie]
title = "tie"
[relation.tie.roles.one]
title = "one"
layers = ["thing"]
relations = ["tie"]
actors = true
"""


def build(path: Path) -> None:
    """Make the project at ``path``; the same bytes of content each time."""
    ticks = count(1_764_000_000)
    bits = count(1)
    ids = IdSource(lambda: float(next(ticks)), lambda size: next(bits) % (1 << size))
    store = create_project(path, SCHEMA, clock=lambda: float(next(ticks)), ids=ids)
    document = Document(ids(), "rain.txt", TEXT, content_hash(TEXT.encode()), meta={"ü": [1, None]})
    cut = tuple(Sentence(ids(), document.id, *place) for place in CUT)
    store.add_document(NewDocument(document, cut, "sentencex", "1"))
    alice, bob = (store.annotator(name, create=True).id for name in ("alice", "bob"))
    session, bobs = store.start_session(alice), store.start_session(bob)

    def span(*places: tuple[int, int], label: str = "A", annotator: str = alice) -> Span:
        words = surface(TEXT, places)
        return Span(ids(), document.id, annotator, "thing", label, places, words)

    who = Actor(ids(), "Ann", "person", ("A.", "Annie"), (("wikidata", "Q1"),), "a note")
    ann = replace(span((0, 3)), actor=who.id, note="sure?", flagged=True)
    parts = span((9, 11), (22, 24), label="B")
    parts = replace(parts, attributes=(AttributeValues("mode", ("x", "y"), True),))
    same, gone = span((0, 3)), span((51, 55))
    made = (who, ann, parts, same, gone)
    store.apply(session, document.id, "label", tuple(map(create, made)))
    pair = tuple(Argument("one", "span", s.id) for s in (ann, parts))
    tie = Relation(ids(), document.id, alice, "tie", (*pair, Argument("one", "actor", who.id)))
    store.apply(session, document.id, "tie", (create(tie),))
    above = Relation(
        *(ids(), document.id, alice, "tie"),
        (Argument("one", "relation", tie.id), Argument("one", "span", same.id)),
    )
    store.apply(session, document.id, "tie", (create(above),))
    store.apply(session, document.id, "delete", (delete(gone),))
    news = UnitLabel(ids(), document.id, alice, "genre", "NEWS")
    check = UnitLabel(ids(), document.id, alice, "worth", "CHECK", cut[1].id)
    marks = (
        SentenceMark(mark_id(cut[0].id, alice), document.id, alice, cut[0].id),
        DocumentMark(mark_id(document.id, alice), document.id, alice, "done"),
    )
    store.apply(session, document.id, "label", tuple(map(create, (news, check, *marks))))
    store.apply(session, document.id, "relabel", (update(same, replace(same, label="B")),))
    theirs = replace(span((26, 33), annotator=bob), origin=Origin("crf", "1.0", 0.5))
    store.apply(
        bobs, document.id, "suggest",
        (create(Suggestion(ids(), document.id, bob, theirs)),), undoable=False,
    )  # fmt: skip
    first = replace(cut[2], end=cut[2].end - 7)
    second = Sentence(ids(), document.id, cut[2].end - 7, cut[2].end)
    store.apply(bobs, document.id, "split", (update(cut[2], first), create(second)))
    for turn in (store.undo, store.undo, store.redo):
        turn(session, document.id)
    store.undo(bobs, document.id)
    store.save_position(document.id, alice, 9)
    learned = b"learned\x00\xff"
    store.save_model(
        alice,
        LearnedModel(
            engine="crf", layer="thing", version="1", fingerprint="f" * 64, sentences=1,
            checksum=checksum(learned), data=learned,
        ),
    )  # fmt: skip
    store.close()


def dump(path: Path) -> str:
    """All that a project's file holds, as SQL that makes it again."""
    raw = sqlite3.connect(path)
    numbers = [
        f"PRAGMA {name} = {raw.execute(f'PRAGMA {name}').fetchone()[0]};"
        for name in ("application_id", "user_version")
    ]
    lines = [*raw.iterdump(), *numbers]
    raw.close()
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the file, unless there is one."""
    from annotator.store.sqlite.file_format import FORMAT

    target = FOLDER / f"format_{FORMAT}.sql"
    if target.exists():
        sys.exit(f"{target} is there: released formats never change")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder) / "project.db")
        target.write_text(dump(Path(folder) / "project.db"), "utf-8")


if __name__ == "__main__":
    main()
