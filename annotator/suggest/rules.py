"""Attributions by rules: a claim or quotation, its cue, its source, and the tie between them.

Works for any relation type with roles for a cue, for what is said (``claim`` or ``quote``) and for
who says it (``source`` or ``speaker``); of what is said, direct and indirect are told apart by the
label or by the attribute ``mode``, whichever the schema has.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from annotator.core.annotation import AttributeValues, Span
from annotator.core.ranges import Range
from annotator.core.schema import Layer, RelationType, Schema
from annotator.errors import NotFoundError
from annotator.suggest.attribution import Reading, readings
from annotator.suggest.base import (
    Engine,
    MadeOf,
    Model,
    NothingToLearnError,
    Page,
    Proposal,
    Proposer,
)
from annotator.suggest.lexicon import Lexicon, lexicon_of, lexicons
from annotator.suggest.sources import DOUBLE_QUOTES
from annotator.suggest.words import words_of

_SAID = ("claim", "quote")
_WHO = ("source", "speaker")
_CUE = ("cue",)


class RulesEngine(Engine):
    """Who says what, by words of saying and quotation marks."""

    name = "rules"
    version = "4"
    title = "who says what: quotation marks and words of saying (English, German)"
    made_of: MadeOf = "nothing"

    def layers(self, schema: Schema) -> list[str]:
        """The relation types that tie what is said to a cue."""
        return [kind.name for kind in schema.relations if _places(schema, kind) is not None]

    def load(self, data: bytes, schema: Schema, layer: str) -> Model:
        """The rules for a relation type. Raises NotFoundError where it is none of ``layers``."""
        found = _places(schema, schema.relation(layer))
        if found is None:
            raise NotFoundError(f"the relation {layer} ties nothing that is said to a cue")
        return _RulesModel(self, layer, found)


ENGINE = RulesEngine()


class _Places:
    """The roles of a relation type, and the layers that fill them."""

    def __init__(
        self, said: tuple[str, Layer], cue: tuple[str, Layer], who: tuple[str, Layer] | None
    ) -> None:
        self.said, self.cue, self.who = said, cue, who


def _places(schema: Schema, kind: RelationType) -> _Places | None:
    found = [_role(schema, kind, names) for names in (_SAID, _CUE, _WHO)]
    said, cue, who = found
    return None if said is None or cue is None else _Places(said, cue, who)


def _role(schema: Schema, kind: RelationType, names: tuple[str, ...]) -> tuple[str, Layer] | None:
    for role in kind.roles:
        if role.name in names and role.layers:
            return role.name, schema.layer(role.layers[0])
    return None


class _RulesModel(Model):
    def __init__(self, engine: RulesEngine, relation: str, places: _Places) -> None:
        self._engine = engine
        self._relation = relation
        self._places = places

    def propose(self, page: Page) -> list[Proposal]:
        """Readings of the unfinished sentences. Raises NothingToLearnError: an unknown language."""
        lexicon = self._lexicon(page)
        proposer = Proposer(self._engine, page)
        found: list[Proposal] = []
        for sentence in page.questions():
            place = Range(sentence.start, sentence.end)
            for reading in readings(page.document.text, place, lexicon):
                found += self._proposals(proposer, reading)
        return found

    def _lexicon(self, page: Page) -> Lexicon:
        words = [word for s in page.sentences[:80] for word in words_of(page, [s]).texts]
        lexicon = lexicon_of(words)
        if lexicon is None:
            known = ", ".join(known.language for known in lexicons())
            raise NothingToLearnError(
                f"{page.document.name}: there is no lexicon for its language (there is: {known})"
            )
        return lexicon

    def _proposals(self, proposer: Proposer, reading: Reading) -> Iterator[Proposal]:
        said_role, said_layer = self._places.said
        said = self._said(proposer, said_layer, reading)
        if said is None:
            return
        ties = [(said_role, said)]
        cue_role, cue_layer = self._places.cue
        pieces = tuple((cue.start, cue.end) for cue in reading.cues)
        cue = proposer.span(cue_layer.name, cue_layer.labels[0].name, pieces, reading.score)
        ties.append((cue_role, cue))
        if reading.source is not None and self._places.who is not None:
            who_role, who_layer = self._places.who
            place = ((reading.source.start, reading.source.end),)
            who = proposer.span(who_layer.name, who_layer.labels[0].name, place, reading.score)
            ties.append((who_role, who))
        yield from (span for _, span in ties)
        yield proposer.relation(self._relation, ties, reading.score)

    def _said(self, proposer: Proposer, layer: Layer, reading: Reading) -> Span | None:
        """What is said, with its form as the label or as the attribute ``mode``."""
        names = [label.name for label in layer.labels]
        form = "DIRECT" if reading.direct else "INDIRECT"
        place = tuple((piece.start, piece.end) for piece in reading.claim)
        if form in names:
            return proposer.span(layer.name, form, place, reading.score)
        span = proposer.span(layer.name, names[0], place, reading.score)
        quoted = any(mark in span.text for mark in DOUBLE_QUOTES)
        modes = ("mixed", "indirect") if quoted and not reading.direct else (form.lower(),)
        for attribute in layer.attributes_of(names[0]):
            values = [value.name for value in attribute.values]
            mode = next((mode for mode in modes if mode in values), None)
            if attribute.name == "mode" and mode is not None:
                return replace(span, attributes=(AttributeValues("mode", (mode,)),))
        return span
