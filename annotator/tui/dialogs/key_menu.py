"""A list each row of which has a key: one key takes it, and arrows and the mouse do as well."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Generic, TypeVar

from msgspec import Struct
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from annotator.core.safe_text import safe
from annotator.tui.dialogs.dialog import Dialog
from annotator.tui.dialogs.row_list import Row, RowList, lined_up
from annotator.tui.keymap import key_name, shown

T = TypeVar("T")
_FRAME = 2
_ABOUT = 6
"""Rows of what a row means, at most."""
SPARE_KEYS = digits[1:] + "0" + ascii_lowercase + ascii_uppercase


class MenuRow(Struct, Generic[T], frozen=True):
    """One thing to take with its key. ``head`` opens a group, ``about`` is shown below."""

    key: str
    value: T
    title: str
    note: str = ""
    about: str = ""
    mark: str = ""
    head: str = ""


def keys_for(wanted: Sequence[str | None], taken: str = "") -> list[str]:
    """A key for each: the one wanted where it is free, else one to spare, else none (empty)."""
    used = {key for key in wanted if key} | set(taken)
    spare = (key for key in SPARE_KEYS if key not in used)
    given: set[str] = set()
    found = []
    for key in wanted:
        own = key if key and key not in given and key not in taken else next(spare, "")
        given.add(own)
        found.append(own)
    return found


class KeyMenu(Dialog[T | None], Generic[T]):
    """Escape gives up."""

    BINDINGS = [("escape", "give_up", "give up")]
    DEFAULT_CSS = """
    KeyMenu { align: center middle; }
    KeyMenu > Vertical {
        width: 72; max-width: 95%; height: auto; max-height: 90%;
        background: $panel; border: round $accent; padding: 0 1;
    }
    KeyMenu OptionList, KeyMenu VerticalScroll, KeyMenu #about { min-width: 12; }
    KeyMenu OptionList, KeyMenu OptionList:focus {
        height: auto; min-height: 1; border: none; background: $panel; padding: 0;
        background-tint: $panel 0%;
    }
    KeyMenu OptionList:focus > .option-list--option-highlighted {
        color: $background; background: $accent; text-style: bold;
    }
    KeyMenu OptionList > .option-list--option-disabled { color: $text-muted; text-style: none; }
    KeyMenu VerticalScroll { height: auto; margin: 1 0 0 0; }
    KeyMenu #about { color: $text-muted; padding: 0 1; height: auto; }
    """

    def __init__(
        self, title: str, rows: Sequence[MenuRow[T]], hint: str = "a key takes it · esc gives up"
    ) -> None:
        super().__init__()
        self._title = title
        self._hint = hint
        self.rows = rows
        self._places: list[int | None] = []
        # Held, not looked up: a signal may take the window down before it is filled.
        self._box = Vertical()
        self._options = RowList(markup=False)
        self._about = Static("", id="about", markup=False)
        self._page = VerticalScroll(self._about, can_focus=False)

    def compose(self) -> ComposeResult:
        """The list, and what the highlighted row means."""
        with self._box as box:
            box.border_title = Content(safe(self._title))
            box.border_subtitle = self._hint
            yield self._options
            yield self._page

    def on_mount(self) -> None:
        """Show the rows."""
        self._options.focus()
        self.show(self.rows, self.first())

    def first(self) -> int:
        """The number of the row that is marked at first."""
        return 0

    def retitle(self, title: str) -> None:
        """Another title on the window."""
        self._box.border_title = Content(safe(title))

    def on_resize(self, event: events.Resize) -> None:
        """The list has all the room that what a row means leaves it."""
        room = max(2, event.size.height * 9 // 10 - _FRAME)
        about = min(_ABOUT, room // 3)
        self._page.styles.max_height = max(1, about)
        self._options.styles.max_height = max(1, room - about - 1)

    def show(self, rows: Sequence[MenuRow[T]], marked: int = 0) -> None:
        """Show these rows, one of them marked."""
        self.rows = rows
        self._places = []
        options: list[Option] = []
        lines = [Row(r.mark + r.title, r.note, f"{shown(r.key):<2} ") for r in rows]
        lined_up(lines)
        for number, row in enumerate(rows):
            if row.head:
                options.append(Option(Row(row.head), disabled=True))
                self._places.append(None)
            options.append(Option(lines[number]))
            self._places.append(number)
        self._options.clear_options()
        self._options.add_options(options)
        if rows:
            self._options.highlighted = self._places.index(min(marked, len(rows) - 1))

    @property
    def marked(self) -> int | None:
        """The number of the marked row."""
        place = self._options.highlighted
        return None if place is None else self._places[place]

    def on_key(self, event: events.Key) -> None:
        """A row's key takes it."""
        key = key_name(event.key, event.character)
        for number, row in enumerate(self.rows):
            if row.key == key:
                event.stop()
                event.prevent_default()
                self.take(number)
                return

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click takes the row."""
        number = self._places[event.option_index]
        if number is not None:
            self.take(number)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show what the row means."""
        place = event.option_index
        number = self._places[place] if place < len(self._places) else None
        about = "" if number is None else self.rows[number].about
        self._about.update(Content("\n".join(safe(line) for line in about.splitlines())))
        self._page.display = bool(about)

    def take(self, number: int) -> None:
        """What taking a row does: the window closes with it."""
        self.dismiss(self.rows[number].value)

    def action_give_up(self) -> None:
        """Close without a choice."""
        self.dismiss(None)
