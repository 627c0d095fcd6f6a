"""The keys that the benchmark of suggestions counts are what the screen takes, and enough."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from screen_driver import Driver, Running
from session_state import project

from annotator.core.annotation import Origin, Span, surface
from annotator.core.ids import new_id
from annotator.core.ranges import Range
from annotator.core.schema import Layer
from annotator.core.schema_file import parse_schema
from annotator.core.tokens import tokens
from annotator.workflow.resources import schema_text

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from bench.suggest_desk import Keys, Said
from bench.suggest_keys import SentenceKeys

NAMES = (
    "[PER Mira Okafor] met [PER Jonas Lindqvist] in [LOC Porto] , said [ORG Harbour Union] .",
    "Nobody in the town of [LOC Velm] had heard of the [ORG Bank of Arlen] before .",
    "Prices rose again on Monday , and the ministers of Arlen said nothing .",
    "[ORG Deltacom] and [ORG Harbour Union] agreed that [PER Okafor] would go to [LOC New Porto] .",
    "She told [MISC Arlenish] reporters so , [PER Tove Brandt - Hall] among them .",
    "The talks of the [MISC Winter Accord] were held at [LOC Lake Tarn] near [LOC Velm] .",
    "“ We wait , ” said [PER Brandt] , who leads [ORG the Velm Fire Brigade] .",
    "[LOC Porto] , [LOC Velm] and [LOC Tarn] lie far from each other .",
    "It was quiet after that and nothing more was said by anybody at all .",
    "[PER Lindqvist] flew home to [LOC Arlen] with [ORG Air Tarn] .",
)
QUOTES = (
    "[DIRECT “We wait,”] [CUE said] [SPEAKER the mayor of Velm], who had come by boat.",
    "[SPEAKER She] [CUE added] that [INDIRECT the bridge would be closed until Monday].",
    "Nobody in the town had heard of it before.",
    "[SPEAKER Okafor] [CUE told] them [INDIRECT that [SPEAKER the ministers] had [CUE promised]"
    " [INDIRECT to rebuild it]].",
    "[REPORTED The talks were praised by [SPEAKER both sides].]",
    "[DIRECT “[SPEAKER He] [CUE said] [INDIRECT it was over] and we left,”] [SPEAKER Brandt]"
    " [CUE recalled].",
    "[SPEAKER The fire brigade of Velm] [CUE let it be known] that [INDIRECT it needs a boat].",
)


class Gold(NamedTuple):
    """Sentences in which brackets say what is to be made, and the schema that has these labels."""

    schema: str
    sentences: tuple[str, ...]

    def layers(self) -> dict[str, Layer]:
        """The layer of each label."""
        schema = parse_schema(*schema_text(self.schema))
        return {label.name: layer for layer in schema.layers for label in layer.labels}

    def read(self) -> tuple[str, list[list[Said]]]:
        """A text, and what is to be said of each of its sentences."""
        text, rows, layers = "", [], self.layers()
        for sentence in self.sentences:
            row, begun = [], list[tuple[str, int]]()
            for piece in re.split(r"(\[[A-Z]+ |\])", sentence):
                if piece[:1] == "[":
                    begun.append((piece[1:-1], len(text)))
                elif piece == "]":
                    label, start = begun.pop()
                    row.append(said_of(Range(start, len(text)), label, layers))
                else:
                    text += piece
            text += "\n"
            rows.append(sorted(row))
        return text, rows


GOLDS = (Gold("conll", NAMES), Gold("quotes", QUOTES))


def said_of(place: Range, label: str, layers: dict[str, Layer]) -> Said:
    layer = layers[label]
    return Said(place, label, layer.name, layer.unit, layer.overlap == "none")


def proposed(
    row: list[Said], words: list[Range], lot: Random, layers: dict[str, Layer]
) -> list[Said]:
    """What an engine makes of a sentence: some right, some nearly so, some wrong, some missing."""
    found: list[Said] = []
    for said in row:
        kind = lot.choice(("right", "right", "label", "longer", "missing"))
        labels = [label for label, layer in layers.items() if layer.name == said.layer]
        if kind == "label":
            said = said._replace(label=labels[(labels.index(said.label) + 1) % len(labels)])
        elif kind == "longer":
            ends = [word.end for word in words if word.end > said.place.end]
            said = said._replace(place=Range(said.place.start, (ends or [said.place.end])[0]))
        if kind != "missing":
            found.append(said)
    wrong = lot.sample(words, lot.choice((0, 1, 2)))
    found += [said_of(place, lot.choice(sorted(layers)), layers) for place in wrong]
    alone: list[Said] = []
    for said in found:
        if not any(
            said.place == other.place
            or (said.alone and other.layer == said.layer and said.touches(other.place))
            for other in alone
        ):
            alone.append(said)
    return sorted(alone)


def press(d: Driver, plan: Keys) -> int:
    """Press the keys of a plan; gives how many that were."""
    pressed = 0
    for key in plan:
        what, _, about = key.partition(":") if len(key) > 5 else (key, "", "")
        if what.casefold() == "hint":
            hints = {start: hint for start, _, hint in d.view.hints}
            if not hints:
                assert what == "hint", "a single word begins so: no hint was needed"
                continue
            letters = hints[int(about)]
            keys = tuple(letters if what == "hint" else letters.upper())
        elif what == "label":
            layer, _, label = about.partition(":")
            keys = (str(d.session.schema.label(layer, label).key),)
        else:
            keys = (key,)
        d.type(*keys)
        pressed += len(keys)
    return pressed


def made(d: Driver, ordinal: int) -> list[Said]:
    """What has been made of a sentence on the screen."""
    sentence = d.session.sentences[ordinal]
    layers = {label.name: layer for layer in d.session.schema.layers for label in layer.labels}
    spans = d.session.annotations.spans_in(sentence.start, sentence.end)
    return sorted(said_of(Range(s.start, s.end), s.label, layers) for s in spans)


def propose(d: Driver, rows: list[list[Said]]) -> None:
    document = d.session.document
    spans = [
        Span(
            new_id(), document.id, "x", s.layer, s.label, (tuple(s.place),),
            surface(document.text, (tuple(s.place),)), origin=Origin("x", "1", 0.5),
        )
        for row in rows for s in row
    ]  # fmt: skip
    d.session.suggestions.replace_open("x", spans)
    d.screen.bring_up_to_date()


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("gold", GOLDS, ids=[gold.schema for gold in GOLDS])
async def test_the_planned_keys_give_the_gold_on_the_screen(
    running: Running, tmp_path: Path, gold: Gold, seed: int, strict: bool
) -> None:
    text, rows = gold.read()
    lot = Random(seed)
    texts = {"first.txt": "Nothing.", "news.txt": text}
    with project(tmp_path / "gold.db", schema_text(gold.schema)[0], texts) as store:
        async with running("news.txt", on=store) as d:
            places = [Range(s.start, s.end) for s in d.session.sentences]
            words = [d.session.reader.tokens_of(n) for n in range(len(places))]
            layers = gold.layers()
            given = [proposed(row, w, lot, layers) for row, w in zip(rows, words, strict=True)]
            propose(d, given)
            for ordinal, place in enumerate(places):
                assert d.session.reader.ordinal == ordinal
                plan = SentenceKeys(text, place).with_suggestions(
                    rows[ordinal], given[ordinal], strict=strict
                )
                pressed = press(d, plan)
                assert made(d, ordinal) == rows[ordinal], (plan, given[ordinal])
                assert pressed <= len(plan)
                assert "f" in plan or pressed == len(plan)
                left = d.session.annotations.suggested.shown_in(*place)
                assert not (strict and left), "in the strict count nothing stays unanswered"
                d.type("space")


@pytest.mark.parametrize("gold", GOLDS, ids=[gold.schema for gold in GOLDS])
def test_whatever_is_suggested_costs_no_key(gold: Gold) -> None:
    text, rows = gold.read()
    layers, start = gold.layers(), 0
    lot = Random(0)
    for sentence, row in zip(text.splitlines(), rows, strict=True):
        place = Range(start, start + len(sentence))
        keys, start = SentenceKeys(text, place), place.end + 1
        words = tokens(text, *place)
        for _ in range(20):
            given = proposed(row, words, lot, layers)
            plan = keys.with_suggestions(row, given, strict=False)
            assert len(plan) <= len(keys.by_hand(row)), given
