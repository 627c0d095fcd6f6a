"""Makes the record of a document that was read, and checks it: what every reader needs.

Ids are made of what an annotation says (layer, label, offsets), so that reading a file again, or
another file with the same annotations, gives the same ids within the document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Any, Literal

from annotator.core.annotation import (
    BY_HAND,
    Actor,
    Argument,
    AttributeValues,
    Fragments,
    Origin,
    Relation,
    Span,
    Suggestion,
    UnitLabel,
    surface,
)
from annotator.core.document import Document, Sentence
from annotator.errors import InputError
from annotator.formats.check import problems
from annotator.formats.record import Record
from annotator.formats.source import Source

SHOWN_PROBLEMS = 5


class RecordBuilder:
    """Takes what a file says of one document, piece by piece, and gives the checked record.

    All offsets are code points of ``text``, half-open; ``place`` is the document's ``file:line``.
    """

    def __init__(
        self,
        source: Source,
        text: str,
        *,
        name: str = "",
        place: str = "",
        id: str = "",
        meta: dict[str, Any] | None = None,
        annotator: str | None = None,
        sha256: str = "",
        encoding: str = "utf-8",
    ) -> None:
        self.text = text
        self._place = place or source.shown
        self._annotator = annotator
        self._document = Document(
            id=id, name=name or source.name, text=text, sha256=sha256, encoding=encoding,
            source=source.shown, meta=meta or {},
        )  # fmt: skip
        self._seen: Counter[str] = Counter()
        self._sentences: list[Sentence] | None = None
        self.spans: list[Span] = []
        self.relations: list[Relation] = []
        self.unit_labels: list[UnitLabel] = []
        self.actors: dict[str, Actor] = {}
        self.suggestions: list[Suggestion] = []

    def sentences(self, ranges: Iterable[tuple[int, int]]) -> list[Sentence]:
        """Set the cut, given in order; else the segmenter makes one."""
        self._sentences = [
            Sentence(f"sentence {start}-{end}", self._document.id, start, end)
            for start, end in ranges
        ]
        return self._sentences

    def span(
        self,
        layer: str,
        label: str,
        fragments: Fragments,
        *,
        attributes: tuple[AttributeValues, ...] = (),
        actor: str | None = None,
        note: str | None = None,
        flagged: bool = False,
        origin: Origin = BY_HAND,
    ) -> Span:
        """Add a span, and give it, for relations to refer to."""
        where = " ".join(f"{start}-{end}" for start, end in fragments)
        span = self.proposed_span(
            layer, label, fragments, self._id(f"{layer} {label} {where}"), attributes=attributes,
            actor=actor, note=note, flagged=flagged, origin=origin,
        )  # fmt: skip
        self.spans.append(span)
        return span

    def proposed_span(
        self, layer: str, label: str, fragments: Fragments, id: str, **rest: Any
    ) -> Span:
        """A span that is not added, for a suggestion."""
        return Span(
            id=id, document=self._document.id, annotator="", layer=layer, label=label,
            fragments=fragments, text=surface(self.text, fragments), **rest,
        )  # fmt: skip

    def relation(
        self,
        type: str,
        arguments: Iterable[tuple[str, Span | Relation | Actor]],
        *,
        attributes: tuple[AttributeValues, ...] = (),
        note: str | None = None,
        flagged: bool = False,
        origin: Origin = BY_HAND,
    ) -> Relation:
        """Add a relation between what was added before, as (role, argument)."""
        found = tuple(Argument(role, _kind(target), target.id) for role, target in arguments)
        said = "; ".join(f"{a.role} {a.target}" for a in found)
        relation = Relation(
            id=self._id(f"{type} ({said})"), document=self._document.id, annotator="", type=type,
            arguments=found, attributes=attributes, note=note, flagged=flagged, origin=origin,
        )  # fmt: skip
        self.relations.append(relation)
        return relation

    def unit_label(
        self,
        layer: str,
        label: str,
        sentence: str | None = None,
        *,
        attributes: tuple[AttributeValues, ...] = (),
        note: str | None = None,
        flagged: bool = False,
        origin: Origin = BY_HAND,
    ) -> UnitLabel:
        """Add a label on a sentence (by id) or on the document."""
        found = UnitLabel(
            id=self._id(f"{layer} {label} {sentence or 'document'}"), document=self._document.id,
            annotator="", layer=layer, label=label, sentence=sentence, attributes=attributes,
            note=note, flagged=flagged, origin=origin,
        )  # fmt: skip
        self.unit_labels.append(found)
        return found

    def actor(
        self,
        name: str,
        *,
        kind: str = "",
        aliases: tuple[str, ...] = (),
        links: tuple[tuple[str, str], ...] = (),
        note: str | None = None,
    ) -> Actor:
        """The actor of that name, kind and links, added where it is new."""
        id = f"actor {name}" + "".join(f" {part}" for part in (kind, *map(":".join, links)) if part)
        return self.actors.setdefault(
            id, Actor(id, name, kind=kind, aliases=aliases, links=links, note=note)
        )

    def suggestion(self, proposed: Span | Relation | UnitLabel) -> Suggestion:
        """Add a proposal that nobody has decided on."""
        found = Suggestion(
            id=self._id(f"suggestion {proposed.id} {proposed.origin.engine or ''}"),
            document=self._document.id, annotator="", proposed=proposed,
        )  # fmt: skip
        self.suggestions.append(found)
        return found

    def record(self, *, status: Literal["open", "done"] = "open") -> Record:
        """The record. Raises InputError, with the first problems, where it does not hold."""
        record = Record(
            document=self._document,
            sentences=None if self._sentences is None else tuple(self._sentences),
            spans=tuple(self.spans),
            relations=tuple(self.relations),
            unit_labels=tuple(self.unit_labels),
            actors=tuple(self.actors.values()),
            suggestions=tuple(self.suggestions),
            annotator=self._annotator,
            status=status,
            place=self._place,
        )
        found = list(islice(problems(record), SHOWN_PROBLEMS + 1))
        if found:
            raise InputError(problem_summary(found))
        return record

    def _id(self, said: str) -> str:
        """An id made of what is said, numbered where it is said again."""
        self._seen[said] += 1
        count = self._seen[said]
        return said if count == 1 else f"{said} #{count}"


def problem_summary(found: list[str]) -> str:
    """Several problems of one record as one message, cut after the first few."""
    shown = found[:SHOWN_PROBLEMS]
    if len(found) > len(shown):
        shown.append("and more")
    return "; ".join(shown)


def _kind(target: Span | Relation | Actor) -> Literal["span", "relation", "actor"]:
    match target:
        case Span():
            return "span"
        case Relation():
            return "relation"
        case Actor():
            return "actor"
