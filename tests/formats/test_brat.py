from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from essence import essence

from annotator.core.annotation import Argument, AttributeValues, Relation, Span, surface
from annotator.core.document import Document
from annotator.core.schema import NO_SCHEMA, Schema
from annotator.core.schema_file import parse_schema
from annotator.errors import InputError
from annotator.formats.base import Record, Refusal, Source, Target
from annotator.formats.brat import FORMAT
from annotator.formats.findings import Findings
from annotator.formats.loss import Losses
from annotator.workflow.recognising import Recognised, Recogniser, items_of

TEXT = "Bob Lee said it may\nrain today. He knows."


def read(
    folder: Path, ann: str, text: str = TEXT, schema: Schema = NO_SCHEMA
) -> tuple[Record, Losses]:
    (folder / "a.txt").write_bytes(text.encode())
    (folder / "a.ann").write_bytes(ann.encode())
    losses = Losses()
    (record,) = FORMAT.read(Source(folder / "a.ann", "a.ann", schema=schema, losses=losses))
    assert isinstance(record, Record)
    return record, losses


def written(folder: Path, record: Record, schema: Schema = NO_SCHEMA) -> tuple[str, Losses]:
    target = Target(folder=folder, schema=schema, losses=Losses())
    assert FORMAT.export(iter([record]), target) == 1
    return (folder / "a.ann").read_bytes().decode(), target.losses


EVERY_KIND = """T1	Source 0 7	Bob Lee
T2	Claim 13 15;16 19	it may
T3	Say 8 12	said
E1	Say:T3 Speaker:T1 Content:T2
E2	Doubt:T4 Theme:E1 Theme2:T5
T4	Doubt 35 40	knows
T5	Source 32 34	He
R1	AttributedTo Arg1:T2 Arg2:T1
*	Equiv T1 T5
A1	Modality T2 reported
A2	Negation E1
N1	Reference T1 Wikidata:Q42	Bob Lee
#1	AnnotatorNotes T2	free  text
"""


@pytest.mark.parametrize(
    ("arguments", "lost"),
    [
        ("Theme:T1 Theme2:T3", 0), ("Theme2:T3 Theme:T1", 0), ("Theme1:T1 Theme2:T3", 0),
        ("Theme2:T3", 1), ("Site2:T1 Theme:T3", 1),
    ],
)  # fmt: skip
def test_the_number_of_a_role_is_told_where_it_counts_nothing(
    arguments: str, lost: int, tmp_path: Path
) -> None:
    spans = "T1\tA 0 3\tBob\nT2\tSay 8 12\tsaid\nT3\tB 4 7\tLee\n"
    record, losses = read(tmp_path, f"{spans}E1\tSay:T2 {arguments}\n")
    assert {a.role for a in record.relations[0].arguments} <= {"trigger", "Theme", "Site"}
    assert {loss.kind: loss.count for loss in losses} == ({"number of a role": 1} if lost else {})


def test_a_role_whose_name_no_schema_may_hold_is_told_as_that_alone(tmp_path: Path) -> None:
    record, losses = read(tmp_path, "T1\tA 0 3\tBob\nT2\tSay 8 12\tsaid\nE1\tSay:T2 A;b:T1\n")
    assert [a.role for a in record.relations[0].arguments] == ["trigger", "A_b"]
    assert [loss.kind for loss in losses] == ["name that no schema may hold"]


def test_every_kind_of_line(tmp_path: Path) -> None:
    record, losses = read(tmp_path, EVERY_KIND)
    assert not losses
    assert record.document.name == "a.txt"
    assert [(s.layer, s.label, s.text) for s in record.spans] == [
        ("entity", "Source", "Bob Lee"), ("entity", "Claim", "it may"), ("entity", "Say", "said"),
        ("entity", "Doubt", "knows"), ("entity", "Source", "He"),
    ]  # fmt: skip
    bob, claim, say, doubt, he = record.spans
    assert claim.fragments == ((13, 15), (16, 19))
    assert claim.attributes == (AttributeValues("Modality", ("reported",)),)
    assert claim.note == "free  text"
    (actor,) = record.actors
    assert (bob.actor, actor.name, actor.links) == (actor.id, "Bob Lee", (("Wikidata", "Q42"),))
    ties = {r.type: [(a.role, a.target) for a in r.arguments] for r in record.relations}
    event = next(r for r in record.relations if r.type == "Say")
    assert event.attributes == (AttributeValues("Negation", ("yes",)),)
    assert ties == {
        "Say": [("trigger", say.id), ("Speaker", bob.id), ("Content", claim.id)],
        "Doubt": [("trigger", doubt.id), ("Theme", event.id), ("Theme", he.id)],
        "AttributedTo": [("from", claim.id), ("to", bob.id)],
        "Equiv": [("member", bob.id), ("member", he.id)],
    }


