from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from annotator.core.annotation import Actor, Argument, Relation, Span, UnitLabel
from annotator.core.document import Document, Sentence
from annotator.core.schema import Schema
from annotator.errors import NotFoundError
from annotator.formats.base import Record
from annotator.formats.check import problems
from annotator.formats.loss import Losses
from annotator.workflow.selecting import Selection

TEXT = "Bob ran. Ann saw Bob."


def span(id: str, layer: str, start: int, end: int) -> Span:
    return Span(id, "d", "", layer, layer.upper(), ((start, end),), TEXT[start:end])


def tie(id: str, one: str, two: str) -> Relation:
    return Relation(id, "d", "", "tie", (Argument("a", "span", one), Argument("b", "span", two)))


RECORD = Record(
    document=Document("d", "a.txt", TEXT, "", meta={"k": 1}),
    sentences=(Sentence("s1", "d", 0, 8), Sentence("s2", "d", 9, 21)),
    done=frozenset(("s2",)),
    spans=(
        span("bob", "source", 0, 3), span("ann", "source", 9, 12), span("saw", "cue", 13, 16),
        span("both", "claim", 4, 12),
    ),
    relations=(tie("r1", "ann", "saw"), tie("r2", "bob", "ann")),
    unit_labels=(
        UnitLabel("u1", "d", "", "worth", "CHECK", "s1"), UnitLabel("u2", "d", "", "genre", "NEWS"),
    ),
)  # fmt: skip


def test_layers_that_were_not_asked_for_are_no_loss(news: Schema) -> None:
    losses = Losses()
    (part,) = Selection(news, ("source", "claim"), "document").parts(RECORD, losses)
    assert [s.id for s in part.spans] == ["bob", "ann", "both"]
    assert [r.id for r in part.relations] == ["r2"]
    assert part.unit_labels == ()
    assert not losses
    with pytest.raises(NotFoundError, match="no layer 'sauce'"):
        Selection(news, ("sauce",), "document")


def test_a_record_for_each_sentence_tells_what_crosses(news: Schema) -> None:
    losses = Losses()
    one, two = Selection(news, (), "sentence").parts(RECORD, losses)
    assert (one.document.text, two.document.text) == ("Bob ran.", "Ann saw Bob.")
    assert (one.document.name, two.document.name) == ("a.txt#1", "a.txt#2")
    assert [(s.id, s.fragments, s.text) for s in two.spans] == [
        ("ann", ((0, 3),), "Ann"),
        ("saw", ((4, 7),), "saw"),
    ]
    assert [r.id for r in two.relations] == ["r1"]
    assert [u.id for u in one.unit_labels] == ["u1"]
    assert (one.done, two.done) == (frozenset(), frozenset(("s2",)))
    assert {loss.kind: loss.count for loss in losses} == {
        "span across sentences": 1,
        "relation across sentences": 1,
        "document label": 1,
    }
    for part in (one, two):
        assert list(problems(part)) == []


def test_without_a_cut_the_segmenter_cuts(news: Schema) -> None:
    bare = replace(RECORD, sentences=None, done=frozenset(), unit_labels=())
    parts = list(Selection(news, (), "sentence").parts(bare, Losses()))
    assert [p.document.text for p in parts] == ["Bob ran.", "Ann saw Bob."]


def test_a_relation_stands_in_one_sentence_with_what_it_ties_and_names(news: Schema) -> None:
    named = Relation(
        "r3", "d", "", "tie", (Argument("a", "span", "bob"), Argument("b", "actor", "x"))
    )
    over = Relation("r4", "d", "", "tie", (Argument("a", "relation", "r3"),))
    alone = Relation("r5", "d", "", "tie", (Argument("a", "actor", "y"),))
    given = replace(
        RECORD, relations=(alone, over, named), actors=(Actor("y", "Y"), Actor("x", "X"))
    )
    losses = Losses()
    one, two = Selection(news, (), "sentence").parts(given, losses)
    assert [r.id for r in one.relations] == ["r4", "r3"]
    assert [a.id for a in one.actors] == ["x"]
    assert (two.relations, two.actors) == ((), ())
    assert {loss.kind: loss.count for loss in losses} == {
        "span across sentences": 1,
        "relation of no sentence": 1,
        "document label": 1,
    }


class Counted(tuple[Relation, ...]):
    """Relations, and how often they were gone through."""

    times = 0

    def __iter__(self) -> Iterator[Relation]:
        self.times += 1
        return super().__iter__()


def test_relations_are_gone_through_as_often_however_many_sentences_there_are(
    news: Schema,
) -> None:
    text = "Bob ran. " * 200
    cut = tuple(Sentence(f"s{n}", "d", n * 9, n * 9 + 8) for n in range(200))
    relations = Counted(RECORD.relations)
    document = replace(RECORD.document, text=text)
    given = replace(
        RECORD, document=document, sentences=cut, spans=(), relations=relations, unit_labels=()
    )
    assert len(list(Selection(news, (), "sentence").parts(given, Losses()))) == 200
    assert relations.times < 10
