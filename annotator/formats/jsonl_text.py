"""JSON objects with a text in one key and metadata in the others: lines, an array, or neither."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from annotator.formats.base import Option, Record, Source
from annotator.formats.building import RecordBuilder
from annotator.formats.json_format import JsonFormat, take_name, text_of
from annotator.formats.json_items import first_of

TEXT_FIELD = Option(
    name="text-field", help="The key or column that holds the text.", default="text"
)


class JsonTextFormat(JsonFormat):
    """Reads texts; there is nothing to be written."""

    name = "jsonl-text"
    title = "JSON objects with a text among their keys"
    extensions = (".jsonl", ".json")
    writes = False
    read_options = (TEXT_FIELD,)

    def sniff(self, head: bytes, path: Path) -> float:
        """Possible for any JSON objects, likely where one has a text and no format's own keys."""
        row, is_whole = first_of(head)
        if not isinstance(row, dict):
            return 0.0
        if not is_whole:  # what follows could be another format's annotations
            return 0.15
        return 0.5 if isinstance(row.get("text"), str) else 0.3

    def records(
        self, row: dict[str, Any], source: Source, place: str, number: int
    ) -> Iterable[Record]:
        """The one document of an object."""
        field = source.options.get("text-field") or "text"
        text = text_of(row, field)
        meta = {key: value for key, value in row.items() if key != field}
        name = take_name(meta, source, number)
        return [RecordBuilder(source, text, name=name, place=place, meta=meta).record()]


FORMAT = JsonTextFormat()
