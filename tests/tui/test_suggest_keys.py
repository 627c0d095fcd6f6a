"""The keys that the benchmark of suggestions counts are what the screen takes, and enough."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from screen_driver import Driver, Running
from session_state import project

from annotator.core.annotation import Origin, Span, surface
from annotator.core.ids import new_id
from annotator.core.ranges import Range
from annotator.store.sqlite.store import SqliteStore

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from bench.suggest_desk import Keys, Said
from bench.suggest_keys import SentenceKeys

SENTENCES = (
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
LABELS = ("PER", "LOC", "ORG", "MISC")


def gold() -> tuple[str, list[list[Said]]]:
    """A text, and what is to be said of each of its sentences."""
    text, rows = "", []
    for sentence in SENTENCES:
        row = []
        for piece in re.split(r"(\[[^]]*\])", sentence):
            label, _, words = piece[1:-1].partition(" ") if piece[:1] == "[" else ("", "", piece)
            if label:
                place = Range(len(text), len(text) + len(words))
                row.append(Said(place, label, "entity", "run"))
            text += words
        text += "\n"
        rows.append(row)
    return text, rows


def proposed(row: list[Said], words: list[Range], lot: Random) -> list[Said]:
    """What an engine makes of a sentence: some right, some nearly so, some wrong, some missing."""
    found: list[Said] = []
    for said in row:
        kind = lot.choice(("right", "right", "label", "longer", "missing"))
        if kind == "label":
            said = said._replace(label=LABELS[(LABELS.index(said.label) + 1) % len(LABELS)])
        elif kind == "longer":
            ends = [word.end for word in words if word.end > said.place.end]
            said = said._replace(place=Range(said.place.start, (ends or [said.place.end])[0]))
        if kind != "missing":
            found.append(said)
    wrong = lot.sample(words, lot.choice((0, 1, 2)))
    found += [Said(place, lot.choice(LABELS), "entity", "run") for place in wrong]
    alone: list[Said] = []
    for said in found:
        if not any(said.touches(other.place) for other in alone):
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


def said(d: Driver, ordinal: int) -> list[Said]:
    """What has been made of a sentence on the screen."""
    sentence = d.session.sentences[ordinal]
    made = d.session.annotations.spans_in(sentence.start, sentence.end)
    return sorted(Said(Range(s.start, s.end), s.label, s.layer, "run") for s in made)


@pytest.fixture
def store(path: Path, root: Path) -> Iterator[SqliteStore]:
    schema = (root / "schemas" / "conll.toml").read_text("utf-8")
    with project(path, schema, {"first.txt": "Nothing.", "news.txt": gold()[0]}) as made:
        yield made


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
async def test_the_planned_keys_give_the_gold_on_the_screen(
    running: Running, seed: int, strict: bool
) -> None:
    text, rows = gold()
    lot = Random(seed)
    async with running("news.txt") as d:
        places = [Range(s.start, s.end) for s in d.session.sentences]
        words = [d.session.reader.tokens_of(n) for n in range(len(places))]
        given = [proposed(row, w, lot) for row, w in zip(rows, words, strict=True)]
        propose(d, given)
        for ordinal, place in enumerate(places):
            assert d.session.reader.ordinal == ordinal
            plan = SentenceKeys(text, place).with_suggestions(
                rows[ordinal], given[ordinal], strict=strict
            )
            pressed = press(d, plan)
            assert said(d, ordinal) == rows[ordinal], (plan, given[ordinal])
            assert pressed <= len(plan)
            assert "f" in plan or pressed == len(plan)
            left = d.session.annotations.suggested.shown_in(*place)
            assert not (strict and left), "in the strict count nothing stays unanswered"
            d.type("space")
