"""Hostile files made of good ones, and what must hold of whatever a format makes of them.

A case is a good file of a format with something wrong in it. It is read; each record must hold, be
written in the native format and in its own, and come back equal. Every tenth case is imported into
a project, which must then hold just what was told.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from format_examples import EXAMPLES
from msgspec import Struct, field
from msgspec.structs import replace

from annotator.core.document import Sentence
from annotator.core.schema import NO_SCHEMA, Schema
from annotator.errors import InputError
from annotator.formats import options, registry
from annotator.formats.base import Format, Record, Refusal, Source, Target
from annotator.formats.check import problems
from annotator.formats.loss import Losses
from annotator.formats.record import sentence_ranges
from annotator.store.base import Store
from annotator.workflow.importing import Request, import_paths
from annotator.workflow.selecting import Selection

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.real_files import differing

IMPORTED_EVERY = 10
LARGEST = 1 << 20
WORDS = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"[[[[", b'{"', b'"', b"}", b"&x;", b"&#0;", b"]]>", b"</",
    b"<!ENTITY x 'y'>", b"\t", b"\r", b"\n", b"\n\n", b"|", b"_", b";", b"\\", b"\\ud800", b"->",
    b"\xed\xa0\x80", b"\xe2\x80\xa8", b"\xf0\x9f\x98\x80", b"NaN", b"1e999", b"null", b"true", b"-",
    b"0x1", b"#", b"*",
)  # fmt: skip
NUMBERS = (
    b"-1",
    b"0",
    b"1",
    b"3",
    b"99999",
    b"18446744073709551616",
    b"1.5",
    b"-0",
    b"007",
    b"1e3",
)
JUNK: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    10**30,
    1.5,
    "",
    "\ud83d",
    "x",
    [],
    {},
    [[]],
    {"start": 5, "end": 1},
)
_NUMBER = re.compile(rb"\d+")
_WORD = re.compile(rb"[A-Za-z]+\d*|\d+-\d+")


class Figures(Struct):
    """What came of the cases of one format."""

    cases: int = 0
    records: int = 0
    refusals: int = 0
    imported: int = 0
    slowest: float = 0.0
    """Seconds of CPU time of the slowest case."""
    kinds: Counter[str] = field(default_factory=Counter)


# -- what is done to a file ----------------------------------------------------------------------


def noise(data: bytes, rng: random.Random) -> bytes:
    return rng.randbytes(rng.randint(0, 300))


def truncated(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randint(0, len(data))]


def changed(data: bytes, rng: random.Random) -> bytes:
    """Some bytes are others."""
    found = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        if found:
            found[rng.randrange(len(found))] = rng.randrange(256)
    return bytes(found)


def inserted(data: bytes, rng: random.Random) -> bytes:
    """Words that mean something to parsers, also in the place of others."""
    for _ in range(rng.randint(1, 4)):
        at = rng.randint(0, len(data))
        data = (
            data[:at]
            + rng.choice(WORDS) * rng.choice((1, 1, 1, 50))
            + data[at + rng.randint(0, 6) :]
        )
    return data


def moved(data: bytes, rng: random.Random) -> bytes:
    """A piece is gone, twice there, or elsewhere."""
    start = rng.randint(0, len(data))
    end = min(len(data), start + rng.randint(1, 200))
    piece, rest = data[start:end], data[:start] + data[end:]
    at = rng.randint(0, len(rest))
    return rng.choice((rest, data[:end] + piece + data[end:], rest[:at] + piece + rest[at:]))


def renumbered(data: bytes, rng: random.Random) -> bytes:
    """Offsets beyond the text, negative and reversed; ids that are taken."""
    return _replaced(data, _NUMBER, NUMBERS, rng)


def renamed(data: bytes, rng: random.Random) -> bytes:
    """A word stands where another stood: ids twice or in a circle, keys twice, other types."""
    return _replaced(data, _WORD, (), rng)


def _replaced(
    data: bytes, pattern: re.Pattern[bytes], words: tuple[bytes, ...], rng: random.Random
) -> bytes:
    for _ in range(rng.randint(1, 4)):
        found = list(pattern.finditer(data))
        if not found:
            return data
        match, other = rng.choice(found), rng.choice(found)[0]
        word = rng.choice(words) if words and rng.random() < 0.5 else other
        data = data[: match.start()] + word + data[match.end() :]
    return data


def reordered(data: bytes, rng: random.Random) -> bytes:
    """Lines are gone, repeated, or in another order."""
    lines = data.splitlines(keepends=True) or [b""]
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(lines))
        what = rng.randrange(3)
        if what == 0:
            lines[at:at] = [lines[at]] * rng.choice((1, 1, 30))
        elif what == 1 and len(lines) > 1:
            del lines[at]
        else:
            lines.insert(rng.randrange(len(lines)), lines.pop(at))
    return b"".join(lines)


def restructured(data: bytes, rng: random.Random) -> bytes:
    """Of JSON: values of other types, elements twice, keys gone. Of all else, bytes changed."""
    lines = data.splitlines() or [b""]
    at = rng.randrange(len(lines))
    for whole, text in ((True, data), (False, lines[at])):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            continue
        for _ in range(rng.randint(1, 3)):
            value = _mangled(value, rng)
        made = json.dumps(value).encode()
        return made if whole else b"\n".join([*lines[:at], made, *lines[at + 1 :]])
    return changed(data, rng)


def _mangled(value: Any, rng: random.Random) -> Any:
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(list(value))
        if rng.random() < 0.1:
            return {k: v for k, v in value.items() if k != key}
        return {**value, key: _mangled(value[key], rng)}
    if isinstance(value, list) and value and rng.random() < 0.9:
        at = rng.randrange(len(value))
        if rng.random() < 0.15:
            return [*value, value[at]]
        return [*value[:at], _mangled(value[at], rng), *value[at + 1 :]]
    return rng.choice(JUNK)


WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    noise, truncated, changed, inserted, moved, renumbered, renamed, reordered, restructured,
)  # fmt: skip


# -- good files ----------------------------------------------------------------------------------


def seed_parts(root: Path, number: int = 4) -> list[Record]:
    """The first sentences of the seed with their annotations, each a document."""
    path = root / "exports" / "raqqa.jsonl"
    (record,) = registry.get("jsonl").read(Source(path, path.name))
    assert isinstance(record, Record)
    parts = Selection(NO_SCHEMA, (), "sentence").parts(record, Losses())
    return list(islice(parts, number))


def good_files(format: Format, records: list[Record], schema: Schema, folder: Path) -> Path:
    """A file, or a folder of files, of the format."""
    path = folder / f"good{format.extensions[0]}"
    if not format.writes:
        path = folder / f"good{format.extensions[-1]}"
        path.write_text(EXAMPLES[format.name], "utf-8")
        return path
    checked = options.checked(format.name, format.write_options, {})
    if format.folder:
        path.mkdir()
        format.export(iter(records), Target(folder=path, schema=schema, options=checked))
    else:
        with path.open("wb") as file:
            format.export(iter(records), Target(file=file, schema=schema, options=checked))
    return path


def cut(record: Record) -> Record:
    """The record cut into sentences, as a project has it."""
    found = enumerate(sentence_ranges(record))
    made = tuple(Sentence(f"sentence {n}", record.document.id, *r) for n, r in found)
    return record if record.sentences is not None else replace(record, sentences=made)


# -- one case after the other --------------------------------------------------------------------


class Fuzzer:
    """Tries hostile files of one format; what must hold and does not is an AssertionError."""

    def __init__(self, format: Format, good: Path, schema: Schema, store: Store) -> None:
        self._format = format
        self._good = good
        self._schema = schema
        self._store = store
        self.figures = Figures()

    def run(self, cases: int, seed: int, folder: Path) -> Figures:
        """Try so many cases; the same seed makes the same ones. ``folder`` is an empty one."""
        files = [self._good]
        if self._good.is_dir():
            files = sorted(p for p in self._good.rglob("*") if p.is_file())
        for number in range(cases):
            rng = random.Random(f"{seed} {self._format.name} {number}")
            way, place = rng.choice(WAYS), folder / "case"
            shutil.rmtree(place, ignore_errors=True)
            chosen = rng.choice(files)
            path = self._copied(chosen, place)
            path.write_bytes(way(chosen.read_bytes(), rng))
            begin = time.process_time()
            try:
                self._try(place, is_imported=number % IMPORTED_EVERY == 0)
            except BaseException as error:
                error.add_note(f"{self._format.name}: seed {seed}, case {number}, {way.__name__}")
                raise
            self.figures.slowest = max(self.figures.slowest, time.process_time() - begin)
            self.figures.cases += 1
            self.figures.kinds[way.__name__] += 1
        return self.figures

    def _copied(self, chosen: Path, place: Path) -> Path:
        """The good files in the place, and the one among them that is chosen."""
        if self._good.is_dir():
            shutil.copytree(self._good, place)
            return place / chosen.relative_to(self._good)
        place.mkdir()
        return Path(shutil.copy(self._good, place))

    def _try(self, place: Path, *, is_imported: bool) -> None:
        records = []
        for path in sorted(p for p in place.rglob("*") if p.is_file()):
            if not self._is_part(path, place):
                records += self._read(path)
        self.figures.records += len(records)
        if records:
            assert not differing(registry.get("jsonl"), [cut(record) for record in records])
            if self._format.writes and self._format.name != "jsonl":
                assert not differing(self._format, records)
        if is_imported:
            self._import(place)

    def _is_part(self, path: Path, place: Path) -> bool:
        others = (p for p in place.rglob("*") if p.is_file() and p != path)
        return any(path in self._format.parts(other) for other in others)

    def _read(self, path: Path) -> list[Record]:
        checked = options.checked(self._format.name, self._format.read_options, {})
        source = Source(
            path, path.name, schema=self._schema, options=checked, largest_record=LARGEST
        )
        found = []
        try:
            for item in self._format.read(source):
                if isinstance(item, Refusal):
                    self._check_refusal(item, source)
                else:
                    assert not list(problems(item))
                    found.append(item)
        except InputError as error:
            self._check_refusal(Refusal(source.shown, error.message, error.hint), source)
        return found

    def _check_refusal(self, refusal: Refusal, source: Source) -> None:
        self.figures.refusals += 1
        assert refusal.message
        assert refusal.place.startswith(source.shown) or source.path.parent.name in refusal.place

    def _import(self, place: Path) -> None:
        before = len(self._store.documents(""))
        request = Request(
            paths=(place,), default_annotator="me", format=self._format.name, annotator="fuzz"
        )
        new = 0
        for step in import_paths(self._store, request):
            if isinstance(step.outcome, Refusal):
                # So begins what is told of a format that failed itself.
                assert not step.outcome.message.startswith("the format "), step.outcome
            else:
                new += step.outcome.new_document
        assert len(self._store.documents("")) == before + new
        self.figures.imported += new
