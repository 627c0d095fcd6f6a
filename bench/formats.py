"""How fast formats are: ``python bench/formats.py [--copies N] [--projects N …]``.

The throughput of each format that is written or read, and of the native one beside plain msgspec on
the same bytes; then memory while many documents go through. Real files are another program's work
(``real_files.py``).
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from annotator.core.annotation import Argument, Relation, Span
from annotator.core.document import Document, Sentence, content_hash
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


def many(number: int) -> Iterator[Record]:
    """Small documents with a span and a relation each."""
    text = "Talal Sillo, a spokesman for the SDF, said so. " * 20
    for n in range(number):
        body = f"{n} {text}"
        yield Record(
            document=Document(f"d{n}", f"{n}.txt", body, content_hash(body.encode())),
            sentences=(Sentence("whole", f"d{n}", 0, len(body)),),
            spans=(Span(f"s{n}", f"d{n}", "", "entity", "PERSON", ((2, 4),), body[2:4]),),
            relations=(
                Relation(f"r{n}", f"d{n}", "", "tie", (Argument("a", "span", f"s{n}"),) * 2),
            ),
        )


def show_memory(number: int) -> None:
    """Write and read many documents with each format that is one file, and print the memory."""
    print(f"\n{number:,} documents through each format, memory of the process at its highest:\n")
    with tempfile.TemporaryDirectory() as name:
        for format in registry.all_formats():
            if format.folder or not (format.reads and format.writes) or format.missing:
                continue
            path = Path(name) / f"out{format.extensions[0]}"
            given = options.checked(format.name, format.write_options, {})
            with path.open("wb") as file:
                format.export(many(number), Target(file=file, options=given))
            given = options.checked(format.name, format.read_options, {})
            found = sum(1 for _ in format.read(Source(path, "out", options=given)))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            size = path.stat().st_size / 1e6
            print(f"- {format.name}: {size:,.0f} MB, {found:,} read, {peak:,.0f} MB", flush=True)
            path.unlink()


def show_projects(numbers: list[int]) -> None:
    """Import and export projects of so many documents, each in a process of its own."""
    print("\nWhole projects through the program, a process each:\n")
    print("| documents | import s | CPU s | MB | export s | CPU s | MB |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for number in numbers:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with (folder / "in.jsonl").open("w") as file:
                for n in range(number):
                    text = f"Document {n}. Ada Lovelace said that it rained. Nobody went out."
                    row = {
                        "format": "annotator/1", "name": f"{n}.txt", "text": text,
                        "annotator": "alice", "spans": [
                            {"layer": "entity", "label": "PERSON",
                             "start": text.index("Ada"), "end": text.index(" said")},
                        ],
                    }  # fmt: skip
                    file.write(f"{json.dumps(row)}\n")
            cells = [*run(folder, "import", "in.jsonl"), *run(folder, "export", "-o", "out.jsonl")]
            assert sum(1 for _ in (folder / "out.jsonl").open("rb")) == number
            print(f"| {number:,} | {' | '.join(cells)} |", flush=True)


def run(folder: Path, *arguments: str) -> list[str]:
    """Seconds, seconds of CPU time, and megabytes at the highest, of one command."""
    command = [sys.executable, "-m", "annotator", "-p", "p.db", "-a", "alice", *arguments]
    begin = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    seconds = time.monotonic() - begin
    cpu = usage.ru_utime + usage.ru_stime
    return [f"{seconds:,.1f}", f"{cpu:,.1f}", f"{usage.ru_maxrss / 1024:,.0f}"]


def main() -> None:
    """Print all that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--copies", type=int, default=COPIES)
    parser.add_argument("--documents", type=int, default=100_000, help="through each format")
    parser.add_argument("--projects", type=int, nargs="*", default=[1000, 10_000])
    arguments = parser.parse_args()
    # In this order: the highest memory of a process, or of what began it, only ever grows.
    show_projects(arguments.projects)
    show_memory(arguments.documents)
    show_throughput(arguments.copies)


if __name__ == "__main__":
    main()
