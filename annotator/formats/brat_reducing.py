"""What a record loses on its way into brat files beyond what ``carries`` says.

Nothing in an ``.ann`` file holds a line end: spans keep theirs inside, not at their edges.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from annotator.core.annotation import Actor, Argument, Fragments, Relation, Span, surface
from annotator.core.ranges import trim
from annotator.formats.brat_lines import BREAKS, is_broken_line
from annotator.formats.brat_words import ACTOR
from annotator.formats.loss import Losses, quoted
from annotator.formats.record import Record, relations_in_order

OUT = "left out"
CUES = ("trigger", "cue")
"""Roles whose words are an event's trigger before others."""


def for_lines(record: Record, losses: Losses) -> Record:
    """The part of a reduced record that lines can hold."""
    reduction = _Lines(record, losses)
    spans = reduction.spans()
    relations = reduction.relations({span.id: span.fragments for span in spans})
    actors, merged = reduction.actors({span.actor for span in spans})
    return replace(
        record,
        spans=tuple(replace(s, actor=merged.get(s.actor or "")) for s in spans),
        relations=tuple(relations),
        actors=tuple(actors),
    )


def anchors(relations: Iterable[Relation], places: dict[str, Fragments]) -> dict[str, Fragments]:
    """What the trigger of each relation covers: the cue, else the shortest argument.

    ``places`` holds the spans' fragments. Relations come behind those that are their arguments;
    one that touches no text has no anchor.
    """
    found: dict[str, Fragments] = {}
    for relation in relations:
        held = [
            (argument.role not in CUES, argument.kind != "span", _length(place), place)
            for argument in relation.arguments
            if (place := places.get(argument.target) or found.get(argument.target))
        ]
        if held:
            found[relation.id] = min(held)[-1]
    return found


def _length(fragments: Fragments) -> int:
    return sum(end - start for start, end in fragments)


class _Lines:
    def __init__(self, record: Record, losses: Losses) -> None:
        self._record = record
        self._losses = losses
        self._text = record.document.text

    def _lose(self, kind: str, done: str, example: str) -> None:
        self._losses.add(kind, done, f"{self._record.document.name}: {example}")

    def spans(self) -> list[Span]:
        found = []
        for span in self._record.spans:
            fragments = self._fragments(span)
            if not fragments:
                continue
            if fragments != span.fragments:
                text = surface(self._text, fragments)
                span = replace(span, fragments=fragments, text=text)
            found.append(replace(span, note=self._note(span.note)))
        return found

    def _fragments(self, span: Span) -> Fragments:
        """Without line ends at edges, and joined where a line end alone parts two."""
        shown = f"{span.label} {quoted(span.text)}"
        fragments = self._joined(span.fragments, shown)
        while (simpler := self._joined(self._trimmed(fragments, shown), shown)) != fragments:
            fragments = simpler
        return fragments

    def _trimmed(self, fragments: Fragments, shown: str) -> Fragments:
        found: list[tuple[int, int]] = []
        for start, end in fragments:
            if BREAKS.isdisjoint(self._text[start:end]):
                found.append((start, end))
                continue
            trimmed = trim(self._text, start, end)
            if trimmed is None:
                self._lose("piece of a span of line ends alone", OUT, shown)
                continue
            if trimmed != (start, end):
                self._lose("line end at the edge of a span", "trimmed", shown)
            found.append((trimmed.start, trimmed.end))
        return tuple(found)

    def _joined(self, fragments: Fragments, shown: str) -> Fragments:
        found: list[tuple[int, int]] = []
        for start, end in fragments:
            if found and is_broken_line(self._text[found[-1][1] : start]):
                self._lose("gap that is a line end", "closed", shown)
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
        return tuple(found)

    def _note(self, note: str | None) -> str | None:
        if note is None or BREAKS.isdisjoint(note):
            return note
        self._lose("line end in a note", "written as a space", quoted(note))
        return "".join(" " if c in BREAKS else c for c in note)

    def relations(self, places: dict[str, Fragments]) -> list[Relation]:
        order = list(relations_in_order(self._record))
        found: dict[str, Relation] = {}
        anchored = anchors(order, places)
        for relation in order:
            if relation.id not in anchored:
                self._lose("relation that touches no text", OUT, relation.type)
                continue
            kept = tuple(a for a in relation.arguments if a.target in places or a.target in found)
            for argument in (a for a in relation.arguments if a not in kept):
                self._lose_argument(relation, argument)
            note = self._note(relation.note)
            found[relation.id] = replace(relation, arguments=kept, note=note)
        return [found[r.id] for r in self._record.relations if r.id in found]

    def _lose_argument(self, relation: Relation, argument: Argument) -> None:
        kind = "relation" if argument.kind == "relation" else "span"
        example = f"{relation.type} {argument.role}"
        self._lose("argument of a relation", f"{OUT} with its {kind}", example)

    def actors(self, mentioned: set[str | None]) -> tuple[list[Actor], dict[str, str]]:
        """Actors by name and links alone, those alike as one, and what became of each id."""
        found: dict[tuple[str, tuple[tuple[str, str], ...]], Actor] = {}
        merged: dict[str, str] = {}
        for actor in self._record.actors:
            if actor.id not in mentioned:
                self._lose("actor that nothing mentions any more", OUT, actor.name)
                continue
            for lost in ("kind", "aliases", "note"):
                if getattr(actor, lost):
                    self._lose(f"actor's {lost}", OUT, actor.name)
            links = tuple(link for link in actor.links if _is_writable(link))
            for scheme, value in (link for link in actor.links if link not in links):
                self._lose("link of an actor that no line can hold", OUT, f"{scheme}:{value}")
            name = self._name(actor.name)
            plain = Actor(actor.id, name, links=links)
            kept = found.setdefault((name, tuple(sorted(links))), plain)
            if kept is not plain:
                self._lose("actor like another in name and links", "one kept", name)
            merged[actor.id] = kept.id
        return list(found.values()), merged

    def _name(self, name: str) -> str:
        kept = "".join(" " if c in BREAKS else c for c in name)
        if kept != name:
            self._lose("line end in an actor's name", "written as a space", quoted(name))
        return kept


def _is_writable(link: tuple[str, str]) -> bool:
    scheme, value = link
    plain = scheme and value and ":" not in scheme and scheme != ACTOR
    return bool(plain) and not any(c.isspace() for c in scheme + value)
