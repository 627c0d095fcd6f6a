"""Each finding of the checks, and that it is gone once mended."""

from __future__ import annotations

from msgspec.structs import replace

from annotator.core.annotation import (
    Actor,
    Argument,
    AttributeValues,
    Relation,
    Span,
    UnitLabel,
)
from annotator.core.annotation_set import AnnotationSet
from annotator.core.checks import answers, check
from annotator.core.document import Sentence
from annotator.core.page import Page
from annotator.core.schema import NO_SCHEMA, Schema
from annotator.core.schema_file import parse_schema
from annotator.core.sentence_list import SentenceList

TEXT = "“We all saw it,” said Sillo of Raqqa. The “self-declared” Raqqa fell, Raqqa said."
DIRECT = (AttributeValues("mode", ("direct",)),)
NAMED = (AttributeValues("kind", ("named",)),)


def span(id: str, words: str, layer: str, label: str, at: int = 0, **rest: object) -> Span:
    start = TEXT.index(words, at)
    place = ((start, start + len(words)),)
    return Span(id, "d", "alice", layer, label, place, words, **rest)  # type: ignore[arg-type]


CLAIM = span("c", "“We all saw it,”", "claim", "CLAIM", attributes=DIRECT)
SOURCE = span("s", "Sillo", "source", "SOURCE", attributes=NAMED)


def found(schema: Schema, *made: object) -> list[str]:
    held = AnnotationSet()
    for record in made:
        held.add(record)
    cut = SentenceList.of("d", (Sentence("s0", "d", 0, 37), Sentence("s1", "d", 38, len(TEXT))))
    stops = check(Page("d", TEXT, cut, held, schema))
    assert stops == sorted(stops, key=lambda stop: stop.start)
    return [stop.title for stop in stops]


def tie(*arguments: Argument) -> Relation:
    return Relation("r", "d", "alice", "attribution", arguments)


def test_a_claim_needs_a_source_and_a_source_a_claim(news: Schema) -> None:
    assert found(news, CLAIM, SOURCE) == [
        "CLAIM without a source: '“We all saw it,”'",
        "SOURCE never used: 'Sillo'",
    ]
    claim, source = Argument("claim", "span", "c"), Argument("source", "span", "s")
    assert found(news, CLAIM, SOURCE, tie(claim, source)) == []
    cue = span("q", "said", "cue", "CUE")
    assert found(news, CLAIM, cue, tie(claim, Argument("cue", "span", "q"))) == [
        "CLAIM without a source: '“We all saw it,”'"
    ]
    actor = Argument("source", "actor", "a")
    assert found(news, CLAIM, Actor("a", "Sillo"), tie(claim, actor)) == []


def test_a_quote_belongs_into_a_claim_but_a_word_in_marks_is_none(news: Schema) -> None:
    assert found(news) == ["quote outside any claim: '“We all saw it,”'"]
    inner = replace(CLAIM, fragments=((1, 10),), text="We all sa")
    assert found(news, inner) == ["CLAIM without a source: 'We all sa'"]


def test_one_string_has_one_label(news: Schema) -> None:
    claim, source = Argument("claim", "span", "c"), Argument("source", "span", "s")
    sound = (CLAIM, SOURCE, tie(claim, source))
    first = span("x", "Raqqa", "entity", "LOCATION")
    second = span("y", "Raqqa", "entity", "LOCATION", first.end)
    third = span("z", "Raqqa", "entity", "GROUP", second.end)
    other = span("w", "Raqqa", "source", "SOURCE", second.end, attributes=NAMED)
    assert found(news, *sound, first, second, third) == [
        "GROUP, but elsewhere LOCATION 2 times: 'Raqqa'"
    ]
    assert found(news, *sound, first, second, replace(third, label="LOCATION")) == []
    assert found(news, *sound, first, second, other) == ["SOURCE never used: 'Raqqa'"]
    usage = {("entity", "Raqqa"): {"LOCATION": 1, "FACILITY": 4}}
    cut = SentenceList.of("d", (Sentence("s0", "d", 0, len(TEXT)),))
    page = Page("d", TEXT, cut, AnnotationSet([first]), news)
    assert [s.title for s in check(page, usage) if s.target] == [
        "LOCATION, but elsewhere FACILITY 4 times: 'Raqqa'"
    ]


def test_required_attributes_are_missed_on_any_annotation(news: Schema) -> None:
    bare = replace(CLAIM, attributes=())
    titles = found(news, bare)
    assert "CLAIM lacks mode: '“We all saw it,”'" in titles
    schema = parse_schema(
        """
name = "units"
version = 1
[layer.worth]
title = "worth"
scope = "sentence"
[layer.worth.labels.CHECK]
[layer.worth.attributes.topic]
title = "topic"
required = true
[layer.worth.attributes.topic.values.money]
""",
        "units.toml",
    )
    label = UnitLabel("u", "d", "alice", "worth", "CHECK", "s1")
    (title,) = found(schema, label)
    assert title.startswith("CHECK lacks topic: 'The “self-declared”")
    assert found(schema, replace(label, attributes=(AttributeValues("topic", ("money",)),))) == []


def test_a_schema_without_sources_asks_for_none(root: object) -> None:
    assert list(answers(NO_SCHEMA)) == []
    assert found(NO_SCHEMA) == []


def test_the_role_that_takes_actors_is_the_one_that_answers(news: Schema) -> None:
    ((relation, head, answer),) = answers(news)
    assert (relation.name, head.name, answer.name) == ("attribution", "claim", "source")


def test_it_is_found_wherever_the_schema_puts_it(root: object) -> None:
    from pathlib import Path

    assert isinstance(root, Path)
    for name, expected in (("polnear", "content"), ("quotes", "quote"), ("conll", None)):
        schema = parse_schema((root / "schemas" / f"{name}.toml").read_text("utf-8"), name)
        assert [head.name for _, head, _ in answers(schema)] == ([expected] if expected else [])
