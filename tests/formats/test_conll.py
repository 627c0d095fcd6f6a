from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pytest
from reading import losses, one, read, spans

from annotator.core.annotation import Span
from annotator.core.document import Document, Sentence
from annotator.core.schema import Schema
from annotator.core.schema_file import parse_schema
from annotator.errors import InputError, UsageError
from annotator.formats import options, registry
from annotator.formats.base import Format, Record, Refusal, Source, Target
from annotator.formats.loss import Losses

CONLL, CONLL2002, CONLL2003 = map(registry.get, ("conll", "conll2002", "conll2003"))


def rows(*lines: str) -> str:
    return "\n".join(lines).replace("→", "\t") + "\n"


def record(text: str, *placed: tuple[str, str, str], name: str = "a.txt") -> Record:
    """A record with spans on (layer, label, surface), cut into its lines."""
    found = []
    for n, (layer, label, surface) in enumerate(placed):
        start = text.index(surface)
        found.append(Span(str(n), "", "", layer, label, ((start, start + len(surface)),), surface))
    cut, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            cut.append(Sentence(f"s{at}", "", at, at + len(line)))
        at += len(line) + 1
    return Record(document=Document("", name, text, ""), sentences=tuple(cut), spans=tuple(found))


def written(
    format: Format, *records: Record, schema: Schema, **given: object
) -> tuple[list[str], Losses]:
    sink = io.BytesIO()
    layers = given.pop("layers", ())
    checked = options.checked(format.name, format.write_options, given)  # type: ignore[arg-type]
    target = Target(file=sink, schema=schema, options=checked, layers=layers)  # type: ignore[arg-type]
    assert format.export(iter(records), target) == len(records)
    return sink.getvalue().decode().split("\n"), target.losses


TEXT = "Bob Lee of the SDF doesn't know.\nIt rains."


def test_what_is_written(news: Schema) -> None:
    given = record(
        TEXT,
        ("entity", "PERSON", "Bob Lee"),
        ("entity", "GROUP", "SDF"),
        ("source", "SOURCE", "Bob Lee of the SDF"),
        ("entity", "PERSON", "It"),
    )
    lines, lost = written(CONLL, given, schema=news)
    assert lines[0] == ("# global.columns = FORM layer:entity layer:claim layer:source layer:cue")
    assert [line.replace("\t", "→") for line in lines[1:8]] == [
        "# newdoc id = a.txt",
        "Bob→B-PERSON→O→B-SOURCE→O",
        "Lee→I-PERSON→O→I-SOURCE→O",
        "of→O→O→I-SOURCE→O",
        "the→O→O→I-SOURCE→O",
        "SDF→B-GROUP→O→I-SOURCE→O",
        "does→O→O→O→O",
    ]
    assert {loss.kind for loss in lost} == {"white space between tokens"}
    lines, lost = written(CONLL2003, given, schema=news, scheme="bioes")
    assert lines[:7] == [
        "-DOCSTART- -X- O O",
        "",
        "Bob _ _ B-SOURCE",
        "Lee _ _ I-SOURCE",
        "of _ _ I-SOURCE",
        "the _ _ I-SOURCE",
        "SDF _ _ E-SOURCE",
    ]
    assert {loss.kind: loss.count for loss in lost} == {
        "white space between tokens": 1,
        "nested or crossing span": 2,
    }
    lines, _ = written(
        CONLL2002,
        record("A B", ("entity", "GROUP", "A"), ("entity", "GROUP", "B")),
        schema=news,
        scheme="iob1",
    )
    assert lines == ["-DOCSTART- O", "", "A I-GROUP", "B B-GROUP", "", ""]


def test_layers_that_were_not_asked_for_have_no_column(news: Schema) -> None:
    given = record("A B", ("entity", "GROUP", "A"))
    lines, _ = written(CONLL, given, schema=news, layers=("entity",))
    assert lines[0] == "# global.columns = FORM layer:entity"
    assert lines[2] == "A\tB-GROUP"


