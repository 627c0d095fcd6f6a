"""Citron's quotes: a JSON file a document, each quote with its contents, sources and cue.

A quote is a relation ``attribution`` of one claim, any sources and at most one cue; a claim's
fragments are the contents. Which layers and labels these have is what the schema's roles say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from annotator.core.annotation import Argument, Fragments, Relation, Span
from annotator.core.schema import Schema
from annotator.errors import InputError, NotFoundError
from annotator.formats.base import Carries, Record, Source, Target
from annotator.formats.building import RecordBuilder
from annotator.formats.file_names import FileNames
from annotator.formats.flattening import pieces
from annotator.formats.json_format import JsonFormat, known
from annotator.formats.json_items import first_value
from annotator.formats.loss import quoted
from annotator.formats.record import relations_by_place
from annotator.formats.reducing import OUT

TYPE = "attribution"
_ROLES = {"claim": "CLAIM", "source": "SOURCE", "cue": "CUE"}
_ENDING = ".json"


class Place(Struct):
    """A range of the text; ``text`` is its surface."""

    start: int
    end: int
    text: str | None = None


class Quote(Struct):
    """One attribution."""

    contents: list[Place]
    sources: list[Place] = field(default_factory=list)
    cue: Place | None = None
    coreferences: list[Place] = field(default_factory=list)


class Keys(Struct):
    """A file."""

    text: str
    quotes: list[Quote]
    coreference_groups: list[list[Place]] = field(default_factory=list)


class CitronFormat(JsonFormat):
    """Reads and writes a file for each document."""

    name = "citron"
    title = "Citron quotes, a JSON file a document"
    extensions = (".citron", ".json")
    folder = True
    carries = Carries(name=True, nesting="any", fragments=True, relations=True, n_ary=True)
    hint = "Citron's documentation describes its data format."

    def sniff(self, head: bytes, path: Path) -> float:
        """Sure where an object holds a text and quotes."""
        row = first_value(head)
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            return 0.0
        return 0.95 if isinstance(row.get("quotes"), list) else 0.0

    def records(
        self, row: dict[str, Any], source: Source, place: str, number: int
    ) -> Iterable[Record]:
        """The record of a document."""
        keys = known(row, Keys)
        name = source.name.removesuffix(_ENDING)
        build = RecordBuilder(
            source, keys.text, name=name if number == 1 else f"{name}#{number}", place=place
        )
        spans: dict[tuple[str, Fragments], Span] = {}

        def span(role: str, places: list[Place]) -> tuple[str, Span]:
            fragments = _fragments(places, keys.text, place)
            if (role, fragments) not in spans:
                spans[role, fragments] = build.span(*_label(source.schema, role), fragments)
            return role, spans[role, fragments]

        for quote in keys.quotes:
            if not quote.contents:
                source.losses.add("quote without contents", OUT, place)
                continue
            arguments = [span("claim", quote.contents)]
            arguments += [span("source", [found]) for found in quote.sources]
            arguments += [span("cue", [quote.cue])] if quote.cue is not None else []
            build.relation(TYPE, arguments)
            if quote.coreferences:
                source.losses.add("coreference of a quote", OUT, place, len(quote.coreferences))
        if keys.coreference_groups:
            source.losses.add("group of coreferences", OUT, place, len(keys.coreference_groups))
        return [build.record()]

    def reduce(self, record: Record, target: Target) -> Record:
        """Attributions with a claim, their spans, and nothing else."""
        return _Quotes(super().reduce(record, target), target).record()

    def write(self, records: Iterable[Record], target: Target) -> int:
        """A file a record, called as the document is."""
        names, number = FileNames(), 0
        for record in records:
            number += 1
            name = names.stem(record)
            if name != record.document.name:
                target.losses.add(
                    "document's name", "written as another", f"{record.document.name}: {name}"
                )
            with target.open(f"{name}{_ENDING}") as file:
                data = msgspec.json.encode({"text": record.document.text, "quotes": _rows(record)})
                file.write(msgspec.json.format(data, indent=2) + b"\n")
        return number


FORMAT = CitronFormat()


def _label(schema: Schema, role: str) -> tuple[str, str]:
    """The layer and label that stand in a role: the first that the schema allows there."""
    try:
        found = schema.relation(TYPE).role(role)
        layer = schema.layer(found.layers[0])
    except (NotFoundError, IndexError):
        return role, _ROLES[role]
    return layer.name, next(
        (label.name for label in layer.labels if found.accepts(layer.name, label.name)),
        layer.labels[0].name,
    )


def _fragments(places: list[Place], text: str, where: str) -> Fragments:
    """Ascending, with those that touch or overlap as one. Raises InputError for a wrong surface."""
    found: list[tuple[int, int]] = []
    for place in sorted(places, key=lambda p: (p.start, p.end)):
        if place.text is not None and text[max(0, place.start) : place.end] != place.text:
            raise InputError(
                f"the range {place.start}–{place.end} holds "
                f"{quoted(text[max(0, place.start) : place.end])}, not {quoted(place.text)}"
            )
        if found and place.start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], place.end))
        else:
            found.append((place.start, place.end))
    return tuple(found)


def _rows(record: Record) -> list[dict[str, Any]]:
    spans = {span.id: span for span in record.spans}
    text = record.document.text
    rows = []
    for relation in relations_by_place(record):
        found: dict[str, list[dict[str, Any]]] = {role: [] for role in _ROLES}
        for argument in relation.arguments:
            found[argument.role] += [
                {"start": start, "end": end, "text": text[start:end]}
                for start, end in spans[argument.target].fragments
            ]
        cue = found["cue"][0] if found["cue"] else None
        rows.append({"cue": cue, "sources": found["source"], "contents": found["claim"]})
    return rows


class _Quotes:
    """A record on its way into quotes: what no quote can hold is told and left out."""

    def __init__(self, record: Record, target: Target) -> None:
        self._given = record
        self._target = target
        self._spans = {span.id: span for span in record.spans}
        self._kept: dict[tuple[str, Fragments], Span] = {}
        self._used: set[str] = set()

    def record(self) -> Record:
        relations = [new for old in self._given.relations for new in self._quotes(old)]
        for span in self._given.spans:
            if span.id not in self._used:
                self._lose("span in no attribution", OUT, quoted(span.text))
        return replace(self._given, spans=tuple(self._kept.values()), relations=tuple(relations))

    def _lose(self, kind: str, done: str, example: str) -> None:
        self._target.losses.add(kind, done, f"{self._given.document.name}: {example}")

    def _quotes(self, relation: Relation) -> Iterator[Relation]:
        roles: dict[str, list[Span]] = {role: [] for role in _ROLES}
        for argument in relation.arguments:
            if relation.type == TYPE and argument.role in roles:
                roles[argument.role].append(self._spans[argument.target])
        if not roles["claim"]:
            self._lose(f"relation that is no {TYPE} of a claim", OUT, relation.type)
            return
        if len(roles["claim"]) > 1:
            self._lose(f"{TYPE} of several claims", "written as several quotes", relation.type)
        if len(roles["cue"]) > 1:
            self._lose(f"{TYPE} with several cues", "the first kept", relation.type)
        rest = [a for span in roles["source"] for a in self._arguments("source", span)]
        rest += [a for span in roles["cue"][:1] for a in self._arguments("cue", span)[:1]]
        for n, claim in enumerate(roles["claim"], start=1):
            id = relation.id if n == 1 else f"{relation.id} claim {n}"
            yield replace(relation, id=id, arguments=(self._argument("claim", claim), *rest))

    def _arguments(self, role: str, span: Span) -> list[Argument]:
        """A span of one piece for each fragment."""
        if len(span.fragments) > 1:
            done = "split into its fragments" if role == "source" else "the first fragment kept"
            self._lose(f"{role} with gaps", done, quoted(span.text))
        self._used.add(span.id)
        return [self._argument(role, piece) for piece in pieces(span, self._given.document.text)]

    def _argument(self, role: str, span: Span) -> Argument:
        layer, label = _label(self._target.schema, role)
        self._used.add(span.id)
        if (span.layer, span.label) != (layer, label):
            self._lose(f"label of a {role}", f"read again as {label}", quoted(span.text))
        kept = self._kept.setdefault(
            (role, span.fragments),
            replace(span, id=f"{role} {span.id}", layer=layer, label=label),
        )
        return Argument(role, "span", kept.id)
