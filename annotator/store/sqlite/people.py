"""Annotators, their sessions, and where they are."""

from __future__ import annotations

from annotator.errors import InputError, NotFoundError, RuleError
from annotator.store.base import Annotator
from annotator.store.sqlite.store_part import StorePart

_MADE_THERE = " OR ".join(
    f"EXISTS (SELECT 1 FROM {table} AS t"
    " WHERE t.annotator_id = annotator.id AND t.document_id = ?1)"
    for table in ("span", "relation", "unit_label", "suggestion", "sentence_mark", "document_mark")
)


class People(StorePart):
    """Who works in the project."""

    def annotators(self) -> list[Annotator]:
        """All annotators by name."""
        return [
            Annotator(*row)
            for row in self._db.rows("SELECT id, name, kind FROM annotator ORDER BY name")
        ]

    def annotator(self, name: str, *, kind: str = "person", create: bool = False) -> Annotator:
        """The annotator of this name; made if ``create``, otherwise NotFoundError."""
        found = self._annotator(name)
        if found is not None:
            return found
        if not create:
            names = ", ".join(repr(a.name) for a in self.annotators())
            raise NotFoundError(
                f"There is no annotator {name!r} in this project.", f"There is: {names or 'none'}."
            )
        if not name.strip():
            raise RuleError("An annotator needs a name.", "Give one with --annotator.")
        if kind not in ("person", "engine"):
            raise RuleError(f"An annotator is a person or an engine, not {kind!r}.")
        with self._db.transaction():
            found = self._annotator(name)
            if found is not None:
                return found
            made = Annotator(self._ids(), name, kind)
            self._db.write(
                "INSERT INTO annotator (id, name, kind, time) VALUES (?, ?, ?, ?)",
                (made.id, name, kind, self._now()),
            )
        return made

    def _annotator(self, name: str) -> Annotator | None:
        row = self._db.row("SELECT id, name, kind FROM annotator WHERE name = ?", (name,))
        return None if row is None else Annotator(*row)

    def start_session(self, annotator: str) -> str:
        """Record that an annotator (id) sat down; gives the session's id for ``apply``."""
        id = self._ids()
        with self._db.transaction():
            self._check_annotator(annotator)
            self._db.write(
                "INSERT INTO session (id, annotator_id, time) VALUES (?, ?, ?)",
                (id, annotator, self._now()),
            )
        return id

    def count_keys(self, session: str, keys: int) -> None:
        """Add to how many keys a session (id) took."""
        with self._db.transaction():
            self._db.write("UPDATE session SET keys = keys + ? WHERE id = ?", (keys, session))

    def keys_pressed(self, annotator: str) -> int:
        """How many keys all sessions of an annotator (id) took."""
        row = self._db.row(
            "SELECT coalesce(sum(keys), 0) FROM session WHERE annotator_id = ?", (annotator,)
        )
        return 0 if row is None else int(row[0])

    def annotators_of(self, document: str) -> list[Annotator]:
        """Annotators who made or marked anything in the document, by name."""
        found = self._db.rows(
            f"SELECT id, name, kind FROM annotator WHERE {_MADE_THERE} ORDER BY name", (document,)
        )
        return [Annotator(*row) for row in found]

    def position(self, document: str, annotator: str) -> int:
        """Where the annotator's cursor was last, as a code point; 0 at first."""
        row = self._db.row(
            'SELECT "offset" FROM position WHERE annotator_id = ? AND document_id = ?',
            (annotator, document),
        )
        return 0 if row is None else int(row[0])

    def save_position(self, document: str, annotator: str, offset: int) -> None:
        """Remember the cursor (code points). Raises InputError, NotFoundError."""
        with self._db.transaction():
            self._check_annotator(annotator)
            row = self._db.row("SELECT length FROM document WHERE id = ?", (document,))
            if row is None:
                raise NotFoundError(f"There is no document with the id {document}.")
            self._note_position(document, annotator, offset, row[0])

    def _note_position(self, document: str, annotator: str, offset: int, length: int) -> None:
        """Remember the cursor in a document of that length, both of which are there."""
        if not 0 <= offset <= length:
            raise InputError(f"The position {offset} is outside the document's {length}.")
        self._db.write(
            'INSERT INTO position (document_id, annotator_id, "offset", visit, time)'
            " VALUES (?1, ?2, ?3,"
            " (SELECT coalesce(max(visit), 0) + 1 FROM position WHERE annotator_id = ?2), ?4)"
            ' ON CONFLICT DO UPDATE SET "offset" = excluded."offset", visit = excluded.visit,'
            " time = excluded.time",
            (document, annotator, offset, self._now()),
        )

    def last_document(self, annotator: str) -> str | None:
        """The document (id) this annotator had open last."""
        row = self._db.row(
            "SELECT document_id FROM position WHERE annotator_id = ? ORDER BY visit DESC LIMIT 1",
            (annotator,),
        )
        return None if row is None else str(row[0])

    def _check_annotator(self, id: str) -> None:
        if self._db.row("SELECT 1 FROM annotator WHERE id = ?", (id,)) is None:
            raise NotFoundError(f"There is no annotator with the id {id}.")
