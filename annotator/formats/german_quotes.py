"""Quotations in German news as their corpus has them: a JSON file a document, read only.

A file holds ``originalText``, ``sentences`` and ``annotations``; each of these is one quotation
with its form, its medium and the spans of quote, speaker, addressee, cue and frame. They come in as
the shipped schema ``quotes`` names them.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from annotator.core.annotation import AttributeValues, Fragments, Span
from annotator.errors import InputError
from annotator.formats.base import Record, Source
from annotator.formats.building import RecordBuilder
from annotator.formats.json_format import JsonFormat, known
from annotator.formats.json_items import first_value
from annotator.formats.loss import quoted
from annotator.formats.reducing import OUT

TYPE = "quotation"
_FORMS = {
    "Direct": "DIRECT",
    "Indirect": "INDIRECT",
    "Reported": "REPORTED",
    "FreeIndirect": "FREE_INDIRECT",
    "IndirectFreeIndirect": "INDIRECT_FREE_INDIRECT",
}
_MEDIA = {
    "Speech": ("speech",), "Writing": ("writing",), "Thought": ("thought",),
    "SW": ("speech", "writing"), "ST": ("speech", "thought"), "TW": ("writing", "thought"),
    "none": (),
}  # fmt: skip
"""Two letters say that it is one of two; that is several values, and uncertain."""
_LAYERS = {
    "speaker": ("speaker", "SPEAKER"),
    "addressee": ("speaker", "SPEAKER"),
    "cue": ("cue", "CUE"),
    "frame": ("frame", "FRAME"),
}


class Place(Struct, rename="camel"):
    """A half-open range of the text in code points."""

    char_begin: int
    char_end: int


class Part(Struct):
    """The spans of one role, and their surface joined by spaces."""

    spans: list[Place] = field(default_factory=list)
    text: str | None = None


class Quotation(Struct, rename="camel"):
    """One annotation."""

    type: str
    quote: Part
    medium: str = "none"
    speaker: Part = field(default_factory=Part)
    addressee: Part = field(default_factory=Part)
    cue: Part = field(default_factory=Part)
    frame: Part = field(default_factory=Part)
    is_nested: bool = False


class Keys(Struct, rename="camel"):
    """A file."""

    original_text: str
    annotations: list[Quotation]
    document_name: str = ""
    sentences: list[Place] | None = None


class GermanQuotesFormat(JsonFormat):
    """Reads a file for each document."""

    name = "german-quotes"
    title = "Quotations in German news (JSON)"
    extensions = (".json",)
    writes = False
    hint = "The corpus' repository, german-news-quotation-attribution-2024, describes its data."

    def sniff(self, head: bytes, path: Path) -> float:
        """Sure where an object holds a text and annotations under these keys."""
        row = first_value(head)
        if not isinstance(row, dict):
            return 0.0
        # Keys stand in the order of the alphabet: the text may lie beyond the head.
        first = row.get("annotations")
        if isinstance(row.get("originalText"), str):
            return 0.95 if isinstance(first, list) else 0.3
        return 0.9 if b'"tokenIds"' in head and b'"charBegin"' in head else 0.0

    def records(
        self, row: dict[str, Any], source: Source, place: str, number: int
    ) -> Iterable[Record]:
        """The record of a document."""
        keys = known(row, Keys)
        name = keys.document_name or source.name.removesuffix(".json").removesuffix(".pretty")
        build = RecordBuilder(source, keys.original_text, name=name, place=place)
        if keys.sentences:
            build.sentences((s.char_begin, s.char_end) for s in keys.sentences)
        spans = _Spans(build)
        nested: list[Span] = []
        for item in keys.annotations:
            if not item.quote.spans:
                source.losses.add("quotation without a quote", OUT, place)
                continue
            quote = build.span(
                "quote", _form(item.type), _fragments(item.quote, build.text),
                attributes=_medium(item.medium),
            )  # fmt: skip
            nested.extend([quote] if item.is_nested else [])
            roles = (
                ("speaker", item.speaker), ("addressee", item.addressee), ("cue", item.cue),
                ("frame", item.frame),
            )  # fmt: skip
            found = [(role, spans.of(role, part)) for role, part in roles if part.spans]
            build.relation(TYPE, [("quote", quote), *found])
        held = _held([span for span in build.spans if span.layer == "quote"])
        for quote in nested:
            if quote.id not in held:
                source.losses.add("nesting that no extent shows", OUT, quoted(quote.text))
        return [build.record()]


FORMAT = GermanQuotesFormat()


class _Spans:
    """Spans that several quotations share are one."""

    def __init__(self, build: RecordBuilder) -> None:
        self._build = build
        self._made: dict[tuple[str, Fragments], Span] = {}

    def of(self, role: str, part: Part) -> Span:
        layer, label = _LAYERS[role]
        fragments = _fragments(part, self._build.text)
        if (layer, fragments) not in self._made:
            self._made[layer, fragments] = self._build.span(layer, label, fragments)
        return self._made[layer, fragments]


def _form(word: str) -> str:
    if word not in _FORMS:
        raise InputError(f"there is no form of quotation {quoted(word)} ({', '.join(_FORMS)})")
    return _FORMS[word]


def _medium(word: str) -> tuple[AttributeValues, ...]:
    if word not in _MEDIA:
        raise InputError(f"there is no medium {quoted(word)} ({', '.join(_MEDIA)})")
    values = _MEDIA[word]
    return (AttributeValues("medium", values, len(values) > 1),) if values else ()


def _fragments(part: Part, text: str) -> Fragments:
    """Ascending, with those that touch as one. Raises InputError for another surface."""
    found: list[tuple[int, int]] = []
    for start, end in sorted((p.char_begin, p.char_end) for p in part.spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    pieces = [text[max(0, p.char_begin) : max(0, p.char_end)] for p in part.spans]
    if part.text is not None and " ".join(pieces) != part.text:
        raise InputError(
            f"the offsets {found[0][0]}–{found[-1][1]} hold {quoted(' '.join(pieces))}, not "
            f"{quoted(part.text)}"
        )
    return tuple(found)


def _held(quotes: list[Span]) -> set[str]:
    """The ids of quotes that begin and end within another one, or where another one does."""
    found, reached = set[str](), 0
    ordered = sorted(quotes, key=lambda quote: (quote.start, -quote.end))
    for quote, following in zip_longest(ordered, ordered[1:]):
        has_twin = following is not None and (
            (following.start, following.end) == (quote.start, quote.end)
        )
        if quote.end <= reached or has_twin:
            found.add(quote.id)
        reached = max(reached, quote.end)
    return found
