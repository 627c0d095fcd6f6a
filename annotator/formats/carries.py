"""What a format can carry, feature by feature: declared once, obeyed by ``reducing``, and told.

The rows of :data:`FEATURES` are those of the loss matrix in docs/formats.md.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Nesting = Literal["none", "between layers", "any"]


class Carries(Struct, frozen=True, kw_only=True):
    """What a format holds of a record. Text, span layers, labels and offsets all of them hold.

    What is False is taken out of the records before the format sees them, and told as a loss. Only
    ``bookkeeping`` is not: ids, who annotated, what is marked done, the schema's name, the
    encoding and hash of the file.
    """

    text: bool = True
    """Every character; else tokens alone, with a space or nothing between them."""
    name: bool = False
    """The document's name."""
    metadata: bool = False
    sentences: bool = False
    """The cut into sentences."""
    sentence_labels: bool = False
    document_labels: bool = False
    label_details: bool = False
    """Attributes, notes, flags and engines of sentence and document labels, as far as spans'."""
    nesting: Nesting = "none"
    """Nested and crossing spans."""
    duplicates: bool = False
    """Two spans of one label on the very same text."""
    fragments: bool = False
    """Spans with gaps."""
    sub_tokens: bool = True
    """Spans that begin or end inside of a token."""
    attributes: bool = False
    attribute_lists: bool = False
    """Attributes with several values, or none."""
    uncertainty: bool = False
    notes: bool = False
    flags: bool = False
    engines: bool = False
    """Engine, version and score of what a suggestion became."""
    actors: bool = False
    relations: bool = False
    n_ary: bool = False
    """Relations of any number of arguments; else just two."""
    relation_arguments: bool = False
    actor_arguments: bool = False
    relation_details: bool = False
    """Attributes, notes, flags and engines of relations, as far as spans'."""
    suggestions: bool = False
    bookkeeping: bool = False


EVERYTHING = Carries(
    name=True, metadata=True, sentences=True, sentence_labels=True, document_labels=True,
    label_details=True, nesting="any", duplicates=True, fragments=True, attributes=True,
    attribute_lists=True, uncertainty=True, notes=True, flags=True, engines=True, actors=True,
    relations=True, n_ary=True, relation_arguments=True, actor_arguments=True,
    relation_details=True, suggestions=True, bookkeeping=True,
)  # fmt: skip
"""As the native record does."""

FEATURES: dict[str, str] = {
    "text": "every character of the text",
    "name": "document's name",
    "metadata": "metadata",
    "sentences": "cut into sentences",
    "sentence_labels": "sentence labels",
    "document_labels": "document labels",
    "label_details": "attributes and notes of these",
    "nesting": "nested and crossing spans",
    "duplicates": "duplicate spans",
    "fragments": "spans with gaps",
    "sub_tokens": "edges inside of tokens",
    "attributes": "attributes",
    "attribute_lists": "several values, or none",
    "uncertainty": "uncertainty",
    "notes": "notes",
    "flags": "flags",
    "engines": "engine and score",
    "actors": "actors",
    "relations": "relations",
    "n_ary": "relations of more than two",
    "relation_arguments": "relations as arguments",
    "actor_arguments": "actors as arguments",
    "relation_details": "attributes and notes of relations",
    "suggestions": "suggestions",
    "bookkeeping": "ids, annotator, marks, hash",
}
"""The fields of :class:`Carries` and what people call them."""
