"""The card of a data set: README.md, whose front matter tells ``datasets`` how to load the rows.

Its last line holds a hash of the others, so that an export knows a card that somebody changed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

from msgspec import Struct, field

from annotator.core.schema import Schema

CARD, DATA = "README.md", "train.jsonl"
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


class Column(Struct):
    """A column of tags, its layer, and the names of its tags by their numbers."""

    name: str
    layer: str
    tags: list[str]
    _numbers: dict[str, int] = field(default_factory=dict)

    def number(self, tag: str) -> int:
        """The number of a tag; one that is new gets the next."""
        if len(self._numbers) != len(self.tags):
            self._numbers = {tag: n for n, tag in enumerate(self.tags)}
        if tag not in self._numbers:
            self._numbers[tag] = len(self.tags)
            self.tags.append(tag)
        return self._numbers[tag]


class Counts(Struct):
    """What was written."""

    rows: int = 0
    bytes: int = 0
    tokens: int = 0
    labels: Counter[str] = field(default_factory=Counter)


def card(schema: Schema, columns: list[Column], counts: Counts, as_ids: bool, scheme: str) -> str:
    """The text of the card. The licence is left to the one who publishes the data."""
    lines = (
        *_front_matter(schema, columns, counts, as_ids),
        *_body(schema, columns, counts, scheme),
    )
    text = "".join(f"{line}\n" for line in lines)
    return text + _last_line(text.encode())


def is_as_written(data: bytes) -> bool:
    """Whether a card is just as :func:`card` made it, to the byte."""
    text, newline, _ = data.removesuffix(b"\n").rpartition(b"\n")
    text += newline
    return data == text + _last_line(text).encode()


def _last_line(text: bytes) -> str:
    return f"<!-- annotator {sha256(text).hexdigest()} -->\n"


def _front_matter(
    schema: Schema, columns: list[Column], counts: Counts, as_ids: bool
) -> Iterator[str]:
    """YAML; strings are written as JSON has them, which YAML takes."""
    size = next((name for limit, name in _SIZES if counts.rows < limit), "n>1M")
    yield from (
        "---", "# license: name one before you publish", "task_categories:",
        "- token-classification", "task_ids:", "- named-entity-recognition", "size_categories:",
        f"- {_quoted(size)}", "configs:", "- config_name: default", "  data_files:",
        "  - split: train", f"    path: {DATA}", "dataset_info:", "  features:", "  - name: id",
        "    dtype: string", "  - name: tokens", "    sequence: string",
    )  # fmt: skip
    for column in columns:
        yield f"  - name: {_quoted(column.name)}"
        if not as_ids:
            yield "    sequence: string"
            continue
        yield from ("    sequence:", "      class_label:", "        names:")
        for number, tag in enumerate(column.tags):
            yield f"          '{number}': {_quoted(tag)}"
    yield from (
        "  splits:", "  - name: train", f"    num_bytes: {counts.bytes}",
        f"    num_examples: {counts.rows}", "---",
    )  # fmt: skip


def _body(schema: Schema, columns: list[Column], counts: Counts, scheme: str) -> Iterator[str]:
    yield from ("", f"# {schema.title or schema.name or 'Annotations'}", "")
    if schema.description:
        yield from (schema.description, "")
    yield f"{counts.rows:,} rows, {counts.tokens:,} tokens. Tags are written in {scheme.upper()}."
    yield from ("", "| column | layer | tags |", "| --- | --- | ---: |")
    for column in columns:
        yield f"| `{column.name}` | {column.layer or 'any'} | {len(column.tags)} |"
    yield from ("", "| label | spans |", "| --- | ---: |")
    for label, count in sorted(counts.labels.items()):
        yield f"| `{label}` | {count:,} |"
    yield from ("", "Made with annotator.")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
