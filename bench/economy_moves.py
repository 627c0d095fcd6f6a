"""The cheapest documented keys from one token to another, for somebody who sees the screen.

Nothing here presses a key: it reads what the session and the view say about tokens, candidates,
sentences and lines, and the player checks after each key that it went where this said.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from itertools import count

from annotator.tui.hints import assign
from annotator.tui.widgets.document_view import DocumentView
from annotator.workflow.annotate import AnnotateSession
from annotator.workflow.reading import Reader

Keys = tuple[str, ...]
Way = dict[int, Keys]
"""Token (its start, in code points) → the cheapest keys to it."""

EXTENDING = ("left", "right", "up", "down")
"""Moves that have a twin with shift."""

BY_LINE = (("up",), ("down",))
"""Of such moves the second keeps the column that the first set out from."""
_LINES = 4
"""Lines that are gone up or down at most without another key between."""

_SCROLLS = 300
"""Code points from the window's edge within which going somewhere may scroll it."""

_BEYOND_HINTS = 2
"""Tokens beside the wanted one that a jump may go to."""


class Moves:
    """The moves in one document as it is cut and wrapped now."""

    def __init__(self, session: AnnotateSession, view: DocumentView) -> None:
        self._session = session
        self._view = view
        self._text = session.document.text
        self._reader = Reader(self._text, session.sentences)
        self.tokens = [
            token
            for ordinal in range(len(session.sentences))
            for token in self._reader.tokens_of(ordinal)
        ]
        self.starts = [token.start for token in self.tokens]
        self._steps: dict[tuple[int, bool], tuple[tuple[Keys, int], ...]] = {}

    def token_at(self, offset: int) -> int:
        """The start of the token that holds a code point, or of the one before it."""
        return self.starts[max(0, bisect_right(self.starts, offset) - 1)]

    def ways(
        self, here: int, wanted: Iterable[int], *, selecting: bool = False, choosing: bool = True
    ) -> Way:
        """The cheapest keys from a token to each of those wanted that can be reached.

        ``selecting`` leaves out what gives an anchor up; without ``choosing`` no annotation is
        chosen on the way.
        """
        left = set(wanted)
        order = count()
        queue: list[tuple[int, int, int, Keys]] = [(0, next(order), here, ())]
        for start, keys in self._jumps(here, left):
            heappush(queue, (len(keys), next(order), start, keys))
        if choosing and not selecting:
            for start, keys in self._tabs():
                heappush(queue, (len(keys), next(order), start, keys))
        seen: set[int] = set()
        found: Way = {}
        while queue and left:
            _, _, place, keys = heappop(queue)
            if place in seen:
                continue
            seen.add(place)
            if place in left:
                found[place] = keys
                left.discard(place)
            for step, following in self._steps_from(place, selecting, keys):
                if following not in seen:
                    more = (*keys, *step)
                    heappush(queue, (len(more), next(order), following, more))
        return found

    def arrows(self, here: int, there: int) -> Keys | None:
        """The cheapest way by arrows alone, if one is as short as three keys."""
        layer: dict[int, Keys] = {here: ()}
        for _ in range(4):
            if there in layer:
                return layer[there]
            following: dict[int, Keys] = {}
            for place, keys in layer.items():
                for step, beyond in self._steps_from(place, True, keys):
                    if len(step) == 1 and step[0] in EXTENDING:
                        following.setdefault(beyond, (*keys, *step))
            layer = following
        return None

    def _steps_from(self, place: int, selecting: bool, after: Keys) -> Iterator[tuple[Keys, int]]:
        """Moves from a token. Lines are counted in one go, from the column of the first; the very
        first may go on from one that the cursor came by."""
        known = self._steps.get((place, selecting))
        if known is None:
            known = self._steps[place, selecting] = tuple(self._look(place, selecting))
        if not after and place == self._session.reader.cursor.start:
            known = (*(k for k in known if k[0][:1] not in BY_LINE), *self._by_lines(place, True))
        went_by_line = after[-1:] in BY_LINE
        return ((keys, to) for keys, to in known if not (went_by_line and keys[:1] in BY_LINE))

    def _look(self, place: int, selecting: bool) -> Iterator[tuple[Keys, int]]:
        number = bisect_left(self.starts, place)
        if number > 0:
            yield ("left",), self.starts[number - 1]
        if number + 1 < len(self.starts):
            yield ("right",), self.starts[number + 1]
        for key, direction in (("w", 1), ("b", -1)):
            self._reader.clear()
            self._reader.move_to(place)
            if self._reader.move_candidates(direction):
                yield (key,), self._reader.cursor.start
        yield from self._line_ends(place)
        yield from self._by_lines(place, False)
        if not selecting:
            yield from self._sentences_from(place)

    def _line_ends(self, place: int) -> Iterator[tuple[Keys, int]]:
        line = self._view.lines.line(self._view.lines.place_of(place))
        yield ("home",), self.token_at(line.start)
        yield ("end",), self.token_at(max(line.start, line.end - 1))

    def _by_lines(self, place: int, is_cursor: bool) -> Iterator[tuple[Keys, int]]:
        lines = self._view.lines
        here = lines.place_of(place)
        column = lines.line(here).column_of(place)
        if is_cursor:
            column = self._view.column(here, place)
        for key, step in (("up", -1), ("down", 1)):
            there = lines.neighbour(here, step)
            for presses in range(1, _LINES + 1):
                if there is None:
                    break
                yield (key,) * presses, self.token_at(self._view.landing(there, column))
                there = lines.neighbour(there, step)

    def _sentences_from(self, place: int) -> Iterator[tuple[Keys, int]]:
        sentences = self._session.sentences
        ordinal = sentences.ordinal_at(place)
        for key, following in (("j", ordinal + 1), ("k", ordinal - 1)):
            if 0 <= following < len(sentences):
                yield (key,), self._reader.tokens_of(following)[0].start

    def _jumps(self, here: int, wanted: set[int]) -> Iterator[tuple[int, Keys]]:
        """``f``, a character and hint letters, to the wanted tokens in sight or beside them.

        From elsewhere than the cursor only where nothing scrolls on the way there.
        """
        first, end = self._view.visible_range()
        is_still = first + _SCROLLS < here < end - _SCROLLS
        if not is_still and here != self._session.reader.cursor.start:
            return
        seen = self._view.visible_tokens()
        in_sight = set(seen)
        near: set[int] = set()
        for start in wanted:
            number = bisect_left(self.starts, start)
            near.update(self.starts[max(0, number - _BEYOND_HINTS) : number + _BEYOND_HINTS + 1])
        hinted: dict[str, dict[int, str]] = {}
        for start in near & in_sight - {here}:
            letter = self._text[start].casefold()
            if letter not in hinted:
                same = [s for s in seen if self._text[s].casefold() == letter and s != here]
                same.sort(key=lambda s: abs(s - here))
                given = {s: hint for hint, s in assign(same).items()}
                hinted[letter] = given if len(same) > 1 else {same[0]: ""}
            if start in hinted[letter] and letter.isprintable() and len(letter) == 1:
                yield start, ("f", letter, *hinted[letter][start])

    def selecting_jumps(self, here: int, first: int, last: int) -> Iterator[Keys]:
        """``f``, a character, a hint as a capital, and the character that the end begins with."""
        seen = self._view.visible_tokens()
        end = self._text[last].casefold()
        following = next((s for s in seen if s > first and self._text[s].casefold() == end), None)
        if following == last:
            for start, keys in self._jumps(here, {first}):
                if start == first and len(keys) > 2:
                    yield (*keys[:-1], keys[-1].upper(), end)

    def _tabs(self) -> Iterator[tuple[int, Keys]]:
        """``tab`` and ``shift+tab`` to the next few spans; a label of a unit might lie between."""
        session = self._session
        if session.annotations.unit_labels:
            return
        focus, cursor = session.focus, session.reader.cursor.start
        here = (focus.start, focus.end, focus.id) if focus else (cursor, 0, "")
        ahead = (s for s in session.annotations.after(here[0]) if (s.start, s.end, s.id) > here)
        back = (s for s in session.annotations.before(here[0] + 1) if (s.start, s.end, s.id) < here)
        for key, spans in (("tab", ahead), ("shift+tab", back)):
            for presses, span in zip(range(1, 5), spans, strict=False):
                yield self.token_at(span.start), (key,) * presses
