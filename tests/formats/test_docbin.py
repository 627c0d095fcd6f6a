"""spaCy's DocBin: spaCy reads what is written, we read what it writes; wrong ones are refused."""

from __future__ import annotations

import io
import struct
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from random_records import projects
from reading import losses, one, read, refused, relations, spans
from test_round_trips import FEW, target_of

from annotator.core.ranges import trim
from annotator.core.schema import NO_SCHEMA, Schema
from annotator.errors import InputError, NotFoundError
from annotator.formats import docbin_columns
from annotator.formats.base import Record, Refusal, Target
from annotator.formats.docbin import FORMAT

spacy = pytest.importorskip("spacy", reason="spaCy is not installed")
from spacy.tokens import Doc, DocBin, Span, SpanGroup  # noqa: E402

TEXT = "Bob  Lee said\nit rained in Rome. Ann left."


@pytest.fixture(scope="module")
def nlp() -> Any:
    return spacy.blank("en")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "in.spacy"


def docs_of(records: list[Record], schema: Schema, nlp: Any, **given: str) -> list[Any]:
    """What spaCy makes of an export."""
    sink = io.BytesIO()
    FORMAT.export(iter(records), Target(file=sink, schema=schema, options=given))
    return list(DocBin().from_bytes(sink.getvalue()).get_docs(nlp.vocab))


def packed(*docs: Any, store_user_data: bool = True) -> bytes:
    return bytes(DocBin(store_user_data=store_user_data, docs=docs).to_bytes())


def test_spacy_reads_what_is_written(full_schema: Schema, nlp: Any) -> None:
    @FEW
    @given(records=projects())
    def reads(records: list[Record]) -> None:
        docs = docs_of(records, full_schema, nlp)
        for record, doc in zip(records, docs, strict=True):
            reduced = FORMAT.reduce(record, target_of(FORMAT, full_schema))
            assert doc.text == record.document.text
            found = Counter(
                (layer, s.label_, s.start_char, s.end_char, s.text)
                for layer, group in doc.spans.items() for s in group
            )  # fmt: skip
            assert found == Counter(
                (s.layer, s.label, s.start, s.end, s.text) for s in reduced.spans
            )
            inner = {(label, trim(doc.text, start, end)) for _, label, start, end, _ in found}
            assert {(e.label_, (e.start_char, e.end_char)) for e in doc.ents} <= inner
            assert bool(doc.ents) == any(place for _, place in inner)
            if reduced.sentences:
                starts = [t.idx for t in doc if t.is_sent_start and not t.is_space]
                assert starts == [s.start for s in reduced.sentences]
            assert doc.user_data["name"] == record.document.name
            said = Counter(
                tuple(doc.spans[layer][n].text for layer, n in (r["head"], r["child"]))
                for r in doc.user_data.get("relations", ())
            )
            texts = {s.id: s.text for s in reduced.spans}
            assert said == Counter(
                tuple(texts[a.target] for a in r.arguments) for r in reduced.relations
            )

    reads()


def test_the_seed_for_training(news: Schema, nlp: Any, root: Path) -> None:
    from annotator.formats.jsonl import FORMAT as JSONL
    from annotator.formats.source import Source

    (record,) = JSONL.read(Source(root / "seeds" / "raqqa.jsonl", "raqqa", schema=news))
    assert isinstance(record, Record)
    (doc,) = docs_of([record], news, nlp)
    people = [e.text for e in doc.ents if e.label_ == "PERSON"]
    assert "Talal Sillo" in people
    assert {"entity", "claim", "source", "cue"} <= set(doc.spans)
    Doc.set_extension("rel", default={}, force=True)
    heads = {head for head, _ in doc._.rel}
    assert heads <= {s.start for group in doc.spans.values() for s in group}
    (claims,) = docs_of([record], news, nlp, entities="claim")
    assert {e.label_ for e in claims.ents} == {"CLAIM"}
    with pytest.raises(NotFoundError):
        docs_of([record], news, nlp, entities="clam")


