from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.schema import Schema
from annotator.core.schema_file import parse_schema
from annotator.core.schema_table import is_name
from annotator.formats.label_names import LabelNames
from annotator.formats.loss import Losses

MARKS = ".,:;!?()[]{}<>\"'`“”‘’«»-_–—…/\\|*+=~^#$%&@§°😀।、。"


def schema_of(*labels: str) -> Schema:
    tables = "".join(f'[layer.tag.labels."{label}"]\n' for label in labels or ("X",))
    head = 'name = "x"\nversion = 1\n[layer.tag]\ntitle = "Tags"\nscope = "span"\n'
    return parse_schema(head + tables, "x.toml")


@given(st.sets(st.text(st.sampled_from(MARKS), min_size=1, max_size=9), min_size=1))
def test_labels_of_punctuation_are_distinct_and_come_back(words: set[str]) -> None:
    losses = Losses()
    reading = LabelNames(schema_of(), losses=losses)
    found = {word: reading.name(word) for word in words}
    assert all(map(is_name, found.values()))
    assert len(set(found.values())) == len(words)
    assert sum(loss.count for loss in losses) == len(words)
    names = LabelNames(schema_of(*found.values()))
    for word, name in found.items():
        assert names.written("tag", name) == word
        assert names.label(word) == ("tag", name)


@given(st.text(max_size=100))
def test_any_word_becomes_a_name(word: str) -> None:
    name = LabelNames(schema_of()).name(word)
    assert is_name(name)
    assert LabelNames(schema_of()).name(name) == name


def test_what_cannot_be_seen_is_not_written() -> None:
    for word in (" ", "\n", "\x1b", "\u202e", "\ue000"):
        name = LabelNames(schema_of()).name(word)
        assert name != "unnamed"
        assert LabelNames(schema_of(name)).written("tag", name) == name
    assert LabelNames(schema_of("u110000")).written("tag", "u110000") == "u110000"
