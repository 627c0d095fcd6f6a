"""Quotations in German news: form, medium, roles and shared spans; and files that are wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from reading import losses, one, read, refused, relations, spans

from annotator.core.schema import Schema
from annotator.core.schema_file import parse_schema
from annotator.formats import registry
from annotator.formats.base import Record, Source
from annotator.formats.check import schema_problems
from annotator.formats.german_quotes import FORMAT
from annotator.workflow.recognising import items_of

TEXT = "„Ja“, rief Ada dem Rat zu, „sie kommt“. Er sei froh. 😀 Man sprach darüber."


def part(*words: str) -> dict[str, Any]:
    """Spans on these words of the text, as a file has them."""
    places = [{"charBegin": TEXT.index(w), "charEnd": TEXT.index(w) + len(w)} for w in words]
    return {"spans": places, "text": " ".join(words), "tokenIds": []}


def quotation(type: str, *words: str, medium: str = "Speech", **more: Any) -> dict[str, Any]:
    roles = {role: part() for role in ("speaker", "addressee", "cue", "frame")}
    row = {"id": 0, "type": type, "medium": medium, "quote": part(*words), **roles}
    return {**row, "hasNested": False, "isNested": False, **more}


def document(*annotations: dict[str, Any], **more: Any) -> dict[str, Any]:
    second = TEXT.index("Er sei")
    cut = [{"charBegin": 0, "charEnd": second}, {"charBegin": second, "charEnd": len(TEXT)}]
    row = {"annotations": annotations, "documentName": "Ada", "originalText": TEXT}
    return {**row, "sentences": cut, "tokens": [], **more}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "in.pretty.json"


@pytest.fixture(scope="module")
def quotes(root: Path) -> Schema:
    path = root / "schemas" / "quotes.toml"
    return parse_schema(path.read_text("utf-8"), path.name)


def test_quotations_as_the_schema_of_quotes_names_them(path: Path, quotes: Schema) -> None:
    direct = quotation(
        "Direct", "„Ja“", "„sie kommt“", speaker=part("Ada"), addressee=part("dem Rat"),
        cue=part("rief", "zu"), frame=part("rief Ada dem Rat zu"),
    )  # fmt: skip
    free = quotation("IndirectFreeIndirect", "Er sei froh.", medium="SW", speaker=part("Ada"))
    told = quotation("Reported", "darüber", medium="none")
    found = read(FORMAT, path, document(direct, free, told), quotes)
    record = one(found)
    assert spans(record) == [
        ("quote", "DIRECT", "„Ja“ „sie kommt“"), ("speaker", "SPEAKER", "Ada"),
        ("speaker", "SPEAKER", "dem Rat"), ("cue", "CUE", "rief zu"),
        ("frame", "FRAME", "rief Ada dem Rat zu"),
        ("quote", "INDIRECT_FREE_INDIRECT", "Er sei froh."), ("quote", "REPORTED", "darüber"),
    ]  # fmt: skip
    assert relations(record)[0] == ("quotation", [
        ("quote", "„Ja“ „sie kommt“"), ("speaker", "Ada"), ("addressee", "dem Rat"),
        ("cue", "rief zu"), ("frame", "rief Ada dem Rat zu"),
    ])  # fmt: skip
    assert relations(record)[1][1] == [("quote", "Er sei froh."), ("speaker", "Ada")]
    media = [(a.values, a.uncertain) for s in record.spans for a in s.attributes]
    assert media == [(("speech",), False), (("speech", "writing"), True)]
    assert record.document.name == "Ada"
    assert [(s.start, s.end) for s in record.sentences or ()] == [(0, 40), (40, len(TEXT))]
    assert losses(found) == {}
    assert not list(schema_problems(record, quotes))


def test_what_cannot_come_in_is_told(path: Path) -> None:
    alone = quotation("Direct", "„Ja“", isNested=True)
    found = read(FORMAT, path, document(alone, quotation("Direct")))
    assert len(one(found).relations) == 1
    assert losses(found) == {"quotation without a quote": 1, "nesting that no extent shows": 1}


@pytest.mark.parametrize(
    ("nested", "others"),
    [
        ("„Ja“", ["„Ja“, rief Ada"]),
        ("Rat zu", ["rief Ada dem Rat zu"]),
        ("Rat zu", ["„Ja“, rief Ada dem Rat zu", "Ja"]),
        ("Ada", ["Ada"]),
    ],
)
def test_nesting_is_seen_by_the_extents_of_quotes(
    nested: str, others: list[str], path: Path
) -> None:
    inner = quotation("Direct", nested, isNested=True)
    outer = [quotation("Indirect", words) for words in others]
    for order in ([inner, *outer], [*outer, inner]):
        assert losses(read(FORMAT, path, document(*order))) == {}
    beside = quotation("Indirect", "Man")
    found = losses(read(FORMAT, path, document(inner, beside)))
    assert found == {"nesting that no extent shows": 1}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (document(quotation("Loud", "„Ja“")), "there is no form of quotation 'Loud'"),
        (document(quotation("Direct", "„Ja“", medium="Song")), "there is no medium 'Song'"),
        (
            document(quotation("Direct", "„Ja“", speaker={**part("Ada"), "text": "Ida"})),
            "hold 'Ada', not 'Ida'",
        ),
        (
            document(quotation("Direct", "Ja", cue={"spans": [{"charBegin": 70, "charEnd": 99}]})),
            "lies outside of the text",
        ),
        (
            document(quotation("Direct", "Ja", cue={"spans": [{"charBegin": -3, "charEnd": 2}]})),
            "lies outside of the text",
        ),
        (document(sentences=[{"charBegin": 0, "charEnd": 4}]), "is in no sentence"),
        (document(originalText=None), "not as the format wants it"),
    ],
)  # fmt: skip
def test_wrong_files_are_refused(path: Path, wrong: dict[str, Any], told: str) -> None:
    assert told in refused(read(FORMAT, path, wrong))


def test_the_corpus_comes_in_whole(corpora: Path, quotes: Schema) -> None:
    numbers = {"documents": 0, "quote": 0, "speaker": 0, "cue": 0, "frame": 0, "quotation": 0}
    reading = [f for f in registry.all_formats() if f.reads]
    for file in sorted((corpora / "german_news_quotes" / "data").rglob("*.json")):
        source = Source(file, file.name, schema=quotes)
        assert registry.recognise(source.head(), file, reading).name == FORMAT.name
        for record in items_of(FORMAT, source):
            assert isinstance(record, Record), record
            assert not list(schema_problems(record, quotes))
            numbers["documents"] += 1
            numbers["quotation"] += len(record.relations)
            for span in record.spans:
                numbers[span.layer] += 1
        assert not source.losses
    assert numbers == {
        "documents": 60, "quote": 274, "speaker": 224, "cue": 177, "frame": 178, "quotation": 274,
    }  # fmt: skip
