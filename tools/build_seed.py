"""Makes seeds/raqqa.jsonl of tools/raqqa.toml, through the program's own JSONL writer.

``python tools/build_seed.py`` writes the file, with ``--check`` it only says whether it is up to
date (exit code 1 where not). The same source always gives the same bytes, ids and all.
"""

from __future__ import annotations

import io
import random
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotator.core.annotation import Actor, Argument, AttributeValues, Relation, Span, surface
from annotator.core.document import Document, Sentence, content_hash
from annotator.core.ids import IdSource
from annotator.core.schema import Schema
from annotator.core.schema_file import parse_schema
from annotator.core.sentences import sentences
from annotator.errors import AnnotatorError, InputError
from annotator.formats.base import Record, Target
from annotator.formats.jsonl import FORMAT

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "tools" / "raqqa.toml"
TARGET = ROOT / "seeds" / "raqqa.jsonl"
CLOCK = 1_763_769_600.0
"""Seconds since the epoch that all ids carry, so that no two runs differ."""

Table = dict[str, Any]


def fragments(
    text: str, start: int, end: int, words: str | list[str], nth: int
) -> Iterator[tuple[int, int]]:
    """Where the words stand in ``text[start:end]``, in code points, half-open; at word borders.

    ``nth`` counts occurrences from 1; 0 asks for the only one. A list gives fragments, each sought
    behind the one before. Raises InputError where they are not there, or more often.
    """
    parts = [words] if isinstance(words, str) else words
    for part in parts:
        pattern = rf"(?<!\w){re.escape(part)}(?!\w)"
        found = [m.span() for m in re.compile(pattern).finditer(text, start, end)]
        single = len(parts) == 1
        if not found or nth > len(found) or (single and not nth and len(found) > 1):
            place = text[start:end]
            raise InputError(
                f"{SOURCE.name}: {part!r} stands {len(found)} times in {place!r}",
                "Give `nth`, or correct the words.",
            )
        at = found[max(nth, 1) - 1]
        yield at
        start = at[1]


class SeedBuilder:
    """Turns the tables of the source into one record; ids go up in the order of reading."""

    def __init__(self, source: Table, data: bytes, schema: Schema) -> None:
        seed = random.Random(content_hash(data))
        self.new_id = IdSource(lambda: CLOCK, seed.getrandbits)
        self.source = source
        self.schema = schema
        text = data.decode("utf-8")
        self.document = Document(self.new_id(), source["name"], text, content_hash(data))
        self.annotator = source["annotator"]
        self.names: dict[str, str] = {}
        self.spans: list[Span] = []
        self.relations: list[Relation] = []

    def record(self) -> Record:
        """The whole record. Raises InputError where source and text do not agree."""
        document = self.document
        cut = tuple(
            Sentence(self.new_id(), document.id, *place) for place in sentences(document.text)
        )
        tables = self.source["sentences"]
        told = [table["text"] for table in tables]
        if told != [document.text[s.start : s.end] for s in cut]:
            raise InputError(f"{SOURCE.name}: its sentences are not those of {document.name}")
        actors = {name: self._actor(name, table) for name, table in self.source["actors"].items()}
        self.actors = {name: actor.id for name, actor in actors.items()}
        for table, sentence in zip(tables, cut, strict=True):
            self._add_spans(table, sentence)
        for table in tables:
            for attribution in table.get("attributions", ()):
                self._add_relation("attribution", attribution)
        for support in self.source.get("supports", ()):
            self._add_relation("support", support)
        return Record(
            document=document,
            sentences=cut,
            done=frozenset(sentence.id for sentence in cut),
            spans=tuple(self.spans),
            relations=tuple(self.relations),
            actors=tuple(actors.values()),
            annotator=self.annotator,
            status="done",
            schema_name=self.schema.name,
            schema_version=self.schema.version,
        )

    def _actor(self, name: str, table: Table) -> Actor:
        links = (("wikidata", table["wikidata"]),) if "wikidata" in table else ()
        aliases, note = tuple(table.get("aliases", ())), table.get("note")
        return Actor(self.new_id(), table["name"], table["kind"], aliases, links, note)

    def _add_spans(self, table: Table, sentence: Sentence) -> None:
        rows = [("entity", next(iter(row)), row, row[next(iter(row))]) for row in table["entities"]]
        for layer, label in (("source", "SOURCE"), ("cue", "CUE"), ("claim", "CLAIM")):
            rows += [(layer, label, row, row["words"]) for row in table.get(f"{layer}s", ())]
        placed = [
            (tuple(self._place(sentence, words, row)), layer, label, row)
            for layer, label, row, words in rows
        ]
        for place, layer, label, row in sorted(placed, key=lambda p: (p[0][0][0], -p[0][-1][1])):
            self.schema.label(layer, label)
            span = Span(
                self.new_id(), self.document.id, self.annotator, layer, label, place,
                surface(self.document.text, place), self._attributes(layer, label, row),
                self.actors[row["actor"]] if "actor" in row else None,
                row.get("note"), row.get("flagged", False),
            )  # fmt: skip
            self.spans.append(span)
            if "id" in row and self.names.setdefault(row["id"], span.id) != span.id:
                raise InputError(f"{SOURCE.name}: two spans have the id {row['id']!r}")

    def _place(self, sentence: Sentence, words: Any, row: Table) -> Iterator[tuple[int, int]]:
        text = self.document.text
        return fragments(text, sentence.start, sentence.end, words, row.get("nth", 0))

    def _attributes(self, layer: str, label: str, row: Table) -> tuple[AttributeValues, ...]:
        return tuple(
            AttributeValues(
                attribute.name,
                (attribute.value(row[attribute.name]).name,),
                row.get(f"{attribute.name}_uncertain", False),
            )
            for attribute in self.schema.layer(layer).attributes_of(label)
            if attribute.name in row
        )

    def _add_relation(self, kind: str, row: Table) -> None:
        arguments = []
        for role in self.schema.relation(kind).roles:
            given = row.get(role.name, [])
            for name in [given] if isinstance(given, str) else given:
                arguments.append(Argument(role.name, "span", self.names[name]))
        relation = Relation(
            self.new_id(), self.document.id, self.annotator, kind, tuple(arguments),
            note=row.get("note"),
        )  # fmt: skip
        self.relations.append(relation)


def compile_seed() -> Record:
    """The record that tools/raqqa.toml describes."""
    source = tomllib.loads(SOURCE.read_text("utf-8"))
    schema_file = ROOT / source["schema"]
    schema = parse_schema(schema_file.read_text("utf-8"), schema_file.name)
    return SeedBuilder(source, (ROOT / source["text"]).read_bytes(), schema).record()


def seed_bytes() -> bytes:
    """The record as the program exports it."""
    sink = io.BytesIO()
    FORMAT.write([compile_seed()], Target(file=sink))
    return sink.getvalue()


def main(arguments: list[str]) -> int:
    """Write the seed, or check it. Returns the exit code."""
    try:
        made = seed_bytes()
    except AnnotatorError as error:
        sys.stderr.write(f"{error}\n")
        return int(error.code)
    if arguments == ["--check"]:
        same = TARGET.exists() and TARGET.read_bytes() == made
        sys.stderr.write("" if same else f"{TARGET.name} is not up to date: make it again.\n")
        return 0 if same else 1
    TARGET.write_bytes(made)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
