"""A schema as the TOML text that describes it: the reverse of ``schema_file``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from annotator.core.schema import Attribute, Layer, RelationType, Schema

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def schema_text(schema: Schema) -> str:
    """The text, which ``parse_schema`` reads again as the same schema."""
    lines = [f"name = {_text(schema.name)}", f"version = {schema.version}"]
    lines += _titles(schema.title, schema.description, schema.name)
    for layer in schema.layers:
        lines += ["", *_layer(layer)]
    for relation in schema.relations:
        lines += ["", *_relation(relation)]
    return "\n".join(lines) + "\n"


def _layer(layer: Layer) -> Iterator[str]:
    yield _table("layer", layer.name)
    yield from _titles(layer.title, layer.description, layer.name)
    yield f"scope = {_text(layer.scope)}"
    if layer.scope == "span":
        yield f"overlap = {_text(layer.overlap)}"
        yield f"unit = {_text(layer.unit)}"
    for label in layer.labels:
        yield ""
        yield _table("layer", layer.name, "labels", label.name)
        if label.key is not None:
            yield f"key = {_text(label.key)}"
        yield from _titles(label.title, label.description, label.name)
        yield f"colour = {_text(label.colour)}"
        if label.guideline:
            yield f"guideline = {_text(label.guideline)}"
    yield from _attributes(layer.attributes, "layer", layer.name)


def _relation(relation: RelationType) -> Iterator[str]:
    yield _table("relation", relation.name)
    yield from _titles(relation.title, relation.description, relation.name)
    for role in relation.roles:
        yield ""
        yield _table("relation", relation.name, "roles", role.name)
        yield from _titles(role.title, "", role.name)
        for key in ("layers", "labels", "relations"):
            if getattr(role, key):
                yield f"{key} = {_list(getattr(role, key))}"
        if role.actors:
            yield "actors = true"
        if role.min:
            yield f"min = {role.min}"
        if role.max is not None:
            yield f"max = {role.max}"
    yield from _attributes(relation.attributes, "relation", relation.name)


def _attributes(attributes: tuple[Attribute, ...], *path: str) -> Iterator[str]:
    for attribute in attributes:
        where = (*path, "attributes", attribute.name)
        yield ""
        yield _table(*where)
        yield from _titles(attribute.title, attribute.description, attribute.name)
        if attribute.labels:
            yield f"labels = {_list(attribute.labels)}"
        for key in ("multi", "required"):
            if getattr(attribute, key):
                yield f"{key} = true"
        if attribute.default is not None:
            yield f"default = {_text(attribute.default)}"
        for value in attribute.values:
            yield ""
            yield _table(*where, "values", value.name)
            if value.key is not None:
                yield f"key = {_text(value.key)}"
            yield from _titles(value.title, value.description, value.name)


def _titles(title: str, description: str, name: str) -> list[str]:
    lines = [f"title = {_text(title)}"] if title and title != name else []
    return [*lines, *([f"description = {_text(description)}"] if description else [])]


def _table(*path: str) -> str:
    return f"[{'.'.join(p if _BARE.fullmatch(p) else _text(p) for p in path)}]"


def _list(names: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_text, names))}]"


def _text(value: str) -> str:
    """A basic string; what JSON escapes, TOML reads, save DEL, which is escaped as well."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
