"""How each kind of record lies in its table: one row, plus rows of detail.

``RECORD_TABLES`` maps a record's type to its main table. The main row's first column is the id and
is never updated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from msgspec import Struct

from annotator.core.annotation import (
    BY_HAND,
    Actor,
    AttributeValues,
    Conflict,
    DocumentMark,
    Fragments,
    Origin,
    Record,
    Relation,
    SentenceMark,
    Span,
    Suggestion,
    UnitLabel,
)
from annotator.core.document import Sentence
from annotator.core.edits import decode_record, encode_record
from annotator.errors import ProjectError
from annotator.store.sqlite.failures import RESTORE

_MADE: Final = ("note", "flagged", "engine", "engine_version", "score", "revision")


class RecordTable(Struct, frozen=True):
    """A kind of record: its name, its table's columns, and the row of one record."""

    kind: str
    columns: tuple[str, ...]
    row: Callable[[Any], tuple[Any, ...]]

    @property
    def insert(self) -> str:
        """The statement that adds a row."""
        marks = ", ".join("?" * len(self.columns))
        return f"INSERT INTO {self.kind} ({', '.join(self.columns)}) VALUES ({marks})"

    def update(self, before: Record, after: Record) -> tuple[str, tuple[Any, ...]]:
        """The statement that makes the row of ``before`` that of ``after``, and its values.

        Only what differs is set: SQLite writes every index anew that holds a column named here.
        """
        pairs = zip(self.columns, self.row(before), self.row(after), strict=True)
        changed = [(name, now) for name, then, now in pairs if now != then or name == "revision"]
        settings = ", ".join(f"{column} = ?" for column, _ in changed)
        values = (*(now for _, now in changed), after.id)
        return f"UPDATE {self.kind} SET {settings} WHERE id = ?", values

    @property
    def delete(self) -> str:
        """The statement that takes a row away, by id."""
        return f"DELETE FROM {self.kind} WHERE id = ?"

    @property
    def select(self) -> str:
        """The query for one row, by id."""
        return f"SELECT {', '.join(self.columns)} FROM {self.kind} WHERE id = ?"

    @property
    def select_many(self) -> str:
        """The query for several rows, by a JSON array of ids."""
        columns = ", ".join(f"{self.kind}.{column}" for column in self.columns)
        return (
            f"SELECT {columns} FROM json_each(?) AS wanted"
            f" CROSS JOIN {self.kind} ON {self.kind}.id = wanted.value"
        )


def _made(r: Span | Relation | UnitLabel) -> tuple[Any, ...]:
    origin = r.origin
    return (r.note, r.flagged, origin.engine, origin.version, origin.score, r.revision)


def _span(r: Span) -> tuple[Any, ...]:
    place = (r.start, r.end, len(r.fragments), r.text)
    owner = (r.id, r.document, r.annotator)
    return (*owner, r.layer, r.label, *place, r.actor, len(r.attributes), *_made(r))


def _suggestion(r: Suggestion) -> tuple[Any, ...]:
    p = r.proposed
    layer = None if isinstance(p, Relation) else p.layer
    label = p.type if isinstance(p, Relation) else p.label
    place = (p.start, p.end, p.text) if isinstance(p, Span) else (None, None, None)
    return (
        *(r.id, r.document, r.annotator, TABLE_OF[type(p)].kind, layer, label, *place),
        *(p.origin.engine, p.origin.version, p.origin.score),
        *(r.state, r.result, encode_record(p), r.revision),
    )


_OWNER: Final = ("id", "document_id", "annotator_id")

