"""Makes records of files of tokens: a text put together from them, and spans from tags or brackets.

Where a file does not say what white space there was, tokens are parted by single spaces and
sentences by line ends, and the document's metadata says so, so that its tokens stay what they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from annotator.errors import InputError
from annotator.formats.base import ImportItem, Record, Refusal, Source
from annotator.formats.building import RecordBuilder
from annotator.formats.entity_brackets import Brackets, unescaped
from annotator.formats.label_names import LabelNames
from annotator.formats.loss import quoted
from annotator.formats.record import SPACES, TOKENIZATION
from annotator.formats.reducing import OUT
from annotator.formats.tag_schemes import OUTSIDE, decoded, parted, recognised
from annotator.formats.token_layout import LAYER, Column, Layout, sample
from annotator.formats.token_rows import TokenDocument, documents
from annotator.formats.token_words import Word, WordReader

_TAG_KEYS = ("ner", "NER", "NE", "ne")
_BRACKET_KEY = "Entity"
_NO_LABEL = "mention"


class TokenReader:
    """Reads one file. ``scheme`` None means that the file's first rows tell it."""

    def __init__(self, source: Source, layout: Layout, scheme: str | None) -> None:
        self.source = source
        self.layout = layout
        self.names = LabelNames.of(source)
        self.columns = self._columns()
        self._scheme = scheme
        self._schemes: dict[int, str] = {}
        self.unread = set(layout.unread)
        """Columns that are not taken in and hold nothing up to here."""

    def items(self) -> Iterator[ImportItem]:
        """The records of the file, and refusals of documents in which something is wrong."""
        found = False
        for document in documents(self.source, self.layout):
            found = True
            reading = _Reading(self, document)
            try:
                yield reading.record()
            except InputError as error:
                yield Refusal(self.source.at(reading.line), error.message, error.hint)
        if not found:
            yield Refusal(self.source.shown, "the file holds no document")
        for n in self.layout.unread:
            if n not in self.unread:
                self.lose("column without labels of spans", f"column {n + 1}")

    def lose(self, kind: str, example: str, count: int = 1, done: str = OUT) -> None:
        """Count what is in the file and cannot be brought in."""
        self.source.losses.add(kind, done, f"{self.source.shown}: {example}", count)

    def scheme(self, column: Column) -> str:
        """The scheme of a column's tags."""
        if self._scheme is not None:
            return self._scheme
        known = self._schemes.get(column.index)
        if known is None:
            rows = [self.layout.cells(line) for line in sample(self.source.head())]
            tags = [row[column.index] for row in rows if len(row) == self.layout.width]
            known = self._schemes[column.index] = recognised([tags])
        return known

    def _columns(self) -> list[tuple[Column, LabelNames]]:
        """The columns to read, each with what knows the layer of its labels."""
        found = [(column, self._layer(column)) for column in self.layout.labels]
        asked = self.source.layer
        if asked is not None and any(layer == asked for _, layer in found):
            for column, layer in found:
                if layer != asked:
                    self.lose("column of a layer that was not asked for", column.heading)
            found = [(column, layer) for column, layer in found if layer == asked]
        return [
            (column, LabelNames(self.source.schema, layer=layer, losses=self.source.losses))
            for column, layer in found
        ]

    def _layer(self, column: Column) -> str | None:
        """The layer that a heading names, if it does."""
        heading = column.heading
        if heading.startswith(LAYER):
            return self.names.name(heading.removeprefix(LAYER))
        known = {layer.name.casefold(): layer.name for layer in self.source.schema.layers}
        if heading.casefold() in known:
            return known[heading.casefold()]
        if heading and len(self.layout.labels) > 1:
            return self.names.name(heading)
        return self.source.layer


