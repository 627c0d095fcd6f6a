"""Tables with a text in one column and metadata in the others: CSV or TSV with headings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from annotator.errors import InputError
from annotator.formats.base import Format, ImportItem, Refusal, Source
from annotator.formats.building import RecordBuilder
from annotator.formats.csv_spans import COLUMNS
from annotator.formats.decoding import encoding_of, marked_encoding, wrong_encoding_hint
from annotator.formats.json_format import take_name, text_of
from annotator.formats.jsonl_text import TEXT_FIELD
from annotator.formats.loss import quoted
from annotator.formats.reducing import OUT

_DELIMITERS = "\t,;|"


class CsvTextFormat(Format):
    """Reads texts; ``csv`` writes spans."""

    name = "csv-text"
    title = "CSV or TSV with a text column"
    extensions = (".csv", ".tsv")
    writes = False
    read_options = (TEXT_FIELD,)

    def sniff(self, head: bytes, path: Path) -> float:
        """Likely for the endings, where the first line parts into several headings."""
        if path.suffix.lower() not in self.extensions:
            return 0.0
        encoding = marked_encoding(head) or "utf-8"
        first = next(io.StringIO(head.decode(encoding, errors="replace"), newline=None), "").strip()
        if "\0" in first:
            return 0.0
        try:
            headings = next(csv.reader([first], delimiter=_delimiter(first)), [])
        except csv.Error:
            return 0.0
        if TEXT_FIELD.default in headings:
            return 0.5
        return 0.3 if len(headings) > 1 else 0.0

    def read(self, source: Source) -> Iterator[ImportItem]:
        """A document a row. Raises InputError for a file that is no table."""
        field = source.options.get("text-field") or "text"
        encoding = encoding_of(source)
        csv.field_size_limit(source.largest_record)
        try:
            with source.open() as file, io.TextIOWrapper(file, encoding, newline="") as stream:
                lines = _Lines(stream, source)
                rest = iter(lines)
                first = next(rest, "")
                rows = csv.reader(chain((first,), rest), delimiter=_delimiter(first), strict=True)
                yield from _documents(rows, lines, field, source)
        except UnicodeError as error:
            raise InputError(
                f"{source.shown}: not {encoding}: {error}", wrong_encoding_hint(source.head(4))
            ) from None


FORMAT = CsvTextFormat()


class _Lines:
    """The lines of a table, as long as no row gets too long; ``taken`` counts its characters."""

    def __init__(self, stream: io.TextIOWrapper, source: Source) -> None:
        self._stream = stream
        self._source = source
        self._number = 0
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        limit = self._source.largest_record
        while line := self._stream.readline(limit + 1):
            self._number += 1
            self.taken += len(line)
            if self.taken > limit:
                raise InputError(
                    f"{self._source.at(self._number)}: the row is longer than {limit:,} characters",
                    "Cut the document into smaller ones, or close the quotes.",
                )
            yield line


def _delimiter(first: str) -> str:
    """The likeliest delimiter: the one most often in the headings, a comma if none is."""
    return max(_DELIMITERS, key=lambda d: (first.count(d), d == ","))


def _documents(
    rows: Iterator[list[str]], lines: _Lines, field: str, source: Source
) -> Iterator[ImportItem]:
    headings: list[str] = []
    line, number = 1, 0
    try:
        for row in rows:
            place, line = source.at(line), rows.line_num + 1  # type: ignore[attr-defined]
            lines.taken = 0
            if not row:
                continue
            if not headings:
                headings = _headings(row, field, place)
                continue
            number += 1
            try:
                yield _document(row, headings, field, source, place, number)
            except InputError as error:
                yield Refusal(place, error.message, error.hint)
    except csv.Error as error:
        raise InputError(f"{source.at(line)}: not a table: {error}") from None
    if not number:
        yield Refusal(source.shown, "the table holds no document")


def _headings(row: list[str], field: str, place: str) -> list[str]:
    headings = [heading.strip() for heading in row]
    if headings == list(COLUMNS):
        raise InputError(
            f"{place}: a table of spans, as an export to csv writes it, without the texts around",
            "Import an export in another format, such as jsonl.",
        )
    if field not in headings:
        raise InputError(
            f"{place}: there is no column {field!r} (columns: {', '.join(headings)[:200]})",
            "Say which column holds the text: --text-field NAME.",
        )
    if headings.count(field) > 1:
        raise InputError(
            f"{place}: there are {headings.count(field)} columns {field!r}", "Rename the others."
        )
    return headings


def _document(
    row: list[str], headings: list[str], field: str, source: Source, place: str, number: int
) -> ImportItem:
    if len(row) > len(headings):
        raise InputError(
            f"the row has {len(row)} cells, and the table {len(headings)} columns",
            "Put a text that holds the delimiter in quotes.",
        )
    meta: dict[str, Any] = {}
    for heading, cell in zip(headings, row, strict=False):
        if heading and heading not in meta:
            meta[heading] = cell
        elif cell:
            example = f"{place}: {quoted(cell)}"
            source.losses.add("cell of a column without a name of its own", OUT, example)
    text = text_of(meta, field)
    del meta[field]
    name = take_name(meta, source, number)
    return RecordBuilder(source, text, name=name, place=place, meta=meta).record()
