"""What formats made of JSON objects, one for a document, have in common: reading, naming, metadata.

The metadata of a document lies among keys of the format's own in most of them. A key of the
format's that a document has as metadata is a loss; a document's name travels as one more key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from annotator.errors import InputError
from annotator.formats.base import Format, ImportItem, Record, Refusal, Source, Target
from annotator.formats.json_items import decoded_object, json_items
from annotator.formats.reducing import OUT

NAME = "name"
"""The metadata key that holds the document's name."""

_Row = TypeVar("_Row")


class JsonFormat(Format):
    """Base of formats whose files hold one JSON object for each document."""

    own_keys: frozenset[str] = frozenset()
    """Keys beside the metadata that mean something to the format."""
    hint: str = "docs/formats.md names what describes the format."

    def read(self, source: Source) -> Iterator[ImportItem]:
        """The records of each object; one that is wrong in any way gives a refusal."""
        found = False
        for number, item in enumerate(json_items(source), start=1):
            found = True
            place = source.at(item.line)
            if item.data is None:
                yield Refusal(
                    place,
                    f"the object is longer than {source.largest_record:,} bytes",
                    "Cut the document into smaller ones.",
                )
                continue
            try:
                yield from self.records(decoded_object(item.data), source, place, number)
            except InputError as error:
                yield Refusal(place, error.message, error.hint or self.hint)
        if not found:
            yield Refusal(source.shown, "the file holds no document", self.hint)

    def records(
        self, row: dict[str, Any], source: Source, place: str, number: int
    ) -> Iterable[Record]:
        """The records of one object, the ``number``-th of the file. Raises InputError."""
        raise NotImplementedError

    def reduce(self, record: Record, target: Target) -> Record:
        """Also without metadata under keys that are the format's own."""
        record = super().reduce(record, target)
        document = record.document
        taken = sorted((self.own_keys | {NAME}) & document.meta.keys())
        if not taken:
            return record
        for key in taken:
            target.losses.add("metadata", f"{OUT}, as the format uses the key", key)
        meta = {key: value for key, value in document.meta.items() if key not in taken}
        return replace(record, document=replace(document, meta=meta))


def known(row: dict[str, Any], type: type[_Row]) -> _Row:
    """The keys of a row that a struct describes. Raises InputError naming what is wrong."""
    try:
        return msgspec.convert(row, type)
    except msgspec.ValidationError as error:
        raise InputError(f"not as the format wants it: {error}") from None


def take_name(meta: dict[str, Any], source: Source, number: int) -> str:
    """The document's name, taken out of its metadata; else that of the file with a number."""
    name = meta.get(NAME)
    if isinstance(name, str) and name.strip():
        del meta[NAME]
        return name
    return source.numbered(number)


def text_of(row: dict[str, Any], field: str) -> str:
    """The document's text. Raises InputError where it is missing or no text."""
    text = row.get(field)
    if isinstance(text, str):
        return text
    keys = ", ".join(key for key in map(str, row)) or "none"
    what = "there is no" if field not in row else "no text in"
    raise InputError(
        f"{what} {field!r} (keys: {keys[:200]})", "Say which key holds the text: --text-field NAME."
    )
