"""A document of a DocBin as a record: everything in it is checked before it is believed."""

from __future__ import annotations

import struct
from itertools import groupby
from typing import Any

import msgspec
from msgspec import Struct

from annotator.core.annotation import Actor, Span
from annotator.core.ranges import Range, trim
from annotator.errors import InputError
from annotator.formats.building import RecordBuilder
from annotator.formats.docbin_columns import PackedDocument
from annotator.formats.docbin_words import Words
from annotator.formats.docbin_writing import BEGIN, INSIDE, REL_KEY, SPAN, STARTS, Token
from annotator.formats.label_names import LabelNames
from annotator.formats.loss import quoted
from annotator.formats.msgpack_values import DAMAGED, unpacked
from annotator.formats.record import Record
from annotator.formats.reducing import OUT
from annotator.formats.source import Source

DEFAULT_KEY = "sc"
"""Where spaCy's span categorizer looks when nothing else is said; no name of a layer."""
_LIKELY = 0.5
_LINGUISTIC = ("TAG", "POS", "DEP", "LEMMA")
_OWN_DATA = ("name", "meta", "annotator", "relations", REL_KEY)
_LISTS = (*range(0x90, 0xA0), 0xDC, 0xDD)
"""First bytes of lists in msgpack, as which older files have their groups."""
_EMPTY_GROUPS = (b"", b"\x90", b"\x80")


class Link(Struct):
    """One entry of ``user_data["relations"]``: groups and places in them of two spans."""

    label: str
    head: tuple[str, int]
    child: tuple[str, int]


class Group(Struct):
    """One span group."""

    spans: list[bytes]
    name: str = ""


