"""Queues: places in documents that a person goes through one after the other.

A queue knows how to find its places in one document, and in which documents it is worth looking.
What is open on the screen is looked through in memory, the project from the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from annotator.core import checks, searching
from annotator.core.annotation import Actor, Annotation, Relation, Span, UnitLabel
from annotator.core.annotation_set import AnnotationSet
from annotator.core.page import Page, Stop, around, in_order, named
from annotator.core.query import Query
from annotator.core.touched import Touched
from annotator.store.base import Annotations, Holding, Store

if TYPE_CHECKING:
    from annotator.workflow.annotate import AnnotateSession

Again = Callable[[Page, Touched], tuple[Touched, list[Stop]]]
MOST = 50_000
"""Places of a queue in one document."""
_MADE = (Span, Relation, UnitLabel)


class Queue(Struct, frozen=True):
    """``title`` names it; ``find`` gives its places in a document, in the order of the text.

    ``again`` finds those of what edits touched, and may touch more; a queue without it looks at the
    whole document again. ``holding`` says what a document must hold to be looked through, None that
    any may do; ``follows_edits`` whether an edit may change what is found; a search has its places
    marked in the text. ``everywhere`` gives the project's places in an order of their own.
    """

    title: str
    find: Callable[[Page], list[Stop]]
    again: Again | None = None
    holding: Holding | None = None
    actor: str = ""
    follows_edits: bool = True
    is_search: bool = False
    everywhere: Callable[[], Iterator[Found]] | None = None

    def documents(self, store: Store, annotator: str) -> list[str]:
        """The documents (ids) to look through for this annotator (id), in order of import."""
        if self.holding is None:
            return store.document_ids()
        return store.documents_holding(annotator, self.holding, self.actor)


class Found(Struct, frozen=True):
    """What looking through one more document (name) gave, and the ``done``-th of ``documents``.

    Each stop comes with the number of its sentence, from 1.
    """

    name: str
    stops: list[tuple[Stop, int]]
    done: int
    documents: int


def page_of(session: AnnotateSession) -> Page:
    """The open document, as it is in memory."""
    return Page(
        session.document.id,
        session.document.text,
        session.sentences,
        session.annotations,
        session.schema,
        (sentence for sentence, mark in session.marks.items() if mark.done),
    )


def look_through(store: Store, annotator: str, queue: Queue) -> Iterator[Found]:
    """The queue's places in the whole project, document by document; their titles are filled in.

    Annotations are read only where they bear on what is found.
    """
    if queue.everywhere is not None:
        yield from queue.everywhere()
        return
    documents = queue.documents(store, annotator)
    schema = store.schema_in_force()
    for done, document in enumerate(documents, 1):
        read = store.document(document)
        made = store.annotations(document, annotator) if queue.follows_edits else Annotations()
        held = AnnotationSet(
            made.spans, made.relations, made.unit_labels, made.suggestions, made.actors
        )
        finished = (mark.sentence for mark in made.sentence_marks if mark.done)
        cut = store.sentences(document)
        page = Page(document, read.text, cut, held, schema, finished)
        stops = [
            (with_title(stop, page.text), page.sentence_number(stop.start))
            for stop in queue.find(page)
        ]
        yield Found(read.name, stops, done, len(documents))


def with_title(stop: Stop, text: str) -> Stop:
    """The stop, and where it has no title of its own, the text around it as one."""
    return stop if stop.title else stop._replace(title=around(text, stop.start, stop.end))


def search_queue(query: Query) -> Queue:
    """All that a query finds."""

    def again(page: Page, touched: Touched) -> tuple[Touched, list[Stop]]:
        return touched, searching.find(page, query, most=MOST, among=touched.annotations(page))

    return Queue(
        query.source,
        lambda page: searching.find(page, query, most=MOST),
        again,
        holding="annotations" if query.asks_annotations else None,
        follows_edits=query.asks_annotations,
        is_search=True,
    )


def checks_queue() -> Queue:
    """What the checks find in a document by itself."""
    return Queue("checks", checks.check, checks.check_again, holding="annotations")


def project_checks_queue(store: Store, annotator: str) -> Queue:
    """What the checks find where the labels of all documents are compared.

    They are read once, when the first document is looked through.
    """
    read: list[checks.Usage] = []

    def usage() -> checks.Usage:
        if not read:
            read.append(project_usage(store, annotator))
        return read[0]

    def find(page: Page) -> list[Stop]:
        own = checks.usage_of(page.annotations.spans.values())
        return checks.check(page, {**own, **usage()})

    def again(page: Page, touched: Touched) -> tuple[Touched, list[Stop]]:
        return checks.check_again(page, touched, usage())

    return Queue("checks", find, again, holding="annotations")


def project_usage(store: Store, annotator: str) -> checks.Usage:
    """How an annotator (id) labels texts all over the project, where in more than one way."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for layer, text, label, count in store.labels_of_texts(annotator):
        found.setdefault((layer, text), {})[label] = count
    return found


