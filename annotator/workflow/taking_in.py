"""Taking one checked record into the project: all of it in one transaction, or nothing."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from annotator.core.annotation import (
    Actor,
    DocumentMark,
    Origin,
    Relation,
    SentenceMark,
    Span,
    Suggestion,
    UnitLabel,
    mark_id,
)
from annotator.core.annotation import Record as Stored
from annotator.core.document import Document, Sentence, content_hash
from annotator.core.edits import Change, content, create, update
from annotator.core.ids import derived_id, is_own, new_id
from annotator.core.sentences import SEGMENTER, SEGMENTER_VERSION, sentences
from annotator.errors import InputError, NotFoundError
from annotator.formats.base import Record
from annotator.formats.jsonl_size import check_record_size, check_text_size
from annotator.store.base import Annotations, Annotator, NewDocument, Store
from annotator.workflow.escaping import printable
from annotator.workflow.keeping_rules import check_rules
from annotator.workflow.own_ids import Placing, annotations_of

Kind = Literal["annotations", "suggestions", "gold"]
"""What annotations come in as: the annotator's own, proposals, or the settled truth."""

IMPORTED_CUT = "imported"
"""Stands for the segmenter where the sentences came with the file."""


class Taken(Struct, frozen=True):
    """What came of one record.

    ``name`` is the document's in the project and ``wanted`` the one it came with. All counts are
    of what was new; ``same_as`` names the document that was there already with the same text, and
    ``same_bytes`` one whose file had the same bytes, read in another encoding.
    """

    place: str
    name: str
    wanted: str
    annotator: str | None
    new_document: bool
    annotations: int
    marks: int
    same_as: str | None = None
    same_bytes: str | None = None


class _Home(Struct, frozen=True):
    """The document of the project that a record belongs to, new or there already."""

    document: Document
    cut: tuple[Sentence, ...]
    sentences: dict[str, str]
    is_new: bool


