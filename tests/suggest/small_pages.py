"""Small pages to teach engines with."""

from __future__ import annotations

from msgspec.structs import replace

from annotator.core.annotation import Origin, Span, Suggestion, surface
from annotator.core.document import Document, Sentence
from annotator.core.ids import derived_id
from annotator.core.schema import Label, Layer, Overlap, Schema
from annotator.core.sentences import sentences
from annotator.suggest.base import Page


def schema(overlap: Overlap = "none", *labels: str) -> Schema:
    names = labels or ("PERSON", "PLACE")
    layer = Layer("entity", "entity", "span", tuple(Label(n) for n in names), overlap)
    return Schema("small", 1, "", "", (layer,))


def span(text: str, words: str, label: str, document: str = "d", occurrence: int = 0) -> Span:
    at = -1
    for _ in range(occurrence + 1):
        at = text.index(words, at + 1)
    return span_at(text, ((at, at + len(words)),), label, document)


def span_at(
    text: str, fragments: tuple[tuple[int, int], ...], label: str, document: str = "d"
) -> Span:
    id = derived_id(document, label, str(fragments))
    return Span(id, document, "me", "entity", label, fragments, surface(text, fragments))


def page(text: str, *spans: Span, name: str = "d", taught: bool = True) -> Page:
    cut = [Sentence(f"{name}{n}", name, a, b) for n, (a, b) in enumerate(sentences(text))]
    ids = frozenset(s.id for s in cut) if taught else frozenset()
    return Page(Document(name, name, text, ""), "me", cut, ids, spans)


def rejected(proposed: Span) -> Suggestion:
    other = replace(proposed, origin=Origin("gazetteer", "1", 0.9))
    return Suggestion(derived_id(proposed.id, "s"), "d", "me", other, "rejected")


def said(proposals: object) -> list[tuple[str, str]]:
    assert isinstance(proposals, list)
    return [(p.text, p.label) for p in proposals]