SCHEMA = """
name = "sayings"
version = 1
title = "Sayings"
[layer.entity]
title = "entities"
scope = "span"
overlap = "any"
labels = { Source = {}, Claim = {}, Say = {}, Doubt = {} }
attributes.Modality.values = ["reported"]
[relation.Say]
roles.trigger.layers = ["entity"]
roles.Speaker.layers = ["entity"]
roles.Content.layers = ["entity"]
attributes.Negation.values = ["yes"]
[relation.Doubt]
roles.trigger.layers = ["entity"]
roles.Theme.layers = ["entity"]
[relation.AttributedTo]
roles.from.layers = ["entity"]
roles.to.layers = ["entity"]
[relation.Equiv]
roles.member.layers = ["entity"]
"""


def test_what_brat_wrote_is_written_alike(tmp_path: Path) -> None:
    schema = parse_schema(SCHEMA, "sayings.toml")
    record, _ = read(tmp_path, EVERY_KIND, schema=schema)
    (tmp_path / "out").mkdir()
    ann, losses = written(tmp_path / "out", record, schema)
    assert not losses
    assert sorted(ann.splitlines()) == sorted(EVERY_KIND.splitlines())


def test_an_attribution_is_an_event_whose_trigger_is_the_cue(tmp_path: Path, news: Schema) -> None:
    places = {"claim": (13, 30), "source": (0, 7), "cue": (8, 12)}
    spans = tuple(
        Span(layer, "", "", layer, layer.upper(), (place,), TEXT[slice(*place)])
        for layer, place in places.items()
    )
    arguments = tuple(Argument(layer, "span", layer) for layer in places)
    record = Record(
        document=Document("", "a.txt", TEXT, ""),
        spans=spans,
        relations=(Relation("r", "", "", "attribution", arguments),),
    )
    ann, losses = written(tmp_path, record, news)
    assert ann.splitlines() == [
        "T1\tCLAIM 13 19;20 30\tit may rain today",
        "T2\tSOURCE 0 7\tBob Lee",
        "T3\tCUE 8 12\tsaid",
        "T4\tattribution 8 12\tsaid",
        "E1\tattribution:T4 claim:T1 source:T2 cue:T3",
    ]
    assert not losses
    again, losses = read(tmp_path, ann, schema=news)
    assert essence(again) == {**essence(record), "name": "a.txt"}
    assert not losses


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\u2028"])
def test_spans_across_lines_come_back_whole(line_end: str, tmp_path: Path) -> None:
    text = f"one{line_end}{line_end}two {line_end} x"
    end = text.index("two") + 3
    span = Span("s", "", "", "entity", "A", ((0, end),), surface(text, ((0, end),)))
    record = Record(document=Document("", "a.txt", text, ""), spans=(span,))
    ann, losses = written(tmp_path, record)
    assert ann == f"T1\tentity/A 0 3;{end - 3} {end}\tone two\n"
    assert not losses
    assert read(tmp_path, ann, text)[0].spans[0].fragments == ((0, end),)


def test_a_raw_line_end_in_a_spans_text_is_taken_for_what_it_is(tmp_path: Path) -> None:
    broken = "T1\tClaim 13 30\tit may\nrain today\nT2\tSource 0 7\tBob Lee\n"
    record, losses = read(tmp_path, broken)
    assert [s.text for s in record.spans] == ["it may\nrain today", "Bob Lee"]
    assert not losses


