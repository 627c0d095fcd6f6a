"""A list to pick from with type-ahead: labels, ways to tie, actors, documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from msgspec import Struct
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from annotator.core.safe_text import safe
from annotator.errors import AnnotatorError
from annotator.tui.dialogs.dialog import Dialog
from annotator.tui.dialogs.prompt import SafeInput
from annotator.tui.dialogs.row_list import Row, RowList, lined_up

T = TypeVar("T")
_FRAME = 4
"""Rows of a window that are neither list nor text: border, input, and the row above it all."""


class Choice(Struct, Generic[T], frozen=True):
    """One thing to pick: its title, a dim note beside it, and a longer text shown below.

    ``mark`` stands before the title and is no part of what is searched; ``is_name`` says that the
    title may be cut inside, not at its end.
    """

    value: T
    title: str
    note: str = ""
    about: str = ""
    mark: str = ""
    is_name: bool = False


class Offer(Struct, Generic[T], frozen=True):
    """What there is to pick from, once it is read; ``propose_first`` as for a picker."""

    choices: Sequence[Choice[T]]
    propose_first: bool = False


def ranked(typed: str, choices: Sequence[Choice[T]]) -> list[Choice[T]]:
    """The choices that have the letters typed in their order, upper and lower case alike.

    Those that start with what was typed come first, then those holding it.
    """
    needle = typed.casefold().strip()
    if not needle:
        return list(choices)
    letters = (re.escape(letter) for letter in needle if not letter.isspace())
    # Atomic, so that a title that lacks the last letter is not tried in every way.
    wanted = re.compile("".join(f"(?>.*?{letter})" for letter in letters), re.DOTALL)
    found = [c for c in choices if wanted.match(f"{c.title} {c.note}".casefold())]
    return sorted(
        found,
        key=lambda c: (
            not c.title.casefold().startswith(needle),
            needle not in c.title.casefold(),
        ),
    )


class Picker(Dialog[T | None], Generic[T]):
    """Type to narrow down, enter picks, escape gives up; ``create`` adds a row of its own."""

    BINDINGS = [
        ("escape", "give_up", "give up"),
        ("down", "move(1)", "next"),
        ("up", "move(-1)", "previous"),
        ("pagedown", "read_on(1)", "read on"),
        ("pageup", "read_on(-1)", "read back"),
    ]
    DEFAULT_CSS = """
    Picker { align: center top; }
    Picker > Vertical {
        margin: 1 0 0 0;
        width: 84; max-width: 95%; height: auto; max-height: 90%;
        background: $panel; border: round $accent; padding: 0 1;
    }
    Picker Input, Picker OptionList, Picker VerticalScroll, Picker #about { min-width: 12; }
    Picker Input { background: $surface; }
    Picker Input.-textual-compact { padding: 0 1; }
    Picker OptionList {
        height: auto; min-height: 1; border: none; background: $panel; padding: 0;
    }
    Picker OptionList > .option-list--option-highlighted,
    Picker OptionList:focus > .option-list--option-highlighted {
        color: $background; background: $accent; text-style: bold;
    }
    Picker VerticalScroll { height: auto; margin: 1 0 0 0; }
    Picker #about { color: $text-muted; padding: 0 1; height: auto; }
    """

    PROMPT = "type to narrow down"
    KEYS = "enter picks"
    """What keys do, besides those of every picker."""
    LISTED = 200
    """How many are shown at most, whatever there are."""

    class Offered(Message):
        """A thread read what there is to pick from; ``error`` where it could not be read."""

        def __init__(self, offer: Offer[Any] | None, error: AnnotatorError | None) -> None:
            super().__init__()
            self.offer = offer
            self.error = error

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice[T]] | Callable[[], Offer[T]],
        *,
        create: str = "",
        proposed: str = "",
        propose_first: bool = False,
    ) -> None:
        """``choices`` that are many are read by a thread, which is given what reads them.

        ``proposed`` is what is created where nothing was typed, with ``propose_first`` unless
        another row is chosen.
        """
        super().__init__()
        self._proposed = proposed
        self._propose_first = propose_first
        self._title = title
        self._read_choices = choices if callable(choices) else None
        self._choices: Sequence[Choice[T]] = () if callable(choices) else choices
        self._takes_soon = False
        self._trouble = ""
        self._create = create
        self._shown: list[Choice[T]] = []
        self.typed = ""
        # Held, not looked up: a signal may take the window down before it is filled.
        self._box = Vertical()
        self._options = RowList(markup=False)
        self._options.can_focus = False
        self._about = Static("", id="about", markup=False)
        self._page = VerticalScroll(self._about, can_focus=False)

    def compose(self) -> ComposeResult:
        """Input, list, and what the highlighted choice means."""
        with self._box as box:
            box.border_title = Content(safe(self._title))
            box.border_subtitle = self.keys
            yield SafeInput(placeholder=self.PROMPT, select_on_focus=False, compact=True)
            yield self._options
            yield self._page

    def on_mount(self) -> None:
        """All choices at first."""
        if self._read_choices is not None:
            work = partial(self._read, self._read_choices)
            self.run_worker(work, thread=True, exit_on_error=False)
        self._fill("")

    def _read(self, read: Callable[[], Offer[T]]) -> None:
        """In a thread."""
        offer, failure = None, None
        try:
            offer = read()
        except AnnotatorError as error:
            failure = error
        self.post_message(self.Offered(offer, failure))

    def on_picker_offered(self, event: Offered) -> None:
        """Show what was read; what enter was pressed on meanwhile is taken now."""
        self._read_choices = None
        if event.offer is not None:
            self._choices = event.offer.choices
            self._propose_first = event.offer.propose_first
        self._trouble = event.error.message if event.error is not None else ""
        self._fill(self.typed)
        if self._takes_soon and event.offer is not None:
            self._take(self._options.highlighted)

    @property
    def keys(self) -> str:
        """What keys do now."""
        return self.KEYS

    def retitle(self, title: str) -> None:
        """Another title on the window."""
        self._box.border_title = Content(safe(title))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow down; the window stays as large as it was."""
        if event.value:
            self._box.styles.min_height = max(self._box.outer_size.height, 0)
        self._takes_soon = False
        self._fill(event.value)

    def on_resize(self, event: events.Resize) -> None:
        """Another size of the screen, another one of the window."""
        self._box.styles.min_height = 0
        self._share(event.size.height)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the highlighted choice, once the choices are read."""
        self._takes_soon = self._read_choices is not None
        if not self._takes_soon:
            self._take(self._options.highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the clicked choice."""
        self._take(event.option_index)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show what it means."""
        place = event.option_index
        about = self._shown[place].about if place < len(self._shown) else ""
        lines = [safe(line) for line in about.splitlines()]
        self._about.update(Content("\n".join(lines)))
        self._page.scroll_home(animate=False)
        self.call_after_refresh(self._tell_keys)

    def action_move(self, step: int) -> None:
        """Move the highlight without leaving the input."""
        if step > 0:
            self._options.action_cursor_down()
        else:
            self._options.action_cursor_up()

    def _share(self, height: int) -> None:
        """The list has half of the window, or where nothing stands below it, all."""
        room = height * 9 // 10 - _FRAME
        self._options.styles.max_height = max(3, room // 2 if self._page.display else room)
        self._page.styles.max_height = max(1, room - max(3, room // 2) - 1)
        self.call_after_refresh(self._tell_keys)

    def _tell_keys(self) -> None:
        """Name the key that scrolls only where it does."""
        longer = self._page.display and self._page.max_scroll_y > 0
        keys = (self.keys, *(("pgdn reads on",) if longer else ()), "esc gives up")
        self._box.border_subtitle = " · ".join(keys)

    def action_read_on(self, pages: int) -> None:
        """Scroll what the highlighted choice means."""
        height = self._page.size.height
        self._page.scroll_relative(y=pages * max(1, height - 1), animate=False)

    def action_give_up(self) -> None:
        """Close without a choice."""
        self.dismiss(None)

    def _fill(self, typed: str) -> None:
        self.typed = typed.strip()
        trouble, more = self._trouble, 0
        try:
            found = self.found(typed)
            self._shown, more = found[: self.LISTED], len(found) - self.LISTED
        except AnnotatorError as error:
            self._shown, trouble = [], error.message
        rows = [Row(c.title, c.note, c.mark, names=c.is_name) for c in self._shown]
        lined_up(rows)
        if self._create and self._new:
            rows.append(Row(f"+ {self._create} “{self._new}”"))
        if self._read_choices is not None:
            rows = []
        none = Row("nothing matches" if self._read_choices is None else "reading …")
        self._options.clear_options()
        self._options.add_options([Option(row) for row in rows] or [Option(none, disabled=True)])
        if rows and more > 0:
            self._options.add_option(Option(Row(f"  and {more:,} more"), disabled=True))
        self._page.display = bool(trouble) or any(c.about for c in self._shown)
        self._share(self.size.height)
        first = len(rows) - 1 if self._propose_first and not self.typed else 0
        self._options.highlighted = first if rows else None
        if not rows:
            self._about.update(Content(safe(trouble)))

    def found(self, typed: str) -> list[Choice[T]]:
        """The choices for what was typed. An AnnotatorError raised here is told in the window."""
        return ranked(typed, self._choices)

    def _take(self, place: int | None) -> None:
        if place is None:
            return
        if place < len(self._shown):
            self.dismiss(self._shown[place].value)
        else:
            self.dismiss(self.made(self._new))

    @property
    def highlighted(self) -> int:
        """The row that enter takes, from 0; -1 where there is none."""
        place = self._options.highlighted
        return -1 if place is None else place

    @property
    def _new(self) -> str:
        """The name of what would be created."""
        return self.typed or self._proposed

    def made(self, typed: str) -> T | None:
        """The value for the row that creates; pickers that offer it say which."""
        return None
