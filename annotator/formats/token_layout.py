"""Which column of a file of tokens holds what: found out from its first rows, or as told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from annotator.errors import UsageError
from annotator.formats.decoding import marked_encoding
from annotator.formats.entity_brackets import are_brackets
from annotator.formats.tag_schemes import OUTSIDE, parted

DOCSTART = "-DOCSTART-"
LAYER = "layer:"
"""What stands before the name of a layer in the heading of its column."""
TAG = "TAG"
"""The heading of a column whose tags name their layers themselves."""
HEADINGS = "global.columns"
"""The comment that CoNLL-U Plus names columns with."""
TAB, SPACE, BAR = "\t", " ", "|"
SEPARATORS = {"tab": TAB, "space": SPACE, "bar": BAR}

_SAMPLE = 5000
"""Lines that are looked at."""
_SAME_WIDTH = 0.8
_MOST_COLUMNS = 50
_MOST_LABELS = 100
_FEWEST_OUTSIDE = 0.2
_SPACES = re.compile(r"[ \t]+")
_ID = re.compile(r"\d+(?:[-.]\d+)?")
_LABEL = re.compile(r"[^\W\d_][\w./-]*")
_CHUNKS = frozenset(
    ("NP", "VP", "PP", "ADJP", "ADVP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP", "PNP")
)
_FORM_HEADINGS = frozenset(("form", "token", "tokens", "word", "words"))
_OTHER_HEADINGS = frozenset(
    ("lemma", "upos", "xpos", "pos", "feats", "head", "deprel", "deps", "chunk")
)
_OTHER_FORMAT = "#FORMAT="
_NO_SPACE = ("SpaceAfter=No", "NoSpaceAfter")
NOTHING = frozenset(("_", "-", "-X-", "O", ""))
"""What cells hold that say nothing."""


class Column(Struct, frozen=True):
    """A column of labels: tags, or brackets that open and close; ``heading`` may name its layer."""

    index: int
    kind: Literal["tags", "brackets"] = "tags"
    heading: str = ""


class Layout(Struct, frozen=True, kw_only=True):
    """The columns of a file, counted from 0.

    ``width`` is how many there are; ``unread`` those that are not taken in;
    ``has_heading_row`` says that the first row names the columns.
    """

    separator: str
    width: int
    form: int = 0
    id: int | None = None
    misc: int | None = None
    labels: tuple[Column, ...] = ()
    unread: tuple[int, ...] = ()
    has_heading_row: bool = False

    def cells(self, line: str) -> list[str]:
        """The cells of a row without its line end."""
        return cells_of(line, self.separator)

    def is_comment(self, line: str) -> bool:
        """Whether a line says something beside the tokens; a token may begin with ``#`` as well."""
        if not line.startswith("#"):
            return False
        if self.id is not None:
            return True
        cells = self.cells(line)
        return len(cells) != self.width or any(
            parted(cells[c.index]) is None and cells[c.index] not in OUTSIDE
            for c in self.labels
            if self.separator != TAB
        )


def cells_of(line: str, separator: str) -> list[str]:
    """A line's cells; spaces part them in any number, and an empty first one is kept."""
    if separator == SPACE:
        return _SPACES.split(line.rstrip(" \t"))
    return line.split(separator)


def told(columns: str, separator: str) -> Layout:
    """The layout that options name: ``form``, ``tag``, ``tag:LAYER``, ``id``, ``misc``, ``_``.

    Raises UsageError.
    """
    names = [name.strip() for name in columns.split(",")]
    labels = tuple(
        Column(n, heading=LAYER + name[4:] if name[4:] else "")
        for n, name in enumerate(names)
        if name == "tag" or name.startswith("tag:")
    )
    known = {"form", "id", "misc", "tag", "_"}
    unknown = [name for name in names if name.partition(":")[0] not in known]
    if unknown or names.count("form") != 1 or not labels:
        raise UsageError(
            f"--columns {columns}: {f'there is no column {unknown[0]!r}' if unknown else ''}"
            f"{'' if unknown else 'one column is form, and one at least is tag'}.",
            "Name each column in its order: form, tag or tag:LAYER, id, misc, or _ for any other, "
            "as in --columns form,_,_,tag.",
        )
    place = {name: n for n, name in enumerate(names)}
    return Layout(
        separator=separator, width=len(names), form=place["form"], id=place.get("id"),
        misc=place.get("misc"), labels=labels,
    )  # fmt: skip


@lru_cache(maxsize=4)
def detected(head: bytes) -> Layout | None:
    """The layout of a file that begins so; None where no column holds labels of tokens."""
    lines = sample(head)
    if lines and lines[0].startswith(_OTHER_FORMAT):
        return None
    separator = separator_of(lines)
    if separator == SPACE and _are_sentences(lines):
        lines = [word for line in lines for word in line.split(" ")]
        separator = BAR
    rows, headings = _rows(lines, separator)
    if not rows and not headings:
        return None
    width = len(headings) or Counter(map(len, rows)).most_common(1)[0][0]
    good = [row for row in rows if len(row) == width]
    if not 1 < width <= _MOST_COLUMNS or len(good) < _SAME_WIDTH * len(rows):
        return None
    if separator == SPACE and len(good) < 2 and not headings:  # a text, and no row of tokens
        return None
    has_heading_row = not headings and _are_headings(good[0])
    if has_heading_row:
        headings = good.pop(0)
    found = _Columns(good, width, headings, separator).layout()
    return found if found is None else replace(found, has_heading_row=has_heading_row)


