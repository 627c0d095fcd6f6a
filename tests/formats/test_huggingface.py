from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from essence import essence
from reading import losses, one, read, refused, spans
from test_conll import record

from annotator.core.schema import NO_SCHEMA, Schema
from annotator.formats import options
from annotator.formats.base import Record, Source, Target
from annotator.formats.huggingface import FORMAT
from annotator.formats.loss import Losses

TEXT = "Bob Lee of the SDF doesn't know.\nIt rains."


class Row(msgspec.Struct, forbid_unknown_fields=True):
    """What a model is trained on."""

    id: str
    tokens: list[str]
    ner_tags: list[int]


def written(
    folder: Path, *records: Record, schema: Schema, layers: tuple[str, ...] = (), **given: str
) -> Losses:
    folder.mkdir()
    checked = options.checked(FORMAT.name, FORMAT.write_options, given)
    target = Target(folder=folder, schema=schema, options=checked, layers=layers)
    assert FORMAT.export(iter(records), target) == len(records)
    return target.losses


def given_record() -> Record:
    return record(
        TEXT,
        ("entity", "PERSON", "Bob Lee"),
        ("entity", "GROUP", "SDF"),
        ("source", "SOURCE", "Bob Lee of the SDF"),
    )


def test_one_layer_is_what_models_are_trained_on(news: Schema, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    lost = written(folder, given_record(), given_record(), schema=news, layers=("entity",))
    assert {loss.kind for loss in lost} <= {
        "span of a layer that the schema lacks",
        "white space between tokens",
    }
    lines = (folder / "train.jsonl").read_bytes().splitlines()
    row, _ = [msgspec.json.decode(line, type=Row) for line in lines]
    names = json.loads((folder / "label_names.json").read_text("utf-8"))["ner_tags"]
    assert names[:3] == ["O", "B-PERSON", "I-PERSON"]
    assert row.id == "a.txt"
    assert row.tokens[:6] == ["Bob", "Lee", "of", "the", "SDF", "does"]
    assert [names[n] for n in row.ner_tags[:6]] == [
        "B-PERSON", "I-PERSON", "O", "O", "B-GROUP", "O",
    ]  # fmt: skip
    assert len(row.tokens) == len(row.ner_tags)
    card = (folder / "README.md").read_text("utf-8")
    assert card.startswith("---\n# license: name one before you publish\ntask_categories:\n")
    assert "          '1': \"B-PERSON\"\n" in card
    assert "    num_examples: 2\n" in card
    assert f"    num_bytes: {(folder / 'train.jsonl').stat().st_size}\n" in card
    assert "| `PERSON` | 2 |" in card


def test_layers_have_columns_of_their_own(news: Schema, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    written(folder, given_record(), schema=news, tags="names", scheme="bioes")
    row = json.loads((folder / "train.jsonl").read_bytes())
    assert sorted(row) == ["claim_tags", "cue_tags", "entity_tags", "id", "source_tags", "tokens"]
    assert row["source_tags"][:5] == ["B-SOURCE", *["I-SOURCE"] * 3, "E-SOURCE"]
    assert row["entity_tags"][4] == "S-GROUP"
    assert "    sequence: string\n" in (folder / "README.md").read_text("utf-8")
    path = folder / "train.jsonl"
    assert {p.name for p in FORMAT.parts(path)} == {"label_names.json", "README.md"}
    for schema in (news, NO_SCHEMA):  # whose layers the file names itself
        (found,) = FORMAT.read(Source(path, path.name, schema=schema, options={}))
        assert isinstance(found, Record)
        target = Target(schema=news, options={}, losses=Losses())
        assert essence(found)["spans"] == essence(FORMAT.reduce(given_record(), target))["spans"]


def test_a_card_that_somebody_changed_is_not_replaced(news: Schema, tmp_path: Path) -> None:
    written(tmp_path / "out", given_record(), schema=news)
    card = tmp_path / "out" / "README.md"
    made = card.read_text("utf-8")
    assert FORMAT.may_replace(card)
    for changed in (f"{made}A line.\n", made.replace("# license", "license"), "", "Mine.\n"):
        card.write_text(changed, "utf-8")
        assert not FORMAT.may_replace(card)
    assert FORMAT.may_replace(tmp_path / "out" / "train.jsonl")


def test_rows_of_others(tmp_path: Path) -> None:
    row = {"id": "0", "tokens": ["EU", "", "rejects"], "pos_tags": [1, 2, 3], "ner_tags": [3, 4, 0]}
    path = tmp_path / "test.jsonl"
    assert FORMAT.sniff(json.dumps(row).encode(), path) > 0.9
    assert refused(read(FORMAT, path, row)).startswith("ner_tags holds numbers")
    found = read(FORMAT, path, row, **{"label-names": "O,B-PER,I-PER,B-ORG,I-ORG"})
    assert one(found).document.text == "EU rejects"
    assert one(found).document.name == "test.jsonl#0"
    assert spans(one(found)) == [("entity", "ORG", "EU")]
    assert losses(found) == {"column of tags that is no layer's": 1, "empty token": 1}
    names = {"features": {"ner_tags": {"feature": {"names": ["O", "B-A", "I-A", "B-B", "I-B"]}}}}
    (tmp_path / "dataset_info.json").write_text(json.dumps(names))
    assert spans(one(read(FORMAT, path, row))) == [("entity", "B", "EU")]
    words = {"tokens": ["a", "b"], "tags": ["B-X", "I-X"], "source": "web"}
    found = read(FORMAT, path, words, layer="names")
    assert spans(one(found)) == [("names", "X", "a b")]
    assert one(found).document.meta == {"source": "web", "tokenization": "spaces"}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"tokens": "a b", "ner_tags": []}, "'tokens' is no list of words"),
        ({"tokens": ["a"], "ner_tags": ["O", "O"]}, "no tag for each of the 1 tokens"),
        ({"tokens": ["a"], "ner_tags": [True]}, "holds something that is no tag"),
        ({"tokens": ["a"], "ner_tags": [9]}, "there is no tag 9 among 2"),
        ({"tokens": ["a", "b"], "ner_tags": ["B-X", "Q-X"]}, "'Q-X' is no tag of iob2"),
    ],
)
def test_what_is_wrong_is_said(row: object, message: str, tmp_path: Path) -> None:
    (tmp_path / "label_names.json").write_text('{"ner_tags": ["O", "B-X"]}')
    assert message in refused(read(FORMAT, tmp_path / "a.jsonl", row))


