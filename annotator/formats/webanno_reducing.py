"""What a record loses on its way into WebAnno TSV beyond what ``carries`` says: blank edges."""

from __future__ import annotations

from msgspec.structs import replace

from annotator.core.annotation import AttributeValues, Relation, Span, surface
from annotator.core.document import Sentence
from annotator.core.ranges import trim
from annotator.formats.loss import Losses, quoted
from annotator.formats.record import Record, sentence_ranges
from annotator.formats.webanno_cells import LABEL, NOTE, RELATION

OUT = "left out"


def for_rows(record: Record, losses: Losses) -> Record:
    """The part of a reduced record that rows of tokens can hold."""
    return _Rows(record, losses).record()


class _Rows:
    def __init__(self, record: Record, losses: Losses) -> None:
        self._record = record
        self._losses = losses
        self._given = record.document.text

    def _lose(self, kind: str, done: str, example: str) -> None:
        self._losses.add(kind, done, f"{self._record.document.name}: {example}")

    def record(self) -> Record:
        text = self._text()
        spans = [found for span in self._record.spans if (found := self._span(span, text))]
        kept = {span.id for span in spans}
        relations = [
            replace(relation, attributes=self._attributes(relation.attributes, relation.type))
            for relation in self._record.relations
            if self._is_whole(relation, kept)
        ]
        return replace(
            self._record,
            document=replace(self._record.document, text=text),
            sentences=tuple(self._sentences()),
            spans=tuple(spans),
            relations=tuple(relations),
        )

    def _text(self) -> str:
        """Begins with spaces only; a file has no place for what stands before all sentences."""
        text = self._given
        body = text.lstrip()
        start = len(text) - len(body)
        if not body:
            if text:
                self._lose("text of white space alone", OUT, quoted(text))
            return ""
        if text[:start].strip(" "):
            self._lose(
                "white space before the first sentence", "written as spaces", quoted(text[:start])
            )
        return " " * start + body

    def _sentences(self) -> list[Sentence]:
        found = []
        ids = {(s.start, s.end): s.id for s in self._record.sentences or ()}
        for start, end in sentence_ranges(self._record):
            trimmed = trim(self._given, start, end)
            if trimmed is None:
                self._lose("sentence of white space alone", OUT, f"{start}–{end}")
                continue
            if trimmed != (start, end):
                self._lose("white space at the edge of a sentence", "trimmed", f"{start}–{end}")
            id = ids.get((start, end), f"sentence {start}-{end}")
            found.append(Sentence(id, self._record.document.id, trimmed.start, trimmed.end))
        return found

    def _span(self, span: Span, text: str) -> Span | None:
        ((start, end),) = span.fragments
        shown = f"{span.label} {quoted(span.text)}"
        trimmed = trim(self._given, start, end)
        if trimmed is None:
            self._lose("span of white space alone", OUT, shown)
            return None
        if trimmed != (start, end):
            self._lose("white space at the edge of a span", "trimmed", shown)
        fragments = ((trimmed.start, trimmed.end),)
        attributes = self._attributes(span.attributes, shown)
        return replace(
            span, fragments=fragments, text=surface(text, fragments), attributes=attributes
        )

    def _attributes(
        self, attributes: tuple[AttributeValues, ...], shown: str
    ) -> tuple[AttributeValues, ...]:
        taken = [a for a in attributes if a.name in (LABEL, NOTE, RELATION)]
        for attribute in taken:
            self._lose(
                "attribute called label, note or relation", OUT, f"{shown}: {attribute.name}"
            )
        return tuple(a for a in attributes if a not in taken)

    def _is_whole(self, relation: Relation, kept: set[str]) -> bool:
        if not relation.arguments:
            self._lose("relation without arguments", OUT, relation.type)
            return False
        if all(argument.target in kept for argument in relation.arguments):
            return True
        self._lose("relation of a span of white space", OUT, relation.type)
        return False
