"""Reads a schema from TOML text and checks it; every problem is told at once, with its place.

The text comes from the caller, so nothing here touches a file. docs/schema.md describes the format.
"""

from __future__ import annotations

import re
import string
import tomllib
import unicodedata
from typing import Any, cast, get_args

from annotator.core.commands import RESERVED
from annotator.core.migration_table import read_migration
from annotator.core.schema import (
    Attribute,
    AttributeValue,
    Label,
    Layer,
    Overlap,
    RelationType,
    Role,
    Schema,
    Scope,
    Unit,
)
from annotator.core.schema_table import (
    Path,
    Problems,
    TableReader,
    escaped,
    listed,
    show,
    show_table,
)
from annotator.errors import SchemaError

TEXT_LIMIT = 250_000
DOTS_LIMIT = 100
PROBLEM_LIMIT = 200
COLOURS = tuple(
    bright + name
    for bright in ("", "bright_")
    for name in ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
)
_HUES = tuple(colour for colour in COLOURS if not colour.endswith(("black", "white")))
_COLOUR_RULE = f"{listed(COLOURS)}, or #rrggbb"
_KEY_RULE = "one printable character that is no space"
_HINT = "docs/schema.md describes the schema file."


def parse_schema(text: str, file: str) -> Schema:
    """Return the schema that a TOML text describes.

    ``file`` is the name that messages show. Raises SchemaError with one line for each problem
    (of the first 200): file, line, table, key, what was found, and what is allowed.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    problems = Problems()
    top = TableReader(_load(text, escaped(file)), (), problems)
    schema = _Parser(problems).schema(top)
    lines = problems.lines(file, text)
    if len(lines) > PROBLEM_LIMIT:
        rest = len(lines) - PROBLEM_LIMIT
        lines = [*lines[:PROBLEM_LIMIT], f"{escaped(file)}: and {rest} problems more"]
    if lines:
        raise SchemaError("\n".join(lines), _HINT)
    return schema


def _load(text: str, file: str) -> dict[str, Any]:
    """Return the tables of a TOML text; SchemaError with file and line where it is none."""
    if len(text) > TEXT_LIMIT:
        raise SchemaError(
            f"{file}: found {len(text)} characters; allowed: {TEXT_LIMIT} in a schema file", _HINT
        )
    for number, line in enumerate(text.split("\n"), start=1):
        # tomllib needs time with the square of the parts of one dotted key.
        if line.count(".") > DOTS_LIMIT:
            raise SchemaError(
                f"{file}:{number}: found {line.count('.')} dots; allowed: {DOTS_LIMIT} in one line",
                "Break long texts into lines, between three quotation marks.",
            )
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise SchemaError(
            f"{file}: found lists or tables nested too deep to read; allowed: tables as in "
            "[layer.NAME.attributes.NAME.values.NAME]",
            _HINT,
        ) from None
    except ValueError as error:
        raise SchemaError(_syntax_message(str(error), text, file), _HINT) from error


def _syntax_message(error: str, text: str, file: str) -> str:
    """Put tomllib's message into the shape of the others; it names a place at its end."""
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", error)
    if place is None:
        return f"{file}: found a number with more digits than can be read; allowed: TOML 1.0"
    line = place[1] or text.count("\n") + 1
    column = f" (column {place[2]})" if place[2] else " (end of the file)"
    what = escaped(error[: place.start()])
    return f"{file}:{line}: found what is no TOML: {what}{column}; allowed: TOML 1.0, toml.io"


