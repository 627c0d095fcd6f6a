from __future__ import annotations

import io
from pathlib import Path

import conllu
from essence import essence
from reading import losses, one, read, spans

from annotator.core.annotation import Span, surface
from annotator.core.document import Document, Sentence
from annotator.core.schema import Schema
from annotator.formats import registry
from annotator.formats.base import Record, Refusal, Source, Target
from annotator.formats.conllu import FORMAT
from annotator.formats.loss import Losses

TEXT = " Bob Lee\u00a0said: “it\nrains”.  So_what?\n\nEve!"


def rows(*lines: str) -> str:
    return "\n".join(lines).replace("→", "\t") + "\n"


def word(number: str, form: str, misc: str = "_") -> str:
    return f"{number}→{form}→_→X→_→_→_→_→_→{misc}"


def given_record() -> Record:
    placed = (
        ("source", "SOURCE", ((1, 8),)),
        ("entity", "PERSON", ((1, 8),)),
        ("claim", "CLAIM", ((16, 18), (19, 24))),
        ("cue", "CUE", ((9, 13),)),
    )
    return Record(
        document=Document("", "a.txt", TEXT, ""),
        sentences=(Sentence("1", "", 1, 26), Sentence("2", "", 28, 36), Sentence("3", "", 38, 42)),
        spans=tuple(
            Span(str(n), "", "", layer, label, fragments, surface(TEXT, fragments))
            for n, (layer, label, fragments) in enumerate(placed)
        ),
    )


def written(record: Record, schema: Schema) -> tuple[str, Losses]:
    sink = io.BytesIO()
    target = Target(file=sink, schema=schema, losses=Losses())
    assert FORMAT.export(iter([record]), target) == 1
    return sink.getvalue().decode(), target.losses


def test_what_is_written(news: Schema, tmp_path: Path) -> None:
    data, lost = written(given_record(), news)
    assert not list(lost)
    lines = data.replace("→_→_→_→_→_→_→_→".replace("→", "\t"), "→").replace("\t", "→").split("\n")
    assert lines == [
        "# newdoc id = a.txt",
        "# global.Entity = eid-etype",
        "# newpar",
        "# sent_id = 1",
        "# text = Bob Lee said: “it rains”.",
        "1→Bob→Entity=(e1-PERSON(e2-SOURCE|SpacesBefore=\\s",
        "2→Lee→Entity=e1)e2)|SpacesAfter=\\u00A0",
        "3→said→Entity=(e3-CUE)|SpaceAfter=No",
        "4→:→_",
        "5→“→SpaceAfter=No",
        "6→it→Entity=(e4[1/2]-CLAIM)|SpacesAfter=\\n",
        "7→rains→Entity=(e4[2/2]-CLAIM)|SpaceAfter=No",
        "8→”→SpaceAfter=No",
        "9→.→SpacesAfter=\\s\\s",
        "",
        "# sent_id = 2",
        "# text = So_what?",
        "1→So_what→SpaceAfter=No",
        "2→?→SpacesAfter=\\n\\n",
        "",
        "# newpar",
        "# sent_id = 3",
        "# text = Eve!",
        "1→Eve→SpaceAfter=No",
        "2→!→SpaceAfter=No",
        "",
        "",
    ]
    found = one(read(FORMAT, tmp_path / "a.conllu", data, news))
    assert essence(found) == essence(given_record())


def test_the_library_reads_what_was_written(news: Schema) -> None:
    data, _ = written(given_record(), news)
    sentences = conllu.parse(data)
    assert [s.metadata["text"] for s in sentences] == [
        "Bob Lee said: “it rains”.",
        "So_what?",
        "Eve!",
    ]
    assert sentences[0].metadata["newdoc id"] == "a.txt"
    assert [t["form"] for t in sentences[0]] == [
        "Bob",
        "Lee",
        "said",
        ":",
        "“",
        "it",
        "rains",
        "”",
        ".",
    ]
    assert [t["misc"] and t["misc"].get("Entity") for t in sentences[0]][:4] == [
        "(e1-PERSON(e2-SOURCE",
        "e1)e2)",
        "(e3-CUE)",
        None,
    ]
    assert [(t["id"], t["head"], t["lemma"]) for t in sentences[1]] == [
        (1, None, "_"),
        (2, None, "_"),
    ]


