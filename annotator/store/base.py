"""What the rest of the program asks of a store. SQLite is one; a contract suite tests any."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal, Protocol

from msgspec import Struct

from annotator.core.annotation import (
    Actor,
    DocumentMark,
    Record,
    Relation,
    SentenceMark,
    Span,
    Suggestion,
    UnitLabel,
)
from annotator.core.document import Document, Sentence
from annotator.core.edits import Changes, Edit
from annotator.core.learned_model import LearnedModel
from annotator.core.schema import Schema
from annotator.core.sentence_list import SentenceList
from annotator.store.counts import LabelCount, SuggestionCount, Totals
from annotator.store.merge_report import ConflictInfo, MergeReport
from annotator.store.upkeep import Upkeep

Among = Literal["all", "open", "done", "flagged", "suggested"]
"""Which documents: those an annotator is or is not done with, those with flags of theirs."""

Holding = Literal["annotations", "flags", "suggestions", "open sentences", "finished", "actor"]
"""What a document must hold to be looked through."""


class Annotator(Struct, frozen=True):
    """Who annotates: a person or an engine."""

    id: str
    name: str
    kind: str = "person"


class DocumentInfo(Struct, frozen=True):
    """A row of the document list: lengths in code points, counts for one annotator.

    ``unit_labels`` are those on sentences and on the document; ``flagged`` counts annotations,
    ``suggested`` open suggestions, also those below the thresholds.
    """

    id: str
    name: str
    length: int
    sentences: int
    done: int
    spans: int
    relations: int
    status: str
    unit_labels: int
    flagged: int
    suggested: int


class Annotations(Struct, frozen=True):
    """All that one annotator made in one document, plus the actors it refers to."""

    spans: tuple[Span, ...] = ()
    relations: tuple[Relation, ...] = ()
    unit_labels: tuple[UnitLabel, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    actors: tuple[Actor, ...] = ()
    sentence_marks: tuple[SentenceMark, ...] = ()
    document_mark: DocumentMark | None = None


class NewDocument(Struct, frozen=True):
    """A document to take in, with its cut and who made it (a segmenter's name and version)."""

    document: Document
    sentences: tuple[Sentence, ...]
    segmenter: str
    segmenter_version: str


class SchemaEdit(Struct, frozen=True):
    """A change of schema: the edit's id, the schema in force since, how many records changed.

    ``backup`` is the file that holds the project as it was before.
    """

    id: str
    name: str
    version: int
    changes: int
    backup: str


class LoggedEdit(Struct, frozen=True):
    """An edit of the log with what a person reads of it.

    ``edit`` may hold only some of the changes, of which there are ``changes``; ``by`` and
    ``document`` are names; ``schema`` is the one (name and version) that the edit put in force.
    """

    edit: Edit
    by: str
    document: str | None
    changes: int
    schema: str | None = None


class Store(Protocol):
    """One open project. Methods raise ProjectError, BusyError, StaleError or NotFoundError.

    Reads see what is committed; each write is one transaction, durable when the call returns.
    """

    @property
    def name(self) -> str:
        """The project's name: the file's name without its ending."""

    @property
    def upkeep(self) -> Upkeep:
        """What looks after the project: backups, checks and repairs."""

    def owns(self, path: Path) -> bool:
        """Whether a path, links followed, is one of the files that the project lies in."""

    def tell_waiting(self, listener: Callable[[float], None] | None) -> None:
        """Have it told, every second, for how many seconds a call has waited for another program.

        It is called in the midst of the call, in the same thread, and with 0 when the waiting ends.
        """

    def close(self) -> None:
        """Let the project go; unfinished transactions are rolled back."""

    def transaction(self) -> AbstractContextManager[None]:
        """Several writes as one: all or nothing."""

    def schema(self) -> Schema:
        """The schema in force. From now on, writing under another raises SchemaChangedError."""

    def schema_in_force(self) -> Schema:
        """The same, for who only looks: what is written still goes by what ``schema`` gave last."""

    def schema_source(self) -> str:
        """Its TOML text as it was given."""

    def schema_changed(self) -> bool:
        """Whether another schema is in force than the one ``schema`` gave last."""

    def check_schema(self) -> None:
        """Raise SchemaChangedError where ``schema_changed``."""

    def change_schema(self, session: str, source: str, parts: Iterable[Changes]) -> SchemaEdit:
        """Put another schema (TOML) in force and write the changes that go with it, as one edit.

        ``parts`` are the changes of a document each; the whole need not fit in memory. The project
        is backed up first.
        """

    def undo_schema(self, session: str) -> SchemaEdit | None:
        """Take the last change of schema back, with all it did; None where there was none.

        Raises StaleError, and changes nothing, where annotations were made or changed since that
        do not let it.
        """

    def redo_schema(self, session: str) -> SchemaEdit | None:
        """Make the change of schema that was last taken back again; None where there is none."""

    def annotators(self) -> list[Annotator]:
        """All annotators by name."""

    def annotator(self, name: str, *, kind: str = "person", create: bool = False) -> Annotator:
        """The annotator of this name; made if ``create``, otherwise NotFoundError."""

    def start_session(self, annotator: str) -> str:
        """Record that an annotator (id) sat down; gives the session's id for ``apply``."""

    def count_keys(self, session: str, keys: int) -> None:
        """Add to how many keys a session (id) took."""

    def keys_pressed(self, annotator: str) -> int:
        """How many keys all sessions of an annotator (id) took."""

    def documents(self, annotator: str, limit: int | None = None) -> list[DocumentInfo]:
        """Documents in order of import, with this annotator's (id) counts: all, or the first."""

    def totals(self, annotator: str) -> Totals:
        """The sums over all documents, for this annotator (id)."""

    def documents_near(
        self, document: str, annotator: str, letters: str, limit: int, among: Among = "all"
    ) -> list[DocumentInfo]:
        """At most ``limit`` documents around this one (id), in order of import.

        Their names hold the letters in their order, upper and lower case alike; beyond ASCII, any
        letter will do. Without letters and among all the cost does not grow with the project.
        """

    def documents_holding(self, annotator: str, what: Holding, actor: str = "") -> list[str]:
        """The documents (ids), in order of import, in which this annotator has something.

        ``actor`` is the id of the actor that annotations of theirs mention or tie.
        """

    def document_ids(self) -> list[str]:
        """All documents (ids) in order of import."""

    def mention_counts(self, annotator: str) -> dict[str, int]:
        """Actor (id) → how many spans of this annotator mention it, if any do."""

    def document(self, id: str) -> Document:
        """The document with this id."""

    def find_document(self, name: str) -> str:
        """The id of the document of this name or id. NotFoundError lists close names."""

    def names_beginning(self, start: str) -> list[str]:
        """The names of documents that begin so, in the order of their code points."""

    def document_named(self, name: str) -> str | None:
        """The id of the document of just this name."""

    def document_with_text(self, text: str) -> str | None:
        """The id of the document with just this text."""

    def document_with_hash(self, sha256: str) -> str | None:
        """The id of the document whose file had this SHA-256."""

    def add_document(self, new: NewDocument) -> None:
        """Take a document in, with its sentences. A name already taken is a RuleError."""

    def sentences(self, document: str) -> SentenceList:
        """The cut in force, in order."""

    def annotations(self, document: str, annotator: str) -> Annotations:
        """What this annotator made there, each kind ordered by id."""

    def spans_in(self, document: str, annotator: str, start: int, end: int) -> list[Span]:
        """This annotator's spans overlapping [start, end); the cost does not grow with the rest."""

    def actors(self) -> list[Actor]:
        """All actors of the project by name."""

    def actor_count(self) -> int:
        """How many actors the project has; costs little whatever that is."""

    def annotators_of(self, document: str) -> list[Annotator]:
        """Annotators who made or marked anything in the document, by name."""

    def apply(
        self,
        session: str,
        document: str | None,
        verb: str,
        changes: Changes,
        *,
        undoable: bool = True,
        cursor: int | None = None,
    ) -> Edit:
        """Write the changes, their edit and the cursor (a code point) in one transaction.

        Raises StaleError, and writes nothing, where a ``before`` is no longer what is stored.
        """

    def undo(self, session: str, document: str) -> Edit | None:
        """Take back the annotator's last edit in the document; None when there is none left.

        The edit returned (verb ``undo``) holds the changes as made, for bringing memory up to date.
        """

    def undoable(self, session: str, document: str, most: int | None = None) -> Edit | None:
        """The edit that ``undo`` would take back, with at most the first ``most`` changes."""

    def redoable(self, session: str, document: str, most: int | None = None) -> Edit | None:
        """The undo that ``redo`` would take back, likewise; None where there is none."""

    def redo(self, session: str, document: str) -> Edit | None:
        """Make the last undone edit again; None when there is none, or a new edit came between."""

    def edits(self, document: str | None = None, *, limit: int | None = None) -> Iterator[Edit]:
        """The log, newest first."""

    def edits_after(self, document: str, number: int) -> list[tuple[int, Edit]]:
        """The edits in a document (id) behind that number, oldest first, each with its number."""

    def last_edit(self, document: str) -> int:
        """The number of the newest edit in a document (id), for ``edits_after``; 0 without one."""

    def moment(self) -> int:
        """A number that differs when another connection has written since; cheap to ask for."""

    def setting(self, name: str) -> str:
        """The value of a setting of the project (``core.settings``), or its default."""

    def settings(self) -> dict[str, str]:
        """What was chosen in this project, by the settings' names, be they known or not."""

    def set_setting(self, name: str, value: str) -> None:
        """Give a setting a value, from now on and for all. Raises NotFoundError, UsageError."""

    def model(self, annotator: str, engine: str, layer: str) -> LearnedModel | None:
        """What an engine learned of this annotator (id) for a layer, if anything."""

    def save_model(self, annotator: str, model: LearnedModel) -> None:
        """Keep what an engine learned of this annotator (id), in place of what it knew before."""

    def log(
        self,
        document: str | None = None,
        *,
        record: str | None = None,
        limit: int | None = None,
        most: int = 20,
    ) -> Iterator[LoggedEdit]:
        """Edits of a document (id) or record (id), else of the project, newest first.

        Of each at most ``most`` changes are read; those of one record are only its own. A
        document's edits come with those of the whole project, such as changes of schema.
        """

    def edit(self, id: str, document: str | None = None, *, most: int | None = None) -> Edit:
        """The edit with this id, or what it changed in one document (id). Raises NotFoundError.

        With ``most``, no more than so many of its changes are read, from the first on.
        """

    def carried(self, edit: str, document: str) -> Changes:
        """What an edit changed in a document, as it would be under the schema in force.

        Raises RuleError where something has no place there.
        """

    def record(self, kind: str, id: str) -> Record | None:
        """The record of a kind (``span``, ``actor`` …) as it is stored."""

    def position(self, document: str, annotator: str) -> int:
        """Where the annotator's cursor was last, as a code point; 0 at first."""

    def save_position(self, document: str, annotator: str, offset: int) -> None:
        """Remember the cursor."""

    def neighbour(self, document: str | None, step: int) -> str | None:
        """The document (id) imported next after (1) or before (-1) this one, if there is one.

        Of None, the first (1) or the last (-1).
        """

    def last_document(self, annotator: str) -> str | None:
        """The document this annotator had open last."""

    def label_counts(self, annotator: str) -> list[LabelCount]:
        """Spans and unit labels per label for this annotator (id), by layer and label."""

    def suggestion_counts(
        self, annotator: str | None = None, document: str | None = None
    ) -> list[SuggestionCount]:
        """Suggestions by engine, layer, label and state, in that order.

        Of one annotator (id) and one document (id), or of all.
        """

    def labels_of_texts(self, annotator: str) -> list[tuple[str, str, str, int]]:
        """(layer, text, label, spans) where this annotator (id) labelled a text in several ways."""

    def conflicts(self) -> Iterator[ConflictInfo]:
        """What merges left to decide, document by document."""

    def merge(self, sources: Sequence[Store], *, dry_run: bool = False) -> MergeReport:
        """Take in all that other projects have and this one has not, in one transaction.

        The order of merges does not matter, and merging again changes nothing. Sources are only
        read. With ``dry_run`` nothing is written. Raises UsageError where the schemas do not go
        together, ProjectError where a project's log and state disagree.
        """

    def unmentioned_actors(self) -> Sequence[Actor]:
        """Actors that no span and no relation refers to."""
