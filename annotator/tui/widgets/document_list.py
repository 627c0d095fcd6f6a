"""The document list: which documents there are, how far each is, and which are shown.

Only what is in sight is read: some rows around the one that is marked, whatever the project holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, get_args

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip

from annotator.core.safe_text import cell_width, cut_within, fit
from annotator.errors import AnnotatorError
from annotator.store.base import Among, DocumentInfo
from annotator.tui.keymap import key_name
from annotator.tui.typed_line import TypedLine
from annotator.tui.widgets.line_widget import LineWidget
from annotator.workflow.annotate import AnnotateSession

Line = tuple[str, str]
"""A component and a text."""

AMONG: Final[tuple[Among, ...]] = get_args(Among)
_COMPONENTS = ("plain", "title", "dim", "marked", "open", "edge")
_READ = 80
"""Rows read at least around the one that is marked."""
_STRAYED = 20
"""Rows from the one around which was read, at which the others are read around this one."""
_STEPS = {"up": -1, "down": 1}
_HEAD = 2
_EDGE, _WAIT = "▕", "+"
_COLUMNS, _WITH_SPANS = "done   ?", "suggested spans    done   ?"
_SPANS_FROM = 52
"""Lists of at least so many cells have room for how much is suggested, and how many spans."""
KEYS = (
    ("enter", "open"), ("letters", "narrow down"), ("tab", "open, done, flagged, suggested"),
    ("esc", "back"),
)  # fmt: skip
"""What the keys do while they are the list's."""


