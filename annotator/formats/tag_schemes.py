"""Tags of tokens and the spans they stand for: IOB1, IOB2, BIOES or BILOU, and bare labels.

IOB1 is of Ramshaw and Marcus (1995): B only parts a span from one of its label right before it. In
IOB2 every span begins with B; BIOES marks its end (E) and single tokens (S) as well, BILOU calls
these L and U.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

WRITTEN = ("iob1", "iob2", "bioes")
"""Schemes that are written; the prefixes of each are in :data:`PREFIXES`."""
PREFIXES = {"iob1": "BI", "iob2": "BI", "bioes": "BIES", "bilou": "BILU"}
BARE = "io"
"""Labels without a prefix: neighbours of one label are one span."""
OUTSIDE = frozenset(("O", "_", "-", ""))

_TAG = re.compile(r"([BIESLU])-(.+)", re.DOTALL)


class Piece(NamedTuple):
    """A labelled run of tokens, half-open by their numbers in the sentence."""

    start: int
    end: int
    label: str


class Decoded(NamedTuple):
    """The spans of one sentence, in order, and the tokens whose tags do not fit the scheme."""

    spans: list[Piece]
    strange: list[int]


def encoded(length: int, spans: Iterable[Piece], scheme: str) -> list[str]:
    """The tags of a sentence of ``length`` tokens; spans are in order and do not overlap."""
    tags = ["O"] * length
    ends: dict[int, str] = {}
    for start, end, label in spans:
        for n in range(start, end):
            tags[n] = f"I-{label}"
        if scheme != "iob1" or ends.get(start) == label:
            tags[start] = f"B-{label}"
        if scheme == "bioes":
            tags[end - 1] = f"E-{label}" if end - start > 1 else f"S-{label}"
        ends[end] = label
    return tags


def tag_names(labels: Iterable[str], scheme: str) -> list[str]:
    """Every tag that labels may have, O first."""
    return ["O", *(f"{prefix}-{label}" for label in labels for prefix in PREFIXES[scheme])]


@lru_cache(maxsize=4096)
def parted(tag: str) -> tuple[str, str] | None:
    """Prefix and label of a tag; None where it has no prefix."""
    match = _TAG.fullmatch(tag)
    return None if match is None else (match[1], match[2])


def decoded(tags: Sequence[str], scheme: str) -> Decoded:
    """The spans that tags stand for, whichever way they are written.

    A tag that goes on where nothing of its label is open begins a span. Raises ValueError with the
    tag that is none of the scheme's.
    """
    if scheme == BARE:
        return _decoded_bare(tags)
    spans: list[Piece] = []
    strange: list[int] = []
    closes = scheme in ("bioes", "bilou")
    label, start = "", 0  # of the span that is open, if the label is not empty
    for n, tag in enumerate(tags):
        if tag in OUTSIDE:
            found = ("O", "")
        else:
            parts = parted(tag)
            if parts is None or parts[0] not in PREFIXES[scheme]:
                raise ValueError(tag)
            found = parts
        prefix, said = found
        goes_on = prefix in "IEL" and said == label
        if label and not goes_on:
            spans.append(Piece(start, n, label))
            if closes:
                strange.append(n - 1)
            label = ""
        if prefix == "O":
            continue
        if not goes_on:
            start = n
            if prefix in "EL" or (prefix == "I" and scheme != "iob1"):
                strange.append(n)
        label = said
        if prefix in "ELSU":
            spans.append(Piece(start, n + 1, label))
            label = ""
    if label:
        spans.append(Piece(start, len(tags), label))
        if closes:
            strange.append(len(tags) - 1)
    return Decoded(spans, strange)


def _decoded_bare(tags: Sequence[str]) -> Decoded:
    spans: list[Piece] = []
    for n, tag in enumerate(tags):
        if tag in OUTSIDE:
            continue
        if spans and spans[-1].end == n and spans[-1].label == tag:
            spans[-1] = Piece(spans[-1].start, n + 1, tag)
        else:
            spans.append(Piece(n, n + 1, tag))
    return Decoded(spans, [])


def recognised(sentences: Iterable[Sequence[str]]) -> str:
    """The scheme that tags are written in; IOB2 where they do not say."""
    prefixes: set[str] = set()
    begins_with_b = begins_with_i = has_bare = False
    for tags in sentences:
        before = ""
        for tag in tags:
            if tag in OUTSIDE:
                before = ""
                continue
            parts = parted(tag)
            if parts is None:
                has_bare, before = True, ""
                continue
            prefix, label = parts
            prefixes.add(prefix)
            if label != before:
                begins_with_b |= prefix == "B"
                begins_with_i |= prefix == "I"
            before = label
    if prefixes & set("LU"):
        return "bilou"
    if prefixes & set("ES"):
        return "bioes"
    if has_bare and not prefixes:
        return BARE
    return "iob1" if begins_with_i and not begins_with_b else "iob2"