def test_names_that_are_no_json(tmp_path: Path) -> None:
    (tmp_path / "label_names.json").write_text("[" * 100_000)
    assert "label_names.json: not JSON" in refused(
        read(FORMAT, tmp_path / "a.jsonl", {"tokens": ["a"], "ner_tags": [1]})
    )


def test_the_library_loads_what_was_written(news: Schema, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets", reason="datasets is not installed")
    folder = tmp_path / "out"
    written(folder, given_record(), schema=news, layers=("entity",))
    whole = datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"), split="train")
    names = whole.features["ner_tags"].feature.names
    assert [names[n] for n in whole[0]["ner_tags"][:2]] == ["B-PERSON", "I-PERSON"]
    rows = datasets.load_dataset(
        "json", data_files=str(folder / "train.jsonl"), cache_dir=str(tmp_path / "rows")
    )
    assert rows["train"][0]["tokens"][:2] == ["Bob", "Lee"]


def test_arrow_reads_what_was_written(news: Schema, tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow.json", reason="pyarrow is not installed")
    folder = tmp_path / "out"
    written(folder, given_record(), given_record(), schema=news, layers=("entity",))
    table = arrow.read_json(folder / "train.jsonl")
    assert table.schema.names == ["id", "tokens", "ner_tags"]
    assert str(table.schema.field("ner_tags").type) == "list<item: int64>"
    assert table.num_rows == 2
