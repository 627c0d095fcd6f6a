from __future__ import annotations

from annotator.core import linking
from annotator.core.annotation import Relation, Span
from annotator.core.annotation_set import AnnotationSet
from annotator.core.schema import Schema


def span(id: str, layer: str, label: str, start: int) -> Span:
    return Span(id, "d", "a", layer, label, ((start, start + 5),), "")


CLAIM = span("c", "claim", "CLAIM", 0)
SOURCE = span("s", "source", "SOURCE", 10)
CUE = span("q", "cue", "CUE", 20)
PERSON = span("p", "entity", "PERSON", 30)


def tie(news: Schema, annotations: AnnotationSet, a: Span, b: Span, id: str = "r") -> Relation:
    way = linking.ways(annotations, news, a, b)[0]
    change = linking.tie(way, a, b, id)[0]
    if change.before is not None:
        annotations.remove(change.before)
    annotations.add(change.after)
    assert isinstance(change.after, Relation)
    return change.after


def test_tying_claim_and_source_makes_an_attribution_whichever_is_focused(news: Schema) -> None:
    for a, b in ((CLAIM, SOURCE), (SOURCE, CLAIM)):
        made = tie(news, AnnotationSet([CLAIM, SOURCE]), a, b)
        assert [(x.role, x.target) for x in made.arguments] == [("claim", "c"), ("source", "s")]


def test_a_cue_joins_the_attribution_that_is_there(news: Schema) -> None:
    annotations = AnnotationSet([CLAIM, SOURCE, CUE])
    tie(news, annotations, CLAIM, SOURCE)
    joined = tie(news, annotations, CLAIM, CUE)
    assert [x.role for x in joined.arguments] == ["claim", "source", "cue"]
    assert joined.revision == 2
    assert len(annotations.relations) == 1


def test_a_cue_tied_to_a_source_joins_the_sources_attribution(news: Schema) -> None:
    annotations = AnnotationSet([CLAIM, SOURCE, CUE])
    assert linking.ways(annotations, news, CUE, SOURCE) == []
    tie(news, annotations, CLAIM, SOURCE)
    assert [x.role for x in tie(news, annotations, CUE, SOURCE).arguments][-1] == "cue"


def test_a_source_of_two_claims_stands_in_two_attributions(news: Schema) -> None:
    other = span("c2", "claim", "CLAIM", 40)
    annotations = AnnotationSet([CLAIM, other, SOURCE])
    tie(news, annotations, CLAIM, SOURCE, "r1")
    tie(news, annotations, SOURCE, other, "r2")
    assert [r.id for r in annotations.relations_of("s")] == ["r1", "r2"]


def test_a_relation_of_their_own_is_there_where_a_tie_would_extend_one(news: Schema) -> None:
    annotations = AnnotationSet([CLAIM, SOURCE, CUE])
    first = tie(news, annotations, CLAIM, SOURCE, "r1")
    assert [way.extends for way in linking.ways(annotations, news, CLAIM, CUE)] == [first]
    (own,) = linking.own_ways(news, CLAIM, CUE)
    second = linking.tie(own, CLAIM, CUE, "r2")[0].after
    assert isinstance(second, Relation)
    assert [(x.role, x.target) for x in second.arguments] == [("claim", "c"), ("cue", "q")]
    assert linking.own_ways(news, CUE, SOURCE) == [], "an attribution is of a claim"


def test_of_several_relations_the_one_made_last_is_extended_and_untied(news: Schema) -> None:
    annotations = AnnotationSet([CLAIM, SOURCE, CUE])
    for id in ("r1", "r2"):
        (own,) = linking.own_ways(news, CLAIM, SOURCE)
        made = linking.tie(own, CLAIM, SOURCE, id)[0].after
        assert made is not None
        annotations.add(made)
    assert linking.shared_relation(annotations, SOURCE, CLAIM) == annotations.relations["r2"]
    assert tie(news, annotations, CLAIM, CUE).id == "r2"
    assert [x.role for x in annotations.relations["r1"].arguments] == ["claim", "source"]


def test_an_entity_is_tied_to_nothing_in_the_news_schema(news: Schema) -> None:
    assert linking.ways(AnnotationSet([CLAIM, PERSON]), news, CLAIM, PERSON) == []


def test_untying_the_last_source_takes_the_relation_away(news: Schema) -> None:
    annotations = AnnotationSet([CLAIM, SOURCE, CUE])
    made = tie(news, annotations, CLAIM, SOURCE)
    kind = news.relation("attribution")
    gone = linking.untie(made, kind, SOURCE)
    assert gone is not None
    assert gone[0].after is None
    assert linking.untie(made, kind, CLAIM) is None
    joined = tie(news, annotations, CLAIM, CUE)
    kept = linking.untie(joined, kind, SOURCE)
    assert kept is not None
    assert isinstance(kept[0].after, Relation)
    assert [x.role for x in kept[0].after.arguments] == ["claim", "cue"]