class _Parser:
    """One pass over a file; keys and colours are shared by all layers."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._keys: list[tuple[Path, str]] = []
        self._labels = 0

    def schema(self, top: TableReader) -> Schema:
        name = top.name("name")
        version = top.number("version", 1, required=True)
        title, description = top.title(name), top.prose("description")
        layers = tuple(self._layer(*item) for item in top.tables("layer"))
        if not layers and not top.table.get("layer"):
            top.problem("layer", "no layer", "at least one, as in [layer.entity]")
        relations = tuple(self._relation(*item) for item in top.tables("relation"))
        migration = read_migration(top, layers, relations)
        top.close()
        self._check_keys()
        for relation in relations:
            for role in relation.roles:
                self._check_role(relation, role, layers, relations)
        return Schema(name, version or 1, title, description, layers, relations, migration)

    def _layer(self, name: str, table: TableReader) -> Layer:
        title, description = table.title(name), table.prose("description")
        scope = table.choice("scope", get_args(Scope), required=True)
        overlap = table.choice("overlap", get_args(Overlap))
        unit = table.choice("unit", get_args(Unit))
        if scope in ("sentence", "document"):
            for key in ("overlap", "unit"):
                if table.has(key):
                    found = f"{show(table.table[key])} in a layer of scope {scope}"
                    table.problem(key, found, 'only with scope = "span"')
        labels = tuple(self._label(*item) for item in table.tables("labels"))
        if not labels and not table.table.get("labels"):
            example = show_table((*table.path, "labels", "NAME")).strip()
            table.problem("labels", "no label", f"at least one, as in {example}")
        attributes = self._attributes(table, tuple(label.name for label in labels))
        table.close()
        return Layer(
            name,
            title,
            cast(Scope, scope or "span"),
            labels,
            cast(Overlap, overlap or "none"),
            cast(Unit, unit or "token"),
            attributes,
            description,
        )

    def _label(self, name: str, table: TableReader) -> Label:
        default = _HUES[self._labels % len(_HUES)]
        self._labels += 1
        title, key = table.title(name), _key(table)
        if key is not None:
            self._keys.append((table.path, key))
        colour = table.string("colour", _COLOUR_RULE)
        if colour is not None and not _is_colour(colour):
            self._problems.unknown(
                table.path, "colour", colour, show(colour), (*COLOURS, "#rrggbb")
            )
        description, guideline = table.prose("description"), table.prose("guideline")
        table.close()
        return Label(name, title, key, colour or default, description, guideline)

    def _attributes(
        self, owner: TableReader, labels: tuple[str, ...] | None
    ) -> tuple[Attribute, ...]:
        """Read the attributes of a layer with those labels, or of a relation type (None)."""
        return tuple(self._attribute(*item, labels) for item in owner.tables("attributes"))

    def _attribute(
        self, name: str, table: TableReader, labels: tuple[str, ...] | None
    ) -> Attribute:
        title, description = table.title(name), table.prose("description")
        values = self._values(table)
        multi, required = table.flag("multi"), table.flag("required")
        default = table.choice("default", [value.name for value in values])
        if required and default is not None:
            table.problem(
                "required",
                f"true beside default = {show(default)}, so that nobody would ever be asked",
                "required = true or a default, not both",
            )
        condition: tuple[str, ...] = ()
        if labels is not None:
            condition = table.names("labels", "labels of the layer")
            for label in condition:
                if label not in labels:
                    self._problems.unknown(table.path, "labels", label, show(label), labels)
        table.close()
        return Attribute(name, title, values, multi, required, default, condition, description)

    def _values(self, table: TableReader) -> tuple[AttributeValue, ...]:
        values = []
        owners: dict[str, str] = {}
        for name, entry in table.tables("values", or_names=True):
            title, key, description = entry.title(name), _key(entry), entry.prose("description")
            entry.close()
            if key is not None and owners.setdefault(key, name) != name:
                found = f"{show(key)}, which is also the key of the value {show(owners[key])}"
                entry.problem("key", found, "a key once in each attribute")
            values.append(AttributeValue(name, title, key, description))
        if not values and not table.table.get("values"):
            table.problem("values", "no value", 'at least one, as in values = ["yes", "no"]')
        return tuple(values)

    def _relation(self, name: str, table: TableReader) -> RelationType:
        title, description = table.title(name), table.prose("description")
        roles = tuple(self._role(*item) for item in table.tables("roles"))
        if not roles and not table.table.get("roles"):
            example = show_table((*table.path, "roles", "NAME")).strip()
            table.problem("roles", "no role", f"at least one, as in {example}")
        attributes = self._attributes(table, None)
        table.close()
        return RelationType(name, title, roles, attributes, description)

    def _role(self, name: str, table: TableReader) -> Role:
        title = table.title(name)
        layers = table.names("layers", "span layers")
        labels = table.names("labels", "labels of these layers")
        relations = table.names("relations", "relation types")
        actors = table.flag("actors")
        least, most = table.number("min", 0) or 0, table.number("max", 1)
        if most is not None and least > most:
            table.problem("min", f"{least} with max = {most}", "a min that is not above max")
        if not any(map(table.table.get, ("layers", "relations", "actors"))):
            table.problem(
                "layers",
                "a role that takes nothing",
                "at least one of layers, relations, and actors = true",
            )
        table.close()
        return Role(name, title, layers, labels, relations, actors, least, most)

    def _check_keys(self) -> None:
        """Check the labels' keys against the commands and against each other."""
        taken = {key for _, key in self._keys}
        free = [
            key
            for key in string.digits + string.ascii_lowercase + string.ascii_uppercase
            if key not in RESERVED and key not in taken
        ]
        allowed = f"a free character, such as {' '.join(free)}" if free else "any free character"
        owners: dict[str, Path] = {}
        for path, key in self._keys:
            if key in RESERVED:
                found = f"{show(key)}, which is the key of {RESERVED[key]}"
                self._problems.add(path, "key", found, allowed)
            elif owners.setdefault(key, path) != path:
                found = f"{show(key)}, which is also the key of {show_table(owners[key]).strip()}"
                self._problems.add(path, "key", found, allowed)

    def _check_role(
        self,
        relation: RelationType,
        role: Role,
        layers: tuple[Layer, ...],
        relations: tuple[RelationType, ...],
    ) -> None:
        """Check that what a role names exists, and that its labels fit its layers."""
        path = ("relation", relation.name, "roles", role.name)
        by_name = {layer.name: layer for layer in layers if layer.scope == "span"}
        others = {layer.name: layer.scope for layer in layers if layer.scope != "span"}
        for name in role.layers:
            if name in others:
                found = f"{show(name)}, a layer of scope {others[name]}"
                self._problems.add(path, "layers", found, f"span layers: {listed(by_name)}")
            elif name not in by_name:
                self._problems.unknown(path, "layers", name, show(name), by_name)
        types = [other.name for other in relations]
        for name in role.relations:
            if name not in types:
                self._problems.unknown(path, "relations", name, show(name), types)
        if role.labels and all(name in by_name for name in role.layers):
            self._check_role_labels(path, role, [by_name[name] for name in role.layers])

    def _check_role_labels(self, path: Path, role: Role, layers: list[Layer]) -> None:
        names = {label.name: None for layer in layers for label in layer.labels}
        unknown = [label for label in role.labels if label not in names]
        for label in unknown:
            self._problems.unknown(path, "labels", label, show(label), names)
        for layer in () if unknown else layers:
            if not any(label.name in role.labels for label in layer.labels):
                found = f"no label of the layer {show(layer.name)}, which layers names"
                allowed = f"at least one of {listed(label.name for label in layer.labels)}"
                self._problems.add(path, "labels", found, allowed)


def _key(table: TableReader) -> str | None:
    """Return the key character of a table, None where there is none that could be typed."""
    key = table.string("key", _KEY_RULE)
    if key is None:
        return None
    if len(key) != 1 or not key.isprintable() or unicodedata.category(key)[0] in "MZ":
        table.problem("key", show(key), _KEY_RULE)
        return None
    return key


def _is_colour(colour: str) -> bool:
    return colour in COLOURS or re.fullmatch(r"#[0-9A-Fa-f]{6}", colour) is not None
