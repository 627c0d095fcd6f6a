"""The seed's gold annotation: it fits the text, the schema, and the schema's own guidelines."""

from __future__ import annotations

import importlib.util
import io
import re
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from annotator.core.annotation import Relation, Span
from annotator.core.annotation_set import AnnotationSet
from annotator.core.rules import check_overlap
from annotator.core.schema import Schema
from annotator.core.schema_file import parse_schema
from annotator.errors import InputError
from annotator.formats.base import Record, Source, Target
from annotator.formats.check import schema_problems
from annotator.formats.jsonl import FORMAT

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"
SHA256 = "389f8d8ea1dfeec6e071d18cde511097baa8903f785c9b7be32e429d219cb5d4"
NAMES = ("PERSON", "ORGANIZATION", "GROUP", "LOCATION", "FACILITY", "EVENT")
OF_ARTICLES = re.compile(r"(?i)(the|an?) ")
PREPOSITION = re.compile(r"(?i)(on|in|at|by|for|since|during|of|from|to|with|until|after) ")
GUIDELINE_LIMIT = 600


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_seed", ROOT / "tools" / "build_seed.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_seed"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def seed(tool: ModuleType) -> Record:
    record = tool.compile_seed()
    assert isinstance(record, Record)
    return record


@pytest.fixture(scope="module")
def schema() -> Schema:
    return parse_schema((ROOT / "schemas" / "news.toml").read_text("utf-8"), "news.toml")


def of_layer(seed: Record, layer: str) -> list[Span]:
    return [span for span in seed.spans if span.layer == layer]


def attributions(seed: Record) -> list[Relation]:
    return [relation for relation in seed.relations if relation.type == "attribution"]


def targets(relation: Relation, role: str) -> list[str]:
    return [a.target for a in relation.arguments if a.role == role]


# -- the files ------------------------------------------------------------------------------------


def test_the_text_is_the_seed_byte_for_byte(seed: Record) -> None:
    assert seed.document.sha256 == SHA256
    assert seed.document.text.encode() == (SEEDS / "raqqa.txt").read_bytes()


def test_the_compiled_file_is_up_to_date(tool: ModuleType) -> None:
    made = tool.seed_bytes()
    assert (SEEDS / "raqqa.jsonl").read_bytes() == made, "run: python tools/build_seed.py"
    assert made == tool.seed_bytes()
    assert made.count(b"\n") == 1


def test_the_file_is_read_again_to_the_same_bytes(schema: Schema) -> None:
    path = SEEDS / "raqqa.jsonl"
    (read,) = FORMAT.read(Source(path, "raqqa.txt"))
    assert isinstance(read, Record), read
    assert list(schema_problems(read, schema)) == []
    sink = io.BytesIO()
    FORMAT.write([read], Target(file=sink))
    assert sink.getvalue() == path.read_bytes()


@pytest.mark.parametrize(
    ("words", "nth", "times"),
    [("Raqqa", 0, 2), ("Raqqa", 3, 2), ("Rakka", 0, 0), ("aqqa", 0, 0), (["one", "Rakka"], 0, 0)],
)
def test_words_that_do_not_settle_a_place_are_refused(
    tool: ModuleType, words: str | list[str], nth: int, times: int
) -> None:
    with pytest.raises(InputError, match=f"stands {times} times"):
        list(tool.fragments("Raqqa one, Raqqa two", 0, 20, words, nth))


def test_a_place_is_found_at_word_borders_and_in_order(tool: ModuleType) -> None:
    text = "ISIS or IS, or IS"
    assert list(tool.fragments(text, 0, len(text), "IS", 2)) == [(15, 17)]
    assert list(tool.fragments(text, 0, len(text), ["IS", "or"], 0)) == [(8, 10), (12, 14)]


# -- the record -----------------------------------------------------------------------------------


def test_every_span_holds_the_text_it_says(seed: Record) -> None:
    text = seed.document.text
    for span in seed.spans:
        pieces = [text[start:end] for start, end in span.fragments]
        assert span.text == " ".join(pieces)
        assert all(piece and piece == piece.strip() for piece in pieces), span.text
        assert list(span.fragments) == sorted(span.fragments)