@pytest.mark.parametrize(
    "text", ["see\nT2\tB here", "see\nT2\tB\nT3\there", "see\nno line\n\n#1\tB\n*\tthere"]
)
def test_lines_of_a_spans_text_may_look_like_annotations(text: str, tmp_path: Path) -> None:
    line_ends = text.replace("\n\n", "\n")
    ann = f"T1\tA 0 {len(text)}\t{line_ends}\nT2\tB 0 3\tsee\n"
    record, losses = read(tmp_path, ann, f"{text}.")
    assert [s.text for s in record.spans] == [text, "see"]
    assert not losses


def test_white_space_of_another_kind_and_carriage_returns_are_no_difference(tmp_path: Path) -> None:
    record, _ = read(tmp_path, "T1\tA 0 9\tBob Lee s\r\n", "Bob\u00a0Lee s\r\n")
    assert record.spans[0].text == "Bob\u00a0Lee s"


def test_nothing_annotated_is_a_document(tmp_path: Path) -> None:
    record, losses = read(tmp_path, "")
    assert (record.spans, record.document.text) == ((), TEXT)
    assert FORMAT.sniff(b"", tmp_path / "a.ann") == 1.0
    assert not losses


def test_what_is_there_and_cannot_come_in_is_told(tmp_path: Path) -> None:
    ann = (
        "T1\tA 0 3\tBob\nT2\tB 4 4\t\nR1\tTie Arg1:T1 Arg2:T2\n#1\tNormal T1\tx\n"
        "#2\tAnnotatorNotes T9\ty\nM1\tSpeculation T1\nT3\tYou say? 0 3\tBob\n"
    ).replace("You say?", "You;say?")
    record, losses = read(tmp_path, ann)
    assert {(loss.kind, loss.count) for loss in losses} == {
        ("span without text", 1),
        ("argument of a relation", 1),
        ("comment", 1),
        ("note on what is no span or relation", 1),
        ("name that no schema may hold", 1),
    }
    assert record.spans[0].attributes == (AttributeValues("Speculation", ("yes",)),)
    assert record.spans[1].label == "You_say_"


BROKEN = [
    ("T1\tA 0 99\tBob", 1, "the range 0 to 99 is not in the text, which has 41 characters"),
    ("T1\tA 3 0\tBob", 1, "the range 3 to 0 is not in the text"),
    ("T1\tA 0 3\tBop", 1, "the span's text is 'Bop', but the offsets hold 'Bob'"),
    ("T1\tA 0 3\tBob\nT1\tA 0 3\tBob", 2, "the id T1 is used twice"),
    ("T1\tA\tBob", 1, "no span: 'A'"),
    (f"T1\tA 0 {'9' * 5000}\tBob", 1, "no offset"),
    ("T1\tA -1 3\tBob", 1, "no span"),
    ("R1\tTie Arg1:T8 Arg2:T9", 1, "there is no T8 in the file"),
    ("A1\tMode T9 x", 1, "there is no T9 in the file"),
    ("E1\tSay Speaker:T1", 1, "'Say' is no ROLE:ID"),
    ("T1\tA 0 3\tBob\nE1\tA:T1 X:E2\nE2\tA:T1 X:E1", 2, "E1 is, by way of its arguments"),
    ("N1\tReference T1 Q42\tBob\nT1\tA 0 3\tBob", 1, "'Q42' is no DATABASE:ID"),
    ("QUOTE\tQ1\t0\t1", 1, "no line of brat stand-off"),
    ("R1\t", 1, "a relation without a type"),
    ("A1\tMode", 1, "too short: 'Mode'"),
]


