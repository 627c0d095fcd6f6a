"""The words of a file of tokens where they lie in the text, multi-word and empty ones too."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from annotator.core.ranges import Range
from annotator.formats.reducing import OUT
from annotator.formats.token_layout import NOTHING, Layout
from annotator.formats.token_rows import Block, Row
from annotator.formats.token_text import TextBuilder, Unit, misc_of, unit_of

_KNOWN_COMMENTS = frozenset(("text", "sent_id", "global.Entity", "end document"))
_LONGEST_NUMBER = 9


class Word(Struct, gc=False):
    """A row that may bear a label, and what its MISC holds beside the white space.

    ``place`` is None where it has no text.
    """

    row: Row
    place: Range | None
    misc: dict[str, str]
    is_exact: bool = True
    """Whether the place is its own, and not that of the whole multi-word token."""


NO_MISC: dict[str, str] = {}
"""Of rows that have none; nothing is ever put into it."""


class WordReader:
    """Takes the sentences of one document in order, and puts its text together.

    ``lost`` counts what cannot be brought in, by what it is and what became of it, and ``examples``
    has the first of each; ``unread`` loses the columns that turn out to hold something.
    """

    def __init__(self, layout: Layout, has_paragraphs: bool, unread: set[int]) -> None:
        self._layout = layout
        self._unread = unread
        self.text = TextBuilder(has_paragraphs)
        self.lost: Counter[tuple[str, str]] = Counter()
        self.examples: dict[tuple[str, str], str] = {}

    def words(self, block: Block) -> list[Word]:
        """The words of a sentence; what is no word by itself is left out, and told."""
        for key in block.comments:
            if key not in _KNOWN_COMMENTS and not key.startswith("newpar"):
                self.lose("comment of a sentence", example=key)
        if self._unread:
            for row in block.rows:
                self._unread -= {n for n in self._unread if row.cells[n] not in NOTHING}
        if self._layout.id is None and self._layout.misc is None:
            return self._plain(block)
        return self._numbered(block)

    def lose(self, kind: str, done: str = OUT, count: int = 1, example: str = "") -> None:
        """Count what cannot be brought in as it is; the first example is kept."""
        self.lost[kind, done] += count
        self.examples.setdefault((kind, done), example)

    def _places(self, block: Block, units: list[Unit]) -> list[Range]:
        if not units:
            return []
        return self.text.sentence(units, block.comments.get("text"), block.begins_paragraph)

    def _plain(self, block: Block) -> list[Word]:
        """Where every row is a token, and says nothing but its labels."""
        form = self._layout.form
        units = [Unit(row.cells[form]) for row in block.rows if row.cells[form].strip()]
        places = self._places(block, units)
        if len(units) == len(block.rows):
            return [Word(*pair, NO_MISC) for pair in zip(block.rows, places, strict=True)]
        self.lose("empty token", count=len(block.rows) - len(units))
        left = iter(places)
        return [
            Word(row, next(left) if row.cells[form].strip() else None, NO_MISC)
            for row in block.rows
        ]

    def _numbered(self, block: Block) -> list[Word]:
        """Where numbers tell words from tokens of several words, and from nodes without text."""
        layout = self._layout
        units: list[Unit] = []
        held: list[tuple[Row, int | None, dict[str, str]]] = []
        last = 0  # the last word of the multi-word token that is open
        for row in block.rows:
            form = row.cells[layout.form]
            id = "" if layout.id is None else row.cells[layout.id]
            misc = NO_MISC if layout.misc is None else misc_of(row.cells[layout.misc])
            if not form.strip() or "." in id:
                self.lose("empty node" if "." in id else "empty token")
                held.append((row, None, misc))
                continue
            if "-" in id:
                last = _number(id.partition("-")[2])
                self.lose("multi-word token", "its words are not told apart")
            elif not last or _number(id) > last:
                last = 0
                held.append((row, len(units), misc))
            else:
                held.append((row, len(units) - 1, misc))
                continue
            units.append(unit_of(form, misc))
        return self._placed(held, units, self._places(block, units))

    def _placed(
        self,
        held: list[tuple[Row, int | None, dict[str, str]]],
        units: list[Unit],
        places: list[Range],
    ) -> list[Word]:
        """Words of one token lie in it one behind the other, where they spell it together."""
        inside: dict[int, list[str]] = {}
        for row, n, _ in held:
            if n is not None:
                inside.setdefault(n, []).append(row.cells[self._layout.form])
        reached = {n: places[n].start for n in inside}
        found: list[Word] = []
        for row, n, misc in held:
            if n is None:
                found.append(Word(row, None, misc))
            elif "".join(inside[n]) != units[n].form:
                found.append(Word(row, places[n], misc, is_exact=False))
            else:
                start = reached[n]
                reached[n] = end = start + len(row.cells[self._layout.form])
                found.append(Word(row, Range(start, end), misc))
        return found


def _number(id: str) -> int:
    return int(id) if id.isascii() and id.isdigit() and len(id) <= _LONGEST_NUMBER else 0
