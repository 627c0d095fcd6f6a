"""A project's documents as engines see them: pages of one annotator's work."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from annotator.core.annotation import GOLD
from annotator.store.base import Store
from annotator.suggest.base import Page

NEAR = 200
"""Sentences of a long document, on either side of the cursor, that engines are asked about."""


def page_of(store: Store, document: str, annotator: str, *, finished: bool = False) -> Page:
    """A document (id) as an annotator (id) left it.

    Finished are the sentences marked done; all of them where the document is, or ``finished``.
    """
    made = store.annotations(document, annotator)
    sentences = store.sentences(document)
    if finished or (made.document_mark is not None and made.document_mark.status == "done"):
        taught = frozenset(sentence.id for sentence in sentences)
    else:
        taught = frozenset(mark.sentence for mark in made.sentence_marks if mark.done)
    return Page(
        document=store.document(document),
        annotator=annotator,
        sentences=sentences,
        taught=taught,
        spans=made.spans,
        relations=made.relations,
        unit_labels=made.unit_labels,
        answered=tuple(s for s in made.suggestions if s.state != "open"),
        unanswered=tuple(s for s in made.suggestions if s.state == "open"),
        actors=made.actors,
    )


def around(page: Page, offset: int) -> Page:
    """The page with at most the NEAR sentences before and behind a code point."""
    if len(page.sentences) <= 2 * NEAR:
        return page
    at = bisect_right([s.start for s in page.sentences], offset)
    part = page.sentences[max(0, at - NEAR) : at + NEAR]
    return replace(page, sentences=part, is_part=True)


def gold_pages(store: Store, own: Iterable[Page]) -> Iterator[Page]:
    """What the gold of the project says, but for the sentences that ``own`` pages teach."""
    taught = frozenset[str]().union(*(page.taught for page in own))
    for annotator in store.annotators():
        if annotator.name == GOLD:
            for id in store.documents_holding(annotator.id, "annotations"):
                page = page_of(store, id, annotator.id, finished=True)
                yield replace(page, taught=page.taught - taught)


def finished_pages(store: Store, annotator: str, finished: Iterable[str] = ()) -> Iterator[Page]:
    """The pages with a finished sentence, in order of import.

    All sentences of the documents ``finished`` (ids) count as finished.
    """
    whole = frozenset(finished)
    there = store.documents_holding(annotator, "finished")
    if not whole <= set(there):
        wanted = whole.union(there)
        there = [id for id in store.document_ids() if id in wanted]
    for id in there:
        yield page_of(store, id, annotator, finished=id in whole)