def sample(head: bytes) -> list[str]:
    """The first lines that a file has for sure, without line ends; blank ones are left out."""
    text = head.decode(marked_encoding(head) or "utf-8", "replace").lstrip("\ufeff")
    lines = text.split("\n", _SAMPLE)
    if len(lines) > 1:
        del lines[-1:]
    return [found for line in lines if (found := line.removesuffix("\r")).strip()]


def separator_of(lines: Sequence[str]) -> str:
    """A tab where most lines have one, else spaces."""
    rows = [line for line in lines if not line.startswith("#")] or lines
    return TAB if 2 * sum(TAB in line for line in rows) > len(rows) else SPACE


def _are_sentences(lines: Sequence[str]) -> bool:
    """Whether a line is a sentence, and bars part the columns of each word."""
    widths = {word.count(BAR) for line in lines[:20] for word in line.split(" ")}
    return bool(lines) and len(widths) == 1 and widths != {0}


def _are_headings(cells: list[str]) -> bool:
    """Whether a first row names the columns and is no token."""
    return (
        any(cell.casefold() in _FORM_HEADINGS for cell in cells[:2])
        and len(set(cells)) == len(cells)
        and not any(cell in OUTSIDE or parted(cell) for cell in cells)
    )


def _rows(lines: Sequence[str], separator: str) -> tuple[list[list[str]], list[str]]:
    """The rows of tokens among lines, and the headings that a comment gives."""
    rows, headings = [], []
    for line in lines:
        if line.startswith("#"):
            key, _, value = line[1:].partition("=")
            if key.strip() == HEADINGS:
                headings = value.split()
            if separator != TAB or TAB not in line:
                continue
        if not line.startswith(DOCSTART):
            rows.append(cells_of(line, separator))
    return rows, headings


class _Columns:
    """Looks at rows of one width, column by column."""

    def __init__(
        self, rows: list[list[str]], width: int, headings: list[str], separator: str
    ) -> None:
        self._values: list[Counter[str]] = [Counter(row[n] for row in rows) for n in range(width)]
        self._headings = headings if len(headings) == width else [""] * width
        self._width = width
        self._separator = separator

    def layout(self) -> Layout | None:
        ids = self._values[0]
        has_id = self._width > 2 and bool(ids) and all(map(_ID.fullmatch, ids))
        form = next(
            (n for n, name in enumerate(self._headings) if name.casefold() in _FORM_HEADINGS),
            int(has_id),
        )
        id = 0 if has_id and form != 0 else None
        misc = next((n for n in range(self._width) if self._is_misc(n)), None)
        taken = {form, id, misc}
        labels = self._labels([n for n in range(self._width) if n not in taken])
        if not labels:
            return None
        taken |= {column.index for column in labels}
        return Layout(
            separator=self._separator, width=self._width, form=form, id=id, misc=misc,
            labels=labels,
            unread=tuple(n for n in range(self._width) if n not in taken),
        )  # fmt: skip

    def _labels(self, rest: list[int]) -> tuple[Column, ...]:
        rest = [n for n in rest if self._headings[n].casefold() not in _OTHER_HEADINGS]
        looks: tuple[Callable[[int], bool], ...] = (self._are_tags, self._are_brackets)
        for kind, looks_so in zip(("tags", "brackets"), looks, strict=True):
            found = [n for n in rest if looks_so(n)]
            if len(found) > 1:
                found = [n for n in found if not self._are_chunks(n)] or found
            if found:
                return tuple(
                    Column(n, "tags" if kind == "tags" else "brackets", self._headings[n])
                    for n in found
                )
        bare = [n for n in rest if self._are_bare(n)]
        return tuple(Column(n, heading=self._headings[n]) for n in bare[-1:])

    def _is_misc(self, n: int) -> bool:
        return self._headings[n].casefold() == "misc" or any(
            mark in value for value in self._values[n] for mark in _NO_SPACE
        )

    def _are_tags(self, n: int) -> bool:
        if not self._values[n]:
            return self._headings[n] == TAG or self._headings[n].startswith(LAYER)
        said = [part for value in self._values[n] for part in value.split("|")]
        inside = [value for value in said if value not in OUTSIDE]
        return all(map(parted, inside)) and (bool(inside) or "O" in said)

    def _are_brackets(self, n: int) -> bool:
        said = [value for value in self._values[n] if value not in OUTSIDE]
        return bool(said) and self._is_often_outside(n) and all(map(are_brackets, said))

    def _is_often_outside(self, n: int) -> bool:
        values = self._values[n]
        return sum(values[word] for word in OUTSIDE) >= _FEWEST_OUTSIDE * values.total()

    def _are_chunks(self, n: int) -> bool:
        labels = {parts[1] for value in self._values[n] if (parts := parted(value))}
        return bool(labels) and labels <= _CHUNKS

    def _are_bare(self, n: int) -> bool:
        values = self._values[n]
        labels = [value for value in values if value not in OUTSIDE]
        return (
            0 < len(labels) <= _MOST_LABELS
            and values["O"] > 0
            and self._is_often_outside(n)
            and all(map(_LABEL.fullmatch, labels))
            and not {"B", "I"} & set(labels)
        )
