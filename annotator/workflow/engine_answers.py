"""How a person answered engines: what was right, what was not, and which had better be off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from annotator.core.annotation import Span
from annotator.core.document import Sentence
from annotator.store.counts import SuggestionCount
from annotator.suggest.quality import is_mostly_wrong

if TYPE_CHECKING:
    from annotator.workflow.annotate import AnnotateSession


class Fared(Struct, frozen=True, tag=True):
    """How the suggestions of an engine for a layer fared: ``right`` were accepted or corrected.

    ``able`` is all that the engine can propose for.
    """

    engine: str
    layer: str
    able: tuple[str, ...]
    right: int = 0
    rejected: int = 0


def fared(
    counts: Iterable[SuggestionCount], engine: str, layers: Iterable[str], able: Sequence[str]
) -> Iterator[Fared]:
    """How an engine fared in these layers."""
    sums: Counter[tuple[str, bool]] = Counter()
    for found in counts:
        if found.engine == engine and found.state != "open":
            home = home_of(found.layer or found.label, able)
            sums[home, found.state == "rejected"] += found.count
    for layer in layers:
        yield Fared(engine, layer, tuple(able), sums[layer, False], sums[layer, True])


def home_of(layer: str, able: Sequence[str]) -> str:
    """Where what an engine proposes in a layer (or relation type) is counted: there or, for the
    spans of one that proposes ties, at the first of all that it is ``able`` to propose for."""
    return layer if layer in able or not able else able[0]


def off_command(engine: str, layer: str) -> str:
    """How an engine is switched off for a layer."""
    return f"annotator suggest off {engine} --layer {layer}"


def advice_on(engine: str, layer: str, right: int, wrong: int) -> str:
    """That too few of its suggestions were right, and how to switch it off; empty where enough
    were, or where so few answers say nothing."""
    if not is_mostly_wrong(right, wrong):
        return ""
    return f"{right} of its {right + wrong} suggestions were right; {off_command(engine, layer)}"


class Advising:
    """Which engines had better be off, by how they fared and by what was passed over in a sitting.

    Passed over are the spans that were still proposed, and shown, in a sentence when it was
    finished. Nobody rejects each wrong one: to go on is an answer as well.
    """

    def __init__(self) -> None:
        self._fared: dict[tuple[str, str], Fared] = {}
        self._passed: Counter[tuple[str, str]] = Counter()
        self._by_sentence: dict[str, list[tuple[str, str]]] = {}
        self._advised: set[tuple[str, str]] = set()
        self._is_news = False

    def fared(self, fared: Fared) -> None:
        """How an engine fared until now."""
        self._fared[fared.engine, fared.layer] = fared
        self._is_news = True

    def finished(self, sentence: Sentence, session: AnnotateSession) -> None:
        """A sentence was finished, in the document of a session."""
        shown = session.annotations.suggested.shown_in(sentence.start, sentence.end)
        self._by_sentence[sentence.id] = passed = [
            (suggestion.proposed.origin.engine or "", suggestion.proposed.layer)
            for suggestion in shown
            if isinstance(suggestion.proposed, Span)
        ]
        self._passed.update(passed)
        self._is_news = True

    def taken_back(self, sentence: str) -> None:
        """A sentence (id) is not finished any more."""
        self._passed.subtract(self._by_sentence.pop(sentence, ()))

    def advice(self) -> str:
        """What was not told yet of an engine; mostly empty."""
        if not self._is_news:
            return ""
        for key, fared in self._fared.items():
            passed = sum(
                count
                for (engine, layer), count in self._passed.items()
                if engine == fared.engine and home_of(layer, fared.able) == fared.layer
            )
            told = advice_on(*key, fared.right, fared.rejected + passed)
            if told and key not in self._advised:
                self._advised.add(key)
                return f"{fared.engine} for {fared.layer}: {told}"
        self._is_news = False
        return ""
