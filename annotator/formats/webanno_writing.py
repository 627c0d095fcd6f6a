"""The lines of a WebAnno TSV 3.3 file for one record that ``webanno_reducing`` has reduced.

Every annotation bears an id, so that spans of any layer can be told apart and referred to.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise

from annotator.core.annotation import AttributeValues, Relation, Span
from annotator.core.offsets import OffsetMap
from annotator.core.ranges import Range
from annotator.core.schema import Schema
from annotator.formats.label_names import LabelNames
from annotator.formats.record import Record, token_ranges
from annotator.formats.webanno_cells import (
    ANY_TYPE,
    ARGUMENTS,
    BASE,
    LABEL,
    NONE,
    NOTE,
    NULL,
    PACKAGE,
    RELATION,
    RELATIONS,
    SLOT,
    SPANS,
    escaped,
    escaped_text,
)

LINK = "ArgumentsLink"
VERSION = "#FORMAT=WebAnno TSV 3.3"


def lines(record: Record, schema: Schema) -> Iterator[str]:
    """The lines without their ends."""
    return _Tsv(record, schema).lines()


class _Layer:
    """One span layer or relation type of the header: its columns, and its cells by row."""

    def __init__(
        self, name: str, items: list[Span] | list[Relation], known: list[str], word: str = LABEL
    ) -> None:
        self.name = name
        self._word = word
        used = {a.name for item in items for a in item.attributes}
        self.attributes = [n for n in known if n in used] + sorted(used - set(known))
        self.has_notes = any(item.note is not None for item in items)
        self.rows: dict[str, list[tuple[list[str], str]]] = {}
        """Unit → for each annotation its plain values, and what its id or reference is."""
        self.slots: dict[str, list[tuple[str, str]]] = {}
        """Unit → for each annotation that has slots their roles and targets."""

    @property
    def features(self) -> list[str]:
        return [self._word, *self.attributes, *([NOTE] if self.has_notes else [])]

    def add(self, unit: str, label: str, item: Span | Relation, end: str) -> None:
        values = {a.name: _value(a) for a in item.attributes}
        cells = [escaped(label), *(values.get(name, NULL) for name in self.attributes)]
        if self.has_notes:
            cells.append(NULL if item.note is None else escaped(item.note))
        self.rows.setdefault(unit, []).append((cells, end))


def _value(attribute: AttributeValues) -> str:
    return escaped(attribute.values[0])


class _Tsv:
    def __init__(self, record: Record, schema: Schema) -> None:
        self._record = record
        self._names = LabelNames(schema)
        self._text = record.document.text
        self._units = OffsetMap(self._text, "utf-16")
        self._tokens: list[Range] = []
        self._ids: list[str] = []
        """Ids of tokens in the file."""
        for number, tokens in enumerate(token_ranges(record), start=1):
            self._tokens += tokens
            self._ids += [f"{number}-{n}" for n in range(1, len(tokens) + 1)]
        ordered = sorted(record.spans, key=lambda s: (s.start, -s.end))
        self._numbers = {span.id: n for n, span in enumerate(ordered, start=1)}
        """The ids of spans in the file, then those of annotations that stand for relations."""
        self._places = {span.id: list(self._parts(span)) for span in ordered}
        self._subs = self._sub_tokens()
        known = {layer.name: [a.name for a in layer.attributes] for layer in schema.layers}
        types = {r.name: [a.name for a in r.attributes] for r in schema.relations}
        self._layers = [
            self._span_layer(name, known.get(name, []))
            for name in _in_order([s.layer for s in ordered], list(known))
        ]
        self._pairs = [r for r in record.relations if len(r.arguments) == 2]
        self._types = [
            self._relation_layer(name, types.get(name, []))
            for name in _in_order([r.type for r in self._pairs], list(types))
        ]
        self._hosted = [r for r in record.relations if len(r.arguments) != 2]
        first = len(self._numbers) + 1
        self._numbers |= {r.id: n for n, r in enumerate(self._hosted, start=first)}
        self._hosts = [
            self._host_layer(name, types.get(name, []))
            for name in _in_order([r.type for r in self._hosted], list(types))
        ]

    # -- where spans lie --------------------------------------------------------------------------

    def _parts(self, span: Span) -> Iterator[tuple[int, Range]]:
        """The tokens that a span covers, by number, and how far it covers each."""
        ((start, end),) = span.fragments
        first = bisect_right(self._tokens, start, key=lambda t: t.end)
        last = bisect_left(self._tokens, end, key=lambda t: t.start)
        for n in range(first, last):
            token = self._tokens[n]
            yield n, Range(max(start, token.start), min(end, token.end))

    def _sub_tokens(self) -> dict[int, list[Range]]:
        """The parts of each token that spans begin or end within, in order."""
        found: dict[int, set[Range]] = {}
        for places in self._places.values():
            for n, part in places:
                if part != self._tokens[n]:
                    found.setdefault(n, set()).add(part)
        return {n: sorted(parts) for n, parts in found.items()}

    def _unit(self, n: int, part: Range) -> str:
        if part == self._tokens[n]:
            return self._ids[n]
        return f"{self._ids[n]}.{self._subs[n].index(part) + 1}"

    def _first_unit(self, span: str) -> str:
        return self._unit(*self._places[span][0])

    # -- columns ----------------------------------------------------------------------------------

    def _span_layer(self, name: str, known: list[str]) -> _Layer:
        spans = [s for s in self._record.spans if s.layer == name]
        layer = _Layer(name, spans, known)
        for span in sorted(spans, key=lambda s: self._numbers[s.id]):
            for n, part in self._places[span.id]:
                unit = self._unit(n, part)
                layer.add(unit, span.label, span, f"[{self._numbers[span.id]}]")
        return layer

    def _relation_layer(self, name: str, known: list[str]) -> _Layer:
        relations = [r for r in self._pairs if r.type == name]
        layer = _Layer(name, relations, known)
        for relation in relations:
            first, second = relation.arguments
            word = self._names.written_pair(name, first.role, second.role)
            ids = f"{self._numbers[first.target]}_{self._numbers[second.target]}"
            reference = f"{self._first_unit(first.target)}[{ids}]"
            layer.add(self._first_unit(second.target), word, relation, reference)
        return layer

    def _host_layer(self, type: str, known: list[str]) -> _Layer:
        """Annotations on the first argument that stand for relations, with all arguments in slots.

        The last cell holds the roles, that behind it the targets: they stand on the first unit.
        """
        relations = [r for r in self._hosted if r.type == type]
        names = {layer.name for layer in (*self._layers, *self._types)}
        layer = _Layer(_free(f"{type}Links", names), relations, known, RELATION)
        for relation in relations:
            id = f"[{self._numbers[relation.id]}]"
            roles = ";".join(escaped(a.role) for a in relation.arguments)
            targets = ";".join(
                f"{self._first_unit(a.target)}[{self._numbers[a.target]}]"
                for a in relation.arguments
            )
            for number, (n, part) in enumerate(self._places[relation.arguments[0].target]):
                unit = self._unit(n, part)
                layer.add(unit, type, relation, id)
                slots = (f"{roles}{id}", targets) if not number else (f"{NULL}{id}", NULL)
                layer.slots.setdefault(unit, []).append(slots)
        return layer

    def _base(self, name: str) -> str:
        """The type of what relations of a type tie, where it is one."""
        layers = {span.id: span.layer for span in self._record.spans}
        ends = {layers[a.target] for r in self._pairs if r.type == name for a in r.arguments}
        return f"{PACKAGE}{ends.pop()}" if len(ends) == 1 else ANY_TYPE

    # -- lines ------------------------------------------------------------------------------------

    def lines(self) -> Iterator[str]:
        yield VERSION
        for layer in self._layers:
            yield f"{SPANS}{PACKAGE}{'|'.join((layer.name, *layer.features))}"
        for host in self._hosts:
            slot = f"{SLOT}{PACKAGE}{host.name}:{ARGUMENTS}_{PACKAGE}{host.name}{LINK}"
            yield f"{SPANS}{PACKAGE}{'|'.join((host.name, *host.features, slot, ANY_TYPE))}"
        for type in self._types:
            fields = (type.name, *type.features, f"{BASE}{self._base(type.name)}")
            yield f"{RELATIONS}{PACKAGE}{'|'.join(fields)}"
        yield ""
        cut = [s.start for s in self._record.sentences or ()]
        at = 0
        for start, end in pairwise([*cut, len(self._text)]):
            yield ""
            said = self._text[start:end]
            if end < len(self._text):
                said = said.removesuffix("\n")
            yield from (f"#Text={escaped_text(line)}" for line in said.split("\n"))
            while at < len(self._tokens) and self._tokens[at].start < end:
                yield self._row(self._ids[at], self._tokens[at])
                for n, part in enumerate(self._subs.get(at, ()), start=1):
                    yield self._row(f"{self._ids[at]}.{n}", part)
                at += 1

    def _row(self, unit: str, place: Range) -> str:
        start, end = map(self._units.to_units, place)
        cells = [unit, f"{start}-{end}", self._text[slice(*place)]]
        for layer in (*self._layers, *self._hosts):
            found = layer.rows.get(unit, [])
            for column in range(len(layer.features)):
                stack = [f"{values[column]}{id}" for values, id in found]
                cells.append("|".join(stack) or NONE)
            if layer in self._hosts:
                slots = layer.slots.get(unit, [])
                cells += ["|".join(slot[column] for slot in slots) or NONE for column in (0, 1)]
        for type in self._types:
            found = type.rows.get(unit, [])
            for column in range(len(type.features)):
                cells.append("|".join(values[column] for values, _ in found) if found else NONE)
            cells.append("|".join(reference for _, reference in found) or NONE)
        return "".join(f"{cell}\t" for cell in cells)


def _in_order(names: Iterable[str], known: list[str]) -> list[str]:
    """Each name once: those that the schema knows in its order, then the others."""
    found = set(names)
    return [name for name in known if name in found] + sorted(found - set(known))


def _free(name: str, taken: set[str]) -> str:
    """The name, or one like it that is not taken."""
    while name in taken:
        name += "_"
    return name
