from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise, product

from essence import essence
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import fields, replace
from random_records import projects

from annotator.core.annotation import BY_HAND, Relation, Span, UnitLabel
from annotator.core.document import Document
from annotator.core.sentences import sentences
from annotator.formats.base import Record
from annotator.formats.carries import EVERYTHING, FEATURES, Carries
from annotator.formats.flattening import widest
from annotator.formats.loss import Losses
from annotator.formats.record import token_ranges
from annotator.formats.reducing import reduced

MANY = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


def annotations(record: Record) -> list[Span | Relation | UnitLabel]:
    return [*record.spans, *record.relations, *record.unit_labels]


def details(items: list[Relation] | list[UnitLabel]) -> int:
    return sum(
        len(i.attributes) + (i.note is not None) + i.flagged + (i.origin != BY_HAND) for i in items
    )


def attributes(record: Record) -> Iterator[tuple[int, bool]]:
    for item in annotations(record):
        yield from ((len(a.values), a.uncertain) for a in item.attributes)


def arguments(record: Record, kind: str) -> int:
    return sum(a.kind == kind for r in record.relations for a in r.arguments)


def inside_tokens(record: Record) -> int:
    tokens = [t for found in token_ranges(record) for t in found]
    starts, ends = {t.start for t in tokens}, {t.end for t in tokens}
    return sum(
        any(a not in starts or b not in ends for a, b in span.fragments) for span in record.spans
    )


def other_cut(record: Record) -> bool:
    ours = [(r.start, r.end) for r in sentences(record.document.text)]
    return [(s.start, s.end) for s in record.sentences or ()] != ours


LOST: dict[str, Callable[[Record], int]] = {
    "metadata": lambda r: bool(r.document.meta),
    "sentences": other_cut,
    "sentence_labels": lambda r: sum(u.sentence is not None for u in r.unit_labels),
    "document_labels": lambda r: sum(u.sentence is None for u in r.unit_labels),
    "label_details": lambda r: details(list(r.unit_labels)),
    "duplicates": lambda r: len(r.spans) - len({(s.layer, s.label, s.fragments) for s in r.spans}),
    "fragments": lambda r: sum(len(s.fragments) > 1 for s in r.spans),
    "sub_tokens": inside_tokens,
    "attributes": lambda r: len(list(attributes(r))),
    "attribute_lists": lambda r: sum(n != 1 for n, _ in attributes(r)),
    "uncertainty": lambda r: sum(uncertain for _, uncertain in attributes(r)),
    "notes": lambda r: sum(a.note is not None for a in annotations(r)),
    "flags": lambda r: sum(a.flagged for a in annotations(r)),
    "engines": lambda r: sum(a.origin != BY_HAND for a in annotations(r)),
    "actors": lambda r: sum(s.actor is not None for s in r.spans),
    "relations": lambda r: len(r.relations),
    "relation_arguments": lambda r: arguments(r, "relation"),
    "actor_arguments": lambda r: arguments(r, "actor"),
    "relation_details": lambda r: details(list(r.relations)),
}
"""How many losses there are where a format carries everything but this one feature."""


def without(feature: str) -> Carries:
    return replace(EVERYTHING, **{feature: "none" if feature == "nesting" else False})


@MANY
@given(records=projects())
def test_each_feature_that_is_not_carried_is_counted(records: list[Record]) -> None:
    for record, feature in product(records, LOST):
        losses = Losses()
        rest = reduced(record, without(feature), losses)
        expected = LOST[feature](record)
        follow = sum(loss.count for loss in losses if " with its " in loss.done)
        assert len(losses) - follow == expected, feature
        assert LOST[feature](rest) == 0 or feature == "sentences"
        if not losses and feature != "sentences":
            assert essence(rest) == essence(record), feature


@MANY
@given(records=projects())
def test_relations_of_other_than_two_are_split_or_left_out(records: list[Record]) -> None:
    for record in records:
        losses = Losses()
        rest = reduced(record, replace(without("n_ary"), relation_arguments=False), losses)
        sizes = [
            sum(a.kind != "relation" for a in relation.arguments) for relation in record.relations
        ]
        counts = {loss.kind: loss.count for loss in losses}
        assert counts.get("relation of fewer than two", 0) == sum(size < 2 for size in sizes)
        assert counts.get("relation of more than two", 0) == sum(size > 2 for size in sizes)
        assert all(len(relation.arguments) == 2 for relation in rest.relations)
        assert len({relation.id for relation in rest.relations}) == len(rest.relations)
        assert len(rest.relations) >= sum(size > 1 for size in sizes)


@MANY
@given(records=projects())
def test_of_overlapping_spans_the_widest_stays(records: list[Record]) -> None:
    for record in records:
        losses = Losses()
        rest = reduced(record, without("nesting"), losses)
        assert len(record.spans) - len(rest.spans) == sum(
            loss.count for loss in losses if loss.kind == "nested or crossing span"
        )
        ordered = sorted(rest.spans, key=lambda s: s.start)
        assert all(a.end <= b.start for a, b in pairwise(ordered))
        if record.spans:
            most = max(s.end - s.start for s in record.spans)
            assert max(s.end - s.start for s in rest.spans) == most


@MANY
@given(spans=st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), max_size=20))
def test_widest_keeps_what_overlaps_nothing_wider(spans: list[tuple[int, int]]) -> None:
    given = [Span(str(n), "d", "", "l", "L", ((a, a + w),), "") for n, (a, w) in enumerate(spans)]
    kept, others = widest(given)
    assert {s.id for s in kept} | {s.id for s in others} == {s.id for s in given}
    for span in others:
        assert any(
            k.start < span.end and span.start < k.end and k.end - k.start >= span.end - span.start
            for k in kept
        )


def test_the_matrix_names_every_feature() -> None:
    assert list(FEATURES) == [field.name for field in fields(Carries)]


def test_examples_name_the_document() -> None:
    losses = Losses()
    record = Record(document=Document("", "a.txt", "", "", meta={"k": 1}))
    assert reduced(record, Carries(), losses).document.meta == {}
    assert [(loss.kind, loss.examples) for loss in losses] == [("metadata", ("a.txt: k",))]
