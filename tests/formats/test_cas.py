"""UIMA CAS in XMI and JSON: what is written, what real files hold, and what is refused."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from essence import essence

from annotator.core.annotation import Argument, AttributeValues, Relation, Span
from annotator.core.document import Document, Sentence
from annotator.core.schema import NO_SCHEMA, Schema
from annotator.errors import InputError
from annotator.formats import cas_json, cas_xmi
from annotator.formats.base import Format, Record, Refusal, Source, Target
from annotator.formats.cas_structures import RESERVED, coded, decoded
from annotator.formats.loss import Losses
from annotator.formats.webanno_tsv import FORMAT as TSV
from annotator.workflow.recognising import Recognised, Recogniser, items_of

BOTH = pytest.mark.parametrize("format", [cas_json.FORMAT, cas_xmi.FORMAT], ids=["json", "xmi"])
TEXT = "😀 Bob “said” <it>\r\n&c."


def read(format: Format, path: Path, schema: Schema = NO_SCHEMA) -> tuple[Record, Losses]:
    losses = Losses()
    (record,) = format.read(Source(path, path.name, schema=schema, losses=losses))
    assert isinstance(record, Record)
    return record, losses


def written(
    format: Format, folder: Path, record: Record, schema: Schema = NO_SCHEMA
) -> tuple[Path, Losses]:
    target = Target(folder=folder, schema=schema, losses=Losses())
    assert format.export(iter([record]), target) == 1
    return folder / f"a{format.extensions[-1]}", target.losses


def example() -> Record:
    places = {"claim": (13, 20), "source": (2, 5), "cue": (7, 11)}
    attributes = {"claim": (AttributeValues("mode", ("direct",)), AttributeValues("sofa", ("x",)))}
    spans = tuple(
        Span(name, "", "", name, name.upper(), (place,), TEXT[slice(*place)],
             attributes=attributes.get(name, ()), note="a\n<b>" if name == "cue" else None)
        for name, place in places.items()
    )  # fmt: skip
    arguments = (Argument("claim", "span", "claim"), Argument("cue", "span", "cue"))
    all_three = (Argument("source", "span", "source"), *arguments)
    return Record(
        document=Document("", "a.txt", TEXT, ""),
        sentences=(Sentence("1", "", 0, 17), Sentence("2", "", 19, 22)),
        spans=spans,
        relations=(
            Relation("r", "", "", "attribution", arguments),
            # The note looks like the id of a structure.
            Relation("n", "", "", "attribution", all_three, note="20 22"),
        ),
    )


@BOTH
def test_it_comes_back(format: Format, tmp_path: Path, news: Schema) -> None:
    path, losses = written(format, tmp_path, example(), news)
    assert not losses
    record, losses = read(format, path, news)
    assert not losses
    assert essence(record) == essence(example())


@BOTH
def test_the_library_of_others_reads_the_same(format: Format, tmp_path: Path, news: Schema) -> None:
    import cassis

    path, _ = written(format, tmp_path, example(), news)
    if format is cas_xmi.FORMAT:
        with (tmp_path / "TypeSystem.xml").open("rb") as file:
            types = cassis.load_typesystem(file)
        with path.open("rb") as file:
            cas = cassis.load_cas_from_xmi(file, typesystem=types)
    else:
        with path.open("rb") as file:
            cas = cassis.load_cas_from_json(file)
    assert cas.sofa_string == TEXT
    assert not cas.typecheck()
    for span in example().spans:
        (found,) = cas.select(f"webanno.custom.{span.layer}")
        assert ((found.begin, found.end), found.label) == (span.fragments[0], span.label)
        assert found.note == span.note
    (claim,) = cas.select("webanno.custom.claim")
    assert (claim.mode, claim.x_73_ofa) == ("direct", "x")
    (tie,) = cas.select("webanno.custom.attribution")
    (cue,) = cas.select("webanno.custom.cue")
    assert (tie.Governor, tie.Dependent, tie.label) == (claim, cue, "attribution/cue")
    assert (tie.begin, tie.end) == (cue.begin, cue.end)
    (host,) = cas.select("webanno.custom.attributionLinks")
    (source,) = cas.select("webanno.custom.source")
    assert (host.relation, host.note) == ("attribution", "20 22")
    assert (host.begin, host.end) == (source.begin, source.end)
    assert [(link.role, link.target) for link in host.arguments.elements] == [
        ("source", source), ("claim", claim), ("cue", cue),
    ]  # fmt: skip
    sentence = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence"
    assert [(s.begin, s.end) for s in cas.select(sentence)] == [(0, 17), (19, 22)]
    tokens = cas.select("de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token")
    assert [t.get_covered_text() for t in tokens][:4] == ["😀", "Bob", "“", "said"]


def test_what_xml_cannot_hold_is_replaced_and_told(tmp_path: Path) -> None:
    record = Record(
        document=Document("", "a.txt", "a\x00b\x1b\ufffe", ""),
        spans=(Span("s", "", "", "l", "A", ((0, 2),), "a\x00", note="\x01"),),
    )
    path, losses = written(cas_xmi.FORMAT, tmp_path, record)
    assert [(loss.kind, loss.count) for loss in losses] == [("character that XML cannot hold", 4)]
    again, _ = read(cas_xmi.FORMAT, path)
    assert again.document.text == "a\ufffdb\ufffd\ufffd"
    assert (again.spans[0].text, again.spans[0].note) == ("a\ufffd", "\ufffd")
    path, losses = written(cas_json.FORMAT, tmp_path, record)
    assert not losses
    assert read(cas_json.FORMAT, path)[0].document.text == record.document.text


@pytest.mark.parametrize("name", ["claim", "über-all.1", "1st", "ax_2d_b", "begin", "_"])
def test_names_that_uima_does_not_allow_are_spelled_out(name: str) -> None:
    found = coded(name, RESERVED)
    assert found.isascii()
    assert found.isidentifier()
    assert found not in RESERVED
    assert decoded(found) == name


XMI = """<?xml version="1.0"?>
<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore"
 xmlns:c="http:///webanno/custom.ecore">
