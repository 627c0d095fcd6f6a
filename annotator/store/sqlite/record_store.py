"""Reading and writing single records, details and all. Runs inside the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from annotator.core.annotation import (
    Actor,
    Argument,
    AttributeValues,
    Conflict,
    DocumentMark,
    Fragments,
    Record,
    Relation,
    SentenceMark,
    Span,
    Suggestion,
    UnitLabel,
)
from annotator.core.document import Sentence
from annotator.store.sqlite import record_rows as rows
from annotator.store.sqlite.connection import Connection

_DETAILS: Final[dict[type, tuple[str, ...]]] = {
    Span: (
        "DELETE FROM fragment WHERE span_id = ?",
        "DELETE FROM attribute WHERE span_id = ?",
    ),
    Relation: (
        "DELETE FROM argument WHERE relation_id = ?",
        "DELETE FROM attribute WHERE relation_id = ?",
    ),
    UnitLabel: ("DELETE FROM attribute WHERE unit_label_id = ?",),
    Actor: (
        "DELETE FROM actor_alias WHERE actor_id = ?",
        "DELETE FROM actor_link WHERE actor_id = ?",
    ),
}
_ARGUMENT: Final = (
    "INSERT INTO argument (relation_id, position, role, span_id, relation_argument_id, actor_id)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
_INSERT: Final = {type_: table.insert for type_, table in rows.TABLE_OF.items()}
_DELETE: Final = {type_: table.delete for type_, table in rows.TABLE_OF.items()}
_SELECT: Final = {type_: table.select for type_, table in rows.TABLE_OF.items()}


class RecordStore:
    """The records of one project, one at a time."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._readers: dict[type, Callable[[tuple[Any, ...]], Record]] = {
            Span: self._span,
            Relation: self._relation,
            UnitLabel: self._unit_label,
            Actor: self._actor,
            Sentence: lambda row: Sentence(*row),
            SentenceMark: rows.sentence_mark_of,
            DocumentMark: lambda row: DocumentMark(*row),
            Suggestion: lambda row: rows.suggestion_of((*row[:3], *row[12:])),
            Conflict: rows.conflict_of,
        }

    def load(self, like: Record) -> Record | None:
        """The record as it is stored, found by the kind and id of ``like``."""
        return self.find(type(like), like.id)

    def load_all(self, likes: Iterable[Record]) -> dict[tuple[type, str], Record]:
        """Those of the records that are stored, as they are, by kind and id; few queries."""
        wanted: dict[type, list[str]] = {}
        for record in likes:
            wanted.setdefault(type(record), []).append(record.id)
        found: dict[tuple[type, str], Record] = {}
        for type_, ids in wanted.items():
            if len(ids) == 1:
                rows_ = self._db.rows(_SELECT[type_], ids)
            else:
                rows_ = self._db.rows(rows.TABLE_OF[type_].select_many, (json.dumps(ids),))
            for row in rows_:
                found[type_, row[0]] = self._readers[type_](row)
        return found

    def find(self, type_: type, id: str) -> Record | None:
        """The record of that kind (``Span`` …) and id as it is stored."""
        row = self._db.row(_SELECT[type_], (id,))
        return None if row is None else self._readers[type_](row)

    def insert(self, record: Record) -> None:
        """Add a record."""
        self._db.write(_INSERT[type(record)], rows.table_of(record).row(record))
        self._insert_details(record)

    def replace(self, before: Record, after: Record) -> None:
        """Put ``after`` in place of the record of its id, which is stored as ``before``."""
        statement, values = rows.table_of(after).update(before, after)
        self._db.write(statement, values)
        if _details(before) != _details(after):
            self._delete_details(before)
            self._insert_details(after)

    def delete(self, record: Record) -> None:
        """Take the record away, with whatever belongs to its id."""
        self._delete_details(record)
        self._db.write(_DELETE[type(record)], (record.id,))

    def _delete_details(self, record: Record) -> None:
        for statement in _DETAILS.get(type(record), ()):
            self._db.write(statement, (record.id,))

    def _insert_details(self, record: Record) -> None:
        if isinstance(record, Span):
            self._db.write_many(
                'INSERT INTO fragment (span_id, position, start, "end") VALUES (?, ?, ?, ?)',
                [(record.id, i, start, end) for i, (start, end) in enumerate(record.fragments)],
            )
        elif isinstance(record, Relation):
            self._db.write_many(_ARGUMENT, _argument_rows(record))
        elif isinstance(record, Actor):
            self._insert_actor_details(record)
        if isinstance(record, Span | Relation | UnitLabel) and record.attributes:
            owner = rows.table_of(record).kind
            self._db.write_many(
                f"INSERT INTO attribute ({owner}_id, position, name, value_position, value,"
                " uncertain) VALUES (?, ?, ?, ?, ?, ?)",
                _attribute_rows(record),
            )

    def _insert_actor_details(self, actor: Actor) -> None:
        self._db.write_many(
            "INSERT INTO actor_alias (actor_id, position, alias) VALUES (?, ?, ?)",
            [(actor.id, i, alias) for i, alias in enumerate(actor.aliases)],
        )
        self._db.write_many(
            "INSERT INTO actor_link (actor_id, position, scheme, value) VALUES (?, ?, ?, ?)",
            [(actor.id, i, *link) for i, link in enumerate(actor.links)],
        )

    def _span(self, row: tuple[Any, ...]) -> Span:
        id, start, end, pieces, attributes = row[0], row[5], row[6], row[7], row[10]
        fragments: Fragments = ((start, end),)
        if pieces > 1:
            found = self._db.rows(
                'SELECT start, "end" FROM fragment WHERE span_id = ? ORDER BY position', (id,)
            )
            fragments = tuple((a, b) for a, b in found)
        return rows.span_of(row, fragments, self._attributes("span", id) if attributes else ())

    def _relation(self, row: tuple[Any, ...]) -> Relation:
        id, document, annotator, type_, note, flagged, engine, version, score, revision = row
        arguments = self._db.rows(
            "SELECT role, span_id, relation_argument_id, actor_id FROM argument"
            " WHERE relation_id = ? ORDER BY position",
            (id,),
        )
        return Relation(
            *(id, document, annotator, type_, tuple(argument_of(a) for a in arguments)),
            *(self._attributes("relation", id), note, bool(flagged)),
            *(rows.origin(engine, version, score), revision),
        )

    def _unit_label(self, row: tuple[Any, ...]) -> UnitLabel:
        id, document, annotator, layer, label, sentence, *made = row
        note, flagged, engine, version, score, revision = made
        return UnitLabel(
            *(id, document, annotator, layer, label, sentence),
            *(self._attributes("unit_label", id), note, bool(flagged)),
            *(rows.origin(engine, version, score), revision),
        )

    def _actor(self, row: tuple[Any, ...]) -> Actor:
        id, name, kind, note, revision = row
        aliases = self._db.rows(
            "SELECT alias FROM actor_alias WHERE actor_id = ? ORDER BY position", (id,)
        )
        links = self._db.rows(
            "SELECT scheme, value FROM actor_link WHERE actor_id = ? ORDER BY position", (id,)
        )
        return Actor(
            id,
            name,
            kind,
            tuple(a for (a,) in aliases),
            tuple((s, v) for s, v in links),
            note,
            revision,
        )

    def _attributes(self, owner: str, id: str) -> tuple[AttributeValues, ...]:
        found = self._db.rows(
            f"SELECT {owner}_id, position, name, value_position, value, uncertain FROM attribute"
            f" WHERE {owner}_id = ?",
            (id,),
        )
        return rows.attribute_values(found).get(id, ())


