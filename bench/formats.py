"""Formats on real files, and how fast they are: ``python bench/formats.py [--corpora DIR]``.

First the table of real files: each file of a corpus is recognised, read and checked, and every
span's offsets are compared with its surface once more. Then, on made-up records, the throughput of
each format that is written or read, and the native one beside plain msgspec on the same bytes.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from annotator.core.annotation import Argument, Relation, Span, surface
from annotator.core.document import Document, content_hash
from annotator.errors import UsageError
from annotator.formats import options, registry
from annotator.formats.base import Format, Record, Refusal, Source, Target
from annotator.formats.jsonl_record import RecordRow
from annotator.workflow.demo import prepare
from annotator.workflow.exporting import Request, export
from annotator.workflow.recognising import Recognised, Recogniser, items_of

ROOT = Path(__file__).resolve().parents[1]
CORPORA = Path(os.environ.get("ANNOTATOR_CORPORA", ROOT.parent / "shared" / "corpora"))
COPIES = 2000


class Row(NamedTuple):
    """What came of the files of one corpus that are in one format."""

    corpus: str
    format: str
    counts: Counter[str]
    reasons: Counter[str]


def real_files(folder: Path) -> Iterator[Row]:
    """A row for each corpus and format; what no format reads is a row of its own."""
    for corpus in sorted(p for p in folder.iterdir() if p.is_dir()):
        rows: dict[str, Row] = {}
        with tempfile.TemporaryDirectory() as unpacked:
            for entry in Recogniser(None, {}).files([corpus], Path(unpacked)):
                name = entry.format.name if isinstance(entry, Recognised) else "none"
                row = rows.setdefault(name, Row(corpus.name, name, Counter(), Counter()))
                row.counts["files"] += 1
                if isinstance(entry, Refusal):
                    count(row, [entry])
                    continue
                source = Source(
                    entry.file.path, entry.file.name,
                    options=options.checked(name, entry.format.read_options, {}),
                )  # fmt: skip
                count(row, items_of(entry.format, source))
        yield from rows.values()


def count(row: Row, items: Iterable[Record | Refusal]) -> None:
    """Add what was read; a file counts as refused if anything in it was."""
    for item in items:
        if isinstance(item, Refusal):
            row.counts["refused"] += 1
            row.reasons[item.message[:70]] += 1
            continue
        row.counts["documents"] += 1
        row.counts["spans"] += len(item.spans) + len(item.suggestions)
        row.counts["relations"] += len(item.relations)
        row.counts["labels"] += len(item.unit_labels)
        for span in item.spans:
            right = span.text == surface(item.document.text, span.fragments)
            row.counts["checked" if right else "wrong"] += 1


def show_real_files(folder: Path) -> None:
    """Print the table, and below it the reasons of refusals."""
    heads = ("files", "documents", "spans", "relations", "labels", "checked", "wrong", "refused")
    print("| corpus | format | " + " | ".join(heads) + " |")
    print("| --- | --- |" + " ---: |" * len(heads))
    reasons = []
    for row in real_files(folder):
        cells = [f"{row.counts[head]:,}" for head in heads]
        print(f"| {row.corpus} | {row.format} | {' | '.join(cells)} |")
        reasons += [(row, reason, n) for reason, n in row.reasons.most_common(4)]
    print("\nRefused, the most frequent reasons of each:\n")
    for row, reason, n in reasons:
        print(f"- {row.corpus}, {row.format}: {n:,} × {reason}")


# -- throughput ----------------------------------------------------------------------------------


def seed_record() -> tuple[Record, Any]:
    """The annotated seed article and its schema."""
    with tempfile.TemporaryDirectory() as folder:
        store, _, annotator = prepare(Path(folder), "annotator")
        sink = io.BytesIO()
        export(store, Request(annotator=annotator), sink)
        path = Path(folder) / "seed.jsonl"
        path.write_bytes(sink.getvalue())
        schema = store.schema()
        store.close()
        (record,) = registry.get("jsonl").read(Source(path, "seed", schema=schema))
    assert isinstance(record, Record)
    return record, schema


def copies(record: Record, number: int) -> Iterator[Record]:
    """The same record under other names, and so other bytes."""
    for n in range(number):
        yield msgspec.structs.replace(
            record, document=msgspec.structs.replace(record.document, name=f"{n}.txt")
        )


def show_throughput(number: int) -> None:
    """Print MB/s and documents/s of each format on copies of the seed article."""
    record, schema = seed_record()
    print(f"\n{number:,} copies of the seed article ({len(record.spans)} spans each)\n")
    print("In CPU time, so that what else runs on the machine does not count.\n")
    print("| format | MB | write MB/s | documents/s | read MB/s | documents/s |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as name:
        for format in registry.all_formats():
            try:
                format.require()
            except UsageError as error:
                print(f"| {format.name} | {error.message} | | | | |")
                continue
            if format.writes:
                print(measured(format, record, schema, number, Path(name)))
        show_beside_msgspec(Path(name) / "jsonl" / "out.jsonl")


def measured(format: Format, record: Record, schema: Any, number: int, folder: Path) -> str:
    """One row of the table."""
    place = folder / format.name
    place.mkdir()
    given = options.checked(format.name, format.write_options, {})
    begin = time.process_time()
    if format.folder:
        (place / "out").mkdir()
        target = Target(folder=place / "out", options=given, schema=schema)
        format.export(copies(record, number), target)
    else:
        with (place / f"out{format.extensions[0]}").open("wb") as file:
            target = Target(file=file, options=given, schema=schema)
            format.export(copies(record, number), target)
    written = time.process_time() - begin
    size = sum(p.stat().st_size for p in place.rglob("*") if p.is_file()) / 1e6
    cells = [format.name, f"{size:,.1f}", f"{size / written:,.1f}", f"{number / written:,.0f}"]
    if not format.reads:
        return f"| {' | '.join(cells)} | | |"
    begin, found = time.process_time(), 0
    for entry in Recogniser(format.name, {}).files([place], place):
        assert isinstance(entry, Recognised)
        source = Source(
            entry.file.path, entry.file.name, schema=schema,
            options=options.checked(format.name, format.read_options, {}),
        )  # fmt: skip
        for item in format.read(source):
            assert isinstance(item, Record), item
            found += 1
    taken = time.process_time() - begin
    assert found == number, (found, number)
    return f"| {' | '.join(cells)} | {size / taken:,.1f} | {number / taken:,.0f} |"


def show_beside_msgspec(path: Path) -> None:
    """The native record beside msgspec alone, line by line: bytes to rows and rows to bytes."""
    format = registry.get("jsonl")
    decoder, encoder = msgspec.json.Decoder(RecordRow), msgspec.json.Encoder()
    lines = path.read_bytes().splitlines(keepends=True)
    row = decoder.decode(lines[0])
    (record,) = [r for r in format.read(Source(path, "out")) if isinstance(r, Record)][:1]
    plain_read = cpu(lambda: [decoder.decode(line) and None for line in lines])
    plain_write = cpu(lambda: [encoder.encode(row) and None for _ in lines])
    ours_read = cpu(lambda: [None for _ in format.read(Source(path, "out"))])
    target = Target(file=io.BytesIO())
    ours_write = cpu(lambda: format.export((record for _ in lines), target))
    print("\nThe native record beside plain msgspec, CPU time:\n")
    print(f"- read {ours_read / plain_read:.1f} ×, checked and made into core objects")
    print(f"- written {ours_write / plain_write:.1f} ×, tokens computed on the way")
    both = (ours_read + ours_write) / (plain_read + plain_write)
    print(f"- both ways {both:.1f} ×")


def cpu(work: Callable[[], object]) -> float:
    """Seconds of CPU time, the best of three."""
    times = []
    for _ in range(3):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return min(times)


def show_memory(number: int) -> None:
    """Read and write many documents one at a time, and print how memory grew."""
    text = "Talal Sillo, a spokesman for the SDF, said so. " * 20

    def many() -> Iterator[Record]:
        for n in range(number):
            body = f"{n} {text}"
            yield Record(
                document=Document(f"d{n}", f"{n}.txt", body, content_hash(body.encode())),
                spans=(Span(f"s{n}", f"d{n}", "", "entity", "PERSON", ((2, 4),), body[2:4]),),
                relations=(
                    Relation(f"r{n}", f"d{n}", "", "tie", (Argument("a", "span", f"s{n}"),) * 2),
                ),
            )

    print(f"\n{number:,} documents through each format, memory at its highest:\n")
    with tempfile.TemporaryDirectory() as name:
        for format_name in ("jsonl", "doccano", "prodigy", "label-studio"):
            format = registry.get(format_name)
            path = Path(name) / f"out{format.extensions[0]}"
            with path.open("wb") as file:
                format.export(many(), Target(file=file, options={}))
            found = sum(1 for _ in format.read(Source(path, "out", options={})))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            size = path.stat().st_size / 1e6
            print(f"- {format_name}: {size:,.0f} MB, {found:,} read, {peak:,.0f} MB")
            path.unlink()


def main() -> None:
    """Print all that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    parser.add_argument("--copies", type=int, default=COPIES)
    parser.add_argument("--documents", type=int, default=100_000)
    arguments = parser.parse_args()
    if arguments.corpora.is_dir():
        show_real_files(arguments.corpora)
    else:
        print(f"The corpora are not here ({arguments.corpora}); name them with --corpora.")
    show_throughput(arguments.copies)
    show_memory(arguments.documents)


if __name__ == "__main__":
    main()
