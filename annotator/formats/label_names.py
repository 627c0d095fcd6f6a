"""One word for a label in formats that know no layers, and for a pair in those without roles.

Written is the label alone where only one layer of the schema has it, else ``layer/LABEL``; a name
in a schema holds no slash. A relation of two arguments is named by its type where they stand in its
first two roles, else ``type/role`` (the first one to that role) or ``type/role/role``.
"""

from __future__ import annotations

import re
import sys
from hashlib import sha256

from annotator.core.schema import Schema, Scope
from annotator.core.schema_table import NAME_LIMIT, is_name
from annotator.errors import InputError
from annotator.formats.loss import Losses, quoted
from annotator.formats.source import Source

UNNAMED_LAYER: dict[Scope, str] = {"span": "entity", "sentence": "sentence", "document": "document"}
"""The layer of labels whose file names none and whose schema has them nowhere."""
FROM, TO = "from", "to"
"""Roles of a relation type that no schema describes."""
_SPELT = re.compile(r"(?:u[0-9A-F]{4,6})+")


class LabelNames:
    """Labels and relation types of one schema, as words and back.

    ``layer`` is where labels belong whose word names no layer. What a word must be changed for to
    be a name goes into ``losses``.
    """

    def __init__(
        self, schema: Schema, *, layer: str | None = None, losses: Losses | None = None
    ) -> None:
        self._schema = schema
        self._layer = layer
        self._losses = Losses() if losses is None else losses
        self._layers: dict[tuple[Scope, str], list[str]] = {}
        for found in schema.layers:
            for label in found.labels:
                self._layers.setdefault((found.scope, label.name), []).append(found.name)
        self._relations = {r.name: [role.name for role in r.roles] for r in schema.relations}
        self._names: set[str] = set()
        """Words that were found to be names."""
        self._read: dict[tuple[Scope, str], tuple[str, str]] = {}

    @classmethod
    def of(cls, source: Source) -> LabelNames:
        """For reading a file: its schema, the layer that was named, and its losses."""
        return cls(source.schema, layer=source.layer, losses=source.losses)

    # -- labels ----------------------------------------------------------------------------------

    def written(self, layer: str, label: str, scope: Scope = "span") -> str:
        """The word for a label."""
        if self._layers.get((scope, label)) == [layer]:
            return _unspelt(label)
        return f"{layer}/{label}"

    def label(self, word: str, scope: Scope = "span") -> tuple[str, str]:
        """Layer and label of a word. Raises InputError where the word fits several layers."""
        found = self._read.get((scope, word))
        if found is None:
            found = self._read[scope, word] = self._found(word, scope)
        return found

    def _found(self, word: str, scope: Scope) -> tuple[str, str]:
        layer, slash, label = word.partition("/")
        if slash and is_name(layer) and is_name(label):
            return layer, label
        label = self.name(word)
        if self._layer is not None:
            return self._layer, label
        label, layers = self._known(label, scope)
        if len(layers) > 1:
            raise InputError(
                f"the label {quoted(word)} is in the layers {', '.join(layers)}",
                f"Say which with --layer {layers[0]}.",
            )
        return layers[0] if layers else UNNAMED_LAYER[scope], label

    def _known(self, label: str, scope: Scope) -> tuple[str, list[str]]:
        """The label as the schema writes it, in this case or another, and the layers it is in."""
        if (scope, label) not in self._layers:
            folded = label.casefold()
            alike = [
                (s, name) for s, name in self._layers if s == scope and name.casefold() == folded
            ]
            if len(alike) == 1:
                self._losses.add("label in another case", f"read as {alike[0][1]}", quoted(label))
                label = alike[0][1]
        return label, self._layers.get((scope, label), [])

    def name(self, word: str) -> str:
        """The word as a schema may name something: letters, digits, ``_``, ``-`` and ``.``."""
        if word in self._names:
            return word
        if is_name(word):
            self._names.add(word)
            return word
        name = _cleaned(word)
        self._losses.add("name that no schema may hold", f"read as {name}", quoted(word))
        return name

    # -- relations -------------------------------------------------------------------------------

    def written_pair(self, type: str, first: str, second: str) -> str:
        """The word for a relation of that type whose arguments stand in these roles."""
        roles = self._roles(type)
        if [first, second] == roles[:2]:
            return type
        return f"{type}/{second}" if roles[:1] == [first] else f"{type}/{first}/{second}"

    def pair(self, word: str) -> tuple[str, str, str]:
        """Type and the roles of the first and second argument of a word."""
        type, *roles = word.split("/")
        if not 0 < len(roles) < 3 or not all(map(is_name, (type, *roles))):
            type, roles = self.name(word), []
        known = self._roles(type)
        if len(roles) == 2:
            return type, roles[0], roles[1]
        if roles:
            return type, known[0], roles[0]
        return type, known[0], known[1] if len(known) > 1 else known[0]

    def _roles(self, type: str) -> list[str]:
        return self._relations.get(type) or [FROM, TO]


def _cleaned(word: str) -> str:
    """The nearest name to a word; one of punctuation is spelt by its code points, ``u002E``."""
    kept = "".join(c if is_name(f"a{c}") else "_" for c in word).lstrip("_-.")[:NAME_LIMIT]
    if is_name(kept):
        return kept
    if not word:
        return "unnamed"
    spelt = "".join(f"u{ord(c):04X}" for c in word)
    return spelt if is_name(spelt) else f"u{sha256(word.encode()).hexdigest()[: NAME_LIMIT // 2]}"


def _unspelt(name: str) -> str:
    """The punctuation that a name spells, if it does; it can be seen, and none of it is a name."""
    if not _SPELT.fullmatch(name):
        return name
    codes = [int(code, 16) for code in name[1:].split("u")]
    word = "".join(map(chr, codes)) if max(codes) <= sys.maxunicode else ""
    is_seen = word.isprintable() and " " not in word
    return word if is_seen and _cleaned(word) == name else name
