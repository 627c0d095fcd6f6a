"""The native record as it stands in a JSONL file: typed structs in the order of their keys.

The structs are the one definition: writing, reading and the published JSON Schema come from them.
Reading is lenient where a script may leave a key out; an export holds every key. ``python -m
annotator.formats.jsonl_record`` prints the JSON Schema.
"""

from __future__ import annotations

import sys
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, field

Offset = Annotated[int, Meta(ge=0)]
Pair = tuple[Offset, Offset]
Sha256 = Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")]
VERSION: Literal["annotator/1"] = "annotator/1"


class SchemaName(Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The schema the annotations were made with."""

    name: str = ""
    version: int = 0


class Engine(Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Which engine proposed an annotation; all null for one made by hand."""

    engine: str | None = None
    version: str | None = None
    score: float | None = None


BY_HAND = Engine()
"""Of most annotations."""


class LabelRow(Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A label on a sentence (within it) or on the document."""

    id: str | None = None
    layer: str
    label: str
    attributes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    uncertain: list[str] = field(default_factory=list)
    note: str | None = None
    flagged: bool = False
    origin: Engine = field(default_factory=Engine)


class SentenceRow(Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A sentence: a half-open range of the text in code points."""

    id: str | None = None
    start: Offset
    end: Offset
    done: bool = False
    labels: list[LabelRow] = field(default_factory=list)


class SpanRow(Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A label on one or more fragments; start and end are those of the fragments together.

    The text is the fragments' slices joined by one space.
    """

    id: str | None = None
    layer: str
    label: str
    start: Offset
    end: Offset
    fragments: tuple[Pair, ...] = ()
    text: str | None = None
    attributes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    uncertain: list[str] = field(default_factory=list)
    actor: str | None = None
    note: str | None = None
    flagged: bool = False
    origin: Engine = field(default_factory=Engine)


class ArgumentRow(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """One filler of a role, by id: just one of span, relation and actor is there."""

    role: str
    span: str | UnsetType = UNSET
    relation: str | UnsetType = UNSET
    actor: str | UnsetType = UNSET


class RelationRow(Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A typed link between any number of arguments."""

    id: str | None = None
    type: str
    arguments: list[ArgumentRow]
    attributes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    uncertain: list[str] = field(default_factory=list)
    note: str | None = None
    flagged: bool = False
    origin: Engine = field(default_factory=Engine)


class ActorRow(Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A thing of the world that spans mention; links are scheme → value, or several values."""

    id: str | None = None
    name: str
    kind: str = ""
    aliases: list[str] = field(default_factory=list)
    links: dict[str, str | list[str]] = field(default_factory=dict)
    note: str | None = None


class SuggestionRow(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """A proposal and what became of it: just one of span, relation and label is there.

    ``sentence`` goes with a label; without it the label is for the document. ``result`` is the
    annotation that was made of it.
    """

    id: str
    state: Literal["open", "accepted", "corrected", "rejected"]
    result: str | UnsetType = UNSET
    span: SpanRow | UnsetType = UNSET
    relation: RelationRow | UnsetType = UNSET
    label: LabelRow | UnsetType = UNSET
    sentence: str | UnsetType = UNSET


class RecordRow(Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One document as one annotator left it: a line of the file.

    Offsets count Unicode code points of ``text``. ``sha256`` and ``encoding`` are those of the
    file the text came from. ``annotator`` is null for a document that nobody touched.
    """

    format: Literal["annotator/1"]
    id: str | None = None
    name: str = ""
    text: str
    encoding: str = "utf-8"
    sha256: Sha256 = ""
    meta: dict[str, Any] = field(default_factory=dict)
    schema: SchemaName = field(default_factory=SchemaName)
    annotator: str | None = None
    annotator_kind: Literal["person", "engine"] = "person"
    status: Literal["open", "done"] = "open"
    sentences: list[SentenceRow] | None = None
    tokenizer: str = ""
    tokens: list[Pair] = field(default_factory=list)
    spans: list[SpanRow] = field(default_factory=list)
    relations: list[RelationRow] = field(default_factory=list)
    actors: list[ActorRow] = field(default_factory=list)
    labels: list[LabelRow] = field(default_factory=list)
    suggestions: list[SuggestionRow] = field(default_factory=list)


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) that every export is valid against."""
    (top,), definitions = msgspec.json.schema_components([RecordRow], ref_template="#/$defs/{name}")
    for name, definition in definitions.items():
        properties = definition["properties"]
        for property in properties.values():
            property.pop("default", None)
        if name == "ArgumentRow":
            definition["required"] = ["role"]
            definition["oneOf"] = [{"required": [k]} for k in ("span", "relation", "actor")]
        elif name == "SuggestionRow":
            definition["required"] = ["id", "state"]
            definition["oneOf"] = [{"required": [k]} for k in ("span", "relation", "label")]
        else:
            definition["required"] = list(properties)
            if "id" in properties:
                properties["id"] = {"type": "string"}
    definitions["RecordRow"]["properties"]["sentences"] = {
        "type": "array",
        "items": {"$ref": "#/$defs/SentenceRow"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{VERSION}: one document × annotator, a line of JSONL",
        **top,
        "$defs": definitions,
    }


if __name__ == "__main__":
    schema = msgspec.json.format(msgspec.json.encode(json_schema(), order="deterministic"))
    sys.stdout.buffer.write(schema + b"\n")
