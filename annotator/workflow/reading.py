"""Where the annotator is in a document: the token under the cursor, and what is selected."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict

from annotator.core import text_objects
from annotator.core.document import Sentence
from annotator.core.paragraphs import paragraph_at
from annotator.core.ranges import Range, trim
from annotator.core.schema import Unit
from annotator.core.sentence_list import SentenceList
from annotator.core.tokens import tokens

_KEPT = 256


class Reader:
    """Cursor and selection over a text cut into sentences; offsets are code points.

    ``cursor`` is always a whole token, ``ordinal`` its sentence counted from 0 (-1 where the
    document has none, with an empty cursor at 0).
    """

    def __init__(self, text: str, sentences: SentenceList, offset: int = 0) -> None:
        self.text = text
        self._tokens: OrderedDict[tuple[int, int], list[Range]] = OrderedDict()
        self._paragraph_known: Range | None = None
        self.anchor: Range | None = None
        self._taken: Range | None = None
        self.moves = 0
        """How often the cursor was put somewhere, or told to stay."""
        self.recut(sentences, offset)

    def recut(self, sentences: SentenceList, offset: int) -> None:
        """Take another cut of the text and put the cursor at ``offset``."""
        self.sentences = sentences
        self.ordinal = -1
        self.cursor = Range(0, 0)
        self.move_to(offset)

    @property
    def sentence(self) -> Sentence | None:
        """The sentence under the cursor."""
        return self.sentences[self.ordinal] if self.ordinal >= 0 else None

    @property
    def selection(self) -> Range | None:
        """The selected range, if any: a text object, or from the anchor's token to the cursor's."""
        if self._taken is not None:
            return self._taken
        if self.anchor is None:
            return None
        return Range(
            min(self.anchor.start, self.cursor.start), max(self.anchor.end, self.cursor.end)
        )

    def ordinal_at(self, offset: int) -> int:
        """The sentence that holds ``offset``, or the last one that starts before it."""
        return self.sentences.ordinal_at(offset) if self.sentences else -1

    def tokens_of(self, ordinal: int) -> list[Range]:
        """The tokens of a sentence, from a small cache."""
        sentence = self.sentences[ordinal]
        key = (sentence.start, sentence.end)
        found = self._tokens.get(key)
        if found is None:
            found = tokens(self.text, *key) or [Range(*key)]
            self._tokens[key] = found
            if len(self._tokens) > _KEPT:
                self._tokens.popitem(last=False)
        else:
            self._tokens.move_to_end(key)
        return found

    def tokens_apart(self, ordinal: int) -> list[Range]:
        """``tokens_of`` beside the cache: for another thread, or for very many sentences."""
        start, end = self.sentences.starts[ordinal], self.sentences.ends[ordinal]
        return tokens(self.text, start, end) or [Range(start, end)]

    def move_to(self, offset: int, *, extend: bool = False) -> None:
        """Put the cursor on the token at ``offset``, or the last one that starts before it."""
        self._start_move(extend)
        self.moves += 1
        if not self.sentences:
            return
        self.ordinal = self.ordinal_at(offset)
        row = self.tokens_of(self.ordinal)
        self.cursor = row[max(0, bisect_right(row, (offset, len(self.text) + 1)) - 1)]

    def move_tokens(self, count: int, *, extend: bool = False) -> bool:
        """Move by tokens, across sentences; False at the document's edge."""
        self._start_move(extend)
        self.moves += 1
        if not self.sentences:
            return False
        row = self.tokens_of(self.ordinal)
        place = bisect_right(row, self.cursor) - 1 + count
        while place < 0 and self.ordinal > 0:
            self.ordinal -= 1
            row = self.tokens_of(self.ordinal)
            place += len(row)
        while place >= len(row) and self.ordinal + 1 < len(self.sentences):
            place -= len(row)
            self.ordinal += 1
            row = self.tokens_of(self.ordinal)
        before = self.cursor
        self.cursor = row[min(max(place, 0), len(row) - 1)]
        return self.cursor != before

    def move_sentences(self, count: int) -> bool:
        """To the first token of another sentence; False where there is none."""
        target = self.ordinal + count
        if not 0 <= target < len(self.sentences):
            return False
        self.clear()
        self.moves += 1
        self.ordinal = target
        self.cursor = self.tokens_of(target)[0]
        return True

    def move_candidates(self, direction: int) -> bool:
        """To the next or previous candidate (capitalised run, number, date, opening quote)."""
        self._start_move(False)
        ordinal = self.ordinal
        while 0 <= ordinal < len(self.sentences):
            found = self._candidates(ordinal, direction)
            if found:
                self.move_to((found[0] if direction > 0 else found[-1]).start)
                return True
            ordinal += direction
        return False

    def unit(self, unit: Unit) -> Range | None:
        """What a key takes at the cursor for a layer of this unit."""
        if not self.sentences:
            return None
        return text_objects.taken_at(self.text, self.cursor.start, unit, *self._around())

    def grow(self) -> bool:
        """Take the next larger text object around the selection; False where there is none."""
        if not self.sentences:
            return False
        now = self.selection or Range(self.cursor.start, self.cursor.start)
        found = text_objects.grow(self.text, now, *self._around())
        if found == now:
            return False
        self._taken = found
        return True

    def shrink(self) -> bool:
        """Take the next smaller text object at the cursor; False where there is none."""
        now = self.selection
        if now is None or not self.sentences:
            return False
        found = text_objects.shrink(self.text, now, self.cursor.start, *self._around())
        if found == now:
            return False
        self._taken = found
        return True

    def select(self, start: int, end: int) -> bool:
        """Select a range as it is, white space at its edges aside; False where all is blank."""
        found = trim(self.text, start, end)
        if found is None:
            return False
        self.clear()
        self.move_to(found.start)
        self._taken = found
        return True

    def held(self) -> tuple[int, Range | None, Range | None]:
        """Where the cursor is and what is selected, for ``put_back``."""
        return self.cursor.start, self.anchor, self._taken

    def put_back(self, held: tuple[int, Range | None, Range | None]) -> None:
        """Cursor and selection as they were, over the same cut of the same text."""
        self.clear()
        self.move_to(held[0])
        _, self.anchor, self._taken = held

    def drop_anchor(self) -> bool:
        """Start a selection at the cursor, or give up the one there is. True when started."""
        if self.selection is not None:
            self.clear()
            return False
        self.anchor = self.cursor
        return True

    def clear(self) -> bool:
        """Give up the selection; False where there was none."""
        had = self.selection is not None
        self.anchor = None
        self._taken = None
        return had

    def _start_move(self, extend: bool) -> None:
        if extend and self.anchor is None:
            self.anchor = self.cursor
        taken, self._taken = self._taken, None
        if taken is not None:
            self.anchor = self._held_by_its_start(taken) if extend else None

    def _held_by_its_start(self, taken: Range) -> Range:
        """The anchor that keeps where ``taken`` starts; the cursor goes to the token it ends in."""
        self.move_to(taken.start)
        anchor = Range(taken.start, min(taken.end, max(self.cursor.end, taken.start + 1)))
        self.move_to(taken.end - 1)
        return anchor

    def _candidates(self, ordinal: int, direction: int) -> list[Range]:
        """Those of a sentence that lie beyond the cursor in a direction, the nearest of them."""
        sentence, words = self.sentences[ordinal], self.tokens_of(ordinal)
        whole = Range(sentence.start, sentence.end)
        return text_objects.candidates_beyond(self.text, whole, words, self.cursor.start, direction)

    def _around(self) -> tuple[Range, Range, list[Range]]:
        """The cursor's sentence and paragraph, and the sentence's tokens."""
        sentence, words = self.sentences[self.ordinal], self.tokens_of(self.ordinal)
        is_blank = self.text[slice(*words[0])].isspace()
        whole = Range(sentence.start, sentence.end)
        return whole, self._paragraph(), [] if is_blank else words

    def _paragraph(self) -> Range:
        known, here = self._paragraph_known, self.cursor.start
        if known is None or not known.start <= here < known.end:
            known = self._paragraph_known = paragraph_at(self.text, here)
        return known
