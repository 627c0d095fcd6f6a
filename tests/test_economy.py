"""Few keys: gold annotated again on the real screen, by documented keys alone, comes out equal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import median

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.economy import accept, play
from bench.economy_essence import Item, differences
from bench.economy_gold import Gold, beginning, imported, of_corpora, seed
from bench.economy_page import GOALS, PAGE, medians, rows_of, short_rows, whole_row

TEXT = """\
“We went,” said the old man, “as they came.” He and the old man said no more.

The committee of Lyra met on Friday. The committee was small.
"""
SCHEMA = """
name = "everything"
version = 1
[layer.thing]
scope = "span"
overlap = "any"
unit = "phrase"
[layer.thing.labels.PERSON]
key = "1"
[layer.thing.labels.GROUP]
[layer.thing.attributes.role]
multi = true
[layer.thing.attributes.role.values.source]
[layer.thing.attributes.role.values.topic]
[layer.thing.attributes.sure]
[layer.thing.attributes.sure.values.yes]
[layer.thing.attributes.sure.values.no]
[layer.quote]
scope = "span"
overlap = "nested"
unit = "quote"
[layer.quote.labels.QUOTE]
key = "2"
[layer.cue]
scope = "span"
[layer.cue.labels.CUE]
key = "3"
[layer.worth]
scope = "sentence"
[layer.worth.labels.CHECK]
key = "4"
[layer.worth.attributes.why]
[layer.worth.attributes.why.values.number]
[layer.genre]
scope = "document"
[layer.genre.labels.STORY]
key = "5"
[relation.said.roles.quote]
layers = ["quote"]
min = 1
max = 1
[relation.said.roles.who]
layers = ["thing"]
actors = true
[relation.said.roles.cue]
layers = ["cue"]
[relation.said.attributes.manner]
[relation.said.attributes.manner.values.loud]
[relation.said.attributes.manner.values.soft]
[relation.same.roles.from]
layers = ["thing"]
min = 1
max = 1
[relation.same.roles.to]
layers = ["thing"]
min = 1
max = 1
"""


def everything(folder: Path) -> Gold:
    """A made-up document with every kind of annotation, some of it twice."""
    old = TEXT.index("the old man")
    spans: list[Item] = [
        _span("quote", "quote", "QUOTE", "“We went,”", "“as they came.”"),
        _span("cue", "cue", "CUE", "said"),
        _span("man", "thing", "PERSON", "the old man", note="the first", flagged=True, actor="x",
              attributes={"role": ["source", "topic"], "sure": ["no"]}, uncertain=["role"]),
        _span("man again", "thing", "PERSON", "the old man"),
        _span("we", "thing", "PERSON", "We", attributes={"sure": ["yes"]}, uncertain=["sure"]),
        _span("he", "thing", "PERSON", "He", actor="x"),
        _span("both", "thing", "GROUP", "He", "the old man said", after=old + 20),
        _span("committee", "thing", "GROUP", "The committee of Lyra", actor="y"),
        _span("lyra", "thing", "GROUP", "Lyra"),
        _span("piece", "thing", "PERSON", "yra met o"),
        _span("later", "thing", "GROUP", "The committee", after=TEXT.index("small") - 20),
    ]  # fmt: skip
    relations = [
        _relation("said", ("quote", "quote"), ("who", "man"), ("who", "we"), ("cue", "cue"),
                  note="both of them", attributes={"manner": ["soft"]}),
        _relation("said", ("quote", "quote"), ("who", "man again")),
        _relation("same", ("from", "he"), ("to", "man")),
        _relation("same", ("from", "committee"), ("to", "later")),
        _relation("same", ("from", "committee"), ("to", "later")),
    ]  # fmt: skip
    actors = [
        {"id": "x", "name": "old man", "kind": "person", "aliases": ["the narrator"],
         "links": {"wikidata": "Q1"}, "note": "not named"},
        {"id": "y", "name": "The committee of Lyra"},
    ]  # fmt: skip
    why = {"layer": "worth", "label": "CHECK", "attributes": {"why": ["number"]}}
    second, last = TEXT.index("He and"), TEXT.index("The committee of")
    sentences = [
        {"start": 0, "end": second - 1, "done": True},
        {"start": second, "end": last - 2},
        {"start": last, "end": len(TEXT) - 1, "labels": [why]},
    ]
    record = {
        "format": "annotator/1", "name": "all.txt", "text": TEXT, "sentences": sentences,
        "spans": spans, "relations": relations, "actors": actors,
        "labels": [{"layer": "genre", "label": "STORY"}],
    }  # fmt: skip
    file = folder / "all.jsonl"
    file.write_text(json.dumps(record), "utf-8")
    return imported(file, SCHEMA, "everything")


def _span(id: str, layer: str, label: str, *words: str, after: int = 0, **more: object) -> Item:
    fragments = []
    for piece in words:
        start = TEXT.index(piece, after)
        fragments.append((start, start + len(piece)))
    start, end = fragments[0][0], fragments[-1][1]
    return {"id": id, "layer": layer, "label": label, "start": start, "end": end,
            "fragments": fragments, **more}  # fmt: skip


def _relation(type: str, *arguments: tuple[str, str], **more: object) -> Item:
    return {"type": type, "arguments": [{"role": r, "span": s} for r, s in arguments], **more}


def test_every_kind_of_annotation_is_made_by_keys(tmp_path: Path) -> None:
    gold = everything(tmp_path)
    record, count = play(gold)
    assert not differences(record, gold.record)
    assert set(count.keys["undo"]) == {1}


def test_the_seeds_beginning_by_keys_is_as_the_page_says() -> None:
    gold = beginning(seed(), 4)
    record, count = play(gold)
    assert not differences(record, gold.record)
    assert sum(len(s) for s in count.keys.values()) > 50
    assert median(count.keys["span"]) <= GOALS["span"]
    assert median(count.keys["any 3 words"]) <= GOALS["any 3 words"]
    assert max(count.keys["boundary by one"]) <= GOALS["boundary by one"]
    assert max(count.keys["link"]) <= GOALS["link"]
    assert set(count.keys["undo"]) == {GOALS["undo"]}
    record, by_engine = accept(gold)
    assert not differences(record, gold.record)
    assert set(by_engine.keys["suggestion"]) == {1}
    assert rows_of(PAGE.read_text("utf-8"), "beginning") == short_rows(count, by_engine)


def test_a_difference_is_told() -> None:
    gold = beginning(seed(), 4).record
    tied = {a["span"] for r in gold["relations"] for a in r["arguments"]}
    spans = sorted(gold["spans"], key=lambda span: span["id"] in tied)
    assert not differences(gold, gold)
    for other in (
        {"spans": spans[1:]},
        {"spans": [{**spans[0], "note": "x"}, *spans[1:]]},
        {"relations": gold["relations"][1:]},
        {"sentences": [{**gold["sentences"][0], "done": False}, *gold["sentences"][1:]]},
        {"actors": [{**gold["actors"][0], "kind": "x"}, *gold["actors"][1:]]},
    ):
        assert differences({**gold, **other}, gold)


def test_of_twins_it_is_told_which_is_tied(tmp_path: Path) -> None:
    gold = everything(tmp_path).record
    twins = [s["id"] for s in gold["spans"] if s["text"] == "the old man"]
    assert len(twins) == 2
    swapped = json.loads(
        json.dumps(gold).replace(twins[0], "?").replace(twins[1], twins[0]).replace("?", twins[1])
    )
    assert not differences(swapped, gold)
    relations = json.loads(
        json.dumps(gold["relations"]).replace(twins[0], "?").replace(twins[1], twins[0])
        .replace("?", twins[1])
    )  # fmt: skip
    assert differences({**gold, "relations": relations}, gold)


@pytest.mark.torture
def test_the_whole_seed_by_keys_equals_the_gold() -> None:
    gold = seed()
    record, count = play(gold)
    assert not differences(record, gold.record)
    assert medians(whole_row(gold.name, count)) in medians(PAGE.read_text("utf-8"))
    record, _ = accept(gold)
    assert not differences(record, gold.record)


@pytest.mark.torture
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("number", range(10))
def test_a_document_of_the_corpora_by_keys_equals_the_gold(corpora: Path, number: int) -> None:
    gold = list(of_corpora(corpora))[number]
    record, count = play(gold)
    assert not differences(record, gold.record), gold.name
    assert medians(whole_row(gold.name, count)) in medians(PAGE.read_text("utf-8")), gold.name
