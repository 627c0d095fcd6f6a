"""The lines of a brat ``.ann`` file, parsed one by one and checked against the text.

Offsets are code points of the text, half-open. Spans broken at line ends are one piece again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from annotator.core.annotation import Fragments
from annotator.errors import InputError
from annotator.formats.loss import quoted
from annotator.formats.source import Source

TRIGGER = "trigger"
"""The role of the words that an event is tied to, where they are an annotation of their own."""
NOTE = "AnnotatorNotes"
EQUIV = "*"
BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
"""What ends a line for one program or another; no line of a file of ours holds any within."""

LINE = re.compile(r"(?:[TREAMN]\d+|\*|#\d*)\t")
_TEXT_BOUND = re.compile(r"(\S+) (\d+ \d+(?:;\d+ \d+)*)")
_DIGITS = 12


class TextBound(Struct, frozen=True):
    """A ``T`` line."""

    line: int
    label: str
    fragments: Fragments


class Tie(Struct, frozen=True):
    """An ``R``, ``E`` or ``*`` line; the trigger of an event stands apart from its arguments."""

    line: int
    type: str
    arguments: tuple[tuple[str, str], ...]
    """(role, id), in the order of the file."""
    trigger: str | None = None


class Property(Struct, frozen=True):
    """An ``A``, ``M``, ``N`` or ``#`` line about the annotation ``target``."""

    line: int
    name: str
    target: str
    value: str = ""
    text: str = ""


class AnnLines(Struct):
    """All that one ``.ann`` file says."""

    spans: dict[str, TextBound] = field(default_factory=dict)
    ties: dict[str, Tie] = field(default_factory=dict)
    """Events, relations and equivalences, in the order of the file."""
    attributes: list[Property] = field(default_factory=list)
    references: list[Property] = field(default_factory=list)
    notes: list[Property] = field(default_factory=list)
    empty: list[TextBound] = field(default_factory=list)
    """Spans that hold no text; they are in ``spans`` too."""


def parse(content: str, text: str, source: Source) -> AnnLines:
    """The file's lines. Raises InputError, with the line, for the first that is wrong."""
    found = AnnLines()
    for number, line in _joined(content, text):
        try:
            _add(found, number, line, text)
        except InputError as error:
            raise InputError(f"{source.at(number)}: {error.message}", error.hint) from None
    return found


def _joined(content: str, text: str) -> Iterator[tuple[int, str]]:
    """Numbered lines; those that a raw line end in a span's text has broken are one."""
    broken: _Broken | None = None
    for number, line in enumerate(content.split("\n"), start=1):
        line = line.removesuffix("\r")
        if broken is not None:
            if line and (not LINE.match(line) or broken.lacks(line)):
                broken.add(line)
                continue
            yield broken.whole
            broken = None
        if line.startswith("T"):
            broken = _Broken(number, line, text)
        elif line.strip():
            yield number, line
    if broken is not None:
        yield broken.whole


class _Broken:
    """A ``T`` line, and the lines into which raw line ends in its span's text may have broken it.

    What it costs grows with the lines, and not with their square.
    """

    def __init__(self, number: int, line: str, text: str) -> None:
        self._number = number
        self._lines = [line]
        self._text = text
        self._held: str | None = None
        """What the offsets hold without white space, once it is asked for; else nothing."""
        self._said = 0
        """How much of it the lines up to here say."""

    @property
    def whole(self) -> tuple[int, str]:
        """The number of its first line, and all lines as one."""
        return self._number, "\n".join(self._lines)

    def lacks(self, line: str) -> bool:
        """Whether the span's text goes on just with ``line``, though that looks like another."""
        if self._held is None:
            self._look()
        return (self._held or "").startswith(_squeezed(line), self._said)

    def add(self, line: str) -> None:
        """Take a line for a part of this one."""
        self._lines.append(line)
        if self._held:
            self._go_on(_squeezed(line))

    def _look(self) -> None:
        parts = self.whole[1].split("\t", 2)
        match = _TEXT_BOUND.fullmatch(parts[1]) if len(parts) == 3 else None
        self._held = ""
        if match is not None:
            self._held = _squeezed(" ".join(self._text[a:b] for a, b in _pairs(match[2])))
            self._go_on(_squeezed(parts[2]))

    def _go_on(self, said: str) -> None:
        """Note what was said; where the offsets hold something else, nothing is lacking."""
        held = self._held or ""
        if held.startswith(said, self._said):
            self._said += len(said)
        else:
            self._held = ""


