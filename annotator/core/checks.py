"""What a person should look at again in a document: things left out, and things at odds.

A relation type with one role that must be filled (the claim of an attribution) and another that
takes actors as well (its source) says who answers for what: the first is its *head*, the other its
*answer*. The checks ask for nothing that the schema does not know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from annotator.core.annotation import Annotation, Relation, Span
from annotator.core.document import Sentence
from annotator.core.naming import quoted
from annotator.core.page import Page, Stop, in_order, label_of, words_of
from annotator.core.ranges import Range
from annotator.core.schema import Attribute, RelationType, Role, Schema
from annotator.core.text_objects import quotes
from annotator.core.tokens import tokens
from annotator.core.touched import Touched

FEWEST_WORDS: Final = 3
"""Words from which on a quote is more than a word set apart by its marks."""

Usage = Mapping[tuple[str, str], Mapping[str, int]]
"""(layer, text) → label → how often it was given."""
_NONE: Final[Usage] = MappingProxyType({})


def check(page: Page, usage: Usage | None = None) -> list[Stop]:
    """All that the checks find in a document, in the order of the text.

    ``usage`` says how texts are labelled elsewhere as well; without it the document counts alone.
    """
    spans = page.annotations.spans.values()
    used = usage_of(spans) if usage is None else usage
    return in_order(_found(page, spans, page.made(), page.sentences, used))


def check_again(
    page: Page, touched: Touched, elsewhere: Usage = _NONE
) -> tuple[Touched, list[Stop]]:
    """What the checks find of what was touched, and what that is: all that has the same words, too.

    ``elsewhere`` is how some texts are labelled in all documents.
    """
    spans = page.annotations.spans.values()
    alike = [s for s in spans if (s.layer, s.text) in touched.texts] if touched.texts else []
    touched = replace(touched, ids=touched.ids | {span.id for span in alike})
    made = list(touched.annotations(page))
    sentences = [page.sentences[n] for n in sorted(touched.ordinals) if n < len(page.sentences)]
    used = {**usage_of(alike), **elsewhere}
    found = _found(page, [m for m in made if isinstance(m, Span)], made, sentences, used)
    return touched, in_order(found)


def _found(
    page: Page,
    spans: Collection[Span],
    made: Iterable[Annotation],
    sentences: Iterable[Sentence],
    usage: Usage,
) -> Iterator[Stop]:
    yield from _ties(page, spans)
    yield from _quotes_outside(page, sentences)
    yield from _labelled_two_ways(page, spans, usage)
    yield from _missing_attributes(page, made)


def answers(schema: Schema) -> Iterator[tuple[RelationType, Role, Role]]:
    """The relation types that say who answers for what: with head and answer."""
    for relation in schema.relations:
        heads = [role for role in relation.roles if role.min > 0]
        others = [role for role in relation.roles if role.min == 0 and role.actors]
        if len(heads) == 1 and others and not set(heads[0].layers) & set(others[0].layers):
            yield relation, heads[0], others[0]


def usage_of(spans: Iterable[Span]) -> Usage:
    """How the texts of spans are labelled."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for span in spans:
        found.setdefault((span.layer, span.text), Counter())[span.label] += 1
    return found


def _ties(page: Page, spans: Collection[Span]) -> Iterator[Stop]:
    """Claims without a source, and sources that stand in no relation."""
    annotations = page.annotations
    for type_, head, answer in answers(page.schema):
        for span in spans:
            if head.accepts(span.layer, span.label):
                tied = (r for r in annotations.relations_of(span.id) if r.type == type_.name)
                if not any(a.role == answer.name for r in tied for a in r.arguments):
                    yield _about(
                        page, span, f"{span.label} without a {answer.title or answer.name}"
                    )
            elif answer.accepts(span.layer, span.label) and not annotations.relations_of(span.id):
                yield _about(page, span, f"{span.label} never used")


def _quotes_outside(page: Page, sentences: Iterable[Sentence]) -> Iterator[Stop]:
    """Quotes that no head of a relation (no claim) touches, the outermost of nested ones."""
    layers = {layer for _, head, _ in answers(page.schema) for layer in head.layers}
    if not layers:
        return
    outside = " or ".join(sorted(layers))
    for sentence in sentences:
        last = sentence.start
        for quote in quotes(page.text, Range(sentence.start, sentence.end)):
            if quote.start < last:
                continue
            inside = any(s.layer in layers for s in page.annotations.spans_in(*quote))
            few = not inside and _words(page.text, quote) < FEWEST_WORDS
            last = last if few else quote.end
            if not inside and not few:
                words = quoted(page.text[quote.start : quote.end])
                yield Stop(page.document, *quote, f"quote outside any {outside}: {words}")


def _words(text: str, quote: Range) -> int:
    return sum(text[t.start : t.end].isalnum() for t in tokens(text, *quote))


def _labelled_two_ways(page: Page, spans: Collection[Span], usage: Usage) -> Iterator[Stop]:
    """Spans whose text has another label more often, in the same layer."""
    for span in spans:
        labels = usage.get((span.layer, span.text), {})
        if len(labels) > 1:
            most = max(labels, key=lambda label: (labels[label], label))
            if most != span.label:
                others = f"{most} {labels[most]} times" if labels[most] > 1 else most
                yield _about(page, span, f"{span.label}, but elsewhere {others}")


def _missing_attributes(page: Page, some: Iterable[Annotation]) -> Iterator[Stop]:
    for made in some:
        held = {a.name for a in made.attributes if a.values}
        for attribute in _attributes_of(page.schema, made):
            if attribute.required and attribute.name not in held:
                what = attribute.title or attribute.name
                yield _about(page, made, f"{label_of(made)} lacks {what}")


def _attributes_of(schema: Schema, made: Annotation) -> tuple[Attribute, ...]:
    if isinstance(made, Relation):
        return schema.relation(made.type).attributes
    return schema.layer(made.layer).attributes_of(made.label)


def _about(page: Page, made: Annotation, what: str) -> Stop:
    words = " … ".join(words_of(made, page))
    return page.stop(made, f"{what}: {quoted(words)}" if words else what)