def flagged_queue() -> Queue:
    """Annotations flagged as doubtful, with their notes."""

    def title(made: Annotation, page: Page) -> str | None:
        return " · ".join(_with_note(made, page)) if made.flagged else None

    return _one_by_one("flagged", title, "flags")


def to_do_queue(title: str, everywhere: Callable[[], Iterator[Found]]) -> Queue:
    """Sentences not done, those of the project in the order in which they are to be done."""
    find = open_sentences_queue().find
    return Queue(title, find, follows_edits=False, everywhere=everywhere)


def open_sentences_queue() -> Queue:
    """Sentences that are not done."""

    def find(page: Page) -> list[Stop]:
        return open_among(page, range(len(page.sentences)))

    def open_among(page: Page, ordinals: Iterable[int]) -> list[Stop]:
        cut = page.sentences
        return [
            Stop(page.document, cut.starts[n], cut.ends[n])
            for n in ordinals
            if n < len(cut) and cut.id_of(n) not in page.done
        ]

    def again(page: Page, touched: Touched) -> tuple[Touched, list[Stop]]:
        return touched, open_among(page, sorted(touched.ordinals))

    return Queue("sentences not done", find, again, holding="open sentences")


def suggestions_queue() -> Queue:
    """Suggestions that wait for an answer."""

    def find(page: Page) -> list[Stop]:
        return in_order(
            page.stop(s.proposed, f"{named(s.proposed, page)}?")._replace(target=s.id)
            for s in page.annotations.suggested.shown()
        )

    return Queue("suggestions", find, holding="suggestions")


def mentions_queue(actor: Actor) -> Queue:
    """Where an actor is mentioned or tied."""

    def title(made: Annotation, page: Page) -> str | None:
        return named(made, page) if _names(made, actor.id) else None

    return _one_by_one(f"mentions of {actor.name}", title, "actor", actor.id)


def _one_by_one(
    title: str,
    title_of: Callable[[Annotation, Page], str | None],
    holding: Holding,
    actor: str = "",
) -> Queue:
    """The annotations that have a title, each by itself."""

    def among(page: Page, some: Iterable[Annotation]) -> list[Stop]:
        titled = ((made, title_of(made, page)) for made in some)
        return in_order(page.stop(made, title) for made, title in titled if title is not None)

    def again(page: Page, touched: Touched) -> tuple[Touched, list[Stop]]:
        return touched, among(page, touched.annotations(page))

    return Queue(title, lambda page: among(page, page.made()), again, holding, actor)


def ties_queue(focus: Span) -> Queue:
    """What a span is tied to, in the order of the text; the span itself among it."""

    def find(page: Page) -> list[Stop]:
        annotations = page.annotations
        spans = {
            span.id: (span, f"{argument.role} of {relation.type}")
            for relation in annotations.relations_of(focus.id)
            for argument in relation.arguments
            if (span := annotations.spans.get(argument.target)) is not None
        }
        return in_order(page.stop(s, f"{role}: {named(s, page)}") for s, role in spans.values())

    return Queue(f"ties of {focus.label}", find, holding="annotations")


def conflicts_queue(store: Store) -> Queue:
    """What merges left to decide; a conflict about an actor has no place in any document."""

    def find(page: Page) -> list[Stop]:
        infos = (i for i in store.conflicts() if i.conflict.document == page.document)
        found = []
        for info in infos:
            version = info.in_force if info.in_force is not None else info.other
            place = page.place_of(version) if isinstance(version, _MADE) else (0, 0)
            found.append(Stop(page.document, *place, info.name, info.conflict.target))
        return in_order(found)

    return Queue("conflicts", find)


def _with_note(made: Annotation, page: Page) -> Iterator[str]:
    yield named(made, page)
    if made.note:
        yield made.note


def _names(made: Annotation, actor: str) -> bool:
    if isinstance(made, Span):
        return made.actor == actor
    return isinstance(made, Relation) and any(a.target == actor for a in made.arguments)