class _Reading:
    """One document."""

    def __init__(self, reader: TokenReader, document: TokenDocument) -> None:
        self._reader = reader
        self._layout = reader.layout
        self._source = reader.source
        self._document = document
        self.line = document.line
        has_paragraphs = any(block.begins_paragraph for block in document.blocks)
        self._reading = WordReader(reader.layout, has_paragraphs, reader.unread)
        self._lose = self._reading.lose
        self._words: list[Word] = []
        self._spans: list[tuple[LabelNames, str, list[Word]]] = []
        """Of tags: what knows the layer, the label, and the tokens."""
        self._brackets: dict[int | str, Brackets] = {}

    def record(self) -> Record:
        """The record. Raises InputError; ``line`` then says where."""
        document = self._document
        if document.problem is not None:
            self.line = document.problem_line
            raise document.problem
        for block in document.blocks:
            self._labels(self._reading.words(block))
        text = self._reading.text
        if text.odd:
            self._lose("text that is not that of its tokens", "the tokens taken", text.odd)
        meta = dict(document.meta)
        if self._words and not text.is_told:
            meta[TOKENIZATION] = SPACES
        name = self._source.name if document.is_only else f"{self._source.name}#{document.number}"
        builder = RecordBuilder(
            self._source, text.finished(), name=document.name or name,
            place=self._source.at(document.line), meta=meta,
        )  # fmt: skip
        if not self._is_uncut():
            builder.sentences(text.sentences)
        self._add_spans(builder)
        for (kind, done), count in self._reading.lost.items():
            said = (document.name, self._reading.examples[kind, done])
            example = ": ".join(filter(None, said)) or f"line {document.line}"
            self._reader.lose(kind, example, count, done)
        return builder.record()

    def _is_uncut(self) -> bool:
        """Whether no blank line parts the sentences, as in some files of coreference."""
        has_brackets = any(column.kind == "brackets" for column in self._layout.labels)
        return has_brackets and len(self._document.blocks) == 1

    # -- labels -----------------------------------------------------------------------------------

    def _labels(self, held: list[Word]) -> None:
        """Take the labels of a sentence."""
        words = [word for word in held if word.place is not None]
        columns = self._reader.columns
        for column, names in columns:
            if column.kind == "tags":
                tags = [word.row.cells[column.index] for word in words]
                self._tags(names, words, tags, self._reader.scheme(column))
        for key in _TAG_KEYS:
            if any(key in word.misc for word in words):
                tags = [word.misc.pop(key, "O") for word in words]
                self._tags(self._reader.names, words, tags, recognised([tags]))
        for word in held:
            start, cells = len(self._words), word.row.cells
            if word.place is not None:
                self._words.append(word)
            elif any(cells[c.index] not in OUTSIDE for c, _ in columns if c.kind == "tags"):
                self._lose("label of an empty token")
            for column, _ in columns:
                if column.kind == "brackets" and cells[column.index] not in OUTSIDE:
                    self._bracket(column.index, cells[column.index], start)
            if _BRACKET_KEY in word.misc:
                self._bracket(_BRACKET_KEY, word.misc.pop(_BRACKET_KEY), start)
            if word.misc:
                self._lose("entry of MISC", count=len(word.misc), example=next(iter(word.misc)))

    def _bracket(self, where: int | str, value: str, start: int) -> None:
        brackets = self._brackets.setdefault(where, Brackets())
        brackets.cell(value, start, len(self._words))

    def _tags(self, names: LabelNames, words: list[Word], tags: list[str], scheme: str) -> None:
        for level in _levels(tags):
            try:
                found = decoded(level, scheme)
            except ValueError as error:
                tag = str(error)
                self.line = words[level.index(tag)].row.line
                raise InputError(
                    f"{quoted(tag)} is no tag of the scheme {scheme}",
                    "Say the scheme with --scheme, or the columns with --columns.",
                ) from None
            self._spans += [(names, p.label, words[p.start : p.end]) for p in found.spans]
            if found.strange:
                self._lose(
                    f"tag that does not fit {scheme}", "read as the edge of a span",
                    len(found.strange), f"line {words[found.strange[0]].row.line}",
                )  # fmt: skip

    # -- spans ------------------------------------------------------------------------------------

    def _add_spans(self, builder: RecordBuilder) -> None:
        for names, label, words in self._spans:
            builder.span(*names.label(label), (self._place(words),))
        columns = {column.index: names for column, names in self._reader.columns}
        for where, brackets in self._brackets.items():
            names = self._reader.names if isinstance(where, str) else columns[where]
            self._add_bracketed(builder, brackets, names, isinstance(where, str))

    def _add_bracketed(
        self, builder: RecordBuilder, brackets: Brackets, names: LabelNames, is_entity: bool
    ) -> None:
        groups: Counter[str] = Counter()
        at = self._type_field() if is_entity else None
        for found in brackets.found:
            fragments: list[tuple[int, int]] = []
            for start, end in sorted(found.fragments):
                if start == end:
                    continue
                place = self._place(self._words[start:end])
                if fragments and place[0] <= fragments[-1][1]:
                    place = (fragments[-1][0], max(place[1], fragments.pop()[1]))
                fragments.append(place)
            if not found.fragments:
                self._lose("bracket that is not closed")
            elif not fragments:
                self._lose("span without text")
            elif len(found.fragments) < found.parts:
                self._lose("fragment of a span that is missing")
            if fragments:
                label = _label_of(found.fields, at)
                builder.span(*names.label(label), tuple(fragments))
                groups[_group_of(found.fields, at)] += 1
        if brackets.wrong:
            self._lose("bracket that closes nothing", count=len(brackets.wrong))
        chains = sum(count > 1 for group, count in groups.items() if group)
        if chains:
            self._lose("group of coreferences", count=chains)

    def _type_field(self) -> int:
        """Which field of an ``Entity`` is its type."""
        for block in self._document.blocks[:1]:
            fields = block.comments.get("global.Entity", "").split("-")
            if "etype" in fields:
                return fields.index("etype")
        return 1

    def _place(self, words: list[Word]) -> tuple[int, int]:
        """From the first to the last of words, all of which have a place."""
        first, last = words[0].place, words[-1].place
        assert first is not None
        assert last is not None
        if not (words[0].is_exact and words[-1].is_exact):
            self._lose("edge inside of a multi-word token", "widened to all of it")
        return first.start, last.end


def _levels(tags: list[str]) -> list[list[str]]:
    """The tags of each level where cells hold several, parted by bars."""
    if not any("|" in tag for tag in tags):
        return [tags]
    cells = [tag.split("|") for tag in tags]
    for n, parts in enumerate(cells):
        if not all(part in OUTSIDE or parted(part) for part in parts):
            cells[n] = [tags[n]]
    depth = max(map(len, cells))
    return [
        [parts[level] if level < len(parts) else "O" for parts in cells] for level in range(depth)
    ]


def _label_of(fields: list[str], at: int | None) -> str:
    """The field that holds the type; in columns of coreference it stands before a number."""
    if at is None:
        at = 1 if fields[0].isdigit() else 0
    return unescaped(fields[at]) if at < len(fields) and fields[at] else _NO_LABEL


def _group_of(fields: list[str], at: int | None) -> str:
    if at is None:
        return next((field for field in fields if field.isdigit()), "")
    return fields[0]
