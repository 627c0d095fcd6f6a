"""How fast formats are: ``python bench/formats.py [--copies N] [--documents N]``.

The throughput of each format that is written or read, and of the native one beside plain msgspec on
the same bytes; then memory while many documents go through. Real files are another program's work
(``real_files.py``).
"""

from __future__ import annotations

import argparse
import io
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from annotator.core.annotation import Argument, Relation, Span
from annotator.core.document import Document, content_hash
from annotator.errors import UsageError
from annotator.formats import options, registry
from annotator.formats.base import Format, Record, Source, Target
from annotator.formats.jsonl_record import RecordRow
from annotator.workflow.demo import prepare
from annotator.workflow.exporting import Request, export
from annotator.workflow.recognising import Recognised, Recogniser

COPIES = 2000


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
    parser.add_argument("--copies", type=int, default=COPIES)
    parser.add_argument("--documents", type=int, default=100_000)
    arguments = parser.parse_args()
    show_throughput(arguments.copies)
    show_memory(arguments.documents)


if __name__ == "__main__":
    main()