def test_tokens_of_another_file_stay_what_they_were(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    data = rows("H&M:n B-ORG", "'s O", "", "1\u00a0000 B-X")
    given = one(read(registry.get("conll2002"), path, data))
    text, lost = written(given, Source(path, "a").schema)
    assert not list(lost)
    assert [[t["form"] for t in s] for s in conllu.parse(text)] == [["H&M:n", "'s"], ["1\u00a0000"]]
    found = one(read(FORMAT, tmp_path / "a.conllu", text))
    assert essence(found) == essence(given)
    assert found.document.meta == {"tokenization": "spaces"}


def test_words_inside_of_tokens_and_empty_nodes(tmp_path: Path) -> None:
    data = rows(
        "# newdoc id = d",
        "# global.Entity = eid-etype",
        "# text = I don't au du.",
        word("1", "I", "Entity=(e1-A)"),
        word("2-3", "don't"),
        word("2", "do", "Entity=(e2-B"),
        word("2.1", "gone", "Entity=(e5-E)"),
        word("3", "n't", "Entity=e2)(e6-B)"),
        word("4-5", "au"),
        word("4", "à", "Entity=(e3-C"),
        word("5", "le", "Entity=e3)"),
        word("6-7", "du", "SpaceAfter=No"),
        word("6", "de", "Entity=(e4-D)"),
        word("7", "le"),
        word("8", "."),
    )
    found = read(FORMAT, tmp_path / "a.conllu", data)
    assert one(found).document.text == "I don't au du."
    assert spans(one(found)) == [
        ("entity", "A", "I"),
        ("entity", "B", "don't"),
        ("entity", "B", "n't"),
        ("entity", "C", "au"),
        ("entity", "D", "du"),
    ]
    assert losses(found) == {
        "multi-word token": 3,
        "empty node": 1,
        "span without text": 1,
        "edge inside of a multi-word token": 2,
        "column without labels of spans": 1,
    }


def test_spacing_that_only_the_comment_tells(tmp_path: Path) -> None:
    data = rows(
        "# text = Hi,  you!",
        word("1", "Hi"),
        word("2", ","),
        word("3", "you"),
        word("4", "!"),
        "",
        "# text = Other.",
        word("1", "One"),
        word("2", "."),
    )
    found = read(FORMAT, tmp_path / "a.conllu", data)
    assert one(found).document.text == "Hi,  you!\nOne ."
    assert losses(found)["text that is not that of its tokens"] == 1


def test_tags_in_misc_and_brackets_that_do_not_match(tmp_path: Path) -> None:
    data = rows(
        word("1", "Bob", "ner=B-PER|start_char=0"),
        word("2", "Lee", "ner=E-PER"),
        "",
        word("1", "x", "Entity=(a-B"),
        word("2", "y", "Entity=c)"),
        word("3", "z", "Entity=)("),
    )
    found = read(FORMAT, tmp_path / "a.conllu", data)
    assert spans(one(found)) == [("entity", "PER", "Bob Lee")]
    assert losses(found) == {
        "entry of MISC": 1,
        "bracket that closes nothing": 2,
        "bracket that is not closed": 1,
        "column without labels of spans": 1,
    }


def test_hostile_rows(tmp_path: Path) -> None:
    data = rows(
        "# newdoc id = 1",
        word("1", "a", "SpacesAfter=\\x\\u0041evil"),
        word("1-9999999999999", "b"),
        word("2", "c"),
        "# newdoc id = 2",
        "1→a",
        "# newdoc id = 3",
        word("1", "d"),
    )
    found, _ = read(FORMAT, tmp_path / "a.conllu", data)
    assert [type(item) for item in found] == [Record, Refusal, Record]
    assert isinstance(found[0], Record)
    assert found[0].document.text.split() in (["abc"], ["ab", "c"], ["abc"])


def test_real_files(corpora: Path, tmp_path: Path) -> None:
    counts = [0, 0, 0, 0]
    for path in sorted((corpora / "gum" / "dep").glob("GUM_news_*.conllu"))[:8]:
        assert FORMAT.sniff(path.read_bytes(), path) == 1
        source = Source(path, path.name, losses=Losses())
        (record,) = FORMAT.read(source)
        assert isinstance(record, Record)
        told = [
            line[9:] for line in path.read_text("utf-8").split("\n") if line.startswith("# text = ")
        ]
        assert [record.document.text[s.start : s.end] for s in record.sentences or ()] == told
        brackets = path.with_suffix(".conll").name
        (same,) = registry.get("conll").read(
            Source(corpora / "gum" / "coref" / "gum" / "conll" / brackets, "x", options={})
        )
        assert isinstance(same, Record)
        assert sorted("".join(s.text.split()) for s in record.spans) == sorted(
            "".join(s.text.split()) for s in same.spans
        )
        counts = [a + b for a, b in zip(counts, (1, len(told), len(record.spans), 0), strict=True)]
        data, lost = written(record, source.schema)
        again = one(read(FORMAT, tmp_path / "a.conllu", data))
        assert {loss.kind for loss in lost} <= {
            "metadata",
            "edge inside of a token",
            "duplicate span",
        }
        reduced = FORMAT.reduce(record, Target(losses=Losses()))
        assert essence(again) == essence(reduced)
    assert counts[:3] == [8, 262, 1615]
