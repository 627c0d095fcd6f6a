"""Makes a record of the feature structures of a UIMA CAS.

An annotation's type is its layer, its best-known feature the label, its others attributes. What has
a governor and a dependent is a relation; slots and chains are relations of any number of arguments.
"""

from __future__ import annotations

from annotator.core.annotation import AttributeValues, Span
from annotator.core.offsets import OffsetMap
from annotator.core.ranges import trim
from annotator.errors import InputError
from annotator.formats.building import RecordBuilder
from annotator.formats.cas_structures import (
    ARGUMENTS,
    DEPENDENT,
    GOVERNOR,
    LABEL,
    LINK_TARGET,
    NOTE,
    PACKAGE,
    RELATION,
    ROLE,
    Cas,
    Structure,
    decoded,
)
from annotator.formats.label_names import LabelNames
from annotator.formats.record import Record
from annotator.formats.source import Source
from annotator.formats.webanno_reading import HOST, MEMBER, TARGET

OUT = "left out"
_LABELS = (LABEL, "value", "PosValue", "entity", "DependencyType", "referenceType", "type", "pos")
_SKIPPED = frozenset(("DocumentAnnotation", "DocumentMetaData", "Token"))
_NOT_SAID = frozenset(("first", "next", "sofa", GOVERNOR, DEPENDENT))
_TITLES = ("documentTitle", "documentId")