<cas:Sofa xmi:id="1" sofaID="_InitialView" sofaString="&#128512; a b"/>
{}
</xmi:XMI>
"""


def xmi(folder: Path, *elements: str) -> tuple[Record, Losses]:
    path = folder / "a.xmi"
    path.write_text(XMI.format("\n".join(elements)), "utf-8")
    return read(cas_xmi.FORMAT, path)


def test_slots_and_chains(tmp_path: Path) -> None:
    record, losses = xmi(
        tmp_path,
        '<c:Host xmi:id="2" sofa="1" begin="0" end="2" value="x" links="3 4"/>',
        '<c:Link xmi:id="3" role="who" target="5"/>',
        '<c:Link xmi:id="4" target="6"/>',
        '<c:Ref xmi:id="5" sofa="1" begin="3" end="4" referenceType="nam" next="6"/>',
        '<c:Ref xmi:id="6" sofa="1" begin="5" end="6"/>',
        '<c:Chain xmi:id="7" first="5"/>',
        '<c:Empty xmi:id="8" sofa="1" begin="3" end="3"/>',
        '<c:Odd xmi:id="9"/>',
    )
    found = {
        relation.type: [
            (a.role, next(s.text for s in record.spans if s.id == a.target))
            for a in relation.arguments
        ]
        for relation in record.relations
    }
    assert found == {
        "links": [("host", "😀"), ("who", "a"), ("target", "b")],
        "Chain": [("member", "a"), ("member", "b")],
    }
    assert [(s.layer, s.label) for s in record.spans] == [
        ("Host", "x"), ("Ref", "nam"), ("Ref", "Ref"),
    ]  # fmt: skip
    assert {loss.kind for loss in losses} == {
        "span without text", "structure that is no annotation",
    }  # fmt: skip


def test_lists_of_values_are_told(tmp_path: Path) -> None:
    one = '<c:S xmi:id="2" sofa="1" begin="0" end="2" value="x"><tags>a</tags><tags>b</tags></c:S>'
    record, losses = xmi(tmp_path, one)
    assert [(s.label, s.attributes) for s in record.spans] == [("x", ())]
    assert [(loss.kind, loss.count) for loss in losses] == [("value of a list", 2)]
    path = tmp_path / "a.json"
    words = {"%ID": 3, "%TYPE": "uima.cas.StringArray", "%ELEMENTS": ["a", "b"]}
    rows = [sofa(), words, span(value="x", **{"@tags": 3, "plain": [1.5], "@is": [True]})]
    path.write_text(json.dumps({"%FEATURE_STRUCTURES": rows}))
    record, losses = read(cas_json.FORMAT, path)
    assert [(s.label, s.attributes) for s in record.spans] == [("x", ())]
    assert [(loss.kind, loss.count) for loss in losses] == [("value of a list", 4)]


SPAN = '<c:S xmi:id="2" sofa="1" begin="{}" end="{}"/>'
WRONG_XMI = [
    (SPAN.format(1, 2), 5, "lies inside of the character"),
    (SPAN.format(0, 99), 5, "lies outside of the text"),
    (SPAN.format(3, 0), 5, "no range"),
    (SPAN.format("x", 0), 5, "begin is no whole number"),
    (f"{SPAN}\n{SPAN}".format(0, 2, 0, 2), 6, "the id 2 is used twice"),
    ('<c:T xmi:id="2" sofa="1" begin="0" end="2" Governor="7" Dependent="8"/>', 5, "refers to 7"),
    ("<c:A>" * 9 + "</c:A>" * 9, 5, "nested too deep"),
    ('<c:C xmi:id="2" first="3"/><c:L xmi:id="3" sofa="1" begin="0" end="2" next="3"/>', 5,
     "is a circle"),
    ("<c:A>", 6, "not XML"),
    ("&lol;", 5, "not XML"),
]  # fmt: skip


@pytest.mark.parametrize(("element", "line", "message"), WRONG_XMI)
def test_wrong_xmi_is_named_with_its_line(
    element: str, line: int, message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        xmi(tmp_path, element)
    assert str(caught.value).startswith(f"{tmp_path / 'a.xmi'}:{line}: ")
    assert message in caught.value.message


BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
DOCTYPES = {
    "bomb": f'<!DOCTYPE x [<!ENTITY l0 "lol">{BOMB}]>',
    "external entity": '<!DOCTYPE x [<!ENTITY l11 SYSTEM "file:///etc/passwd">]>',
    "external type": '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">',
}


@pytest.mark.parametrize("kind", DOCTYPES)
def test_entities_are_never_read(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xmi"
    head, rest = XMI.format(SPAN.format(0, 2)).split("\n", 1)
    path.write_text(f"{head}\n{DOCTYPES[kind]}{rest.replace('&#128512;', '&l11;')}", "utf-8")
    with pytest.raises(InputError, match=r"a\.xmi:2: a document type declaration"):
        read(cas_xmi.FORMAT, path)


def sofa(**more: Any) -> dict[str, Any]:
    return {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaString": "😀 a", **more}


def span(**more: Any) -> dict[str, Any]:
    return {"%ID": 2, "%TYPE": "x.S", "@sofa": 1, "begin": 0, "end": 2, **more}


WRONG_JSON: list[tuple[Any, str]] = [
    ([], "there is no list %FEATURE_STRUCTURES"),
    ({"%FEATURE_STRUCTURES": 1}, "there is no list %FEATURE_STRUCTURES"),
    ([1], "structure 1 has no %TYPE"),
    ([sofa(**{"%ID": "a"})], "structure 1: %ID is no whole number"),
    ([sofa(), span(begin=1.5)], "structure 2: begin is no whole number"),
    ([sofa(), span(begin=True)], "structure 2: begin is no whole number"),
    ([sofa(), span(end=1)], "lies inside of the character"),
    ([sofa(), span(end=10**400)], "lies outside of the text"),
    ([sofa(), span(begin=-1)], "no range"),
    ([sofa(), span(), span()], "the id 2 is used twice"),
    ([sofa(), span(extra={})], "structure 2: extra is neither a value nor a reference"),
    ([sofa(), span(**{"@Governor": 9, "@Dependent": 2})], "refers to 9, which is not in the file"),
    ([span()], "the file holds no text"),
]


@pytest.mark.parametrize(("rows", "message"), WRONG_JSON)
def test_wrong_json_is_refused(rows: Any, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    row = {"%FEATURE_STRUCTURES": rows} if isinstance(rows, list) and rows else rows
    path.write_text(json.dumps(row))
    with pytest.raises(InputError) as caught:
        read(cas_json.FORMAT, path)
    assert message in caught.value.message


@pytest.mark.parametrize("content", ["{", "[" * 100_000, '{"%TYPES": ' * 100_000])
def test_broken_and_deep_json_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(content)
    with pytest.raises(InputError, match=r"not JSON|the JSON is nested too deep"):
        read(cas_json.FORMAT, path)


def test_anchors_with_marks_and_structures_by_id(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    one = {"%TYPE": "x.S", "@sofa": 1, "^begin": 3, "^end": 4, "value": "v"}
    path.write_text(json.dumps({"%FEATURE_STRUCTURES": {"1": sofa(), "7": one}}))
    record, _ = read(cas_json.FORMAT, path)
    assert [(s.layer, s.label, s.text) for s in record.spans] == [("S", "v", "a")]


def test_real_files_come_back(corpora: Path, tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    folders = [corpora / "tool_cassis", corpora / "tool_inception"]
    for entry in Recogniser(None, {}).files(folders, tmp_path / "unpacked"):
        if not isinstance(entry, Recognised) or not entry.format.name.startswith("cas-"):
            continue
        format = entry.format
        for item in items_of(format, Source(entry.file.path, "a.txt", losses=Losses())):
            if isinstance(item, Refusal):
                assert item.message == "the file holds no text"
                counts["refused"] += 1
                continue
            counts[f"{format.name} documents"] += 1
            counts["spans"] += len(item.spans)
            counts["relations"] += len(item.relations)
            for other in (cas_json.FORMAT, cas_xmi.FORMAT):
                folder = tmp_path / f"{sum(counts.values())} {other.name}"
                folder.mkdir()
                target = Target(folder=folder, losses=Losses())
                other.export(iter([item]), target)
                assert not target.losses
                (path,) = folder.glob(f"*{other.extensions[-1]}")
                reduced = other.reduce(item, Target(losses=Losses()))
                assert essence(read(other, path)[0]) == essence(reduced)
    assert counts == {
        "refused": 12,
        "cas-json documents": 7,
        "cas-xmi documents": 50,
        "spans": 130,
        "relations": 18,
    }


def said(record: Record) -> Counter[Any]:
    """Spans; some of the suite's files call the type of the same spans differently."""
    return Counter((s.label if s.label != s.layer else None, s.fragments) for s in record.spans)


def test_the_suite_says_the_same_as_tsv_and_as_xmi(corpora: Path) -> None:
    suite = corpora / "tool_inception/inception-io-webanno-tsv/src/test/resources/tsv3-suite"
    compared = 0
    for folder in sorted(suite.iterdir()):
        if not (folder / "reference.xmi").exists():
            continue
        tsv, _ = read(TSV, folder / "reference.tsv")
        cas, _ = read(cas_xmi.FORMAT, folder / "reference.xmi")
        if "Whitespace" not in folder.name:
            assert tsv.document.text == cas.document.text
            assert said(tsv) == said(cas), folder.name
            assert len(tsv.relations) == len(cas.relations), folder.name
            compared += 1
    assert compared == 34
