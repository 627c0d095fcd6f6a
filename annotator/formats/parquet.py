"""Parquet: the native record as a table, one document × annotator a row, for data frames and SQL.

Tables of others come in by their column of texts, the other columns as metadata.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from annotator.errors import InputError
from annotator.formats.base import Format, ImportItem, Record, Refusal, Source, Target
from annotator.formats.building import RecordBuilder
from annotator.formats.carries import EVERYTHING
from annotator.formats.json_format import take_name, text_of
from annotator.formats.jsonl_record import VERSION
from annotator.formats.jsonl_rows import checked_record, to_row
from annotator.formats.jsonl_text import TEXT_FIELD
from annotator.formats.parquet_apart import rows_apart
from annotator.formats.parquet_rows import from_table_row, table_schema, to_table_row

_MAGIC = b"PAR1"
_TOGETHER = 16
"""Rows that are made at a time."""
_GROUP = 32 * 1024**2
"""Bytes of a row group, before it is packed."""


class ParquetFormat(Format):
    """Reads and writes tables with nested columns; nothing is ever lost."""

    name = "parquet"
    title = "Parquet, the native record as a table"
    extensions = (".parquet",)
    binary = True
    needs = ("pyarrow",)
    extra = "parquet"
    carries = EVERYTHING
    read_options = (TEXT_FIELD,)

    def sniff(self, head: bytes, path: Path) -> float:
        """Sure by its first bytes."""
        return 1.0 if head.startswith(_MAGIC) else 0.0

    def content(self, data: bytes) -> Any:
        """Columns and rows: what packs them, and how, is written into the file as well."""
        from pyarrow import parquet

        table = parquet.read_table(io.BytesIO(data))
        return str(table.schema), table.to_pylist()

    def read(self, source: Source) -> Iterator[ImportItem]:
        """The rows one by one. Raises InputError where the file is damaged."""
        number = 0
        for number, row in enumerate(rows_apart(source), start=1):
            place = f"{source.shown} row {number}"
            try:
                _refuse_long(row, source)
                if row.get("format") == VERSION:
                    yield checked_record(from_table_row(row), place)
                else:
                    yield _text_record(row, source, place, number)
            except InputError as error:
                yield Refusal(place, error.message, error.hint)
        if not number:
            yield Refusal(source.shown, "the table has no rows")

    def write(self, records: Iterable[Record], target: Target) -> int:
        """One row a record; memory is bound by a row group."""
        import pyarrow as pa
        from pyarrow import parquet

        schema, count, waiting, size = table_schema(), 0, [], 0
        rows = map(_row, records)
        with parquet.ParquetWriter(target.file, schema, compression="zstd") as writer:
            while some := list(islice(rows, _TOGETHER)):
                batch = pa.RecordBatch.from_pylist(some, schema)
                waiting.append(batch)
                count += len(some)
                size += batch.nbytes
                if size > _GROUP:
                    writer.write_table(pa.Table.from_batches(waiting))
                    waiting, size = [], 0
            if waiting:
                writer.write_table(pa.Table.from_batches(waiting))
        return count


FORMAT = ParquetFormat()


def _row(record: Record) -> dict[str, Any]:
    """The row of a record; no cut into sentences is null, and not an empty one."""
    row = to_table_row(to_row(record))
    return row if record.sentences is not None else {**row, "sentences": None}


def _refuse_long(row: dict[str, Any], source: Source) -> None:
    """Raise InputError where a text of the row is longer than a record may be."""
    longest = max((len(value) for value in row.values() if isinstance(value, str)), default=0)
    if longest > source.largest_record:
        raise InputError(
            f"a text is longer than {source.largest_record:,} characters",
            "Cut the document into smaller ones.",
        )


def _text_record(row: dict[str, Any], source: Source, place: str, number: int) -> Record:
    """The document of a row of somebody else's table. Raises InputError."""
    field = source.options.get("text-field") or "text"
    text = text_of(row, field)
    meta = {key: value for key, value in row.items() if key != field}
    name = take_name(meta, source, number)
    return RecordBuilder(source, text, name=name, place=place, meta=meta).record()