class CasReader:
    """Builds one record; ``text`` is the CAS's. Raises InputError where something is wrong."""

    def __init__(self, cas: Cas, text: str, source: Source) -> None:
        self._cas = cas
        self._text = text
        self._source = source
        self._units = OffsetMap(text, "utf-16")
        self._names = LabelNames(source.schema, losses=source.losses)
        self._spans: dict[int, Span] = {}
        self._links: set[int] = set()
        structures = cas.structures.values()
        title = next((v for s in structures if (v := _title(s))), source.name)
        self.builder = RecordBuilder(source, text, name=title)

    def record(self) -> Record:
        """The record of the CAS's first view."""
        structures = [s for s in self._cas.structures.values() if s.name != "Sofa"]
        self._sentences([s for s in structures if s.name == "Sentence"])
        annotations = [s for s in structures if s.begin is not None and s.name != "Sentence"]
        ties = [s for s in annotations if self._refers(s, GOVERNOR) and self._refers(s, DEPENDENT)]
        tied = {s.id for s in ties}
        for structure in annotations:
            is_span = structure.id not in tied and not structure.is_relation
            if is_span and structure.name not in _SKIPPED:
                self._span(structure)
        for tie in ties:
            self._relation(tie)
        for structure in annotations:
            self._slots(structure)
        for structure in structures:
            if structure.begin is None:
                self._other(structure)
        if self._cas.views > 1:
            self._lose("further view", OUT, self._source.shown, self._cas.views - 1)
        return self.builder.record()

    def _lose(self, kind: str, done: str, example: str, count: int = 1) -> None:
        self._source.losses.add(kind, done, example, count)

    def _at(self, structure: Structure) -> str:
        return self._source.at(structure.line) if structure.line else self._source.shown

    def _refers(self, structure: Structure, feature: str) -> list[Structure]:
        """The structures that a feature refers to. Raises InputError: one is not there."""
        found = []
        for id in structure.references.get(feature, ()):
            if id not in self._cas.structures:
                raise InputError(
                    f"{self._at(structure)}: {structure.name} {structure.id} refers to {id}, which "
                    "is not in the file"
                )
            found.append(self._cas.structures[id])
        return found

    # -- ranges -----------------------------------------------------------------------------------

    def _range(self, structure: Structure) -> tuple[int, int]:
        begin, end = structure.begin, structure.end
        if begin is None or end is None or not 0 <= begin <= end:
            raise InputError(f"{self._at(structure)}: {structure.name}: no range: {begin}–{end}")
        try:
            return self._units.to_code_points(begin), self._units.to_code_points(end)
        except ValueError as error:
            raise InputError(f"{self._at(structure)}: {structure.name}: {error}") from None

    def _sentences(self, found: list[Structure]) -> None:
        if not found:
            if not self._text.strip():
                self.builder.sentences([])
            return
        ranges, at = sorted(map(self._range, found)), 0
        for start, end in [*ranges, (len(self._text), len(self._text) + 1)]:
            if start < at or start == end or trim(self._text, at, start):
                self._lose("sentences that overlap or leave text out", OUT, self._source.shown)
                return
            at = end
        self.builder.sentences(ranges)

    # -- spans ------------------------------------------------------------------------------------

    def _span(self, structure: Structure) -> Span | None:
        start, end = self._range(structure)
        if start == end:
            self._lose("span without text", OUT, f"{self._at(structure)}: {structure.name}")
            return None
        values = self._values(structure)
        key = self._label_key(structure, values)
        word = values.pop(key) if key else self._layer(structure)
        span = self.builder.span(
            self._source.layer or self._names.name(self._layer(structure)), self._names.name(word),
            ((start, end),), note=values.pop(NOTE, None), attributes=self._attributes(values),
        )  # fmt: skip
        self._spans[structure.id] = span
        return span

    def _layer(self, structure: Structure) -> str:
        return decoded(structure.name)

    @staticmethod
    def _label_key(structure: Structure, values: dict[str, str]) -> str | None:
        if structure.type.startswith(PACKAGE) and LABEL in values:
            return LABEL
        return next((f for f in _LABELS if f in values), next(iter(values), None))

    def _values(self, structure: Structure) -> dict[str, str]:
        slots = {feature for feature, _ in self._slot_features(structure)}
        return {k: v for k, v in structure.values.items() if k not in _NOT_SAID and k not in slots}

    def _attributes(self, values: dict[str, str]) -> tuple[AttributeValues, ...]:
        named = {self._names.name(decoded(k)): self._names.name(v) for k, v in values.items() if v}
        return tuple(AttributeValues(name, (said,)) for name, said in named.items())

    # -- relations --------------------------------------------------------------------------------

    def _argument(self, structure: Structure) -> Span | None:
        """The span of an annotation; a token that something refers to becomes one."""
        if structure.id not in self._spans and structure.name == "Token":
            return self._span(structure)
        return self._spans.get(structure.id)

    def _relation(self, structure: Structure) -> None:
        ends = [*self._refers(structure, GOVERNOR)[:1], *self._refers(structure, DEPENDENT)[:1]]
        spans = [span for end in ends if (span := self._argument(end))]
        if len(spans) < 2:
            self._lose(
                "relation of what is no span", OUT, f"{self._at(structure)}: {structure.name}"
            )
            return
        values = self._values(structure)
        type = self._names.name(self._layer(structure))
        if values.get(LABEL, "").partition("/")[0] == type:
            type, one, two = self._names.pair(values.pop(LABEL))
        else:
            type, one, two = self._names.pair(type)
        self.builder.relation(
            type, [(one, spans[0]), (two, spans[1])], note=values.pop(NOTE, None),
            attributes=self._attributes(values),
        )  # fmt: skip

    def _slot_features(self, structure: Structure) -> list[tuple[str, list[Structure]]]:
        """Features that hold links, which have a target and often a role."""
        found = []
        for feature, ids in structure.references.items():
            links = [self._cas.structures[id] for id in ids if id in self._cas.structures]
            if links and all(s.begin is None and LINK_TARGET in s.references for s in links):
                found.append((feature, links))
        return found

    def _slots(self, structure: Structure) -> None:
        for feature, links in self._slot_features(structure):
            self._links.update(link.id for link in links)
            host = None if structure.is_relation else self._argument(structure)
            is_kept = structure.is_relation or host is not None
            arguments = []
            for link in links:
                target = next(iter(self._refers(link, LINK_TARGET)), None)
                span = None if target is None else self._argument(target)
                if span is None or not is_kept:
                    self._lose(
                        "argument of a relation", f"{OUT} with its span", self._at(structure)
                    )
                    continue
                role = self._names.name(link.values.get(ROLE) or TARGET)
                arguments.append((role, span))
            if not arguments:
                continue
            if host is not None:
                self.builder.relation(self._names.name(feature), [(HOST, host), *arguments])
            elif feature == ARGUMENTS:
                self._hosted(structure, arguments)

    def _hosted(self, structure: Structure, arguments: list[tuple[str, Span]]) -> None:
        """A relation that an annotation stands for."""
        values = self._values(structure)
        type = self._names.name(values.pop(RELATION))
        note = values.pop(NOTE, None)
        self.builder.relation(type, arguments, note=note, attributes=self._attributes(values))

    def _other(self, structure: Structure) -> None:
        """What is no annotation: the head of a chain, or something of which nothing is known."""
        heads = self._refers(structure, "first")
        if not heads:
            if structure.id not in self._links and not structure.type.startswith("uima.cas."):
                self._lose(
                    "structure that is no annotation",
                    OUT,
                    f"{self._at(structure)}: {structure.name}",
                )
            return
        spans, seen, link = [], set(), heads[0]
        while link.id not in seen:
            seen.add(link.id)
            span = self._argument(link)
            if span is not None:
                spans.append((MEMBER, span))
            following = self._refers(link, "next")
            if not following:
                break
            link = following[0]
        else:
            raise InputError(f"{self._at(structure)}: the chain {structure.id} is a circle")
        if len(spans) > 1:
            self.builder.relation(self._names.name(self._layer(structure)), spans)


def _title(structure: Structure) -> str | None:
    if structure.name != "DocumentMetaData":
        return None
    return next((structure.values[t] for t in _TITLES if structure.values.get(t)), None)