class Intake:
    """Takes records into one project. What it remembers does not grow with their number."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.schema = store.schema()
        self._numbers: dict[str, int] = {}
        self._sessions: dict[str, tuple[Annotator, str]] = {}

    def take(
        self,
        record: Record,
        annotator: str | None,
        annotator_kind: str,
        *,
        kind: Kind,
    ) -> Taken:
        """Store the record's document, unless it is there, and what is new of its annotations.

        Raises InputError or StaleError, and writes nothing, where an id is taken by something else.
        """
        home = self._home(record)
        same_bytes = self._with_bytes(record.document) if home.is_new else None
        renew = kind == "suggestions" or annotator != record.annotator
        sessions = dict(self._sessions)
        changes: list[Change] = []
        with self._store.transaction():
            if home.is_new:
                home = self._settled(home, record)
            if home.is_new:
                self._add(home, record)
            if annotator is not None:
                person, session = self._session(annotator, annotator_kind, sessions)
                placing = Placing(home.document, person.id, annotator, home.sentences, renew=renew)
                changes = self._changes(record, placing, home, person, kind)
                if changes:
                    self._store.apply(
                        session, home.document.id, "import", tuple(changes), undoable=False
                    )
        self._sessions = sessions
        marks = sum(isinstance(c.record, SentenceMark | DocumentMark) for c in changes)
        actors = sum(isinstance(c.record, Actor) for c in changes)
        return Taken(
            place=record.place,
            name=home.document.name,
            wanted=record.document.name,
            annotator=annotator,
            new_document=home.is_new,
            annotations=len(changes) - marks - actors,
            marks=marks,
            same_as=None if home.is_new else home.document.name,
            same_bytes=same_bytes,
        )

    def _with_bytes(self, document: Document) -> str | None:
        """The name of the document that was read from a file of the same bytes."""
        if document.source is None:  # a record's word for it
            return None
        found = self._store.document_with_hash(document.sha256)
        return None if found is None else self._store.document(found).name

    # -- the document ----------------------------------------------------------------------------

    def _home(self, record: Record) -> _Home:
        document = record.document
        id = document.id
        if id and not is_own(id):
            id = derived_id(id, document.text)
        is_there = id and self._is_there(id)
        known = id if is_there else self._store.document_with_text(document.text)
        if known is not None:
            return self._known_home(known, record)
        id = id or new_id()
        if not document.sha256:
            document = replace(document, sha256=content_hash(document.text.encode()))
        check_text_size(document)
        cut = record.sentences
        if cut is None:
            cut = tuple(Sentence(new_id(), id, r.start, r.end) for r in sentences(document.text))
        check_record_size(document, cut)
        ids = {s.id: s.id if is_own(s.id) else derived_id(s.id, id) for s in cut}
        source = None if document.source is None else printable(document.source)
        named = replace(document, id=id, source=source)
        own_cut = tuple(replace(s, id=ids[s.id], document=id) for s in cut)
        return _Home(named, own_cut, ids, True)

    def _is_there(self, id: str) -> bool:
        try:
            self._store.document(id)
        except NotFoundError:
            return False
        return True

    def _settled(self, home: _Home, record: Record) -> _Home:
        """The home of a new document, with its name, now that no other process can add one.

        Cutting a text may take long, so it was done before.
        """
        known = self._store.document_with_text(record.document.text)
        if known is not None:
            return self._known_home(known, record)
        return _Home(
            replace(home.document, name=self._free_name(record.document)),
            home.cut,
            home.sentences,
            True,
        )

    def _known_home(self, id: str, record: Record) -> _Home:
        known = self._store.document(id)
        cut = tuple(self._store.sentences(id))
        if record.document.id and known.text != record.document.text:
            raise InputError(
                f"{record.document.name}: its id belongs to {known.name}, which has another text",
                "Give the document an id of its own, or leave the id out.",
            )
        given = record.sentences
        if given is None:
            return _Home(known, cut, {}, False)
        if [(s.start, s.end) for s in given] != [(s.start, s.end) for s in cut]:
            raise InputError(
                f"{record.document.name}: {known.name} has the same text, but is cut into other "
                f"sentences ({len(given)} in the file, {len(cut)} in the project)",
                "Import it into a new project, or leave the sentences out of the record.",
            )
        ids = {theirs.id: ours.id for theirs, ours in zip(given, cut, strict=True)}
        return _Home(known, cut, ids, False)

    def _free_name(self, document: Document) -> str:
        """A name that no document has: with the folder before it, then with a number."""
        name = printable(document.name).strip() or "document"
        if self._is_free(name):
            return name
        path = PurePosixPath(name)
        if document.source is not None:
            folder = printable(PurePosixPath(document.source).parent.name)
            qualified = f"{folder}/{name}"
            if folder and self._is_free(qualified):
                return qualified
        while True:
            number = self._numbers[name] = self._numbers.get(name, 1) + 1
            numbered = f"{name.removesuffix(path.suffix)} ({number}){path.suffix}"
            if self._is_free(numbered):
                return numbered

    def _is_free(self, name: str) -> bool:
        return self._store.document_named(name) is None

    def _add(self, home: _Home, record: Record) -> None:
        own = record.sentences is None
        self._store.add_document(
            NewDocument(
                home.document,
                home.cut,
                SEGMENTER if own else IMPORTED_CUT,
                SEGMENTER_VERSION if own else "1",
            )
        )

    # -- the annotations -------------------------------------------------------------------------

    def _session(
        self, name: str, kind: str, sessions: dict[str, tuple[Annotator, str]]
    ) -> tuple[Annotator, str]:
        if name not in sessions:
            person = self._store.annotator(name, kind=kind, create=True)
            sessions[name] = (person, self._store.start_session(person.id))
        return sessions[name]

    def _changes(
        self, record: Record, placing: Placing, home: _Home, person: Annotator, kind: Kind
    ) -> list[Change]:
        """What is to be written: what is there already, word for word, is passed over."""
        there = Annotations()
        if not home.is_new:
            there = self._store.annotations(home.document.id, person.id)
        held: dict[tuple[type, str], Stored] = {
            (type(item), item.id): item
            for group in (there.spans, there.relations, there.unit_labels, there.suggestions)
            for item in group
        }
        changes = []
        for item in _stored(record, placing, kind):
            known = held.get((type(item), item.id))
            if isinstance(item, Actor):
                known = self._store.record("actor", item.id)
            if known is None:
                changes.append(create(item))
            elif content(known) != content(item):
                what = type(item).__name__.lower()
                raise InputError(
                    f"{record.document.name}: {what} {item.id} is in the project already, and "
                    "differs from the one in the file",
                    "Import it into a new project, or give it to somebody else with --annotator.",
                )
        if kind == "suggestions":  # which nobody has worked through
            return changes
        new = [change.record for change in changes]
        check_rules(record.document.name, new, there, self.schema)
        return [*changes, *_mark_changes(record, home, person, there)]


def was_worked_on(record: Record) -> bool:
    """Whether a record holds what only an annotator can have made."""
    made = (record.spans, record.relations, record.unit_labels, record.suggestions, record.actors)
    return any(made) or bool(record.done) or record.status != "open"


def _stored(record: Record, placing: Placing, kind: Kind) -> list[Stored]:
    """Actors, annotations and suggestions as the project is to hold them."""
    stored: list[Stored] = [placing.actor(a) for a in record.actors]
    annotations = [placing.annotation(a) for a in annotations_of(record)]
    if kind == "suggestions":
        stored += [_suggestion(a, record) for a in annotations]
    else:
        stored += annotations
    stored += [placing.suggestion(s) for s in record.suggestions]
    return stored


def _suggestion(proposed: Span | Relation | UnitLabel, record: Record) -> Suggestion:
    origin = proposed.origin
    if origin.engine is None:
        origin = Origin(record.annotator or "import", origin.version, origin.score)
    return Suggestion(
        id=derived_id(proposed.id, "suggestion"),
        document=proposed.document,
        annotator=proposed.annotator,
        proposed=replace(proposed, origin=origin),
    )


def _mark_changes(
    record: Record, home: _Home, person: Annotator, there: Annotations
) -> list[Change]:
    """The marks of the record that are not set yet."""
    changes: list[Change] = []
    marks = {mark.id: mark for mark in there.sentence_marks}
    for id in sorted(home.sentences[done] for done in record.done):
        mark = SentenceMark(mark_id(id, person.id), home.document.id, person.id, id)
        known = marks.get(mark.id)
        if known is None:
            changes.append(create(mark))
        elif not known.done:
            changes.append(update(known, replace(known, done=True)))
    if record.status == "done":
        document_mark = DocumentMark(
            mark_id(home.document.id, person.id), home.document.id, person.id, "done"
        )
        if there.document_mark is None:
            changes.append(create(document_mark))
        elif there.document_mark.status != "done":
            changes.append(update(there.document_mark, replace(there.document_mark, status="done")))
    return changes
