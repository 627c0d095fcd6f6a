"""CoNLL files of named entities: a row for each token, and its tag in the last columns.

``conll2002`` and ``conll2003`` are the files of these shared tasks, with one tag to a token;
``conll`` has a column for each layer, named in its first line. All three read each other's files,
and others of that kind: what is in which column is found out from the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec.structs import replace

from annotator.core.annotation import Span
from annotator.errors import InputError, UsageError
from annotator.formats.base import Carries, Format, ImportItem, Option, Record, Source, Target
from annotator.formats.label_names import LabelNames
from annotator.formats.loss import Losses, quoted
from annotator.formats.record import token_ranges
from annotator.formats.reducing import OUT, reduced
from annotator.formats.spacing import spaced
from annotator.formats.tag_schemes import BARE, WRITTEN
from annotator.formats.tagging import tagged
from annotator.formats.token_layout import (
    BAR,
    DOCSTART,
    HEADINGS,
    LAYER,
    SEPARATORS,
    SPACE,
    TAB,
    TAG,
    Column,
    Layout,
    cells_of,
    detected,
    sample,
    separator_of,
    told,
)
from annotator.formats.token_reading import TokenReader

NEWDOC = "# newdoc id = "
SCHEME = Option(
    name="scheme", help="How tags say where spans begin and end.", values=WRITTEN, default="iob2"
)
_READ_OPTIONS = (
    Option(
        name="scheme", help="How tags say where spans begin and end; else found out.",
        values=(*WRITTEN, "bilou", BARE),
    ),
    Option(
        name="columns", metavar="LIST",
        help="What the columns hold, such as form,_,_,tag; else found out.",
    ),
    Option(
        name="separator", help="What parts the columns; else found out.", values=tuple(SEPARATORS),
    ),
)  # fmt: skip


class ColumnsFormat(Format):
    """What the three have in common: reading, and the way into tokens."""

    extensions: tuple[str, ...] = (".conll", ".iob", ".iob2", ".bio", ".tsv")
    read_options = _READ_OPTIONS
    write_options = (SCHEME,)

    def sniff(self, head: bytes, path: Path) -> float:
        """Sure where a column holds tags; which of the three it is, the number of columns says."""
        layout = detected(head)
        return 0.95 if layout is not None and _name_of(layout) == self.name else 0.0

    def read(self, source: Source) -> Iterator[ImportItem]:
        """The documents of the file. Raises InputError where no column holds tags."""
        layout = self._told(source) or self._layout(source)
        if layout is None:
            raise InputError(
                f"{source.shown}: no column holds tags of tokens",
                "Say what the columns hold, as in --columns form,_,_,tag.",
            )
        yield from TokenReader(source, layout, source.options.get("scheme")).items()

    def reduce(self, record: Record, target: Target) -> Record:
        """Tokens with single spaces between them, and spans within sentences."""
        found = super().reduce(record, target)
        return spaced(record, found, target.losses, by_sentence=True, reserved=DOCSTART)

    def _told(self, source: Source) -> Layout | None:
        """The layout that options tell."""
        columns, separator = source.options.get("columns"), source.options.get("separator")
        if columns is None:
            if separator is not None:
                raise UsageError("--separator goes with --columns, which says what it parts.")
            return None
        parts = separator_of(sample(source.head())) if separator is None else SEPARATORS[separator]
        return told(columns, parts)

    def _layout(self, source: Source) -> Layout | None:
        """The layout that the first rows show."""
        return detected(source.head())


class SharedTaskFormat(ColumnsFormat):
    """One tag to a token, in the last column; spaces part the columns."""

    def __init__(self, name: str, title: str, filling: tuple[str, ...], start: str) -> None:
        self.name = name
        self.title = title
        self.extensions = (f".{name}", *ColumnsFormat.extensions)
        self.carries = Carries(text=False, sentences=True, sub_tokens=False)
        self._filling = filling
        self._start = f"{start}\n"

    def write(self, records: Iterable[Record], target: Target) -> int:
        """A row for each token, a blank line behind each sentence."""
        names, scheme, count = LabelNames(target.schema), target.options["scheme"] or "iob2", 0
        for record in records:
            count += 1
            lines = [self._start]
            text, tokens = record.document.text, token_ranges(record)
            column = [(span, names.written(span.layer, span.label)) for span in record.spans]
            for line, (tags,) in zip(tokens, tagged(tokens, [column], scheme), strict=True):
                for token, tag in zip(line, tags, strict=True):
                    cells = (text[token.start : token.end], *self._filling, tag)
                    lines.append(SPACE.join(cells))
                lines.append("")
            target.file.write("".join(f"{line}\n" for line in lines).encode())
        return count

    def _layout(self, source: Source) -> Layout | None:
        """Also of a file whose rows show nothing, but are as many as the format has."""
        found = detected(source.head())
        if found is not None and _name_of(found) == self.name:
            return found
        rows = [line for line in sample(source.head()) if not line.startswith(DOCSTART)]
        separator, width = separator_of(rows), len(self._filling) + 2
        if any(len(cells_of(line, separator)) != width for line in rows):
            return found
        return Layout(separator=separator, width=width, labels=(Column(width - 1),))


class LayersFormat(ColumnsFormat):
    """A column for each layer of the schema; tabs part the columns."""

    name = "conll"
    title = "CoNLL, a column of tags for each layer"
    carries = Carries(
        text=False, name=True, sentences=True, nesting="between layers", sub_tokens=False
    )

    def reduce(self, record: Record, target: Target) -> Record:
        """Also without layers that have no column; names are one line."""
        layers = target.span_layers
        spans = tuple(span for span in record.spans if not layers or span.layer in layers)
        if len(spans) < len(record.spans):
            name = next(span.layer for span in record.spans if span.layer not in layers)
            target.losses.add(
                "span of a layer that the schema lacks", OUT, f"{record.document.name}: {name}",
                len(record.spans) - len(spans),
            )  # fmt: skip
        carries = self.carries if layers else replace(self.carries, nesting="none")
        found = reduced(replace(record, spans=spans), carries, target.losses)
        found = spaced(record, found, target.losses, by_sentence=True, reserved=DOCSTART)
        return with_name_of_one_line(found, target.losses)

    def write(self, records: Iterable[Record], target: Target) -> int:
        """A row for each token, a blank line behind each sentence."""
        layers, scheme, count = target.span_layers, target.options["scheme"] or "iob2", 0
        headings = " ".join(("FORM", *([f"{LAYER}{layer}" for layer in layers] or [TAG])))
        target.file.write(f"# {HEADINGS} = {headings}\n".encode())
        for record in records:
            count += 1
            lines = [f"{NEWDOC}{record.document.name}"]
            text, tokens = record.document.text, token_ranges(record)
            columns = _columns(record, layers)
            for line, found in zip(tokens, tagged(tokens, columns, scheme), strict=True):
                for token, *tags in zip(line, *found, strict=True):
                    cells = (text[token.start : token.end], *tags)
                    lines.append(TAB.join(cells))
                lines.append("")
            target.file.write("".join(f"{line}\n" for line in lines).encode())
        return count


def _columns(record: Record, layers: list[str]) -> list[list[tuple[Span, str]]]:
    """The spans of each layer; without a schema, one column with tags that name their layers."""
    if not layers:
        return [[(span, f"{span.layer}/{span.label}") for span in record.spans]]
    return [
        [(span, span.label) for span in record.spans if span.layer == layer] for layer in layers
    ]


def with_name_of_one_line(record: Record, losses: Losses) -> Record:
    """The record under a name that a comment can hold."""
    name = " ".join(record.document.name.split())
    if name == record.document.name:
        return record
    losses.add("document's name", f"written as {name}", quoted(record.document.name))
    return replace(record, document=replace(record.document, name=name))


def _name_of(layout: Layout) -> str:
    """Which of the three formats a file is in."""
    is_plain = layout.id is None and layout.misc is None and layout.separator != BAR
    if is_plain and layout.labels == (Column(layout.width - 1),):
        return {2: "conll2002", 3: "conll2002", 4: "conll2003"}.get(layout.width, "conll")
    return "conll"


CONLL2002 = SharedTaskFormat("conll2002", "CoNLL-2002, word and tag", (), f"{DOCSTART} O")
CONLL2003 = SharedTaskFormat(
    "conll2003", "CoNLL-2003, the tag in the fourth column", ("_", "_"), f"{DOCSTART} -X- O O"
)
FORMAT = LayersFormat()
