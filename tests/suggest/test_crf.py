"""The random field: it learns by context, never ends the process, and is the same every time."""

from __future__ import annotations

import subprocess
import sys
from itertools import product

import msgspec
import pytest
from msgspec.structs import replace
from small_pages import page, said, schema, span, span_at

from annotator.core.annotation import Span
from annotator.errors import InputError
from annotator.suggest.base import NothingToLearnError, Page
from annotator.suggest.crf import ENGINE, _Level
from annotator.suggest.features import features
from annotator.suggest.sealed import fingerprint, opened, sealed
from annotator.suggest.words import DEEPEST, chunks

NAMES = ("Ann", "Bob", "Eve", "Jim", "Kim", "Lea", "Max", "Tom")


def taught() -> Page:
    text = " ".join(f"Yesterday Mr {name} went to {name}town by car." for name in NAMES)
    spans = [span(text, f"{name} went", "PERSON") for name in NAMES]
    spans = [span_at(text, ((s.start, s.end - 5),), "PERSON") for s in spans]
    spans += [span(text, f"{name}town", "PLACE") for name in NAMES]
    return page(text, *spans)


def asked() -> Page:
    return page("Yesterday Mr Zed went to Zedtown by car.", name="e", taught=False)


def test_what_was_never_seen_is_known_by_its_context() -> None:
    model = ENGINE.load(ENGINE.train([taught()], schema(), "entity"), schema(), "entity")
    found = model.propose(asked())
    assert said(found) == [("Zed", "PERSON"), ("Zedtown", "PLACE")]
    assert all(p.origin.score is not None and 0.5 < p.origin.score <= 1 for p in found)
    (doubt,) = model.doubts(asked()).values()
    strange = page("Zedtown Mr by by Zed!", name="f", taught=False)
    (larger,) = model.doubts(strange).values()
    assert 0 <= doubt < larger <= 1


def test_a_score_is_the_probability_of_the_span_with_its_label() -> None:
    trained = msgspec.msgpack.decode(ENGINE.train([taught()], schema(), "entity"))
    level = _Level(trained["levels"][0])
    rows = features(["Yesterday", "Mr", "Zed", "Foo", "went"])
    found = level.spans(rows)
    assert found
    level._tagger.set(rows)
    exact: dict[tuple[int, int, str], float] = {}
    for tags in product(level._tagger.labels(), repeat=len(rows)):
        probability = level._tagger.probability(tags)
        for chunk in chunks(tags):
            exact[chunk] = exact.get(chunk, 0.0) + probability
    for first, end, label, score in found:
        assert score == pytest.approx(exact[first, end, label], abs=0.02)
    ends = [end for _, end, _, _ in found]
    assert all(first >= end for (first, *_), end in zip(found[1:], ends, strict=False))


def test_the_same_pages_give_the_same_model_and_proposals() -> None:
    models = [ENGINE.train([taught()], schema(), "entity", seed=7) for _ in range(2)]
    assert models[0] == models[1]
    first, second = (ENGINE.load(m, schema(), "entity").propose(asked()) for m in models)
    assert first == second


def test_nested_spans_are_learned_level_by_level() -> None:
    nested = schema("nested")
    text = " ".join(f"The mayor of {name}town spoke." for name in NAMES)
    spans: list[Span] = []
    for name in NAMES:
        at = text.index(f"The mayor of {name}town")
        spans.append(span_at(text, ((at, at + len(f"The mayor of {name}town")),), "PERSON"))
        spans.append(span(text, f"{name}town", "PLACE"))
    model = ENGINE.load(ENGINE.train([page(text, *spans)], nested, "entity"), nested, "entity")
    found = model.propose(page("The mayor of Zedtown spoke.", name="e", taught=False))
    assert said(found) == [("The mayor of Zedtown", "PERSON"), ("Zedtown", "PLACE")]


def test_no_more_levels_are_learned_than_are_told_apart() -> None:
    text = " ".join("a b c d e f g h i j" for _ in range(6))
    spans = [
        span_at(text, ((20 * n, 20 * n + length),), "PERSON")
        for n in range(6)
        for length in range(19, 1, -2)
    ]
    data = ENGINE.train([page(text, *spans)], schema("any"), "entity")
    assert len(msgspec.msgpack.decode(data)["levels"]) == DEEPEST