class DocumentReader:
    """Reads the documents of one bin; ``columns`` are its attributes by name."""

    def __init__(self, source: Source, columns: dict[str, int], width: int, words: Words) -> None:
        self._source = source
        self._names = LabelNames.of(source)
        self._layers = {layer.name for layer in source.schema.layers}
        self._columns = columns
        self._width = width
        self._words = words

    def record(self, document: PackedDocument, place: str, number: int) -> Record:
        """The record of a document. Raises InputError."""
        text, tokens = self._text(document)
        data = unpacked(document.user_data or b"\x80", dict[Any, Any])
        name = data.get("name")
        who = data.get("annotator")
        build = RecordBuilder(
            self._source, text, place=place, meta=self._meta(data, place),
            name=name if isinstance(name, str) and name.strip() else self._source.numbered(number),
            annotator=who if isinstance(who, str) and who else None,
        )  # fmt: skip
        one = _Document(build, tokens, self._word, self._source, place)
        self._sentences(build, document, tokens)
        self._groups(one, document)
        self._entities(one, document)
        self._cats(build, document)
        self._relations(one, data)
        for attribute in _LINGUISTIC:
            if any(self._column(document, attribute)):
                self._source.losses.add("tags, lemmas or parse of tokens", OUT, place)
                break
        return build.record()

    def _column(self, document: PackedDocument, attribute: str) -> list[int]:
        """The numbers of an attribute; none where the bin has no such column."""
        at = self._columns.get(attribute)
        return [] if at is None else list(document.tokens[at :: self._width])

    def _word(self, number: int, what: str) -> str:
        word = self._words.word(number)
        if word is None:
            raise InputError(f"{what}: the bin does not hold the word of number {number}")
        return word

    def _text(self, document: PackedDocument) -> tuple[str, list[Token]]:
        """The document's text, and its tokens in code points of it."""
        flags = unpacked(document.flags, dict[str, Any])
        are_unknown = bool(flags.get("has_unknown_spaces"))
        parts: list[str] = []
        tokens: list[Token] = []
        at, largest = 0, self._source.largest_record
        orth = self._column(document, "ORTH")
        for n, (number, space) in enumerate(zip(orth, document.spaces, strict=True), start=1):
            word = self._word(number, f"token {n}")
            has_space = n < len(orth) if are_unknown else bool(space)
            tokens.append(Token(at, at + len(word), has_space))
            parts.append(word + " " if has_space else word)
            at += len(parts[-1])
            if at > largest:
                raise InputError(f"the text is longer than {largest:,} characters")
        return "".join(parts), tokens

    def _meta(self, data: dict[Any, Any], place: str) -> dict[str, Any]:
        try:
            return self._plain_meta(data, place)
        except RecursionError:
            raise InputError(f"{DAMAGED}: its user data are nested too deep") from None

    def _plain_meta(self, data: dict[Any, Any], place: str) -> dict[str, Any]:
        meta = data.get("meta")
        found = {str(k): _plain(v) for k, v in meta.items()} if isinstance(meta, dict) else {}
        for key, value in data.items():
            if key in _OWN_DATA:
                continue
            if isinstance(key, str) and _is_plain(value):
                found[key] = _plain(value)
            else:
                self._source.losses.add("user data", OUT, f"{place}: {quoted(str(key))}")
        return found

    def _sentences(
        self, build: RecordBuilder, document: PackedDocument, tokens: list[Token]
    ) -> None:
        marks = self._column(document, "SENT_START")
        # The first token begins a sentence whether spaCy was told of sentences or not.
        if not any(marks[1:]) and marks != [STARTS]:
            return
        numbers = [0]
        for mark in marks[1:]:
            numbers.append(numbers[-1] + (mark == STARTS))
        ranges = []
        for _, group in groupby(zip(numbers, tokens, strict=True), key=lambda pair: pair[0]):
            words = [token for _, token in group]
            if found := trim(build.text, words[0].start, words[-1].end):
                ranges.append(found)
        build.sentences(ranges)

    def _groups(self, one: _Document, document: PackedDocument) -> None:
        if document.span_groups in _EMPTY_GROUPS:
            return
        packed = document.span_groups
        if packed[0] in _LISTS:
            found = [(data, [""]) for data in unpacked(packed, list[bytes])]
        else:
            found = list(unpacked(packed, dict[bytes, list[str]]).items())
        for data, keys in found:
            group = unpacked(data, Group)
            for key in keys:
                for n, row in enumerate(group.spans):
                    one.group_span(key or group.name, n, row, self._label)

    def _label(self, key: str, word: str) -> tuple[str, str]:
        """The layer is the group's where the schema has it, else found by the label."""
        is_layer = key in self._layers or (not self._layers and key not in ("", DEFAULT_KEY))
        if self._source.layer is None and is_layer:
            return self._names.name(key), self._names.name(word)
        return self._names.label(word)

    def _entities(self, one: _Document, document: PackedDocument) -> None:
        """Runs of tokens of one entity; those that are in a group as well come once."""
        types = self._column(document, "ENT_TYPE")
        marks = self._column(document, "ENT_IOB") or [INSIDE if type else 0 for type in types]
        ids = self._column(document, "ENT_KB_ID") or [0] * len(types)
        begin: int | None = None
        for n in range(len(types) + 1):
            goes_on = (
                n < len(types) and begin is not None
                and marks[n] == INSIDE and types[n] == types[begin]
            )  # fmt: skip
            if goes_on:
                continue
            if begin is not None:
                label = self._word(types[begin], f"entity of token {begin + 1}")
                kb_id = self._word(ids[begin], f"link of token {begin + 1}")
                one.entity(begin, n, label, kb_id, self._names)
            begin = n if n < len(types) and marks[n] in (BEGIN, INSIDE) else None

    def _cats(self, build: RecordBuilder, document: PackedDocument) -> None:
        for word, score in unpacked(document.cats, dict[str, float]).items():
            if score not in (0.0, 1.0):
                self._source.losses.add("score of a label", "read as yes or no", quoted(word))
            if score >= _LIKELY:
                build.unit_label(*self._names.label(word, "document"))

    def _relations(self, one: _Document, data: dict[Any, Any]) -> None:
        if "relations" in data:
            try:
                links = msgspec.convert(data["relations"], list[Link])
            except msgspec.ValidationError as error:
                raise InputError(f"its relations are not as they are written: {error}") from None
            for link in links:
                one.relation(link, self._names)
        elif REL_KEY in data:
            one.rel(data[REL_KEY], self._names)


