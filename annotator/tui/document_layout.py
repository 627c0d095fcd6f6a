"""What stands in each row of the view: wrapped lines, the lanes under them, the gutter.

Everything is worked out for the rows that are asked for, and kept until what it depends on
changes: wrapping until the width or the cut does, lanes until an annotation or the focus does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from annotator.core.annotation import Record, Span, UnitLabel
from annotator.core.edits import Change, Changes
from annotator.core.lanes import LaneRow, Mark, State, assign_rows, block_of, lanes_for, mark_of
from annotator.core.link_tags import TagIndex
from annotator.core.ranges import Range
from annotator.core.unit_lanes import Unit, unit_rows
from annotator.core.visual_lines import VisualLine, Wrapped
from annotator.tui.kept import Kept
from annotator.tui.painting import Overlay, Row, TextMark
from annotator.tui.sheet import Sheet
from annotator.tui.window import Place
from annotator.workflow.annotate import AnnotateSession

_MATCH = "»"
"""Beside a line with a match, so that it can be told without colour."""
ViewMode = Literal["lanes", "compact"]
_KEPT_SHEETS = 2048
_MARGIN = 1
"""Cells kept free at the right, so that text never touches what stands beside it."""


class LayoutCounters(Struct):
    """Work done: sentences wrapped, blocks put into rows, lines whose lanes were drawn."""

    wrapped: int = 0
    blocks: int = 0
    lines: int = 0


class DocumentLayout:
    """The layout of one session's document. ``width`` and ``gutter`` are cells."""

    def __init__(self, session: AnnotateSession, mode: ViewMode = "lanes") -> None:
        self._session = session
        self._mode = mode
        self._width = 80
        self.counters = LayoutCounters()
        self.tags = self._number()
        self._wrapped: Kept[Wrapped] = Kept(512)
        self._rows: Kept[dict[str, int]] = Kept(512)
        self._sheets: dict[tuple[int, int], Sheet] = {}
        self._blocks: dict[Range, tuple[Mark, ...]] = {}
        self._states: dict[str, State] = {}
        self._draft: Span | None = None
        self._safe_glyphs = False
        self.forget()
        session.listen(self._on_changes)

    def _number(self) -> TagIndex:
        tags = TagIndex(self._session.schema, self._session.annotations.spans.values())
        tags.sentence_at = self._session.reader.ordinal_at
        return tags

    # -- what it depends on ----------------------------------------------------------------------

    @property
    def width(self) -> int:
        """Cells of the whole view, the gutter among them."""
        return self._width

    @width.setter
    def width(self, cells: int) -> None:
        if cells != self._width:
            self._width = cells
            self.forget()

    @property
    def mode(self) -> ViewMode:
        """Lanes under the lines, or colour alone."""
        return self._mode

    @mode.setter
    def mode(self, mode: ViewMode) -> None:
        self._mode = mode
        self.forget()

    @property
    def safe_glyphs(self) -> bool:
        """Whether the text is shown in glyphs that every terminal draws in the same width."""
        return self._safe_glyphs

    @safe_glyphs.setter
    def safe_glyphs(self, wanted: bool) -> None:
        if wanted != self._safe_glyphs:
            self._safe_glyphs = wanted
            self._wrapped.clear()
            self.forget()

    def forget(self) -> None:
        """Look at the annotations afresh; wrapped lines are kept."""
        self._sheets.clear()
        self._blocks.clear()
        self.gutter = max(3, len(str(len(self._session.sentences)))) + 4

    def _on_changes(self, changes: Changes) -> None:
        if changes:
            own = self._session.annotator.id
            made = (c.after for c in changes if isinstance(c.after, Span))
            self.tags.apply(span for span in made if span.annotator == own)
        else:
            self.tags = self._number()
        if changes and all(map(self._is_seen_there_alone, changes)):
            self._forget_around(r for c in changes for r in (c.before, c.after))
        else:
            self.forget()

    def _is_seen_there_alone(self, change: Change) -> bool:
        """Whether a change bears on nothing but the sentences it lies in.

        Tags elsewhere tell where a span is tied to, and a proposed tie is shown if it is there.
        """
        span = change.record
        if not isinstance(span, Span):
            return False
        if self._session.annotations.suggested.standing_on(span.id):
            return False
        moved = change.before is not None and change.after is not None
        return not (moved and self.tags.linked(span.layer))

    def _forget_around(self, records: Iterable[Record | None]) -> None:
        """Look afresh at the sentences that these spans lie in."""
        spans = [record for record in records if isinstance(record, Span)]
        self._blocks.clear()
        ordinal_at = self._session.reader.ordinal_at
        first = min(ordinal_at(span.start) for span in spans)
        last = max(ordinal_at(span.end - 1) for span in spans)
        for place in [p for p in self._sheets if first <= p[0] <= last]:
            del self._sheets[place]

    def set_focus(self, focus: frozenset[str], waiting: frozenset[str] = frozenset()) -> None:
        """Draw other annotations and suggestions as the focus, and other suggestions as next."""
        states: dict[str, State] = dict.fromkeys(waiting, "next")
        states.update(dict.fromkeys(focus, "focus"))
        if states == self._states:
            return
        changed = {id for id, _ in states.items() ^ self._states.items()}
        self._states = states
        self._blocks.clear()
        for place in [p for p, sheet in self._sheets.items() if not sheet.ids.isdisjoint(changed)]:
            del self._sheets[place]

    def set_draft(self, span: Span | None) -> None:
        """Draw a span, made or proposed, as this one of the same id; None: as it is."""
        if span == self._draft:
            return
        drafts = (self._draft, span)
        self._draft = span
        self._forget_around(drafts)

    # -- what the window asks --------------------------------------------------------------------

    def sentence_count(self) -> int:
        """How many sentences there are."""
        return len(self._session.sentences)

    def has_line(self, ordinal: int, line: int) -> bool:
        """Whether the sentence has a visual line of this number."""
        return (ordinal, line) in self._sheets or self._wrap(ordinal).line(line) is not None

    def line_count(self, ordinal: int) -> int:
        """How many visual lines the sentence has; lays all of them out."""
        return self._wrap(ordinal).count()

    def rows_of(self, ordinal: int, line: int) -> int:
        """Rows of a visual line: the text, its lanes, and a blank one behind a paragraph."""
        return self._sheet(ordinal, line).rows

    def last_lane(self, place: Place) -> Place:
        """The lowest lane under a row of text; the row itself where there are none."""
        return place._replace(sub=len(self._sheet(place.ordinal, place.line).lanes))

    # -- where things are ------------------------------------------------------------------------

    def place_of(self, offset: int) -> Place:
        """The row of text that shows a code point. The document must have a sentence."""
        ordinal = self._session.reader.ordinal_at(offset)
        return Place(ordinal, self._wrap(ordinal).line_of(offset))

    def line(self, place: Place) -> VisualLine:
        """The visual line at a place. Raises IndexError where there is none."""
        return self._sheet(place.ordinal, place.line).line

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
        ordinal, number, sub = place
        sheet = self._sheet(ordinal, number)
        line = sheet.line
        is_text = sub == 0
        current = is_text and ordinal == overlay.ordinal
        done = is_text and self._session.is_done(self._session.sentences[ordinal])
        row = sheet.plain.get((sub, current, done))
        if row is None:
            make = self._text_row if is_text else self._lower_row
            row = sheet.plain[sub, current, done] = make(place, sheet, current, done)
        if is_text and overlay.touches(line.start, line.end):
            found = overlay.matches.within(line.start, line.end)
            return row._replace(
                gutter=f"{row.gutter[:-1]}{_MATCH}" if found else row.gutter,
                marks=row.marks + overlay.marks_on(line.start, line.end),
                hints=overlay.hints_on(line.start, line.end, self._mode == "lanes"),
            )
        if overlay.hints and row.lane is not None:
            return row._replace(hints=overlay.hints_of(row.lane))
        return row

    def _text_row(self, place: Place, sheet: Sheet, current: bool, done: bool) -> Row:
        line = sheet.line
        number = str(place.ordinal + 1) if place.line == 0 else ""
        mark = "✓" if done and place.line == 0 else " "
        gutter = f"{number:>{self.gutter - 4}} {mark}{'┃' if current else '│'} "
        style = "current" if current else "done" if done else "gutter"
        return Row(line, 0, line.start, line.end, gutter, style, self._colours(line))

    def _lower_row(self, place: Place, sheet: Sheet, current: bool, done: bool) -> Row:
        line = sheet.line
        if place.sub > len(sheet.lanes):
            return Row(line, place.sub, line.start, line.end, "", "gutter", blank=True)
        gutter = f"{'':>{self.gutter - 2}}│ "
        lane = sheet.lanes[place.sub - 1]
        return Row(line, place.sub, line.start, line.end, gutter, "gutter", lane=lane)

    def _colours(self, line: VisualLine) -> tuple[TextMark, ...]:
        """In compact mode every span's colour, widest first, and what is next; else only the focus
        is shown."""
        found = self._made(line.start, line.end)
        suggested = self._suggested(line.start, line.end)
        marks: list[TextMark] = []
        if self._mode == "compact":
            others = self._session.others.spans_in(line.start, line.end)
            marks += [TextMark(a, b, "other") for s in others for a, b in s.fragments]
            for kind, spans in (("suggestion", [s for _, s in suggested]), ("span", found)):
                for span in sorted(spans, key=lambda s: s.start - s.end):
                    marks += [
                        TextMark(a, b, kind, span.layer, span.label) for a, b in span.fragments
                    ]
            marks += [
                TextMark(a, b, "next")
                for id, span in suggested if self._states.get(id) == "next"
                for a, b in span.fragments
            ]  # fmt: skip
        both = [*suggested, *((span.id, span) for span in found)]
        marks += [
            TextMark(a, b, "focus")
            for id, span in both if self._states.get(id) == "focus"
            for a, b in span.fragments
        ]  # fmt: skip
        return tuple(m for m in marks if m.start < line.end and m.end > line.start)

    # -- pieces ----------------------------------------------------------------------------------

    def _sheet(self, ordinal: int, number: int) -> Sheet:
        sheet = self._sheets.get((ordinal, number))
        if sheet is None:
            if len(self._sheets) >= _KEPT_SHEETS:
                self._sheets.clear()
                self._blocks.clear()
            sheet = self._sheets[ordinal, number] = self._make_sheet(ordinal, number)
        return sheet

    def _make_sheet(self, ordinal: int, number: int) -> Sheet:
        line = self._wrap(ordinal).line(number)
        if line is None:
            raise IndexError((ordinal, number))
        sentence = self._session.sentences[ordinal]
        marks = self._marks(block_of(line, sentence.start, sentence.end))
        here = frozenset(m.id for m in marks if m.start < line.end and m.end > line.start)
        lanes = self._draw(line, marks) if here and self._mode == "lanes" else ()
        units = self._units(ordinal) if number == 0 else []
        if units:
            here |= {id for _, id, _ in units}
            lanes += unit_rows(units, self._width - self.gutter - _MARGIN)
        return Sheet(line, lanes, self._ends_paragraph(ordinal, number), here)

    def _wrap(self, ordinal: int) -> Wrapped:
        sentence = self._session.sentences[ordinal]
        room = max(4, self._width - self.gutter - _MARGIN)
        key = (sentence.start, sentence.end, room)
        return self._wrapped.find(key, lambda: self._make_wrapped(*key))

    def _make_wrapped(self, start: int, end: int, room: int) -> Wrapped:
        self.counters.wrapped += 1
        return Wrapped(self._session.document.text, start, end, room, self._safe_glyphs)

    def _ends_paragraph(self, ordinal: int, line: int) -> bool:
        sentences = self._session.sentences
        if ordinal + 1 >= len(sentences) or self._wrap(ordinal).line(line + 1) is not None:
            return False
        gap = self._session.document.text[sentences[ordinal].end : sentences[ordinal + 1].start]
        return len(gap.splitlines()) > 1

    def _draw(self, line: VisualLine, marks: tuple[Mark, ...]) -> tuple[LaneRow, ...]:
        self.counters.lines += 1
        key = tuple((m.id, m.fragments, m.band) for m in marks)
        rows = self._rows.find(key, lambda: self._assign(marks))
        return tuple(lanes_for(line, marks, rows, width=self._width - self.gutter))

    def _assign(self, marks: tuple[Mark, ...]) -> dict[str, int]:
        self.counters.blocks += 1
        return assign_rows(marks)

    def _marks(self, block: Range) -> tuple[Mark, ...]:
        marks = self._blocks.get(block)
        if marks is None:
            found = [self._mark(span) for span in self._made(block.start, block.end)]
            found += [self._suggestion_mark(*s) for s in self._suggested(block.start, block.end)]
            others = self._session.others
            found += [
                mark_of(span, by=others.name_of(span))
                for span in others.spans_in(block.start, block.end)
            ]
            marks = self._blocks[block] = tuple(found)
        return marks

    def _units(self, ordinal: int) -> list[Unit]:
        """The labels, and those suggested, that are shown below a sentence's first line."""
        annotations = self._session.annotations
        found: list[Unit] = []
        if not (annotations.unit_labels or annotations.suggested.proposes_units):
            return found
        for place in (*(() if ordinal else (None,)), self._session.sentences.id_of(ordinal)):
            for label in annotations.labels_on(place):
                found.append((label, label.id, self._state(label.id)))
            for suggestion in annotations.suggested.shown_on(place):
                if isinstance(suggestion.proposed, UnitLabel):
                    state = self._states.get(suggestion.id, "suggestion")
                    found.append((suggestion.proposed, suggestion.id, state))
        return found

    def _state(self, made: str) -> State:
        """How what is made (id) is drawn, be it a part of what is next or not."""
        return "focus" if self._states.get(made) == "focus" else "plain"

    def _mark(self, span: Span) -> Mark:
        annotations = self._session.annotations
        tag = self.tags.tag_of(span, annotations) + self.tags.proposed_ties(span, annotations)
        linked = self.tags.linked(span.layer)
        return mark_of(span, tag, linked=linked, state=self._state(span.id))

    def _made(self, start: int, end: int) -> list[Span]:
        """The spans on [start, end), the one that is being moved where it would lie."""
        spans, draft = self._session.annotations.spans_in(start, end), self._draft
        if draft is None or draft.id not in self._session.annotations.spans:
            return spans
        spans = [span for span in spans if span.id != draft.id]
        return [*spans, draft] if draft.start < end and draft.end > start else spans

    def _suggested(self, start: int, end: int) -> list[tuple[str, Span]]:
        """The spans proposed on [start, end), each with the id of its suggestion."""
        found = self._session.annotations.suggested.shown_in(start, end)
        spans = [(s.id, s.proposed) for s in found if isinstance(s.proposed, Span)]
        draft = self._draft
        if draft is None or draft.id in self._session.annotations.spans:
            return spans
        spans = [(id, span) for id, span in spans if span.id != draft.id]
        if draft.start < end and draft.end > start:
            suggested = self._session.annotations.suggested
            proposing = suggested.proposing(draft.id)
            spans += [(s.id, draft) for s in proposing if suggested.is_shown(s.id)]
        return spans

    def _suggestion_mark(self, id: str, span: Span) -> Mark:
        ties = self.tags.proposed_ties(span, self._session.annotations)
        state = self._states.get(id, "suggestion")
        linked = self.tags.linked(span.layer)
        return mark_of(replace(span, id=id), ties, linked=linked, state=state, suggested=True)
