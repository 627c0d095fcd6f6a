"""Takes out of a record what a format cannot carry, and tells each thing that goes.

This is the one place where anything is dropped on the way out. Reducing a reduced record changes
nothing and loses nothing, and what a format writes of a reduced record it must read again.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any, TypeVar

from msgspec.structs import replace

from annotator.core.annotation import (
    BY_HAND,
    Actor,
    Argument,
    AttributeValues,
    Relation,
    Span,
    UnitLabel,
)
from annotator.core.document import Sentence
from annotator.core.sentences import sentences
from annotator.formats.carries import EVERYTHING, Carries
from annotator.formats.flattening import distinct, on_tokens, pieces, widest
from annotator.formats.loss import Losses, quoted
from annotator.formats.record import (
    SPACES,
    TOKENIZATION,
    Record,
    all_tokens,
    is_spaced,
    relations_in_order,
)

_Annotation = TypeVar("_Annotation", Span, Relation, UnitLabel)
OUT = "left out"


def reduced(record: Record, carries: Carries, losses: Losses) -> Record:
    """The part of the record that a format carries; what is taken out goes into ``losses``."""
    if carries == EVERYTHING:
        return record
    return _Reduction(record, carries, losses).record()


class _Reduction:
    """One record on its way into one format."""

    def __init__(self, record: Record, carries: Carries, losses: Losses) -> None:
        self._given = record
        self._carries = carries
        self._losses = losses
        self._text = record.document.text
        self._kept: dict[str, str] = {}
        """Ids of spans that were there → those they now have."""

    def record(self) -> Record:
        given, carries = self._given, self._carries
        spans = self._spans()
        relations = self._relations()
        if given.suggestions and not carries.suggestions:
            self._lose("suggestion", OUT, "", len(given.suggestions))
        meta = given.document.meta if carries.metadata else self._less_metadata()
        cut = self._sentences()
        return replace(
            given,
            document=replace(given.document, meta=meta),
            sentences=cut,
            done=frozenset() if cut is None else given.done,
            spans=tuple(spans),
            relations=tuple(relations),
            unit_labels=tuple(self._unit_labels()),
            actors=self._actors(spans, relations),
            suggestions=given.suggestions if carries.suggestions else (),
        )

    def _less_metadata(self) -> dict[str, Any]:
        """None, but what makes the tokens where spans lie on them."""
        given = self._given.document
        kept = {} if self._carries.sub_tokens or not is_spaced(given) else {TOKENIZATION: SPACES}
        lost = [str(key) for key in given.meta if key not in kept]
        if lost:
            self._lose("metadata", OUT, ", ".join(lost))
        return kept

    def _actors(self, spans: list[Span], relations: list[Relation]) -> tuple[Actor, ...]:
        """Those that are still mentioned."""
        if self._carries.suggestions and self._given.suggestions:
            return self._given.actors
        used = {s.actor for s in spans} | {a.target for r in relations for a in r.arguments}
        return tuple(a for a in self._given.actors if a.id in used)

    def _lose(self, kind: str, done: str, example: str, count: int = 1) -> None:
        name = self._given.document.name
        self._losses.add(kind, done, f"{name}: {example}" if example else name, count)

    # -- the document ----------------------------------------------------------------------------

    def _sentences(self) -> tuple[Sentence, ...] | None:
        """The cut, unless it is lost; one that the segmenter makes again stays for the writer."""
        cut = self._given.sentences
        if cut is None or self._carries.sentences:
            return cut
        ours = sentences(self._text)
        if [(s.start, s.end) for s in cut] != [(r.start, r.end) for r in ours]:
            self._lose(
                "sentence cut that is not the segmenter's", OUT,
                f"{len(cut)} sentences, not {len(ours)}",
            )  # fmt: skip
            return None
        return cut

    def _unit_labels(self) -> list[UnitLabel]:
        found = []
        for label in self._given.unit_labels:
            is_carried = self._carries.document_labels
            kind = "document label"
            if label.sentence is not None:
                is_carried, kind = self._carries.sentence_labels, "sentence label"
            if not is_carried:
                self._lose(kind, OUT, f"{label.layer} {label.label}")
                continue
            found.append(self._plain(label, label.label, details=self._carries.label_details))
        return found

    # -- the spans -------------------------------------------------------------------------------

    def _spans(self) -> list[Span]:
        spans = [self._bare(span) for span in self._given.spans]
        self._kept = {span.id: span.id for span in spans}
        if not self._carries.fragments:
            spans = [piece for span in spans for piece in self._pieces(span)]
        if not self._carries.sub_tokens:
            spans = self._widened(spans)
        if not self._carries.duplicates:
            spans, repeated = distinct(spans)
            for span, id in repeated:
                self._kept[span.id] = id
                self._lose("duplicate span", "one kept", _shown(span))
        if self._carries.nesting != "any":
            spans = self._flat(spans)
        return spans

    def _bare(self, span: Span) -> Span:
        span = self._plain(span, _shown(span))
        if span.actor is not None and not self._carries.actors:
            self._lose("actor of a span", OUT, _shown(span))
            span = replace(span, actor=None)
        return span

    def _pieces(self, span: Span) -> list[Span]:
        if len(span.fragments) > 1:
            self._lose("span with gaps", "split into its fragments", _shown(span))
        return pieces(span, self._text)

    def _widened(self, spans: list[Span]) -> list[Span]:
        tokens = all_tokens(self._given)
        found = []
        for span in spans:
            wider = on_tokens(span, tokens, self._text)
            if wider is None:
                self._lose("span of white space alone", OUT, _shown(span))
                self._kept.pop(span.id, None)
                continue
            if wider is not span:
                self._lose("edge inside of a token", "widened to whole tokens", _shown(span))
            found.append(wider)
        return found

    def _flat(self, spans: list[Span]) -> list[Span]:
        groups: dict[str, list[Span]] = {}
        for span in spans:
            groups.setdefault(
                span.layer if self._carries.nesting == "between layers" else "", []
            ).append(span)
        kept: list[Span] = []
        for group in groups.values():
            flat, others = widest(group)
            kept += flat
            for span in others:
                self._lose("nested or crossing span", f"{OUT}, the widest kept", _shown(span))
            gone = {span.id for span in others}
            self._kept = {old: new for old, new in self._kept.items() if new not in gone}
        order = {span.id: n for n, span in enumerate(spans)}
        return sorted(kept, key=lambda s: order[s.id])

    # -- the relations ---------------------------------------------------------------------------

    def _relations(self) -> list[Relation]:
        found: list[tuple[int, Relation]] = []
        held: set[str] = set()
        order = {relation.id: n for n, relation in enumerate(self._given.relations)}
        for relation in relations_in_order(self._given):
            if not self._carries.relations:
                self._lose("relation", OUT, relation.type)
                continue
            bare = self._plain(relation, relation.type, details=self._carries.relation_details)
            arguments = self._arguments(relation, held)
            pairs = [arguments] if self._carries.n_ary else self._pairs(relation, arguments)
            for n, pair in enumerate(pairs, start=1):
                id = relation.id if n == 1 else f"{relation.id} pair {n}"
                found.append((order[relation.id], replace(bare, id=id, arguments=tuple(pair))))
                held.add(id)
        return [relation for _, relation in sorted(found, key=itemgetter(0))]

    def _arguments(self, relation: Relation, held: set[str]) -> list[Argument]:
        found = []
        for argument in relation.arguments:
            example = f"{relation.type} {argument.role}"
            match argument.kind:
                case "span" if argument.target not in self._kept:
                    self._lose("argument of a relation", f"{OUT} with its span", example)
                case "span":
                    found.append(replace(argument, target=self._kept[argument.target]))
                case "actor" if not self._carries.actor_arguments:
                    self._lose("actor as an argument", OUT, example)
                case "relation" if not self._carries.relation_arguments:
                    self._lose("relation as an argument", OUT, example)
                case "relation" if argument.target not in held:
                    self._lose("argument of a relation", f"{OUT} with its relation", example)
                case _:
                    found.append(argument)
        return found

    def _pairs(self, relation: Relation, arguments: list[Argument]) -> list[list[Argument]]:
        if len(arguments) < 2:
            self._lose("relation of fewer than two", OUT, relation.type)
            return []
        if len(arguments) == 2:
            return [arguments]
        self._lose("relation of more than two", "split into pairs", relation.type)
        role = arguments[0].role
        firsts = [a for a in arguments if a.role == role]
        others = [a for a in arguments if a.role != role]
        if not others:
            firsts, others = firsts[:1], firsts[1:]
        return [[first, other] for first in firsts for other in others]

    # -- what any annotation may have ------------------------------------------------------------

    def _plain(self, item: _Annotation, example: str, details: bool = True) -> _Annotation:
        carries = self._carries
        attributes = self._attributes(item.attributes, example, details)
        note, flagged, origin = item.note, item.flagged, item.origin
        if note is not None and not (details and carries.notes):
            self._lose("note", OUT, f"{example}: {quoted(note)}")
            note = None
        if flagged and not (details and carries.flags):
            self._lose("flag", OUT, example)
            flagged = False
        if origin != BY_HAND and not (details and carries.engines):
            self._lose("engine and score", OUT, example)
            origin = BY_HAND
        return replace(item, attributes=attributes, note=note, flagged=flagged, origin=origin)

    def _attributes(
        self, attributes: tuple[AttributeValues, ...], example: str, details: bool
    ) -> tuple[AttributeValues, ...]:
        carries, found = self._carries, []
        for attribute in attributes:
            where = f"{example}: {attribute.name}"
            if not (details and carries.attributes):
                self._lose("attribute", OUT, where)
                continue
            if len(attribute.values) != 1 and not carries.attribute_lists:
                if not attribute.values:
                    self._lose("attribute without a value", OUT, where)
                    continue
                self._lose("attribute with several values", "the first kept", where)
                attribute = replace(attribute, values=attribute.values[:1])
            if attribute.uncertain and not carries.uncertainty:
                self._lose("uncertain attribute", "written as certain", where)
                attribute = replace(attribute, uncertain=False)
            found.append(attribute)
        return tuple(found)


def _shown(span: Span) -> str:
    return f"{span.label} {quoted(span.text)}"
