"""What labels, attributes and relations files hold, counted: for a schema that would fit them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter

from annotator.core.annotation import AttributeValues, Span
from annotator.core.schema import Scope, Unit
from annotator.core.text_objects import UNITS, taken_at
from annotator.formats.record import Record, sentence_ranges

_ENOUGH = 500
"""Fits after which no more spans of a layer are looked at for their unit."""


class Findings:
    """Counts of what records hold, and of what files declare without using it (count 0)."""

    def __init__(self) -> None:
        self.labels: dict[tuple[str, Scope], Counter[str]] = {}
        """(layer, scope) → labels."""
        self.attributes: dict[tuple[str, str], Counter[str]] = {}
        """(layer or relation type, attribute) → values."""
        self.several: set[tuple[str, str]] = set()
        """Those attributes that hold several values somewhere."""
        self.relations: dict[str, dict[str, Counter[tuple[str, str]]]] = {}
        """Relation type → role → what stands in it, as (kind, layer or relation type)."""
        self.overlapping: set[str] = set()
        """Layers of which two spans overlap."""
        self.units: dict[str, Counter[Unit]] = {}
        """Layer → how many of its first spans are just what a key would take of each unit."""
        self._pairs: dict[str, bool] = {}
        """Relation types found → whether each of them has two arguments, in two roles."""

    def label(self, layer: str, label: str, scope: Scope = "span", count: int = 1) -> None:
        """Count a label."""
        self.labels.setdefault((layer, scope), Counter())[label] += count

    def attribute(self, owner: str, name: str, values: tuple[str, ...], count: int = 1) -> None:
        """Count the values of an attribute of a layer or relation type."""
        found = self.attributes.setdefault((owner, name), Counter())
        for value in values:
            found[value] += count
        if len(values) > 1 and count:
            self.several.add((owner, name))

    def argument(self, type: str, role: str, kind: str, what: str, count: int = 1) -> None:
        """Count an argument: a span of a layer, a relation of a type, or an actor."""
        roles = self.relations.setdefault(type, {})
        roles.setdefault(role, Counter())[kind, what] += count

    def add(self, record: Record) -> None:
        """Count all that a record holds, its suggestions too."""
        proposed = [s.proposed for s in record.suggestions]
        spans = [*record.spans, *(p for p in proposed if isinstance(p, Span))]
        for span in spans:
            self.label(span.layer, span.label)
            self._values(span.layer, span.attributes)
        self._overlaps(spans)
        self._units(record, spans)
        for label in record.unit_labels:
            scope: Scope = "document" if label.sentence is None else "sentence"
            self.label(label.layer, label.label, scope)
            self._values(label.layer, label.attributes)
        layers = {span.id: span.layer for span in spans}
        types = {relation.id: relation.type for relation in record.relations}
        for relation in record.relations:
            self.relations.setdefault(relation.type, {})
            self._values(relation.type, relation.attributes)
            is_pair = len(relation.arguments) == len({a.role for a in relation.arguments}) == 2
            self._pairs[relation.type] = is_pair and self._pairs.get(relation.type, True)
            for argument in relation.arguments:
                what = layers.get(argument.target) or types.get(argument.target) or ""
                self.argument(relation.type, argument.role, argument.kind, what)

    def _values(self, owner: str, attributes: tuple[AttributeValues, ...]) -> None:
        for attribute in attributes:
            self.attribute(owner, attribute.name, attribute.values)

    def is_pair(self, type: str) -> bool:
        """Whether all relations of a type tie one to one, in the same two roles."""
        return self._pairs.get(type, False) and len(self.relations[type]) == 2

    def unit(self, layer: str) -> Unit:
        """The unit that the most of its spans are; of several the smallest."""
        found = self.units.get(layer, Counter())
        return max(UNITS, key=lambda unit: found[unit])

    def _units(self, record: Record, spans: list[Span]) -> None:
        looked_at = [
            span
            for span in spans
            if len(span.fragments) == 1
            and self.units.setdefault(span.layer, Counter()).total() < _ENOUGH
        ]
        if not looked_at:
            return
        text, cut = record.document.text, sentence_ranges(record)
        if not cut:
            return
        for span in looked_at:
            found = self.units[span.layer]
            around = cut[max(0, bisect_right(cut, span.start, key=lambda s: s.start) - 1)]
            for unit in UNITS:
                if unit != "paragraph":
                    taken = taken_at(text, span.start, unit, around, around)
                    found[unit] += taken == (span.start, span.end)

    def _overlaps(self, spans: list[Span]) -> None:
        reached: dict[str, int] = {}
        for span in sorted(spans, key=lambda s: (s.start, -s.end)):
            if span.start < reached.get(span.layer, 0):
                self.overlapping.add(span.layer)
            reached[span.layer] = max(reached.get(span.layer, 0), span.end)
