"""Token classification as Hugging Face's ``datasets`` loads it: a folder of JSON Lines and a card.

A row holds ``id``, ``tokens`` and numbers of tags: ``ner_tags`` where there is one layer, else
``LAYER_tags`` for each. The names of tags stand in ``label_names.json`` and in the card's features.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from annotator.formats.base import Carries, Option, Record, Source, Target
from annotator.formats.conll import SCHEME
from annotator.formats.dataset_card import CARD, DATA, Column, Counts, card, is_as_written
from annotator.formats.huggingface_reading import (
    ID,
    INFO,
    NAMES,
    NER,
    TAGS,
    TOKENS,
    RowReader,
    are_words,
    is_column,
)
from annotator.formats.json_format import JsonFormat
from annotator.formats.json_items import first_of
from annotator.formats.label_names import LabelNames
from annotator.formats.record import all_tokens
from annotator.formats.reducing import OUT, reduced
from annotator.formats.spacing import spaced
from annotator.formats.tag_schemes import tag_names
from annotator.formats.tagging import tagged


class HuggingFaceFormat(JsonFormat):
    """Writes a folder, and reads its rows and others of that shape."""

    name = "huggingface"
    title = "Hugging Face token classification, with a dataset card"
    extensions = (".hf", ".jsonl")
    folder = True
    carries = Carries(text=False, name=True, nesting="between layers", sub_tokens=False)
    read_options = (
        Option(
            name="label-names", metavar="LIST",
            help="Names of the numbers in ner_tags, as O,B-PER,I-PER; else from label_names.json.",
        ),
    )  # fmt: skip
    write_options = (
        SCHEME,
        Option(
            name="tags", help="How tags are written.", values=("ids", "names"), default="ids"
        ),
    )  # fmt: skip
    hint = 'A row is {"id": …, "tokens": [words], "ner_tags": [numbers or names of tags]}.'

    def sniff(self, head: bytes, path: Path) -> float:
        """Sure where an object holds words and as many tags; empty lists say little."""
        row, is_whole = first_of(head)
        if not isinstance(row, dict) or not are_words(row.get(TOKENS)):
            return 0.0
        tags = [row[key] for key in row if is_column(key) and isinstance(row[key], list)]
        fits = any(not is_whole or len(column) == len(row[TOKENS]) for column in tags)
        if not fits:
            return 0.0
        return 0.95 if row[TOKENS] else 0.3

    def parts(self, path: Path) -> tuple[Path, ...]:
        """The names of tags, and the card of a folder that has them."""
        beside = path.parent
        if not any((beside / name).is_file() for name in (NAMES, INFO)):
            return ()
        return tuple(beside / name for name in (NAMES, INFO, CARD) if (beside / name).is_file())

    def may_replace(self, file: Path) -> bool:
        """All but a card that is not as an export wrote it: people add to it."""
        return file.name != CARD or is_as_written(file.read_bytes())

    def records(
        self, row: dict[str, Any], source: Source, place: str, number: int
    ) -> Iterable[Record]:
        """The record of a row."""
        return [RowReader(row, source, place, number).record()]

    def reduce(self, record: Record, target: Target) -> Record:
        """Tokens with single spaces between them."""
        layers = target.span_layers
        carries = self.carries
        if not layers:
            carries = msgspec.structs.replace(carries, nesting="none")
        else:
            spans = tuple(span for span in record.spans if span.layer in layers)
            if lost := len(record.spans) - len(spans):
                kind = "span of a layer that the schema lacks"
                target.losses.add(kind, OUT, record.document.name, lost)
            record = msgspec.structs.replace(record, spans=spans)
        found = reduced(record, carries, target.losses)
        return spaced(record, found, target.losses, by_sentence=False)

    def write(self, records: Iterable[Record], target: Target) -> int:
        """The rows; then the names of tags and the card, which counts what was written."""
        scheme, as_ids = target.options["scheme"] or "iob2", target.options["tags"] != "names"
        names = LabelNames(target.schema)
        columns = _columns(target, names, scheme)
        counts = Counts()
        with target.open(DATA) as file:
            for record in records:
                row = _written(record, columns, names, scheme, as_ids, counts)
                data = msgspec.json.encode(row) + b"\n"
                counts.rows += 1
                counts.bytes += len(data)
                file.write(data)
        with target.open(NAMES) as file:
            listed = {column.name: column.tags for column in columns}
            file.write(msgspec.json.format(msgspec.json.encode(listed), indent=2) + b"\n")
        with target.open(CARD) as file:
            file.write(card(target.schema, columns, counts, as_ids, scheme).encode())
        return counts.rows


FORMAT = HuggingFaceFormat()


# -- writing --------------------------------------------------------------------------------------


def _columns(target: Target, names: LabelNames, scheme: str) -> list[Column]:
    """A column for each layer of spans, with all tags that its labels may have."""
    layers = [target.schema.layer(name) for name in target.span_layers]
    return [
        Column(
            NER if len(layers) == 1 else f"{layer.name}{TAGS}",
            layer.name,
            tag_names((names.written(layer.name, label.name) for label in layer.labels), scheme),
        )
        for layer in layers
    ] or [Column(NER, "", ["O"])]


def _written(
    record: Record, columns: list[Column], names: LabelNames, scheme: str, as_ids: bool,
    counts: Counts,
) -> dict[str, Any]:  # fmt: skip
    """A row; labels that the schema lacks are added to the names of their column."""
    text, tokens = record.document.text, all_tokens(record)
    row: dict[str, Any] = {
        ID: record.document.name,
        TOKENS: [text[token.start : token.end] for token in tokens],
    }
    placed = [
        [
            (span, names.written(span.layer, span.label))
            for span in record.spans
            if column.layer in ("", span.layer)
        ]
        for column in columns
    ]
    counts.tokens += len(tokens)
    for _, label in chain.from_iterable(placed):
        counts.labels[label] += 1
    (found,) = tagged([tokens], placed, scheme)
    for column, tags in zip(columns, found, strict=True):
        row[column.name] = [column.number(tag) for tag in tags] if as_ids else tags
        if not as_ids:
            for tag in tags:
                column.number(tag)
    return row