@pytest.mark.parametrize(("ann", "line", "message"), BROKEN)
def test_what_is_wrong_is_named_with_its_line(
    ann: str, line: int, message: str, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    path = tmp_path / "a.ann"
    path.write_text(ann)
    (entry,) = Recogniser(None, {}).files([tmp_path], tmp_path / "unpacked")
    assert isinstance(entry, Recognised)
    (item,) = items_of(entry.format, Source(path, "a.ann"))
    assert isinstance(item, Refusal)
    assert item.place == f"{path}:{line}"
    assert message in item.message


def test_a_file_without_its_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.ann"
    path.write_text("T1\tA 0 3\tBob\n")
    with pytest.raises(InputError, match=r"its text .*a\.txt is not there"):
        list(FORMAT.read(Source(path, "a.ann")))


CONF = """[entities]
Person
!Place
\tCity|GO:1
-------
[relations]
Lives Arg1:Person, Arg2:City
Equiv Arg1:Person, Arg2:Person, <REL-TYPE>:symmetric-transitive
<OVERLAP> Arg1:<ANY>, Arg2:<ANY>
[events]
<WHO>=Person|City
Say\tSpeaker:<WHO>, Content?:<EVENT>
[attributes]
Negation Arg:<EVENT>
Mention Arg:Person, Value:Name|Other
"""


def test_a_configuration_declares_a_schema(tmp_path: Path) -> None:
    (tmp_path / "annotation.conf").write_text(CONF)
    folder = tmp_path / "sub"
    folder.mkdir()
    findings = Findings()
    FORMAT.declare(Source(folder / "a.ann", "a.ann"), findings)
    assert set(findings.labels["entity", "span"]) == {"Person", "City", "Say"}
    assert {type: {role: set(found) for role, found in roles.items()} for type, roles in
            findings.relations.items()} == {
        "Lives": {"from": {("span", "entity")}, "to": {("span", "entity")}},
        "Equiv": {"member": {("span", "entity")}},
        "Say": {
            "trigger": {("span", "entity")},
            "Speaker": {("span", "entity")},
            "Content": {("relation", "Say")},
        },
    }  # fmt: skip
    assert set(findings.attributes["Say", "Negation"]) == {"yes"}
    assert set(findings.attributes["entity", "Mention"]) == {"Name", "Other"}
    (item,) = FORMAT.read(Source(tmp_path / "annotation.conf", "annotation.conf"))
    assert isinstance(item, Refusal)


@pytest.mark.parametrize("content", ["Person\n", "[nothing]\nPerson\n"])
def test_a_wrong_configuration_is_named_with_its_line(content: str, tmp_path: Path) -> None:
    (tmp_path / "annotation.conf").write_text(content)
    with pytest.raises(InputError, match=r"annotation\.conf:1: "):
        FORMAT.declare(Source(tmp_path / "a.ann", "a.ann"), Findings())


def test_the_configuration_written_is_the_one_read(tmp_path: Path, root: Path) -> None:
    path = root / "schemas" / "news.toml"
    schema = parse_schema(path.read_text("utf-8"), path.name)
    target = Target(folder=tmp_path, schema=schema, losses=Losses())
    FORMAT.export(iter(()), target)
    findings = Findings()
    FORMAT.declare(Source(tmp_path / "a.ann", "a.ann", schema=schema), findings)
    for layer in schema.layers:
        assert {label.name for label in layer.labels} <= set(findings.labels[layer.name, "span"])
        for attribute in layer.attributes:
            values = {value.name for value in attribute.values}
            assert set(findings.attributes[layer.name, attribute.name]) == values
    for relation in schema.relations:
        assert {role.name for role in relation.roles} <= set(findings.relations[relation.name])


def test_real_files(corpora: Path, tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    folders = ["tool_brat", "tool_inception", "turku_ner", "litbank"]
    for entry in Recogniser("brat", {}).files(
        [path for name in folders for path in sorted((corpora / name).rglob("*.ann"))], tmp_path
    ):
        assert isinstance(entry, Recognised)
        source = Source(entry.file.path, "a.ann", losses=Losses())
        for item in items_of(FORMAT, source):
            if isinstance(item, Refusal):
                assert "quotations" in item.place
                assert "no line of brat stand-off" in item.message
                counts["refused"] += 1
                continue
            counts["documents"] += 1
            counts["spans"] += len(item.spans)
            folder = tmp_path / str(counts["documents"])
            folder.mkdir()
            _, losses = written(folder, item)
            assert not losses
            (again,) = FORMAT.read(Source(folder / "a.ann", "a.ann"))
            assert isinstance(again, Record)
            assert essence(again) == essence(item)
    assert counts == {"refused": 40, "documents": 302, "spans": 37_604}
