"""How messages speak of a record: its kind, what it says, and where."""

from __future__ import annotations

from typing import Final

from annotator.core.annotation import (
    Actor,
    Conflict,
    Record,
    Relation,
    Span,
    Suggestion,
    UnitLabel,
)
from annotator.core.document import Sentence

_SHOWN: Final = 40
"""Characters of a text that a message quotes."""


def named(record: Record) -> str:
    """The record in a message: its kind, what it says, and where."""
    if isinstance(record, Span):
        if not record.fragments:
            return f"{record.label} {quoted(record.text)}"
        return f"{record.label} {quoted(record.text)} at {record.start}–{record.end}"
    if isinstance(record, Relation):
        return f"the relation {record.type} {record.id}"
    if isinstance(record, UnitLabel):
        return f"the {record.layer} label {record.label}"
    if isinstance(record, Actor):
        return f"the actor {quoted(record.name)}"
    if isinstance(record, Sentence):
        return f"the sentence at {record.start}–{record.end}"
    if isinstance(record, Suggestion):
        return f"the suggestion of {named(record.proposed)}"
    if isinstance(record, Conflict):
        return f"the conflict about {'a deletion' if record.other is None else named(record.other)}"
    return "the mark of a sentence" if hasattr(record, "sentence") else "the mark of the document"


def quoted(text: str) -> str:
    """A text as a message shows it: in quotation marks, escaped, and cut where it is long."""
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")