def test_without_anything_to_learn_it_says_so() -> None:
    text = "One two three four."
    pieces = span_at(text, ((0, 3), (8, 13)), "PERSON")
    for given, words in (
        (page(text, taught=False), "no sentence is finished yet"),
        (page(text), "no finished sentence has a span of entity"),
        (page(text, pieces), "all spans of entity in finished sentences are in several pieces"),
        (page("", span_at("x", ((0, 1),), "PERSON")), "no sentence is finished yet"),
    ):
        with pytest.raises(NothingToLearnError, match=words):
            ENGINE.train([given], schema(), "entity")


def test_one_label_on_one_word_is_enough() -> None:
    one = schema("none", "PERSON")
    given = page("Ann.", span("Ann.", "Ann", "PERSON"))
    model = ENGINE.load(ENGINE.train([given], one, "entity"), one, "entity")
    assert said(model.propose(page("Ann.", name="e", taught=False))) == [("Ann", "PERSON")]


def test_a_label_that_the_schema_no_longer_has_is_not_proposed() -> None:
    data = ENGINE.train([taught()], schema(), "entity")
    found = ENGINE.load(data, schema("none", "PLACE"), "entity").propose(asked())
    assert said(found) == [("Zedtown", "PLACE")]


CUT_SHORT = """
import sys
from annotator.suggest.crf import ENGINE, _Level
from annotator.suggest.features import features
from annotator.errors import InputError
from small_pages import schema
data = sys.stdin.buffer.read()
for length in range(0, len(data), max(1, len(data) // 60)):
    try:
        ENGINE.load(data[:length], schema(), "entity")
    except InputError:
        continue
    sys.exit(f"{length} bytes were taken for a model")
"""


def test_a_model_cut_short_is_refused_and_ends_no_process(root: object) -> None:
    data = ENGINE.train([taught()], schema(), "entity")
    done = subprocess.run(
        [sys.executable, "-c", CUT_SHORT],
        input=data, cwd=f"{root}/tests/suggest", capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_level_cut_short_within_whole_bytes_is_refused() -> None:
    found = msgspec.msgpack.decode(ENGINE.train([taught()], schema(), "entity"))
    found["levels"][0] = found["levels"][0][:-4]
    with pytest.raises(InputError, match="cut short"):
        ENGINE.load(msgspec.msgpack.encode(found), schema(), "entity")


def test_a_sealed_model_is_opened_only_where_it_is_whole_and_of_this_version() -> None:
    data = ENGINE.train([taught()], schema(), "entity")
    model = sealed(ENGINE, "entity", "f", 8, data)
    assert said(opened(model, ENGINE, schema()).propose(asked()))[0] == ("Zed", "PERSON")
    damaged = bytearray(data)
    damaged[len(data) // 2] ^= 1
    with pytest.raises(InputError, match="damaged: its checksum does not fit"):
        opened(replace(model, data=bytes(damaged)), ENGINE, schema())
    with pytest.raises(InputError, match=f"was made by version 0; this is {ENGINE.version}"):
        opened(replace(model, version="0"), ENGINE, schema())


def test_the_fingerprint_differs_where_the_model_might() -> None:
    given = taught()
    own = fingerprint([given], ENGINE, schema(), "entity")
    assert fingerprint([taught()], ENGINE, schema(), "entity") == own
    less = replace(given, taught=frozenset(sorted(given.taught)[1:]))
    other = replace(given, spans=given.spans[1:])
    moved = (replace(given.spans[0], label="PLACE"), *given.spans[1:])
    for changed in (less, other, replace(given, spans=moved)):
        assert fingerprint([changed], ENGINE, schema(), "entity") != own
    assert fingerprint([given], ENGINE, schema("nested"), "entity") != own
    noted = replace(given, spans=(replace(given.spans[0], note="n"), *given.spans[1:]))
    assert fingerprint([noted, asked()], ENGINE, schema(), "entity") == own