def test_the_layer_of_entities_is_the_first_that_is_exported(news: Schema) -> None:
    from annotator.formats.docbin import _entity_layer

    assert _entity_layer(Target(schema=news)) == "entity"
    assert _entity_layer(Target(schema=news, layers=("source", "claim"))) == "claim"
    assert _entity_layer(Target()) == "entity"


# -- what spaCy writes ---------------------------------------------------------------------------


def annotated(nlp: Any) -> Any:
    doc = nlp(TEXT)
    doc.ents = [doc.char_span(0, 8, "PERSON"), doc.char_span(27, 31, "GPE", kb_id="Q220")]
    doc[10].is_sent_start = True
    doc.cats = {"NEWS": 1.0, "OPINION": 0.0}
    return doc


def test_entities_sentences_links_and_labels(path: Path, nlp: Any) -> None:
    doc = annotated(nlp)
    doc.user_data["source"] = "wire"
    found = read(FORMAT, path, packed(doc, nlp("Two.")))
    first, second = found[0]
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert first.document.text == TEXT
    assert first.document.meta == {"source": "wire"}
    assert spans(first) == [("entity", "PERSON", "Bob  Lee"), ("entity", "GPE", "Rome")]
    assert [(a.name, a.links) for a in first.actors] == [("Rome", (("wikidata", "Q220"),))]
    assert [TEXT[s.start : s.end] for s in first.sentences or ()] == [
        TEXT[: doc[10].idx].strip(), TEXT[doc[10].idx :],
    ]  # fmt: skip
    assert [(u.layer, u.label) for u in first.unit_labels] == [("document", "NEWS")]
    assert (second.document.name, second.document.text) == ("in.spacy#2", "Two.")
    assert second.sentences is None
    assert losses(found) == {}


def test_groups_are_layers_and_sc_is_none(path: Path, nlp: Any, news: Schema) -> None:
    doc = annotated(nlp)
    doc.spans["sc"] = [doc[0:5], Span(doc, 5, 7, "CLAIM"), Span(doc, 0, 3, "PERSON")]
    doc.spans["source"] = [Span(doc, 0, 3, "SOURCE")]
    found = read(FORMAT, path, packed(doc), news, layer=None)
    assert Counter(spans(one(found))) == Counter(
        [
            ("claim", "CLAIM", "it rained"),
            ("entity", "PERSON", "Bob  Lee"),
            ("source", "SOURCE", "Bob  Lee"),
            ("entity", "GPE", "Rome"),
        ]
    )
    assert losses(found) == {"span without a label": 1}
    forced = one(read(FORMAT, path, packed(doc), news, layer="quote"))
    assert {s.layer for s in forced.spans} == {"quote"}


def test_relations_of_the_relation_extractor(path: Path, nlp: Any, news: Schema) -> None:
    Doc.set_extension("rel", default={}, force=True)
    doc = annotated(nlp)
    doc._.rel = {(0, 8): {"attribution": 1.0, "no": 0.0}, (8, 0): {}, (4, 0): {"attribution": 0.9}}
    found = read(FORMAT, path, packed(doc), news)
    assert relations(one(found)) == [("attribution", [("claim", "Bob  Lee"), ("source", "Rome")])]
    assert losses(found) == {"relation with an end that is not there": 1}


def test_unknown_spaces_and_older_files(path: Path, nlp: Any) -> None:
    doc = Doc(nlp.vocab, words=["Bob", "left", "."])
    doc.spans["old"] = [Span(doc, 0, 1, "X")]
    row = contents(packed(doc, store_user_data=False))
    (group,) = msgspec.msgpack.decode(row["span_groups"][0])
    row["span_groups"] = [msgspec.msgpack.encode([group])]
    assert row["flags"] == [{"has_unknown_spaces": True}]
    record = one(read(FORMAT, path, repacked(row)))
    assert record.document.text == "Bob left ."
    assert spans(record) == [("old", "X", "Bob")]


