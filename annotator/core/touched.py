"""What a few edits of a document touch: where to look again for what was found before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from annotator.core.annotation import Actor, Annotation, Record, Relation, Span, UnitLabel
from annotator.core.annotation import SentenceMark as Mark
from annotator.core.document import Sentence
from annotator.core.edits import Change
from annotator.core.page import Page, Stop

MOST: Final = 200
"""Changes from which on it is simpler to look everywhere."""


class Touched(Struct, frozen=True):
    """Annotations (ids), texts of spans (layer, text), and whole sentences (by number).

    What was found of anything else is as it was.
    """

    ids: frozenset[str] = frozenset()
    texts: frozenset[tuple[str, str]] = frozenset()
    ordinals: frozenset[int] = frozenset()

    def annotations(self, page: Page) -> Iterator[Annotation]:
        """Those that are still there."""
        held = page.annotations
        groups: tuple[dict[str, Span] | dict[str, Relation] | dict[str, UnitLabel], ...]
        groups = (held.spans, held.unit_labels, held.relations)
        for group in groups:
            for id in self.ids & group.keys():
                yield group[id]

    def leaves(self, stops: Iterable[Stop], page: Page) -> list[Stop]:
        """The stops about nothing that is touched: a stop without a target is its sentence's."""
        at = page.sentences.ordinal_at
        return [
            stop
            for stop in stops
            if (
                stop.target not in self.ids
                if stop.target is not None
                else at(stop.start) not in self.ordinals
            )
        ]


def touched(page: Page, changes: Sequence[Change]) -> Touched | None:
    """What changes touch in the page as it is after them; None where that may be everything."""
    if not changes or len(changes) > MOST:
        return None
    ids: set[str] = set()
    texts: set[tuple[str, str]] = set()
    ordinals: set[int] = set()
    for change in changes:
        for record in (change.before, change.after):
            if isinstance(record, Actor):
                return None
            ids.update(_ids_of(page, record))
            ordinals.update(_ordinals_of(page, record))
            if isinstance(record, Span):
                texts.add((record.layer, record.text))
    return Touched(frozenset(ids), frozenset(texts), frozenset(ordinals))


def _ids_of(page: Page, record: Record | None) -> Iterator[str]:
    """The annotations that are touched by one: what is tied to it, and what lies on it."""
    annotations = page.annotations
    if isinstance(record, Span | Relation | UnitLabel):
        yield record.id
        yield from (r.id for r in annotations.relations_of(record.id))
    if isinstance(record, Relation):
        yield from (a.target for a in record.arguments)
    if isinstance(record, Sentence):
        yield from (label.id for label in annotations.labels_on(record.id))


def _ordinals_of(page: Page, record: Record | None) -> Iterator[int]:
    """The sentences on which something lies, as they are cut now."""
    place: tuple[int, int] | None = None
    if isinstance(record, Span | Sentence):
        place = (record.start, record.end)
    elif isinstance(record, Mark):
        sentence = page.sentences.with_id(record.sentence)
        place = None if sentence is None else (sentence.start, sentence.end)
    if place is not None:
        first, last = page.sentences.ordinal_at(place[0]), page.sentences.ordinal_at(place[1] - 1)
        yield from range(first, last + 1)
