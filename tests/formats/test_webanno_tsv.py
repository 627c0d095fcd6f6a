from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from essence import essence

from annotator.core.annotation import Argument, AttributeValues, Relation, Span
from annotator.core.document import Document, Sentence
from annotator.core.schema import NO_SCHEMA, Schema
from annotator.errors import InputError
from annotator.formats.base import Record, Source, Target
from annotator.formats.loss import Losses
from annotator.formats.webanno_tsv import FORMAT


def read(path: Path, schema: Schema = NO_SCHEMA) -> tuple[Record, Losses]:
    losses = Losses()
    (record,) = FORMAT.read(Source(path, "a.tsv", schema=schema, losses=losses))
    assert isinstance(record, Record)
    return record, losses


def given(folder: Path, *lines: str, schema: Schema = NO_SCHEMA) -> tuple[Record, Losses]:
    path = folder / "a.tsv"
    path.write_bytes("\n".join(("#FORMAT=WebAnno TSV 3.3", *lines, "")).replace("→", "\t").encode())
    return read(path, schema)


def written(folder: Path, record: Record, schema: Schema = NO_SCHEMA) -> tuple[str, Losses]:
    target = Target(folder=folder, schema=schema, losses=Losses())
    assert FORMAT.export(iter([record]), target) == 1
    return (folder / "a.tsv").read_bytes().decode().replace("\t", "→"), target.losses


def test_a_relation_stands_on_the_first_row_of_its_target(tmp_path: Path) -> None:
    record, losses = given(
        tmp_path,
        "#T_SP=webanno.custom.Span|label",
        "#T_RL=webanno.custom.Attr|role|BT_webanno.custom.Span",
        "",
        "",
        "#Text=This is a test .",
        "1-1→0-4→This→claim[1]→_→_→",
        "1-2→5-7→is→claim[1]→_→_→",
        "1-3→8-9→a→source[2]→cites→1-1[1_2]→",
        "1-4→10-14→test→source[2]→_→_→",
        "1-5→15-16→.→_→_→_→",
    )
    assert not losses
    assert record.document.text == "This is a test ."
    claim, source = record.spans
    assert [(s.layer, s.label, s.text) for s in record.spans] == [
        ("Span", "claim", "This is"), ("Span", "source", "a test"),
    ]  # fmt: skip
    (relation,) = record.relations
    assert (relation.type, relation.attributes) == ("Attr", (AttributeValues("role", ("cites",)),))
    assert [(a.role, a.target) for a in relation.arguments] == [
        ("from", claim.id), ("to", source.id),
    ]  # fmt: skip


def test_what_is_written(tmp_path: Path, news: Schema) -> None:
    text = "😀 Bob's dog\tsaid: “it\nrains”.  So_what?\n"
    places = {"claim": (19, 27), "source": (2, 5), "cue": (12, 16)}
    spans = tuple(
        Span(name, "", "", name, name.upper(), (place,), text[slice(*place)],
             note="a|b\n*" if name == "cue" else None)
        for name, place in places.items()
    )  # fmt: skip
    arguments = tuple(Argument(name, "span", name) for name in places)
    record = Record(
        document=Document("", "a.txt", text, ""),
        sentences=(Sentence("1", "", 0, 29), Sentence("2", "", 31, 39)),
        spans=spans,
        relations=(
            Relation("r", "", "", "attribution", arguments, note="n;m"),
            Relation("p", "", "", "attribution", (arguments[2], arguments[1])),
        ),
    )
    tsv, losses = written(tmp_path, record, news)
    assert not losses
    links = "webanno.custom.attributionLinks"
    assert tsv.splitlines() == [
        "#FORMAT=WebAnno TSV 3.3",
        "#T_SP=webanno.custom.claim|label",
        "#T_SP=webanno.custom.source|label",
        "#T_SP=webanno.custom.cue|label|note",
        f"#T_SP={links}|relation|note|ROLE_{links}:arguments_{links}ArgumentsLink"
        "|uima.tcas.Annotation",
        "#T_RL=webanno.custom.attribution|label|BT_uima.tcas.Annotation",
        "",
        "",
        "#Text=😀 Bob's dog\\tsaid: “it",
        "#Text=rains”.  ",
        "1-1→0-2→😀→_→_→_→_→_→_→_→_→_→_→",
        "1-2→3-6→Bob→_→SOURCE[1]→_→_→_→_→_→_→attribution/cue/source→1-5[2_1]→",
        "1-3→6-8→'s→_→_→_→_→_→_→_→_→_→_→",
        "1-4→9-12→dog→_→_→_→_→_→_→_→_→_→_→",
        "1-5→13-17→said→_→_→CUE[2]→a\\|b\\n\\*[2]→_→_→_→_→_→_→",
        "1-6→17-18→:→_→_→_→_→_→_→_→_→_→_→",
        "1-7→19-20→“→_→_→_→_→_→_→_→_→_→_→",
        "1-8→20-22→it→CLAIM[3]→_→_→_→attribution[4]→n\\;m[4]→claim;source;cue[4]"
        "→1-8[3];1-2[1];1-5[2]→_→_→",
        "1-9→23-28→rains→CLAIM[3]→_→_→_→attribution[4]→n\\;m[4]→*[4]→*→_→_→",
        "1-10→28-29→”→_→_→_→_→_→_→_→_→_→_→",
        "1-11→29-30→.→_→_→_→_→_→_→_→_→_→_→",
        "",
        "#Text=So_what?",
        "#Text=",
        "2-1→32-39→So_what→_→_→_→_→_→_→_→_→_→_→",
        "2-2→39-40→?→_→_→_→_→_→_→_→_→_→_→",
    ]
    again, _ = read(tmp_path / "a.tsv", news)
    reduced = FORMAT.reduce(record, Target(schema=news, losses=Losses()))
    assert essence(again) == {**essence(reduced), "name": "a.txt"}
    assert again.document.text == text


