"""Stepping through what lies in a document: annotations and suggestions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from heapq import merge
from typing import TYPE_CHECKING

from annotator.core.annotation import Span, Suggestion, UnitLabel
from annotator.core.place_index import Stop
from annotator.core.propagating import ENGINE as PROPAGATE
from annotator.errors import RuleError

if TYPE_CHECKING:
    from annotator.workflow.annotate import AnnotateSession


class Stepping:
    """Stops come in order of their starts, of those that start together the shortest first.

    What has no text of its own is stepped on before what starts there: a proposed relation where
    the first of its spans does, a proposed label where its sentence, or the document, does.
    """

    def __init__(self, session: AnnotateSession) -> None:
        self._session = session
        self.doubts: Mapping[str, float] = {}
        """How unsure engines are of sentences (ids), 0 to 1, as they said last."""

    def step(self, direction: int) -> bool:
        """Choose the next (1) or previous (-1) annotation or suggestion; False at the last.

        The innermost annotation at the cursor has the focus, so the ones around it are still to
        come. A suggestion around the cursor has not, and is the next one itself.
        """
        session, here = self._session, self._here()
        if direction > 0 and not self._has_focus():
            around = session.suggestions.here
            if around is not None and self.stop_of(around)[0] < here[0]:
                self.choose(around.id)
                return True
            here = (here[0], -1, "")
        if direction > 0:
            spans = ((s.start, s.end, s.id) for s in session.annotations.after(here[0]))
        else:
            spans = ((s.start, s.end, s.id) for s in session.annotations.before(here[0] + 1))
        units = self._labels(here[0], direction)
        stops = merge(spans, units, self._suggestions(here, direction), reverse=direction < 0)
        return self._take(stops, here, direction)

    def _has_focus(self) -> bool:
        session = self._session
        chosen = session.suggestions.chosen or session.chosen_unit
        return chosen is not None or session.focus is not None

    def to_suggestion(self, here: Stop, direction: int = 1) -> bool:
        """Choose the next (1) or previous (-1) suggestion from a stop; False at the last."""
        return self._take(self._suggestions(here, direction), here, direction)

    def to_answer(self, stop: Stop) -> bool:
        """Choose what is to be answered behind a stop; False where there is nothing.

        In a sentence that is not finished that is what else is suggested there: whoever has
        answered all of it is still in the sentence to be finished.
        """
        session = self._session
        ordinal = session.reader.ordinal_at(stop[0])
        found = next((s for s in self._suggestions(stop, 1) if s > stop), None)
        if found is None:
            return False
        is_open = ordinal >= 0 and not session.is_done(session.sentences[ordinal])
        if is_open and session.reader.ordinal_at(found[0]) != ordinal:
            return False
        self.choose(found[2])
        return True

    def next_in_sentence(self) -> str | None:
        """The suggestion (id) of the sentence that starts next, behind its last the first."""
        session, reader = self._session, self._session.reader
        suggested, sentence = session.annotations.suggested, reader.sentence
        if sentence is None:
            return None
        # What is proposed for the document is stepped on before all text.
        places = (sentence.id,) if reader.ordinal else (None, sentence.id)
        units = [id for place in places for id in sorted(s.id for s in suggested.shown_on(place))]
        for offset in (reader.cursor.start, sentence.start):
            found = next(suggested.after(offset), None)
            if offset == sentence.start and units:
                return units[0]
            if found is not None and found[0] < sentence.end:
                return found[2]
        return None

    def to_suggestion_around(self) -> None:
        """Choose the next suggestion, behind the last the first; RuleError where there is none."""
        if not self.to_suggestion(self._here()) and not self.to_suggestion((-1, 0, "")):
            raise RuleError("nothing is suggested here")

    def to_propagated(self, here: Stop) -> bool:
        """Choose the first suggestion behind a stop of those propagated, else the first of all.

        They are spans, all of them. False where none is left.
        """
        suggested = self._session.annotations.suggested

        def propagated(offset: int) -> Iterator[Stop]:
            for stop in suggested.after(offset):
                if suggested.open[stop[2]].proposed.origin.engine == PROPAGATE:
                    yield stop

        stop = next((s for s in propagated(here[0]) if s > here), None) or next(propagated(0), None)
        if stop is not None:
            self.choose(stop[2])
        return stop is not None

    def to_unsure(self) -> float:
        """To the unfinished sentence that engines are most unsure of; from it, to the next such.

        Gives how unsure they are. Raises RuleError where they have said nothing of any.
        """
        session = self._session
        open_ = [
            (-self.doubts[id], ordinal)
            for ordinal in range(len(session.sentences))
            if (id := session.sentences.id_of(ordinal)) in self.doubts
            and not session.is_done(session.sentences[ordinal])
        ]
        if not open_:
            raise RuleError("no engine has said yet what it is unsure of")
        ranking = sorted(open_)
        places = [ordinal for _, ordinal in ranking]
        here = session.reader.ordinal
        following = places.index(here) + 1 if here in places else 0
        doubt, ordinal = ranking[following % len(ranking)]
        session.moved()
        session.reader.move_to(session.sentences.starts[ordinal])
        return -doubt

    def choose(self, id: str) -> None:
        """Put cursor and focus on an annotation, or on a suggestion that is shown."""
        session = self._session
        suggested = session.annotations.suggested
        if suggested.is_shown(id):
            session.reader.clear()
            session.reader.move_to(self.stop_of(suggested.open[id])[0])
            session.focus_id = id
        elif id in session.annotations.unit_labels:
            session.reader.clear()
            session.reader.move_to(self._place_of(session.annotations.unit_labels[id])[0])
            session.focus_id = id
        else:
            session.choose(session.annotations.span(id))

    def stop_of(self, suggestion: Suggestion) -> Stop:
        """Where a suggestion is stepped on, or would be if it were shown still."""
        suggested = self._session.annotations.suggested
        stop = suggested.stop_of(suggestion.id) if suggested.is_shown(suggestion.id) else None
        if stop is not None:
            return stop
        start = self._start_of(suggestion)
        return (start, start, suggestion.id)

    def _here(self) -> Stop:
        session = self._session
        suggestion = session.suggestions.chosen
        if suggestion is not None:
            return self.stop_of(suggestion)
        focus, unit = session.focus, session.chosen_unit
        if focus is not None:
            return (focus.start, focus.end, focus.id)
        if unit is not None:
            return (*self._place_of(unit), unit.id)
        return (session.reader.cursor.start, 0, "")

    def _take(self, stops: Iterator[Stop], here: Stop, direction: int) -> bool:
        ahead = (s for s in stops if (s > here if direction > 0 else s < here))
        stop = next(ahead, None)
        if stop is None:
            return False
        self.choose(stop[2])
        return True

    def _labels(self, offset: int, direction: int) -> Iterator[Stop]:
        """The stops of labels of the document and of sentences from this one on, in their order."""
        session = self._session
        annotations, sentences = session.annotations, session.sentences
        if not annotations.unit_labels:
            return
        whole = [(*self._place_of(unit), unit.id) for unit in annotations.labels_on(None)]
        if not sentences:
            yield from sorted(whole, reverse=direction < 0)
            return
        first = session.reader.ordinal_at(offset)
        ordinals = range(first, len(sentences)) if direction > 0 else range(first, -1, -1)
        for ordinal in ordinals:
            place = sentences.starts[ordinal], sentences.ends[ordinal]
            stops = [(*place, unit.id) for unit in annotations.labels_on(sentences.id_of(ordinal))]
            yield from sorted([*stops, *(() if ordinal else whole)], reverse=direction < 0)

    def _place_of(self, unit: UnitLabel) -> tuple[int, int]:
        """Where a label lies, in code points; the document's from its first sentence on."""
        session, sentences = self._session, self._session.sentences
        ordinal = None if unit.sentence is None else sentences.ordinal_of(unit.sentence)
        if ordinal is not None:
            return sentences.starts[ordinal], sentences.ends[ordinal]
        return sentences.starts[0] if sentences else 0, len(session.document.text)

    def _suggestions(self, here: Stop, direction: int) -> Iterator[Stop]:
        """The stops of all suggestions shown that start at ``here`` or beyond, in their order."""
        suggested = self._session.annotations.suggested
        units = self._unit_stops(here[0], direction)
        if direction > 0:
            return merge(suggested.after(here[0]), units)
        at = here[0] + (here[1] >= 0)
        return merge(suggested.before(at), units, reverse=True)

    def _unit_stops(self, offset: int, direction: int) -> Iterator[Stop]:
        """Those of labels proposed for the document and for sentences from this one on."""
        session = self._session
        suggested, sentences = session.annotations.suggested, session.sentences
        if not suggested.proposes_units:
            return
        whole = sorted((0, 0, s.id) for s in suggested.shown_on(None))
        if direction > 0 and offset <= 0:
            yield from whole
        first = session.reader.ordinal_at(offset)
        ordinals = range(first, len(sentences)) if direction > 0 else range(first, -1, -1)
        for ordinal in ordinals if sentences else ():
            start = sentences.starts[ordinal]
            found = suggested.shown_on(sentences.id_of(ordinal))
            yield from sorted(((start, start, s.id) for s in found), reverse=direction < 0)
        if direction < 0:
            yield from reversed(whole)

    def _start_of(self, suggestion: Suggestion) -> int:
        """Where a proposed span, or a proposed label's sentence, starts; 0 for the document's."""
        proposed, sentences = suggestion.proposed, self._session.sentences
        if isinstance(proposed, Span):
            return proposed.start
        if isinstance(proposed, UnitLabel) and proposed.sentence is not None:
            ordinal = sentences.ordinal_of(proposed.sentence)
            return 0 if ordinal is None else sentences.starts[ordinal]
        return 0