def test_tags_are_told(path: Path, nlp: Any) -> None:
    doc = Doc(nlp.vocab, words=["Bob"], pos=["PROPN"])
    assert losses(read(FORMAT, path, packed(doc))) == {"tags, lemmas or parse of tokens": 1}


# -- wrong files ---------------------------------------------------------------------------------


def contents(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.msgpack.decode(zlib.decompress(data))
    return found


def repacked(row: dict[str, Any]) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(row))


def group_of(start: int, end: int, label: int = 0) -> bytes:
    span = struct.pack(">QQQllll", 0, 0, label, start, end, 0, 0)
    group = msgspec.msgpack.encode({"name": "sc", "attrs": {}, "spans": [span]})
    return msgspec.msgpack.encode({group: ["sc"]})


DEEP = b"\x81\xa4meta" + b"\x91" * 100_000 + b"\xc0"
LESS_DEEP = b"\x81\xa4meta\x81\xa1x" + b"\x91" * 800 + b"\xc0"
WRONG_BINS: list[tuple[dict[str, Any], str]] = [
    ({"attrs": list(range(66, 79))}, "without words"),
    ({"attrs": []}, "lengths or attributes are none"),
    ({"attrs": "ORTH"}, "Expected `array`"),
    ({"lengths": b"\1\0"}, "its lengths are cut off"),
    ({"lengths": struct.pack("<ii", -1, 12)}, "lengths or attributes are none"),
    ({"lengths": struct.pack("<i", 10**9)}, "not as many as its lengths say"),
    ({"tokens": b"\0" * 8}, "not as many as its lengths say"),
    ({"spaces": "text"}, "bytes are expected"),
    ({"strings": [1]}, "Expected `str`"),
    ({"cats": []}, "0 entries for 1 documents"),
    ({"cats": 7}, "a list or map is expected"),
]
WRONG_DOCUMENTS: list[tuple[dict[str, Any], str]] = [
    ({"strings": ["Bob"]}, "does not hold the word"),
    ({"cats": [{"A": "much"}]}, "Expected `float`"),
    ({"cats": [[]]}, "Expected `object`"),
    ({"flags": [3]}, "Expected `object`"),
    ({"span_groups": [group_of(0, 10**6)]}, "tokens 0–1000000 of a document of"),
    ({"span_groups": [group_of(3, 1)]}, "tokens 3–1 of a document of"),
    ({"span_groups": [group_of(-1, 1)]}, "tokens -1–1 of a document of"),
    ({"span_groups": [group_of(0, 1, 77)]}, "does not hold the word of number 77"),
    ({"span_groups": [b"\xff"]}, "a damaged DocBin"),
    ({"span_groups": [msgspec.msgpack.encode({b"\x80": ["sc"]})]}, "missing required field"),
    ({"user_data": [{}]}, "bytes are expected"),
    ({"user_data": [DEEP]}, "nested too deep"),
    ({"user_data": [LESS_DEEP]}, "nested too deep"),
    ({"user_data": [b"\x81\xa1x" + LESS_DEEP[6:]]}, "nested too deep"),
    ({"user_data": [b"\x81\xa1x" + b"\x91" * 200 + b"\xc0"]}, "more than 100 levels deep"),
    ({"user_data": [msgspec.msgpack.encode({"relations": [{"label": 1}]})]}, "its relations"),
    ({"user_data": [msgspec.msgpack.encode({("._.", "rel", None, None): 5})]}, "doc._.rel is not"),
]


@pytest.mark.parametrize(("change", "message"), WRONG_BINS)
def test_wrong_bins_are_refused(change: dict[str, Any], message: str, path: Path, nlp: Any) -> None:
    row = {**contents(packed(annotated(nlp))), **change}
    with pytest.raises(InputError) as caught:
        read(FORMAT, path, repacked(row))
    assert caught.value.message.startswith(f"{path}: ")
    assert message in caught.value.message


