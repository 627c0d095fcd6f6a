"""What a session reads of its document besides the text and the cut; may be read in any thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from annotator.core.annotation import DocumentMark, SentenceMark
from annotator.core.annotation_set import AnnotationSet
from annotator.workflow.thresholds import thresholds

if TYPE_CHECKING:
    from annotator.workflow.annotate import AnnotateSession


class Rest(Struct, frozen=True):
    """All that an annotator made in a document, by id and place; marks by their sentences' ids."""

    annotations: AnnotationSet
    marks: dict[str, SentenceMark]
    document_mark: DocumentMark | None


def read_rest(session: AnnotateSession) -> Rest:
    """Read it, and change nothing of the session.

    Raises SchemaChangedError where it may be of another schema than the session's.
    """
    found = session.store.annotations(session.document.id, session.annotator.id)
    held = AnnotationSet(
        found.spans, found.relations, found.unit_labels, found.suggestions, found.actors
    )
    held.suggested.set_thresholds(thresholds(session.store, session.schema))
    marks = {mark.sentence: mark for mark in found.sentence_marks}
    session.store.check_schema()
    return Rest(held, marks, found.document_mark)