def _add(found: AnnLines, number: int, line: str, text: str) -> None:
    if not LINE.match(line):
        raise InputError(
            f"no line of brat stand-off: {quoted(line)}",
            "A line begins with T, R, E, A, M, N or # and a number, or with *, and a tab.",
        )
    id, _, rest = line.partition("\t")
    match id[0]:
        case "T":
            _once(id, found)
            found.spans[id] = _text_bound(number, rest, text, found.empty)
        case "E" | "R" | "*":
            if id == EQUIV:
                id = f"* of line {number}"
            _once(id, found)
            found.ties[id] = _tie(number, id[0], rest.partition("\t")[0].split())
        case "A" | "M":
            name, target, *values = _words(rest.partition("\t")[0], 2)
            found.attributes.append(Property(number, name, target, " ".join(values)))
        case "N":
            said, _, name = rest.partition("\t")
            _, target, *values = _words(said, 3)
            found.references.append(Property(number, "", target, " ".join(values), name))
        case _:
            said, _, note = rest.partition("\t")
            name, target, *_ = _words(said, 2)
            found.notes.append(Property(number, name, target, text=note))


def _once(id: str, found: AnnLines) -> None:
    if id in found.spans or id in found.ties:
        raise InputError(f"the id {id} is used twice", "Give one of the two another number.")


def _words(said: str, least: int) -> list[str]:
    words = said.split()
    if len(words) < least:
        raise InputError(f"too short: {quoted(said)}", f"At least {least} words belong there.")
    return words


def _tie(number: int, kind: str, words: list[str]) -> Tie:
    if not words:
        raise InputError("a relation without a type")
    if kind == EQUIV:
        return Tie(number, words[0], tuple(("", id) for id in words[1:]))
    arguments = []
    for word in words if kind == "E" else words[1:]:
        role, colon, id = word.rpartition(":")
        if not (role and colon and id):
            raise InputError(f"{quoted(word)} is no ROLE:ID")
        arguments.append((role, id))
    if kind == "R":
        return Tie(number, words[0], tuple(arguments))
    (type, trigger), *others = arguments
    return Tie(number, type, tuple(others), trigger)


def _text_bound(number: int, rest: str, text: str, empty: list[TextBound]) -> TextBound:
    said, tab, surface = rest.partition("\t")
    match = _TEXT_BOUND.fullmatch(said.strip())
    if match is None:
        raise InputError(
            f"no span: {quoted(said)}", "It is written LABEL START END, or START END;START END."
        )
    pairs = _pairs(match[2])
    for start, end in pairs:
        if not start <= end <= len(text):
            raise InputError(
                f"the range {start} to {end} is not in the text, which has {len(text)} characters",
                "Offsets count characters (code points) of the .txt file, line ends included.",
            )
    held = " ".join(text[start:end] for start, end in pairs)
    if tab and _squeezed(held) != _squeezed(surface):
        raise InputError(
            f"the span's text is {quoted(surface)}, but the offsets hold {quoted(held)}",
            "Do both files belong together? Offsets count characters (code points), not bytes.",
        )
    found = TextBound(number, match[1], _whole(sorted(p for p in pairs if p[0] < p[1]), text))
    if not found.fragments:
        empty.append(found)
    return found


def _pairs(said: str) -> list[tuple[int, int]]:
    """The ranges of a ``T`` line in the order given."""
    found = []
    for pair in said.split(";"):
        start, end = pair.split(" ")
        if max(len(start), len(end)) > _DIGITS:
            raise InputError(f"no offset: {quoted(pair)}")
        found.append((int(start), int(end)))
    return found


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _whole(pairs: list[tuple[int, int]], text: str) -> Fragments:
    """Sorted ranges as fragments: those that touch, or that a line end alone parts, are one."""
    found: list[tuple[int, int]] = []
    for start, end in pairs:
        if found and (start <= found[-1][1] or is_broken_line(text[found[-1][1] : start])):
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def is_broken_line(gap: str) -> bool:
    """Whether what lies between two fragments is white space with a line end in it."""
    return gap.isspace() and not BREAKS.isdisjoint(gap)
