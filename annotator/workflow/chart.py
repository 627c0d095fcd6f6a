"""The records of a document laid out for the doctor's checks, and what the checks give."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct

from annotator.core.annotation import Record, Span
from annotator.core.document import Document, Sentence
from annotator.core.naming import named
from annotator.core.schema import Schema
from annotator.formats.check import fragment_problems
from annotator.store.upkeep import Finding, Replayed


class Treatment(Struct, frozen=True):
    """What a record is to become (None: gone), and what to say of it."""

    after: Record | None
    words: str
    undoable: bool = False


class Diagnosis(Struct, frozen=True):
    """A finding, the record it is about, and how to mend it where that is safe."""

    finding: Finding
    item: Replayed | None = None
    treatment: Treatment | None = None


class Chart:
    """The records of one document (None: the project's actors), and the schema, if it is read."""

    def __init__(
        self, document: Document | None, schema: Schema | None, items: tuple[Replayed, ...]
    ) -> None:
        self.document = document
        self.schema = schema
        self.items = items

    @cached_property
    def stored(self) -> dict[tuple[str, str], Replayed]:
        """What is there, by kind and id."""
        return {(i.kind, i.id): i for i in self.items if i.stored is not None}

    def is_sound(self, record: Record, missing: tuple[tuple[str, str], ...]) -> bool:
        """Whether a record could be written: it lies in the text and refers to what is there."""
        text = "" if self.document is None else self.document.text
        if isinstance(record, Span):
            return not missing and not any(fragment_problems(record, text))
        if isinstance(record, Sentence):
            return 0 <= record.start < record.end <= len(text)
        return not missing

    def diagnosis(
        self, kind: str, item: Replayed, message: str, advice: str, cure: Treatment | None = None
    ) -> Diagnosis:
        """A finding about a record."""
        return Diagnosis(
            Finding(
                kind=kind,
                message=message,
                advice=advice,
                document=None if self.document is None else self.document.name,
                annotation=None if item.record is None else named(item.record),
                id=item.id,
            ),
            item,
            cure,
        )
