"""spaCy's DocBin: documents for ``spacy train``, with entities, span groups, relations and labels.

One layer becomes ``doc.ents``; every layer, nested spans and all, is in ``doc.spans[LAYER]``.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from annotator.core.annotation import UnitLabel
from annotator.core.document import Sentence
from annotator.core.ranges import trim
from annotator.errors import InputError
from annotator.formats.base import (
    Carries,
    Format,
    ImportItem,
    Option,
    Record,
    Refusal,
    Source,
    Target,
)
from annotator.formats.docbin_columns import opened_bin, write_bin
from annotator.formats.docbin_reading import DocumentReader
from annotator.formats.docbin_words import Words, attribute_numbers
from annotator.formats.docbin_writing import ATTRIBUTES, DocumentPacker
from annotator.formats.label_names import UNNAMED_LAYER

_LOOK = 4096
_READ = ("ORTH", "ENT_IOB", "ENT_TYPE", "ENT_KB_ID", "SENT_START", "TAG", "POS", "DEP", "LEMMA")


class DocBinFormat(Format):
    """Reads and writes ``.spacy`` files; spaCy itself only gives the numbers of words."""

    name = "spacy"
    title = "spaCy DocBin"
    extensions = (".spacy",)
    binary = True
    needs = ("spacy",)
    extra = "spacy"
    carries = Carries(
        name=True, metadata=True, sentences=True, document_labels=True, nesting="any",
        duplicates=True, relations=True,
    )  # fmt: skip
    write_options = (
        Option(
            name="entities", metavar="LAYER",
            help="The layer that becomes doc.ents; else the first that is exported.",
        ),
    )  # fmt: skip

    def sniff(self, head: bytes, path: Path) -> float:
        """Sure where zlib unpacks to a map that begins as a DocBin does."""
        if head[:1] != b"\x78":
            return 0.0
        try:
            start = zlib.decompressobj().decompress(head, _LOOK)
        except zlib.error:
            return 0.0
        return 1.0 if b"\xa5attrs" in start or b"\xa6tokens" in start else 0.0

    def read(self, source: Source) -> Iterator[ImportItem]:
        """The documents one by one. Raises InputError where the file is no DocBin."""
        with opened_bin(source) as columns:
            numbers = dict(zip(attribute_numbers(_READ), _READ, strict=True))
            known = {numbers[a]: n for n, a in enumerate(columns.attributes) if a in numbers}
            if "ORTH" not in known:
                raise InputError(f"{source.shown}: a DocBin without words (the attribute ORTH)")
            reader = DocumentReader(source, known, len(columns.attributes), Words(columns.words))
            found = enumerate(columns.documents(source.largest_record), start=1)
            for number, document in found:
                place = f"{source.shown} document {number}"
                try:
                    if isinstance(document, InputError):
                        raise document
                    yield reader.record(document, place, number)
                except InputError as error:
                    yield Refusal(place, error.message, error.hint)
            if not columns.lengths:
                yield Refusal(source.shown, "the file holds no document")

    def content(self, data: bytes) -> bytes:
        """The unpacked columns: zlib's libraries do not all pack alike."""
        return zlib.decompress(data)

    def reduce(self, record: Record, target: Target) -> Record:
        """Also without white space at the ends of sentences, and what msgpack cannot hold."""
        record = super().reduce(record, target)
        document = record.document
        meta = {key: _narrow(value, key, target) for key, value in document.meta.items()}
        labels: dict[tuple[str, str], UnitLabel] = {}
        for label in record.unit_labels:
            if labels.setdefault((label.layer, label.label), label) is not label:
                target.losses.add("duplicate label", "one kept", f"{document.name}: {label.label}")
        return replace(
            record, document=replace(document, meta=meta), unit_labels=tuple(labels.values()),
            sentences=tuple(_trimmed(record)) or None,
        )  # fmt: skip

    def write(self, records: Iterable[Record], target: Target) -> int:
        """One bin. Raises NotFoundError for a layer that the schema lacks."""
        words = Words()
        packer = DocumentPacker(target.schema, words, _entity_layer(target))
        documents = (packer.packed(record) for record in records)
        return write_bin(
            target.file, attribute_numbers(ATTRIBUTES), documents, chain(("",), words.all())
        )


FORMAT = DocBinFormat()


def _entity_layer(target: Target) -> str:
    """The layer asked for, or the first span layer that is exported."""
    asked = target.options.get("entities")
    if asked is not None:
        return target.schema.layer(asked).name
    layers = [layer.name for layer in target.schema.layers if layer.scope == "span"]
    chosen = [name for name in layers if not target.layers or name in target.layers]
    return next(iter(chosen), UNNAMED_LAYER["span"])


def _trimmed(record: Record) -> Iterator[Sentence]:
    """The sentences without white space at their ends, and without those that hold nothing else."""
    text = record.document.text
    for sentence in record.sentences or ():
        found = trim(text, sentence.start, sentence.end)
        if found is not None:
            yield replace(sentence, start=found.start, end=found.end)


def _narrow(value: Any, key: str, target: Target) -> Any:
    """A value whose whole numbers have at most 64 bits; wider ones become texts."""
    if isinstance(value, list):
        return [_narrow(v, key, target) for v in value]
    if isinstance(value, dict):
        return {k: _narrow(v, key, target) for k, v in value.items()}
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        target.losses.add("whole number of more than 64 bits", "written as a text", key)
        return str(value)
    return value