def test_parts_of_tokens_and_stacks(tmp_path: Path) -> None:
    record, _ = given(
        tmp_path,
        "#T_SP=webanno.custom.Span|value|other",
        "",
        "",
        "#Text=aaaaaa bbbbbb",
        "1-1→0-6→aaaaaa→2[1]|1[3]→_→",
        "1-1.1→3-6→aaa→9[4]→*[4]→",
        "1-2→7-13→bbbbbb→2[1]|9[4]→x[1]|y[4]→",
        "1-2.1→7-10→bbb→7→z→",
        "1-2.2→7-7→→11→_→",
    )
    assert [(s.label, s.fragments[0]) for s in record.spans] == [
        ("2", (0, 13)), ("1", (0, 6)), ("9", (3, 13)), ("7", (7, 10)),
    ]  # fmt: skip
    assert record.spans[3].attributes == (AttributeValues("other", ("z",)),)


def test_slots_chains_and_tokens(tmp_path: Path) -> None:
    record, losses = given(
        tmp_path,
        "#T_SP=webanno.custom.Plain|",
        "#T_SP=webanno.custom.Host|ROLE_webanno.custom.Host:links_webanno.custom.Link|webanno.custom.Plain|value",
        "#T_RL=webanno.custom.Dep|kind|BT_de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token",
        "#T_CH=webanno.custom.Coref|referenceType|referenceRelation",
        "",
        "",
        "#Text=This is a test .",
        "1-1→0-4→This→_→p1;*[1]|_[2]→1-2;1-3[7]|*→v[1]|*[2]→_→_→nam[1]→x->1-1→",
        "1-2→5-7→is→*→_→_→_→nsubj→1-1→_→_→",
        "1-3→8-9→a→*[7]→_→_→_→_→_→*[1]→*->1-2→",
        "1-4→10-14→test→*[7]→_→_→_→_→_→_→_→",
    )
    found = {
        relation.type: [
            (a.role, next(s.text for s in record.spans if s.id == a.target))
            for a in relation.arguments
        ]
        for relation in record.relations
    }
    assert found == {
        "links": [("host", "This"), ("p1", "is"), ("target", "a test")],
        "Dep": [("from", "This"), ("to", "is")],
        "Coref": [("member", "This"), ("member", "a")],
    }
    assert Counter(s.layer for s in record.spans) == {"Plain": 2, "Host": 2, "Token": 2, "Coref": 2}
    assert [loss.kind for loss in losses] == ["type of a link in a chain"]


def test_utf_16_offsets_and_the_text_between_sentences(tmp_path: Path) -> None:
    record, _ = given(
        tmp_path,
        "#T_SP=webanno.custom.Span|value",
        "",
        "",
        "#Sentence.id=first",
        "#Text=😀 a\\\\b\\r",
        "1-1→2-4→😀→x→",
        "",
        "#Text=c",
        "2-1→10-11→c→y→",
    )
    assert record.document.text == "  😀 a\\b\r\nc"
    assert [s.text for s in record.spans] == ["😀", "c"]
    assert record.sentences is not None
    assert [(s.start, s.end) for s in record.sentences] == [(2, 7), (9, 10)]


