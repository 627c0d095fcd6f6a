"""Replacing the open suggestions of an engine in a document by what it proposes now.

What is proposed gets ids made of what it says, so that the same proposal is the same suggestion
however often it is made. What was answered, by whichever engine it was proposed, is not proposed
again in that document; nor is what is labelled there already, or what the schema would refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from annotator.core.annotation import (
    Annotation,
    Argument,
    Origin,
    Relation,
    Span,
    Suggestion,
    UnitLabel,
    surface,
)
from annotator.core.annotation_set import AnnotationSet
from annotator.core.edits import Change, Changes, create, delete, is_broken, update
from annotator.core.ids import derived_id
from annotator.core.naming import named
from annotator.core.rules import clean_fragments, is_forbidden, role_problems
from annotator.core.schema import Schema
from annotator.core.suggestion_set import Key, key_of, layer_of
from annotator.errors import InputError, NotFoundError

_A = TypeVar("_A", Span, Relation, UnitLabel)
_T = TypeVar("_T")

SAME_SCORE: Final = 0.05
"""Scores that differ by less are not written anew: each time would be an entry in the log."""


class Scope(Struct, frozen=True):
    """What an engine was asked: the text from ``start`` to ``end`` (half-open, code points), the
    ``sentences`` (id; None: all), and all its layers and relation types but those ``spared``."""

    start: int
    end: int
    sentences: frozenset[str] | None = None
    spared: frozenset[str] = frozenset()


class Replacement(Struct, frozen=True):
    """What becomes of the open suggestions of an engine, and how many proposals came to nothing.

    ``answered`` were accepted, corrected or rejected before, ``known`` are labelled already,
    ``refused`` are forbidden by the schema's rules beside what is there.
    """

    changes: Changes
    open: int
    answered: int = 0
    known: int = 0
    refused: int = 0


class Proposals:
    """The proposals of one engine for one annotator's document, being fitted in.

    ``text`` is the document's, ``document`` and ``annotator`` are ids. What is open beyond the
    ``scope`` stays; without one, the engine was asked everything.
    """

    def __init__(
        self,
        annotations: AnnotationSet,
        schema: Schema,
        text: str,
        document: str,
        annotator: str,
        engine: str,
        scope: Scope | None = None,
    ) -> None:
        self._annotations = annotations
        self._scope = scope or Scope(0, len(text))
        self._schema = schema
        self._text = text
        self._owner = (document, annotator)
        self._engine = engine
        self._wanted: dict[Key, str] = {}
        self._ids: dict[str, str] = {}
        self._targets: dict[str, str | None] = {}
        self._counts = {"answered": 0, "known": 0, "refused": 0}

    def replacement(self, proposed: Iterable[Annotation]) -> Replacement:
        """The changes that put these in the place of what is open of the engine.

        Their ids hold within ``proposed`` only; a relation's arguments name them, or annotations
        that are made. Raises InputError for what does not fit the text or the schema.
        """
        changes = (*self.add(proposed), *self.leftovers())
        return Replacement(changes, len(self._wanted), **self._counts)

    def additions(self, proposed: Iterable[Annotation]) -> Replacement:
        """The same without taking anything away: what is open of the engine stays."""
        return Replacement(tuple(self.add(proposed)), len(self._wanted), **self._counts)

    def add(self, proposed: Iterable[Annotation]) -> list[Change]:
        """The changes for some of what is proposed, beside what there is now.

        A relation comes together with, or behind, what it ties.
        """
        items = list(proposed)
        found = [self._take(item) for item in items if not isinstance(item, Relation)]
        relations = [item for item in items if isinstance(item, Relation)]
        found += [self._take_relation(relation) for relation in in_order(relations)]
        return [change for change in found if change is not None]

    def leftovers(self) -> list[Change]:
        """The changes that take away what is open of the engine and was not added."""
        kept = set(self._wanted.values())
        return [
            delete(s)
            for id, s in self._annotations.suggestions.items()
            if s.proposed.origin.engine == self._engine
            and id not in kept
            and self._was_asked(s.proposed)
        ]

    def _was_asked(self, proposed: Annotation) -> bool:
        """Whether it lies in the scope; a tie does with the first of its spans."""
        scope = self._scope
        if layer_of(proposed) in scope.spared:
            return False
        if isinstance(proposed, UnitLabel):
            among = scope.sentences
            return among is None or proposed.sentence is None or proposed.sentence in among
        start = self._start(proposed)
        return start is None or scope.start <= start < scope.end

    def _start(self, proposed: Span | Relation) -> int | None:
        """Where it begins; None for a tie whose spans are gone."""
        if isinstance(proposed, Span):
            return proposed.start
        held = self._annotations
        starts = []
        for argument in proposed.arguments:
            there: list[Annotation | None] = [held.spans.get(argument.target)]
            there += [s.proposed for s in held.suggested.proposing(argument.target)]
            starts += [part.start for part in there if isinstance(part, Span)]
        return min(starts, default=None)

    def _take(self, item: Span | UnitLabel) -> Change | None:
        placed = self._placed(item)
        self._ids[item.id] = placed.id
        made = self._made_in_place(placed)
        self._targets[item.id] = made.id if made is not None else None
        if self._annotations.suggested.is_answered(placed):
            self._counts["answered"] += 1
        elif made is not None:
            self._counts["known"] += 1
        elif isinstance(placed, Span) and self._is_forbidden(placed):
            self._counts["refused"] += 1
        else:
            self._targets[item.id] = placed.id
            return self._want(placed)
        return None

    def _take_relation(self, relation: Relation) -> Change | None:
        kind = self._known(lambda: self._schema.relation(relation.type))
        arguments = [self._argument(a) for a in relation.arguments]
        said = sorted((a.role, self._ids.get(a.target, a.target)) for a in relation.arguments)
        placed = replace(
            self._own(relation, "relation", relation.type, repr(said)),
            arguments=tuple(a for a in arguments if a is not None),
        )
        self._ids[relation.id], self._targets[relation.id] = placed.id, None
        if self._annotations.suggested.is_answered(placed):
            self._counts["answered"] += 1
        elif is_broken(self._schema, placed) or any(role_problems(kind, placed)):
            self._counts["refused"] += 1
        elif self._is_tied(placed):
            self._counts["known"] += 1
        else:
            self._targets[relation.id] = placed.id
            return self._want(placed)
        return None

    def _want(self, placed: Annotation) -> Change | None:
        """An old one that says the same stays as it is unless it says it otherwise."""
        key = key_of(placed)
        if key in self._wanted:
            return None
        for old in self._annotations.suggested.alike(placed):
            if old.proposed.origin.engine == self._engine:
                self._wanted[key] = old.id
                if _is_much_alike(old.proposed, placed):
                    return None
                return update(old, replace(old, proposed=replace(placed, id=old.proposed.id)))
        self._wanted[key] = id = derived_id(placed.id, "suggestion", self._engine)
        return create(Suggestion(id, *self._owner, placed))

    # -- what is proposed, as it is to be stored -------------------------------------------------

    def _placed(self, item: Span | UnitLabel) -> Span | UnitLabel:
        self._known(lambda: self._schema.label(item.layer, item.label))
        if isinstance(item, UnitLabel):
            return self._own(item, "label", item.layer, item.label, item.sentence or "")
        if any(not 0 <= a < b <= len(self._text) for a, b in item.fragments):
            raise InputError(
                f"The engine {self._engine} proposes {named(item)}, which does not lie in the text"
                f" of {len(self._text)} characters.",
                "Offsets count code points.",
            )
        fragments = clean_fragments(self._text, item.fragments)
        if not fragments:
            raise InputError(f"The engine {self._engine} proposes {item.label} on blank text.")
        own = self._own(item, "span", item.layer, item.label, repr(fragments))
        return replace(own, fragments=fragments, text=surface(self._text, fragments))

    def _own(self, item: _A, *said: str) -> _A:
        document, annotator = self._owner
        return replace(
            item,
            id=derived_id(document, annotator, *said),
            document=document,
            annotator=annotator,
            origin=Origin(self._engine, item.origin.version, item.origin.score),
            revision=1,
        )

    def _argument(self, argument: Argument) -> Argument | None:
        """The argument with what it names as it is stored; None where that is not proposed."""
        if argument.kind == "actor":
            return argument
        held = self._annotations
        target = self._targets.get(argument.target)
        if argument.target not in self._targets and (
            argument.target in held.spans or argument.target in held.relations
        ):
            target = argument.target
        return None if target is None else replace(argument, target=target)

    def _known(self, look_up: Callable[[], _T]) -> _T:
        try:
            return look_up()
        except NotFoundError as error:
            raise InputError(
                f"The engine {self._engine} proposes what the schema does not have: "
                f"{error.message}",
                error.hint,
            ) from error

    # -- what there is already -------------------------------------------------------------------

    def _made_in_place(self, placed: Span | UnitLabel) -> Span | UnitLabel | None:
        held = self._annotations
        if isinstance(placed, UnitLabel):
            return held.unit_label(placed.layer, placed.sentence)
        there = held.spans_in(placed.start, placed.end)
        return next(
            (s for s in there if (s.layer, s.fragments) == (placed.layer, placed.fragments)), None
        )

    def _is_forbidden(self, span: Span) -> bool:
        return is_forbidden(self._annotations, self._schema.layer(span.layer), span)

    def _is_tied(self, relation: Relation) -> bool:
        arguments = set(relation.arguments)
        return any(
            made.type == relation.type and arguments <= set(made.arguments)
            for made in self._annotations.relations_of(relation.arguments[0].target)
        )


def in_order(relations: list[Relation]) -> Iterator[Relation]:
    """Relations behind those that they tie; what goes round in a circle is left out."""
    waiting = {relation.id: relation for relation in relations}
    while waiting:
        ready = [r for r in waiting.values() if not any(a.target in waiting for a in r.arguments)]
        if not ready:
            return
        for relation in ready:
            del waiting[relation.id]
            yield relation


def _is_much_alike(old: Annotation, new: Annotation) -> bool:
    """Whether an old proposal may stand for a new one that says the same."""
    scores = (old.origin.score, new.origin.score)
    if None in scores and scores[0] != scores[1]:
        return False
    if abs((scores[0] or 0) - (scores[1] or 0)) >= SAME_SCORE:
        return False
    mine, theirs = (getattr(item, "actor", None) for item in (old, new))
    return old.attributes == new.attributes and mine == theirs
