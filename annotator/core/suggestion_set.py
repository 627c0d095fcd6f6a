"""One annotator's suggestions in one document: which are open, which are shown, and where.

An open suggestion is *shown* where it reaches the threshold of its layer, where no other one says
the same with a better score, and, a relation, where all that it would tie is there or shown.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from typing import Any, Final

from annotator.core.annotation import Relation, Span, Suggestion, UnitLabel
from annotator.core.place_index import PlaceIndex, Stop

Key = tuple[object, ...]
"""What a suggestion says, whoever says it: see :func:`key_of`."""

CERTAIN: Final = 1.0
"""The score of those that have none."""


def key_of(proposed: Span | Relation | UnitLabel) -> Key:
    """Equal for two proposals that say the same, attributes and notes aside."""
    if isinstance(proposed, Span):
        return ("span", proposed.layer, proposed.label, proposed.fragments)
    if isinstance(proposed, UnitLabel):
        return ("unit", proposed.layer, proposed.label, proposed.sentence)
    arguments = frozenset((a.role, a.target) for a in proposed.arguments)
    return ("relation", proposed.type, arguments)


def layer_of(proposed: Span | Relation | UnitLabel) -> str:
    """What has a threshold: the layer, or a relation's type."""
    return proposed.type if isinstance(proposed, Relation) else proposed.layer


def score_of(suggestion: Suggestion) -> float:
    """How sure the engine is, from 0 to 1."""
    score = suggestion.proposed.origin.score
    return CERTAIN if score is None else score


