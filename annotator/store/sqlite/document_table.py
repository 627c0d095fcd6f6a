"""Documents and their sentences: taking them in, finding and listing them."""

from __future__ import annotations

import json
from difflib import get_close_matches
from hashlib import sha256
from itertools import pairwise
from typing import Any, Final

import msgspec

from annotator.core.document import Document, Sentence
from annotator.core.sentence_list import SentenceList
from annotator.errors import InputError, NotFoundError, RuleError
from annotator.store.base import Among, DocumentInfo, Holding, NewDocument
from annotator.store.counts import Totals
from annotator.store.sqlite.failures import told
from annotator.store.sqlite.store_part import StorePart

_CANDIDATES: Final = 1000
"""How many names are looked at for close ones: comparing costs about 10 µs a name."""

NEXT: Final = "coalesce((SELECT clock + 1 FROM document ORDER BY number DESC LIMIT 1), 1)"
"""The clock of a new document; the numbers follow the clocks."""
_COLUMNS: Final = "id, name, text, sha256, encoding, source, meta"

_FLAGS_OF: Final = (
    "("
    + " + ".join(
        f"(SELECT count(*) FROM {table}"
        " WHERE annotator_id = ?1 AND document_id = d.id AND flagged = 1)"
        for table in ("span", "relation", "unit_label")
    )
    + ")"
)
_LISTED: Final = f"""
SELECT d.id, d.name, d.length,
  (SELECT count(*) FROM sentence WHERE document_id = d.id),
  (SELECT count(*) FROM sentence_mark
    WHERE annotator_id = ?1 AND document_id = d.id AND done = 1),
  (SELECT count(*) FROM span WHERE annotator_id = ?1 AND document_id = d.id),
  (SELECT count(*) FROM relation WHERE annotator_id = ?1 AND document_id = d.id),
  coalesce((SELECT status FROM document_mark
    WHERE annotator_id = ?1 AND document_id = d.id), 'open'),
  (SELECT count(*) FROM unit_label WHERE annotator_id = ?1 AND document_id = d.id),
  {_FLAGS_OF},
  (SELECT count(*) FROM suggestion
    WHERE annotator_id = ?1 AND document_id = d.id AND state = 'open')
FROM document AS d INDEXED BY document_list"""
LIST: Final = f"{_LISTED} ORDER BY d.number LIMIT ?2"
TOTALS: Final = """
SELECT (SELECT count(*) FROM document), (SELECT count(*) FROM sentence),
  (SELECT count(*) FROM sentence_mark WHERE annotator_id = ? AND done = 1)"""
_FROM: Final = "(SELECT number FROM document WHERE id = ?2) AND d.name LIKE ?3 ESCAPE '\\'"
_IS_DONE: Final = """EXISTS (SELECT 1 FROM document_mark
  WHERE annotator_id = ?1 AND document_id = d.id AND status = 'done')"""
_FLAGGED: Final = " UNION ".join(
    f"SELECT document_id FROM {table} WHERE annotator_id = ?1 AND flagged = 1"
    for table in ("span", "relation", "unit_label")
)
_SUGGESTED: Final = "SELECT document_id FROM suggestion WHERE annotator_id = ?1 AND state = 'open'"
AMONG: Final[dict[Among, str]] = {
    "all": "",
    "open": f" AND NOT {_IS_DONE}",
    "done": f" AND {_IS_DONE}",
    "flagged": f" AND d.id IN ({_FLAGGED})",
    "suggested": f" AND d.id IN ({_SUGGESTED})",
}
FOLLOWING: Final = f"{_LISTED} WHERE d.number >= {_FROM}{{}} ORDER BY d.number LIMIT ?4"
PRECEDING: Final = f"{_LISTED} WHERE d.number < {_FROM}{{}} ORDER BY d.number DESC LIMIT ?4"

_OWN: Final = "WHERE annotator_id = ?1"
_MADE: Final = ("span", "relation", "unit_label")
_HOLDERS: Final[dict[Holding, str]] = {
    "annotations": " UNION ".join(f"SELECT document_id FROM {t} {_OWN}" for t in _MADE),
    "flags": _FLAGGED,
    "suggestions": _SUGGESTED,
    "finished": f"SELECT document_id FROM sentence_mark {_OWN} AND done = 1"
    f" UNION SELECT document_id FROM document_mark {_OWN} AND status = 'done'",
    "actor": f"SELECT document_id FROM span {_OWN} AND actor_id = ?2 UNION SELECT document_id"
    f" FROM argument JOIN relation ON relation.id = relation_id {_OWN} AND actor_id = ?2",
}
_OPEN_SENTENCES: Final = """
SELECT id FROM document AS d WHERE (SELECT count(*) FROM sentence WHERE document_id = d.id) >
  (SELECT count(*) FROM sentence_mark
    WHERE annotator_id = ?1 AND document_id = d.id AND done = 1) ORDER BY number"""

