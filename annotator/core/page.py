"""One document as what looks through it sees it, and the places that are found there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from annotator.core.annotation import Annotation, Relation, Span
from annotator.core.annotation_set import AnnotationSet
from annotator.core.naming import quoted
from annotator.core.schema import NO_SCHEMA, Schema
from annotator.core.sentence_list import SentenceList

_AROUND = 30
"""Code points shown at each side of a place."""


class Stop(NamedTuple):
    """A place that was found: [start, end) in code points of a document (id).

    ``target`` is the annotation meant, if one is; ``title`` says in words what was found, and is
    empty where the text itself does.
    """

    document: str
    start: int
    end: int
    title: str = ""
    target: str | None = None


def in_order(stops: Iterable[Stop]) -> list[Stop]:
    """Stops of one document in the order of the text."""
    return sorted(stops, key=lambda s: (s.start, s.end, s.title, s.target or ""))


class Page:
    """A document (id) with its text, its cut and one annotator's annotations."""

    def __init__(
        self,
        document: str,
        text: str,
        sentences: SentenceList,
        annotations: AnnotationSet | None = None,
        schema: Schema = NO_SCHEMA,
        done: Iterable[str] = (),
    ) -> None:
        """``done`` are the ids of the sentences that the annotator is done with."""
        self.document = document
        self.text = text
        self.sentences = sentences
        self.annotations = AnnotationSet() if annotations is None else annotations
        self.schema = schema
        self.done = frozenset(done)

    @cached_property
    def ordinals(self) -> dict[str, int]:
        """The number, from 0, of each sentence by its id."""
        return {self.sentences.id_of(n): n for n in range(len(self.sentences))}

    def place_of(self, annotation: Annotation) -> tuple[int, int]:
        """Where an annotation lies: of a label its sentence, of a relation its first span."""
        if isinstance(annotation, Span):
            return annotation.start, annotation.end
        if isinstance(annotation, Relation):
            spans = self.annotations.spans
            found = [spans[a.target] for a in annotation.arguments if a.target in spans]
            return min(((s.start, s.end) for s in found), default=(0, 0))
        ordinal = self.ordinals.get(annotation.sentence or "")
        if ordinal is None:
            return 0, 0
        return self.sentences.starts[ordinal], self.sentences.ends[ordinal]

    def made(self) -> Iterator[Annotation]:
        """All annotations, in no order."""
        held = self.annotations
        return chain(held.spans.values(), held.unit_labels.values(), held.relations.values())

    def stop(self, annotation: Annotation, title: str = "") -> Stop:
        """The place of an annotation."""
        return Stop(self.document, *self.place_of(annotation), title, annotation.id)

    def sentence_number(self, offset: int) -> int:
        """The number, from 1, of the sentence at a code point; 0 where there is none."""
        return self.sentences.ordinal_at(offset) + 1 if self.sentences else 0


def around(text: str, start: int, end: int) -> str:
    """The words at [start, end) with some of what stands beside them, in one line."""
    last = min(end, start + 2 * _AROUND)
    before, behind = max(0, start - _AROUND), min(len(text), last + _AROUND)
    words = " ".join(text[before:behind].split())
    return f"{'…' if before else ''}{words}{'…' if behind < len(text) else ''}"


def label_of(annotation: Annotation) -> str:
    """The annotation's label, or a relation's type."""
    return annotation.type if isinstance(annotation, Relation) else annotation.label


def layer_of(annotation: Annotation) -> str:
    """The annotation's layer, or a relation's type."""
    return annotation.type if isinstance(annotation, Relation) else annotation.layer


def named(annotation: Annotation, page: Page) -> str:
    """The annotation's label and the words it is about."""
    return f"{label_of(annotation)} {quoted(' … '.join(words_of(annotation, page)))}"


def words_of(annotation: Annotation, page: Page) -> Iterator[str]:
    """The text an annotation lies on: its own, its sentence's, or those of its arguments."""
    if isinstance(annotation, Span):
        yield annotation.text
    elif isinstance(annotation, Relation):
        spans = page.annotations.spans
        yield from (spans[a.target].text for a in annotation.arguments if a.target in spans)
    else:
        start, end = page.place_of(annotation)
        yield page.text[start:end]