def test_blank_edges_are_told(tmp_path: Path) -> None:
    text = "\n a b "
    spans = tuple(
        Span(str(n), "", "", "l", "A", (place,), text[slice(*place)])
        for n, place in enumerate(((2, 4), (0, 2), (5, 6)))
    )
    tie = Relation("r", "", "", "t", (Argument("from", "span", "0"), Argument("to", "span", "1")))
    record = Record(document=Document("", "a.txt", text, ""), spans=spans, relations=(tie,))
    tsv, losses = written(tmp_path, record)
    assert {(loss.kind, loss.count) for loss in losses} == {
        ("span of white space alone", 2),
        ("white space at the edge of a span", 1),
        ("white space before the first sentence", 1),
        ("relation of a span of white space", 1),
    }
    assert "1-1→2-3→a→A[1]→" in tsv
    assert read(tmp_path / "a.tsv")[0].document.text == "  a b "


HEAD = ("#T_SP=webanno.custom.Span|value", "", "", "#Text=a b")
BROKEN = [
    ((*HEAD, "1-1→0-1→a→"), 6, "the row has 4 columns, and the header declares 4"),
    ((*HEAD, "1-1→0-9→a→_→"), 6, "the range 0-9 is not in the text, which has 3 UTF-16 units"),
    ((*HEAD, "1-1→2-1→a→_→"), 6, "the range 2-1 is not in the text"),
    ((*HEAD, "1-x→0-1→a→_→"), 6, "no token"),
    (("#Text=😀", "1-1→0-1→a→"), 3, "lies inside of the character"),
    (("", "1-1→0-1→a→"), 3, "a token before the text of its sentence"),
    ((*HEAD, "1-1→0-1→a→_→", "", "#Text=c", "2-1→1-2→c→_→"), 9, "inside the one before it"),
    ((*HEAD, "1-1→999999999999-999999999999→a→_→"), 6, "far behind"),
    (("#T_SP=", "", ""), 2, "a header line without a type"),
    (("#T_SP=x|ROLE_x:y_z", "", ""), 2, "lack a column of targets"),
    (("#T_RL=x|BT_y", "", "", "#Text=a", "1-1→0-1→a→1-9→"), 6, "there is no token '1-9'"),
    (("#T_RL=x|BT_y", "", "", "#Text=a", "1-1→0-1→a→1-1[3_4]→"), 6, "no annotation 3"),
    (
        ("#T_CH=x|referenceType|referenceRelation", "", "", "#Text=a", "1-1→0-1→a→x→y→"),
        6,
        "an element of a chain that says not which",
    ),
]


@pytest.mark.parametrize(("lines", "line", "message"), BROKEN)
def test_what_is_wrong_is_named_with_its_line(
    lines: tuple[str, ...], line: int, message: str, tmp_path: Path
) -> None:
    if "4 columns" in message:
        lines = tuple(part.replace("a→", "a") for part in lines)
        message = "the row has 3 columns"
    with pytest.raises(InputError) as caught:
        given(tmp_path, *lines)
    assert str(caught.value).startswith(f"{tmp_path / 'a.tsv'}:{line}: ")
    assert message in caught.value.message


def test_other_versions_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("#FORMAT=WebAnno TSV 2.0\n")
    with pytest.raises(InputError, match="not WebAnno TSV 3"):
        read(path)


def test_real_files_come_back(corpora: Path, tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    known: Counter[str] = Counter()
    files = sorted((corpora / "tool_inception").rglob("tsv3*/**/*.tsv"))
    files += sorted((corpora / "gum").rglob("*.tsv"))
    for path in dict.fromkeys(files):
        if b"WebAnno TSV 3" not in path.read_bytes()[:40]:
            continue
        record, losses = read(path)
        known.update(loss.kind for loss in losses)
        counts["files"] += 1
        counts["spans"] += len(record.spans)
        counts["relations"] += len(record.relations)
        folder = tmp_path / str(counts["files"])
        folder.mkdir()
        _, losses = written(folder, record)
        assert not losses
        again, _ = read(folder / "a.tsv")
        reduced = FORMAT.reduce(record, Target(losses=Losses()))
        assert essence(again) == essence(reduced)
        assert again.document.text == record.document.text
    assert counts == {"files": 76, "spans": 14_210, "relations": 4_476}
    assert set(known) == {
        "span without text",
        "argument of a relation",
        "name that no schema may hold",
        "type of a link in a chain",
    }
