"""brat's ``annotation.conf``: what may be annotated, read and, of a schema, written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from annotator.core.schema import Attribute, RelationType, Role, Schema
from annotator.errors import InputError
from annotator.formats.brat_lines import TRIGGER, Tie
from annotator.formats.brat_words import FIRST, SECOND, YES, BratWords
from annotator.formats.brat_writing import is_flag
from annotator.formats.findings import Findings

NAMES = ("annotation.conf", "visual.conf", "tools.conf", "kb_shortcuts.conf", "acl.conf")
"""Files of a brat collection that are no documents; the first is the one read."""
SECTIONS = ("entities", "relations", "events", "attributes", "spans")
_SECTION = re.compile(r"\[([\w-]+)\]\s*")
_MACRO = re.compile(r"<([\w-]+)>=(.*)")
_RULE = re.compile(r"-+\s*")
_COUNT = re.compile(r"[?*+]|\{[^{}]*\}")
_EQUAL = "<REL-TYPE>"
_DEPTH = 20


class Declared(Struct, frozen=True):
    """One line: a type, or an attribute, and the fields behind it as (name, alternatives)."""

    line: int
    name: str
    fields: tuple[tuple[str, tuple[str, ...]], ...]

    def field(self, name: str) -> tuple[str, ...]:
        """The alternatives of a field; none where it is not there."""
        return next((found for key, found in self.fields if key == name), ())


class Conf(Struct):
    """The sections of one ``annotation.conf``."""

    entities: list[Declared] = field(default_factory=list)
    relations: list[Declared] = field(default_factory=list)
    events: list[Declared] = field(default_factory=list)
    attributes: list[Declared] = field(default_factory=list)
    spans: list[Declared] = field(default_factory=list)


def parse(content: str, shown: str) -> Conf:
    """The file's sections. Raises InputError, with the line, where one is wrong."""
    found, section = Conf(), None
    macros: dict[str, str] = {}
    for number, line in enumerate(content.splitlines(), start=1):
        said = line.strip()
        if not said or said.startswith("#") or _RULE.fullmatch(said):
            continue
        if match := _SECTION.fullmatch(said):
            if match[1] not in SECTIONS:
                raise InputError(
                    f"{shown}:{number}: there is no section [{match[1]}]",
                    f"There is: {', '.join(SECTIONS)}.",
                )
            section = match[1]
        elif match := _MACRO.fullmatch(said):
            macros[match[1]] = match[2].strip()
        elif section is None:
            raise InputError(f"{shown}:{number}: a line before the first section")
        elif not said.startswith("!"):
            name, _, rest = _with_macros(said, macros).partition(" ")
            getattr(found, section).append(Declared(number, name.split("|")[0], _fields(rest)))
    return found


def _with_macros(line: str, macros: dict[str, str]) -> str:
    """The line with macros, which may name others, put in, and white space made spaces."""
    for _ in range(_DEPTH):
        known = [name for name in macros if f"<{name}>" in line]
        if not known or len(line) > 100_000:
            break
        for name in known:
            line = line.replace(f"<{name}>", macros[name])
    return " ".join(line.split())


