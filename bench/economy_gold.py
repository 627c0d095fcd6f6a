"""Gold documents to be annotated again by keys: the seed, and ten of the corpora.

Each is the native record, as an export writes it, with the schema that it needs.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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

Record = dict[str, Any]

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
_GERMAN_TYPES = {
    "Direct": "DIRECT",
    "Indirect": "INDIRECT",
    "Reported": "REPORTED",
    "FreeIndirect": "FREE_INDIRECT",
    "IndirectFreeIndirect": "FREE_INDIRECT",
}


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
    text = gold.record["text"][:end]
    record = {**gold.record, "text": text, "sentences": cut, "spans": spans, "relations": relations}
    return Gold(gold.name, gold.schema, record)


def of_corpora(corpora: Path) -> Iterator[Gold]:
    """Ten documents of the corpora."""
    yield from _german(corpora / _GERMAN)
    for name in (*_GUM, *_LITBANK):
        yield _imported(corpora / name)


def _imported(path: Path) -> Gold:
    """A file of a format that is read, in a schema derived of it; attributes are left out where
    they are bookkeeping of other annotations (GUM's salience and centering)."""
    schema = derive(Deriving(paths=(path,), name="derived")).text
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "derived.toml"
        file.write_text(schema, "utf-8")
        store = init(Path(folder) / "gold.db", str(file))
        for _ in import_paths(store, Request(paths=(path,), default_annotator="gold")):
            pass
        record = exported(store, "gold")
        store.close()
    for annotation in (*record["spans"], *record["relations"]):
        annotation["attributes"] = {}
    return Gold(path.stem.removesuffix("_brat"), schema, record)


def _german(folder: Path) -> Iterator[Gold]:
    """Those with most quotations first; a span that stands twice in a layer is one span, and a
    quotation that stands twice with the same arguments is one relation."""
    found = []
    for path in sorted(folder.rglob("*.json")):
        read = json.loads(path.read_text("utf-8"))
        found.append((-len(read["annotations"]), path.name, read))
    schema = schema_text("quotes")[0]
    for _, name, read in sorted(found, key=lambda row: row[:2])[1 : 1 + _GERMAN_DOCUMENTS]:
        yield Gold(f"german {name.split(' ')[0]}", schema, _german_record(read))


def _german_record(read: dict[str, Any]) -> Record:
    text: str = read["originalText"]
    spans: dict[tuple[Any, ...], Record] = {}

    def span(layer: str, label: str, given: dict[str, Any]) -> str | None:
        fragments = [(f["charBegin"], f["charEnd"]) for f in given["spans"]]
        fragments = [f for f in fragments if text[slice(*f)].strip()]
        if not fragments:
            return None
        key = (layer, *fragments)
        spans.setdefault(
            key, {"id": str(len(spans)), "layer": layer, "label": label, "fragments": fragments}
        )
        return str(spans[key]["id"])

    relations = []
    for quotation in read["annotations"]:
        roles = {
            "quote": span("quote", _GERMAN_TYPES[quotation["type"]], quotation["quote"]),
            "speaker": span("speaker", "SPEAKER", quotation["speaker"]),
            "cue": span("cue", "CUE", quotation["cue"]),
        }
        arguments = [{"role": role, "span": id} for role, id in roles.items() if id is not None]
        relation = {"type": "quotation", "arguments": arguments}
        if roles["quote"] is not None and len(arguments) > 1 and relation not in relations:
            relations.append(relation)
    return {"text": text, "spans": list(spans.values()), "relations": relations}