def test_every_span_keeps_to_words_and_to_one_sentence(seed: Record) -> None:
    text = seed.document.text
    for span in seed.spans:
        assert any(s.start <= span.start and span.end <= s.end for s in seed.sentences or ())
        for start, end in span.fragments:
            assert not (text[start - 1 : start].isalnum() and text[start].isalnum()), span.text
            assert not (text[end - 1].isalnum() and text[end : end + 1].isalnum()), span.text


def test_labels_attributes_and_overlaps_are_the_schema_s(seed: Record, schema: Schema) -> None:
    annotations = AnnotationSet(seed.spans)
    for span in seed.spans:
        layer = schema.layer(span.layer)
        layer.label(span.label)
        check_overlap(annotations, layer, span)
        for values in span.attributes:
            for value in values.values:
                layer.attribute(values.name).value(value)
    assert len({(s.layer, s.label, s.fragments) for s in seed.spans}) == len(seed.spans)


def test_every_attribute_is_given_where_its_label_has_it(seed: Record, schema: Schema) -> None:
    for span in seed.spans:
        asked = [a.name for a in schema.layer(span.layer).attributes_of(span.label)]
        assert [a.name for a in span.attributes] == asked, span.text


def test_relations_keep_to_the_roles(seed: Record, schema: Schema) -> None:
    spans = {span.id: span for span in seed.spans}
    for relation in seed.relations:
        for role in schema.relation(relation.type).roles:
            found = [spans[target] for target in targets(relation, role.name)]
            assert len(found) >= role.min
            assert role.max is None or len(found) <= role.max
            assert all(role.accepts(span.layer, span.label) for span in found)


@pytest.mark.parametrize("layer", ["claim", "source", "cue"])
def test_each_span_stands_in_one_attribution(seed: Record, layer: str) -> None:
    used = Counter(target for r in attributions(seed) for target in targets(r, layer))
    assert used == Counter(span.id for span in of_layer(seed, layer))


def test_an_attribution_has_a_cue_and_a_source_or_says_why_not(seed: Record) -> None:
    for relation in attributions(seed):
        assert len(targets(relation, "cue")) == 1
        assert targets(relation, "source") or (relation.note or "").startswith("No source")


def test_names_and_sources_have_an_actor_and_every_actor_a_mention(seed: Record) -> None:
    mentions = Counter(span.actor for span in seed.spans if span.actor)
    assert set(mentions) == {actor.id for actor in seed.actors}
    for span in seed.spans:
        named = span.label in NAMES or span.label == "SOURCE"
        assert (span.actor is not None) == named, span.text


def test_one_actor_for_each_thing_and_one_string_for_one_actor(seed: Record) -> None:
    known = {actor.id: actor for actor in seed.actors}
    for span in of_layer(seed, "entity"):
        if span.actor is not None:
            actor = known[span.actor]
            assert span.text in (actor.name, *actor.aliases)
            assert actor.kind == span.label.lower()
    strings = [name for actor in seed.actors for name in (actor.name, *actor.aliases)]
    assert len(strings) == len(set(strings))


def test_an_actor_has_its_fullest_name_in_the_text(seed: Record) -> None:
    """A name from elsewhere is an alias with a note; what has no name is told by a description."""
    described = {"rebel groups in southern Syria", "SDF spokesman (unnamed)"}
    text = seed.document.text
    for actor in seed.actors:
        if actor.name in described:
            assert actor.note
            continue
        names = [a for a in actor.aliases if a in text]
        assert actor.name in text, actor.name
        assert all(len(name) <= len(actor.name) for name in names), actor.name
        assert len(names) == len(actor.aliases) or actor.note, actor.name


def test_what_is_flagged_says_why(seed: Record) -> None:
    flagged = [span for span in seed.spans if span.flagged]
    assert [span.text[:17] for span in flagged] == [
        "A US -backed alli", "An SDF spokesman", "he", "the monitor", "He",
    ]  # fmt: skip
    assert all(span.note for span in flagged)
    doubted = [s.text for s in seed.spans if any(a.uncertain for a in s.attributes)]
    assert doubted == ["An SDF spokesman", "he", "He"]


def test_everything_is_done(seed: Record) -> None:
    assert seed.status == "done"
    assert seed.done == {sentence.id for sentence in seed.sentences or ()}
    assert (seed.annotator, seed.schema_name) == ("gold", "news")