def test_nothing_is_lost_in_silence(news: Schema) -> None:
    given = record(
        "Bob\nLee's", ("source", "SOURCE", "Bob\nLee"), ("entity", "GROUP", "e's"), name="a\nb"
    )
    _, lost = written(CONLL, given, schema=news)
    assert {(loss.kind, loss.done) for loss in lost} == {
        ("white space between tokens", "read again as single spaces or line ends"),
        ("span across sentences", "cut at their ends"),
        ("edge inside of a token", "widened to whole tokens"),
        ("document's name", "written as a b"),
    }


# -- reading --------------------------------------------------------------------------------------


def test_the_text_is_put_together_and_says_so(tmp_path: Path) -> None:
    data = rows(
        "-DOCSTART- -X- O O",
        "",
        "EU NNP I-NP I-GROUP",
        "'s POS B-NP O",
        "",
        "Bob NNP I-NP I-PER",
        "",
        "-DOCSTART- -X- O O",
        "",
        "Eve NNP I-NP I-PER",
    )
    found = read(CONLL2003, tmp_path / "eng.testa", data)
    first, second = found[0]
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.document.name, second.document.name) == ("eng.testa#1", "eng.testa#2")
    assert first.document.text == "EU 's\nBob"
    assert first.document.meta == {"tokenization": "spaces"}
    assert [(s.start, s.end) for s in first.sentences or ()] == [(0, 5), (6, 9)]
    assert spans(first) == [("entity", "GROUP", "EU"), ("entity", "PER", "Bob")]
    assert losses(found) == {"column without labels of spans": 2}


def test_tokens_stay_what_they_were(tmp_path: Path, news: Schema) -> None:
    data = rows("-DOCSTART- O", "", "H&M:n B-GROUP", "'s O", "co-op's O", "1\u00a0000 O", "")
    found = one(read(CONLL2002, tmp_path / "a", data, news))
    lines, lost = written(CONLL2002, found, schema=news)
    assert "\n".join(lines) == data
    assert not list(lost)


