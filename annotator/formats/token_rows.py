"""The documents of a file of tokens: sentences of rows, parted by blank lines, and comments."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct, field

from annotator.errors import InputError
from annotator.formats.decoding import encoding_of, wrong_encoding_hint
from annotator.formats.loss import quoted
from annotator.formats.source import Source
from annotator.formats.token_layout import BAR, DOCSTART, HEADINGS, Layout

_NEW = re.compile(r"(?:newdoc(?:\s+id)?|.*document_id)\s*(?:=\s*(.*))?|begin document\s+(.*)")
META = "meta::"
"""What stands before the key of a comment that is metadata of the document."""
_LINE_END = len("\n")


class Row(NamedTuple):
    """A token: the number of its line, and its cells."""

    line: int
    cells: list[str]


class Block(Struct):
    """A sentence: its rows, and what its comments say by their keys."""

    comments: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    @property
    def begins_paragraph(self) -> bool:
        """Whether a paragraph begins with it."""
        return any(key.split(" ")[0] == "newpar" for key in self.comments)


class TokenDocument(Struct):
    """A document: where it begins, what it is called, and its sentences.

    ``problem`` is why it cannot be taken in, with its line; ``number`` counts from 1, and
    ``is_only`` says whether the file holds no other.
    """

    line: int
    number: int
    name: str = ""
    is_only: bool = False
    meta: dict[str, str] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    problem: InputError | None = None
    problem_line: int = 0


def documents(source: Source, layout: Layout) -> Iterator[TokenDocument]:
    """The documents of the file, one in memory at a time.

    Raises InputError where the bytes are not in the encoding.
    """
    return _Reading(source, layout).documents()


class _Reading:
    def __init__(self, source: Source, layout: Layout) -> None:
        self._source = source
        self._layout = layout
        self._document: TokenDocument | None = None
        self._block = Block()
        self._number = 0
        self._size = 0

    def documents(self) -> Iterator[TokenDocument]:
        skips = self._layout.has_heading_row
        for number, line in self._lines():
            if not line.strip():
                self._end_block()
            elif line.startswith(DOCSTART):
                self._end_block()
                if self._document is not None:
                    yield self._finished()
                self._begin(number, "")
            elif self._layout.is_comment(line):
                key, _, value = (part.strip() for part in line[1:].partition("="))
                new = _NEW.fullmatch(line[1:].strip())
                if new is not None:
                    self._end_block()
                    if self._document is not None:
                        yield self._finished()
                    self._begin(number, (new[1] or new[2] or "").strip())
                else:
                    self._comment(number, key, value)
            elif skips:
                skips = False
            else:
                self._rows(number, line)
        self._end_block()
        if self._document is not None:
            found = self._finished()
            found.is_only = found.number == 1
            yield found

    def _lines(self) -> Iterator[tuple[int, str]]:
        """Numbered lines without their ends. Raises InputError."""
        source, limit = self._source, self._source.largest_record
        encoding = encoding_of(source)
        number = 0
        try:
            with source.open() as file, io.TextIOWrapper(file, encoding, newline="\n") as stream:
                while line := stream.readline(limit + 1):
                    number += 1
                    if len(line) > limit:
                        raise InputError(
                            f"{source.at(number)}: longer than {limit:,} characters",
                            "A row holds one token.",
                        )
                    yield number, line.removesuffix("\n").removesuffix("\r")
        except UnicodeError as error:
            raise InputError(
                f"{source.at(number + 1)}: not {encoding}, here or a little further: {error}",
                wrong_encoding_hint(source.head(4)),
            ) from None

    def _begin(self, line: int, name: str) -> TokenDocument:
        self._number += 1
        self._document = TokenDocument(line=line, number=self._number, name=name)
        self._size = 0
        return self._document

    def _finished(self) -> TokenDocument:
        assert self._document is not None
        found, self._document = self._document, None
        return found

    def _current(self, line: int) -> TokenDocument:
        return self._document or self._begin(line, "")

    def _end_block(self) -> None:
        if self._block.rows and self._document is not None:
            self._document.blocks.append(self._block)
        if self._block.rows:
            self._block = Block()

    def _comment(self, number: int, key: str, value: str) -> None:
        if key.startswith(META) and value and not self._block.rows:
            self._current(number).meta[key.removeprefix(META)] = value
        elif key != HEADINGS:
            self._block.comments[key] = value

    def _rows(self, number: int, line: str) -> None:
        """Add the row of a line, or the rows of a line that is a sentence."""
        document, layout = self._current(number), self._layout
        if document.problem is not None:
            return
        self._size += len(line) + _LINE_END
        if self._size > self._source.largest_record:
            self._refuse(
                document, number,
                f"the document is larger than {self._source.largest_record:,} characters",
                "Part it with -DOCSTART- lines.",
            )  # fmt: skip
            return
        is_sentence = layout.separator == BAR
        for word in line.split(" ") if is_sentence else (line,):
            cells = word.rsplit(BAR, layout.width - 1) if is_sentence else layout.cells(word)
            if len(cells) != layout.width:
                self._refuse(
                    document, number,
                    f"a row has {layout.width} columns, and this one {len(cells)}: "
                    f"{quoted(word)}",
                    "A row is a token with its columns; blank lines part sentences.",
                )  # fmt: skip
                return
            self._block.rows.append(Row(number, cells))
        if is_sentence:
            self._end_block()

    def _refuse(self, document: TokenDocument, line: int, message: str, hint: str) -> None:
        document.problem = InputError(message, hint)
        document.problem_line = line
        document.blocks.clear()
        self._block = Block()
