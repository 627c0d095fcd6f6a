"""One document with one annotator's annotations, as it is printed."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.core.annotation import AttributeValues, Relation, Span, UnitLabel
from annotator.core.annotation_set import AnnotationSet
from annotator.core.document import Document, Sentence
from annotator.core.link_tags import TagIndex
from annotator.core.safe_text import safe
from annotator.core.schema import Schema
from annotator.store.base import Store
from annotator.workflow.thresholds import thresholds


class AnnotatedDocument:
    """What is printed of a document (id), all of it in memory. NotFoundError where there is none.

    ``done`` are the ids of the sentences that are, ``unit_labels`` the labels by the sentence (id),
    under None those of the document.
    """

    def __init__(self, store: Store, document_id: str, annotator_id: str) -> None:
        self.document: Document = store.document(document_id)
        self.schema: Schema = store.schema()
        self.sentences: Sequence[Sentence] = store.sentences(document_id)
        made = store.annotations(document_id, annotator_id)
        self.annotations = AnnotationSet(
            made.spans, made.relations, made.unit_labels, made.suggestions, made.actors
        )
        self.annotations.suggested.set_thresholds(thresholds(store, self.schema))
        self.done = {mark.sentence for mark in made.sentence_marks if mark.done}
        self.status = made.document_mark.status if made.document_mark else "open"
        self.tags = TagIndex(self.schema, made.spans)
        self.unit_labels: dict[str | None, list[UnitLabel]] = {}
        for label in made.unit_labels:
            self.unit_labels.setdefault(label.sentence, []).append(label)

    def ends_paragraph(self, ordinal: int) -> bool:
        """Whether a paragraph ends between a sentence, by its number from 0, and the next."""
        before, behind = self.sentences[ordinal], self.sentences[ordinal + 1]
        gap = self.document.text[before.end : behind.start].replace("\r\n", "\n")
        return gap.count("\n") + gap.count("\r") > 1 or "\u2029" in gap


def particulars(made: Span | Relation | UnitLabel) -> list[str]:
    """Attributes, flag and note of an annotation, safe to print."""
    found = [_attribute(values) for values in made.attributes]
    if made.flagged:
        found.append("doubtful")
    if made.note:
        found.append(f"note: {safe(' '.join(made.note.split()))}")
    return found


def _attribute(attribute: AttributeValues) -> str:
    values = " and ".join(safe(value) for value in attribute.values)
    return f"{safe(attribute.name)} {values}{' (uncertain)' if attribute.uncertain else ''}"