def _fields(rest: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = []
    for part in rest.split(","):
        name, colon, values = part.strip().partition(":")
        if colon:
            name = _COUNT.sub("", name)
            found.append((name, tuple(v.strip() for v in values.split("|") if v.strip())))
    return tuple(found)


# -- a schema's findings --------------------------------------------------------------------------


def declare(conf: Conf, words: BratWords, findings: Findings) -> None:
    """Add what the configuration allows, with the count 0."""
    _Declaring(conf, words, findings).all()


class _Declaring:
    def __init__(self, conf: Conf, words: BratWords, findings: Findings) -> None:
        self._conf = conf
        self._words = words
        self._findings = findings
        self._entities = [d.name for d in conf.entities]
        self._events = [d.name for d in conf.events]

    def all(self) -> None:
        for word in (*self._entities, *self._events):
            self._findings.label(*self._words.label(word), count=0)
        for event in self._conf.events:
            self._roles(Tie(0, event.name, ((TRIGGER, event.name),), ""), {TRIGGER: (event.name,)})
            for role, types in event.fields:
                self._roles(Tie(0, event.name, ((role, ""),), ""), {role: types})
        for relation in self._conf.relations:
            self._relation(relation)
        for attribute in self._conf.attributes:
            values = tuple(map(self._words.name, attribute.field("Value"))) or (YES,)
            for owner in self._owners(attribute.field("Arg")):
                name = self._words.name(attribute.name)
                self._findings.attribute(owner, name, values, count=0)

    def _relation(self, relation: Declared) -> None:
        first, second = relation.field(FIRST), relation.field(SECOND)
        if relation.name.startswith("<") or relation.name.endswith("-NESTING"):
            return
        if relation.field(_EQUAL):
            self._roles(Tie(0, relation.name, (("", ""),)), {"": (*first, *second)})
            return
        roles = [(n, types) for n, types in relation.fields if not n.startswith("<")]
        tie = Tie(0, relation.name, tuple((name, "") for name, _ in roles))
        self._roles(tie, dict(roles))

    def _roles(self, tie: Tie, types: dict[str, tuple[str, ...]]) -> None:
        type, roles = self._words.read_tie(tie)
        for role, (word, _) in zip(roles, tie.arguments, strict=True):
            is_trigger = word == TRIGGER and tie.trigger is not None
            for kind, what in self._targets(types[word], events=not is_trigger):
                self._findings.argument(type, role, kind, what, count=0)

    def _targets(self, types: Iterable[str], events: bool) -> Iterator[tuple[str, str]]:
        """What may stand there: ("span", layer) or ("relation", type)."""
        for word in self._expanded(types):
            if events and word in self._events:
                yield "relation", self._words.name(word)
            else:
                yield "span", self._words.label(word)[0]

    def _expanded(self, types: Iterable[str]) -> Iterator[str]:
        """Words for types, those like ``<EVENT>`` as all they stand for."""
        for word in types:
            match word:
                case "<ENTITY>":
                    yield from self._entities
                case "<EVENT>":
                    yield from self._events
                case "<ANY>":
                    yield from (*self._entities, *self._events)
                case _ if not word.startswith("<"):
                    yield word

    def _owners(self, types: Iterable[str]) -> set[str]:
        return {what for _, what in self._targets(types, events=True)}


# -- written of a schema ---------------------------------------------------------------------------


def written(schema: Schema) -> Iterator[str]:
    """The lines of the ``annotation.conf`` for what is exported of a project of that schema."""
    words = BratWords(schema)
    layers = [layer for layer in schema.layers if layer.scope == "span"]
    yield "[entities]"
    yield from (words.written(layer.name, label.name) for layer in layers for label in layer.labels)
    yield "[relations]"
    yield from (_relation(relation, schema) for relation in schema.relations)
    yield "[events]"
    for relation in schema.relations:
        fields = ", ".join(
            f"{role.name}*:{found}" for role in relation.roles if (found := _types(role, schema))
        )
        yield f"{relation.name}\t{fields}"
    yield "[attributes]"
    for layer in layers:
        for attribute in layer.attributes:
            labels = attribute.labels or [label.name for label in layer.labels]
            owners = "|".join(words.written(layer.name, label) for label in labels)
            yield f"{attribute.name}\tArg:{owners}{_values(attribute)}"
    for relation in schema.relations:
        for attribute in relation.attributes:
            yield f"{attribute.name}\tArg:{relation.name}{_values(attribute)}"


def _relation(relation: RelationType, schema: Schema) -> str:
    first, second = (*relation.roles, relation.roles[0])[:2]
    said = f"{FIRST}:{_types(first, schema)}, {SECOND}:{_types(second, schema)}"
    if len(relation.roles) == 1:
        said += f", {_EQUAL}:symmetric-transitive"
    return f"{relation.name}\t{said}"


def _types(role: Role, schema: Schema) -> str:
    words = BratWords(schema)
    found = [
        words.written(layer.name, label.name)
        for layer in schema.layers
        for label in layer.labels
        if layer.scope == "span" and role.accepts(layer.name, label.name)
    ]
    return "|".join((*found, *role.relations))


def _values(attribute: Attribute) -> str:
    if is_flag(attribute):
        return ""
    return f", Value:{'|'.join(value.name for value in attribute.values)}"
