"""What annotators make: spans, relations, unit labels, actors, marks and suggestions.

All are immutable values. Offsets are code points of ``Document.text``, half-open. An edit replaces
one value by another (see ``edits``); ``revision`` goes up with each, for optimistic locking.
Values cannot form cycles, so the garbage collector need not look at them (``gc=False``).
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from msgspec import Struct

from annotator.core.document import Sentence

Fragments: TypeAlias = tuple[tuple[int, int], ...]
"""One or more half-open ranges, ascending, not touching or overlapping each other."""


class Origin(Struct, frozen=True, gc=False, omit_defaults=True):
    """Where an annotation comes from: an engine's suggestion, or (all empty) a person's hand."""

    engine: str | None = None
    version: str | None = None
    score: float | None = None


BY_HAND = Origin()

GOLD: Final = "gold"
"""The name of the annotator whose annotations are the reference."""


class AttributeValues(Struct, frozen=True, gc=False):
    """The values one attribute holds on one annotation, and whether the annotator doubts them."""

    name: str
    values: tuple[str, ...]
    uncertain: bool = False


class Span(Struct, frozen=True, gc=False, tag_field="record", tag="span"):
    """A label on one or more fragments of a document, made by one annotator.

    ``text`` is the surface: the fragments' slices joined by one space. It is kept so that every
    reader of the file can check the offsets.
    """

    id: str
    document: str
    annotator: str
    layer: str
    label: str
    fragments: Fragments
    text: str
    attributes: tuple[AttributeValues, ...] = ()
    actor: str | None = None
    note: str | None = None
    flagged: bool = False
    origin: Origin = BY_HAND
    revision: int = 1

    @property
    def start(self) -> int:
        """First code point of the first fragment."""
        return self.fragments[0][0]

    @property
    def end(self) -> int:
        """One past the last code point of the last fragment."""
        return self.fragments[-1][1]


class Argument(Struct, frozen=True, gc=False):
    """One filler of a role: a span, another relation or an actor, by id."""

    role: str
    kind: Literal["span", "relation", "actor"]
    target: str


class Relation(Struct, frozen=True, gc=False, tag_field="record", tag="relation"):
    """A typed link between any number of arguments, in their given order."""

    id: str
    document: str
    annotator: str
    type: str
    arguments: tuple[Argument, ...]
    attributes: tuple[AttributeValues, ...] = ()
    note: str | None = None
    flagged: bool = False
    origin: Origin = BY_HAND
    revision: int = 1


class UnitLabel(Struct, frozen=True, gc=False, tag_field="record", tag="unit_label"):
    """A label on a whole sentence, or (``sentence`` is None) on the whole document."""

    id: str
    document: str
    annotator: str
    layer: str
    label: str
    sentence: str | None = None
    attributes: tuple[AttributeValues, ...] = ()
    note: str | None = None
    flagged: bool = False
    origin: Origin = BY_HAND
    revision: int = 1


class Actor(Struct, frozen=True, gc=False, tag_field="record", tag="actor"):
    """A person, group or thing of the world that spans mention; one record for the whole project.

    ``links`` are (scheme, value) pairs such as ``("wikidata", "Q2429253")``.
    """

    id: str
    name: str
    kind: str = ""
    aliases: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    note: str | None = None
    revision: int = 1


class SentenceMark(Struct, frozen=True, gc=False, tag_field="record", tag="sentence_mark"):
    """One annotator's word that a sentence is done. ``id`` is ``sentence_id:annotator_id``."""

    id: str
    document: str
    annotator: str
    sentence: str
    done: bool = True
    revision: int = 1


class DocumentMark(Struct, frozen=True, gc=False, tag_field="record", tag="document_mark"):
    """One annotator's state of a document. ``id`` is ``document_id:annotator_id``."""

    id: str
    document: str
    annotator: str
    status: Literal["open", "done"] = "open"
    revision: int = 1


class Suggestion(Struct, frozen=True, gc=False, tag_field="record", tag="suggestion"):
    """A proposal, never an annotation until a person accepts it.

    ``proposed`` is the annotation it would become. ``state`` goes from ``open`` to ``accepted``
    (``result`` names the annotation made), ``corrected`` or ``rejected``. Belongs to one annotator.
    """

    id: str
    document: str
    annotator: str
    proposed: Span | Relation | UnitLabel
    state: Literal["open", "accepted", "corrected", "rejected"] = "open"
    result: str | None = None
    revision: int = 1


Annotation: TypeAlias = Span | Relation | UnitLabel
Contested: TypeAlias = (
    Span | Relation | UnitLabel | Actor | Sentence | SentenceMark | DocumentMark | Suggestion
)


class Conflict(Struct, frozen=True, gc=False, tag_field="record", tag="conflict"):
    """A version of a record that a merge of project files kept, but did not put in force.

    ``kind`` and ``target`` name the record; ``other`` is the version that is not in force (None:
    the record deleted), and ``edit`` the edit that made it. ``document`` is where that edit was
    made. Once a person has chosen, ``state`` is ``settled``.
    """

    id: str
    document: str | None
    kind: str
    target: str
    edit: str
    other: Contested | None
    state: Literal["open", "settled"] = "open"
    revision: int = 1


Record: TypeAlias = Contested | Conflict
"""Anything an edit may create, replace or delete; as JSON, its kind is in the key ``record``."""


def surface(text: str, fragments: Fragments) -> str:
    """The fragments' slices of ``text`` joined by one space (the convention of brat standoff)."""
    return " ".join(text[start:end] for start, end in fragments)


def mark_id(thing: str, annotator: str) -> str:
    """The id of a mark: one per sentence or document and annotator, on every machine the same."""
    return f"{thing}:{annotator}"