def test_counts(seed: Record) -> None:
    assert Counter(span.label for span in seed.spans) == {
        "PERSON": 3, "ORGANIZATION": 4, "GROUP": 21, "LOCATION": 35, "NATIONALITY": 15,
        "DATE": 12, "QUANTITY": 4, "CLAIM": 17, "SOURCE": 18, "CUE": 17,
    }  # fmt: skip
    assert Counter(r.type for r in seed.relations) == {"attribution": 17, "support": 1}
    assert len(seed.sentences or ()) == 21
    assert len(seed.actors) == 24
    values = Counter(v for s in seed.spans for a in s.attributes for v in a.values)
    assert values == {
        "indirect": 14, "direct": 3, "statement": 14, "belief": 2, "request": 1,
        "named": 5, "anonymous": 1, "institutional": 12,
    }  # fmt: skip


# -- the guidelines -------------------------------------------------------------------------------


def test_guidelines_can_be_read_at_a_glance(schema: Schema) -> None:
    for layer in schema.layers:
        assert 0 < len(layer.description) <= GUIDELINE_LIMIT, layer.name
        for label in layer.labels:
            assert 0 < len(label.guideline) <= GUIDELINE_LIMIT, label.name
            assert "\n" not in label.description


def test_names_stand_without_article_possessive_and_lower_case_edges(seed: Record) -> None:
    for span in of_layer(seed, "entity"):
        if span.label in NAMES:
            assert not OF_ARTICLES.match(span.text), span.text
            assert not re.search(r"['’]s?$", span.text), span.text
            assert span.text[0].isupper(), span.text
            assert re.match("(al-)?[A-Z]", span.text.split()[-1]), span.text


def test_every_capitalised_word_is_in_a_name_or_begins_something(seed: Record) -> None:
    """Words with a capital that no entity covers; any but these would be a name that was missed."""
    covered = {p for s in of_layer(seed, "entity") for a, e in s.fragments for p in range(a, e)}
    text = seed.document.text
    loose = [m[0] for m in re.finditer(r"\b[A-Z]\w*", text) if m.start() not in covered]
    assert " ".join(loose) == (
        "A The An We The We Both During Meanwhile The Once Fighting He The However"
    )


def test_every_number_is_in_a_date_or_quantity(seed: Record) -> None:
    covered = [s for s in seed.spans if s.label in ("DATE", "QUANTITY")]
    for number in re.finditer(r"\d+", seed.document.text):
        assert any(s.start <= number.start() and number.end() <= s.end for s in covered), number[0]


@pytest.mark.parametrize("string", ["Raqqa", "ISIS", "SDF", "US", "Syrian", "Syria", "Turkey"])
def test_a_name_is_labelled_alike_wherever_it_stands(seed: Record, string: str) -> None:
    found = [m.span() for m in re.finditer(rf"(?<!\w){string}(?!\w)", seed.document.text)]
    spans = [s for s in of_layer(seed, "entity") if s.text == string]
    assert [(s.start, s.end) for s in spans] == found
    assert len({(s.label, s.actor) for s in spans}) == 1


def test_dates_and_sources_stand_without_preposition(seed: Record) -> None:
    for span in seed.spans:
        if span.label in ("DATE", "SOURCE", "QUANTITY") and not span.text.startswith("at least"):
            assert not PREPOSITION.match(span.text), span.text


def test_claims_leave_out_cue_source_complementiser_and_final_stop(seed: Record) -> None:
    spans = {span.id: span for span in seed.spans}
    for relation in attributions(seed):
        claim = spans[targets(relation, "claim")[0]]
        assert not claim.text.startswith("that ")
        assert claim.text[-1] not in ".,"
        for other in (*targets(relation, "cue"), *targets(relation, "source")):
            cut = spans[other]
            assert all(cut.end <= a or e <= cut.start for a, e in claim.fragments), claim.text


def test_direct_claims_are_the_quoted_ones_marks_and_all(seed: Record) -> None:
    for claim in of_layer(seed, "claim"):
        mode = claim.attributes[0].values
        quoted = claim.text[0] in "“" and claim.text[-1] in "“”"
        assert mode == (("direct",) if quoted else ("indirect",)), claim.text
        assert quoted or not re.search("[“”]", claim.text)


def test_every_quotation_mark_is_in_a_direct_claim(seed: Record) -> None:
    marks = [m.start() for m in re.finditer("[“”]", seed.document.text)]
    claims = of_layer(seed, "claim")
    assert len(marks) == 6
    assert all(any(a <= m < e for c in claims for a, e in c.fragments) for m in marks)
