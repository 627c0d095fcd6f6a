from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotation import Fragments, Span
from annotator.core.annotation_set import AnnotationSet
from annotator.core.rules import check_overlap, clean_fragments
from annotator.core.schema import Label, Layer
from annotator.errors import RuleError


def span(id: str, *fragments: tuple[int, int], label: str = "A", layer: str = "l") -> Span:
    return Span(id, "d", "a", layer, label, tuple(fragments), "")


THERE = span("1", (10, 20))


@pytest.mark.parametrize(
    ("rule", "new", "says"),
    [
        ("none", span("2", (19, 25)), "no overlap"),
        ("none", span("2", (12, 14)), "no overlap"),
        ("none", span("2", (20, 25)), ""),
        ("none", span("2", (12, 14), layer="other"), ""),
        ("nested", span("2", (12, 14)), ""),
        ("nested", span("2", (5, 30)), ""),
        ("nested", span("2", (19, 25)), "cross"),
        ("nested", span("2", (10, 20)), "already"),
        ("nested", span("2", (10, 20), label="B"), ""),
        ("nested", span("1", (12, 25)), ""),
        ("nested", span("2", (5, 12), (30, 40)), "cross"),
        ("any", span("2", (10, 20)), ""),
        ("any", span("2", (19, 25)), ""),
    ],
)
def test_overlap_rules(rule: str, new: Span, says: str) -> None:
    layer = Layer("l", "L", "span", (Label("A"),), overlap=rule)  # type: ignore[arg-type]
    annotations = AnnotationSet([THERE])
    if not says:
        check_overlap(annotations, layer, new)
        return
    with pytest.raises(RuleError, match=says):
        check_overlap(annotations, layer, new)


@given(
    st.text(alphabet="ab \n\u00a0", max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted).map(tuple), max_size=5),
)
def test_clean_fragments_are_ordered_apart_and_without_blank_edges(
    text: str, fragments: Fragments
) -> None:
    clean = clean_fragments(text, tuple(fragments))
    assert all(text[a:b].strip() == text[a:b] != "" for a, b in clean)
    assert all(b < c for (_, b), (c, _) in pairwise(clean))
    kept = {n for a, b in fragments for n in range(a, min(b, len(text))) if not text[n].isspace()}
    assert kept <= {n for a, b in clean for n in range(a, b)}