class DocumentList(LineWidget, can_focus=True):
    """Arrows mark, enter opens, letters narrow down, tab goes through the filters."""

    COMPONENT_CLASSES = {f"documents--{name}" for name in _COMPONENTS}
    DEFAULT_CSS = """
    DocumentList { width: 36; height: 1fr; background: $panel; }
    DocumentList .documents--edge { color: $primary; background: $panel; }
    DocumentList .documents--plain { color: $foreground; background: $panel; }
    DocumentList .documents--open { color: $accent; background: $panel; text-style: bold; }
    DocumentList .documents--title { color: $accent; background: $panel; text-style: bold; }
    DocumentList .documents--dim { color: $text-muted; background: $panel; }
    DocumentList .documents--marked { color: $background; background: $accent; text-style: bold; }
    """

    def __init__(
        self,
        chosen: Callable[[str | None], None],
        pressed: Callable[[str], None],
        *,
        id: str | None = None,
    ) -> None:
        """``chosen`` is told the document (id) to open, or None: back to the text; ``pressed`` each
        key, and hands those to ``press`` that are the list's."""
        super().__init__(id=id)
        self._pressed = pressed
        self._chosen = chosen
        self.among: Among = "all"
        self.typed = TypedLine()
        self.has_keys = False
        """Whether keys are the list's."""
        self.reads = 0
        """How often rows were read."""
        self._session: AnnotateSession | None = None
        self._own: tuple[object, ...] = ()
        """How far the open document is, as shown."""
        self._infos: list[DocumentInfo] = []
        self._read_at = 0
        self._marked: str | None = None
        self._trouble = ""
        self._rows: list[Line] = []

    # -- what is shown ---------------------------------------------------------------------------

    @property
    def rows(self) -> list[str]:
        """What stands in each row, as plain text."""
        return [text for _, text in self._rows]

    def show_session(self, session: AnnotateSession) -> None:
        """Show how far the documents are; another one that is open is marked.

        Of the open one the counts are those in memory: the others are not read again.
        """
        other = self._session is None or self._session.document.id != session.document.id
        self._session = session
        if other and not self.has_keys:
            self._marked = session.document.id
        if other or not self._infos:
            self._read()
        own = (session.done_count, session.document_mark, len(session.annotations.spans))
        if other or own != self._own:
            self._own = own
            self._show()

    def _read(self) -> None:
        session = self._session
        if session is None:
            return
        around = self._marked or session.document.id
        self.reads += 1
        try:
            self._infos = session.store.documents_near(
                around,
                session.annotator.id,
                self.typed.text,
                max(_READ, 2 * (self.size.height + _STRAYED)),
                self.among,
            )
            self._trouble = ""
        except AnnotatorError as error:
            self._infos, self._trouble = [], error.message
        self._read_at = self._place()

    def _show(self) -> None:
        before, self._rows = self._rows, self._text()
        self.refresh_lines(before, self._rows)

    def _text(self) -> list[Line]:
        width, height = self.size.width - 1, self.size.height
        if self._session is None or width < 1:
            return []
        has_keys = self.has_keys
        shown = self.typed.shown(width - 2) if has_keys else self.typed.text
        columns = _WITH_SPANS if width >= _SPANS_FROM else _COLUMNS
        title = " Documents" if self.among == "all" else f" Documents {self.among}"
        lines: list[Line] = [
            ("title", title + columns.rjust(width - len(title) - 1)),
            ("dim", f" {shown}{'' if self.typed.text else self._told()}".rstrip()),
        ]
        room = max(1, height - _HEAD)
        place = self._place()
        first = max(0, min(place - room // 2, len(self._infos) - room))
        for number, info in enumerate(self._infos[first : first + room], first):
            lines.append((self._kind(number == place, info), self._row(info, width)))
        if not self._infos:
            lines.append(("dim", f" {self._trouble or 'none'}"))
        return lines[:height]

    def _kind(self, marked: bool, info: DocumentInfo) -> str:
        if marked and self.has_keys:
            return "marked"
        is_open = self._session is not None and info.id == self._session.document.id
        return "open" if is_open else "plain"

    def _row(self, info: DocumentInfo, width: int) -> str:
        """Sign of the open one, name, spans, sentences done, flags; in so many cells."""
        session = self._session
        done, status, flagged, spans = info.done, info.status, info.flagged, info.spans
        suggested = info.suggested
        sign = "›" if self.has_keys and info.id == self._marked else " "
        if session is not None and info.id == session.document.id:
            sign = "▶"
            mark = session.document_mark
            done, status = session.done_count, mark.status if mark is not None else "open"
            spans = len(session.annotations.spans)
            suggested = len(session.annotations.suggested.open)
        progress = f"{'✓' if status == 'done' else ''}{done}/{info.sentences}"
        doubt = f"?{flagged}" if flagged else ""
        note = f" {progress:>7} {doubt:>3} "
        if width >= _SPANS_FROM:
            note = f" {suggested or '':>9} {spans:>5}{note}"
        room = width - 2 - cell_width(note)
        name = cut_within(info.name, room)
        gap = " " * max(0, room - cell_width(name))
        return fit(f"{sign}{_WAIT if suggested else ' '}{name}{gap}{note}", width)[0]

    def _told(self) -> str:
        """What the sign before names means, where there is one."""
        waits = any(info.suggested for info in self._infos)
        return f"{_WAIT} suggestions wait" if waits else ""

    def _place(self) -> int:
        return next((n for n, info in enumerate(self._infos) if info.id == self._marked), 0)

    def render_line(self, y: int) -> Strip:
        """One row, as wide as the widget."""
        kind, text = self._rows[y] if y < len(self._rows) else ("plain", "")
        width = self.size.width
        return self.line((width, kind, text), lambda: self._paint(width, kind, text))

    def _paint(self, width: int, kind: str, text: str) -> Strip:
        style = self._style(kind)
        body = Strip([Segment(text, style)]).adjust_cell_length(max(0, width - 1), style)
        return Strip([*body, Segment(_EDGE, self._style("edge"))])

    def _style(self, kind: str) -> Style:
        return self.get_component_rich_style(f"documents--{kind}")

    # -- keys and mouse --------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """All keys are the list's while it has them."""
        event.stop()
        event.prevent_default()
        self._pressed(key_name(event.key, event.character))

    def press(self, key: str) -> None:
        """Deal with one key."""
        if key == "enter":
            self._chosen(self._marked if self._infos else None)
            return
        if key == "escape":
            self._escape()
        elif key in ("tab", "shift+tab"):
            step = 1 if key == "tab" else -1
            self.among = AMONG[(AMONG.index(self.among) + step) % len(AMONG)]
            self._narrow()
        elif key in _STEPS:
            self._move(_STEPS[key])
        elif key in ("pageup", "pagedown"):
            page = max(1, self.size.height - _HEAD - 1)
            self._move(page if key == "pagedown" else -page)
        elif key in ("home", "end"):
            self._to_end(1 if key == "home" else -1)
        elif self.typed.take(key):
            self._narrow()
        self._show()

    def _escape(self) -> None:
        """First what was typed goes, then the keys go back to the text."""
        if self.typed.text or self.among != "all":
            self.typed, self.among = TypedLine(), "all"
            self._read()
        else:
            self._chosen(None)

    def _narrow(self) -> None:
        """Other documents are wanted: mark the one that was, else the first named so."""
        self._read()
        if any(info.id == self._marked for info in self._infos):
            return
        words = self.typed.text.casefold()
        named = (info.id for info in self._infos if words in info.name.casefold())
        first = next(named, self._infos[0].id if self._infos else None)
        self._marked = first or self._marked

    def _move(self, step: int) -> None:
        if not self._infos:
            return
        place = min(max(0, self._place() + step), len(self._infos) - 1)
        self._marked = self._infos[place].id
        if abs(place - self._read_at) >= _STRAYED:
            self._read()

    def _to_end(self, step: int) -> None:
        session = self._session
        if session is None:
            return
        end = session.store.neighbour(None, step)
        self._marked = end or self._marked
        self._read()
        if self._infos:
            self._marked = self._infos[0 if step > 0 else -1].id

    def give_keys(self) -> None:
        """Keys are the list's from now on."""
        self.has_keys = True
        self._read()
        self._show()

    def take_keys(self) -> None:
        """Keys are elsewhere: all documents are listed, the open one marked."""
        self.has_keys = False
        if self._session is not None:
            self._marked = self._session.document.id
        self.typed, self.among = TypedLine(), "all"
        self._read()
        self._show()

    def on_focus(self) -> None:
        """By the mouse as well."""
        self.give_keys()

    def on_blur(self) -> None:
        """By the mouse as well."""
        self.take_keys()

    def on_resize(self) -> None:
        """Another size, other rows."""
        self._show()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click opens what it is on."""
        room = max(1, self.size.height - _HEAD)
        first = max(0, min(self._place() - room // 2, len(self._infos) - room))
        number = first + event.y - _HEAD
        if _HEAD <= event.y < self.size.height and number < len(self._infos):
            self._chosen(self._infos[number].id)

    def on_mouse_scroll_down(self) -> None:
        """Mark further down."""
        self._move(3)
        self._show()

    def on_mouse_scroll_up(self) -> None:
        """Mark further up."""
        self._move(-3)
        self._show()