SHAPES = {
    "two columns, tabs": rows("Bob→B-PER", "Lee→I-PER", "ran→O"),
    "two columns, many spaces": rows("Bob   B-PER", "Lee   I-PER", "ran   O  "),
    "with numbers and nested tags": rows("1→Bob→B-PER→O", "2→Lee→I-PER→O", "3→ran→O→O"),
    "tag before the end": rows("Bob→B-PER→x.y", "Lee→I-PER→x", "ran→O→x"),
    "bare labels": rows("Bob PER", "Lee PER", "ran O"),
    "BILOU": rows("Bob NNP B-PER", "Lee NNP L-PER", "ran VBD O"),
    "a sentence a line": "Bob|NNP|B-PER Lee|NNP|I-PER ran|VBD|O\n",
    "headings of a table": rows(
        "TOKEN→NE-COARSE→NEL→MISC", "Bob→B-PER→Q1→_", "Lee→I-PER→Q1→_", "ran→O→_→NoSpaceAfter"
    ),
    "brackets": rows("0→Bob→(PER-1", "1→Lee→PER-1)", "2→ran→_"),
    "CoNLL-U Plus": rows(
        "# global.columns = ID FORM UPOS X:NE",
        "1→Bob→PROPN→B-PER",
        "2→Lee→PROPN→I-PER",
        "3→ran→VERB→O",
    ),
    "BOM and CRLF": "\ufeff" + rows("Bob→B-PER", "Lee→I-PER", "ran→O").replace("\n", "\r\n"),
    "no end of the last line": "Bob B-PER\nLee I-PER\nran O",
    "ten columns": rows(
        *(f"{w}{'→_' * 6}→{t}→_→q" for w, t in (("Bob", "B-PER"), ("Lee", "I-PER"), ("ran", "O")))
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_columns_are_found_out(shape: str, tmp_path: Path) -> None:
    data = SHAPES[shape].encode()
    path = tmp_path / "a.tsv"
    format = registry.recognise(data, path, [f for f in registry.all_formats() if f.reads])
    found = one(read(format, path, data))
    assert found.document.text == "Bob Lee ran"
    assert spans(found) == [("entity", "PER", "Bob Lee")]


def test_columns_are_as_told(tmp_path: Path) -> None:
    data = rows("Bob,x B-PER I-LOC", "#1 I-PER O")
    with pytest.raises(UsageError, match="no column 'ner'"):
        read(CONLL, tmp_path / "a", data, columns="form,ner")
    with pytest.raises(UsageError, match="goes with --columns"):
        read(CONLL, tmp_path / "a", data, separator="space")
    found = one(read(CONLL, tmp_path / "a", data, columns="form,tag:name,_"))
    assert spans(found) == [("name", "PER", "Bob,x #1")]
    found = one(read(CONLL, tmp_path / "a", data, columns="form,_,tag", scheme="iob1", layer="x"))
    assert spans(found) == [("x", "LOC", "Bob,x")]


def test_a_column_a_layer(tmp_path: Path, news: Schema) -> None:
    data = rows(
        "# global.columns = FORM layer:entity layer:cue", "# newdoc id = x.txt", "#→B-GROUP→B-CUE"
    )
    found = one(read(CONLL, tmp_path / "a", data, news))
    assert found.document.name == "x.txt"
    assert spans(found) == [("entity", "GROUP", "#"), ("cue", "CUE", "#")]
    asked = read(CONLL, tmp_path / "a", data, news, layer="cue")
    assert spans(one(asked)) == [("cue", "CUE", "#")]
    assert losses(asked) == {"column of a layer that was not asked for": 1}


def test_stacked_tags(tmp_path: Path) -> None:
    data = rows("A→B-X|B-Y", "b→I-X|O", "c→O")
    assert spans(one(read(CONLL2002, tmp_path / "a", data))) == [
        ("entity", "X", "A b"),
        ("entity", "Y", "A"),
    ]


def test_empty_tokens_and_odd_tags_are_told(tmp_path: Path) -> None:
    data = rows("Bob→B-PER", "→I-PER", "Lee→I-PER", "", "\u00a0→O", "→O", "x→I-PER", " →", "")
    found = read(CONLL2002, tmp_path / "a", data)
    assert (
        one(found).document.text == "Bob Lee\n\u00a0 x" or one(found).document.text == "Bob Lee\nx"
    )
    assert spans(one(found)) == [("entity", "PER", "Bob Lee"), ("entity", "PER", "x")]
    assert losses(found)["empty token"] >= 2
    assert losses(found)["label of an empty token"] == 1
    assert losses(found)["tag that does not fit iob2"] == 1


def test_one_bad_document_does_not_block_the_rest(tmp_path: Path) -> None:
    data = rows(
        "-DOCSTART- O",
        "",
        *["a O"] * 9,
        "b",
        "c B-X",
        "-DOCSTART- O",
        "",
        "d B-X",
        "-DOCSTART- O",
        "",
        "e Q-X",
        "-DOCSTART- O",
        "",
        "f O",
    )
    found, _ = read(CONLL2002, tmp_path / "a", data)
    assert [(i.place, i.message) for i in found if isinstance(i, Refusal)] == [
        (f"{tmp_path / 'a'}:12", "a row has 2 columns, and this one 1: 'b'"),
        (f"{tmp_path / 'a'}:19", "'Q-X' is no tag of the scheme iob2"),
    ]
    assert [i.document.text for i in found if isinstance(i, Record)] == ["d", "f"]


def test_what_is_too_long_is_refused(tmp_path: Path) -> None:
    data = rows("-DOCSTART- O", "", *["abcdefgh O"] * 20, "", "-DOCSTART- O", "", "b O")
    found, _ = read(CONLL2002, tmp_path / "a", data, largest_record=100)
    assert [type(item) for item in found] == [Refusal, Record]
    with pytest.raises(InputError, match="longer than 100 characters"):
        read(CONLL2002, tmp_path / "a", rows(*["a O"] * 9, "x" * 200), largest_record=100)


def test_other_encodings(tmp_path: Path) -> None:
    path = tmp_path / "esp.testa"
    path.write_bytes("Cádiz B-LOC\n".encode("latin-1"))
    with pytest.raises(InputError, match="not utf-8"):
        list(CONLL2002.read(Source(path, "a")))
    (found,) = CONLL2002.read(Source(path, "a", encoding="latin-1"))
    assert isinstance(found, Record)
    assert found.spans[0].text == "Cádiz"
    path.write_bytes("Cádiz B-LOC\n".encode("utf-16"))
    (found,) = CONLL2002.read(Source(path, "a"))
    assert isinstance(found, Record)
    assert found.spans[0].text == "Cádiz"


@pytest.mark.parametrize("data", ["", "\n\n", "no table at all\nbut text\n", "a b\nc d\n"])
def test_what_is_no_file_of_tags(data: str, tmp_path: Path) -> None:
    assert CONLL2002.sniff(data.encode(), tmp_path / "a.conll") == 0
    with pytest.raises(InputError, match="no column holds tags"):
        read(CONLL, tmp_path / "a", data)


def test_labels_of_punctuation_come_back(tmp_path: Path) -> None:
    schema = parse_schema(
        'name = "x"\nversion = 1\n[layer.pos]\ntitle = "Tags"\nscope = "span"\n'
        "[layer.pos.labels.u002E]\n[layer.pos.labels.u002C]\n[layer.pos.labels.u007C]\n",
        "x",
    )
    data = rows("-DOCSTART- O", "", "a B-.", "b B-,", "c I-,", "d B-|", "")
    found = read(CONLL2002, tmp_path / "a", data, schema)
    assert spans(one(found)) == [
        ("pos", "u002E", "a"),
        ("pos", "u002C", "b c"),
        ("pos", "u007C", "d"),
    ]
    lines, _ = written(CONLL2002, one(found), schema=schema)
    assert "\n".join(lines) == data


# -- real files -----------------------------------------------------------------------------------

REAL = {
    "turku_ner/conll/dev.tsv": ("conll2002", 76, 1063, {}),
    "uner_english_ewt/en_ewt-ud-dev.iob2": (
        "conll",
        318,
        966,
        {"column without labels of spans": 1},
    ),
    "gum/coref/gum/conll/GUM_news_flag.conll": ("conll", 1, 113, {"group of coreferences": 18}),
}


@pytest.mark.parametrize("name", REAL)
def test_real_files(name: str, corpora: Path) -> None:
    known, documents, annotations, told = REAL[name]
    path = corpora / name
    head = path.read_bytes()[: 1 << 20]
    format = registry.recognise(head, path, [f for f in registry.all_formats() if f.reads])
    assert format.name == known
    source = Source(path, path.name, options={})
    found = [item for item in format.read(source) if isinstance(item, Record)]
    assert len(found) == documents
    assert sum(len(item.spans) for item in found) == annotations
    assert {loss.kind: loss.count for loss in source.losses} == told
    counts = Counter(item.document.name for item in found)
    assert counts.most_common(1)[0][1] == 1


def test_a_real_file_comes_back_byte_for_byte(corpora: Path) -> None:
    path = corpora / "turku_ner" / "conll" / "dev.tsv"
    schema = parse_schema(
        'name = "x"\nversion = 1\n[layer.entity]\ntitle = "Names"\nscope = "span"\n'
        + "".join(
            f"[layer.entity.labels.{n}]\n" for n in ("PER", "ORG", "LOC", "PRO", "DATE", "EVENT")
        ),
        "x",
    )
    source = Source(path, path.name, schema=schema, options={})
    found = [item for item in CONLL2002.read(source) if isinstance(item, Record)]
    lines, lost = written(CONLL2002, *found, schema=schema)
    assert not list(lost)
    given = path.read_text("utf-8").replace("\t", " ").split("\n")
    assert [line for line in lines if line] == [line for line in given if line]
