"""What an engine is given and gives: core objects, one document of one annotator at a time.

An engine learns from the sentences a person has finished (``Page.taught``) and proposes spans,
relations and unit labels for the others. It never sees a store. Given the same pages and the same
seed it learns the same model, byte for byte, and proposes the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Struct

from annotator.core.annotation import (
    Actor,
    Argument,
    Fragments,
    Origin,
    Relation,
    Span,
    Suggestion,
    UnitLabel,
    surface,
)
from annotator.core.document import Document, Sentence
from annotator.core.ids import derived_id
from annotator.core.schema import Schema
from annotator.errors import InputError, UsageError

_T = TypeVar("_T")

Proposal: TypeAlias = Span | Relation | UnitLabel
"""What a suggestion proposes; its origin names engine, version and score (0 to 1)."""


MadeOf = Literal["sentences", "files", "nothing"]


class NothingToLearnError(UsageError):
    """There is nothing that this engine could learn from; the message says what is missing."""


class Page(Struct, frozen=True):
    """A document as one annotator has left it.

    ``taught`` holds the ids of the sentences that are finished: what is not labelled there was left
    unlabelled on purpose. ``answered`` are the suggestions that got an answer, ``unanswered`` those
    that are open. Of a long document ``sentences`` may be a part (``is_part``).
    """

    document: Document
    annotator: str
    sentences: Sequence[Sentence]
    taught: frozenset[str] = frozenset()
    spans: tuple[Span, ...] = ()
    relations: tuple[Relation, ...] = ()
    unit_labels: tuple[UnitLabel, ...] = ()
    answered: tuple[Suggestion, ...] = ()
    unanswered: tuple[Suggestion, ...] = ()
    actors: tuple[Actor, ...] = ()
    is_part: bool = False

    def lessons(self) -> Iterator[Sentence]:
        """The finished sentences, in order."""
        return (s for s in self.sentences if s.id in self.taught)

    def questions(self) -> Iterator[Sentence]:
        """The sentences that are not finished, in order."""
        return (s for s in self.sentences if s.id not in self.taught)


class Model:
    """What an engine learned for one layer, ready to propose."""

    def propose(self, page: Page) -> list[Proposal]:
        """Proposals for the sentences of the page that are not finished, in order of the text."""
        raise NotImplementedError

    def doubts(self, page: Page) -> dict[str, float]:
        """How unsure the model is of each unfinished sentence (by id), 0 to 1; empty: no idea."""
        return {}


class Engine:
    """One way to propose. An entry point of group ``annotator.suggesters`` names an object of it.

    ``version`` goes up whenever the same pages give another model or other proposals: models of
    other versions are not used any more.
    """

    name: str
    version: str
    title: str
    quick: bool = False
    """Whether it learns in a moment, however much there is to learn."""
    made_of: MadeOf = "sentences"
    """What its models are made of: finished sentences, what a person names, or nothing at all."""
    takes: str = "FILE…"
    """What a person names for an engine that is made of files, as in ``--from FILE…``."""

    @property
    def command(self) -> str:
        """How a person has its models made anew."""
        given = f" --from {self.takes}" if self.made_of == "files" else ""
        return f"annotator suggest train --engine {self.name}{given}"

    def layers(self, schema: Schema) -> list[str]:
        """What it can propose for: the names of layers or, for spans tied, of relation types.

        Unless it says otherwise, all layers of spans.
        """
        return span_layers(schema)

    def train(self, pages: Iterable[Page], schema: Schema, layer: str, seed: int = 0) -> bytes:
        """Learn a layer; gives the model as bytes. Raises NothingToLearnError.

        Asked of those only that are made of finished sentences.
        """
        raise NotImplementedError

    def read(self, given: Sequence[str], schema: Schema) -> dict[str, bytes]:
        """Models by layer, made of what a person named: paths of files, or a pipeline.

        Raises InputError or UsageError where that is not possible.
        """
        raise UsageError(
            f"The engine {self.name} is made of {self.made_of}, and takes no files.",
            "Leave out --from.",
        )

    def load(self, data: bytes, schema: Schema, layer: str) -> Model:
        """The model that ``train`` or ``read`` gave (of an engine made of nothing: no bytes).

        Its checksum has been checked. Raises InputError.
        """
        raise NotImplementedError

    def decoded(self, data: bytes, type: type[_T]) -> _T:
        """What a model's bytes hold, as msgpack. Raises InputError: this engine never made them."""
        try:
            return msgspec.msgpack.decode(data, type=type)
        except msgspec.DecodeError as error:
            raise InputError(
                f"this is no model of the engine {self.name}: {error}",
                f"Have it made anew: {self.command}",
            ) from error


class Proposer:
    """Makes the proposals of one engine in one document, with ids that are always the same."""

    def __init__(self, engine: Engine, page: Page) -> None:
        self._engine = engine
        self._page = page

    def origin(self, score: float) -> Origin:
        """Where such a proposal comes from."""
        return Origin(self._engine.name, self._engine.version, round(min(1.0, max(0.0, score)), 4))

    def span(self, layer: str, label: str, fragments: Fragments, score: float) -> Span:
        """A span over stretches of the text (half-open, code points)."""
        document = self._page.document
        id = self._id(layer, label, repr(fragments))
        return Span(
            *(id, document.id, self._page.annotator, layer, label, fragments),
            surface(document.text, fragments),
            origin=self.origin(score),
        )

    def unit_label(self, layer: str, label: str, sentence: str | None, score: float) -> UnitLabel:
        """A label on a sentence (its id), or on the whole document."""
        id = self._id(layer, label, sentence or "")
        return UnitLabel(
            *(id, self._page.document.id, self._page.annotator, layer, label, sentence),
            origin=self.origin(score),
        )

    def relation(self, type: str, ties: Sequence[tuple[str, Span]], score: float) -> Relation:
        """A relation over (role, span) pairs; the spans may themselves be proposals."""
        arguments = tuple(Argument(role, "span", span.id) for role, span in ties)
        id = self._id(type, *(f"{a.role} {a.target}" for a in arguments))
        return Relation(
            *(id, self._page.document.id, self._page.annotator, type, arguments),
            origin=self.origin(score),
        )

    def _id(self, *within: str) -> str:
        page, engine = self._page, self._engine
        return derived_id(page.document.id, page.annotator, engine.name, *within)


def proposable(schema: Schema) -> list[str]:
    """The names of all that engines may propose for: layers, and types of relations."""
    return [*(layer.name for layer in schema.layers), *(kind.name for kind in schema.relations)]


def labels_of(schema: Schema, layer: str) -> frozenset[str]:
    """The labels that a layer has by now; a model may have been made when it had others."""
    return frozenset(label.name for label in schema.layer(layer).labels)


def check_any_known(engine: Engine, labels: Iterable[str], schema: Schema, layer: str) -> None:
    """Raise InputError where an engine was given names for none of the labels that there are."""
    given = sorted(set(labels))
    if not labels_of(schema, layer).intersection(given):
        raise InputError(
            f"the layer {layer} has none of its labels any more: {', '.join(given)}",
            f"Name it again: {engine.command}",
        )


def span_layers(schema: Schema) -> list[str]:
    """The names of the layers whose annotations are spans."""
    return [layer.name for layer in schema.layers if layer.scope == "span"]
