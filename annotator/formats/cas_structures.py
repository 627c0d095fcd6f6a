"""The feature structures of a UIMA CAS, as XMI and JSON files hold them alike.

Offsets here are those of the files: UTF-16 units, half-open.
"""

from __future__ import annotations

import re

from msgspec import Struct, field

PACKAGE = "webanno.custom."
"""What names of types begin with that an export makes of layers and relation types."""
SOFA, ANNOTATION, TOP = "uima.cas.Sofa", "uima.tcas.Annotation", "uima.cas.TOP"
STRING, INTEGER = "uima.cas.String", "uima.cas.Integer"
SEGMENTATION = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type."
TOKEN, SENTENCE = f"{SEGMENTATION}Token", f"{SEGMENTATION}Sentence"
META = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
DOCUMENT = "uima.tcas.DocumentAnnotation"
VIEW = "_InitialView"
LABEL, NOTE = "label", "note"
GOVERNOR, DEPENDENT = "Governor", "Dependent"
RELATION, ARGUMENTS = "relation", "arguments"
"""Features of an annotation that stands for a relation of other than two arguments: the relation's
type, and links with a role and a target."""
ROLE, LINK_TARGET = "role", "target"
ARRAY, OF = "uima.cas.FSArray", "[]"
"""The type of arrays, and what stands behind the type of what is in one."""
RESERVED = frozenset(
    (LABEL, NOTE, GOVERNOR, DEPENDENT, RELATION, ARGUMENTS, "begin", "end", "sofa", "id")
)
"""Features that no attribute may be called."""
LIST_VALUE = "value of a list"
"""The loss where a feature holds several values that are no references."""
_PLAIN = re.compile(r"x(?=_)|[^A-Za-z0-9_]|^[0-9_]")
_CODED = re.compile(r"x_([0-9a-f]{1,6})_")


class Structure(Struct):
    """One feature structure. ``line`` is 0 where the file has no lines to speak of."""

    id: int
    type: str
    begin: int | None = None
    end: int | None = None
    values: dict[str, str] = field(default_factory=dict)
    references: dict[str, list[int]] = field(default_factory=dict)
    """Feature → ids of other structures; in XMI every value that could be that."""
    line: int = 0

    @property
    def is_relation(self) -> bool:
        """Whether it stands for a relation, as an export makes it."""
        is_ours = self.type.startswith(PACKAGE) and self.begin is not None
        return is_ours and RELATION in self.values and ARGUMENTS in self.references

    @property
    def name(self) -> str:
        """The type's name without its packages."""
        return self.type.removeprefix(PACKAGE).rpartition(".")[2]


class Cas(Struct):
    """One document: its text (None where the file holds none) and its structures by id."""

    text: str | None = None
    structures: dict[int, Structure] = field(default_factory=dict)
    views: int = 0


def coded(name: str, taken: frozenset[str] = frozenset()) -> str:
    """A name as UIMA allows them: letters, digits and ``_``; other characters as ``x_2d_``.

    One of ``taken`` gets another spelling, which is read alike.
    """
    found = _PLAIN.sub(lambda match: f"x_{ord(match[0]):x}_", name)
    return f"x_{ord(found[0]):x}_{found[1:]}" if found in taken else found


def decoded(name: str) -> str:
    """The name that :func:`coded` was given."""

    def character(match: re.Match[str]) -> str:
        code = int(match[1], 16)
        return chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else match[0]

    return _CODED.sub(character, name)
