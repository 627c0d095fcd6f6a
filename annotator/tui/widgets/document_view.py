"""The document: one widget, painted line by line, whose cost is bound by what is in sight.

``sync`` works out the content of every row in sight, compares it with what was painted, and has
only the rows that differ painted anew. ``counters`` say how many, and tests hold it to that.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from msgspec import Struct
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip

from annotator.core.annotation import Span
from annotator.core.ranges import Range
from annotator.core.safe_text import fit
from annotator.tui.document_layout import DocumentLayout, ViewMode
from annotator.tui.matches import NO_MATCHES
from annotator.tui.painting import COMPONENTS, Overlay, Painter, Row
from annotator.tui.widgets.keys_wanted import KeysWanted
from annotator.tui.widgets.line_widget import LineWidget
from annotator.tui.window import Place, Window
from annotator.workflow.annotate import AnnotateSession


class Counters(Struct):
    """Work done: rows asked to be painted, strips made, strips found in the cache."""

    refreshed: int = 0
    made: int = 0
    hit: int = 0


class DocumentView(LineWidget, can_focus=True):
    """Shows a session's document, its annotations, cursor and selection."""

    COMPONENT_CLASSES = {f"document--{name}" for name in COMPONENTS}
    DEFAULT_CSS = """
    DocumentView { width: 1fr; height: 1fr; background: $background; }
    DocumentView .document--text { color: $foreground; }
    DocumentView .document--match { background: $warning 30%; text-style: underline; }
    DocumentView .document--gutter { color: $text-disabled; }
    DocumentView .document--current { color: $accent; text-style: bold; }
    DocumentView .document--done { color: $success; }
    DocumentView .document--cursor { color: $background; background: $foreground; }
    DocumentView .document--selection { background: $primary 50%; }
    DocumentView .document--focus { text-style: bold underline; }
    DocumentView .document--other { text-style: underline; }
    DocumentView .document--suggestion { text-style: italic underline; }
    DocumentView .document--next { background: $accent 30%; text-style: bold italic underline; }
    DocumentView .document--draft { background: $warning 40%; text-style: underline; }
    DocumentView .document--hint { color: $background; background: $warning; text-style: bold; }
    DocumentView .document--lane { color: $text-muted; }
    DocumentView .document--standin { color: $text-disabled; }
    """

    class Chosen(Message):
        """The mouse put the cursor or a selection somewhere."""

    class Painted(Message):
        """The first picture is painted."""

    class LabelWanted(Message):
        """The right button asks for the label picker."""

    def __init__(self, session: AnnotateSession, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.counters = Counters()
        self.matches = NO_MATCHES
        self._rows: list[Row] = []
        self._width = self._height = 0
        self._mode: ViewMode = "lanes"
        self._safe_glyphs = False
        self.open(session)

    def open(self, session: AnnotateSession) -> None:
        """Show another session from now on, in the same mode; ``sync`` paints it."""
        self.session = session
        self.lines = DocumentLayout(session, self._mode)
        self.lines.safe_glyphs = self._safe_glyphs
        self.window = Window(self.lines)
        self.window.height = self._height
        self.forget_lines()
        self._painter: Painter | None = None
        self._overlay = Overlay()
        self._hints: tuple[tuple[int, str | None, str], ...] = ()
        self._tied: frozenset[str] = frozenset()
        self._draft: tuple[int, int, int] | None = None
        self._goal = (-1, 0)  # the reader's move that goes by lines, and the column it keeps
        self._followed_ordinal = -1
        self._pressed: Range | None = None
        self._clicked = session.reader.cursor

    # -- bringing up to date ---------------------------------------------------------------------

    def sync(self, *, follow: bool = True) -> None:
        """Bring the rows in sight up to date; with ``follow`` the cursor is brought in sight."""
        if self._width == 0 or self._height == 0:
            self.window.clamp()
            return
        self.lines.width = self._width
        self._overlay = Overlay.of(self.session, self._hints, self._draft, self.matches, self._tied)
        self.lines.set_focus(self._overlay.focus, self._overlay.waiting)
        self.window.clamp()
        if follow and self.session.sentences:
            self._follow()
        self._show([self.lines.row(place, self._overlay) for place in self.window.places()])

    def _follow(self) -> None:
        """Bring the cursor in sight, and a sentence just entered as a whole if that can be."""
        before = self.window.anchor
        ordinal = self._overlay.ordinal
        if ordinal != self._followed_ordinal:
            self._followed_ordinal = ordinal
            self.window.reveal_sentence(ordinal)
        place = self.lines.place_of(self._followed())
        self.window.reveal(place.ordinal, place.line, margin=2)
        if self.window.anchor != before:
            self.window.fill()

    def is_in_sight(self, offset: int) -> bool:
        """Whether the line of a code point is among the rows that were shown last."""
        texts = (row for row in self._rows if row.sub == 0)
        return not self._rows or any(row.start <= offset < row.end for row in texts)

    def _followed(self) -> int:
        """The code point to keep in sight: the edge that moves, else the cursor."""
        if self._draft is None:
            return self.session.reader.cursor.start
        start, end, edge = self._draft
        return max(start, edge - 1) if edge == end else edge

    def _show(self, rows: list[Row]) -> None:
        before, self._rows = self._rows, rows
        self.counters.refreshed += self.refresh_lines(before, rows)

    def render_line(self, y: int) -> Strip:
        """The row at ``y``, from the cache where it was painted before."""
        width = self._width
        if not self.session.sentences:
            text = self._emptiness() if y == 1 else ""
            return self.line((width, text), lambda: self._said(text, width))
        painter = self._painter
        if painter is None:
            painter = self._painter = Painter(self.get_component_rich_style, self.session.schema)
        if y >= len(self._rows):
            return painter.blank(width)
        row = self._rows[y]
        before = self.counters.made
        strip = self.line((width, row), lambda: self._paint(painter, row, width))
        self.counters.hit += self.counters.made == before
        return strip

    def _emptiness(self) -> str:
        """What a document without a sentence has to say."""
        is_blank = bool(self.session.document.text)
        return "This document is blank." if is_blank else "This document is empty."

    def _said(self, text: str, width: int) -> Strip:
        style = self.get_component_rich_style("document--gutter")
        segment = Segment(fit(f"    {text}", width)[0], style)
        return Strip([segment]).adjust_cell_length(width, style)

    def _paint(self, painter: Painter, row: Row, width: int) -> Strip:
        self.counters.made += 1
        return painter.paint(row, width)

    def on_resize(self, event: events.Resize) -> None:
        """Another width, another wrapping."""
        is_first = not self._width
        self._width, self._height = event.size
        self.window.height = self._height
        if self._width and self._height:
            self.lines.width = self._width
            self.window.clamp()
            self.window.scroll(len(self.window.places()) - self.window.height)
        self.sync()
        self.refresh()
        if is_first:
            self.call_after_refresh(self.post_message, self.Painted())

    def notify_style_update(self) -> None:
        """Another theme, other colours."""
        super().notify_style_update()
        self._painter = None

    def switch_mode(self) -> str:
        """Between lanes and compact; gives the mode's name."""
        self._mode = self.lines.mode = "compact" if self._mode == "lanes" else "lanes"
        return self._mode

    def use_safe_glyphs(self, wanted: bool) -> None:
        """Show the text in glyphs that every terminal draws in the same width, or as it is."""
        self._safe_glyphs = self.lines.safe_glyphs = wanted

    def set_hints(
        self, hints: tuple[tuple[int, str | None, str], ...], tied: Iterable[str] = ()
    ) -> None:
        """Show hints: (code point, span id or None, letters) each; those of ``tied`` are marked."""
        self._hints = hints
        self._tied = frozenset(tied)

    @property
    def hints(self) -> tuple[tuple[int, str | None, str], ...]:
        """The hints that are shown: (code point, span id or None, letters) each."""
        return self._hints

    def set_draft(self, span: Span | None, edge: int = 0) -> None:
        """Show a span where it would lie, and which of its edges (a code point) moves."""
        self._draft = None if span is None else (span.start, span.end, edge)
        self.lines.set_draft(span)

    # -- where things are ------------------------------------------------------------------------

    def visible_range(self) -> tuple[int, int]:
        """The code points in sight, half-open."""
        texts = [row for row in self._rows if row.sub == 0]
        return (texts[0].start, texts[-1].end) if texts else (0, 0)

    def visible_tokens(self) -> list[int]:
        """Where the tokens in sight start, in code points."""
        start, end = self.visible_range()
        reader = self.session.reader
        if not self.session.sentences:
            return []
        ordinals = range(reader.ordinal_at(start), reader.ordinal_at(max(start, end - 1)) + 1)
        found = [token.start for ordinal in ordinals for token in reader.tokens_of(ordinal)]
        return found[bisect_left(found, start) : bisect_left(found, end)]

    def offset_lines_away(self, count: int) -> int | None:
        """The code point ``count`` visual lines below the cursor, at the column it came from."""
        if not self.session.sentences:
            return None
        cursor = self.session.reader.cursor.start
        place = self.lines.place_of(cursor)
        column = self.column(place, cursor)
        step = 1 if count > 0 else -1
        for _ in range(abs(count)):
            following = self.lines.neighbour(place, step)
            if following is None:
                return None
            place = following
        return self._remember(place, column)

    def page(self, direction: int) -> int:
        """Scroll by a page; gives the code point for the cursor, on the same row of the screen."""
        cursor = self.session.reader.cursor.start
        if not self.session.sentences:
            return cursor
        place = self.lines.place_of(cursor)
        column = self.column(place, cursor)
        before = self.window.places()
        row = before.index(place) if place in before else 0
        anchor = self.window.anchor
        self.window.scroll(direction * max(1, self.window.height - 2))
        if self.window.anchor == anchor:
            return len(self.session.document.text) if direction > 0 else 0
        texts = [(abs(y - row), p) for y, p in enumerate(self.window.places()) if p.sub == 0]
        return self._remember(min(texts)[1], column) if texts else cursor

    def line_ends(self) -> tuple[int, int]:
        """First and last code point of the cursor's visual line."""
        cursor = self.session.reader.cursor.start
        if not self.session.sentences:
            return cursor, cursor
        line = self.lines.line(self.lines.place_of(cursor))
        return line.start, max(line.start, line.end - 1)

    def column(self, place: Place, cursor: int) -> int:
        """The column that moves by lines keep: where the first of them in a row set out."""
        if self._goal[0] == self.session.reader.moves:
            return self._goal[1]
        return self.lines.line(place).column_of(cursor)

    def _remember(self, place: Place, column: int) -> int:
        self._goal = (self.session.reader.moves + 1, column)
        return self.landing(place, column)

    def landing(self, place: Place, column: int) -> int:
        """The code point of a line at a column; right of its text its last one."""
        line = self.lines.line(place)
        return max(line.start, min(line.offset_at(column), line.end - 1))

    # -- mouse -----------------------------------------------------------------------------------

    def _offset_under(self, event: events.MouseEvent) -> int | None:
        y, x = event.y, event.x - self.lines.gutter
        if not 0 <= y < len(self._rows):
            return None
        row = self._rows[y]
        return min(row.line.offset_at(max(0, x)), max(row.start, row.end - 1))

    def _hint_under(self, event: events.MouseEvent) -> str | None:
        """The letters of the hint in a cell."""
        y, x = event.y, event.x - self.lines.gutter
        row = self._rows[y] if 0 <= y < len(self._rows) else None
        for place, letters in row.hints if row is not None else ():
            assert row is not None
            lane = row.lane
            column = row.line.column_of(place) if lane is None else lane.segments[place].column
            if column <= x < column + len(letters):
                return letters
        return None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Put the cursor there; a drag from here selects. The right button asks for a label, and a
        click on a hint types it."""
        hint = self._hint_under(event)
        if hint is not None:
            self._tell(KeysWanted(hint))
            return
        offset = self._offset_under(event)
        if offset is None:
            return
        reader = self.session.reader
        selection = reader.selection
        if event.button == 3 and selection and selection.start <= offset < selection.end:
            self._tell(self.LabelWanted())
            return
        reader.clear()
        self.session.moved()
        reader.move_to(offset)
        if event.button == 3:
            self._tell(self.LabelWanted())
            return
        self._pressed = reader.cursor
        self.capture_mouse()
        self._tell(self.Chosen())

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Dragging extends the selection, by tokens."""
        if self._pressed is None:
            return
        offset = self._offset_under(event)
        if offset is None:
            return
        reader = self.session.reader
        if reader.anchor is None and reader.cursor.start <= offset < reader.cursor.end:
            return
        reader.move_to(offset, extend=True)
        self._tell(self.Chosen())

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """The drag is over."""
        self._pressed = None
        self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """Twice selects the token, three times the sentence.

        The line comes in sight with its lanes; a further click in the same place, where another
        line may lie by then, is still meant for what the first one hit.
        """
        reader = self.session.reader
        if event.button != 1 or not self.session.sentences:
            return
        if event.chain == 1:
            self._clicked = reader.cursor
        else:
            reader.move_to(self._clicked.start)
            sentence = reader.sentence
            taken = self._clicked if event.chain == 2 or sentence is None else sentence
            reader.select(taken.start, taken.end)
            self._tell(self.Chosen())
        place, rows = self.lines.place_of(reader.cursor.start), self.window.places()
        if place in rows and self.lines.last_lane(place) not in rows:
            self.window.reveal(place.ordinal, place.line)
            self.sync(follow=False)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll, and leave the cursor where it is."""
        self._scroll(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll, and leave the cursor where it is."""
        self._scroll(-3)

    def _tell(self, message: Message) -> None:
        """Past our own queue, in which a key that comes right behind the mouse may wait already."""
        self.screen.post_message(message)

    def _scroll(self, rows: int) -> None:
        self.window.clamp()
        self.window.scroll(rows)
        self.sync(follow=False)
