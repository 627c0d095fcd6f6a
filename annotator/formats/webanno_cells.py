"""Cells and header lines of WebAnno TSV 3: escaped values, stacked with ``|``, with their ids."""

from __future__ import annotations

import re

from msgspec import Struct

from annotator.errors import InputError

NONE, NULL = "_", "*"
"""A column that says nothing of a token, and an annotation without a value there."""
SPANS, RELATIONS, CHAINS = "#T_SP=", "#T_RL=", "#T_CH="
BASE, SLOT = "BT_", "ROLE_"
PACKAGE = "webanno.custom."
"""What names of types begin with that an export makes of layers and relation types."""
TOKEN_TYPE = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token"
ANY_TYPE = "uima.tcas.Annotation"
LABEL, NOTE = "label", "note"
"""Features that an export writes besides attributes."""
RELATION, ARGUMENTS = "relation", "arguments"
"""Features of an annotation that stands for a relation of other than two arguments: the relation's
type, and its arguments as slots."""
_LABELS = (LABEL, "value", "PosValue", "entity", "DependencyType", "type", "referenceType")
_STACKED = re.compile(r"((?:\\.|[^\\\[\]])*)(?:\[(\d{1,9})\])?", re.DOTALL)
_LOOSE = re.compile(r"(.*?)(?:\[(\d{1,9})\])?", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_RESERVED = re.compile(r"->|[\\\[\]|_;*\t\n]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\\\t]")
_READABLE = {"t": "\t", "n": "\n"}
_IN_TEXT = {**_READABLE, "f": "\f", "r": "\r", "b": "\b"}


class Declared(Struct, frozen=True):
    """One type of the header: ``kind`` is the line's beginning, ``first`` its first column."""

    kind: str
    type: str
    fields: tuple[str, ...]
    first: int

    @property
    def name(self) -> str:
        """The type's name without its packages, of an exported one all that an export put there."""
        if self.type.startswith(PACKAGE):
            return self.type.removeprefix(PACKAGE)
        return self.type.rpartition(".")[2]

    @property
    def label(self) -> str | None:
        """The feature that is the label: the first well-known one, else the first plain one."""
        plain = self.plain
        return next((f for f in _LABELS if f in plain), plain[0] if plain else None)

    @property
    def plain(self) -> list[str]:
        """Features that hold a value of their own."""
        found: list[str] = []
        slots = self.slots
        for n, field in enumerate(self.fields):
            is_target = any(n == slot + 1 for slot in slots)
            if field and not field.startswith((BASE, SLOT)) and not is_target:
                found.append(field)
        return found

    @property
    def is_relation(self) -> bool:
        """Whether annotations of it stand for relations, as an export makes them."""
        return self.type.startswith(PACKAGE) and self.plain[:1] == [RELATION] and bool(self.slots)

    @property
    def slots(self) -> list[int]:
        """Places of columns of roles; their targets stand in the next column."""
        return [n for n, field in enumerate(self.fields) if field.startswith(SLOT)]


def header_line(line: str, first: int) -> Declared:
    """The type that a header line declares. Raises InputError."""
    kind, rest = line[: len(SPANS)], line[len(SPANS) :]
    type, *fields = rest.split("|")
    if not type:
        raise InputError("a header line without a type")
    found = Declared(kind, type, tuple(fields) or ("",), first)
    for slot in found.slots:
        if slot + 1 >= len(found.fields):
            raise InputError(f"the roles of {found.name} lack a column of targets")
    return found


def split(cell: str, separator: str) -> list[str]:
    """The parts of a cell between separators (one character) that are not escaped."""
    if "\\" not in cell:
        return cell.split(separator)
    found, begin, at = [], 0, 0
    while at < len(cell):
        if cell[at] == "\\":
            at += 1
        elif cell[at] == separator:
            found.append(cell[begin:at])
            begin = at + 1
        at += 1
    return [*found, cell[begin:]]


def stacked(cell: str) -> list[tuple[str, int]]:
    """The values of a cell, still escaped, each with its id, or 0 where it has none."""
    found = []
    for part in split(cell, "|"):
        match = _STACKED.fullmatch(part) or _LOOSE.fullmatch(part)
        assert match is not None
        found.append((match[1], int(match[2] or 0)))
    return found


def value(said: str) -> str | None:
    """A value; None where there is none."""
    if said in (NULL, NONE):
        return None
    return _ESCAPED.sub(lambda match: _READABLE.get(match[1], match[1]), said)


def escaped(value: str) -> str:
    """A value as a cell holds it."""
    return _RESERVED.sub(
        lambda match: {"\t": "\\t", "\n": "\\n"}.get(match[0], f"\\{match[0]}"), value
    )


def text_line(said: str) -> str:
    """What stands behind ``#Text=``, unescaped."""
    return _ESCAPED.sub(lambda match: _IN_TEXT.get(match[1], match[1]), said)


def escaped_text(line: str) -> str:
    """A line of the text as ``#Text=`` holds it."""
    written = {char: f"\\{name}" for name, char in _IN_TEXT.items()}
    return _CONTROL.sub(lambda match: written.get(match[0], f"\\{match[0]}"), line)