class _Document:
    """One document that is being read: its spans by token, and what ties them."""

    def __init__(
        self, build: RecordBuilder, tokens: list[Token], word: Any, source: Source, place: str
    ) -> None:
        self._build = build
        self._tokens = tokens
        self._word = word
        self._losses = source.losses
        self._place = place
        self._grouped: dict[tuple[str, int], Span] = {}
        self._said: set[tuple[str, Range | None]] = set()
        """Label, and range without white space at its ends, of all that groups hold."""
        self._at: dict[int, Span] = {}
        """What begins at a token: an entity, or else the widest of a group."""
        self._actors: dict[str, Actor] = {}

    def group_span(self, key: str, n: int, row: bytes, label: Any) -> None:
        """Add the n-th span of a group."""
        try:
            _, kb_id, number, start, end, _, _ = SPAN.unpack(row)
        except struct.error:
            raise InputError(f"span {n + 1} of {quoted(key)} is no span") from None
        where = f"span {n + 1} of {quoted(key)}"
        if not 0 <= start <= end <= len(self._tokens):
            raise InputError(f"{where}: tokens {start}–{end} of a document of {len(self._tokens)}")
        word = self._word(number, where)
        if start == end or not word:
            kind = "span without text" if start == end else "span without a label"
            self._losses.add(kind, OUT, f"{self._place}: {where}")
            return
        span = self._span(start, end, label(key, word), self._word(kb_id, where))
        self._grouped[key, n] = span
        self._said.add((word, trim(self._build.text, span.start, span.end)))
        widest = self._at.setdefault(start, span)
        if span.end > widest.end:
            self._at[start] = span

    def entity(self, start: int, end: int, word: str, kb_id: str, names: LabelNames) -> None:
        """Add an entity, unless a group holds it."""
        if not word:
            self._losses.add("entity without a label", OUT, f"{self._place}: token {start + 1}")
            return
        first, last = self._tokens[start].start, self._tokens[end - 1].end
        if (word, trim(self._build.text, first, last)) in self._said:
            return
        self._at[start] = self._span(start, end, names.label(word), kb_id)

    def _span(self, start: int, end: int, label: tuple[str, str], kb_id: str) -> Span:
        first, last = self._tokens[start].start, self._tokens[end - 1].end
        actor = self._actor(kb_id, self._build.text[first:last]) if kb_id else None
        return self._build.span(*label, ((first, last),), actor=None if actor is None else actor.id)

    def _actor(self, kb_id: str, name: str) -> Actor:
        """The actor of an id in a knowledge base; its name is its first mention."""
        if kb_id not in self._actors:
            scheme = "wikidata" if kb_id[:1] == "Q" and kb_id[1:].isdecimal() else "kb"
            self._actors[kb_id] = self._build.actor(name, links=((scheme, kb_id),))
        return self._actors[kb_id]

    def relation(self, link: Link, names: LabelNames) -> None:
        """Add a relation between two spans of groups."""
        ends = [self._grouped.get(end) for end in (link.head, link.child)]
        head, child = ends
        if head is None or child is None:
            self._losses.add("relation with an end that is not there", OUT, link.label)
            return
        type, first, second = names.pair(link.label)
        self._build.relation(type, [(first, head), (second, child)])

    def rel(self, value: Any, names: LabelNames) -> None:
        """Add what ``doc._.rel`` holds: by the first tokens of two spans, labels with scores."""
        try:
            found = msgspec.convert(value, dict[tuple[int, int], dict[str, float]])
        except msgspec.ValidationError as error:
            raise InputError(f"doc._.rel is not as it should be: {error}") from None
        for (first, second), labels in found.items():
            for label, score in labels.items():
                if score < _LIKELY:
                    continue
                head, child = self._at.get(first), self._at.get(second)
                if head is None or child is None:
                    self._losses.add("relation with an end that is not there", OUT, label)
                    continue
                type, one, two = names.pair(label)
                self._build.relation(type, [(one, head), (two, child)])


def _is_plain(value: Any) -> bool:
    """Whether a value is such as JSON holds."""
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return all(isinstance(k, str) and _is_plain(v) for k, v in value.items())
    return value is None or isinstance(value, bool | int | float | str)


def _plain(value: Any) -> Any:
    """A value as JSON has it: lists, and no tuples."""
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    return value if _is_plain(value) else str(value)