SENTENCES: Final = """
SELECT json_group_array(id), json_group_array(start), json_group_array("end"),
  json_group_array(revision)
FROM (SELECT id, start, "end", revision FROM sentence WHERE document_id = ?
  ORDER BY start, "end", id LIMIT ? OFFSET ?)"""
"""The cut by columns: decoding four arrays is several times faster than fetching rows."""
_AS_QUICK: Final = 5
"""So many sentences are read while one row is."""


class DocumentTable(StorePart):
    """The texts of the project. What was read once is kept: a text never changes."""

    _kept: tuple[str, str] | None = None
    """Id and text of the document read last."""

    def documents(self, annotator: str, limit: int | None = None) -> list[DocumentInfo]:
        """Documents in order of import, with this annotator's (id) counts: all, or the first."""
        # To SQLite, a negative limit is none.
        rows = self._db.rows(LIST, (annotator, -1 if limit is None else limit))
        return [DocumentInfo(*row) for row in rows]

    def totals(self, annotator: str) -> Totals:
        """The sums over all documents, for this annotator (id)."""
        return Totals(*self._db.rows(TOTALS, (annotator,))[0])

    def documents_near(
        self, document: str, annotator: str, letters: str, limit: int, among: Among = "all"
    ) -> list[DocumentInfo]:
        """At most ``limit`` documents around this one (id), in order of import.

        Their names hold the letters in their order, upper and lower case alike; beyond ASCII, any
        letter will do. Without letters and among all the cost does not grow with the project.
        """
        values = (annotator, document, _pattern(letters), limit)
        with self._db.snapshot():
            after = self._db.rows(FOLLOWING.format(AMONG[among]), values)
            before = self._db.rows(PRECEDING.format(AMONG[among]), values)
        kept = min(len(before), max(limit // 2, limit - len(after)))
        rows = [*reversed(before[:kept]), *after[: limit - kept]]
        return [DocumentInfo(*row) for row in rows]

    def documents_holding(self, annotator: str, what: Holding, actor: str = "") -> list[str]:
        """The documents (ids), in order of import, in which this annotator has something.

        ``actor`` is the id of the actor that annotations of theirs mention or tie.
        """
        if what == "open sentences":
            return [str(id) for (id,) in self._db.rows(_OPEN_SENTENCES, (annotator,))]
        rows = self._db.rows(
            f"SELECT id FROM document WHERE id IN ({_HOLDERS[what]}) ORDER BY number",
            (annotator, actor)[: 1 + (what == "actor")],
        )
        return [str(id) for (id,) in rows]

    def document_ids(self) -> list[str]:
        """All documents (ids) in order of import."""
        return [str(id) for (id,) in self._db.rows("SELECT id FROM document ORDER BY number")]

    def document(self, id: str) -> Document:
        """The document with this id. Raises NotFoundError."""
        row = self._db.row(f"SELECT {_COLUMNS} FROM document WHERE id = ?", (id,))
        if row is None:
            raise NotFoundError(f"There is no document with the id {id}.")
        id, name, text, digest, encoding, source, meta = row
        self._kept = (id, text)
        return Document(id, name, text, digest, encoding, source, json.loads(meta))

    def find_document(self, name: str) -> str:
        """The id of the document of this name or id. Raises NotFoundError, with close names."""
        row = self._db.row(
            "SELECT id FROM document WHERE name = ?1 UNION ALL"
            " SELECT id FROM document WHERE id = ?1 LIMIT 1",
            (name,),
        )
        if row is not None:
            return str(row[0])
        found = self._db.rows(
            "SELECT name FROM document WHERE instr(lower(name), lower(?)) > 0"
            " UNION SELECT name FROM (SELECT name FROM document ORDER BY number LIMIT ?) LIMIT ?",
            (name, _CANDIDATES, _CANDIDATES),
        )
        names = [str(n) for (n,) in found]
        inside = [n for n in names if name.lower() in n.lower()]
        close = [*inside, *(n for n in get_close_matches(name, names, 5, 0.6) if n not in inside)]
        hint = f"Did you mean {', '.join(map(repr, close[:5]))}?" if close else ""
        raise NotFoundError(
            f"There is no document {name!r} in this project.", hint or "`status` lists them."
        )

    def names_beginning(self, start: str) -> list[str]:
        """The names of documents that begin so, in the order of their code points."""
        rows = self._db.rows(
            "SELECT name FROM document WHERE name >= ?1 AND name < ?2 ORDER BY name",
            (start, f"{start}\U0010ffff"),
        )
        return [str(name) for (name,) in rows]

    def document_named(self, name: str) -> str | None:
        """The id of the document of just this name."""
        row = self._db.row("SELECT id FROM document WHERE name = ?", (name,))
        return None if row is None else str(row[0])

    def document_with_text(self, text: str) -> str | None:
        """The id of the document with just this text; of several, the one taken in first."""
        row = self._db.row(
            "SELECT id FROM document WHERE text_sha256 = ? ORDER BY number", (self._digest(text),)
        )
        return None if row is None else str(row[0])

    def document_with_hash(self, sha256: str) -> str | None:
        """The id of the document whose file had this SHA-256; of several, the first taken in."""
        row = self._db.row("SELECT id FROM document WHERE sha256 = ? ORDER BY number", (sha256,))
        return None if row is None else str(row[0])

    def add_document(self, new: NewDocument) -> None:
        """Take a document in, with its sentences.

        Raises RuleError where the name or the id is taken, InputError where a sentence lies outside
        the text, sentences are out of order, overlap or belong elsewhere, or the text cannot be
        stored.
        """
        document = new.document
        _check_cut(document, new.sentences)
        if not document.name.strip():
            raise InputError("A document needs a name.")
        values = (
            *(document.id, document.name, len(document.text), document.sha256),
            *(self._digest(document.text), document.encoding, document.source),
            *(_meta(document), new.segmenter, new.segmenter_version, self._now(), document.text),
        )
        with self._db.transaction():
            if self.document_named(document.name) is not None:
                raise RuleError(
                    f"There is a document {document.name!r} already.", "Give it another name."
                )
            self._db.write(
                "INSERT INTO document (id, name, length, sha256, text_sha256, encoding, source,"
                " meta, segmenter, segmenter_version, time, text, clock)"
                f" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, {NEXT})",
                values,
            )
            self._db.write_many(
                'INSERT INTO sentence (id, document_id, start, "end", revision)'
                " VALUES (?, ?, ?, ?, ?)",
                ((s.id, s.document, s.start, s.end, s.revision) for s in new.sentences),
            )

    def neighbour(self, document: str | None, step: int) -> str | None:
        """The document (id) imported next after (1) or before (-1) this one, if there is one.

        Of None, the first (1) or the last (-1).
        """
        beyond, order = (">", "ASC") if step > 0 else ("<", "DESC")
        where = f"WHERE number {beyond} (SELECT number FROM document WHERE id = ?)"
        row = self._db.row(
            f"SELECT id FROM document {where if document else ''} ORDER BY number {order} LIMIT 1",
            (document,) if document else (),
        )
        return None if row is None else str(row[0])

    def sentences(self, document: str) -> SentenceList:
        """The cut in force, in order."""
        return self._db.at_one_moment(lambda: SentenceList(document, *self._columns(document)))

    def _columns(self, document: str) -> tuple[list[Any], ...]:
        """Of the sentences: ids, starts, ends, revisions."""
        columns: tuple[list[Any], ...] = ([], [], [], [])
        at_once = _AS_QUICK * self._db.at_once
        while True:
            (row,) = self._db.rows(SENTENCES, (document, at_once, len(columns[0])))
            parts = [msgspec.json.decode(part) for part in row]
            for column, part in zip(columns, parts, strict=True):
                column += part
            if len(parts[0]) != at_once:
                return columns

    def _text(self, document: str) -> str:
        kept = self._kept
        if kept is None or kept[0] != document:
            row = self._db.row("SELECT text FROM document WHERE id = ?", (document,))
            if row is None:
                raise NotFoundError(f"There is no document with the id {document}.")
            self._kept = kept = (document, str(row[0]))
        return kept[1]

    def _digest(self, text: str) -> str:
        with told(self._db.path):
            return sha256(text.encode()).hexdigest()


def _pattern(letters: str) -> str:
    """For LIKE, which folds the case of ASCII only."""
    wanted = (c for c in letters if not c.isspace())
    marks = (f"\\{c}" if c in "%_\\" else c if c.isascii() else "_" for c in wanted)
    return "".join(f"%{mark}" for mark in marks) + "%"


def _meta(document: Document) -> str:
    try:
        return json.dumps(document.meta, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"The metadata of {document.name!r} cannot be written as JSON: {error}."
        ) from error


def _check_cut(document: Document, sentences: tuple[Sentence, ...]) -> None:
    for sentence in sentences:
        inside = 0 <= sentence.start < sentence.end <= len(document.text)
        if not inside or sentence.document != document.id:
            raise InputError(
                f"{document.name!r}: the sentence {sentence.start}–{sentence.end} does not lie in"
                f" its {len(document.text)} characters.",
                "The segmenter or the imported cut is wrong.",
            )
    for first, second in pairwise(sentences):
        if first.end > second.start:
            raise InputError(
                f"{document.name!r}: the sentences {first.start}–{first.end} and"
                f" {second.start}–{second.end} overlap or are out of order.",
                "The segmenter or the imported cut is wrong.",
            )
