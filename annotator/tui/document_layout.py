"""What stands in each row of the view: wrapped lines, the lanes under them, the gutter.

Everything is worked out for the rows that are asked for, and kept by what it depends on: wrapping
by a sentence's range and the width, lanes by the annotations that touch their block of text.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Literal, TypeVar

from msgspec import Struct

from annotator.core.annotation import Span, Suggestion
from annotator.core.lanes import LaneRow, Mark, assign_rows, block_of, lanes_for, mark_of
from annotator.core.link_tags import TagIndex
from annotator.core.ranges import Range
from annotator.core.visual_lines import VisualLine, Wrapped
from annotator.tui.painting import Overlay, Row, TextMark
from annotator.tui.window import Place
from annotator.workflow.annotate import AnnotateSession

ViewMode = Literal["lanes", "compact"]
V = TypeVar("V")


class LayoutCounters(Struct):
    """Work done: sentences wrapped, blocks put into rows, lines whose lanes were drawn."""

    wrapped: int = 0
    blocks: int = 0
    lines: int = 0


class Kept(OrderedDict[Hashable, V]):
    """A cache that keeps the ``limit`` entries used last."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def find(self, key: Hashable, make: Callable[[], V]) -> V:
        """The entry of this key, made where there is none."""
        try:
            found = self[key]
        except KeyError:
            found = self[key] = make()
            if len(self) > self._limit:
                self.popitem(last=False)
        else:
            self.move_to_end(key)
        return found


