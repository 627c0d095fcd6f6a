"""Makes a record of the rows of a WebAnno TSV file.

A type is a layer, its best-known feature the label, its others attributes. A relation goes from its
governor to its dependent; slots and chains are relations of any number of arguments.
"""

from __future__ import annotations

import re

from msgspec import Struct

from annotator.core.annotation import AttributeValues, Span
from annotator.errors import InputError
from annotator.formats.building import RecordBuilder
from annotator.formats.label_names import LabelNames
from annotator.formats.loss import quoted
from annotator.formats.record import Record
from annotator.formats.source import Source
from annotator.formats.webanno_cells import (
    ANY_TYPE,
    BASE,
    CHAINS,
    LABEL,
    NONE,
    NOTE,
    NULL,
    RELATION,
    RELATIONS,
    SPANS,
    TOKEN_TYPE,
    Declared,
    split,
    stacked,
    value,
)
from annotator.formats.webanno_rows import Row, Rows

HOST, TARGET, MEMBER = "host", "target", "member"
"""Roles of the span that has slots, of what stands in one without a role, and in a chain."""
OUT = "left out"
_REFERENCE = re.compile(r"(\d+-\d+(?:\.\d+)?)(?:\[(\d{1,9})(?:_(\d{1,9}))?\])?")
_LINK = re.compile(r"(.*?)->(\d{1,9})-(\d{1,9})", re.DOTALL)


class Slot(Struct, frozen=True):
    """A target, as the file writes it, in a slot of a span."""

    feature: str
    role: str
    type: str
    target: str


class Found(Struct, eq=False):
    """An annotation while it is put together: the part of the text, and what its features say."""

    declared: Declared
    line: int
    unit: str
    start: int
    end: int
    values: dict[str, str]
    slots: list[Slot]
    span: Span | None = None


