"""Any spaCy pipeline that is installed or lies in a folder: its entities, as the schema's labels.

``annotator suggest train --engine spacy --from en_core_web_sm`` names it. A label of the pipeline
goes to the label of the same name, or to one that usually means the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from annotator.core.schema import Schema
from annotator.errors import InputError, UsageError
from annotator.suggest.base import (
    Engine,
    MadeOf,
    Model,
    Page,
    Proposal,
    Proposer,
    check_any_known,
    labels_of,
)

if TYPE_CHECKING:
    from spacy.language import Language

_SCORE = 0.7
"""spaCy says nothing of how sure it is of an entity."""
_MEANS = {
    "PER": ("PERSON",), "PERSON": ("PER",),
    "ORG": ("ORGANIZATION", "ORGANISATION"), "ORGANIZATION": ("ORG",),
    "GPE": ("LOCATION", "LOC", "PLACE"), "LOC": ("LOCATION", "PLACE"), "LOCATION": ("LOC",),
    "FAC": ("FACILITY", "LOCATION", "LOC"), "NORP": ("NATIONALITY", "GROUP", "MISC"),
    "CARDINAL": ("QUANTITY",), "MONEY": ("QUANTITY",), "PERCENT": ("QUANTITY",),
    "TIME": ("DATE",),
}  # fmt: skip
"""What labels of pipelines are called elsewhere, the likeliest first."""


class _Pipeline(Struct, frozen=True):
    """What is kept: the pipeline's name or folder, its version, and label → label."""

    name: str
    version: str
    labels: dict[str, str]


class SpacyEngine(Engine):
    """Proposes what a spaCy pipeline finds."""

    name = "spacy"
    version = "1"
    title = "the entities of a spaCy pipeline"
    made_of: MadeOf = "files"
    takes = "en_core_web_sm"

    def read(self, given: Sequence[str], schema: Schema) -> dict[str, bytes]:
        """The labels of a pipeline (its name or folder) in each layer that has any of them.

        Raises UsageError, InputError.
        """
        if len(given) != 1:
            raise UsageError("The engine spacy wants one pipeline.", "Name it with --from.")
        pipeline = _load(given[0])
        theirs = sorted({label for pipe in pipeline.pipe_labels.values() for label in pipe})
        found = {}
        for layer in self.layers(schema):
            ours = labels_of(schema, layer)
            labels = {label: name for label in theirs if (name := _meant(label, ours))}
            if labels:
                kept = _Pipeline(given[0], str(pipeline.meta.get("version", "")), labels)
                found[layer] = msgspec.msgpack.encode(kept)
        if not found:
            raise InputError(
                f"{given[0]}: none of its labels is in the schema {schema.name}",
                f"It has: {', '.join(theirs) or 'none'}.",
            )
        return found

    def load(self, data: bytes, schema: Schema, layer: str) -> Model:
        """The pipeline. Raises InputError: it is gone, or of another version; UsageError: spaCy is.

        InputError as well where none of the labels that it goes to is left.
        """
        kept = self.decoded(data, _Pipeline)
        check_any_known(self, kept.labels.values(), schema, layer)
        pipeline = _load(kept.name)
        version = str(pipeline.meta.get("version", ""))
        if version != kept.version:
            raise InputError(
                f"{kept.name} is of version {version} now, and was of {kept.version}",
                f"Name it again: annotator suggest train --engine spacy --from {kept.name}",
            )
        ours = labels_of(schema, layer)
        labels = {label: name for label, name in kept.labels.items() if name in ours}
        return _SpacyModel(self, layer, pipeline, labels)


ENGINE = SpacyEngine()


def _meant(label: str, ours: frozenset[str]) -> str | None:
    return next((name for name in (label, *_MEANS.get(label, ())) if name in ours), None)


def _load(name: str) -> Language:
    if find_spec("spacy") is None:
        raise UsageError(
            "The engine spacy needs spacy.", "Install with: pip install 'annotator[spacy]'"
        )
    import spacy

    try:
        return spacy.load(name)
    except OSError as error:
        raise InputError(
            f"{name}: there is no such spaCy pipeline",
            f"Install it: python -m spacy download {name}",
        ) from error


class _SpacyModel(Model):
    def __init__(
        self, engine: SpacyEngine, layer: str, pipeline: Language, labels: dict[str, str]
    ) -> None:
        self._engine = engine
        self._layer = layer
        self._pipeline = pipeline
        self._labels = labels

    def propose(self, page: Page) -> list[Proposal]:
        """The entities of the unfinished sentences, each sentence by itself."""
        proposer = Proposer(self._engine, page)
        asked = list(page.questions())
        texts = [page.document.text[s.start : s.end] for s in asked]
        found: list[Proposal] = []
        for sentence, parsed in zip(asked, self._pipeline.pipe(texts), strict=True):
            for entity in parsed.ents:
                label = self._labels.get(entity.label_)
                if label is not None:
                    start = sentence.start
                    place = ((start + entity.start_char, start + entity.end_char),)
                    found.append(proposer.span(self._layer, label, place, _SCORE))
        return found
