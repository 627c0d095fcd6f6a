"""Whether rows belong to something, cursors lie in their texts, and the stacks of undo are whole.

What an annotation refers to (arguments, actors, sentences) is not looked at here: that is mended by
edits, and looked at record by record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from annotator.store.sqlite.connection import Connection, Row
from annotator.store.sqlite.failures import RESTORE
from annotator.store.sqlite.file_checks import MEND
from annotator.store.sqlite.replaying import is_merged
from annotator.store.upkeep import Fault, Finding

_BY_EDITS: Final = {
    ("argument", "span_id"), ("argument", "relation_argument_id"), ("argument", "actor_id"),
    ("span", "actor_id"), ("unit_label", "sentence_id"), ("sentence_mark", "sentence_id"),
}  # fmt: skip
_DETAILS: Final = {
    "fragment", "argument", "attribute", "actor_alias", "actor_link", "position", "history",
}  # fmt: skip
"""Tables whose rows say something about another row and mean nothing without it."""

_PAGE: Final = 1000
"""Rows of one table that are told to belong to nothing."""

_BEYOND: Final = (
    'SELECT document.name, document.id, annotator.name, annotator.id, "offset", length'
    " FROM position JOIN document ON document.id = document_id"
    ' JOIN annotator ON annotator.id = annotator_id WHERE "offset" > length'
)
_NEXT: Final = "SELECT number, id, name FROM document WHERE number > ? ORDER BY number LIMIT 1"
_EDITS: Final = (
    "SELECT number, id, annotator_id, verb, target_id, undoable, previous_id FROM edit"
    " WHERE document_id = ? AND (undoable = 1 OR target_id IS NOT NULL) ORDER BY number"
)
_TOPS: Final = (
    "SELECT annotator_id, undo_id, redo_id FROM history"
    " WHERE document_id = ? AND annotator_id IN (SELECT id FROM annotator)"
)


def orphans(db: Connection) -> Iterator[Fault]:
    """Rows that refer to rows that are not there, by the tables' own foreign keys."""
    names = [name for (name,) in db.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for table in names:
        for key in db.rows(f'PRAGMA foreign_key_list("{table}")'):
            parent, column, to = key[2], key[3], key[4] or "id"
            if (table, column) not in _BY_EDITS:
                yield from _orphans_of(db, table, column, parent, to)


def _orphans_of(db: Connection, table: str, column: str, parent: str, to: str) -> Iterator[Fault]:
    lost = (
        f'"{column}" IS NOT NULL AND NOT EXISTS'
        f' (SELECT 1 FROM "{parent}" AS p WHERE p."{to}" = "{table}"."{column}")'
    )
    found = db.rows(
        f'SELECT "{column}", count(*) FROM "{table}" WHERE {lost} GROUP BY 1 LIMIT ?', (_PAGE,)
    )
    for id, count in found:
        rows = "1 row belongs" if count == 1 else f"{count} rows belong"
        message = f"{table}: {rows} to the {parent} {id}, which is not there"
        if table in _DETAILS and column not in ("undo_id", "redo_id"):
            yield Fault(
                Finding(
                    kind="orphan",
                    id=id,
                    message=message,
                    advice=f"They mean nothing by themselves and can go: {MEND}.",
                ),
                _dropping(db, table, column, id, lost),
            )
        elif table != "history":
            yield Fault(Finding(kind="orphan", id=id, message=message, advice=RESTORE))


def _dropping(db: Connection, table: str, column: str, id: str, lost: str) -> Callable[[], str]:
    def drop() -> str:
        with db.transaction():
            gone = db.write(f'DELETE FROM "{table}" WHERE "{column}" = ? AND {lost}', (id,))
        return f"{gone} taken away" if gone else "put back with what they belong to"

    return drop


def positions(db: Connection) -> Iterator[Fault]:
    """Cursors that lie behind the end of their document."""
    for document, document_id, annotator, annotator_id, offset, length in db.rows(_BEYOND):

        def put(where: tuple[int, str, str] = (length, document_id, annotator_id)) -> str:
            with db.transaction():
                db.write(
                    'UPDATE position SET "offset" = ?1 WHERE document_id = ?2'
                    ' AND annotator_id = ?3 AND "offset" > ?1',
                    where,
                )
            return "put at the end of the text"

        yield Fault(
            Finding(
                kind="position",
                document=document,
                message=f"the cursor of {annotator} is at {offset}, and the text has {length}"
                " characters",
                advice=f"It can be put at the end: {MEND}.",
            ),
            put,
        )


def stacks(db: Connection) -> Iterator[Fault]:
    """Each annotator's stacks of undo and redo, as the log makes them, one document at a time."""
    row = db.row(_NEXT, (-1,))
    while row is not None:
        number, id, name = row
        with db.snapshot():
            found = list(_stack_faults(db, id, name))
        yield from found
        row = db.row(_NEXT, (number,))


class _Stacks:
    """What can be undone and redone, from the edits one after the other."""

    def __init__(self) -> None:
        self.undo: list[str] = []
        self.redo: list[str] = []

    def take(self, edit: Row) -> str | None:
        """Take an edit in; gives what should lie below it, by its ``previous_id``."""
        _, id, _, _, target, undoable, _ = edit
        if target is None:
            self.redo.clear()
        else:
            stack = self.redo if undoable else self.undo
            if stack:
                stack.pop()
        stack = self.undo if undoable else self.redo
        below = stack[-1] if stack else None
        stack.append(id)
        return below

    @property
    def tops(self) -> tuple[str | None, str | None]:
        """The edits to be undone and redone next."""
        return (self.undo[-1] if self.undo else None, self.redo[-1] if self.redo else None)


def _stack_faults(db: Connection, document: str, name: str) -> Iterator[Fault]:
    if is_merged(db):
        yield from _merged_stack_faults(db, document, name)
        return
    made, wrong = _replayed(db, document)
    for number, verb in wrong:
        yield Fault(
            Finding(
                kind="history",
                document=name,
                message=f"edit {number} ({verb}) does not lie on the edit that was made before",
                advice="The log is never changed; undo stops there. " + RESTORE,
            )
        )
    stored = {annotator: (undo, redo) for annotator, undo, redo in db.rows(_TOPS, (document,))}
    for annotator in made.keys() | stored.keys():
        wanted = made[annotator].tops if annotator in made else (None, None)
        if stored.get(annotator, (None, None)) != wanted:
            yield Fault(
                Finding(
                    kind="history",
                    document=name,
                    message="what can be undone and redone is not what the log of edits says",
                    advice=f"It can be taken from the log: {MEND}.",
                ),
                _topping(db, document, annotator),
            )


def _merged_stack_faults(db: Connection, document: str, name: str) -> Iterator[Fault]:
    """Whether the stacks of a merged document hold edits of their kind and annotator, in order.

    Which edits of other files are on them is for the merge to say (``core.undo_stacks``).
    """
    edits = {row[1]: row for row in db.rows(_EDITS, (document,))}
    for annotator, *tops in db.rows(_TOPS, (document,)):
        for top, is_undo in zip(tops, (1, 0), strict=True):
            above, id = float("inf"), top
            while id is not None:
                number, _, by, _, _, undoable, previous = edits.get(id) or (0,) * 7
                if by != annotator or undoable != is_undo or number >= above:
                    yield Fault(
                        Finding(
                            kind="history",
                            document=name,
                            message="what can be undone and redone is broken at edit "
                            f"{number or id}",
                            advice="The log is never changed; undo stops there. " + RESTORE,
                        )
                    )
                    break
                above, id = number, previous


def _replayed(db: Connection, document: str) -> tuple[dict[str, _Stacks], list[tuple[int, str]]]:
    """The annotators' stacks, and number and verb of edits that lie on another than they should."""
    made: dict[str, _Stacks] = {}
    wrong = []
    for edit in db.each(_EDITS, (document,)):
        number, _, annotator, verb, _, _, previous = edit
        if made.setdefault(annotator, _Stacks()).take(edit) != previous:
            wrong.append((number, verb))
    return made, wrong


def _topping(db: Connection, document: str, annotator: str) -> Callable[[], str]:
    def put() -> str:
        with db.transaction():
            # Others may have gone on since.
            made, _ = _replayed(db, document)
            tops = made[annotator].tops if annotator in made else (None, None)
            db.write(
                "INSERT INTO history (document_id, annotator_id, undo_id, redo_id)"
                " VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE"
                " SET undo_id = excluded.undo_id, redo_id = excluded.redo_id",
                (document, annotator, *tops),
            )
        return "taken from the log"

    return put


CHECKS: Final = (orphans, positions, stacks)
