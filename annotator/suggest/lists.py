"""Lists that somebody made: names in a table (TSV), or Prodigy's ``patterns.jsonl``.

A line of a table is ``string → label``. A label that several layers have goes to all of them;
``layer/label`` names one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from annotator.core.schema import Schema
from annotator.core.tokens import token_edges
from annotator.errors import InputError
from annotator.suggest.base import (
    Engine,
    MadeOf,
    Model,
    Page,
    Proposal,
    Proposer,
    check_any_known,
    labels_of,
)
from annotator.suggest.patterns import PatternIndex, compiled, pattern_lines
from annotator.suggest.phrases import MOST_LABELS, PackedPhrases, PhraseBuilder, Phrases
from annotator.suggest.words import stretches

LONGEST_LINE = 10_000
"""Bytes of a line of a table; a longer one is no name."""


class _Lists(Struct, frozen=True):
    """What the engine keeps for a layer."""

    labels: list[str]
    phrases: PackedPhrases
    patterns: list[tuple[int, Any]]
    """The number of the label, and the list of token patterns as it was read."""


class ListsEngine(Engine):
    """Proposes what stands in lists."""

    name = "lists"
    version = "1"
    title = "names and patterns from files (TSV, patterns.jsonl)"
    made_of: MadeOf = "files"

    def read(self, given: Sequence[str], schema: Schema) -> dict[str, bytes]:
        """The models of the layers that the files have something for.

        Raises InputError, which names file and line: an unknown label, a pattern that is not
        supported, a file that cannot be read.
        """
        building = {name: _Building() for name in self.layers(schema)}
        homes: dict[str, list[tuple[str, str]]] = {}
        for layer in schema.layers:
            if layer.name in building:
                for label in layer.labels:
                    homes.setdefault(label.name, []).append((layer.name, label.name))
                    homes[f"{layer.name}/{label.name}"] = [(layer.name, label.name)]
        for file in given:
            for name, pattern, place in _lines(Path(file)):
                if name not in homes:
                    raise InputError(
                        f"{place}: there is no label {name!r}",
                        f"The schema {schema.name} has: {', '.join(sorted(homes))}.",
                    )
                for home, label_name in homes[name]:
                    building[home].add(label_name, pattern, place)
        return {name: built.packed() for name, built in building.items() if built.labels}

    def load(self, data: bytes, schema: Schema, layer: str) -> Model:
        """The lists of these bytes. Raises InputError: none of their labels is left."""
        lists = self.decoded(data, _Lists)
        check_any_known(self, lists.labels, schema, layer)
        return _ListsModel(self, layer, labels_of(schema, layer), lists)


ENGINE = ListsEngine()


class _Building:
    """The lists of one layer while files are read."""

    def __init__(self) -> None:
        self.labels: list[str] = []
        self._phrases = PhraseBuilder()
        self._patterns: list[tuple[int, Any]] = []

    def add(self, label: str, pattern: object, place: str) -> None:
        if label not in self.labels:
            if len(self.labels) == MOST_LABELS:
                raise InputError(f"{place}: lists may name {MOST_LABELS} labels of a layer")
            self.labels.append(label)
        number = self.labels.index(label)
        if isinstance(pattern, str):
            words = [pattern[a:b] for a, b in token_edges(pattern)]
            if words:
                self._phrases.add(words, number)
        else:
            compiled(pattern, place)
            self._patterns.append((number, pattern))

    def packed(self) -> bytes:
        lists = _Lists(self.labels, self._phrases.packed(), self._patterns)
        return msgspec.msgpack.encode(lists)


def _lines(file: Path) -> Iterator[tuple[str, object, str]]:
    """Label, string or token pattern, and place of each line."""
    try:
        with file.open("rb") as lines:
            if file.suffix == ".jsonl":
                yield from pattern_lines(lines, str(file))
            else:
                yield from _rows(lines, file)
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}") from error


def _rows(lines: Iterable[bytes], file: Path) -> Iterator[tuple[str, object, str]]:
    for number, line in enumerate(lines, start=1):
        place = f"{file}:{number}"
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise InputError(f"{place}: this is not UTF-8", "Convert the file first.") from error
        if not text.strip() or text.startswith("#"):
            continue
        cells = text.split("\t")
        if len(cells) < 2 or len(line) > LONGEST_LINE:
            raise InputError(f"{place}: a line is a string, a TAB and a label")
        yield cells[1].strip(), cells[0].strip(), place


class _ListsModel(Model):
    def __init__(
        self, engine: ListsEngine, layer: str, labels: frozenset[str], lists: _Lists
    ) -> None:
        self._engine = engine
        self._layer = layer
        self._known = labels
        self._labels = lists.labels
        self._phrases = Phrases(lists.phrases)
        self._patterns = PatternIndex(
            (number, compiled(pattern, f"a pattern of {engine.name}"))
            for number, pattern in lists.patterns
        )

    def propose(self, page: Page) -> list[Proposal]:
        """What stands in the lists; a name under several labels shares its score among them."""
        proposer = Proposer(self._engine, page)
        found: list[Proposal] = []
        for words in stretches(page, taught=False, whole=False):
            places: dict[tuple[int, int], list[int]] = {}
            for first, end, numbers in self._phrases.matches(words.texts):
                places.setdefault((first, end), []).extend(numbers)
            for first, end, number in self._patterns.matches(words.texts):
                places.setdefault((first, end), []).append(number)
            for (first, end), numbers in sorted(places.items()):
                names = sorted({self._labels[n] for n in numbers} & self._known)
                place = ((words.places[first].start, words.places[end - 1].end),)
                found += [
                    proposer.span(self._layer, name, place, 1.0 / len(names)) for name in names
                ]
        return found
