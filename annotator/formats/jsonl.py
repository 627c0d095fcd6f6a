"""The native format: JSONL, one document × annotator a line, which carries everything."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from annotator.errors import InputError
from annotator.formats.base import Format, ImportItem, Record, Refusal, Source, Target
from annotator.formats.carries import EVERYTHING
from annotator.formats.json_items import (
    BOM,
    MOST_VALUES,
    check_values,
    not_json,
    not_utf8,
    numbered_lines,
)
from annotator.formats.jsonl_record import VERSION, RecordRow
from annotator.formats.jsonl_rows import checked_record, to_row
from annotator.formats.safe_json import encoded, made_safe

_MARK = re.compile(rb'\s*\{\s*"format"\s*:\s*"annotator/')
_MOST_VALUES = 4 * MOST_VALUES
"""The tokens of the longest text that an export may hold are among them."""
_HINT = "schemas/export.schema.json describes the record."


class JsonlFormat(Format):
    """Reads and writes the native record."""

    name = "jsonl"
    title = "annotator JSONL, the native record"
    extensions = (".jsonl",)
    carries = EVERYTHING

    def sniff(self, head: bytes, path: Path) -> float:
        """1 where the file begins as a record of ours does, or holds its mark further on."""
        if _MARK.match(head.removeprefix(BOM)):
            return 1.0
        return 0.6 if head.lstrip()[:1] == b"{" and b'"annotator/1"' in head else 0.0

    def read(self, source: Source) -> Iterator[ImportItem]:
        """The records line by line; a line that is wrong in any way gives a refusal."""
        decoder = msgspec.json.Decoder(RecordRow)
        found = False
        with source.open() as file:
            for number, line in numbered_lines(file, source.largest_record):
                place = source.at(number)
                if line is None:
                    yield Refusal(
                        place,
                        f"the line is longer than {source.largest_record:,} bytes",
                        "Cut the document into smaller ones.",
                    )
                elif line.strip():
                    try:
                        yield _record(line.strip(), place, decoder)
                    except InputError as error:
                        yield Refusal(place, error.message, error.hint or _HINT)
                else:
                    continue
                found = True
        if not found:
            yield Refusal(source.shown, "the file holds no record", _HINT)

    def write(self, records: Iterable[Record], target: Target) -> int:
        """One line a record; nothing is ever lost."""
        count = 0
        for record in records:
            target.file.write(encoded(to_row(record)))
            target.file.write(b"\n")
            count += 1
        return count


FORMAT = JsonlFormat()


def _record(line: bytes, place: str, decoder: msgspec.json.Decoder[RecordRow]) -> Record:
    """The checked record of one line. Raises InputError."""
    check_values(line, _MOST_VALUES)
    try:
        row = decoder.decode(line)
    except RecursionError:
        raise InputError("the JSON is nested too deep to be read") from None
    except UnicodeDecodeError as error:
        raise not_utf8(error, line) from None
    except msgspec.ValidationError as error:
        raise InputError(f"not a record of {VERSION}: {error}") from None
    except msgspec.DecodeError as error:
        raise not_json(error, line) from None
    _refuse_double_keys(row, line)
    return checked_record(row, place)


def _refuse_double_keys(row: RecordRow, line: bytes) -> None:
    """Raise InputError where an object holds a key twice, of which decoding keeps one only.

    A line just as we write it cannot; only others are read again with the slow parser.
    """
    plain = msgspec.json.encode(row)
    if plain == line or made_safe(plain) == line:
        return
    try:
        json.loads(line, object_pairs_hook=_single)
    except RecursionError:
        raise InputError("the JSON is nested too deep to be read") from None


def _single(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise InputError(f"the key {key!r} stands twice in one object", "Keep one of the two.")
        found[key] = value
    return found
