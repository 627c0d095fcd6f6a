"""brat stand-off: a text in ``.txt``, what is annotated in ``.ann`` beside it, by character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.core.document import content_hash
from annotator.errors import InputError
from annotator.formats import brat_conf
from annotator.formats.base import Carries, Format, ImportItem, Record, Refusal, Source, Target
from annotator.formats.brat_lines import LINE, parse
from annotator.formats.brat_reading import BratReader
from annotator.formats.brat_reducing import for_lines
from annotator.formats.brat_words import BratWords
from annotator.formats.brat_writing import AnnWriter
from annotator.formats.building import RecordBuilder
from annotator.formats.decoding import decode
from annotator.formats.file_names import FileNames
from annotator.formats.findings import Findings

_BOM = "\ufeff"
_SECTION = re.compile(rb"^\[(entities|relations|events|attributes|spans|labels|drawing)\]", re.M)
_FOLDERS_UP = 2


class BratFormat(Format):
    """Reads an ``.ann`` file with its text, and writes a folder of both with a configuration."""

    name = "brat"
    title = "brat stand-off"
    extensions = (".brat", ".ann")
    folder = True
    carries = Carries(
        nesting="any", duplicates=True, fragments=True, attributes=True, notes=True, actors=True,
        relations=True, n_ary=True, relation_arguments=True, relation_details=True,
    )  # fmt: skip

    def sniff(self, head: bytes, path: Path) -> float:
        """Sure for an ``.ann`` file beside its text, or that begins with a line of brat's."""
        if path.name in brat_conf.NAMES:
            return 0.9 if _SECTION.search(head) or path.name != brat_conf.NAMES[0] else 0.0
        if path.suffix.lower() != ".ann":
            return 0.0
        begins = LINE.match(head[:40].decode("latin-1"))
        return 1.0 if begins or path.with_suffix(".txt").exists() else 0.7

    def parts(self, path: Path) -> tuple[Path, ...]:
        """The text, and what configures the collection."""
        if path.name in brat_conf.NAMES:
            return ()
        folders = list(path.parents)[: _FOLDERS_UP + 1]
        confs = (folder / name for folder in folders for name in brat_conf.NAMES)
        return (path.with_suffix(".txt"), *confs)

    def read(self, source: Source) -> Iterator[ImportItem]:
        """The one document. Raises InputError with the line where something is wrong."""
        if source.path.name in brat_conf.NAMES:
            yield Refusal(
                source.shown, "a configuration of brat, not a document",
                "annotator schema derive makes a schema of it.",
            )  # fmt: skip
            return
        content, _ = decode(source.content(), source)
        beside = source.beside(source.path.with_suffix(".txt"))
        if not beside.path.exists():
            first = content.lstrip().partition("\n")[0]
            hint = "A brat document is two files, one of annotations and one of text."
            if first and not LINE.match(first):
                raise InputError(f"{source.at(1)}: no line of brat stand-off", hint)
            raise InputError(f"{source.shown}: its text {beside.shown} is not there", hint)
        data = beside.content()
        text, encoding = decode(data, beside)
        name = str(Path(source.name).with_suffix(".txt")) if source.name else ""
        builder = RecordBuilder(
            source, text, name=name, sha256=content_hash(data), encoding=encoding
        )
        yield BratReader(parse(content, text, source), builder, source).record()

    def declare(self, source: Source, findings: Findings) -> None:
        """What the ``annotation.conf`` allows that is nearest to the file, or that is the file."""
        conf = brat_conf.NAMES[0]
        folders = list(source.path.parents)[: _FOLDERS_UP + 1]
        near = next((path for f in folders if (path := f / conf).is_file()), None)
        if near is None:
            return
        beside = source.beside(near)
        content, _ = decode(beside.content(), beside)
        words = BratWords(source.schema, layer=source.layer, losses=source.losses)
        brat_conf.declare(brat_conf.parse(content, beside.shown), words, findings)

    def reduce(self, record: Record, target: Target) -> Record:
        """Besides what is declared: line ends at edges and in notes, most of an actor."""
        return for_lines(super().reduce(record, target), target.losses)

    def write(self, records: Iterable[Record], target: Target) -> int:
        """A text and an ``.ann`` file for each record, and one ``annotation.conf``."""
        with target.open(brat_conf.NAMES[0]) as file:
            file.writelines(f"{line}\n".encode() for line in brat_conf.written(target.schema))
        names, writer, count = FileNames(), AnnWriter(target.schema), 0
        for record in records:
            stem = names.stem(record, ".txt")
            text = record.document.text
            mark = _BOM if text.startswith(_BOM) else ""
            with target.open(f"{stem}.txt") as file:
                file.write(f"{mark}{text}".encode())
            with target.open(f"{stem}.ann") as file:
                file.writelines(f"{line}\n".encode() for line in writer.lines(record))
            count += 1
        return count


FORMAT = BratFormat()
