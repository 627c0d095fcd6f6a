"""Gold documents to be annotated again by keys: the seed, and ten of the corpora.

Each is the native record, as an export writes it, with the schema that it needs.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from annotator.store.base import Store
from annotator.workflow.demo import prepare
from annotator.workflow.deriving import Request as Deriving
from annotator.workflow.deriving import derive
from annotator.workflow.exporting import Request as Exporting
from annotator.workflow.exporting import export
from annotator.workflow.importing import Request, import_paths
from annotator.workflow.projects import init
from annotator.workflow.resources import schema_text
from bench.economy_essence import Record

_GERMAN = "german_news_quotes/data"
_GUM = tuple(f"gum/coref/gum/tsv/GUM_news_{name}.tsv" for name in ("clock", "korea", "ie9"))
_LITBANK = tuple(
    f"litbank/entities/brat/{name}_brat.ann"
    for name in (
        "1064_the_masque_of_the_red_death",
        "113_the_secret_garden",
        "11_alices_adventures_in_wonderland",
    )
)
_GERMAN_DOCUMENTS = 4


class Gold(Struct, frozen=True):
    """A document's name, the schema as TOML, and the record to arrive at."""

    name: str
    schema: str
    record: Record


def exported(store: Store, annotator: str) -> Record:
    """The one document of a project, as its export says."""
    stream = io.BytesIO()
    export(store, Exporting(annotator=annotator), stream)
    record: Record = json.loads(stream.getvalue())
    return record


def seed() -> Gold:
    """The seed article as it is shipped."""
    with tempfile.TemporaryDirectory() as folder:
        store, _, annotator = prepare(Path(folder), "gold")
        record = exported(store, annotator)
        store.close()
    return Gold("seed", schema_text("news")[0], record)


def beginning(gold: Gold, count: int) -> Gold:
    """Its first sentences, with all that lies in them."""
    cut = gold.record["sentences"][:count]
    end = cut[-1]["end"]
    spans = [s for s in gold.record["spans"] if s["fragments"][-1][1] <= end]
    inside = {s["id"] for s in spans}
    relations = [
        r for r in gold.record["relations"] if all(a["span"] in inside for a in r["arguments"])
    ]
    mentioned = {span["actor"] for span in spans}
    actors = [actor for actor in gold.record["actors"] if actor["id"] in mentioned]
    held = {"sentences": cut, "spans": spans, "relations": relations, "actors": actors}
    return Gold(gold.name, gold.schema, {**gold.record, "text": gold.record["text"][:end], **held})


def of_corpora(corpora: Path) -> Iterator[Gold]:
    """Ten documents of the corpora, each with all that its file holds."""
    for path in _with_most_quotations(corpora / _GERMAN):
        yield imported(path, schema_text("quotes")[0], f"german {path.name.split(' ')[0]}")
    for file in (*_GUM, *_LITBANK):
        path = corpora / file
        schema = derive(Deriving(paths=(path,), name="derived")).text
        yield imported(path, schema, path.stem.removesuffix("_brat"))


def _with_most_quotations(folder: Path) -> list[Path]:
    def count(path: Path) -> int:
        return len(json.loads(path.read_text("utf-8"))["annotations"])

    paths = sorted(folder.rglob("*.json"))
    return sorted(paths, key=lambda path: (-count(path), path.name))[:_GERMAN_DOCUMENTS]


def imported(path: Path, schema: str, name: str) -> Gold:
    """A file as it is read, in this schema."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "schema.toml"
        file.write_text(schema, "utf-8")
        store = init(Path(folder) / "gold.db", str(file))
        for _ in import_paths(store, Request(paths=(path,), default_annotator="gold")):
            pass
        record = exported(store, "gold")
        store.close()
    return Gold(name, schema, record)
