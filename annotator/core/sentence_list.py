"""The sentences of a document, kept as columns: a list of 50,000 costs no 50,000 objects."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
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

    def ordinal_of(self, id: str) -> int | None:
        """The number of the sentence with this id; None where there is none."""
        try:
            return self._ids.index(id)
        except ValueError:
            return None

    def with_id(self, id: str) -> Sentence | None:
        """The sentence with this id, if there is one."""
        ordinal = self.ordinal_of(id)
        return None if ordinal is None else self[ordinal]

    def recut(self, gone: Iterable[Sentence], come: Iterable[Sentence]) -> SentenceList:
        """The cut without some sentences and with others.

        Costs what they cost and four copied columns. Raises LookupError where one that is to go is
        not there.
        """
        ids, starts = list(self._ids), list(self.starts)
        ends, revisions = list(self.ends), list(self._revisions)
        columns: tuple[list[str] | list[int], ...] = (ids, starts, ends, revisions)
        for sentence in gone:
            place = bisect_left(starts, sentence.start)
            if ids[place : place + 1] != [sentence.id]:
                raise LookupError(sentence.id)
            for column in columns:
                del column[place]
        for sentence in come:
            place = bisect_left(starts, sentence.start)
            ids.insert(place, sentence.id)
            starts.insert(place, sentence.start)
            ends.insert(place, sentence.end)
            revisions.insert(place, sentence.revision)
        return SentenceList(self._document, ids, starts, ends, revisions)
