"""WebAnno TSV 3: a row for each token, a column for each feature, ids where annotations stack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.core.document import content_hash
from annotator.formats.base import Carries, Format, ImportItem, Record, Source, Target
from annotator.formats.building import RecordBuilder
from annotator.formats.decoding import decode
from annotator.formats.file_names import FileNames
from annotator.formats.webanno_reading import TsvReader
from annotator.formats.webanno_reducing import for_rows
from annotator.formats.webanno_rows import parse
from annotator.formats.webanno_writing import lines

_FIRST = b"#FORMAT=WebAnno TSV 3"
_BOM = b"\xef\xbb\xbf"


class WebAnnoTsvFormat(Format):
    """Reads versions 3.0 to 3.3 and writes 3.3, a file for each document."""

    name = "webanno-tsv"
    title = "WebAnno TSV 3"
    extensions = (".webanno", ".tsv")
    folder = True
    carries = Carries(
        sentences=True, nesting="any", duplicates=True, attributes=True, notes=True,
        relations=True, n_ary=True, relation_details=True,
    )  # fmt: skip

    def sniff(self, head: bytes, path: Path) -> float:
        """Sure by the first line."""
        return 1.0 if head.removeprefix(_BOM).startswith(_FIRST) else 0.0

    def read(self, source: Source) -> Iterator[ImportItem]:
        """The one document. Raises InputError with the line where something is wrong."""
        data = source.content()
        content, encoding = decode(data, source)
        rows = parse(content, source)
        name = str(Path(source.name).with_suffix(".txt")) if source.name else ""
        builder = RecordBuilder(
            source, rows.text, name=name, sha256=content_hash(data), encoding=encoding
        )
        yield TsvReader(rows, builder, source).record()

    def reduce(self, record: Record, target: Target) -> Record:
        """Besides what is declared: blank edges of spans, of sentences and of the text."""
        return for_rows(super().reduce(record, target), target.losses)

    def write(self, records: Iterable[Record], target: Target) -> int:
        """A file for each record."""
        names, count = FileNames(), 0
        for record in records:
            with target.open(f"{names.stem(record, '.txt')}.tsv") as file:
                file.writelines(f"{line}\n".encode() for line in lines(record, target.schema))
            count += 1
        return count


FORMAT = WebAnnoTsvFormat()
