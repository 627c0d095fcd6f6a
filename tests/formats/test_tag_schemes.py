from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.tag_schemes import WRITTEN, Piece, decoded, encoded, recognised, tag_names


@st.composite
def sentences(draw: st.DrawFn) -> tuple[int, list[Piece]]:
    """A length and flat spans, some of them neighbours of one label."""
    spans: list[Piece] = []
    at = 0
    for _ in range(draw(st.integers(0, 5))):
        start = at + draw(st.integers(0, 2))
        at = start + draw(st.integers(1, 3))
        spans.append(Piece(start, at, draw(st.sampled_from(("PER", "B-LOC", "I")))))
    return at + draw(st.integers(0, 2)), spans


@given(sentences(), st.sampled_from((*WRITTEN, "bilou")))
def test_what_is_written_is_read_again(sentence: tuple[int, list[Piece]], scheme: str) -> None:
    length, spans = sentence
    tags = encoded(length, spans, "bioes" if scheme == "bilou" else scheme)
    if scheme == "bilou":
        tags = [{"E": "L", "S": "U"}.get(tag[0], tag[0]) + tag[1:] for tag in tags]
    assert decoded(tags, scheme) == (spans, [])
    assert set(tags) <= set(tag_names(("PER", "B-LOC", "I"), scheme)) or scheme == "bilou"
    if spans:
        found = recognised([tags])
        assert decoded(tags, found).spans == spans


TAGS = [
    ("iob1", "I-A I-A O I-A B-A", [(0, 2), (3, 4), (4, 5)], []),
    ("iob1", "I-A I-B", [(0, 1), (1, 2)], []),
    ("iob2", "B-A I-A O I-A", [(0, 2), (3, 4)], [3]),
    ("iob2", "B-A I-B", [(0, 1), (1, 2)], [1]),
    ("bioes", "B-A E-A S-A O", [(0, 2), (2, 3)], []),
    ("bioes", "B-A O I-A E-A E-B", [(0, 1), (2, 4), (4, 5)], [0, 2, 4]),
    ("bioes", "B-A", [(0, 1)], [0]),
    ("bilou", "B-A I-A L-A U-B", [(0, 3), (3, 4)], []),
    ("io", "A A O B _ A", [(0, 2), (3, 4), (5, 6)], []),
]


@pytest.mark.parametrize(("scheme", "tags", "places", "strange"), TAGS)
def test_each_scheme(
    scheme: str, tags: str, places: list[tuple[int, int]], strange: list[int]
) -> None:
    found = decoded(tags.split(), scheme)
    assert [(piece.start, piece.end) for piece in found.spans] == places
    assert found.strange == strange


def test_a_tag_of_another_scheme_is_named() -> None:
    with pytest.raises(ValueError, match="S-A"):
        decoded(["O", "S-A"], "iob2")
    with pytest.raises(ValueError, match="PER"):
        decoded(["PER"], "iob1")


@pytest.mark.parametrize(
    ("tags", "scheme"),
    [
        ("O O", "iob2"), ("I-A B-A O", "iob1"), ("I-A O", "iob1"), ("B-A I-A", "iob2"),
        ("B-A O I-A", "iob2"), ("B-A E-A", "bioes"), ("S-A", "bioes"), ("U-A", "bilou"),
        ("B-A L-A", "bilou"), ("A A O", "io"),
    ],
)  # fmt: skip
def test_the_scheme_is_recognised(tags: str, scheme: str) -> None:
    assert recognised([tags.split()]) == scheme