class TsvReader:
    """Builds one record."""

    def __init__(self, rows: Rows, builder: RecordBuilder, source: Source) -> None:
        self._rows = rows
        self._builder = builder
        self._source = source
        self._names = LabelNames(source.schema, losses=source.losses)
        self._found: list[Found] = []
        self._by_id: dict[tuple[str, int], Found] = {}
        self._at_unit: dict[tuple[str, str], Found] = {}
        self._ties: list[tuple[Declared, Row, dict[str, str], str]] = []
        self._chains: dict[tuple[str, str], dict[int, Found]] = {}
        self._units = {row.unit: row for row in rows.rows}
        self._tokens: dict[str, Found] = {}

    def record(self) -> Record:
        """The record. Raises InputError with the line where something is wrong."""
        for row in self._rows.rows:
            for declared in self._rows.declared:
                self._cells(declared, row)
        for found in self._found:
            if not found.declared.is_relation:
                self._span(found)
        for declared, row, values, reference in self._ties:
            self._relation(declared, row, values, reference)
        for found in self._found:
            self._slots(found)
        for (type, _), members in self._chains.items():
            self._chain(type, members)
        self._builder.sentences(self._rows.sentences)
        return self._builder.record()

    def _at(self, line: int) -> str:
        return self._source.at(line)

    # -- cells ------------------------------------------------------------------------------------

    def _cells(self, declared: Declared, row: Row) -> None:
        """Read the columns of one type in one row."""
        said = row.cells[declared.first : declared.first + len(declared.fields)]
        if all(cell == NONE for cell in said):
            return
        if declared.kind == RELATIONS:
            self._tie_cells(declared, row)
            return
        columns = [stacked(cell) for cell in said]
        depth = max(map(len, columns))
        for level in range(depth):
            cells = [column[level] if level < len(column) else (NONE, 0) for column in columns]
            if declared.kind == CHAINS:
                self._chain_cells(declared, row, cells)
            else:
                self._span_cells(declared, row, cells, level)

    def _span_cells(
        self, declared: Declared, row: Row, cells: list[tuple[str, int]], level: int
    ) -> None:
        id = next((id for _, id in cells if id), 0)
        found = self._by_id.get((declared.type, id)) if id else None
        if found is not None:
            found.end = max(found.end, row.end)
            return
        found = self._new(declared, row)
        if id:
            self._by_id[declared.type, id] = found
            self._by_id.setdefault((ANY_TYPE, id), found)
        for field in declared.plain:
            said = value(cells[declared.fields.index(field)][0])
            if said is not None:
                found.values[field] = said
        for slot in declared.slots:
            stacks = split(row.cells[declared.first + slot + 1], "|")
            targets = stacks[level] if level < len(stacks) else NONE
            if cells[slot][0] != NONE and targets not in (NONE, NULL):
                self._slot_cells(found, slot, cells[slot][0], targets)

    def _new(self, declared: Declared, row: Row) -> Found:
        found = Found(declared, row.line, row.unit, row.start, row.end, {}, [])
        self._found.append(found)
        self._at_unit.setdefault((declared.type, row.unit), found)
        self._at_unit.setdefault((ANY_TYPE, row.unit), found)
        return found

    def _slot_cells(self, found: Found, slot: int, roles: str, targets: str) -> None:
        fields = found.declared.fields
        feature = fields[slot].partition(":")[2].partition("_")[0] or "links"
        for role, target in zip(split(roles, ";"), split(targets, ";"), strict=False):
            found.slots.append(Slot(feature, value(role) or TARGET, fields[slot + 1], target))

    def _chain_cells(self, declared: Declared, row: Row, cells: list[tuple[str, int]]) -> None:
        """An element of a chain; its chain and place stand in the column of links."""
        said = dict(zip(declared.fields, (cell for cell, _ in cells), strict=True))
        link = _LINK.fullmatch(said.get("referenceRelation", ""))
        if link is None:
            raise InputError(
                f"{self._at(row.line)}: an element of a chain that says not which",
                "Its link is written like *->1-2: the second element of the first chain.",
            )
        members = self._chains.setdefault((declared.type, link[2]), {})
        found = members.get(int(link[3]))
        if found is not None:
            found.end = max(found.end, row.end)
            return
        found = members[int(link[3])] = self._new(declared, row)
        kind = value(said.get("referenceType", NULL))
        if kind is not None:
            found.values["referenceType"] = kind
        if value(link[1]) is not None:
            self._source.losses.add(
                "type of a link in a chain", OUT, f"{self._at(row.line)}: {link[1]}"
            )

    # -- spans ------------------------------------------------------------------------------------

    def _span(self, found: Found) -> None:
        declared = found.declared
        if found.start == found.end:
            self._source.losses.add("span without text", OUT, self._at(found.line))
            return
        values = dict(found.values)
        word = values.pop(declared.label, None) if declared.label else None
        layer = self._source.layer or self._names.name(declared.name)
        found.span = self._builder.span(
            layer, self._names.name(word or declared.name), ((found.start, found.end),),
            note=values.pop(NOTE, None), attributes=self._attributes(values),
        )  # fmt: skip

    def _attributes(self, values: dict[str, str]) -> tuple[AttributeValues, ...]:
        named = {self._names.name(name): self._names.name(said) for name, said in values.items()}
        return tuple(AttributeValues(name, (said,)) for name, said in named.items())

    # -- relations --------------------------------------------------------------------------------

    def _tie_cells(self, declared: Declared, row: Row) -> None:
        last = declared.first + len(declared.fields) - 1
        references = split(row.cells[last], "|")
        if references == [NONE]:
            return
        columns = {
            field: split(row.cells[declared.first + n], "|")
            for n, field in enumerate(declared.fields[:-1])
            if field
        }
        for n, reference in enumerate(references):
            values = {
                field: said
                for field, column in columns.items()
                if n < len(column) and (said := value(column[n])) is not None
            }
            self._ties.append((declared, row, values, reference))

    def _relation(
        self, declared: Declared, row: Row, values: dict[str, str], reference: str
    ) -> None:
        base = declared.fields[-1].removeprefix(BASE)
        unit, first, second = self._reference(reference, row)
        source = self._argument(base, unit, first, row)
        target = self._argument(base, row.unit, second, row)
        if source is None or target is None:
            self._source.losses.add(
                "relation of a span without text", OUT, f"{self._at(row.line)}: {declared.name}"
            )
            return
        label = declared.label
        word = values.get(label or "")
        type = self._names.name(declared.name)
        if label == LABEL and word is not None and word.partition("/")[0] == type:
            type, one, two = self._names.pair(word)
            values.pop(label, None)
        else:
            type, one, two = self._names.pair(type)
        note = values.pop(NOTE, None)
        self._builder.relation(
            type, [(one, source), (two, target)], attributes=self._attributes(values), note=note
        )

    def _reference(self, said: str, row: Row) -> tuple[str, int, int]:
        match = _REFERENCE.fullmatch(said)
        if match is None or match[1] not in self._units:
            raise InputError(f"{self._at(row.line)}: there is no token {quoted(said)}")
        return match[1], int(match[2] or 0), int(match[3] or 0)

    def _argument(self, type: str, unit: str, id: int, row: Row) -> Span | None:
        """A span by its id, or as the one of a type that begins in a unit."""
        if id:
            found = self._by_id.get((type, id)) or self._by_id.get((ANY_TYPE, id))
        else:
            found = self._at_unit.get((type, unit))
            if found is None and type != TOKEN_TYPE:
                found = self._at_unit.get((ANY_TYPE, unit))
            if found is None:
                found = self._token(unit)
        if found is None:
            raise InputError(f"{self._at(row.line)}: there is no annotation {id} in the file")
        return found.span

    def _token(self, unit: str) -> Found:
        """A token that something refers to, as an annotation."""
        if unit not in self._tokens:
            row = self._units[unit]
            found = Found(
                Declared(SPANS, TOKEN_TYPE, (), 0), row.line, unit, row.start, row.end, {}, []
            )
            self._span(found)
            self._tokens[unit] = found
        return self._tokens[unit]

    def _slots(self, found: Found) -> None:
        features = self._filled(found)
        if found.declared.is_relation:
            self._hosted(found, [filled for slot in features.values() for filled in slot])
        elif found.span is not None:
            for feature, arguments in features.items():
                self._builder.relation(self._names.name(feature), [(HOST, found.span), *arguments])

    def _hosted(self, found: Found, arguments: list[tuple[str, Span]]) -> None:
        """A relation that an annotation stands for."""
        values = dict(found.values)
        type = self._names.name(values.pop(RELATION, "") or found.declared.name)
        if not arguments:
            self._source.losses.add("relation without arguments", OUT, self._at(found.line))
            return
        note = values.pop(NOTE, None)
        self._builder.relation(type, arguments, note=note, attributes=self._attributes(values))

    def _filled(self, found: Found) -> dict[str, list[tuple[str, Span]]]:
        """What stands in the slots of an annotation, by feature, with its roles."""
        row = self._units[found.unit]
        features: dict[str, list[tuple[str, Span]]] = {}
        for slot in found.slots:
            unit, id, _ = self._reference(slot.target, row)
            span = self._argument(slot.type, unit, id, row)
            if span is None:
                self._source.losses.add(
                    "argument of a relation", f"{OUT} with its span", self._at(found.line)
                )
                continue
            features.setdefault(slot.feature, []).append((self._names.name(slot.role), span))
        return features

    def _chain(self, type: str, members: dict[int, Found]) -> None:
        spans = [f.span for _, f in sorted(members.items()) if f.span is not None]
        if len(spans) > 1:
            name = self._names.name(type.rpartition(".")[2])
            self._builder.relation(name, [(MEMBER, span) for span in spans])
