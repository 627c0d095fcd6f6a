"""What engines are asked to do for an annotator, and what is told of it as it happens."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from annotator.core.annotation import Relation, Span, UnitLabel
from annotator.core.learned_model import LearnedModel
from annotator.core.replacing import Scope
from annotator.suggest.base import MadeOf
from annotator.suggest.quality import Quality
from annotator.workflow.engine_answers import Fared

LONGEST_FAULT = 200
"""Cells of what somebody else's engine says about its end: more would hide the text on a screen."""


class Task(Struct, frozen=True, kw_only=True):
    """What is to be done, for the annotator (id) of a project (path).

    ``engines`` and ``layers`` are names; empty, those that are on. ``documents`` (ids) get
    proposals, those in ``near`` around that code point only, where they are long. All sentences of
    the documents ``finished`` (ids) count as finished. ``anew`` learns even where nothing has
    changed, ``lenient`` only where much has (see ``suggest.schedule``) or where it takes a moment,
    and tells what quick engines propose for the first document before slow ones begin, and how
    each fared. ``check`` only finds out how good the engines are, and ``look`` only which
    there are. ``broken`` holds engine and layer (empty: all) of what is to be left alone,
    ``spoiled`` engine and layer of kept models that are not to be opened but made anew.
    """

    project: str
    annotator: str
    engines: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    near: dict[str, int] = {}
    finished: tuple[str, ...] = ()
    anew: bool = False
    lenient: bool = False
    check: bool = False
    look: bool = False
    broken: tuple[tuple[str, str], ...] = ()
    spoiled: tuple[tuple[str, str], ...] = ()
    seed: int = 0


class Began(Struct, frozen=True, tag=True):
    """An engine is at work on a layer, or (empty) being imported: if nothing more is heard, it was
    its fault; ``by_kept``, perhaps that of the model that it learned before and was given again."""

    engine: str
    layer: str
    by_kept: bool = False


class Learned(Struct, frozen=True, tag=True):
    """An engine has a model: of so many finished sentences, in so many seconds (0: it had one)."""

    engine: str
    layer: str
    sentences: int
    seconds: float
    size: int


class NewModel(Struct, frozen=True, tag=True):
    """A model made just now, to be kept in the project; lost, it is only made again."""

    model: LearnedModel

    @property
    def engine(self) -> str:
        """Whose it is."""
        return self.model.engine

    @property
    def layer(self) -> str:
        """What it is for."""
        return self.model.layer


class NotLearned(Struct, frozen=True, tag=True):
    """An engine has nothing to go by; the reason is told."""

    engine: str
    layer: str
    reason: str
    hint: str = ""


class Broken(Struct, frozen=True, tag=True):
    """An engine failed for a layer (empty: for all). It is left alone from then on."""

    engine: str
    layer: str
    reason: str


class Checked(Struct, frozen=True, tag=True):
    """How good an engine is at a layer by now."""

    engine: str
    layer: str
    quality: Quality


class Offers(Struct, frozen=True, tag=True):
    """An engine that there is can propose for a layer."""

    engine: str
    layer: str
    title: str
    made_of: MadeOf


class Asked(Struct, frozen=True):
    """An engine that was asked about a document; of the layers ``spared`` it said nothing."""

    engine: str
    spared: tuple[str, ...] = ()


class Proposed(Struct, frozen=True, tag=True):
    """What the engines ``by`` propose in a document (id), all together.

    They were asked of the text from ``start`` to ``end`` (half-open, code points), of a long
    document only of the ``sentences`` (id) there. ``doubts`` says of unfinished sentences (id) how
    unsure the engines are, 0 to 1. With ``more_to_come`` other engines are asked about it next.
    """

    document: str
    by: tuple[Asked, ...]
    proposals: tuple[Span | Relation | UnitLabel, ...]
    doubts: dict[str, float]
    start: int
    end: int
    sentences: tuple[str, ...] | None = None
    more_to_come: bool = False

    def scope(self, asked: Asked) -> Scope:
        """What an engine was asked."""
        sentences = None if self.sentences is None else frozenset(self.sentences)
        return Scope(self.start, self.end, sentences, frozenset(asked.spared))


Event: TypeAlias = (
    Began | Learned | NewModel | NotLearned | Broken | Checked | Offers | Proposed | Fared
)
