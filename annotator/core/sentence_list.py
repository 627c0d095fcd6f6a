"""The sentences of a document, kept as columns: a list of 50,000 costs no 50,000 objects."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from annotator.core.document import Sentence


class SentenceList(Sequence[Sentence]):
    """Sentences in the order of the text, made into objects as they are looked at.

    The columns are of one length; ``starts`` and ``ends`` are code points and ascend.
    """

    __slots__ = ("_document", "_ids", "_revisions", "ends", "starts")

    def __init__(
        self,
        document: str,
        ids: Sequence[str],
        starts: Sequence[int],
        ends: Sequence[int],
        revisions: Sequence[int],
    ) -> None:
        self._document = document
        self._ids = ids
        self.starts = starts
        self.ends = ends
        self._revisions = revisions

    @classmethod
    def of(cls, document: str, sentences: Iterable[Sentence]) -> SentenceList:
        """The same sentences as columns."""
        rows = sorted(sentences, key=lambda s: (s.start, s.end, s.id))
        return cls(
            document,
            [s.id for s in rows],
            [s.start for s in rows],
            [s.end for s in rows],
            [s.revision for s in rows],
        )

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, place: int) -> Sentence: ...

    @overload
    def __getitem__(self, place: slice) -> list[Sentence]: ...

    def __getitem__(self, place: int | slice) -> Sentence | list[Sentence]:
        if isinstance(place, slice):
            return [self[n] for n in range(*place.indices(len(self)))]
        return Sentence(
            self._ids[place],
            self._document,
            self.starts[place],
            self.ends[place],
            self._revisions[place],
        )

    def __iter__(self) -> Iterator[Sentence]:
        for id, start, end, revision in zip(
            self._ids, self.starts, self.ends, self._revisions, strict=True
        ):
            yield Sentence(id, self._document, start, end, revision)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Sequence):
            return list(self) == list(other)
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def id_of(self, ordinal: int) -> str:
        """The id of a sentence by its number from 0."""
        return self._ids[ordinal]

    def ordinal_at(self, offset: int) -> int:
        """The sentence that holds a code point, or the last that starts before it; at least 0."""
        return max(0, bisect_right(self.starts, offset) - 1)
