"""The tutorial on the bare seed article: a step is done when the project shows that it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from annotator.core.annotation import Span
from annotator.workflow.annotate import AnnotateSession

_SENTENCE = 3
"""The sentence that is annotated, counted from 0: “Talal Sillo, a spokesman for the SDF, …”."""
_CLAIM = "operations had begun in co-ordination with the US-led coalition"


class Step(Struct, frozen=True):
    """What to do, with ``{names}`` of commands where their keys belong, and whether it is done."""

    text: str
    is_done: Callable[[AnnotateSession], bool]


def _spans(session: AnnotateSession, label: str) -> list[Span]:
    return [s for s in session.annotations.spans.values() if s.label == label]


def _has_text(label: str, begins: str, ends: str) -> Callable[[AnnotateSession], bool]:
    def check(session: AnnotateSession) -> bool:
        texts = [span.text for span in _spans(session, label)]
        return any(text.startswith(begins) and text.endswith(ends) for text in texts)

    return check


def _has_value(label: str, value: str) -> Callable[[AnnotateSession], bool]:
    def check(session: AnnotateSession) -> bool:
        held = [a.values for span in _spans(session, label) for a in span.attributes]
        return any(value in values for values in held)

    return check


def _ties(*labels: str) -> Callable[[AnnotateSession], bool]:
    def check(session: AnnotateSession) -> bool:
        spans = session.annotations.spans
        for relation in session.annotations.relations.values():
            tied = {spans[a.target].label for a in relation.arguments if a.target in spans}
            if tied.issuperset(labels):
                return True
        return False

    return check


def _is_marked_done(session: AnnotateSession) -> bool:
    return session.is_done(session.sentences[_SENTENCE])


STEPS = (
    Step(
        "Welcome. The article lies in a project that is thrown away when you leave, so nothing can"
        " go wrong. Go to sentence 4: {sentence_next} is one sentence down.",
        lambda session: session.reader.ordinal == _SENTENCE,
    ),
    Step(
        "The cursor is on “Talal”. Press 1: PERSON takes the run of capitalised words.",
        _has_text("PERSON", "Talal Sillo", "Talal Sillo"),
    ),
    Step(
        "Who speaks is more: {anchor} drops an anchor, {candidate_next} goes to the next name, SDF,"
        " and s labels all of it as SOURCE.",
        _has_text("SOURCE", "Talal Sillo", "SDF"),
    ),
    Step(
        "What kind of source? {pick} shows what it may be, a key for each: n is “named”.",
        _has_value("SOURCE", "named"),
    ),
    Step(
        "Two tokens on ({token_right}), at “confirmed”: q labels what signals the saying, a CUE.",
        _has_text("CUE", "confirmed", "confirmed"),
    ),
    Step(
        "One on, at “operations”: c labels the clause around it as CLAIM. With nothing selected a"
        " key takes the unit of its label.",
        lambda session: any("operations had begun" in s.text for s in _spans(session, "CLAIM")),
    ),
    Step(
        "It starts a word too early. {boundaries} edits its edges in place: → moves the start one"
        " token to the right, enter is done (tab takes the other edge).",
        _has_text("CLAIM", _CLAIM, _CLAIM),
    ),
    Step(
        "Who claims it? {link} shows a letter on all it can be tied to: press the SOURCE's.",
        _ties("CLAIM", "SOURCE"),
    ),
    Step(
        "And through which word? {link} once more, and the letter of the CUE.",
        _ties("CLAIM", "SOURCE", "CUE"),
    ),
    Step(
        "How are the words given? {pick}, and i for “indirect”.",
        _has_value("CLAIM", "indirect"),
    ),
    Step(
        "Back to the person: {annotation_previous} steps through annotations. {mention} says whom a"
        " span mentions; enter makes an actor of that name.",
        lambda session: any(span.actor is not None for span in session.annotations.spans.values()),
    ),
    Step("{sentence_done}: the sentence is done, on to the next.", _is_marked_done),
    Step(
        "Every edit was saved before you saw it, and can be taken back: {undo} undoes.",
        lambda session: not _is_marked_done(session),
    ),
)
_END = "That is all you need. {help} lists every key, {palette} finds commands, {quit} leaves."


class Tutorial:
    """Where somebody is in the steps; ``keys`` are those of the commands, by their ids."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = keys
        self.done = 0

    def look(self, session: AnnotateSession) -> str:
        """What is to be done next, after what the project shows now."""
        while self.done < len(STEPS) and STEPS[self.done].is_done(session):
            self.done += 1
        if self.done == len(STEPS):
            return _END.format_map(self._keys)
        text = STEPS[self.done].text.format_map(self._keys)
        return f"{self.done + 1}/{len(STEPS)}  {text}"
