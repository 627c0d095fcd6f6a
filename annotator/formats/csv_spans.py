"""CSV with one span a row, for spreadsheets and data frames. Only the spans' text is there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from annotator.formats.base import Carries, Format, Record, Target
from annotator.formats.reducing import OUT

COLUMNS = (
    "document", "annotator", "id", "layer", "label", "start", "end", "fragments", "text",
    "attributes", "uncertain", "actor", "note", "flagged", "engine", "version", "score",
    "document_id",
)  # fmt: skip


class CsvFormat(Format):
    """Writes spans; ``csv-text`` reads tables of texts."""

    name = "csv"
    title = "CSV, one span a row"
    extensions = (".csv",)
    reads = False
    carries = Carries(
        text=False, name=True, nesting="any", duplicates=True, fragments=True, attributes=True,
        attribute_lists=True, uncertainty=True, notes=True, flags=True, engines=True, actors=True,
    )  # fmt: skip

    def sniff(self, head: bytes, path: Path) -> float:
        """Nothing is read."""
        return 0.0

    def reduce(self, record: Record, target: Target) -> Record:
        """Also tells that the text between the spans is not there."""
        covered = {n for span in record.spans for f in span.fragments for n in range(*f)}
        text = record.document.text
        if any(n not in covered and not c.isspace() for n, c in enumerate(text)):
            target.losses.add("text outside of spans", OUT, record.document.name)
        return super().reduce(record, target)

    def write(self, records: Iterable[Record], target: Target) -> int:
        """A row a span, in the order of the text; offsets are code points, half-open.

        Fragments are ``start-end`` parted by blanks, attributes ``name=value|value`` parted by
        semicolons.
        """
        stream = io.TextIOWrapper(target.file, "utf-8", newline="", write_through=True)
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(COLUMNS)
        number = 0
        for record in records:
            number += 1
            rows.writerows(_rows(record))
        stream.detach()
        return number


FORMAT = CsvFormat()


def _rows(record: Record) -> Iterable[list[object]]:
    document = record.document
    actors = {actor.id: actor.name for actor in record.actors}
    for span in sorted(record.spans, key=lambda s: (s.start, -s.end, s.id)):
        yield [
            document.name, record.annotator, span.id, span.layer, span.label, span.start, span.end,
            " ".join(f"{start}-{end}" for start, end in span.fragments), span.text,
            ";".join(f"{a.name}={'|'.join(a.values)}" for a in span.attributes),
            "|".join(a.name for a in span.attributes if a.uncertain),
            None if span.actor is None else actors.get(span.actor), span.note,
            "true" if span.flagged else "false", span.origin.engine, span.origin.version,
            span.origin.score, document.id,
        ]  # fmt: skip