class SuggestionSet:
    """All suggestions by id and by place. ``spans`` and ``relations`` are those that are made."""

    def __init__(self, spans: Mapping[str, Span], relations: Mapping[str, Relation]) -> None:
        self.open: dict[str, Suggestion] = {}
        self.answered: dict[str, Suggestion] = {}
        self.thresholds: Mapping[str, float] = {}
        """Scores from which on suggestions are shown, by layer or relation type."""
        self._made: tuple[Mapping[str, object], ...] = (spans, relations)
        self._spans = spans
        self._index = PlaceIndex()
        self._shown: dict[str, tuple[int, int] | None] = {}
        self._alike: dict[Key, list[tuple[float, str]]] = {}
        self._at_place: dict[Key, dict[str, None]] = {}
        self._on_unit: dict[str | None, dict[str, None]] = {}
        self._proposing: dict[str, dict[str, None]] = {}
        self._standing_on: dict[str, dict[str, None]] = {}
        self._answers: dict[Key | str, int] = {}

    def add(self, suggestion: Suggestion) -> None:
        """Take a suggestion in."""
        proposed = suggestion.proposed
        if suggestion.state != "open":
            self.answered[suggestion.id] = suggestion
            for answer in (key_of(proposed), proposed.id):
                self._answers[answer] = self._answers.get(answer, 0) + 1
            return
        id = suggestion.id
        self.open[id] = suggestion
        alike = self._alike.setdefault(key_of(proposed), [])
        best = alike[0][1] if alike else None
        insort(alike, (-score_of(suggestion), id))
        for index, place in self._entries(proposed):
            index.setdefault(place, {})[id] = None
        if best is not None:
            self._look_at(best)
        self._look_at(id)

    def clear(self) -> None:
        """Let go of all that is in, part by part."""
        groups: tuple[dict[Any, Any], ...] = (
            *(self.open, self.answered, self._shown, self._alike, self._at_place, self._on_unit),
            *(self._proposing, self._standing_on, self._answers),
        )
        for group in groups:
            group.clear()
        self._index = PlaceIndex()

    def get(self, id: str) -> Suggestion | None:
        """The suggestion of that id, open or answered."""
        return self.open.get(id) or self.answered.get(id)

    def remove(self, suggestion: Suggestion) -> None:
        """Take a suggestion out again; one that is not in is passed over."""
        id, proposed = suggestion.id, suggestion.proposed
        key = key_of(proposed)
        if self.answered.pop(id, None) is not None:
            for answer in (key, proposed.id):
                self._answers[answer] -= 1
                if not self._answers[answer]:
                    del self._answers[answer]
            return
        if self.open.pop(id, None) is None:
            return
        alike = self._alike[key]
        del alike[bisect_left(alike, (-score_of(suggestion), id))]
        for index, place in self._entries(proposed):
            del index[place][id]
            if not index[place]:
                del index[place]
        self._hide(id, proposed.id)
        if alike:
            self._look_at(alike[0][1])
        else:
            del self._alike[key]

    def _entries(
        self, proposed: Span | Relation | UnitLabel
    ) -> Iterator[tuple[dict[Any, dict[str, None]], Any]]:
        """Where an open suggestion is looked up, and under what."""
        yield self._proposing, proposed.id
        if isinstance(proposed, Relation):
            for target in {a.target for a in proposed.arguments}:
                yield self._standing_on, target
            return
        yield self._at_place, _place_key(proposed)
        if isinstance(proposed, UnitLabel):
            yield self._on_unit, proposed.sentence

    def target_changed(self, id: str) -> None:
        """A span or relation was made, changed or deleted: what is to be tied to it may show."""
        for standing in tuple(self._standing_on.get(id, ())):
            self._look_at(standing)

    def set_thresholds(self, thresholds: Mapping[str, float]) -> None:
        """Show what reaches other thresholds."""
        bounds = {
            layer: sorted((self.thresholds.get(layer, 0.0), thresholds.get(layer, 0.0)))
            for layer in {*thresholds, *self.thresholds}
        }
        self.thresholds = dict(thresholds)
        for id, suggestion in self.open.items():
            least, beyond = bounds.get(layer_of(suggestion.proposed), (0.0, 0.0))
            if least <= score_of(suggestion) < beyond:
                self._look_at(id)

    # -- what is shown ---------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """How many are shown."""
        return len(self._shown)

    def hidden(self, layer: str) -> int:
        """How many of a layer are open and below its threshold."""
        least = self.thresholds.get(layer, 0.0)
        ranks = (alike[0][0] for key, alike in self._alike.items() if key[1] == layer)
        return sum(-rank < least for rank in ranks)

    def is_shown(self, id: str) -> bool:
        """Whether the suggestion of that id is open and shown."""
        return id in self._shown

    def shown(self) -> Iterator[Suggestion]:
        """All that are shown."""
        return (self.open[id] for id in self._shown)

    def shown_in(self, start: int, end: int) -> list[Suggestion]:
        """Spans shown that overlap [start, end), by start, longest first, then id."""
        found = (self.open[id] for _, _, id in self._index.overlapping(start, end))
        return [
            s
            for s in found
            if isinstance(s.proposed, Span)
            and any(a < end and b > start for a, b in s.proposed.fragments)
        ]

    def shown_at(self, offset: int) -> list[Suggestion]:
        """Spans shown that cover this code point, innermost first."""
        found = self.shown_in(offset, offset + 1)
        found.reverse()
        return sorted(found, key=lambda s: _length(s.proposed))

    def open_on(self, sentence: str | None) -> list[Suggestion]:
        """Labels proposed for a sentence (id) or, None, for the whole document."""
        return [self.open[id] for id in self._on_unit.get(sentence, ())]

    def shown_on(self, sentence: str | None) -> list[Suggestion]:
        """Those of them that are shown."""
        return [found for found in self.open_on(sentence) if found.id in self._shown]

    @property
    def proposes_units(self) -> bool:
        """Whether a label for a sentence or the document is proposed at all."""
        return bool(self._on_unit)

    def after(self, offset: int) -> Iterator[Stop]:
        """Spans and relations shown that start at or behind ``offset``, in the order of stops.

        A relation's stop is where the first of its spans starts, before the stops of these.
        """
        return self._index.after(offset)

    def before(self, offset: int) -> Iterator[Stop]:
        """Spans and relations shown that start before ``offset``, the order of ``after`` turned."""
        return self._index.before(offset)

    def stop_of(self, id: str) -> Stop | None:
        """Where a suggestion that is shown is stepped on; None for labels of sentences."""
        place = self._shown[id]
        return None if place is None else (*place, id)

    # -- what belongs together -------------------------------------------------------------------

    def proposing(self, target: str) -> list[Suggestion]:
        """Open suggestions of the annotation of that id."""
        return [self.open[id] for id in self._proposing.get(target, ())]

    def alike(self, proposed: Span | Relation | UnitLabel) -> list[Suggestion]:
        """Open suggestions that say the same, best first."""
        return [self.open[id] for _, id in self._alike.get(key_of(proposed), ())]

    def in_place_of(self, made: Span | UnitLabel) -> list[Suggestion]:
        """Open suggestions for just this text, sentence or document in the same layer."""
        return [self.open[id] for id in self._at_place.get(_place_key(made), ())]

    def standing_on(self, target: str) -> list[Suggestion]:
        """Open suggestions of relations that would tie the annotation of that id."""
        return [self.open[id] for id in self._standing_on.get(target, ())]

    def is_answered(self, proposed: Span | Relation | UnitLabel) -> bool:
        """Whether a suggestion that says the same was answered, whichever engine made it.

        A relation's arguments may have become others since: it is known by its id as well.
        """
        return key_of(proposed) in self._answers or proposed.id in self._answers

    # -- showing and hiding ----------------------------------------------------------------------

    def _look_at(self, id: str) -> None:
        """Show or hide a suggestion, as is right now."""
        suggestion = self.open[id]
        if self._is_wanted(suggestion):
            self._show(suggestion)
        else:
            self._hide(id, suggestion.proposed.id)

    def _is_wanted(self, suggestion: Suggestion) -> bool:
        proposed = suggestion.proposed
        if score_of(suggestion) < self.thresholds.get(layer_of(proposed), 0.0):
            return False
        if self._alike[key_of(proposed)][0][1] != suggestion.id:
            return False
        return not isinstance(proposed, Relation) or self._place_of(proposed) is not None

    def _place_of(self, proposed: Span | Relation | UnitLabel) -> tuple[int, int] | None:
        """Where to step on it: None for a unit, and for a relation of what is not there."""
        if isinstance(proposed, Span):
            return proposed.start, proposed.end
        if isinstance(proposed, UnitLabel):
            return None
        starts: list[int] = []
        for argument in proposed.arguments:
            if argument.kind == "actor":
                continue
            span = self._spans.get(argument.target)
            if span is not None:
                starts.append(span.start)
                continue
            shown = [id for id in self._proposing.get(argument.target, ()) if id in self._shown]
            if not shown and not any(argument.target in made for made in self._made):
                return None
            starts += [place[0] for place in (self._shown[id] for id in shown) if place]
        return (min(starts), min(starts)) if starts else None

    def _show(self, suggestion: Suggestion) -> None:
        id, place = suggestion.id, self._place_of(suggestion.proposed)
        if id in self._shown:
            if self._shown[id] == place:
                return
            self._unindex(id)
        self._shown[id] = place
        if place is not None:
            self._index.add(*place, id)
        self.target_changed(suggestion.proposed.id)

    def _hide(self, id: str, proposed: str) -> None:
        if id in self._shown:
            self._unindex(id)
            self.target_changed(proposed)

    def _unindex(self, id: str) -> None:
        place = self._shown.pop(id)
        if place is not None:
            self._index.remove(*place, id)


def _place_key(made: Span | UnitLabel) -> Key:
    if isinstance(made, Span):
        return ("span", made.layer, made.fragments)
    return ("unit", made.layer, made.sentence)


def _length(proposed: Span | Relation | UnitLabel) -> int:
    return proposed.end - proposed.start if isinstance(proposed, Span) else 0