class DocumentLayout:
    """The layout of one session's document. ``width`` and ``gutter`` are cells."""

    def __init__(self, session: AnnotateSession) -> None:
        self._session = session
        self.mode: ViewMode = "lanes"
        self.width = 80
        self.counters = LayoutCounters()
        self.tags = TagIndex(session.schema, session.annotations.spans.values())
        self._wrapped: Kept[Wrapped] = Kept(512)
        self._rows: Kept[dict[str, int]] = Kept(512)
        self._lanes: Kept[tuple[LaneRow, ...]] = Kept(1024)
        self._now: dict[Range, tuple[Mark, ...]] = {}
        self._focus: str | None = None

    def prepare(self, focus: str | None) -> None:
        """Look at the annotations afresh, for the rows asked for from now on."""
        self._now.clear()
        self._focus = focus

    @property
    def gutter(self) -> int:
        """Cells of the gutter: the sentence number, its mark and a rule."""
        return max(3, len(str(len(self._session.sentences)))) + 4

    # -- what the window asks --------------------------------------------------------------------

    def sentence_count(self) -> int:
        """How many sentences there are."""
        return len(self._session.sentences)

    def has_line(self, ordinal: int, line: int) -> bool:
        """Whether the sentence has a visual line of this number."""
        return self._wrap(ordinal).line(line) is not None

    def line_count(self, ordinal: int) -> int:
        """How many visual lines the sentence has; lays all of them out."""
        return self._wrap(ordinal).count()

    def rows_of(self, ordinal: int, line: int) -> int:
        """Rows of a visual line: the text, its lanes, and a blank one behind a paragraph."""
        lanes = len(self._lanes_under(ordinal, line)) if self.mode == "lanes" else 0
        return 1 + lanes + self._ends_paragraph(ordinal, line)

    # -- where things are ------------------------------------------------------------------------

    def place_of(self, offset: int) -> Place:
        """The row of text that shows a code point. The document must have a sentence."""
        ordinal = self._session.reader.ordinal_at(offset)
        return Place(ordinal, self._wrap(ordinal).line_of(offset))

    def line(self, place: Place) -> VisualLine:
        """The visual line at a place. Raises IndexError where there is none."""
        found = self._wrap(place.ordinal).line(place.line)
        if found is None:
            raise IndexError(place)
        return found

    def neighbour(self, place: Place, step: int) -> Place | None:
        """The visual line above (-1) or below (1), if there is one."""
        ordinal, line = place.ordinal, place.line + step
        if line < 0:
            return Place(ordinal - 1, self.line_count(ordinal - 1) - 1) if ordinal else None
        if self.has_line(ordinal, line):
            return Place(ordinal, line)
        return Place(ordinal + 1, 0) if ordinal + 1 < self.sentence_count() else None

    # -- rows ------------------------------------------------------------------------------------

    def row(self, place: Place, overlay: Overlay) -> Row:
        """Everything the picture of a row depends on."""
        line = self.line(place)
        if place.sub == 0:
            return self._text_row(place, line, overlay)
        gutter = f"{'':>{self.gutter - 2}}│ "
        lanes = self._lanes_under(place.ordinal, place.line) if self.mode == "lanes" else ()
        if place.sub > len(lanes):
            return Row(line, place.sub, line.start, line.end, "", "gutter", blank=True)
        lane = lanes[place.sub - 1]
        hints = tuple(
            (number, hint)
            for number, segment in enumerate(lane.segments)
            for _, span, hint in overlay.hints
            if span is not None and span == segment.span and segment.kind == "bracket"
        )
        return Row(line, place.sub, line.start, line.end, gutter, "gutter", hints=hints, lane=lane)

    def _text_row(self, place: Place, line: VisualLine, overlay: Overlay) -> Row:
        sentence = self._session.sentences[place.ordinal]
        current = place.ordinal == overlay.ordinal
        done = self._session.is_done(sentence)
        number = str(place.ordinal + 1) if place.line == 0 else ""
        mark = "✓" if done and place.line == 0 else " "
        rule = "┃" if current else "│"
        gutter = f"{number:>{self.gutter - 4}} {mark}{rule} "
        style = "current" if current else "done" if done else "gutter"
        marks = [*self._colours(line, overlay)]
        for name, (start, end) in (
            ("selection", overlay.selection),
            ("draft", overlay.draft[:2] if overlay.draft else (0, 0)),
            ("cursor", overlay.cursor if overlay.draft is None else (0, 0)),
        ):
            if start < line.end and end > line.start:
                marks.append(TextMark(start, end, name))
        in_lanes = self.mode == "lanes"
        hints = tuple(
            (offset, hint)
            for offset, span, hint in overlay.hints
            if line.start <= offset < line.end and not (in_lanes and span is not None)
        )
        return Row(line, 0, line.start, line.end, gutter, style, tuple(marks), hints)

    def _colours(self, line: VisualLine, overlay: Overlay) -> list[TextMark]:
        """In compact mode every span's colour, widest first; else only the focus is shown."""
        annotations = self._session.annotations
        found = annotations.spans_in(line.start, line.end)
        marks = []
        if self.mode == "compact":
            for span in sorted(found, key=lambda s: s.start - s.end):
                marks += [TextMark(a, b, "span", span.layer, span.label) for a, b in span.fragments]
        marks += [
            TextMark(a, b, "focus") for s in found if s.id == overlay.focus for a, b in s.fragments
        ]
        return [m for m in marks if m.start < line.end and m.end > line.start]

    # -- pieces ----------------------------------------------------------------------------------

    def _wrap(self, ordinal: int) -> Wrapped:
        sentence = self._session.sentences[ordinal]
        room = max(4, self.width - self.gutter)
        key = (sentence.start, sentence.end, room)
        return self._wrapped.find(
            key, lambda: self._make_wrapped(sentence.start, sentence.end, room)
        )

    def _make_wrapped(self, start: int, end: int, room: int) -> Wrapped:
        self.counters.wrapped += 1
        return Wrapped(self._session.document.text, start, end, room)

    def _ends_paragraph(self, ordinal: int, line: int) -> bool:
        sentences = self._session.sentences
        if ordinal + 1 >= len(sentences) or self.has_line(ordinal, line + 1):
            return False
        gap = self._session.document.text[sentences[ordinal].end : sentences[ordinal + 1].start]
        return len(gap.splitlines()) > 1

    def _lanes_under(self, ordinal: int, number: int) -> tuple[LaneRow, ...]:
        line = self._wrap(ordinal).line(number)
        sentence = self._session.sentences[ordinal]
        if line is None:
            return ()
        block = block_of(line, sentence.start, sentence.end)
        marks = self._now.get(block)
        if marks is None:
            marks = self._now[block] = self._marks_in(block)
        if not marks:
            return ()
        here = tuple(m for m in marks if m.start < line.end and m.end > line.start)
        key = (line.start, line.end, self.width, block, here, len(marks))
        return self._lanes.find(key, lambda: self._draw(line, marks))

    def _draw(self, line: VisualLine, marks: tuple[Mark, ...]) -> tuple[LaneRow, ...]:
        self.counters.lines += 1
        key = tuple((m.id, m.fragments, m.band) for m in marks)
        rows = self._rows.find(key, lambda: self._assign(marks))
        return tuple(lanes_for(line, marks, rows, width=self.width - self.gutter))

    def _assign(self, marks: tuple[Mark, ...]) -> dict[str, int]:
        self.counters.blocks += 1
        return assign_rows(marks)

    def _marks_in(self, block: Range) -> tuple[Mark, ...]:
        annotations = self._session.annotations
        marks = [self._mark(span) for span in annotations.spans_in(block.start, block.end)]
        marks += [
            mark_of(s.proposed, state="focus" if s.id == self._focus else "suggestion")
            for s in self._suggestions_in(block)
            if isinstance(s.proposed, Span)
        ]
        return tuple(marks)

    def _suggestions_in(self, block: Range) -> list[Suggestion]:
        return [
            s
            for s in self._session.annotations.suggestions.values()
            if isinstance(s.proposed, Span)
            and s.proposed.start < block.end
            and s.proposed.end > block.start
        ]

    def _mark(self, span: Span) -> Mark:
        tag = self.tags.tag_of(span, self._session.annotations)
        state: Literal["plain", "focus"] = "focus" if span.id == self._focus else "plain"
        return mark_of(span, tag, linked=self.tags.linked(span.layer), state=state)
