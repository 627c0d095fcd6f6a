"""The rows of a WebAnno TSV file: header, sentences with their text, tokens with their cells.

Offsets in the file are UTF-16 units; what comes out are code points.
"""

from __future__ import annotations

import re
from itertools import pairwise

from msgspec import Struct, field

from annotator.core.offsets import OffsetMap
from annotator.errors import InputError
from annotator.formats.loss import quoted
from annotator.formats.source import Source
from annotator.formats.webanno_cells import (
    CHAINS,
    RELATIONS,
    SPANS,
    Declared,
    header_line,
    text_line,
)

FORMAT_LINE = re.compile(r"#FORMAT=WebAnno TSV (\d+)\.(\d+)\s*")
_UNIT = re.compile(r"\d{1,9}-\d{1,9}(?:\.\d{1,9})?")
_RANGE = re.compile(r"(\d{1,12})-(\d{1,12})")
_TEXT = "#Text="
_WIDEST_GAP = 1_000_000
"""Most UTF-16 units between two sentences; white space is made up for them."""


class Row(Struct):
    """A token, or a part of one: its id in the file, and half-open code points."""

    line: int
    unit: str
    start: int
    end: int
    cells: list[str]


class Rows(Struct):
    """All of a file."""

    declared: list[Declared] = field(default_factory=list)
    text: str = ""
    sentences: list[tuple[int, int]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


def parse(content: str, source: Source) -> Rows:
    """The file's rows. Raises InputError, with the line, for the first that is wrong."""
    return _Parser(content, source).rows()


class _Parser:
    def __init__(self, content: str, source: Source) -> None:
        self._lines = content.split("\n")
        self._source = source
        self._found = Rows()
        self._columns = 3
        self._pieces: list[str] = []
        self._units = 0
        """UTF-16 units of the text so far."""
        self._text_lines: list[str] = []
        self._in_tokens = False
        self._begins: list[int] = []

    def rows(self) -> Rows:
        match = FORMAT_LINE.fullmatch(self._lines[0].lstrip("\ufeff"))
        if match is None or match[1] != "3":
            raise InputError(
                f"{self._source.at(1)}: not WebAnno TSV 3", "INCEpTION and WebAnno write it."
            )
        for number, line in enumerate(self._lines[1:], start=2):
            try:
                self._line(number, line.removesuffix("\r"))
            except InputError as error:
                raise InputError(
                    f"{self._source.at(number)}: {error.message}", error.hint
                ) from None
        return self._finished()

    def _line(self, number: int, line: str) -> None:
        if line.startswith(_TEXT) and not self._in_tokens:
            self._text_lines.append(text_line(line[len(_TEXT) :]))
        elif not line:
            self._in_tokens = False
        elif line.startswith((SPANS, RELATIONS, CHAINS)) and not self._begins:
            declared = header_line(line, self._columns)
            self._columns += len(declared.fields)
            self._found.declared.append(declared)
        elif not self._in_tokens and line.startswith("#"):
            return
        else:
            self._row(number, line)

    def _row(self, number: int, line: str) -> None:
        cells = line.split("\t")
        if len(cells) < self._columns:
            raise InputError(
                f"the row has {len(cells)} columns, and the header declares {self._columns}",
                "A row is a token's id, its offsets, its text, and a column for each feature.",
            )
        place = _RANGE.fullmatch(cells[1])
        if place is None or not _UNIT.fullmatch(cells[0]):
            raise InputError(f"no token: {quoted(line)}", "A row begins like 1-2, tab, 5-7, tab.")
        start, end = int(place[1]), int(place[2])
        if not self._in_tokens:
            self._sentence(start)
            self._in_tokens = True
        if not start <= end <= self._units:
            raise InputError(
                f"the range {start}-{end} is not in the text, which has {self._units} UTF-16 units "
                "up to here"
            )
        self._found.rows.append(Row(number, cells[0], start, end, cells))

    def _sentence(self, begin: int) -> None:
        """Put the sentence's text where its first token begins: white space before it as needed.

        Sentences are parted by a line end, unless the next one begins right behind.
        """
        if not self._text_lines:
            raise InputError("a token before the text of its sentence", "It stands behind #Text=.")
        if self._pieces and self._units < begin:
            self._add("\n")
        if begin < self._units:
            raise InputError(f"the sentence begins at {begin}, inside the one before it")
        if begin - self._units > _WIDEST_GAP:
            raise InputError(f"the sentence begins at {begin}, far behind the one before it")
        self._add(" " * (begin - self._units))
        self._begins.append(begin)
        self._add("\n".join(self._text_lines))
        self._text_lines = []

    def _add(self, piece: str) -> None:
        self._pieces.append(piece)
        self._units += len(piece) + sum(c > "\uffff" for c in piece)

    def _finished(self) -> Rows:
        found, text = self._found, "".join(self._pieces)
        found.text = text
        units = OffsetMap(text, "utf-16")
        for row in found.rows:
            try:
                row.start, row.end = map(units.to_code_points, (row.start, row.end))
            except ValueError as error:
                raise InputError(f"{self._source.at(row.line)}: {error}") from None
        begins = [units.to_code_points(begin) for begin in self._begins]
        for begin, end in pairwise([*begins, len(text)]):
            end = begin + len(text[begin:end].rstrip())
            if begin < end:
                found.sentences.append((begin, end))
        return found
