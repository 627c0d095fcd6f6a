from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotation import Argument, Relation, Span, UnitLabel
from annotator.core.annotation_set import AnnotationSet
from annotator.core.place_index import BUCKET


def span(id: str, *fragments: tuple[int, int]) -> Span:
    return Span(id, "d", "a", "entity", "PERSON", tuple(fragments), "")


ranges = st.tuples(st.integers(0, 30_000), st.integers(1, 20_000)).map(
    lambda p: (p[0], p[0] + p[1])
)


@given(st.lists(ranges, max_size=30), ranges)
def test_spans_in_is_what_a_walk_over_all_would_find(
    places: list[tuple[int, int]], window: tuple[int, int]
) -> None:
    spans = [span(f"{n:03}", place) for n, place in enumerate(places)]
    found = AnnotationSet(spans).spans_in(*window)
    start, end = window
    expected = [s for s in spans if s.start < end and s.end > start]
    assert found == sorted(expected, key=lambda s: (s.start, -s.end, s.id))


@given(st.lists(ranges, max_size=30), st.integers(0, 50_000))
def test_after_and_before_go_through_all_by_start(
    places: list[tuple[int, int]], offset: int
) -> None:
    spans = sorted(
        (span(f"{n:03}", place) for n, place in enumerate(places)),
        key=lambda s: (s.start, s.end, s.id),
    )
    annotations = AnnotationSet(spans)
    assert list(annotations.after(offset)) == [s for s in spans if s.start >= offset]
    assert list(annotations.before(offset)) == [s for s in reversed(spans) if s.start < offset]


@given(st.lists(ranges, min_size=1, max_size=20), st.data())
def test_what_is_removed_is_found_no_more(
    places: list[tuple[int, int]], data: st.DataObject
) -> None:
    spans = [span(f"{n:03}", place) for n, place in enumerate(places)]
    annotations = AnnotationSet(spans)
    gone = data.draw(st.sampled_from(spans))
    annotations.remove(gone)
    assert gone not in annotations.spans_in(0, 60_000)
    assert len(annotations.spans_in(0, 60_000)) == len(spans) - 1


def test_a_gap_between_fragments_is_not_the_span() -> None:
    annotations = AnnotationSet([span("1", (0, 5), (20, 25))])
    assert annotations.spans_at(10) == []
    assert [s.id for s in annotations.spans_at(22)] == ["1"]


def test_the_innermost_span_comes_first() -> None:
    annotations = AnnotationSet([span("1", (0, 50)), span("2", (10, 20)), span("3", (10, 20))])
    assert [s.id for s in annotations.spans_at(12)] == ["3", "2", "1"]


def test_looking_at_one_line_reads_only_its_buckets() -> None:
    annotations = AnnotationSet(span(f"{n:05}", (n * 10, n * 10 + 5)) for n in range(10_000))
    buckets = annotations._places._buckets
    assert max(len(entries) for entries in buckets.values()) <= BUCKET // 10 + 2
    assert len(annotations.spans_in(50_000, 50_100)) == 10


def test_relations_are_found_by_any_of_their_arguments() -> None:
    relation = Relation(
        "r", "d", "a", "attribution", (Argument("claim", "span", "1"), Argument("cue", "span", "2"))
    )
    annotations = AnnotationSet([span("1", (0, 1)), span("2", (2, 3))], [relation])
    assert annotations.relations_of("1") == annotations.relations_of("2") == [relation]
    annotations.remove(relation)
    assert annotations.relations_of("1") == []


def test_a_sentence_and_the_document_have_a_label_of_each_layer() -> None:
    labels = {
        (layer, place): UnitLabel(f"{layer} {place}", "d", "a", layer, "X", place)
        for layer in ("tone", "worth")
        for place in ("one", "two", None)
    }
    held = AnnotationSet(labels.values())
    for (layer, place), label in labels.items():
        assert held.unit_label(layer, place) is label
    held.remove(labels["worth", None])
    assert held.unit_label("worth", None) is None
    assert held.unit_label("worth", "three") is None
    assert [u.layer for u in held.labels_on("two")] == ["tone", "worth"]
