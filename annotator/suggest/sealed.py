"""Models as they are kept: what made them, of what, and a checksum over their bytes.

A model is used only by the engine and version that made it, for the pages it was made of, and when
its bytes are whole: crfsuite, given a truncated model, takes the whole process down.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

import msgspec

from annotator.core.learned_model import LearnedModel, checksum
from annotator.core.schema import Schema
from annotator.core.tokens import TOKENIZER_VERSION
from annotator.errors import InputError
from annotator.suggest.base import Engine, Model, Page


def sealed(
    engine: Engine, layer: str, fingerprint: str, sentences: int, data: bytes
) -> LearnedModel:
    """The model with what made it."""
    return LearnedModel(
        engine=engine.name, layer=layer, version=engine.version, fingerprint=fingerprint,
        sentences=sentences, checksum=checksum(data), data=data,
    )  # fmt: skip


def opened(model: LearnedModel, engine: Engine, schema: Schema) -> Model:
    """The model, ready to propose. Raises InputError: of another version, or damaged."""
    where = f"the model of {model.engine} for {model.layer}"
    hint = f"Have it made anew: {engine.command}"
    if (model.engine, model.version) != (engine.name, engine.version):
        raise InputError(
            f"{where} was made by version {model.version}; this is {engine.version}", hint
        )
    if not model.is_whole:
        raise InputError(f"{where} is damaged: its checksum does not fit", hint)
    return engine.load(model.data, schema, model.layer)


def fingerprint(pages: Iterable[Page], engine: Engine, schema: Schema, layer: str) -> str:
    """What a model of these pages would be made of; differs where the model might.

    Taken over the finished sentences with what lies on them and the answers given to suggestions,
    and over the layer itself.
    """
    digest = sha256()

    def add(part: object) -> None:
        data = msgspec.msgpack.encode(part)
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)

    add((engine.name, engine.version, TOKENIZER_VERSION))
    add([(found.name, found.scope, found.overlap, [label.name for label in found.labels])
         for found in schema.layers if found.name == layer])  # fmt: skip
    for page in pages:
        if not page.taught:
            continue
        text = page.document.text
        add((page.document.id, [(s.start, text[s.start : s.end]) for s in page.lessons()]))
        add([(s.label, s.fragments) for s in page.spans if s.layer == layer])
        add([(u.label, u.sentence) for u in page.unit_labels if u.layer == layer])
        add([(s.state, s.proposed.id) for s in page.answered
             if getattr(s.proposed, "layer", layer) == layer])  # fmt: skip
    return digest.hexdigest()