SPAN: Final = RecordTable(
    "span",
    (
        *(*_OWNER, "layer", "label", "start", '"end"', "pieces", "text"),
        *("actor_id", "attributes", *_MADE),
    ),
    _span,
)
RELATION: Final = RecordTable(
    "relation",
    (*_OWNER, "type", *_MADE),
    lambda r: (r.id, r.document, r.annotator, r.type, *_made(r)),
)
UNIT_LABEL: Final = RecordTable(
    "unit_label",
    (*_OWNER, "layer", "label", "sentence_id", *_MADE),
    lambda r: (r.id, r.document, r.annotator, r.layer, r.label, r.sentence, *_made(r)),
)
ACTOR: Final = RecordTable(
    "actor",
    ("id", "name", "kind", "note", "revision"),
    lambda r: (r.id, r.name, r.kind, r.note, r.revision),
)
SENTENCE: Final = RecordTable(
    "sentence",
    ("id", "document_id", "start", '"end"', "revision"),
    lambda r: (r.id, r.document, r.start, r.end, r.revision),
)
SENTENCE_MARK: Final = RecordTable(
    "sentence_mark",
    (*_OWNER, "sentence_id", "done", "revision"),
    lambda r: (r.id, r.document, r.annotator, r.sentence, r.done, r.revision),
)
DOCUMENT_MARK: Final = RecordTable(
    "document_mark",
    (*_OWNER, "status", "revision"),
    lambda r: (r.id, r.document, r.annotator, r.status, r.revision),
)
SUGGESTION: Final = RecordTable(
    "suggestion",
    (
        *(*_OWNER, "kind", "layer", "label", "start", '"end"', "text"),
        *("engine", "engine_version", "score", "state", "result", "proposed", "revision"),
    ),
    _suggestion,
)
CONFLICT: Final = RecordTable(
    "conflict",
    ("id", "document_id", "kind", "target_id", "edit_id", "other", "state", "revision"),
    lambda r: (
        *(r.id, r.document, r.kind, r.target, r.edit),
        *(None if r.other is None else encode_record(r.other), r.state, r.revision),
    ),
)

TABLE_OF: Final[dict[type, RecordTable]] = {
    Span: SPAN,
    Relation: RELATION,
    UnitLabel: UNIT_LABEL,
    Actor: ACTOR,
    Sentence: SENTENCE,
    SentenceMark: SENTENCE_MARK,
    DocumentMark: DOCUMENT_MARK,
    Suggestion: SUGGESTION,
    Conflict: CONFLICT,
}

TYPE_OF: Final = {table.kind: type_ for type_, table in TABLE_OF.items()}
"""The type of record by the name of its table."""


def table_of(record: Record) -> RecordTable:
    """The table for this record."""
    return TABLE_OF[type(record)]


def origin(engine: str | None, version: str | None, score: float | None) -> Origin:
    """Where an annotation comes from, sharing one value for all that was made by hand."""
    if engine is None and version is None and score is None:
        return BY_HAND
    return Origin(engine, version, score)


def attribute_values(rows: Iterable[tuple[Any, ...]]) -> dict[str, tuple[AttributeValues, ...]]:
    """Attributes by owner's id.

    The rows are (owner, position, name, value's position, value, uncertain), in any order.
    """
    grouped: dict[str, dict[int, tuple[str, list[str], bool]]] = {}
    for owner, position, name, _, value, uncertain in sorted(rows, key=lambda row: row[:4]):
        held = grouped.setdefault(owner, {}).setdefault(position, (name, [], bool(uncertain)))
        if value is not None:
            held[1].append(value)
    return {
        owner: tuple(AttributeValues(name, tuple(values), u) for name, values, u in held.values())
        for owner, held in grouped.items()
    }


def span_of(
    row: tuple[Any, ...], fragments: Fragments, attributes: tuple[AttributeValues, ...]
) -> Span:
    """The span of a row of SPAN's columns."""
    id, document, annotator, layer, label, _, _, _, text, actor, _, *made = row
    note, flagged, engine, version, score, revision = made
    come = origin(engine, version, score)
    return Span(
        *(id, document, annotator, layer, label, fragments, text, attributes, actor, note),
        *(bool(flagged), come, revision),
    )


def sentence_mark_of(row: tuple[Any, ...]) -> SentenceMark:
    """The mark of a row of SENTENCE_MARK's columns."""
    id, document, annotator, sentence, done, revision = row
    return SentenceMark(id, document, annotator, sentence, done == 1, revision)


def suggestion_of(row: tuple[Any, ...]) -> Suggestion:
    """The suggestion of a row (id, document, annotator, state, result, proposed, revision)."""
    id, document, annotator, state, result, proposed, revision = row
    record = decode_record(proposed)
    if not isinstance(record, Span | Relation | UnitLabel):
        raise ProjectError(f"Suggestion {id} proposes no annotation.", RESTORE)
    return Suggestion(id, document, annotator, record, state, result, revision)


def conflict_of(row: tuple[Any, ...]) -> Conflict:
    """The conflict of a row of CONFLICT's columns."""
    id, document, kind, target, edit, other, state, revision = row
    record = None if other is None else decode_record(other)
    if isinstance(record, Conflict) or kind not in TYPE_OF:
        raise ProjectError(f"Conflict {id} is about no record of a project.", RESTORE)
    return Conflict(id, document, kind, target, edit, record, state, revision)