@pytest.mark.parametrize(("change", "message"), WRONG_DOCUMENTS)
def test_wrong_documents_are_refused(
    change: dict[str, Any], message: str, path: Path, nlp: Any
) -> None:
    row = {**contents(packed(annotated(nlp))), **change}
    assert message in refused(read(FORMAT, path, repacked(row)))


def test_one_wrong_document_stops_no_other(path: Path, nlp: Any) -> None:
    row = contents(packed(annotated(nlp), nlp("Two."), annotated(nlp)))
    row["span_groups"][1] = group_of(0, 99)
    found, _ = read(FORMAT, path, repacked(row))
    assert [type(item) for item in found] == [Record, Refusal, Record]
    assert isinstance(found[1], Refusal)
    assert found[1].place == f"{path} document 2"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it is cut off"),
        (b"text", "a damaged DocBin"),
        (zlib.compress(b""), "it is empty"),
        (zlib.compress(b"\x80"), "there is no attrs"),
        (zlib.compress(b"\x81\xa5attrs\xdd\xff\xff\xff\xff"), "it is cut off"),
        (zlib.compress(b"\x81\xc6\xff\xff\xff\xff"), "it is cut off"),
    ],
)
def test_what_is_no_bin(data: bytes, message: str, path: Path) -> None:
    with pytest.raises(InputError, match=message):
        read(FORMAT, path, data)


def test_cut_off_anywhere(path: Path, nlp: Any) -> None:
    whole = packed(annotated(nlp))
    for end in range(0, len(whole), 97):
        with pytest.raises(InputError, match="a damaged DocBin"):
            read(FORMAT, path, whole[:end])
    inner = zlib.decompress(whole)
    for end in range(0, len(inner), 97):
        with pytest.raises(InputError, match="a damaged DocBin"):
            read(FORMAT, path, zlib.compress(inner[:end]))


def test_bytes_changed_within_break_nothing(path: Path, nlp: Any) -> None:
    """Every byte of the columns is another once; what comes is checked records, or refusals."""
    doc = annotated(nlp)
    doc.spans["sc"] = [Span(doc, 5, 7, "CLAIM")]
    doc.user_data["relations"] = [{"label": "a", "head": ["sc", 0], "child": ["sc", 0]}]
    inner = zlib.decompress(packed(doc))
    outcomes: Counter[str] = Counter()
    for at in range(0, len(inner), 3):
        data = bytearray(inner)
        data[at] ^= 1 << at % 8
        try:
            items, _ = read(FORMAT, path, zlib.compress(data, 1))
            outcomes.update(type(item).__name__ for item in items)
        except InputError:
            outcomes["InputError"] += 1
    assert outcomes.total() >= len(inner) // 3
    assert len(outcomes) == 3


def test_bombs_are_refused(path: Path, nlp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docbin_columns, "_ALWAYS", 1 << 20)
    with pytest.raises(InputError, match="unpacks to more than"):
        read(FORMAT, path, zlib.compress(b"\0" * (1 << 26)))
    doc = Doc(nlp.vocab, words=["long" * 100] * 50)
    message = refused(read(FORMAT, path, packed(doc), NO_SCHEMA, largest_record=10_000))
    assert "longer than 10,000" in message
    doc = Doc(nlp.vocab, words=["a"] * 50)
    message = refused(read(FORMAT, path, packed(doc), NO_SCHEMA, largest_record=3_000))
    assert "larger than 3,000" in message


def test_an_empty_bin_says_so(path: Path) -> None:
    assert refused(read(FORMAT, path, packed())) == "the file holds no document"


def test_groups_named_alike_are_told_apart(path: Path, nlp: Any) -> None:
    doc = annotated(nlp)
    group = SpanGroup(doc, name="other", spans=[Span(doc, 0, 1, "A")])
    doc.spans["one"] = group
    doc.spans["two"] = group
    assert Counter(s.layer for s in one(read(FORMAT, path, packed(doc))).spans) == {
        "one": 1, "two": 1, "entity": 2,
    }  # fmt: skip