def _details(record: Record) -> tuple[object, ...]:
    """What of the record lies in rows of their own."""
    match record:
        case Span():
            return (record.fragments, record.attributes)
        case Relation():
            return (record.arguments, record.attributes)
        case UnitLabel():
            return record.attributes
        case Actor():
            return (record.aliases, record.links)
    return ()


def argument_of(row: tuple[str, str | None, str | None, str | None]) -> Argument:
    """The argument of a row (role, span, relation, actor), of whose last three one is set."""
    role, span, relation, actor = row
    if span is not None:
        return Argument(role, "span", span)
    if relation is not None:
        return Argument(role, "relation", relation)
    return Argument(role, "actor", actor or "")


def _argument_rows(relation: Relation) -> Iterator[tuple[object, ...]]:
    for position, argument in enumerate(relation.arguments):
        targets = (argument.target if argument.kind == k else None for k in _TARGETS)
        yield (relation.id, position, argument.role, *targets)


_TARGETS: Final = ("span", "relation", "actor")


def _attribute_rows(record: Span | Relation | UnitLabel) -> Iterator[tuple[object, ...]]:
    for position, attribute in enumerate(record.attributes):
        for i, value in enumerate(attribute.values or (None,)):
            yield (record.id, position, attribute.name, i, value, attribute.uncertain)
