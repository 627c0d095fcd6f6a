"""Every real file through the formats: ``python bench/real_files.py [--corpora DIR]``.

Each file of a corpus is recognised and read as an import would. What is read is looked at once
more: each span's surface against its offsets, and each document against what comes back when it is
written in its own format and read again. What is refused is told with a place and a reason.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from annotator.core.annotation import surface
from annotator.formats import options, registry
from annotator.formats.base import Format, Record, Refusal, Source, Target
from annotator.formats.check import all_spans
from annotator.workflow.recognising import Recognised, Recogniser, items_of

ROOT = Path(__file__).resolve().parents[1]
CORPORA = Path(os.environ.get("ANNOTATOR_CORPORA", ROOT.parent / "shared" / "corpora"))
sys.path.insert(0, str(ROOT / "tests" / "formats"))

from essence import essence  # noqa: E402 - the tests' word for equal content

HEADS = (
    "files", "documents", "spans", "relations", "labels", "lost", "wrong", "back", "changed",
    "refused",
)  # fmt: skip
_QUOTED = re.compile(r"'.{20,}'|\".{20,}\"")
MEANT = """\
`labels` are those on sentences and documents; `lost` what the report of the import names as left
behind. Every span was compared with the text at its offsets: `wrong` counts those that say
something else. `back` counts documents that are equal when written in their own format and read
again, less what that export named; `changed` those that are not. `refused` counts documents and
files, and the list below says where and why."""


class Outcome(NamedTuple):
    """What came of the files of one corpus that are in one format."""

    corpus: str
    format: str
    counts: Counter[str]
    reasons: dict[str, tuple[int, str]]
    """Message of a refusal, less what it quotes at length → how often, and the first place."""


def files_of(corpus: Path, folder: Path) -> list[tuple[str, list[Recognised | Refusal]]]:
    """The corpus' files by the name of their format, ``none`` for what none reads.

    ``folder`` is an empty one for what archives hold.
    """
    found = Recogniser(None, {}).files([corpus], folder)
    named = sorted(((_name(entry), entry) for entry in found), key=lambda pair: pair[0])
    return [(name, [e for _, e in group]) for name, group in groupby(named, key=lambda p: p[0])]


def _name(entry: Recognised | Refusal) -> str:
    return entry.format.name if isinstance(entry, Recognised) else "none"


def outcome(corpus: str, format: str, entries: Iterable[Recognised | Refusal]) -> Outcome:
    """Read the files and count."""
    found = Outcome(corpus, format, Counter(dict.fromkeys(HEADS, 0)), {})
    for entry in entries:
        found.counts["files"] += 1
        if isinstance(entry, Refusal):
            _refused(found, entry)
        else:
            _read(found, entry)
    return found


def _read(found: Outcome, entry: Recognised) -> None:
    format, file = entry.format, entry.file
    checked = options.checked(format.name, format.read_options, {})
    source = Source(file.path, file.name, shown=file.shown, options=checked)
    records = []
    for item in items_of(format, source):
        if isinstance(item, Refusal):
            _refused(found, item)
            continue
        records.append(item)
        found.counts["documents"] += 1
        found.counts["spans"] += len(all_spans(item))
        found.counts["relations"] += len(item.relations)
        found.counts["labels"] += len(item.unit_labels)
        found.counts["wrong"] += sum(
            span.text != surface(item.document.text, span.fragments) for span in all_spans(item)
        )
    found.counts["lost"] += len(source.losses)
    if format.writes and records:
        changed = len(differing(format, records))
        found.counts["changed"] += changed
        found.counts["back"] += len(records) - changed


def _refused(found: Outcome, refusal: Refusal) -> None:
    found.counts["refused"] += 1
    kind = _QUOTED.sub("…", refusal.message)
    number, place = found.reasons.get(kind, (0, refusal.place))
    found.reasons[kind] = (number + 1, place)


def differing(format: Format, records: list[Record]) -> list[str]:
    """Names of the documents that do not come back as they are reduced for the format."""
    checked = options.checked(format.name, format.write_options, {})
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / f"out{format.extensions[0]}"
        if format.folder:
            path.mkdir()
            format.export(iter(records), Target(folder=path, options=checked))
        else:
            with path.open("wb") as file:
                format.export(iter(records), Target(file=file, options=checked))
        again = list(_again(format, path))
    target = Target(options=checked)
    wanted = Counter(_said(format, format.reduce(record, target)) for record in records)
    missing = wanted - Counter(_said(format, record) for record in again)
    return [said[:80] for said in missing.elements()]


def _again(format: Format, path: Path) -> Iterator[Record]:
    for entry in Recogniser(format.name, {}).files([path], path.parent / "unpacked"):
        assert isinstance(entry, Recognised), entry
        checked = options.checked(format.name, format.read_options, {})
        for item in items_of(format, Source(entry.file.path, entry.file.name, options=checked)):
            if isinstance(item, Record):  # one that is refused is missing, and so told
                yield item


def _said(format: Format, record: Record) -> str:
    """The record's content as a text that no order of ids or sets decides."""
    content = essence(record)
    if not format.carries.name:
        content["name"] = ""
    if not format.carries.sentences:  # which the segmenter makes again
        content["sentences"] = None
    return _ordered(content)


def _ordered(value: object) -> str:
    if isinstance(value, dict):
        return str(sorted(f"{_ordered(key)}: {_ordered(said)}" for key, said in value.items()))
    if isinstance(value, frozenset):
        return str(sorted(map(_ordered, value)))
    if isinstance(value, tuple | list):
        return f"({', '.join(map(_ordered, value))})"
    return repr(value)


def outcomes(folder: Path) -> Iterator[Outcome]:
    """One for each corpus and format."""
    for corpus in sorted(p for p in folder.iterdir() if p.is_dir()):
        with tempfile.TemporaryDirectory() as unpacked:
            for name, entries in files_of(corpus, Path(unpacked)):
                yield outcome(corpus.name, name, entries)


def show(folder: Path) -> None:
    """Print the table, and below it where and why something was refused."""
    found = []
    print("| corpus | format | " + " | ".join(HEADS) + " |")
    print("| --- | --- |" + " ---: |" * len(HEADS))
    for row in outcomes(folder):
        found.append(row)
        cells = " | ".join(f"{row.counts[head]:,}" for head in HEADS)
        print(f"| {row.corpus} | {row.format} | {cells} |", flush=True)
    total = sum((row.counts for row in found), Counter[str]())
    print("| all | | " + " | ".join(f"{total[head]:,}" for head in HEADS) + " |")
    print(f"\n{MEANT}\n\nRefused:\n")
    for row in found:
        for message, (number, place) in sorted(row.reasons.items(), key=lambda e: -e[1][0]):
            shown = place.removeprefix(f"{folder}/")
            print(f"- {row.format}, {number:,} ×: {message[:100]}  \n  first: {shown}")


def main() -> None:
    """Print the table of the corpora that are named, or lie beside the project."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    folder = parser.parse_args().corpora
    if not folder.is_dir():
        sys.exit(f"The corpora are not here ({folder}); name them with --corpora.")
    print(f"Formats that are not installed: {', '.join(not_installed()) or 'none'}.\n")
    show(folder)


def not_installed() -> list[str]:
    """Names of formats whose packages are missing."""
    return [format.name for format in registry.all_formats() if format.missing]


if __name__ == "__main__":
    main()
