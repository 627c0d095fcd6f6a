"""Whether the file is sound: SQLite's own check, the tables of the format, the documents' texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Final

from annotator.errors import ProjectError, SchemaError
from annotator.store.sqlite.connection import Connection
from annotator.store.sqlite.failures import RESTORE
from annotator.store.upkeep import Fault, Finding

MEND: Final = "annotator doctor --repair"

_INDEX: Final = re.compile(
    r"row \d+ missing from index|wrong # of entries in index|non-unique entry in index"
    r"|rowid not at end-of-record"
)
_ROW: Final = re.compile(
    r"NULL value in|CHECK constraint failed in|(?:non-\w+|NUMERIC|TEXT) value in"
)
_LINES: Final = 100
"""Findings of SQLite's own check that are told."""

_OBJECTS: Final = (
    "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
    " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
)
_NEXT_TEXT: Final = (
    "SELECT number, id, name, length, sha256, text_sha256, encoding, text FROM document"
    " WHERE number > ? ORDER BY number LIMIT 1"
)
_NEXT_MODEL: Final = (
    "SELECT rowid, engine, layer, checksum, data FROM model WHERE rowid > ? ORDER BY rowid LIMIT 1"
)


def damage(db: Connection) -> Iterator[Fault]:
    """SQLite's own check of pages, indexes, types and constraints."""
    try:
        found = db.rows(f"PRAGMA integrity_check({_LINES})")
    except ProjectError as error:
        yield Fault(Finding(kind="damage", message=error.message, advice=RESTORE), fatal=True)
        return
    mend = _once(lambda: _reindex(db))
    lines = [line for (text,) in found for line in str(text).splitlines() if line != "ok"]
    for line in lines:
        if line.startswith("*** in database"):
            continue
        if _INDEX.match(line):
            advice = f"An index can be built anew: {MEND}."
            finding = Finding(kind="damage", message=f"SQLite says: {line}", advice=advice)
            yield Fault(finding, mend)
        else:
            finding = Finding(kind="damage", message=f"SQLite says: {line}", advice=RESTORE)
            yield Fault(finding, fatal=not _ROW.match(line))


def _once(action: Callable[[], str]) -> Callable[[], str]:
    """The action, carried out when first asked for: it mends all that it is asked for."""
    said: list[str] = []

    def act() -> str:
        if not said:
            said.append(action())
        return said[0]

    return act


def _reindex(db: Connection) -> str:
    with db.transaction():
        db.write("REINDEX")
    return "all indexes were built anew"


def tables(db: Connection) -> Iterator[Fault]:
    """The tables, indexes and views of the format, beside those of a new project."""
    wanted = _new_objects()
    there = {(type_, name): sql for type_, name, sql in db.rows(_OBJECTS)}
    for (type_, name), sql in wanted.items():
        found = there.get((type_, name))
        if found == sql:
            continue
        state = "is missing" if found is None else "is not as this version makes it"
        # Indexes and views hold nothing of their own.
        safe = type_ == "view" or (type_ == "index" and found is None)
        yield Fault(
            Finding(
                kind="format",
                message=f"the {type_} {name} {state}",
                advice=f"It can be made anew: {MEND}." if safe else RESTORE,
            ),
            _making(db, type_, name, sql) if safe else None,
        )
    for type_, name in there:
        if type_ == "trigger":
            yield Fault(
                Finding(
                    kind="format",
                    message=f"the trigger {name} is none of ours, and may change what is stored",
                    advice=f"Drop it in sqlite3, if you did not put it there: DROP TRIGGER {name};",
                )
            )


def _new_objects() -> dict[tuple[str, str], str]:
    """The statement of everything that a new project has, by type and name."""
    from sqlite_utils import Database

    from annotator.store.sqlite.migrations import MIGRATIONS

    fresh = Database(memory=True, execute_plugins=False)
    try:
        MIGRATIONS.apply(fresh)
        found = fresh.conn.execute(_OBJECTS).fetchall()
    finally:
        fresh.conn.close()
    return {(type_, name): sql for type_, name, sql in found}


