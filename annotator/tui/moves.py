"""Commands that move the cursor, select, and go to other places; nothing is changed by them.

As in ``actions``, each returns what it did in words, or nothing where the screen itself shows it,
and raises RuleError with the reason where it does nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.errors import RuleError
from annotator.tui.modes import JumpMode
from annotator.tui.search_mode import SearchMode

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen

Outcome = str | None


class Moves:
    """Those commands of the annotation screen, by id."""

    def __init__(self, screen: AnnotateScreen) -> None:
        self._screen = screen
        self._session = screen.session
        self._reader = screen.session.reader
        self._view = screen.view

    # -- move ------------------------------------------------------------------------------------

    def _token(self, count: int, *, extend: bool = False) -> None:
        self._session.moved()
        if not self._reader.move_tokens(count, extend=extend):
            raise RuleError("this is the document's end" if count > 0 else "this is its beginning")

    def token_left(self) -> None:
        """One token to the left."""
        self._token(-1)

    def token_right(self) -> None:
        """One token to the right."""
        self._token(1)

    def select_left(self) -> None:
        """Extend the selection by a token to the left."""
        self._token(-1, extend=True)

    def select_right(self) -> None:
        """Extend the selection by a token to the right."""
        self._token(1, extend=True)

    def _line(self, count: int, *, extend: bool = False) -> None:
        offset = self._view.offset_lines_away(count)
        if offset is None:
            raise RuleError("this is the last line" if count > 0 else "this is the first line")
        self._session.moved()
        self._reader.move_to(offset, extend=extend)

    def line_up(self) -> None:
        """One visual line up."""
        self._line(-1)

    def line_down(self) -> None:
        """One visual line down."""
        self._line(1)

    def select_up(self) -> None:
        """Extend the selection by a visual line up."""
        self._line(-1, extend=True)

    def select_down(self) -> None:
        """Extend the selection by a visual line down."""
        self._line(1, extend=True)

    def _to(self, offset: int, where: str) -> None:
        """Go there; RuleError says that this is ``where`` already, if nothing moves."""
        before = (self._reader.cursor, self._reader.selection, self._session.focus_id)
        scrolled = self._view.window.anchor
        self._session.moved()
        self._reader.move_to(offset, extend=self._reader.anchor is not None)
        now = (self._reader.cursor, self._reader.selection, self._session.focus_id)
        if now == before and scrolled == self._view.window.anchor:
            raise RuleError(f"this is {where}")

    def line_start(self) -> None:
        """To the start of the visual line."""
        self._to(self._view.line_ends()[0], "the line's start")

    def line_end(self) -> None:
        """To the last token of the visual line."""
        self._to(self._view.line_ends()[1], "the line's end")

    def document_start(self) -> None:
        """To the document's first token."""
        self._to(0, "the document's beginning")

    def document_end(self) -> None:
        """To the document's last token."""
        self._to(len(self._session.document.text), "the document's end")

    def page_up(self) -> None:
        """One page up."""
        self._page(-1, "the document's beginning")

    def page_down(self) -> None:
        """One page down."""
        self._page(1, "the document's end")

    def _page(self, direction: int, where: str) -> None:
        cursor, sentences = self._reader.cursor, self._session.sentences
        edge = len(sentences) - 1 if direction > 0 else 0
        tokens = self._reader.tokens_of(edge) if sentences else [cursor]
        is_there = cursor == tokens[-1 if direction > 0 else 0]
        offset = self._view.page(direction)
        if is_there:
            raise RuleError(f"this is {where}")
        self._session.moved()
        self._reader.move_to(offset, extend=self._reader.anchor is not None)

    def _sentence(self, count: int) -> None:
        self._session.moved()
        if self._reader.move_sentences(count):
            return
        sentence, cursor = self._reader.sentence, self._reader.cursor
        if count > 0 or sentence is None or cursor.start <= sentence.start:
            raise RuleError("this is the last sentence" if count > 0 else "this is the first one")
        self._reader.move_sentences(0)

    def sentence_next(self) -> None:
        """To the next sentence."""
        self._sentence(1)

    def sentence_previous(self) -> None:
        """To the previous sentence."""
        self._sentence(-1)

    def _candidate(self, direction: int) -> None:
        self._session.moved()
        if not self._reader.move_candidates(direction):
            raise RuleError("no further candidate in this direction")

    def candidate_next(self) -> None:
        """To the next candidate."""
        self._candidate(1)

    def candidate_previous(self) -> None:
        """To the previous candidate."""
        self._candidate(-1)

    def jump(self) -> None:
        """Wait for a character, then show hints."""
        self._screen.enter(JumpMode(self._screen))

    def _annotation(self, direction: int) -> None:
        if not self._session.stepping.step(direction):
            raise RuleError("no further annotation in this direction")

    def annotation_next(self) -> None:
        """Choose the next annotation."""
        self._annotation(1)

    def annotation_previous(self) -> None:
        """Choose the previous annotation."""
        self._annotation(-1)

    def document_next(self) -> Outcome:
        """Open the next document."""
        return self._screen.open_neighbour(1)

    def document_previous(self) -> Outcome:
        """Open the previous document."""
        return self._screen.open_neighbour(-1)

    def search(self) -> None:
        """Search while typing."""
        self._screen.enter(SearchMode(self._screen, self._screen.searches))

    def queue_next(self) -> Outcome:
        """To the next place of the queue."""
        return self._screen.steps.step(1)

    def queue_previous(self) -> Outcome:
        """To the previous place of the queue."""
        return self._screen.steps.step(-1)

    def go_to(self) -> None:
        """Choose where to go, or what to go through."""
        self._screen.going.menu()

    # -- select ----------------------------------------------------------------------------------

    def anchor(self) -> Outcome:
        """Drop the anchor, or give the selection up."""
        return "selecting: move to extend" if self._reader.drop_anchor() else None

    def grow(self) -> None:
        """Take the next larger text object."""
        if not self._reader.grow():
            raise RuleError("the whole paragraph is selected")

    def shrink(self) -> None:
        """One text object back."""
        if not self._reader.shrink():
            raise RuleError("nothing to shrink", "{grow} grows the selection first.")

    def clear(self) -> None:
        """Give up what takes long; the selection, else the queue."""
        self._screen.long_work.cancel()
        if not self._reader.clear():
            self._screen.steps.stop()
        self._session.moved()
