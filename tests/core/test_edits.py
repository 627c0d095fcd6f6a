from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core import edits
from annotator.core.annotation import Argument, AttributeValues, Relation, Span, Suggestion
from annotator.core.annotation_set import AnnotationSet
from annotator.core.document import Sentence
from annotator.core.schema import Schema


def span(id: str, layer: str, label: str, start: int = 0) -> Span:
    return Span(id, "d", "a", layer, label, ((start, start + 5),), "")


CLAIM = span("c", "claim", "CLAIM")
SOURCE = span("s", "source", "SOURCE", 10)
CUE = span("q", "cue", "CUE", 20)


def attribution(id: str, **roles: str) -> Relation:
    arguments = tuple(Argument(role, "span", target) for role, target in roles.items())
    return Relation(id, "d", "a", "attribution", arguments)


def test_deleting_a_source_takes_it_out_of_its_relation(news: Schema) -> None:
    tie = attribution("r", claim="c", source="s", cue="q")
    annotations = AnnotationSet([CLAIM, SOURCE, CUE], [tie])
    changes = edits.delete_annotation(annotations, news, SOURCE)
    assert [c.record.id for c in changes] == ["r", "s"]
    after = changes[0].after
    assert isinstance(after, Relation)
    assert [a.role for a in after.arguments] == ["claim", "cue"]
    assert after.revision == 2


def test_deleting_the_claim_takes_the_attribution_along(news: Schema) -> None:
    tie = attribution("r", claim="c", source="s", cue="q")
    changes = edits.delete_annotation(AnnotationSet([CLAIM, SOURCE, CUE], [tie]), news, CLAIM)
    assert [(c.record.id, c.after) for c in changes] == [("r", None), ("c", None)]


def test_a_relation_left_with_one_argument_goes_and_so_does_what_stands_on_it(news: Schema) -> None:
    tie = attribution("r1", claim="c", source="s")
    upper = Relation(
        "r2", "d", "a", "contradiction",
        (Argument("claim", "relation", "r1"), Argument("claim", "relation", "r9")),
    )  # fmt: skip
    changes = edits.delete_annotation(AnnotationSet([CLAIM, SOURCE], [tie, upper]), news, SOURCE)
    assert [c.record.id for c in changes] == ["r2", "r1", "s"]


def test_cyclic_relations_end(news: Schema) -> None:
    one = Relation(
        "r1", "d", "a", "x", (Argument("y", "relation", "r2"), Argument("y", "span", "c"))
    )
    two = Relation(
        "r2", "d", "a", "x", (Argument("y", "relation", "r1"), Argument("y", "span", "c"))
    )
    changes = edits.delete_annotation(AnnotationSet([CLAIM], [one, two]), news, CLAIM)
    assert {c.record.id for c in changes} == {"c", "r1", "r2"}


def test_the_inverse_takes_back_and_carries_the_revision_on() -> None:
    after = edits.update(CLAIM, SOURCE).after
    assert after is not None
    changes = (edits.create(CUE), edits.Change(CLAIM, after))
    back = edits.inverse(changes, [CUE, after])
    assert [(c.before, c.after and edits.content(c.after)) for c in back] == [
        (after, edits.content(CLAIM)),
        (CUE, None),
    ]
    assert back[0].after is not None
    assert back[0].after.revision == 3


@given(st.text(min_size=1), st.data())
def test_split_and_merge_are_exact(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    sentence = Sentence("1", "d", 0, len(text))
    changes = edits.split_sentence(sentence, text, offset, "2")
    if not changes:
        assert not text[:offset].strip() or not text[offset:].strip()
        return
    first, second = (c.after for c in changes)
    assert isinstance(first, Sentence)
    assert isinstance(second, Sentence)
    assert 0 == first.start < first.end <= offset <= second.start < second.end == len(text)
    assert not text[first.end : second.start].strip()
    merged = edits.merge_sentences(first, second)[1].after
    assert isinstance(merged, Sentence)
    assert (merged.start, merged.end) == (0, len(text))


def test_relabelling_drops_only_what_the_new_label_cannot_carry(news: Schema) -> None:
    mode = AttributeValues("mode", ("direct",))
    kept = edits.relabel(
        Span("1", "d", "a", "claim", "CLAIM", ((0, 1),), "", (mode, AttributeValues("no", ("x",)))),
        "claim", "CLAIM", news,
    ).after  # fmt: skip
    assert isinstance(kept, Span)
    assert kept.attributes == (mode,)


@pytest.mark.parametrize(
    "record",
    [
        CLAIM,
        attribution("r", claim="c"),
        Suggestion("x", "d", "a", CLAIM),
        Sentence("1", "d", 0, 1),
    ],
)
def test_records_survive_as_json(record: edits.Record) -> None:
    assert edits.decode_record(edits.encode_record(record)) == record
