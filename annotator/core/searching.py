"""Finding what a query asks for in one document.

Users write regular expressions of any kind: each search of a text has a time limit, after which
``regex`` gives up, and lets other threads run meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from annotator.core.annotation import Annotation, Relation, Span
from annotator.core.page import Page, Stop, in_order, label_of, layer_of, named, words_of
from annotator.core.query import Pattern, Query
from annotator.errors import UsageError

PATIENCE = 0.3
"""Seconds for one pattern in one text."""


def find(
    page: Page,
    query: Query,
    *,
    most: int,
    patience: float = PATIENCE,
    among: Iterable[Annotation] | None = None,
) -> list[Stop]:
    """At most ``most`` places in the order of the text, of annotations those ``among`` some.

    Raises UsageError where a pattern takes longer than ``patience``.
    """
    if query.is_empty:
        return []
    try:
        if not query.asks_annotations:
            return list(islice(_text(page, query, patience), most))
        some = page.made() if among is None else among
        return in_order(_annotations(page, some, query, patience))[:most]
    except TimeoutError:
        raise UsageError(
            f"{query.source} takes too long here", "A simpler pattern says more."
        ) from None


def _text(page: Page, query: Query, patience: float) -> Iterator[Stop]:
    """The matches of the first pattern, in sentences that hold the others as well."""
    first, *others = query.patterns
    for match in first.finditer(page.text, timeout=patience, concurrent=True):
        start, end = match.span()
        if start < end and (not others or _hold(page, start, others, patience)):
            yield Stop(page.document, start, end)


def _hold(page: Page, offset: int, patterns: list[Pattern], patience: float) -> bool:
    if not page.sentences:
        return False
    ordinal = page.sentences.ordinal_at(offset)
    bounds = page.sentences.starts[ordinal], page.sentences.ends[ordinal]
    return all(_search(p, page.text, *bounds, patience) for p in patterns)


def _search(pattern: Pattern, text: str, start: int, end: int, patience: float) -> bool:
    return pattern.search(text, start, end, timeout=patience, concurrent=True) is not None


def _annotations(
    page: Page, some: Iterable[Annotation], query: Query, patience: float
) -> Iterator[Stop]:
    for made in some:
        if _says(page, made, query) and _reads(page, made, query, patience):
            yield page.stop(made, named(made, page))


def _says(page: Page, made: Annotation, query: Query) -> bool:
    """Whether what an annotation says of itself is what is asked for."""
    if query.flagged and not made.flagged:
        return False
    label, layer = label_of(made).casefold(), layer_of(made).casefold()
    note = (made.note or "").casefold()
    return (
        all(label.startswith(value) for value in query.values("label"))
        and all(layer.startswith(value) for value in query.values("layer"))
        and all(made.note and value in note for value in query.values("note"))
        and all(
            any(value in name for name in _actor_names(page, made))
            for value in query.values("actor")
        )
    )


def _actor_names(page: Page, made: Annotation) -> Iterator[str]:
    """The names, folded, of the actors that an annotation mentions or ties."""
    ids = []
    if isinstance(made, Span):
        ids = [made.actor or ""]
    elif isinstance(made, Relation):
        ids = [a.target for a in made.arguments if a.kind == "actor"]
    for id in ids:
        actor = page.annotations.actors.get(id)
        if actor is not None:
            yield from (name.casefold() for name in (actor.name, *actor.aliases))


def _reads(page: Page, made: Annotation, query: Query, patience: float) -> bool:
    """Whether every pattern is in the annotation's own words."""
    return not query.patterns or any(
        all(_search(p, words, 0, len(words), patience) for p in query.patterns)
        for words in words_of(made, page)
    )