def _making(db: Connection, type_: str, name: str, sql: str) -> Callable[[], str]:
    def make() -> str:
        with db.transaction():
            if type_ == "view":
                db.write(f'DROP VIEW IF EXISTS "{name}"')
            db.write(sql)
        return f"the {type_} {name} was made anew"

    return make


def schema_in_force(db: Connection) -> Iterator[Fault]:
    """The schema: there is one in force, and it can be read."""
    from annotator.core.schema_file import parse_schema

    row = db.row("SELECT source FROM schema WHERE active = 1")
    if row is None:
        yield Fault(Finding(kind="schema", message="no schema is in force", advice=RESTORE))
        return
    try:
        parse_schema(str(row[0]), "the schema")
    except SchemaError as error:
        yield Fault(Finding(kind="schema", message=error.message, advice=error.hint or RESTORE))


def texts(db: Connection) -> Iterator[Fault]:
    """Each document's text against its hash and its length, one document at a time."""
    number: int | None = -1
    while number is not None:
        try:
            row = db.row(_NEXT_TEXT, (number,))
        except ProjectError as error:
            after = db.row("SELECT min(number), name FROM document WHERE number > ?", (number,))
            number, name = after or (None, None)
            if number is not None:
                yield Fault(_text_finding(name, error.message, RESTORE))
            continue
        if row is None:
            return
        number = row[0]
        yield from _text_faults(db, *row[1:])


def _text_faults(
    db: Connection,
    id: str,
    name: str,
    length: int,
    file_hash: str,
    text_hash: str,
    encoding: str,
    text: str,
) -> Iterator[Fault]:
    found = sha256(text.encode()).hexdigest()
    if found != text_hash:
        if not _is_file(text, encoding, file_hash):
            message = "the text is not the one that was imported: its hash differs"
            yield Fault(_text_finding(name, message, RESTORE))
            return
        yield Fault(
            _text_finding(
                name,
                "the text is the file that was imported, but the hash of the text differs",
                f"The hash can be taken anew: {MEND}.",
            ),
            _setting(db, id, "text_sha256", found),
        )
    if len(text) != length:
        yield Fault(
            _text_finding(
                name,
                f"the text has {len(text)} characters, but its length is given as {length}",
                f"The length can be counted anew: {MEND}.",
            ),
            _setting(db, id, "length", len(text)),
        )


def _is_file(text: str, encoding: str, file_hash: str) -> bool:
    try:
        return sha256(text.encode(encoding)).hexdigest() == file_hash
    except (LookupError, UnicodeError):
        return False


def _text_finding(name: str, message: str, advice: str) -> Finding:
    return Finding(kind="text", document=name, message=message, advice=advice)


def _setting(db: Connection, id: str, column: str, value: str | int) -> Callable[[], str]:
    def put() -> str:
        with db.transaction():
            db.write(f"UPDATE document SET {column} = ? WHERE id = ?", (value, id))
        return "it was set anew from the text"

    return put


def models(db: Connection) -> Iterator[Fault]:
    """What engines learned, against its checksums; it can be learned again."""
    number = 0
    while True:
        row = db.row(_NEXT_MODEL, (number,))
        if row is None:
            return
        number, engine, layer, checksum, data = row
        if sha256(data).hexdigest() != checksum:
            yield Fault(
                Finding(
                    kind="model",
                    message=f"what the engine {engine} learned of {layer} is damaged",
                    advice=f"It is not used, and can be thrown away: {MEND}.",
                ),
                _forgetting(db, number),
            )


def _forgetting(db: Connection, number: int) -> Callable[[], str]:
    def forget() -> str:
        with db.transaction():
            db.write("DELETE FROM model WHERE rowid = ?", (number,))
        return "it was thrown away; annotator suggest train learns it again"

    return forget


CHECKS: Final = (damage, tables, schema_in_force, texts, models)
