"""Reads rows of tokens with their tags, as Hugging Face's data sets for token classification are.

``ner_tags`` holds tags or numbers; what the numbers mean stands in ``label_names.json`` beside, or
in ``dataset_info.json``, or is told.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from annotator.core.schema_table import is_name
from annotator.errors import InputError
from annotator.formats.base import Record, Source
from annotator.formats.building import RecordBuilder
from annotator.formats.label_names import LabelNames
from annotator.formats.loss import quoted
from annotator.formats.record import SPACES, TOKENIZATION
from annotator.formats.reducing import OUT
from annotator.formats.tag_schemes import decoded, recognised

NAMES, INFO = "label_names.json", "dataset_info.json"
ID, TOKENS, NER, TAGS = "id", "tokens", "ner_tags", "_tags"
_LARGEST_NAMES = 1 << 20


def are_words(value: Any) -> bool:
    """Whether a value is a list of strings."""
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def is_column(key: str) -> bool:
    """Whether a key is one of tags."""
    return key in ("tags", "labels") or key.endswith(TAGS)


class RowReader:
    """Reads one row."""

    def __init__(self, row: dict[str, Any], source: Source, place: str, number: int) -> None:
        self._row = row
        self._source = source
        self._place = place
        self._number = number

    def record(self) -> Record:
        """The record. Raises InputError."""
        words = self._row.get(TOKENS)
        if not are_words(words) or not isinstance(words, list):
            raise InputError("'tokens' is no list of words")
        kept = [n for n, word in enumerate(words) if word.strip()]
        if len(kept) < len(words):
            self._source.losses.add("empty token", OUT, self._place, len(words) - len(kept))
        places, at = [], 0
        for n in kept:
            places.append((at, at + len(words[n])))
            at += len(words[n]) + 1
        builder = RecordBuilder(
            self._source, " ".join(words[n] for n in kept), name=self._name(), place=self._place,
            meta=self._meta(bool(kept)),
        )  # fmt: skip
        for key in self._columns():
            self._column(key, words, kept, places, builder)
        return builder.record()

    def _columns(self) -> list[str]:
        """The columns to read: ``ner_tags``, those of layers, or else the only one."""
        found = [key for key in self._row if is_column(key)]
        chosen = [key for key in found if key == NER or self._layer_named(key) is not None]
        if not chosen and len(found) == 1:
            return found
        for key in found:
            if key not in chosen:
                self._source.losses.add("column of tags that is no layer's", OUT, key)
        return chosen

    def _name(self) -> str:
        """The id, unless it is a number that a row has in any file."""
        id = self._row.get(ID)
        if not isinstance(id, str) or not id.strip():
            return f"{self._source.name}#{self._number}"
        is_bare = id.isdigit() and not _has_names_file(self._source)
        return f"{self._source.name}#{id}" if is_bare else id

    def _meta(self, has_tokens: bool) -> dict[str, Any]:
        meta = {
            key: value
            for key, value in self._row.items()
            if key not in (ID, TOKENS) and not is_column(key)
        }
        if has_tokens:
            meta[TOKENIZATION] = SPACES
        return meta

    def _column(
        self, key: str, words: list[str], kept: list[int], places: list[tuple[int, int]],
        builder: RecordBuilder,
    ) -> None:  # fmt: skip
        """The spans of a column of tags; one of numbers without names is told and left out."""
        values = self._row[key]
        if not isinstance(values, list) or len(values) != len(words):
            raise InputError(f"{quoted(key)} holds no tag for each of the {len(words)} tokens")
        tags = self._named(key, values)
        if tags is None:
            if key == NER:
                raise InputError(
                    f"{key} holds numbers, and nothing names them",
                    f"Put {NAMES} beside the file, or say --label-names O,B-PER,I-PER,….",
                )
            self._source.losses.add("column of numbers that nothing names", OUT, key)
            return
        chosen = [tags[n] for n in kept]
        scheme = recognised([chosen])
        try:
            found = decoded(chosen, scheme)
        except ValueError as error:
            raise InputError(f"{key}: {quoted(str(error))} is no tag of {scheme}") from None
        if found.strange:
            kind = f"tag that does not fit {scheme}"
            count = len(found.strange)
            self._source.losses.add(kind, "read as the edge of a span", self._place, count)
        layer = self._layer_named(key) or self._source.layer
        names = LabelNames(self._source.schema, layer=layer, losses=self._source.losses)
        for piece in found.spans:
            place = (places[piece.start][0], places[piece.end - 1][1])
            builder.span(*names.label(piece.label), (place,))

    def _layer_named(self, key: str) -> str | None:
        """The layer that a column is called by, where there is such a layer."""
        layer = key.removesuffix(TAGS)
        known = {found.name for found in self._source.schema.layers}
        is_named = key != NER and key in _names(self._source) and is_name(layer)
        return layer if layer in known or is_named else None

    def _named(self, key: str, values: list[Any]) -> list[str] | None:
        """The tags of a column as words; None for numbers without names."""
        if all(isinstance(value, str) for value in values):
            return values
        if not all(type(value) is int for value in values):
            raise InputError(f"{quoted(key)} holds something that is no tag")
        names = _names(self._source).get(key)
        if names is None:
            return None
        wrong = [value for value in values if not 0 <= value < len(names)]
        if wrong:
            raise InputError(f"{quoted(key)}: there is no tag {wrong[0]} among {len(names)}")
        return [names[value] for value in values]


@lru_cache(maxsize=2)
def _names(source: Source) -> dict[str, list[str]]:
    """The names of tags by column: as told, else from a file beside."""
    told = source.options.get("label-names")
    if told:
        return {NER: [name.strip() for name in told.split(",")]}
    for name in (NAMES, INFO):
        path = source.path.parent / name
        if path.is_file():
            return _parsed(source.beside(path))
    return {}


@lru_cache(maxsize=2)
def _has_names_file(source: Source) -> bool:
    """Whether the file is one that we wrote, with the names of documents as ids."""
    return (source.path.parent / NAMES).is_file()


def _parsed(source: Source) -> dict[str, list[str]]:
    """Names from our own file, or from the features that ``datasets`` saves."""
    data = source.head(_LARGEST_NAMES)
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise InputError(f"{source.shown}: not JSON: {error}") from None
    found: dict[str, list[str]] = {}
    if not isinstance(value, dict):
        return found
    features = value.get("features", value)
    for key, said in features.items() if isinstance(features, dict) else ():
        inner = said.get("feature", said) if isinstance(said, dict) else said
        names = inner.get("names") if isinstance(inner, dict) else inner
        if isinstance(names, list) and are_words(names):
            found[key] = names
    return found
