"""Records under other ids, where two files knew one thing by two; and names for two things.

Of the ids that one document or annotator has in several files, the least (the oldest) counts, so
that the order of files does not matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from annotator.core.annotation import (
    Actor,
    Conflict,
    DocumentMark,
    Record,
    Relation,
    SentenceMark,
    Span,
    Suggestion,
    UnitLabel,
)
from annotator.core.document import Sentence
from annotator.core.edits import Change
from annotator.core.ids import derived_id

_TAIL: Final = 12
"""Characters of an id that tell documents of one name apart; they are random."""


class Renaming:
    """Puts new ids of documents, annotators and sentences in the place of old ones."""

    def __init__(self, ids: Mapping[str, str]) -> None:
        self._ids = {old: new for old, new in ids.items() if old != new}

    def __bool__(self) -> bool:
        return bool(self._ids)

    def with_ids(self, ids: Mapping[str, str]) -> Renaming:
        """The same with further ids."""
        return Renaming(self._ids | dict(ids))

    def id(self, id: str) -> str:
        """The id that counts; of a mark, which is made of two, both parts."""
        if ":" in id:
            return ":".join(self._ids.get(part, part) for part in id.split(":"))
        return self._ids.get(id, id)

    def change(self, change: Change) -> Change:
        """A change, both sides."""
        before, after = change.before, change.after
        return Change(
            None if before is None else self.record(before),
            None if after is None else self.record(after),
        )

    def record(self, record: Record) -> Record:
        """The record under the ids that count."""
        if not self._ids or isinstance(record, Actor):
            return record
        if isinstance(record, Conflict):
            other = record.other
            renamed = None if other is None else self.record(other)
            assert not isinstance(renamed, Conflict)
            document = None if record.document is None else self.id(record.document)
            return replace(record, document=document, target=self.id(record.target), other=renamed)
        document = self.id(record.document)
        if isinstance(record, Sentence):
            return replace(record, id=self.id(record.id), document=document)
        return self._owned(record, document, self.id(record.annotator))

    def _owned(
        self,
        record: Span | Relation | UnitLabel | SentenceMark | DocumentMark | Suggestion,
        document: str,
        annotator: str,
    ) -> Record:
        owner = {"document": document, "annotator": annotator}
        match record:
            case UnitLabel():
                sentence = None if record.sentence is None else self.id(record.sentence)
                return replace(record, sentence=sentence, **owner)
            case SentenceMark():
                id, sentence = self.id(record.id), self.id(record.sentence)
                return replace(record, id=id, sentence=sentence, **owner)
            case DocumentMark():
                return replace(record, id=self.id(record.id), **owner)
            case Suggestion():
                return replace(record, proposed=self.record(record.proposed), **owner)
            case _:
                return replace(record, **owner)


def strange_sentence(text_sha256: str, start: int, end: int) -> str:
    """The id of a sentence of another cut than the one that counts: its text and place."""
    return derived_id(text_sha256, "sentence", str(start), str(end))


def name_apart(name: str, id: str) -> str:
    """The name of a document whose own name an older one has, made of its id alone."""
    stem, suffix = _parts(name)
    return f"{stem}{_mark(id)}{suffix}"


def wanted_name(name: str, id: str) -> str:
    """The name of a document before ``name_apart``, where that was done."""
    mark = _mark(id)
    if name.endswith(mark):
        return name.removesuffix(mark)
    stem, suffix = _parts(name)
    return stem.removesuffix(mark) + suffix


def _mark(id: str) -> str:
    return f" ({id[-_TAIL:]})"


def _parts(name: str) -> tuple[str, str]:
    """A file's name before its ending, and the ending with its dot, if it has one."""
    stem, _, ending = name.rpartition(".")
    return (stem, f".{ending}") if stem and ending and "/" not in ending else (name, "")


def names_of(documents: Mapping[str, str]) -> dict[str, str]:
    """The name of each document (by id) from the names they want: the oldest gets it as it is."""
    first: dict[str, str] = {}
    for id, name in documents.items():
        first[name] = min(id, first.get(name, id))
    return {
        id: name if first[name] == id else name_apart(name, id) for id, name in documents.items()
    }
