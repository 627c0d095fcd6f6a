"""Puts a text together from tokens: with the white space that a file tells, else single spaces."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from annotator.core.ranges import Range

_SPACES = {"s": " ", "t": "\t", "r": "\r", "n": "\n", "p": "|", "\\": "\\"}
_WRITTEN = {" ": "\\s", "\t": "\\t", "\r": "\\r", "\n": "\\n"}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))")
_WHITE = re.compile(r"\s*")


class Unit(Struct, gc=False):
    """A token of the text: its form, and the white space around it as far as the file says.

    ``after`` None means that it says nothing.
    """

    form: str
    before: str = ""
    after: str | None = None


class TextBuilder:
    """Takes sentence after sentence; offsets are code points of the whole text."""

    def __init__(self, has_paragraphs: bool) -> None:
        self._between = " " if has_paragraphs else "\n"
        self._pieces: list[str] = []
        self._length = 0
        self._after: str | None = ""
        self.is_told = False
        """Whether the file says anywhere what white space there was."""
        self.sentences: list[Range] = []
        self.odd = 0
        """How many sentences have a text, as the file tells it, that is not that of its tokens."""

    @property
    def text(self) -> str:
        """The text up to here."""
        return "".join(self._pieces)

    def sentence(
        self, units: Sequence[Unit], told: str | None = None, begins_paragraph: bool = False
    ) -> list[Range]:
        """Add a sentence of at least one token, and give the place of each.

        ``told`` is the sentence's text as a comment has it; its spacing counts where the tokens
        say nothing themselves.
        """
        gaps = None
        if told is not None and not any(u.before or u.after is not None for u in units[:-1]):
            gaps = _gaps(units, told)
            if gaps is None and told.split() != " ".join(u.form for u in units).split():
                self.odd += 1
        if gaps is None:
            gaps = [" " if unit.after is None else unit.after for unit in units[:-1]]
        else:
            self.is_told = True
        self.is_told |= any(u.before or u.after is not None for u in units)
        if self.sentences:
            self._add(self._gap(begins_paragraph))
        ranges = []
        for unit, gap in zip(units, [*gaps, ""], strict=True):
            self._add(unit.before)
            ranges.append(Range(self._length, self._length + len(unit.form)))
            self._add(unit.form)
            self._add(gap)
        self._after = units[-1].after
        self.sentences.append(Range(ranges[0].start, ranges[-1].end))
        return ranges

    def finished(self) -> str:
        """The text with the white space behind its last token."""
        self._add(self._after or "")
        self._after = ""
        return self.text

    def _gap(self, begins_paragraph: bool) -> str:
        """What parts the sentence before from the next."""
        if self._after:
            return self._after
        if begins_paragraph:
            return "\n\n"
        return self._between if self._after is None else ""

    def _add(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)


def _gaps(units: Sequence[Unit], told: str) -> list[str] | None:
    """The white space between tokens as they follow each other in a text, if they do."""
    found, at = [], len(told) - len(told.lstrip())
    for n, unit in enumerate(units):
        if not told.startswith(unit.form, at):
            return None
        at += len(unit.form)
        end = _white_end(told, at)
        if n < len(units) - 1:
            found.append(told[at:end])
        at = end
    return found if at == len(told) else None


def _white_end(text: str, at: int) -> int:
    match = _WHITE.match(text, at)
    return at if match is None else match.end()


# -- the column MISC -----------------------------------------------------------------------------


def misc_of(cell: str) -> dict[str, str]:
    """The keys of a cell ``A=1|B=2``; a word without a value has an empty one."""
    if cell in ("_", ""):
        return {}
    pairs = (part.partition("=") for part in cell.split("|"))
    return {key: value for key, _, value in pairs}


def unit_of(form: str, misc: dict[str, str]) -> Unit:
    """The token with the white space that its MISC tells; keys that are used are taken out."""
    before = unescaped(misc.pop("SpacesBefore", ""))
    after: str | None = None
    spaces = misc.pop("SpacesAfter", None)
    joined = misc.pop("SpaceAfter", None) == "No"
    if misc.pop("NoSpaceAfter", None) is not None or joined:
        after = ""
    if spaces is not None:
        after = unescaped(spaces)
    return Unit(form, "".join(c for c in before if c.isspace()), _only_white(after))


def _only_white(after: str | None) -> str | None:
    """What stands between tokens is white space, whatever a file says."""
    return None if after is None else "".join(c for c in after if c.isspace())


def unescaped(value: str) -> str:
    """White space that a MISC cell tells."""
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else _SPACES.get(m[2], m[2]), value)


def escaped(white: str) -> str:
    """White space as a MISC cell tells it."""
    return "".join(_WRITTEN.get(c) or f"\\u{ord(c):04X}" for c in white)


def space_after(gap: str, *, is_last: bool) -> list[str]:
    """The MISC entries for the white space behind a token; a single space within a sentence has
    none.
    """
    if gap == " " and not is_last:
        return []
    return [f"SpacesAfter={escaped(gap)}" if gap else "SpaceAfter=No"]
